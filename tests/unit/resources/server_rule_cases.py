"""Cases of the rules about servers, as in `rule_cases`."""

from datetime import date

from .rule_cases import ONE_ACCOUNT, Case, Values

PROFILE = "EmailServerProfile"
EXCHANGE: Values = {"server_type": "exchange_server"}
LOCATIONS: Values = {"incoming_server_location": "mail.contoso.com", "outgoing_server_location": "mail.contoso.com"}
POP: Values = {"server_type": "other", **LOCATIONS, "incoming_port_number": 995, "outgoing_port_number": 465}
BY_HAND: Values = {"server_type": "exchange_server", "incoming_credential_retrieval": ONE_ACCOUNT}
DATE = "process_emails_received_after"
TODAY: Values = {"today": date(2026, 11, 25)}


def scheme(direction: str) -> Case:
    """Return the case of a location's scheme against SSL."""
    location, ssl = f"{direction}_server_location", f"{direction}_use_ssl"
    return (
        PROFILE,
        f"contradicts the {location}",
        [{location: "https://mail.contoso.com", ssl: False}, {location: "HTTP://mail.contoso.com", ssl: True}],
        [
            {location: "https://mail.contoso.com", ssl: True},
            {location: "https://mail.contoso.com"},
            {location: "mail.contoso.com", ssl: False},
            {},
        ],
    )


def basic(direction: str) -> Case:
    """Return the case of the protocol `basic` against SSL."""
    protocol, ssl = f"{direction}_authentication_protocol", f"{direction}_use_ssl"
    return (
        PROFILE,
        f"'basic' sends the password as it is, and is refused without SSL: set {ssl}",
        [{protocol: "basic", ssl: False}],
        [{protocol: "basic", ssl: True}, {protocol: "basic"}, {protocol: "oauth", ssl: False}],
    )


def plain_port(direction: str) -> Case:
    """Return the case of a port without encryption."""
    port, ssl = f"{direction}_port_number", f"{direction}_use_ssl"
    return (
        PROFILE,
        f"contradicts {ssl}",
        [{port: 80}, {port: 110, ssl: True}, {port: 143}],
        [{port: 995, ssl: True}, {port: 443}, {port: 587}, {port: 80, ssl: False}, {}],
    )


CASES: tuple[Case, ...] = (
    scheme("incoming"),
    scheme("outgoing"),
    basic("incoming"),
    basic("outgoing"),
    plain_port("incoming"),
    plain_port("outgoing"),
    (
        PROFILE,
        "a port of POP3, IMAP or SMTP",
        [{**EXCHANGE, "incoming_port_number": 995}, {**EXCHANGE, "outgoing_port_number": 587}],
        [POP, {**EXCHANGE, "incoming_port_number": 443}, EXCHANGE],
    ),
    (
        PROFILE,
        "only Exchange is found by auto discover",
        [{"server_type": "other", "use_auto_discover": True}, {"server_type": "imap_smtp", "use_auto_discover": True}],
        [{"server_type": "exchange_server", "use_auto_discover": True}, POP],
    ),
    (
        PROFILE,
        "the server is either found by auto discover",
        [{"use_auto_discover": True, name: "mail.contoso.com"} for name in LOCATIONS],
        [{"use_auto_discover": True}, {"use_auto_discover": False, **LOCATIONS}],
    ),
    (
        PROFILE,
        "a POP3, IMAP or SMTP server needs",
        [
            {name: value for name, value in POP.items() if name != missing}
            for missing in POP
            if missing != "server_type"
        ],
        [POP, {"server_type": "other", "adopt": True}, {"server_type": "exchange_server"}],
    ),
    (
        PROFILE,
        "an Exchange Server with credentials in the profile",
        [BY_HAND, {**BY_HAND, "incoming_server_location": "https://mail.contoso.com"}],
        [
            {**BY_HAND, **LOCATIONS},
            {**BY_HAND, "use_auto_discover": True},
            {**BY_HAND, "adopt": True},
            {**BY_HAND, "server_type": "exchange_online_hybrid"},
        ],
    ),
    (
        PROFILE,
        "only Exchange knows impersonation",
        [
            {"server_type": "other", "incoming_use_impersonation": True},
            {"server_type": "imap_smtp", "outgoing_use_impersonation": True},
        ],
        [
            {"server_type": "exchange_server", "incoming_use_impersonation": True},
            {"server_type": "other", "incoming_use_impersonation": False},
        ],
    ),
    (
        PROFILE,
        "only Exchange knows delegates",
        [{"server_type": "imap_smtp", "outgoing_auto_grant_delegate_access": True}],
        [{"server_type": "exchange_server", "outgoing_auto_grant_delegate_access": True}, {"server_type": "imap_smtp"}],
    ),
    (
        PROFILE,
        "Dataverse online may refuse Negotiate and NTLM",
        [{"incoming_authentication_protocol": "ntlm"}, {"outgoing_authentication_protocol": "negotiate"}],
        [{"incoming_authentication_protocol": "basic"}, {}],
    ),
    (
        PROFILE,
        "Dataverse online refuses connections without SSL",
        [{"incoming_use_ssl": False}, {"outgoing_use_ssl": False}],
        [{"incoming_use_ssl": True}, {}],
    ),
    (
        PROFILE,
        "Exchange before 2013",
        [{"exchange_version": "exchange_2007"}, {"exchange_version": "exchange_2010_sp2"}],
        [{"exchange_version": "exchange_2013"}, {}],
    ),
    (
        PROFILE,
        "alerts go to the profile's owner",
        [{"send_email_alert": True}],
        [
            {"send_email_alert": True, "owning_user": "anna@contoso.com"},
            {"send_email_alert": True, "owning_team": "Mail"},
            {"send_email_alert": True, "adopt": True},
            {},
        ],
    ),
    (
        PROFILE,
        "the date is in the future",
        [{DATE: "2026-11-26", **TODAY}, {DATE: "2026-11-25T23:30:00-02:00", **TODAY}],
        [{DATE: "2026-11-25T23:59:59Z", **TODAY}, {DATE: "2026-11-26T00:30:00+01:00", **TODAY}, {**TODAY}],
    ),
)
