"""`MailboxSet`: thousands of mailboxes from one template, as one resource."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar, Unpack

import pulumi
from pulumi import Output, ResourceOptions

from ...declare import CrossRule, Fault, Rule, SetKind, Values
from ...engine.mailbox_set.judge import judge
from ...engine.mailbox_set.members import MEMBERS, members, wanted
from ...engine.mailbox_set.props import SELECTION, SET_ID
from ...engine.mailbox_set.told import shortfall
from ...engine.owners import owner_of
from ...failures import fail_at_end
from ...resource import Resource
from ..mailbox import KIND as MAILBOX
from ..mailbox.outputs import SettingsOutputs
from .arguments import MailboxSetArgs, MailboxSetResults
from .listing import Listing, listed
from .rules import RULES
from .selection import SELECTIONS

KIND = SetKind("MailboxSet", MAILBOX, MailboxSetArgs, selections=SELECTIONS, rules=RULES, results=MailboxSetResults)


class MailboxSet(SettingsOutputs, Resource):
    """The settings of many mailboxes of users and queues, stated once, as one resource.

    Each mailbox is adopted, never made or deleted, like that of a `Mailbox`: `on_delete` says what happens to it when
    its member leaves. What fails for one member is that member's: the others are done, `failed` says why, and each
    `pulumi up` tries again.
    Source: https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox
    """

    kind: ClassVar[SetKind] = KIND
    payload: ClassVar[str] = (
        "gASVPAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMEk1haWxib3hTZXRQcm92aWRlcpSTlCmBlC4="
    )

    members: Output[dict[str, dict[str, Any]]]
    selection: Output[dict[str, Any] | None]
    generations: Output[dict[str, int]]
    template_generation: Output[int]
    mailboxes: Output[dict[str, dict[str, Any]]]
    failed: Output[dict[str, str] | None]
    waiting: Output[dict[str, str] | None]
    looked_up: Output[dict[str, dict[str, str]] | None]
    selection_changes: Output[dict[str, str] | None]

    def __init__(
        self, resource_name: str, /, opts: ResourceOptions | None = None, **args: Unpack[MailboxSetArgs]
    ) -> None:
        self._listing: Listing = listed(MAILBOX, args.get("members"))
        opts = ResourceOptions.merge(ResourceOptions(delete_before_replace=True), opts)
        super().__init__(resource_name, opts, dict(args))
        if not pulumi.runtime.is_dry_run():
            self.failed.apply(self._tell)

    def _tell(self, failed: Mapping[str, str] | None) -> None:
        if failed:
            fail_at_end(shortfall(self.logical_name, failed))

    def _properties(self, args: Mapping[str, object]) -> dict[str, object]:
        properties = {**super()._properties(args), MEMBERS: self._listing.members}
        selection = properties.get(SELECTION)
        if isinstance(selection, dict):
            properties[SELECTION] = super()._properties(selection)
        return properties

    def _proposed(self, args: Mapping[str, object]) -> Mapping[str, object]:  # noqa: ARG002  they do not depend on them
        return {SET_ID: self.logical_name}

    def _faults(self, args: Mapping[str, object], known: Values) -> list[Fault]:
        found = [*super()._faults(args, known), *(Fault(self._listing.source, it) for it in self._listing.faults)]
        self._judgement = judge(self.kind, known)
        return [*found, *self._judgement.all(self._listing.where)]

    def _advice(self) -> dict[Rule, Values]:
        return {**super()._advice(), **self._judgement.advice}

    def _broken_across(self) -> list[CrossRule]:
        """Return the rules that members of the set break with what all of them name: each rule once."""
        broken, known = list[CrossRule](), set[tuple[object, ...]]()
        each = self._judgement.members or {"": {}}  # whom a selection finds is not known yet
        for key, own in each.items():
            values = wanted(MAILBOX, self.sound, own)
            for name in MAILBOX.lookups:
                there = self._listing.points_at.get((key, name)) if name in own else self.points_at.get(name)
                if there is None:
                    continue
                earlier = there.named_by.setdefault((MAILBOX.name, name), [])
                if (alike := (name, there.logical_name, repr(own))) not in known:
                    known.add(alike)
                    found = MAILBOX.broken_across(name, values, there.sound, earlier)
                    broken += [rule for rule in found if rule not in broken]
                earlier.append(values)
        return broken

    def _clashes(self, known: Values) -> Iterable[str]:
        yield from super()._clashes(known)
        for key in members(known):
            for name, text in owner_of(MAILBOX, key).items():
                if holder := self.declared.holder(name, str(text).casefold(), kind=MAILBOX.name):
                    yield f"{MEMBERS}: '{holder}' declares the {MAILBOX.table.label} of {key} already"
