"""What relates the arguments of `Mailbox`."""

from ...declare import Rule, Values
from ..dates import expires, not_in_the_future
from ..ownership import ONE_OWNER, has_one_owner
from ..sources import BEST_PRACTICES, CODES, DEPRECATIONS, EDIT_MAILBOXES, MAILBOX_REFERENCE

METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
CREDENTIALS = ("username", "password")

OWNERS = ("user", "queue", "forward_mailbox")


def _exactly_one_owner(mailbox: Values) -> bool:
    return sum(mailbox.get(name) is not None for name in OWNERS) == 1


def _forward_mailbox_sends_nothing(mailbox: Values) -> bool:
    return mailbox.get("forward_mailbox") is None or mailbox.get("outgoing_email_delivery_method") == "none"


def _forward_mailbox_only_reads_mail(mailbox: Values) -> bool:
    return mailbox.get("forward_mailbox") is None or mailbox.get("act_delivery_method") in (None, "none")


def _forward_mailbox_has_address(mailbox: Values) -> bool:
    return mailbox.get("forward_mailbox") is None or mailbox.get("email_address") is not None


def _forward_mailbox_has_one_name(mailbox: Values) -> bool:
    return None in (mailbox.get("forward_mailbox"), mailbox.get("name"))


def _forward_mailbox_was_not_there(mailbox: Values) -> bool:
    return mailbox.get("forward_mailbox") is None or (
        mailbox.get("on_delete") != "restore" and mailbox.get("when_missing") is None
    )


def _password_has_user_name(mailbox: Values) -> bool:
    return mailbox.get("password") is None or mailbox.get("username") is not None


def _queue_without_outlook(mailbox: Values) -> bool:
    return mailbox.get("queue") is None or _none_is_outlook(mailbox)


def _none_is_outlook(mailbox: Values) -> bool:
    return all(mailbox.get(method) != "microsoft_dynamics_365_for_outlook" for method in METHODS)


def _uses_its_own(mailbox: Values) -> bool:
    return bool(mailbox.get("allow_email_connector_to_use_credentials"))


RULES = (
    Rule(
        reads=OWNERS,
        blames="user",
        says="give exactly one of user, queue and forward_mailbox",
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
        reads=("queue", *METHODS),
        blames="queue",
        says="a queue's mailbox knows no delivery by Microsoft Dynamics 365 for Outlook",
        source=MAILBOX_REFERENCE,
        holds=_queue_without_outlook,
    ),
    Rule(
        reads=("forward_mailbox", "outgoing_email_delivery_method"),
        blames="outgoing_email_delivery_method",
        says="a forward mailbox sends nothing: state none",
        source=EDIT_MAILBOXES,
        holds=_forward_mailbox_sends_nothing,
    ),
    Rule(
        reads=("forward_mailbox", "act_delivery_method"),
        blames="act_delivery_method",
        says="a forward mailbox has no appointments, contacts and tasks: state none, or nothing",
        source=EDIT_MAILBOXES,
        holds=_forward_mailbox_only_reads_mail,
    ),
    Rule(
        reads=("forward_mailbox", "email_address"),
        blames="email_address",
        says="a forward mailbox has no user or queue to take its address from: state it",
        source=EDIT_MAILBOXES,
        holds=_forward_mailbox_has_address,
    ),
    Rule(
        reads=("forward_mailbox", "name"),
        blames="name",
        says="forward_mailbox is the mailbox's name: leave one of the two out",
        source=EDIT_MAILBOXES,
        holds=_forward_mailbox_has_one_name,
    ),
    Rule(
        reads=("forward_mailbox", "on_delete", "when_missing"),
        blames="forward_mailbox",
        says="a forward mailbox is made here: there is nothing to restore and nothing to wait for",
        source=EDIT_MAILBOXES,
        holds=_forward_mailbox_was_not_there,
    ),
    Rule(
        reads=("owning_user", "owning_team"),
        blames="owning_user",
        says=ONE_OWNER,
        source=MAILBOX_REFERENCE,
        holds=has_one_owner,
    ),
    Rule(
        reads=("queue", "act_delivery_method"),
        blames="act_delivery_method",
        says="a queue has no appointments, contacts and tasks to synchronize; use 'none' or leave it out",
        source=MAILBOX_REFERENCE,
        holds=lambda mailbox: (
            mailbox.get("queue") is None or mailbox.get("act_delivery_method") != "server_side_synchronization"
        ),
    ),
    Rule(
        reads=("user", "process_and_delete_emails"),
        blames="process_and_delete_emails",
        says="Dataverse refuses to delete mail from a user's mailbox; leave it out or set it to False",
        source=CODES,
        holds=lambda mailbox: mailbox.get("user") is None or not mailbox.get("process_and_delete_emails"),
    ),
    Rule(
        reads=("user", *METHODS),
        blames="incoming_email_delivery_method",
        says="Microsoft Dynamics 365 for Outlook is retired; use 'server_side_synchronization' or 'none'",
        source=DEPRECATIONS,
        holds=lambda mailbox: mailbox.get("user") is None or _none_is_outlook(mailbox),
        severity="warning",
    ),
    Rule(
        reads=("allow_email_connector_to_use_credentials", *CREDENTIALS),
        blames="allow_email_connector_to_use_credentials",
        says="the mailbox is to use its own credentials, and they are not stated: give username and password",
        source=EDIT_MAILBOXES,
        holds=lambda mailbox: not _uses_its_own(mailbox) or None not in {mailbox.get(name) for name in CREDENTIALS},
        severity="warning",
    ),
    Rule(
        reads=("allow_email_connector_to_use_credentials", *CREDENTIALS),
        blames="username",
        says="the mailbox's own credentials are used only with allow_email_connector_to_use_credentials=True",
        source=EDIT_MAILBOXES,
        holds=lambda mailbox: _uses_its_own(mailbox) or all(mailbox.get(name) is None for name in CREDENTIALS),
        severity="warning",
    ),
    Rule(
        reads=("user", "email_address"),
        blames="email_address",
        says=(
            "the address is written through to the user, and the new one is not synchronized before it is approved; "
            "better change it where the user is kept, and leave it out here"
        ),
        source=EDIT_MAILBOXES,
        holds=lambda mailbox: mailbox.get("user") is None or mailbox.get("email_address") is None,
        severity="warning",
    ),
    not_in_the_future("process_email_received_after"),
    *expires(
        "password_expires_on",
        "the mailbox's password",
        "have it changed where the account is kept, then state the new password and its date here",
        BEST_PRACTICES,
    ),
)
