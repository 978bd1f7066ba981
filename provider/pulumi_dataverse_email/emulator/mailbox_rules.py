"""The rules of mailboxes: delivery methods of each kind of owner, credentials, and when a test may be asked for."""

from .profile_rules import MAIL_ONLY_TYPES
from .rule import CODES, Facts, Rule
from .schema import Value

NONE, OUTLOOK, SERVER_SIDE = 0, 1, 2
"""Of the two methods for mail."""

ACT_SERVER_SIDE, ACT_NONE = 1, 2
"""Of appointments, contacts and tasks, whose order is another."""

INACTIVE = 1
BY_USER_OR_QUEUE = 0
METHODS = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")
SCHEDULED = "testemailconfigurationscheduled"

PAGE = 'Microsoft Learn, "Create forward mailboxes or edit mailboxes"'
TABLES = 'Microsoft Learn, "Server-side synchronization entities"'


def _owner(facts: Facts) -> Value:
    return facts.row["regardingobjecttypecode"]


def _scheduled(facts: Facts) -> bool:
    return bool(facts.row[SCHEDULED]) and not facts.before.get(SCHEDULED)


def _foreign_to_queues(facts: Facts) -> bool:
    """Whether a queue's mailbox has a method that the lists of queues do not offer."""
    mail = OUTLOOK in (facts.row[METHODS[0]], facts.row[METHODS[1]])
    return _owner(facts) == "queue" and (mail or facts.row[METHODS[2]] == ACT_SERVER_SIDE)


RULES = (
    Rule(
        "0x8005E208", "MailboxCannotModifyEmailAddress", ("emailaddress",),
        lambda facts: bool(facts.before) and _owner(facts) is not None,
        "E-mail Address of a mailbox cannot be updated when associated with an user/queue.",
        f"{CODES}; {PAGE} says the contrary",
    ),
    Rule(
        "0x8005E210", "queue mailbox: unexpected delivery method", METHODS, _foreign_to_queues,
        "The delivery method is not one for the mailbox of a queue.",
        'the option lists of queue in "Table reference"; assumed for appointments, contacts and tasks',
    ),
    Rule(
        "0x8005E225", "OutgoingNotAllowedForForwardMailbox", ("isforwardmailbox", METHODS[1]),
        lambda facts: bool(facts.row["isforwardmailbox"]) and facts.row[METHODS[1]] not in (None, NONE),
        "Mailbox is a forward mailbox. A forward mailbox cannot send the mails.",
        f"{CODES}; {PAGE}",
    ),
    Rule(
        "0x8005E233", "MailboxCannotDeleteEmails", ("processanddeleteemails",),
        lambda facts: bool(facts.row["processanddeleteemails"]) and _owner(facts) == "systemuser",
        "The Delete Emails after Processing option cannot be set to Yes for user mailboxes.",
        f"{CODES}; {PAGE}",
    ),
    Rule(
        "0x8005E247", "MailboxUnsupportedEmailServerType", (METHODS[2], "_emailserverprofile_value"),
        lambda facts: facts.row[METHODS[2]] == ACT_SERVER_SIDE and facts.profile.get("servertype") in MAIL_ONLY_TYPES,
        "Server-side synchronization for appointments, contacts, and tasks isn't supported for POP3 or SMTP "
        "server types.",
        CODES,
    ),
    Rule(
        "0x8005E209", "MailboxCredentialNotSpecified", ("allowemailconnectortousecredentials", "username"),
        lambda facts: bool(facts.row["allowemailconnectortousecredentials"])
        and not facts.row["username"]
        and facts.profile.get("incomingcredentialretrieval") == BY_USER_OR_QUEUE,
        "Username is not specified",
        f"{CODES}; {PAGE}",
    ),
    Rule(
        "0x8005E222", "EmailServerProfileNotAssociated", (SCHEDULED,),
        lambda facts: _scheduled(facts) and not facts.profile,
        "Email Server Profile is not associated with the current mailbox. Please associate a valid profile to "
        "send/receive mails.",
        f"{CODES}; assumed: asked when a test is scheduled; {TABLES}",
    ),
    Rule(
        "0x8005E228", "InactiveEmailServerProfile", (SCHEDULED,),
        lambda facts: _scheduled(facts) and facts.profile.get("statecode") == INACTIVE,
        "Email server profile is disabled. Cannot process email for disabled profile.",
        f"{CODES}; assumed: asked when a test is scheduled",
    ),
    Rule(
        "0x8005E219", "InactiveMailbox", (SCHEDULED,),
        lambda facts: _scheduled(facts) and facts.row["statecode"] == INACTIVE,
        "The mailbox is in inactive state. Send/Receive mails are allowed only for active mailboxes.",
        f"{CODES}; assumed: asked when a test is scheduled; {TABLES}",
    ),
)  # fmt: skip
