"""What a profile's server type, locations, ports and protocols allow together."""

from ...declare import Rule, Values
from ..sources import CODES, ON_PREMISES, POP_AND_SMTP, SUPPORTED
from .choices import AuthenticationProtocol, CredentialRetrieval, ExchangeVersion, ServerType

DIRECTIONS = ("incoming", "outgoing")
LOCATIONS = ("incoming_server_location", "outgoing_server_location")
PORTS = ("incoming_port_number", "outgoing_port_number")
SSL = ("incoming_use_ssl", "outgoing_use_ssl")
PROTOCOLS = ("incoming_authentication_protocol", "outgoing_authentication_protocol")
IMPERSONATION = ("incoming_use_impersonation", "outgoing_use_impersonation")
RETRIEVALS = ("incoming_credential_retrieval", "outgoing_credential_retrieval")

MAIL_ONLY = (ServerType.OTHER, ServerType.IMAP_SMTP)
"""POP3 and IMAP: no appointments, contacts and tasks, no impersonation, no auto discover."""

EXCHANGE = (
    ServerType.EXCHANGE_SERVER,
    ServerType.EXCHANGE_SERVER_HYBRID,
    ServerType.EXCHANGE_ONLINE_HYBRID,
    ServerType.EXCHANGE_ONLINE,
)
MAIL_PORTS = (25, 110, 143, 465, 587, 993, 995)
"""Ports of SMTP, POP3 and IMAP, none of which Exchange Web Services have."""

PLAIN_PORTS = (80, 110, 143)
"""Ports of HTTP, POP3 and IMAP without encryption from the start; SMTP's 25 and 587 begin it later."""

ACTIVE_DIRECTORY = (AuthenticationProtocol.NEGOTIATE, AuthenticationProtocol.NTLM)
BY_HAND = (
    CredentialRetrieval.CREDENTIALS_SPECIFIED_IN_EMAIL_SERVER_PROFILE,
    CredentialRetrieval.EXCHANGE_HYBRID_MODERN_AUTH,
)
OLD_VERSIONS = tuple(version for version in ExchangeVersion if version is not ExchangeVersion.EXCHANGE_2013)


def _mail_only(profile: Values) -> bool:
    return profile.get("server_type") in MAIL_ONLY


def _made_here(profile: Values) -> bool:
    """Whether what is not stated is not there: an adopted profile may have it."""
    return not profile.get("adopt")


def _any_is(profile: Values, names: tuple[str, ...], values: tuple[object, ...]) -> bool:
    return any(profile.get(name) in values for name in names if profile.get(name) is not None)


def _all_stated(profile: Values, names: tuple[str, ...]) -> bool:
    return all(profile.get(name) is not None for name in names)


def _scheme_agrees(direction: str) -> Rule:
    location, ssl = f"{direction}_server_location", f"{direction}_use_ssl"

    def holds(profile: Values) -> bool:
        scheme = str(profile.get(location) or "").casefold().partition("://")[0]
        return profile.get(ssl) is None or scheme not in {"http", "https"} or profile[ssl] is (scheme == "https")

    return Rule(
        reads=(location, ssl),
        blames=ssl,
        says=f"contradicts the {location}: an https:// address goes with True, an http:// address with False",
        source=CODES,
        holds=holds,
    )


def _basic_is_covered(direction: str) -> Rule:
    protocol, ssl = f"{direction}_authentication_protocol", f"{direction}_use_ssl"
    return Rule(
        reads=(protocol, ssl),
        blames=protocol,
        says=f"'basic' sends the password as it is, and is refused without SSL: set {ssl}=True",
        source=CODES,
        holds=lambda profile: profile.get(protocol) != AuthenticationProtocol.BASIC or profile.get(ssl) is not False,
    )


def _port_is_encrypted(direction: str) -> Rule:
    port, ssl = f"{direction}_port_number", f"{direction}_use_ssl"
    return Rule(
        reads=(port, ssl),
        blames=port,
        says=(
            f"contradicts {ssl}, which Dataverse online wants to be True: {{{port}}} is a port without encryption; "
            "use 443 for Exchange, 995 for POP3 or 993 for IMAP"
        ),
        source=POP_AND_SMTP,
        # Where it is False, that is refused already.
        holds=lambda profile: profile.get(port) not in PLAIN_PORTS or profile.get(ssl) is False,
        severity="warning",
    )


def _needs_locations(profile: Values) -> bool:
    exchange = (ServerType.EXCHANGE_SERVER, ServerType.EXCHANGE_SERVER_HYBRID)
    by_hand = profile.get("incoming_credential_retrieval") in BY_HAND and profile.get("server_type") in exchange
    return _made_here(profile) and by_hand and not profile.get("use_auto_discover")


SERVER_RULES = (
    *(_scheme_agrees(direction) for direction in DIRECTIONS),
    *(_basic_is_covered(direction) for direction in DIRECTIONS),
    Rule(
        reads=("server_type", "use_auto_discover"),
        blames="use_auto_discover",
        says="only Exchange is found by auto discover; give a POP3, IMAP or SMTP server's locations and ports instead",
        source=CODES,
        holds=lambda profile: not (_mail_only(profile) and profile.get("use_auto_discover")),
    ),
    Rule(
        reads=("use_auto_discover", *LOCATIONS),
        blames="use_auto_discover",
        says="the server is either found by auto discover or has its locations stated; give one of the two",
        source=CODES,
        holds=lambda profile: (
            not (profile.get("use_auto_discover") and any(profile.get(name) is not None for name in LOCATIONS))
        ),
    ),
    Rule(
        reads=("server_type", *LOCATIONS, *PORTS, "adopt"),
        blames="incoming_server_location",
        says="a POP3, IMAP or SMTP server needs incoming and outgoing server_location and port_number",
        source=POP_AND_SMTP,
        holds=lambda profile: (
            not (_mail_only(profile) and _made_here(profile)) or _all_stated(profile, (*LOCATIONS, *PORTS))
        ),
    ),
    Rule(
        reads=("server_type", "incoming_credential_retrieval", "use_auto_discover", *LOCATIONS, "adopt"),
        blames="incoming_server_location",
        says=(
            "an Exchange Server with credentials in the profile, or by hybrid modern authentication, needs "
            "use_auto_discover=True or both incoming_server_location and outgoing_server_location"
        ),
        source=ON_PREMISES,
        holds=lambda profile: not _needs_locations(profile) or _all_stated(profile, LOCATIONS),
    ),
    Rule(
        reads=("server_type", *IMPERSONATION),
        blames="incoming_use_impersonation",
        says="only Exchange knows impersonation; leave it out for a POP3, IMAP or SMTP server",
        source=CODES,
        holds=lambda profile: not (_mail_only(profile) and _any_is(profile, IMPERSONATION, (True,))),
    ),
    Rule(
        reads=("server_type", "outgoing_auto_grant_delegate_access"),
        blames="outgoing_auto_grant_delegate_access",
        says="only Exchange knows delegates; leave it out for a POP3, IMAP or SMTP server",
        source=CODES,
        holds=lambda profile: not (_mail_only(profile) and profile.get("outgoing_auto_grant_delegate_access")),
    ),
    *(_port_is_encrypted(direction) for direction in DIRECTIONS),
    Rule(
        reads=("server_type", *PORTS),
        blames="incoming_port_number",
        says=(
            "a port of POP3, IMAP or SMTP, which a profile does not mix with Exchange; "
            "leave the ports out or give 443, or make a profile for each"
        ),
        source=SUPPORTED,
        holds=lambda profile: not (profile.get("server_type") in EXCHANGE and _any_is(profile, PORTS, MAIL_PORTS)),
        severity="warning",
    ),
    # The refusal depends on a setting of the deployment, off online by default, which nobody outside can read.
    Rule(
        reads=PROTOCOLS,
        blames="incoming_authentication_protocol",
        says=(
            "Dataverse online may refuse Negotiate and NTLM, which need Active Directory; "
            "use 'auto_detect', or 'basic' where the Exchange Server takes it"
        ),
        source=CODES,
        holds=lambda profile: not _any_is(profile, PROTOCOLS, ACTIVE_DIRECTORY),
        severity="warning",
    ),
    Rule(
        reads=SSL,
        blames="incoming_use_ssl",
        says="Dataverse online refuses connections without SSL; leave it out or set it to True",
        source=CODES,
        holds=lambda profile: not _any_is(profile, SSL, (False,)),
    ),
    # The codes have an unsupported server, but do not say that this column is what tells.
    Rule(
        reads=("exchange_version",),
        blames="exchange_version",
        says="Exchange before 2013 is no longer supported; move to a later version",
        source=SUPPORTED,
        holds=lambda profile: profile.get("exchange_version") not in OLD_VERSIONS,
        severity="warning",
    ),
)
