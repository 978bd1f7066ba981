"""Groups of mailboxes, as programs give them: a list of resources and ids."""

from collections import Counter
from collections.abc import Sequence

from ..declare import Fault
from ..engine.named import MEMBERS, SELECTIONS
from ..resource import Resource
from .mailbox import Mailbox
from .mailbox_set import MailboxSet


def is_list(given: object) -> bool:
    """Say whether members are given, be it none."""
    return isinstance(given, Sequence) and not isinstance(given, str)


def listed(given: object) -> Sequence[object]:
    """Return the members that are given; none where it is no list."""
    return given if isinstance(given, Sequence) and is_list(given) else ()


def called(mailbox: object) -> str:
    """Return what a mailbox is called: by its resource's logical name, else by its id."""
    return mailbox.logical_name if isinstance(mailbox, Resource) else str(mailbox)


def sets(given: object) -> list[MailboxSet]:
    """Return the sets among them."""
    return [it for it in listed(given) if isinstance(it, MailboxSet)]


def of_sets(given: object) -> dict[str, object]:
    """Return the inputs that tell who the members of the sets are; none where there are no sets."""
    there = sets(given)
    found: dict[str, dict[str, object]] = {
        MEMBERS: {it.logical_name: it.generations for it in there},
        SELECTIONS: {it.logical_name: it.selection for it in there if it.sound.get("selection")},
    }
    return {name: it for name, it in found.items() if it}


def entries(given: object) -> dict[str, object]:
    """Return each mailbox under its name, so that a preview shows which one comes or goes."""
    return {called(it): it.reference if isinstance(it, Resource) else it for it in listed(given)}


def faults(argument: str, given: object) -> list[Fault]:
    """Return what is wrong with the members."""
    found = []
    if not all(isinstance(it, Mailbox | MailboxSet | str) for it in listed(given)):
        found.append(
            Fault(argument, "wants Mailbox and MailboxSet resources, or ids that are known when the program runs")
        )
    twice = [it for it, count in Counter(map(called, listed(given))).items() if count > 1]
    return found + [Fault(argument, f"names '{it}' twice: name it once") for it in twice]
