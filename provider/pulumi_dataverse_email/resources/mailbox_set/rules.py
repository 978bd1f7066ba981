"""What relates the arguments of `MailboxSet` that are its own; those of a mailbox hold for each member, too."""

from ...declare import Rule, Values
from ...engine.owners import guid
from ..sources import EDIT_MAILBOXES, MAILBOX_REFERENCE


def _names_somebody(mailboxes: Values) -> bool:
    return bool(mailboxes.get("members") or mailboxes.get("selection"))


def _stay_in_the_selection(mailboxes: Values) -> bool:
    selection, profile = mailboxes.get("selection"), mailboxes.get("email_server_profile")
    selected = selection.get("email_server_profile") if isinstance(selection, dict) else None
    if not (isinstance(selected, str) and isinstance(profile, str)):
        return True
    # Whether a name and an id mean the same is known when the set is written: then they are compared again.
    return bool(guid(selected)) != bool(guid(profile)) or selected.casefold() == profile.casefold()


RULES = (
    Rule(
        reads=("members", "selection"),
        blames="members",
        says="the set is empty: name members, or give a selection",
        source=MAILBOX_REFERENCE,
        holds=_names_somebody,
    ),
    Rule(
        reads=("selection", "email_server_profile"),
        blames="selection",
        says=(
            "who is selected by one profile and moved to another has left the selection with the first write; "
            "select by a business unit, team or address"
        ),
        source=MAILBOX_REFERENCE,
        holds=_stay_in_the_selection,
    ),
    Rule(
        reads=("name",),
        blames="name",
        says="each mailbox has a name of its own: leave it out, or state it for single members",
        source=EDIT_MAILBOXES,
        holds=lambda mailboxes: mailboxes.get("name") is None,
    ),
    Rule(
        reads=("email_address",),
        blames="email_address",
        says="each mailbox has an address of its own: leave it out, or state it for single members",
        source=EDIT_MAILBOXES,
        holds=lambda mailboxes: mailboxes.get("email_address") is None,
    ),
)
