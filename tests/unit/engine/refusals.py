"""Every refusal of Dataverse that arguments can bring about when a row is made, with the fewest arguments that do."""

from typing import NamedTuple

from pulumi_dataverse_email.declare import TableKind
from pulumi_dataverse_email.resources import TABLE_KINDS

from .argument_sets import BOTH, EWS, MAIL_SERVERS, Arguments
from .mailbox import ANNA, SYNC

PROFILE, MAILBOX = TABLE_KINDS["EmailServerProfile"], TABLE_KINDS["Mailbox"]


class Refusal(NamedTuple):
    """A refusal, and why no rule stops it: a warning stands in the preview instead. Empty where one does."""

    code: str
    kind: TableKind
    arguments: Arguments
    exempt: str = ""


def _profile(server_type: str, **more: object) -> Arguments:
    return {"name": "Contoso", "server_type": server_type, **more}


def _retrieves(retrieval: str, **more: object) -> Arguments:
    return _profile("exchange_online_hybrid", incoming_credential_retrieval=retrieval, **more)


def _mail_server(**more: object) -> Arguments:
    return _profile("imap_smtp", **{**MAIL_SERVERS, **more})


def _without(name: str) -> Arguments:
    return _profile("other", **{it: value for it, value in MAIL_SERVERS.items() if it != name})


IN_PROFILE = "credentials_specified_in_email_server_profile"
HTTP = "http://mail.contoso.com"
SAME = "use_same_settings_for_outgoing_connections"
OWN: Arguments = {SAME: False, "outgoing_credential_retrieval": IN_PROFILE}

REFUSALS = (
    Refusal("0x8005E23E", PROFILE, _profile("exchange_server", incoming_server_location=EWS, incoming_use_ssl=False)),
    Refusal("0x8005E23F", PROFILE, _profile("exchange_server", **BOTH, outgoing_use_ssl=False)),
    Refusal("0x8005E240", PROFILE, _profile("exchange_server", incoming_server_location=HTTP)),
    Refusal("0x8005E241", PROFILE, _profile("exchange_online", outgoing_server_location=HTTP)),
    Refusal("0x8005E23D", PROFILE, _mail_server(incoming_authentication_protocol="basic", incoming_use_ssl=False)),
    Refusal("0x8005E201", PROFILE, _profile("exchange_online", incoming_use_ssl=False)),
    Refusal("0x8005E203", PROFILE, _retrieves("without_credentials")),
    Refusal("0x8005E202", PROFILE, _retrieves("windows_integrated_authentication")),
    Refusal("0x8005E204", PROFILE, _profile("other", use_auto_discover=True)),
    Refusal("0x8005E205", PROFILE, _profile("exchange_server", use_auto_discover=True, **BOTH)),
    Refusal("0x8005E20A", PROFILE, _profile("exchange_server", incoming_server_location="mail.contoso.com")),
    Refusal("0x8005E235", PROFILE, _mail_server(outgoing_auto_grant_delegate_access=True)),
    Refusal("0x8005E236", PROFILE, _mail_server(incoming_use_impersonation=True)),
    Refusal(
        "0x8005E23B",
        PROFILE,
        _mail_server(outgoing_authentication_protocol="ntlm"),
        exempt="no page says which protocols a server type takes",
    ),
    Refusal("0x8005E238", PROFILE, _profile("exchange_online", outgoing_username="crm")),
    Refusal(
        "0x8005E242",
        PROFILE,
        _profile("exchange_server", use_auto_discover=True, exchange_version="exchange_2010"),
        exempt="no page says that the refusal follows from the version in this column",
    ),
    Refusal("0x8005E24B", PROFILE, _without("incoming_server_location")),
    Refusal("0x8005E24C", PROFILE, _without("outgoing_server_location")),
    Refusal("0x8005E24F", PROFILE, _without("incoming_port_number")),
    Refusal("0x8005E256", PROFILE, _without("outgoing_port_number")),
    Refusal("0x8005E251", PROFILE, _retrieves(IN_PROFILE)),
    Refusal("0x8005E24E", PROFILE, _retrieves(IN_PROFILE, incoming_user_name="crm", incoming_use_impersonation=True)),
    Refusal("0x8005E253", PROFILE, _retrieves(IN_PROFILE, incoming_user_name="crm")),
    Refusal("0x8005E252", PROFILE, _profile("exchange_server_hybrid", **OWN)),
    Refusal("0x8005E254", PROFILE, _profile("exchange_server_hybrid", **OWN, outgoing_username="crm")),
    Refusal("0x8005E25A", PROFILE, _retrieves("oauth_with_microsoft_entra_id", use_default_tenant_id=False)),
    Refusal("0x8004A117", PROFILE, _retrieves("exchange_hybrid_modern_auth")),
    Refusal("0x8004A114", PROFILE, _retrieves("power_platform_managed_identity_auth")),
    Refusal("0x8005E210", MAILBOX, {"queue": "Support", "act_delivery_method": SYNC}),
    Refusal(
        "0x8005E225",
        MAILBOX,
        {"forward_mailbox": "Leads", "email_address": "leads@contoso.com", "outgoing_email_delivery_method": SYNC},
    ),
    Refusal("0x8005E233", MAILBOX, {"user": ANNA, "process_and_delete_emails": True}),
    Refusal("0x8005E247", MAILBOX, {"user": ANNA, "email_server_profile": "POP3", "act_delivery_method": SYNC}),
    Refusal(
        "0x8005E209",
        MAILBOX,
        {
            "user": ANNA,
            "email_server_profile": "Credentials of each",
            "allow_email_connector_to_use_credentials": True,
        },
        exempt="the mailbox, which is adopted, may have a user name already",
    ),
)

BEYOND = {
    "0x8005E208": "off: the pages on mailboxes say that an address is written through",
    "0x8005E23C": "off: depends on a setting of the deployment; warned of",
    "0x8005E25C": "comes with an update only",
    "0x8005E222": "comes with a test only",
    "0x8005E228": "comes with a test only",
    "0x8005E219": "comes with a test only",
}
"""Refusals that no making of a row brings about."""
