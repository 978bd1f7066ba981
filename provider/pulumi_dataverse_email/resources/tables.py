"""The tables of Dataverse that the kinds name, and the state that the rows of each of them have."""

from ..declare import Choice, Table

BUSINESS_UNITS = Table("businessunits", "businessunitid", "name", "business unit")
KEY_VAULT_REFERENCES = Table("keyvaultreferences", "keyvaultreferenceid", "name", "key vault reference")
MAILBOXES = Table("mailboxes", "mailboxid", "name", "mailbox")
MANAGED_IDENTITIES = Table("managedidentities", "managedidentityid", "name", "managed identity")
ORGANIZATIONS = Table("organizations", "organizationid", "name", "organization", singular=True)
PROFILES = Table("emailserverprofiles", "emailserverprofileid", "name", "email server profile")
QUEUES = Table("queues", "queueid", "name", "queue")
TEAMS = Table("teams", "teamid", "name", "team")
USERS = Table("systemusers", "systemuserid", "fullname", "user")


class State(Choice):
    """Whether a row is in use: mailboxes and profiles that are inactive are not processed."""

    ACTIVE = "active", 0
    INACTIVE = "inactive", 1
