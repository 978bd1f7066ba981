"""The tables of Dataverse that the kinds name."""

from ..declare import Table

MAILBOXES = Table("mailboxes", "mailboxid", "name", "mailbox")
ORGANIZATIONS = Table("organizations", "organizationid", "name", "organization", singular=True)
PROFILES = Table("emailserverprofiles", "emailserverprofileid", "name", "email server profile")
QUEUES = Table("queues", "queueid", "name", "queue")
USERS = Table("systemusers", "systemuserid", "fullname", "user")
