"""Which rules a row of the two tables must keep when a client writes it: codes 0x8005E2xx.

Names and texts: Microsoft Learn, "Web service error codes"; the rules themselves are in `profile_rules` and
`mailbox_rules`. What the emulator writes by itself, and what tests write past every rule, is not asked.
"""

from typing import TYPE_CHECKING

from . import mailbox_rules, profile_rules
from .built_in import mailboxes_of
from .errors import ODataError
from .rule import Facts
from .schema import Row, Table

if TYPE_CHECKING:
    from .rows import Rows

RULES = {"emailserverprofile": profile_rules.RULES, "mailbox": mailbox_rules.RULES}

FIXED_IN_USE = frozenset({"servertype", "incomingcredentialretrieval", "outgoingcredentialretrieval"})


def check(rows: "Rows", table: Table, before: Row, changes: Row) -> None:
    """Refuse the first rule that a write breaks; of a change, only rules that read what it changes.

    Raises:
        ODataError: with the rule's code.
    """
    switches = rows.transaction.switches
    row = {**before, **changes}
    profile = rows.transaction.get("emailserverprofile", row.get("_emailserverprofile_value"))
    facts = Facts(before, row, profile or {})
    off = {code.lower() for code in switches.rules_off}
    for rule in RULES.get(table.logical_name, ()):
        asked = not before or any(name in changes and changes[name] != before[name] for name in rule.reads)
        if asked and rule.code.lower() not in off and rule.broken(facts):
            raise ODataError(switches.fault_status, rule.code, rule.text)
    if table.logical_name == "emailserverprofile" and before and switches.change_server_type_in_use == "refuse":
        moved = [name for name in FIXED_IN_USE if name in changes and changes[name] != before[name]]
        if moved and mailboxes_of(rows.transaction, before):
            text = f"{' and '.join(sorted(moved))} cannot be changed while mailboxes use the profile."
            raise ODataError(400, "0x80040203", text)
