"""Cases of the rules about test-and-enable, as in `rule_cases`."""

from .rule_cases import Case

ANNA = "11111111-1111-4111-8111-111111111111"
OF_PROFILE = {"profile": "Contoso", "all_mailboxes": True}
KIND = "MailboxTestAndEnable"

CASES: tuple[Case, ...] = (
    (
        KIND,
        "give either mailboxes",
        [{}, {"mailboxes": {"anna": ANNA}, **OF_PROFILE}, {"profile": "Contoso"}, {"all_mailboxes": True}],
        [{"mailboxes": {"anna": ANNA}}, {"mailboxes": {"anna": ANNA}, "all_mailboxes": False}, OF_PROFILE],
    ),
    (KIND, "the list is empty", [{"mailboxes": {}}], [{"mailboxes": {"anna": ANNA}}, OF_PROFILE]),
    (
        KIND,
        "holds a text that is no id",
        [{"mailboxes": {"anna": "Anna Weber"}}],
        [{"mailboxes": {"anna": ANNA, "ben": "user:ben@contoso.com"}}, OF_PROFILE],
    ),
    (
        KIND,
        "names a mailbox that is not in mailboxes",
        [{"mailboxes": {"anna": ANNA}, "canaries": ["ben"]}],
        [{"mailboxes": {"anna": ANNA}, "canaries": ["anna"]}, {**OF_PROFILE, "canaries": ["ben"]}, {"canaries": 3}],
    ),
    (
        KIND,
        "without canaries, retest='all'",
        [{"canaries": 0, "retest": "all"}, {"canaries": [], "retest": "all"}],
        [{"canaries": 0, "retest": "none"}, {"canaries": 1, "retest": "all"}, {"retest": "all"}, {"canaries": 0}],
    ),
)
