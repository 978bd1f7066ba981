"""One file per kind; `KINDS` is the one list of them."""

from . import email_server_profile, mailbox, organization_email_settings

KINDS = {kind.name: kind for kind in (email_server_profile.KIND, mailbox.KIND, organization_email_settings.KIND)}
