"""What relates the arguments of `Mailbox`."""

from ...declare import Rule, Values
from ..ownership import ONE_OWNER, has_one_owner
from ..sources import EDIT_MAILBOXES, MAILBOX_REFERENCE


def _exactly_one_owner(mailbox: Values) -> bool:
    return (mailbox.get("user") is None) != (mailbox.get("queue") is None)


def _password_has_user_name(mailbox: Values) -> bool:
    return mailbox.get("password") is None or mailbox.get("username") is not None


def _queue_without_outlook(mailbox: Values) -> bool:
    outlook = "microsoft_dynamics_365_for_outlook"
    methods = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
    return mailbox.get("queue") is None or all(mailbox.get(method) != outlook for method in methods)


RULES = (
    Rule(
        reads=("user", "queue"),
        blames="user",
        says="give exactly one of user and queue",
        source=EDIT_MAILBOXES,
        holds=_exactly_one_owner,
    ),
    Rule(
        reads=("username", "password"),
        blames="username",
        says="a password needs a username; give both or neither",
        source=EDIT_MAILBOXES,
        holds=_password_has_user_name,
    ),
    Rule(
        reads=(
            "queue",
            "incoming_email_delivery_method",
            "outgoing_email_delivery_method",
            "act_delivery_method",
        ),
        blames="queue",
        says="a queue's mailbox knows no delivery by Microsoft Dynamics 365 for Outlook",
        source=MAILBOX_REFERENCE,
        holds=_queue_without_outlook,
    ),
    Rule(
        reads=("owning_user", "owning_team"),
        blames="owning_user",
        says=ONE_OWNER,
        source=MAILBOX_REFERENCE,
        holds=has_one_owner,
    ),
)
