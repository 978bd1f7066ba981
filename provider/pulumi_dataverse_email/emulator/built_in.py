"""The built-in Microsoft Exchange Online profile, and which profiles lead to Exchange Online.

Microsoft Learn, "Connect to Exchange Online": an organization with an Exchange Online subscription in its own
tenant has the profile from the first day.
"""

from .schema import TABLES, Row
from .store import SQL_TABLES, Transaction

SETTING = "built_in_profile"
EXCHANGE_ONLINE_HYBRID = 3
ONLINE_RETRIEVALS = frozenset({2, 7, 8})
"""Server to server, OAuth with Entra ID, managed identity: the ways that only Exchange Online offers."""


def remember(transaction: Transaction, profile_id: str) -> None:
    """Keep which profile is the built-in one, and give it the type that the switches say."""
    transaction.keep_setting(SETTING, {"id": profile_id})
    describe(transaction)


def describe(transaction: Transaction) -> None:
    """Write the type of the built-in profile, if there is one, into its row."""
    profile_id = transaction.setting(SETTING).get("id")
    switches = transaction.switches
    kind: Row = {
        "servertype": switches.built_in_profile_server_type,
        "emailservertypename": switches.built_in_profile_type_name,
    }
    row = transaction.get("emailserverprofile", profile_id)
    if row and any(row[name] != value for name, value in kind.items()):
        transaction.update("emailserverprofile", profile_id, kind)


def is_built_in(transaction: Transaction, profile: Row) -> bool:
    """Whether a profile is the built-in one."""
    return profile["emailserverprofileid"] == transaction.setting(SETTING).get("id")


def is_online(transaction: Transaction, profile: Row) -> bool:
    """Whether a profile leads to Exchange Online."""
    return (
        profile["servertype"] == EXCHANGE_ONLINE_HYBRID
        or profile["incomingcredentialretrieval"] in ONLINE_RETRIEVALS
        or is_built_in(transaction, profile)
    )


def mailboxes_of(transaction: Transaction, profile: Row) -> list[Row]:
    """Return the mailboxes that use a profile."""
    column = SQL_TABLES["mailbox"].c[TABLES["mailbox"].columns["emailserverprofile"].property]
    return transaction.find("mailbox", column == profile["emailserverprofileid"])
