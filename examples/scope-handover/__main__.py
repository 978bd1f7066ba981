"""The same, where an administrator of Exchange carries the commands out."""

import pulumi

from pulumi_dataverse_email import EmailServerProfile, ImpersonationScope, Mailbox

config = pulumi.Config()
application_id = config.require("applicationId")

profile = EmailServerProfile(
    "own-application",
    name="Contoso Exchange",
    server_type="exchange_online_hybrid",
    incoming_credential_retrieval="oauth_with_microsoft_entra_id",
    oauth_client_id=application_id,
    oauth_client_secret=config.require_secret("applicationSecret"),
    use_default_tenant_id=False,
    exchange_online_tenant_id=config.require("exchangeTenantId"),
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
    application_id=application_id,
    service_principal_object_id=config.require("servicePrincipalObjectId"),
    mailboxes=mailboxes,
    profile=profile,
)
pulumi.export("create", scope.commands["create"])
pulumi.export("change", scope.commands["change"])
pulumi.export("remove", scope.commands["remove"])
pulumi.export("check", scope.commands["check"])
