"""What works otherwise than it seems: warnings stand in a preview, and stop nothing."""

import re

from pulumi_dataverse_email.resources import TABLE_KINDS

from .emulated import Dataverse
from .programs import DATED_MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack

ACCOUNT = "incoming_credential_retrieval='credentials_specified_in_email_server_profile'"
OWN = "incoming_credential_retrieval='credentials_specified_by_a_user_or_queue'"
SYNC = "act_delivery_method='server_side_synchronization'"
ONLINE = "'https://outlook.office365.com/EWS/Exchange.asmx'"
LOCATED = f"incoming_server_location={ONLINE}, outgoing_server_location={ONLINE}"
ALLOW = "allow_email_connector_to_use_credentials=True, username='a', password='b'"

PROGRAM = f"""
from datetime import UTC, datetime, timedelta

soon, past = (datetime.now(UTC) + timedelta(days=10)).isoformat(), Output.from_input("2020-01-01")

def dates(day):
    names = ("incoming_password", "outgoing_password", "oauth_client_secret", "key_vault_certificate")
    return {{f"{{name}}_expires_on": day for name in names}}

account = EmailServerProfile("account", name="Account", server_type="exchange_server", use_auto_discover=True,
    {ACCOUNT}, incoming_user_name="crm", incoming_password="x", process_emails_received_after="2026-01-01",
    send_email_alert=True, incoming_authentication_protocol="ntlm", exchange_version="exchange_2007", **dates(soon),
    incoming_port_number=80, outgoing_port_number=110)
online = EmailServerProfile("online", name="Online", server_type="exchange_online", **dates(past),
    incoming_credential_retrieval="oauth_with_microsoft_entra_id", exchange_online_tenant_id="contoso",
    oauth_client_id="app", process_emails_received_after="2999-01-01")
EmailServerProfile("foreign", name="Foreign", server_type="exchange_server", use_auto_discover=True,
    incoming_credential_retrieval="gmail_oauth")
EmailServerProfile("bare", name="Bare", server_type="exchange_online",
    incoming_credential_retrieval="oauth_with_microsoft_entra_id")
EmailServerProfile("hybrid", name="Hybrid", server_type="exchange_server", use_auto_discover=True,
    incoming_credential_retrieval="exchange_hybrid_modern_auth", key_vault_reference="Vault")
EmailServerProfile("shared", name="Shared", server_type="other", incoming_server_location="pop.contoso.com",
    outgoing_server_location="smtp.contoso.com", incoming_port_number=995, outgoing_port_number=465,
    {ACCOUNT}, incoming_user_name="crm", incoming_password="x")
own = EmailServerProfile("own", name="Own", server_type="exchange_server", use_auto_discover=True, {OWN},
    max_concurrent_connections=1)
EmailServerProfile.exchange_online("same-tenant", name="Same tenant", process_emails_received_after="2026-01-01",
    use_auto_discover=False, incoming_use_impersonation=True)
EmailServerProfile.one_account("located", name="Located", process_emails_received_after="2026-01-01",
    incoming_user_name="crm", incoming_password="x", use_auto_discover=False, {LOCATED},
    use_same_settings_for_outgoing_connections=False)
EmailServerProfile.individual_credentials("each", name="Each", process_emails_received_after="2026-01-01",
    use_auto_discover=False, {LOCATED},
    incoming_use_impersonation=True, use_same_settings_for_outgoing_connections=False)
Mailbox("anna", user="anna@contoso.com", email_server_profile=account, {SYNC}, password_expires_on=soon,
    process_email_received_after="2025-01-01", email_address="a@contoso.com", {ALLOW})
Mailbox("ben", user="ben@contoso.com", email_server_profile=own, {ALLOW}, password_expires_on=past,
    incoming_email_delivery_method="microsoft_dynamics_365_for_outlook", process_email_received_after="2999-01-01")
for number in range(20):
    Mailbox(f"more-{{number}}", user=f"more-{{number}}@contoso.com", email_server_profile=own, {ALLOW})
Mailbox("dora", user="dora@contoso.com", email_server_profile=own,
    allow_email_connector_to_use_credentials=False, username="dora")
Mailbox("emil", user="emil@contoso.com", allow_email_connector_to_use_credentials=True)
"""


def test_every_warning_stands_in_the_preview(stack: Stack, dataverse: Dataverse) -> None:
    """A program that breaks every recommendation for profiles and mailboxes is previewed, and told of each."""
    stack.program(PROGRAM)
    shown = " ".join(stack.preview().text.split())

    for kind in (TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]):
        warnings = [f"{it.blames}: {it.says} ({it.source})" for it in kind.rules if it.severity == "warning"]
        warnings += [f"{it.blames}: {it.says} ({it.source})" for it in kind.across if it.severity == "warning"]
        # An argument in braces stands for its value.
        said = [re.sub(r"\\{\w+\\}", r"\\S+", re.escape(text)) for text in warnings]
        assert [text for text in said if not re.search(text, shown)] == []
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


def test_dates_that_move_back_are_told_in_the_preview(stack: Stack, dataverse: Dataverse) -> None:
    """Old mail would be pulled in: the person who reviews the preview is told, before anything is sent."""
    stack.program(PROFILE + DATED_MAILBOX)
    stack.up()
    dataverse.forget_requests()
    stack.program((PROFILE + DATED_MAILBOX).replace("2026-11-01", "2025-11-01"))

    shown = stack.preview().flat

    moves = "moves back from 2026-11-01T00:00:00Z to 2025-11-01T00:00:00Z"
    assert f"EmailServerProfile 'Contoso Exchange': process_emails_received_after {moves}: mailboxes that" in shown
    assert f"Mailbox 'anna@contoso.com': process_email_received_after {moves}: mail since then" in shown
    assert dataverse.requests() == []


def test_secrets_in_clear_are_told_in_the_preview(stack: Stack, dataverse: Dataverse) -> None:
    """A program's and the provider's own, with the key and the way out, until they are encrypted."""
    own = dataverse.settings["ARM_CLIENT_SECRET"]
    for key, secret in (("mail-password", SECRET), ("dataverse-email:clientSecret", own)):
        stack.pulumi("config", "set", "--plaintext", key, secret)
    stack.program(PROFILE.replace(repr(SECRET), "pulumi.Config().require('mail-password')"))
    shown = stack.preview().flat

    assert "incoming_password: stands in clear in the stack's configuration" in shown
    assert "pulumi config set --secret 'pipeline:mail-password'" in shown
    assert "pulumi config set --secret dataverse-email:clientSecret" in shown
    assert SECRET not in shown
    assert own not in shown
    for key, secret in (("mail-password", SECRET), ("dataverse-email:clientSecret", own)):
        stack.pulumi("config", "set", "--secret", key, secret)
    assert "in clear" not in stack.preview().flat


def test_a_renewed_password_is_noted_without_a_request(stack: Stack, dataverse: Dataverse) -> None:
    """Its date of expiry shows under its own name, and the update sends nothing."""
    dated = PROFILE.replace("incoming_port_number", "incoming_password_expires_on='2998-01-01', incoming_port_number")
    stack.program(dated)
    stack.up()
    dataverse.forget_requests()
    stack.program(dated.replace("2998", "2999"))

    assert set(stack.steps()["one-account"]["detailedDiff"]) == {"incoming_password_expires_on"}
    stack.up()
    assert dataverse.requests() == []
    stack.clean("--refresh")


def test_an_owner_who_reads_no_mail_is_told_in_up(stack: Stack, dataverse: Dataverse) -> None:
    """Only the service knows that a user is an application: the profile is made, and the run says so."""
    anna = dataverse.row("systemusers", "Anna Weber")
    dataverse.edit("systemusers", anna, applicationid="11111111-1111-4111-8111-111111111111")
    stack.program(PROFILE.replace("incoming_port_number", "owning_user='anna@contoso.com', incoming_port_number"))

    assert "owning_user 'anna@contoso.com': the user is an application user, which reads no mail" in stack.up().flat
    assert dataverse.profile()["_ownerid_value"] == anna["systemuserid"]
