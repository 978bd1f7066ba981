"""An application of the tenant's own, the profile that logs in with it, and the scope that limits it."""

import pulumi
import pulumi_azuread as azuread

from pulumi_dataverse_email import EmailServerProfile, ImpersonationScope, Mailbox, MailboxTestAndEnable

EXPIRES = "2027-11-01"  # a later day makes a new secret

application = azuread.Application("crm-mail", display_name="CRM mail")
principal = azuread.ServicePrincipal("crm-mail", client_id=application.client_id)
secret = azuread.ApplicationPassword("crm-mail", application_id=application.id, end_date=f"{EXPIRES}T00:00:00Z")

profile = EmailServerProfile(
    "own-application",
    name="Contoso Exchange",
    server_type="exchange_online_hybrid",
    incoming_credential_retrieval="oauth_with_microsoft_entra_id",
    oauth_client_id=application.client_id,
    oauth_client_secret=secret.value,
    oauth_client_secret_expires_on=EXPIRES,
    use_default_tenant_id=False,
    exchange_online_tenant_id=pulumi.Config().require("exchangeTenantId"),
    use_same_settings_for_outgoing_connections=True,
    process_emails_received_after="2026-11-01T00:00:00Z",
)
mailboxes = [
    Mailbox.synchronized(name, user=f"{name}@contoso.com", email_server_profile=profile, on_delete="restore")
    for name in ("anna", "ben")
]
scope = ImpersonationScope(
    "crm",
    platform="exchange_online",
    name="CRM mailboxes",
    application_id=application.client_id,
    service_principal_object_id=principal.object_id,
    mailboxes=mailboxes,
    profile=profile,
)
MailboxTestAndEnable(
    "all",
    mailboxes=mailboxes,
    approval="approve",
    impersonation_scope=scope,
    timeout=4 * 60 * 60,  # Exchange Online may take two hours until it goes by a new scope
)
