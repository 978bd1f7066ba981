"""The state that fits: what `pulumi import --file` takes over, so that the next preview has nothing to change."""

from collections.abc import Iterator, Mapping
from typing import NoReturn

from ..dataverse.rows import Row
from ..declare import Fault, Kind, TableKind
from ..engine import mailbox_set
from ..engine.check import check
from ..engine.mailbox_set.members import MEMBERS
from ..engine.mailbox_set.plan import LOOKED_UP, MAILBOXES, PREVIOUS, ROW
from ..engine.mailbox_set.props import SELECTION, SET_ID
from ..engine.props import ADOPTED, ADOPTED_ID, HOST, ORGANIZATION, OWNER_ID
from ..engine.props import PREVIOUS as RECORD
from ..engine.row import lookup_ids, restorable, results, value
from ..engine.run import Run, Target
from ..errors import UnusableInputError
from ..resource import TOKEN, Resource
from ..resources import mailbox_set as sets
from ..resources.email_server_profile import EmailServerProfile
from ..resources.mailbox import Mailbox as MailboxResource
from ..resources.mailbox_set import MailboxSet
from .arrange import LOOKUP, Arrangement, Group, Profile, Single
from .found import MAILBOX, PROFILE, Mailbox, owner_key

Props = Mapping[str, object]


class InventoryError(UnusableInputError):
    """What is there cannot be declared as it is."""


class _Silence:
    """Where the warnings of checks go: the preview shows them."""

    def warn(self, message: str) -> None:
        """Pass over a message."""

    status = error = warn


def import_file(arrangement: Arrangement, host: str) -> dict[str, object]:
    """Return what the import file holds: no verb is called for it, so it has both inputs and outputs.

    Args:
        arrangement: what is declared.
        host: the environment's, as outputs have it.

    Raises:
        InventoryError: some rows break a rule, so that no program can declare them; all are named.
    """
    run = Run(Target(host, None, _nobody), _Silence())
    where = {HOST: host, ORGANIZATION: arrangement.found.organization.organization_id}
    faults: list[str] = []
    entries = [
        {
            "type": TOKEN + kind.kind.name,
            "name": name,
            "id": resource_id,
            "inputs": {**_kept(inputs), "__provider": kind.payload},
            "outputs": {**_kept(inputs), **_kept(outputs), **where, "__provider": kind.payload},
        }
        for kind, name, resource_id, inputs, outputs in _resources(arrangement, run, faults)
    ]
    if faults:
        listed = "\n".join(f"  {it}" for it in faults)
        raise InventoryError(
            f"declare what is there: {len(faults)} settings break a rule, and no program can state them.\n{listed}\n"
            "Mend them in the admin center, or leave these mailboxes out with the filters; nothing was written."
        )
    return {"resources": entries}


_Entry = tuple[type[Resource], str, str, Props, Props]


def _resources(arrangement: Arrangement, run: Run, faults: list[str]) -> Iterator[_Entry]:
    for profile in arrangement.profiles.values():
        inputs, found = check(PROFILE, run, {}, profile.settings)
        faults += _named(PROFILE, profile.name, found)
        yield EmailServerProfile, profile.name, profile.row_id, inputs, _profile(profile)
    for single in arrangement.singles:
        inputs, found = check(MAILBOX, run, {}, single.settings)
        faults += _named(MAILBOX, single.name, found)
        yield MailboxResource, single.name, single.mailbox.row_id, inputs, _single(single)
    for group in arrangement.groups:
        members = {key: dict(own) for key, (_, own) in group.members.items()}
        stated = {**group.settings, MEMBERS: members, SET_ID: group.name}
        inputs, found = mailbox_set.check(sets.KIND, run, {}, stated)
        faults += _named(sets.KIND, group.name, found)
        yield MailboxSet, group.name, f"set:{group.name}", inputs, _group(group)


def _profile(profile: Profile) -> Props:
    return {ADOPTED: True, RECORD: _record(profile.row, PROFILE), **results(PROFILE, profile.row)}


def _single(single: Single) -> Props:
    mailbox = single.mailbox
    ids = {LOOKUP: mailbox.profile.row_id} if mailbox.profile and LOOKUP in single.settings else {}
    return {
        ADOPTED: True,
        RECORD: _record(mailbox.row, MAILBOX),
        OWNER_ID: str(mailbox.owner[owner_key(mailbox.owned_by).owner.primary_id]),
        ADOPTED_ID: mailbox.row_id,
        **results(MAILBOX, mailbox.row),
        **lookup_ids(MAILBOX, ids),
    }


def _group(group: Group) -> Props:
    profile = group.settings.get(LOOKUP)
    first = next(iter(group.members.values()))[0].profile
    looked_up = {LOOKUP: {profile.casefold(): first.row_id}} if isinstance(profile, str) and first else None
    return {MAILBOXES: {key: _taken(it) for key, (it, _) in group.members.items()}, LOOKED_UP: looked_up}


def _taken(mailbox: Mailbox) -> Props:
    return {ROW: mailbox.row_id, PREVIOUS: _record(mailbox.row, MAILBOX)}


def _record(row: Row, kind: TableKind) -> Props:
    """Return what a row holds that can be restored, as adoption records it."""
    return {name: value(kind, name, row) for name in restorable(kind)}


def _kept(props: Props) -> dict[str, object]:
    return {name: it for name, it in props.items() if it is not None and name != SELECTION}


def _named(kind: Kind, name: str, faults: list[Fault]) -> list[str]:
    return [f"{kind.name} '{name}': {fault}" for fault in faults]


def _nobody() -> NoReturn:
    raise AssertionError("what is arranged is known: nobody is asked")
