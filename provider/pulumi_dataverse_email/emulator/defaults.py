"""The methods that new users and queues get by the organization's default settings.

Microsoft's "Organization table reference" says that `defaultemailsettings` is XML which is applied when a user or
queue is created. Its form is not documented: root and elements are those that the classic System Settings dialog sends.
"""

from typing import Final
from xml.etree import ElementTree as ET

from .schema import Row, Value

ROOT: Final = "EmailSettings"
MAIL: Final = {
    "incomingemaildeliverymethod": "IncomingEmailDeliveryMethod",
    "outgoingemaildeliverymethod": "OutgoingEmailDeliveryMethod",
}
"""Column of user, queue and mailbox -> element."""
ACT: Final = "ACTDeliveryMethod"

NONE, OUTLOOK = 0, 1


def methods(settings: Value, owner: Row, *, of_user: bool) -> Row:
    """Return the methods for mail of a new user or queue.

    A method that the owner was made with stays. None cannot be told from a method that nobody named, so it is taken
    for that; and a queue, whose options lack Outlook, is spared it: both are assumed.
    """
    given = {column: _code(settings, element) for column, element in MAIL.items()}
    return {
        column: code
        for column, code in given.items()
        if code is not None and owner[column] == NONE and (of_user or code != OUTLOOK)
    }


def act_method(settings: Value) -> int | None:
    """Return the method for appointments, contacts and tasks of a new user."""
    return _code(settings, ACT)


def _code(settings: Value, element: str) -> int | None:
    try:
        root = ET.fromstring(str(settings or ""))  # noqa: S314  a test's own text; expat bounds expansion
    except ET.ParseError:
        return None
    text = root.findtext(element) if root.tag == ROOT else None
    return int(text) if text and text.strip().isdigit() else None
