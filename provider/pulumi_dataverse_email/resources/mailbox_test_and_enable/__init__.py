"""`MailboxTestAndEnable`: approval, and the platform's Test & Enable, for a group of mailboxes."""

from collections.abc import Mapping
from typing import Any, ClassVar, Unpack

import pulumi
from pulumi import Output, ResourceOptions

from ...declare import Fault, Kind, Values
from ...engine.test_and_enable.inputs import GENERATIONS, PROFILE_GENERATIONS, PROFILES
from ...engine.test_and_enable.report import shortfall
from ...failures import fail_at_end
from ...resource import Resource
from .. import groups
from ..email_server_profile import EmailServerProfile
from ..impersonation_scope import ImpersonationScope
from ..mailbox import Mailbox
from ..sources import ACCESS
from .arguments import MailboxTestAndEnableArgs, MailboxTestAndEnableResults
from .rules import RULES

SCOPE = "impersonation_scope"

KIND = Kind(
    "MailboxTestAndEnable",
    MailboxTestAndEnableArgs,
    rules=RULES,
    results=MailboxTestAndEnableResults,
    source=ACCESS,
)


class MailboxTestAndEnable(Resource):
    """Approves, tests and enables a group of mailboxes, in waves, and waits for them together.

    Tested are mailboxes that are not enabled, or whose settings changed; after a change of a profile, its canaries and
    whom the service has switched off. Deletion changes nothing in Dataverse.
    Source: https://learn.microsoft.com/power-platform/admin/connect-exchange-online
    """

    kind: ClassVar[Kind] = KIND
    payload: ClassVar[str] = (
        "gASVRgAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMHE1haWxib3hUZXN0QW5kRW5hYmxlUHJvdmlkZXKUk5QpgZQu"
    )

    mailboxes: Output[dict[str, str] | None]
    profile: Output[str | None]
    all_mailboxes: Output[bool | None]
    approval: Output[str | None]
    sync_from_this_organization_only: Output[bool | None]
    allow_outside_production: Output[bool | None]
    canaries: Output[Any]
    wave_size: Output[int | None]
    timeout: Output[int | None]
    stop_after_failures: Output[int | None]
    retest: Output[str | None]
    impersonation_scope: Output[str | None]
    scope_effective_after: Output[str | None]
    on_failure: Output[str | None]
    allowed_failures: Output[int | None]
    statuses: Output[dict[str, str] | None]
    failed: Output[dict[str, str] | None]
    not_approved: Output[dict[str, str] | None]
    left_out: Output[dict[str, str] | None]
    unfinished: Output[list[str] | None]
    attempts: Output[dict[str, list[str]] | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[MailboxTestAndEnableArgs]
    ) -> None:
        super().__init__(resource_name, opts, dict(args))
        if not pulumi.runtime.is_dry_run():
            told = ("unfinished", "failed", "not_approved", "left_out", "allowed_failures", "on_failure")
            Output.all(**{name: getattr(self, name) for name in told}).apply(self._tell)
        if other := self.declared.holder("waits"):
            pulumi.log.warn(
                f"'{other}' of this environment tests and waits too, and each holds up a quarter of all other work "
                "while it waits: name all mailboxes in one, or give one a Provider of its own",
                self,
            )

    def _tell(self, outputs: Mapping[str, object]) -> None:
        if not (text := shortfall(self.logical_name, outputs)):
            return
        if outputs["on_failure"] == "warn":
            pulumi.log.warn(text, self)
        else:
            fail_at_end(text)

    def _properties(self, args: Mapping[str, object]) -> dict[str, object]:
        sent = super()._properties(args)
        if groups.is_list(given := args.get("mailboxes")):
            sent["mailboxes"] = groups.entries(given)
        if groups.is_list(chosen := args.get("canaries")):
            sent["canaries"] = [groups.called(it) for it in groups.listed(chosen)]
        return sent

    def _proposed(self, args: Mapping[str, object]) -> Mapping[str, object]:
        given = groups.listed(args.get("mailboxes"))
        mailboxes = [it for it in given if isinstance(it, Mailbox)]
        sets = groups.sets(given)
        pointing = [it.points_at.get("email_server_profile") for it in (*mailboxes, *sets)]
        pointing.append(self.points_at.get("profile"))
        profiles = {it.logical_name: it for it in pointing if isinstance(it, EmailServerProfile)}
        proposed = {
            GENERATIONS: {
                **{it.logical_name: it.generation for it in mailboxes},
                **{it.logical_name: it.template_generation for it in sets},
            },
            **groups.of_sets(given),
            PROFILES: {name: it.reference for name, it in profiles.items()},
            PROFILE_GENERATIONS: {name: it.generation for name, it in profiles.items()},
        }
        return {name: it for name, it in proposed.items() if it}

    def _faults(self, args: Mapping[str, object], known: Values) -> list[Fault]:
        found = super()._faults(args, known)
        for name in ("mailboxes", "canaries"):
            found += groups.faults(name, args.get(name))
        if not isinstance(self.points_at.get(SCOPE), ImpersonationScope | None):
            found.append(Fault(SCOPE, "wants the ImpersonationScope: its resource or id"))
        return found
