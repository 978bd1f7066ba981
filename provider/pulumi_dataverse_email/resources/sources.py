"""Microsoft's pages that columns and rules come from."""

ACCESS = "https://learn.microsoft.com/power-platform/admin/connect-exchange-online"
BASIC_AUTHENTICATION = "https://learn.microsoft.com/power-platform/admin/use-basic-authentication-exchange-online"
BEST_PRACTICES = "https://learn.microsoft.com/power-platform/admin/best-practices-server-side-synchronization"
CODES = "https://learn.microsoft.com/power-apps/developer/data-platform/reference/web-service-error-codes"
CROSS_TENANT = "https://learn.microsoft.com/power-platform/admin/connect-exchange-online-server-profile-oauth"
DEPRECATIONS = "https://learn.microsoft.com/power-platform/important-changes-coming"
EDIT_MAILBOXES = "https://learn.microsoft.com/power-platform/admin/create-forward-mailboxes-edit-mailboxes"
GMAIL = "https://learn.microsoft.com/power-platform/admin/connect-gmail-oauth2"
HYBRID = "https://learn.microsoft.com/power-platform/admin/connect-exchange-server-onprem-hma"
MAILBOX_REFERENCE = "https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/mailbox"
ON_PREMISES = "https://learn.microsoft.com/power-platform/admin/connect-exchange-server-on-premises"
POP_AND_SMTP = "https://learn.microsoft.com/power-platform/admin/connect-to-pop3-or-smtp-servers"
PROFILE_REFERENCE = (
    "https://learn.microsoft.com/power-apps/developer/data-platform/reference/entities/emailserverprofile"
)
SUPPORTED = (
    "https://learn.microsoft.com/power-platform/admin/"
    "supported-email-service-configurations-server-side-synchronization"
)
TROUBLESHOOTING = (
    "https://learn.microsoft.com/power-platform/admin/troubleshooting-monitoring-server-side-synchronization"
)
