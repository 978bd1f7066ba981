"""What relates the arguments of `MailboxTestAndEnable`."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from ...declare import UNKNOWN, Rule, Values
from ..sources import ACCESS, BEST_PRACTICES, TROUBLESHOOTING


def _one_way_to_say_whom(group: Values) -> bool:
    of_profile = group.get("profile") is not None and group.get("all_mailboxes") is True
    half = (group.get("profile") is not None) != (group.get("all_mailboxes") is True)
    return not half and (group.get("mailboxes") is not None) != of_profile


def _names_somebody(group: Values) -> bool:
    return group.get("mailboxes") != {}


def _holds_ids(group: Values) -> bool:
    mailboxes = group.get("mailboxes")
    # The resource of a mailbox that is still waited for has an id such as 'user:anna@contoso.com'.
    known = [it for it in mailboxes.values() if isinstance(it, str)] if isinstance(mailboxes, Mapping) else []
    return all(":" in it or _is_guid(it) for it in known)


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _canaries_are_of_the_group(group: Values) -> bool:
    canaries, mailboxes = group.get("canaries"), group.get("mailboxes")
    if not isinstance(canaries, Sequence) or not isinstance(mailboxes, Mapping):
        return True
    sets = any(it is UNKNOWN or str(it).startswith("set:") for it in mailboxes.values())
    # Who the members of a set are, such as 'user:anna@contoso.com', is the set's to know.
    return {it for it in canaries if not (sets and ":" in str(it))} <= mailboxes.keys()


def _no_retest_without_canaries(group: Values) -> bool:
    return group.get("retest") != "all" or group.get("canaries") not in (0, [])


RULES = (
    Rule(
        reads=("mailboxes", "profile", "all_mailboxes"),
        blames="mailboxes",
        says="give either mailboxes, or profile with all_mailboxes=True",
        source=ACCESS,
        holds=_one_way_to_say_whom,
    ),
    Rule(
        reads=("mailboxes",),
        blames="mailboxes",
        says="the list is empty: name at least one mailbox, or leave the resource out",
        source=ACCESS,
        holds=_names_somebody,
    ),
    Rule(
        reads=("mailboxes",),
        blames="mailboxes",
        says="holds a text that is no id of a mailbox: give the Mailbox resource, or the mailbox's GUID",
        source=ACCESS,
        holds=_holds_ids,
    ),
    Rule(
        reads=("canaries", "mailboxes"),
        blames="canaries",
        says="names a mailbox that is not in mailboxes",
        source=BEST_PRACTICES,
        holds=_canaries_are_of_the_group,
    ),
    Rule(
        reads=("canaries", "retest"),
        blames="canaries",
        says="without canaries, retest='all' lets one wrong setting of a profile switch off a whole wave at once",
        source=TROUBLESHOOTING,
        holds=_no_retest_without_canaries,
        severity="warning",
    ),
)
