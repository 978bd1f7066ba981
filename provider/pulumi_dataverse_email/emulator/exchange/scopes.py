"""Management scopes: a filter over recipients, under a name.

Microsoft Learn, New-, Set-, Get- and Remove-ManagementScope.
"""

from typing import Any

from .cmdlets import Arguments
from .errors import TASKS, ExchangeError, exists_already, refused
from .objects import Object
from .opath import FilterError, Node, parse, spell
from .properties import check
from .session import Session
from .switches import Switches

DEHYDRATED = "Microsoft.Exchange.Configuration.Tasks.CmdletInvalidOperationInDehydratedContextException"


def new(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out New-ManagementScope."""
    require_customized(session)
    name, text = arguments.required("Name"), arguments.required("RecipientRestrictionFilter")
    exclusive = bool(arguments.flag("Exclusive"))
    if exclusive and not arguments.flag("Force"):
        raise refused("Exclusive scopes take effect at once; nobody can answer the prompt, so Force is needed.")
    checked(text, session.switches)
    if any(name.casefold() == str(known["Name"]).casefold() for known in session.objects.all("scope")):
        raise exists_already(name)
    root = _root(session, arguments.text("RecipientRoot"))
    _refuse_equal(session, text, root, None)
    made = session.objects.add(
        "scope",
        {
            "Name": name,
            "DistinguishedName": session.distinguished_name(name, "Scopes"),
            "RecipientFilter": text,
            "RecipientRoot": root,
            "Exclusive": exclusive,
            "WhenCreated": session.moment,
            "WhenChanged": session.moment,
        },
    )
    return [_shown(session, made)]


def change(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Set-ManagementScope."""
    identity = arguments.required("Identity")
    scope = session.one("scope", identity)
    changes: Object = {}
    if (name := arguments.text("Name")) is not None:
        others = [known for known in session.objects.all("scope") if known["Guid"] != scope["Guid"]]
        if any(name.casefold() == str(known["Name"]).casefold() for known in others):
            raise exists_already(name)
        changes |= {"Name": name, "DistinguishedName": session.distinguished_name(name, "Scopes")}
    if (text := arguments.text("RecipientRestrictionFilter")) is not None:
        checked(text, session.switches)
        changes["RecipientFilter"] = text
    if arguments.has("RecipientRoot"):
        changes["RecipientRoot"] = _root(session, arguments.text("RecipientRoot"))
    after = scope | changes
    if after == scope:
        session.unmodified(identity)
        return []
    if (after["RecipientFilter"], after["RecipientRoot"]) != (scope["RecipientFilter"], scope["RecipientRoot"]):
        _refuse_equal(session, after["RecipientFilter"], after["RecipientRoot"], scope["Guid"])
    session.objects.change(scope["Guid"], changes | {"WhenChanged": session.moment})
    return []


def get(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-ManagementScope."""
    found = session.chosen("scope", arguments)
    exclusive = arguments.flag("Exclusive")
    if exclusive is not None:
        found = [scope for scope in found if scope["Exclusive"] == exclusive]
    if arguments.flag("Orphan"):
        used = {assignment["Scope"] for assignment in session.seen("assignment")}
        found = [scope for scope in found if scope["Guid"] not in used]
    return [_shown(session, scope) for scope in found]


def remove(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Remove-ManagementScope."""
    scope = session.one("scope", arguments.required("Identity"))
    using = [one["Name"] for one in session.objects.all("assignment") if one["Scope"] == scope["Guid"]]
    if using:
        names = ", ".join(f"'{name}'" for name in using)
        raise refused(f"The scope '{scope['Name']}' can't be removed: it is used by the role assignments {names}.")
    session.objects.remove(scope["Guid"])
    return []


def checked(text: str, switches: Switches) -> Node:
    """Return the tree of a filter that may be used.

    Raises:
        ExchangeError: 400, it may not.
    """
    longest = switches.longest_filter
    if longest is not None and len(text) > longest:
        raise _misfit(f"The filter is too long: {len(text)} characters, {longest} at most.")
    try:
        tree = parse(text)
        check(tree, leading_wildcard=switches.leading_wildcard == "accept")
    except FilterError as error:
        raise _misfit(str(error)) from None
    return tree


def require_customized(session: Session) -> None:
    """Refuse what a new tenant cannot do before Enable-OrganizationCustomization.

    Raises:
        ExchangeError: 400.
    """
    if not session.switches.customized:
        text = (
            "The command you tried to run isn't currently allowed in your organization. To run this command, you first "
            "need to run the command: Enable-OrganizationCustomization."
        )
        raise refused(text, DEHYDRATED)


def _root(session: Session, root: str | None) -> str | None:
    """Return the distinguished name of the root that a name or DN means; None is the whole organization."""
    if not root:
        return None
    organization = session.recipients.organization
    if root.casefold() in (organization.casefold(), session.domain.casefold()):
        return organization
    if root.casefold().endswith("," + organization.casefold()):
        return root
    raise ExchangeError(
        400, "BadRequest", f"{TASKS}.ManagementObjectNotFoundException", f"There is no organizational unit '{root}'."
    )


def _refuse_equal(session: Session, text: str, root: str | None, own: str | None) -> None:
    if session.switches.equal_scopes == "accept":
        return
    for known in session.objects.all("scope"):
        same = (known["RecipientFilter"].casefold(), known["RecipientRoot"]) == (text.casefold(), root)
        if same and known["Guid"] != own:
            raise refused(f"The management scope '{known['Name']}' has the same filter and root already.")


def _misfit(text: str) -> ExchangeError:
    return ExchangeError(400, "BadRequest", "Microsoft.Exchange.Data.ParsingException", text)


def _shown(session: Session, scope: Object) -> dict[str, Any]:
    text = scope["RecipientFilter"]
    if session.switches.filter_echo == "rewritten":
        text = spell(parse(text))
    return {
        "Name": scope["Name"],
        "Identity": scope["Name"],
        "Guid": scope["Guid"],
        "DistinguishedName": scope["DistinguishedName"],
        "RecipientFilter": text,
        "RecipientRoot": scope["RecipientRoot"] or "",
        "ScopeRestrictionType": "RecipientScope",
        "Exclusive": scope["Exclusive"],
        "ServerFilter": "",
        "DatabaseFilter": "",
        "WhenCreated": scope["WhenCreated"],
        "WhenChanged": scope["WhenChanged"],
    }
