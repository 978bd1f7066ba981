"""What works otherwise than it seems: warnings stand in a preview, and stop nothing."""

from pulumi_dataverse_email.resources import TABLE_KINDS

from .emulated import Dataverse
from .stack import FAILED, Stack

ACCOUNT = "incoming_credential_retrieval='credentials_specified_in_email_server_profile'"
OWN = "incoming_credential_retrieval='credentials_specified_by_a_user_or_queue'"
SYNC = "act_delivery_method='server_side_synchronization'"
ALLOW = "allow_email_connector_to_use_credentials=True, username='a', password='b'"

PROGRAM = f"""
account = EmailServerProfile("account", name="Account", server_type="exchange_server", use_auto_discover=True,
    {ACCOUNT}, incoming_user_name="crm", incoming_password="x", process_emails_received_after="2026-01-01",
    use_same_settings_for_outgoing_connections=True, outgoing_username="other", send_email_alert=True,
    incoming_authentication_protocol="ntlm", incoming_use_ssl=False, exchange_version="exchange_2007")
online = EmailServerProfile("online", name="Online", server_type="exchange_online",
    incoming_credential_retrieval="oauth_with_microsoft_entra_id", exchange_online_tenant_id="contoso",
    oauth_client_id="app", process_emails_received_after="2999-01-01")
EmailServerProfile("foreign", name="Foreign", server_type="exchange_server", use_auto_discover=True,
    incoming_credential_retrieval="gmail_oauth", outgoing_credential_retrieval="windows_integrated_authentication")
own = EmailServerProfile("own", name="Own", server_type="exchange_server", use_auto_discover=True, {OWN},
    max_concurrent_connections=1)
Mailbox("anna", user="anna@contoso.com", email_server_profile=account, {SYNC}, process_and_delete_emails=True,
    process_email_received_after="2025-01-01", email_address="a@contoso.com", {ALLOW})
Mailbox("ben", user="ben@contoso.com", email_server_profile=own, {ALLOW},
    incoming_email_delivery_method="microsoft_dynamics_365_for_outlook", process_email_received_after="2999-01-01")
Mailbox("chris", user="chris@contoso.com", email_server_profile=own, {ALLOW})
Mailbox("dora", user="dora@contoso.com", email_server_profile=own,
    allow_email_connector_to_use_credentials=False, username="dora")
Mailbox("emil", user="emil@contoso.com", allow_email_connector_to_use_credentials=True)
"""


def test_every_warning_stands_in_the_preview(stack: Stack, dataverse: Dataverse) -> None:
    """A program that breaks every recommendation for profiles and mailboxes is previewed, and told of each."""
    stack.program(PROGRAM)
    shown = " ".join(stack.preview().text.split())

    for kind in (TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]):
        warnings = [(it.blames, it.says, it.source) for it in kind.rules if it.severity == "warning"]
        warnings += [(it.blames, it.says, it.source) for it in kind.across if it.severity == "warning"]
        assert [it for it in warnings if "{}: {} ({})".format(*it) not in shown] == []
    assert dataverse.writes() == []


def test_a_mailbox_that_its_profile_cannot_serve_fails_the_preview(stack: Stack, dataverse: Dataverse) -> None:
    """Appointments through a POP3 profile are refused before anything is asked or written."""
    stack.program(
        'pop = EmailServerProfile("pop", name="Pop", server_type="other", incoming_server_location="pop.contoso.com",\n'
        '    outgoing_server_location="smtp.contoso.com", incoming_port_number=995, outgoing_port_number=465)\n'
        f'Mailbox("anna", user="anna@contoso.com", email_server_profile=pop, {SYNC})\n'
    )

    shown = stack.preview(status=FAILED).text

    assert "Mailbox 'anna': act_delivery_method: a POP3 or IMAP profile synchronizes no appointments" in shown
    assert dataverse.writes() == []
