"""Cases of the rules about sets, as in `rule_cases`."""

from .rule_cases import Case, Values

ANNA: Values = {"members": {"user:anna@contoso.com": {}}}
USERS: Values = {"selection": {"of": "users"}}
ON_ONE: Values = {"selection": {"of": "users", "email_server_profile": "One"}}

CASES: tuple[Case, ...] = (
    ("MailboxSet", "the set is empty", [{}, {"members": {}}, {"selection": {}}], [ANNA, USERS]),
    (
        "MailboxSet",
        "who is selected by one profile and moved",
        [{**ON_ONE, "email_server_profile": "Two"}],
        [
            {**ON_ONE, "email_server_profile": "11111111-1111-4111-8111-111111111111"},
            ON_ONE,
            {**ON_ONE, "email_server_profile": "ONE"},
            {**USERS, "email_server_profile": "Two"},
        ],
    ),
    ("MailboxSet", "each mailbox has a name of its own", [{**ANNA, "name": "All"}], [ANNA]),
    ("MailboxSet", "each mailbox has an address of its own", [{**ANNA, "email_address": "all@contoso.com"}], [ANNA]),
)
