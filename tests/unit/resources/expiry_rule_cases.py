"""Cases of the rules about dates of expiry, as in `rule_cases`."""

from .rule_cases import Case, Values
from .server_rule_cases import TODAY

DATES = (
    ("EmailServerProfile", "incoming_password_expires_on", "the password of the account"),
    ("EmailServerProfile", "outgoing_password_expires_on", "the password of the account that sends mail"),
    ("EmailServerProfile", "oauth_client_secret_expires_on", "the application's secret"),
    ("EmailServerProfile", "key_vault_certificate_expires_on", "the certificate in the key vault"),
    ("Mailbox", "password_expires_on", "the mailbox's password"),
)


def on(name: str, *dates: str) -> list[Values]:
    """Return the values of each date, seen on 25 November 2026, and those of none."""
    return [{name: date, **TODAY} for date in dates]


CASES: tuple[Case, ...] = (
    *(
        (
            kind,
            f"{what} expires on",
            on(name, "2026-11-25", "2026-12-25", "2026-12-26T00:30:00+01:00"),
            [*on(name, "2026-11-24", "2026-12-26", "9999-12-31"), {**TODAY}],
        )
        for kind, name, what in DATES
    ),
    *(
        (
            kind,
            f"{what} has expired on",
            on(name, "2026-11-24", "2026-11-25T00:30:00+01:00", "1901-01-01"),
            [*on(name, "2026-11-25", "2027-01-01"), {**TODAY}],
        )
        for kind, name, what in DATES
    ),
)
