"""`ImpersonationScope`: which mailboxes the account of a profile may open."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Unpack

from pulumi import Output, ResourceOptions

from ...declare import Fault, Kind, Values
from ...resource import Resource
from .. import groups
from .arguments import ImpersonationScopeArgs, ImpersonationScopeResults
from .rules import APPLICATION_RBAC, PROFILE_RULES, RULES

KIND = Kind(
    "ImpersonationScope",
    ImpersonationScopeArgs,
    rules=RULES,
    across=PROFILE_RULES,
    results=ImpersonationScopeResults,
    source=APPLICATION_RBAC,
)


class ImpersonationScope(Resource):
    """Limits which mailboxes one account may open, in Exchange, and compares that with the profile that it serves.

    On an Exchange Server: a management scope, and the role ApplicationImpersonation for the account with that scope.
    In Exchange Online: a management scope or an administrative unit, and application roles for an application of the
    tenant's own (RBAC for Applications).
    Source: https://learn.microsoft.com/exchange/permissions-exo/application-rbac
    """

    kind: ClassVar[Kind] = KIND
    payload: ClassVar[str] = (
        "gASVRAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMGkltcGVyc29uYXRpb25TY29wZVByb3ZpZGVylJOUKYGULg=="
    )

    platform: Output[str]
    name: Output[str]
    application_id: Output[str | None]
    service_principal_object_id: Output[str | None]
    roles: Output[list[str] | None]
    service_account: Output[str | None]
    security_group: Output[str | None]
    mailboxes: Output[dict[str, Any] | None]
    profile_mailboxes: Output[bool | None]
    recipient_filter: Output[str | None]
    groups: Output[list[str] | None]
    addresses: Output[list[str] | None]
    custom_attribute: Output[dict[str, Any] | None]
    administrative_unit: Output[str | None]
    recipient_root: Output[str | None]
    exclusive: Output[bool | None]
    profile: Output[str | None]
    mailboxes_outside_scope: Output[str | None]
    other_grants: Output[str | None]
    adopt: Output[bool | None]
    on_delete: Output[str | None]
    scope_id: Output[str | None]
    assignments: Output[list[dict[str, str]] | None]
    held_filter: Output[str | None]
    written_filter: Output[str | None]
    held_root: Output[str | None]
    effective_after: Output[str | None]
    outside_scope: Output[list[str] | None]
    unused_in_scope: Output[list[str] | None]
    unlimited_grants: Output[list[str] | None]
    not_proven: Output[list[str] | None]
    ews_admits_application: Output[bool | None]
    exchange_organization: Output[str | None]
    adopted: Output[bool | None]
    drift: Output[list[str] | None]
    commands: Output[dict[str, Any] | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[ImpersonationScopeArgs]
    ) -> None:
        super().__init__(resource_name, opts, dict(args))

    def _properties(self, args: Mapping[str, object]) -> dict[str, object]:
        found = super()._properties(args)
        if groups.is_list(given := args.get("mailboxes")):
            found["mailboxes"] = groups.entries(given)
        return found

    def _proposed(self, args: Mapping[str, object]) -> Mapping[str, object]:
        return groups.of_sets(args.get("mailboxes"))

    def _faults(self, args: Mapping[str, object], known: Values) -> list[Fault]:
        return [*super()._faults(args, known), *groups.faults("mailboxes", args.get("mailboxes"))]

    def _clashes(self, known: Values) -> Iterable[str]:
        yield from super()._clashes(known)
        name = known.get("name")
        if isinstance(name, str) and (holder := self.declared.holder("name", name.casefold())):
            yield f"name: '{holder}' declares the scope '{name}' already"
