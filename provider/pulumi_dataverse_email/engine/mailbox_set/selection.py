"""Whom a selection finds: the owners that meet it all, each with the row that was born with it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ...dataverse.rows import AllOf, Condition, EndsWith, Equal, Guid, Link, OneOf, Row, Rows, Select, StartsWith
from ...declare import Kind, OwnerKey, TableKind
from ..find import look_up
from ..owners import Born, judged, texts_of, told
from ..row import Props
from ..run import Run
from .members import member_key
from .props import SELECTION

FEW = 200
"""Rows that one request asks for by their keys; more of them are found in a list of all, 5,000 a request."""

OWNERS = {"users": "user", "queues": "queue"}
"""Word of a selection -> the argument by which a single owner is named."""

BUSINESS_UNIT = {"users": "_businessunitid_value", "queues": "_owningbusinessunit_value"}
ADDRESS = {"users": "internalemailaddress", "queues": "emailaddress"}
NAME = {"users": "fullname", "queues": "name"}

TEAM_MEMBERS = ("teammemberships", "teammembershipid")
"""The set of pairs of a team and a user, and the wire name of their id."""


@dataclass(frozen=True)
class Selection:
    """A selection on its way to its members.

    Args:
        kind: the declaration of selections.
        of: what the members are.
        run: this process's memory.
        rows: the wire.
        inputs: the selection.
    """

    kind: Kind
    of: TableKind
    run: Run
    rows: Rows
    inputs: Props

    def members(self, named: Iterable[str] = ()) -> dict[str, Born]:
        """Return the members by their keys, in as few lists as there are tables to look at.

        Owners whose row may not be taken over, such as users who are disabled, belong to no selection.

        Args:
            named: keys that the program gives some of them: they are called so.

        Raises:
            KeyNotFound: there is no such business unit, team or profile.
            RowConflict: several have that name.
            DataverseError: nobody answers, or with a refusal.
        """
        name = OWNERS[self._who]
        key = self.of.owner_keys[name]
        there = [row for row in self._owners(key) if self._meets(row)]
        shared = Counter(text for row in there for text in texts_of(key, row))
        given = {it.casefold(): it for it in named}
        found = {}
        for row in there:
            texts = [text for text in texts_of(key, row) if member_key(name, text).casefold() in given]
            called = member_key(name, texts[0] if texts else _called(key, row, shared))
            one = judged(self.of, name, called, [row])
            if not one.hindrance:
                found[given.get(called.casefold(), called)] = one
        return found

    @property
    def _who(self) -> str:
        return str(self.inputs["of"])

    def _owners(self, key: OwnerKey) -> Iterator[Row]:
        ids = look_up(self.kind, self.run, self.rows, self.inputs)
        where: list[Condition] = []
        if "business_unit" in ids:
            where.append(Equal(BUSINESS_UNIT[self._who], Guid(str(ids["business_unit"]))))
        in_team: set[str] | None = None
        if "team" in ids and self._who == "queues":
            where.append(Equal("_owningteam_value", Guid(str(ids["team"]))))
        elif "team" in ids:
            in_team = self._in_team(key, str(ids["team"]))
            if len(in_team) <= FEW:
                where.append(OneOf(key.owner.primary_id, [Guid(it) for it in in_team]))
        if text := self.inputs.get("address_ends_with"):
            where.append(EndsWith(ADDRESS[self._who], str(text)))
        if text := self.inputs.get("name_starts_with"):
            where.append(StartsWith(NAME[self._who], str(text)))
        what = Select((*told(key), ADDRESS[self._who]), (key.mailbox,))
        found = self.rows.list(
            key.owner.entity_set, what, key=key.owner.primary_id, where=AllOf(where) if where else None
        )
        on_profile = self._on_profile(str(ids["email_server_profile"])) if "email_server_profile" in ids else None
        for row in found:
            link = row.get(key.mailbox)
            if (
                isinstance(link, Link)
                and (on_profile is None or link.row_id in on_profile)
                and (in_team is None or row[key.owner.primary_id] in in_team)
            ):
                yield row

    def _in_team(self, key: OwnerKey, team: str) -> set[str]:
        """Return the ids of a team's members."""
        entity_set, pair = TEAM_MEMBERS
        user = key.owner.primary_id
        pairs = self.rows.list(entity_set, Select((user,)), key=pair, where=Equal("teamid", Guid(team)))
        return {str(row[user]) for row in pairs}

    def _on_profile(self, profile: str) -> set[str]:
        table, wire = self.of.table, self.of.lookups["email_server_profile"].wire
        where = Equal(f"_{wire}_value", Guid(profile))
        found = self.rows.list(table.entity_set, Select(()), key=table.primary_id, where=where)
        return {str(row[table.primary_id]) for row in found}

    def _meets(self, row: Row) -> bool:
        """Say whether the texts are really there: the service takes some characters for anything."""
        ends, begins = (str(self.inputs.get(name, "")) for name in ("address_ends_with", "name_starts_with"))
        address, name = (str(row.get(wire[self._who]) or "").casefold() for wire in (ADDRESS, NAME))
        return address.endswith(ends.casefold()) and name.startswith(begins.casefold())


def _called(key: OwnerKey, row: Row, shared: "Counter[str]") -> str:
    """Return the first of an owner's own keys that no other owner has, else its id."""
    for wire in key.natural_keys:
        text = row.get(wire)
        if isinstance(text, str) and text and shared[text.casefold()] == 1:
            return text
    return str(row[key.owner.primary_id])


def owners_of(inputs: Props) -> list[str]:
    """Return by which arguments the owners are found whom the inputs of a set select; none where they select nobody."""
    selection = inputs.get(SELECTION)
    of = selection.get("of") if isinstance(selection, Mapping) else None
    return [OWNERS[of]] if isinstance(of, str) and of in OWNERS else []
