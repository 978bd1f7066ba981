"""The sets of arguments that the law about refusals ranges over."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import chain

from hypothesis import strategies as st

from pulumi_dataverse_email.declare import Fault, Lookup, TableKind
from tests.contract.kinds import SECRET, values

from .mailbox import ANNA

Arguments = Mapping[str, object]

EWS = "https://mail.contoso.com/EWS/Exchange.asmx"
BOTH = {"incoming_server_location": EWS, "outgoing_server_location": EWS}
MAIL_SERVERS = {
    "incoming_server_location": "imap.contoso.com",
    "incoming_port_number": 993,
    "outgoing_server_location": "smtp.contoso.com",
    "outgoing_port_number": 587,
}
ONE_ACCOUNT = {
    "incoming_credential_retrieval": "credentials_specified_in_email_server_profile",
    "incoming_user_name": "crm",
    "incoming_password": SECRET,
}

PROFILES: Mapping[str, Arguments] = {
    str(it["name"]): it
    for it in (
        {"name": "One account", "server_type": "exchange_server", "use_auto_discover": True, **ONE_ACCOUNT},
        {"name": "Credentials of each", "server_type": "exchange_server_hybrid"},
        {"name": "POP3", "server_type": "other", **MAIL_SERVERS},
        {"name": "IMAP", "server_type": "imap_smtp", **MAIL_SERVERS},
    )
}
"""The profiles that mailboxes name, as a program declares them."""

BASES: Mapping[str, Sequence[Arguments]] = {
    "EmailServerProfile": (
        *PROFILES.values(),
        {"name": "Contoso", "server_type": "exchange_server", **BOTH},
        {"name": "Contoso", "server_type": "exchange_online"},
    ),
    "Mailbox": (
        {"user": ANNA},
        {"queue": "Support"},
        {"forward_mailbox": "Leads", "email_address": "leads@contoso.com", "outgoing_email_delivery_method": "none"},
    ),
}
"""What a set begins with: it keeps our rules."""

LOCATIONS = (
    EWS,
    EWS.upper(),
    "http://mail.contoso.com",
    "ftp://mail.contoso.com",
    "https://",
    "mail.contoso.com",
    "a b",
)
KNOWN: Mapping[str, Sequence[str]] = {
    "emailserverprofiles": tuple(PROFILES),
    "systemusers": ("ben@contoso.com",),
    "teams": ("Mail",),
}
"""Rows that lookups may name; those of tables that the emulator does not have are taken unseen."""

LONGEST = 20
"""How long a text is at most: long ones have laws of their own, and take their time."""


@st.composite
def sets(draw: st.DrawFn, kind: TableKind) -> Arguments:
    """Draw arguments of a kind that keep our rules: a base, and as much of what some rules read as goes with it."""
    fixed = {*kind.identifying, *(name for name, it in kind.arguments.items() if it.required)}
    free = [name for name in kind.columns if name not in fixed]
    related = [[name for name in reads if name in free] for reads in _reads(kind)]
    together = draw(st.lists(st.sampled_from([names for names in related if names]), min_size=1, max_size=3))
    names = [*chain.from_iterable(together), *draw(st.lists(st.sampled_from(free), max_size=2))]
    more = {name: draw(_values(kind, name)) for name in names}
    found = dict(draw(st.sampled_from(BASES[kind.name])))
    for name, value in (*more.items(), *more.items()):  # what needs another argument has a second chance
        if not faults(kind, {**found, name: value}):
            found[name] = value
    return found


def faults(kind: TableKind, arguments: Arguments) -> list[Fault]:
    """Return what stops the preview of a program with these arguments, and with `PROFILES`."""
    stated, found = kind.parse(arguments)
    for through in kind.lookups:
        if there := PROFILES.get(str(arguments.get(through))):
            broken = kind.broken_across(through, stated, there, [])
            found += [Fault(rule.blames, rule.says) for rule in broken if rule.severity == "error"]
    return found


def _reads(kind: TableKind) -> list[tuple[str, ...]]:
    return [rule.reads for rule in kind.rules] + [rule.reads for rule in kind.across]


@cache
def _values(kind: TableKind, name: str) -> st.SearchStrategy[object]:
    argument = kind.arguments[name]
    if isinstance(argument.marker, Lookup):
        known = KNOWN.get(argument.marker.target.entity_set)
        return st.sampled_from(known) if known else st.uuids().map(str)
    if name.endswith("_server_location"):
        return st.sampled_from(LOCATIONS)
    if argument.secret:
        return st.just(SECRET)
    if argument.schema.keys() >= {"maxLength"}:
        return st.text(min_size=1, max_size=min(LONGEST, argument.schema["maxLength"]))
    return values(argument)
