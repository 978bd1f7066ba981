"""The rules of email server profiles, in the order they are asked in; of two that fit, the particular one first."""

import re

from .rule import CODES, Facts, Rule
from .schema import Row, Value

EXCHANGE_TYPES = frozenset({0, 2, 3})
MAIL_ONLY_TYPES = frozenset({1, 4})
"""Other (POP3/SMTP) and IMAP/SMTP."""

BY_PROFILE, WINDOWS_INTEGRATED, ANONYMOUS, HYBRID_MODERN, ENTRA, MANAGED_IDENTITY = 1, 3, 4, 6, 7, 8
NEGOTIATE, NTLM, BASIC = 1, 2, 3
OLDEST_SUPPORTED_EXCHANGE = 5
"""Exchange 2013."""

RETRIEVALS = ("incomingcredentialretrieval", "outgoingcredentialretrieval")
LOCATIONS = ("incomingserverlocation", "outgoingserverlocation")
SSL = ("incomingusessl", "outgoingusessl")
PROTOCOLS = ("incomingauthenticationprotocol", "outgoingauthenticationprotocol")
SAME = "usesamesettingsforoutgoingconnections"

CONNECT = 'Microsoft Learn, "Connect to Exchange Server (on-premises)"'
POP = 'Microsoft Learn, "Connect to IMAP, POP, or SMTP servers"'
SUPPORTED = 'Microsoft Learn, "Supported email service configurations for server-side synchronization"'

_WEB_ADDRESS = re.compile(r"https?://[^\s/]+(/\S*)?", re.IGNORECASE)
_HOST_NAME = re.compile(r"[^\s/]+")


def _type(row: Row) -> Value:
    return row["servertype"]


def _mail_only(facts: Facts) -> bool:
    return _type(facts.row) in MAIL_ONLY_TYPES


def _one_of(row: Row, names: tuple[str, ...], values: tuple[Value, ...]) -> bool:
    return any(row[name] in values for name in names)


def _needs_location(row: Row) -> bool:
    """Whether the page of the server's type asks for locations: for Exchange, where credentials are given by hand."""
    by_hand = row["incomingcredentialretrieval"] in (BY_PROFILE, HYBRID_MODERN) and _type(row) in (0, 2)
    return _type(row) in MAIL_ONLY_TYPES or (by_hand and not row["useautodiscover"])


def _invalid_location(facts: Facts) -> bool:
    form = _WEB_ADDRESS if _type(facts.row) in EXCHANGE_TYPES else _HOST_NAME
    given = [str(facts.row[name]) for name in LOCATIONS if facts.row[name]]
    return _type(facts.row) is not None and any(form.fullmatch(location) is None for location in given)


def _scheme_contradicts(direction: str, scheme: str, *, ssl: bool) -> "Rule":
    code = {("incoming", "https"): "E23E", ("outgoing", "https"): "E23F", ("incoming", "http"): "E240"}
    location, flag = f"{direction}serverlocation", f"{direction}usessl"
    said = "No" if scheme == "https" else "Yes"
    return Rule(
        f"0x8005{code.get((direction, scheme), 'E241')}",
        f"{direction.title()}ServerLocationAndSslSetTo{said}",
        (location, flag),
        lambda facts: str(facts.row[location] or "").lower().startswith(f"{scheme}://") and facts.row[flag] is ssl,
        f"The URL specified for {direction.title()} Server Location uses {scheme.upper()} but the Use SSL for "
        f"{direction.title()} Connection option is set to {said}.",
        CODES,
    )


def _own_outgoing(row: Row) -> bool:
    """Whether outgoing mail has credentials of its own in the profile."""
    return row[SAME] is False and row["outgoingcredentialretrieval"] == BY_PROFILE


def _differs_from_incoming(row: Row) -> bool:
    name = row["outgoingusername"]
    return bool(row["isoutgoingpasswordset"]) or (name is not None and name != row["incomingusername"])


RULES = (
    _scheme_contradicts("incoming", "https", ssl=False),
    _scheme_contradicts("outgoing", "https", ssl=False),
    _scheme_contradicts("incoming", "http", ssl=True),
    _scheme_contradicts("outgoing", "http", ssl=True),
    Rule(
        "0x8005E23D", "EmailServerProfileBasicAuthenticationProtocolNotAllowed", (*PROTOCOLS, *SSL),
        lambda facts: any(
            facts.row[protocol] == BASIC and facts.row[ssl] is False
            for protocol, ssl in zip(PROTOCOLS, SSL, strict=True)
        ),
        "The specified authentication protocol cannot be used because the protocol requires sending credentials on a "
        "secure channel.",
        CODES,
    ),
    Rule(
        "0x8005E201", "EmailServerProfileSslRequiredForOnline", SSL,
        lambda facts: _one_of(facts.row, SSL, (False,)),
        "You cannot set SSL as false for Microsoft Dynamics 365 Online.",
        CODES,
    ),
    Rule(
        "0x8005E203", "EmailServerProfileInvalidCredentialRetrievalForExchange", ("servertype", *RETRIEVALS),
        lambda facts: _type(facts.row) in EXCHANGE_TYPES and _one_of(facts.row, RETRIEVALS, (ANONYMOUS,)),
        "No credentials (Anonymous) cannot be used a connection type for exchange e-mail server type.",
        CODES,
    ),
    Rule(
        "0x8005E202", "EmailServerProfileInvalidCredentialRetrievalForOnline", RETRIEVALS,
        lambda facts: _one_of(facts.row, RETRIEVALS, (WINDOWS_INTEGRATED, ANONYMOUS)),
        "Windows integrated or Anonymous authentication cannot be used as a connection type for Microsoft Dynamics 365 "
        "Online.",
        CODES,
    ),
    Rule(
        "0x8005E204", "EmailServerProfileAutoDiscoverNotAllowed", ("servertype", "useautodiscover"),
        lambda facts: _mail_only(facts) and bool(facts.row["useautodiscover"]),
        "Auto discover server URL can location can only be used for an exchange e-mail server type.",
        CODES,
    ),
    Rule(
        "0x8005E205", "EmailServerProfileLocationNotRequired", ("useautodiscover", *LOCATIONS),
        lambda facts: bool(facts.row["useautodiscover"]) and any(facts.row[name] for name in LOCATIONS),
        "You cannot specify the incoming/outgoing e-mail server location when Autodiscover server location has been "
        "set to true.",
        CODES,
    ),
    Rule(
        "0x8005E20A", "EmailServerProfileInvalidServerLocation", ("servertype", *LOCATIONS), _invalid_location,
        "The specified server location is invalid. Correct the server location and try again.",
        f"{CODES}; assumed: a web address for Exchange, a host name for other servers",
    ),
    Rule(
        "0x8005E235", "EmailServerProfileDelegateAccessNotAllowed", ("servertype", "outgoingautograntdelegateaccess"),
        lambda facts: _mail_only(facts) and bool(facts.row["outgoingautograntdelegateaccess"]),
        "For an SMTP email server type, auto-granted delegate access cannot be used.",
        CODES,
    ),
    Rule(
        "0x8005E236", "EmailServerProfileImpersonationNotAllowed",
        ("servertype", "incominguseimpersonation", "outgoinguseimpersonation"),
        lambda facts: _mail_only(facts)
        and _one_of(facts.row, ("incominguseimpersonation", "outgoinguseimpersonation"), (True,)),
        "For a Non Exchange email server type, impersonation cannot be used.",
        CODES,
    ),
    Rule(
        "0x8005E23B", "EmailServerProfileInvalidAuthenticationProtocol", ("servertype", *PROTOCOLS),
        lambda facts: _mail_only(facts) and _one_of(facts.row, PROTOCOLS, (NEGOTIATE, NTLM)),
        "The authentication protocol is invalid for the specified server and connection type.",
        f"{CODES}; assumed: Negotiate and NTLM are Exchange's",
    ),
    Rule(
        "0x8005E23C", "EmailServerProfileADBasedAuthenticationProtocolNotAllowed", PROTOCOLS,
        lambda facts: _one_of(facts.row, PROTOCOLS, (NEGOTIATE, NTLM)),
        "The authentication protocol cannot be set to Negotiate or NTLM for your organization because these require "
        "Active Directory.",
        CODES,
    ),
    Rule(
        "0x8005E238", "OutgoingSettingsUpdateNotAllowed", (SAME, "outgoingusername", "outgoingpassword"),
        lambda facts: bool(facts.row[SAME]) and _differs_from_incoming(facts.row),
        'Different outgoing connection settings cannot be specified because the "Use Same Settings for Outgoing '
        'Connections" flag is set to True.',
        f"{CODES}; assumed: the settings meant are user name and password",
    ),
    Rule(
        "0x8005E242", "unsupported email server", ("exchangeversion",),
        lambda facts: isinstance(version := facts.row["exchangeversion"], int) and version < OLDEST_SUPPORTED_EXCHANGE,
        "The email server is not supported.",
        SUPPORTED,
    ),
    Rule(
        "0x8005E24B", "incoming location required", ("servertype", "useautodiscover", LOCATIONS[0], RETRIEVALS[0]),
        lambda facts: _needs_location(facts.row) and not facts.row[LOCATIONS[0]],
        "The location of the incoming server is required.",
        f"{CONNECT}; {POP}",
    ),
    Rule(
        "0x8005E24C", "outgoing location required", ("servertype", "useautodiscover", LOCATIONS[1], RETRIEVALS[0]),
        lambda facts: _needs_location(facts.row) and not facts.row[LOCATIONS[1]],
        "The location of the outgoing server is required.",
        f"{CONNECT}; {POP}",
    ),
    Rule(
        "0x8005E24F", "incoming port required", ("servertype", "incomingportnumber"),
        lambda facts: _mail_only(facts) and facts.row["incomingportnumber"] is None,
        "The port of the incoming server is required.",
        POP,
    ),
    Rule(
        "0x8005E256", "outgoing port required", ("servertype", "outgoingportnumber"),
        lambda facts: _mail_only(facts) and facts.row["outgoingportnumber"] is None,
        "The port of the outgoing server is required.",
        POP,
    ),
    Rule(
        "0x8005E251", "incoming user name required", (RETRIEVALS[0], "incomingusername"),
        lambda facts: facts.row[RETRIEVALS[0]] == BY_PROFILE and not facts.row["incomingusername"],
        "A user name is required for incoming email.",
        f"{CODES}; assumed: where the credentials are those of the profile",
    ),
    Rule(
        "0x8005E24E", "PasswordRequiredForImpersonation",
        (RETRIEVALS[0], "incominguseimpersonation", "incomingusername", "isincomingpasswordset"),
        lambda facts: facts.row[RETRIEVALS[0]] == BY_PROFILE
        and bool(facts.row["incominguseimpersonation"])
        and not facts.row["isincomingpasswordset"],
        "Type in a password and save again",
        f"{CODES}; assumed: where impersonation is on and no password is stored",
    ),
    Rule(
        "0x8005E253", "incoming password required", (RETRIEVALS[0], "isincomingpasswordset"),
        lambda facts: facts.row[RETRIEVALS[0]] == BY_PROFILE and not facts.row["isincomingpasswordset"],
        "A password is required for incoming email.",
        f"{CODES}; assumed: where the credentials are those of the profile",
    ),
    Rule(
        "0x8005E252", "outgoing user name required", (SAME, RETRIEVALS[1], "outgoingusername"),
        lambda facts: _own_outgoing(facts.row) and not facts.row["outgoingusername"],
        "A user name is required for outgoing email.",
        f"{CODES}; assumed: where outgoing credentials are the profile's own",
    ),
    Rule(
        "0x8005E254", "outgoing password required", (SAME, RETRIEVALS[1], "isoutgoingpasswordset"),
        lambda facts: _own_outgoing(facts.row) and not facts.row["isoutgoingpasswordset"],
        "A password is required for outgoing email.",
        f"{CODES}; assumed: where outgoing credentials are the profile's own",
    ),
    Rule(
        "0x8005E25A", "tenant id empty", (RETRIEVALS[0], "usedefaulttenantid", "exchangeonlinetenantid"),
        lambda facts: facts.row[RETRIEVALS[0]] == ENTRA
        and facts.row["usedefaulttenantid"] is False
        and not facts.row["exchangeonlinetenantid"],
        "The id of the Exchange Online tenant is empty.",
        'Microsoft Learn, "Connect to Exchange Online in another tenant"; assumed: when the default tenant is not used',
    ),
    Rule(
        "0x8005E25C", "tenant id changed", ("exchangeonlinetenantid",),
        lambda facts: bool(facts.before)
        and facts.row[RETRIEVALS[0]] == ENTRA
        and facts.before["exchangeonlinetenantid"] not in (None, facts.row["exchangeonlinetenantid"]),
        "The id of the Exchange Online tenant cannot be changed.",
        f"{CODES}; assumed: once it is set, for OAuth with Entra ID",
    ),
    Rule(
        "0x8004A117", "key vault use, configuration missing", (RETRIEVALS[0], "_keyvaultreferenceid_value"),
        lambda facts: facts.row[RETRIEVALS[0]] == HYBRID_MODERN and not facts.row["_keyvaultreferenceid_value"],
        "The configuration of the key vault is missing.",
        'Microsoft Learn, "Hybrid Modern Authentication"; assumed: the profile must link to the key vault',
    ),
    Rule(
        "0x8004A114", "ManagedIdentityCredentialSourceNotSupported",
        (RETRIEVALS[0], "_powerplatformmanagedidentityid_value"),
        lambda facts: facts.row[RETRIEVALS[0]] == MANAGED_IDENTITY
        and not facts.row["_powerplatformmanagedidentityid_value"],
        "The configured Credential Source for ManagedIdentity is not support",
        f"{CODES}; assumed: the profile must link to the managed identity",
    ),
)  # fmt: skip
