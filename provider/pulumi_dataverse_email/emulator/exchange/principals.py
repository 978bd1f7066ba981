"""Pointers to service principals of Entra, without which Exchange knows no application.

Microsoft Learn, New-, Set-, Get- and Remove-ServicePrincipal.
"""

from typing import Any

from ..entra import directory
from .cmdlets import Arguments
from .errors import TASKS, bad_parameter, exists_already, refused
from .objects import Object
from .session import Session

NAMES = ("AppId", "ObjectId", "DisplayName")
LIMIT = 10_000
"""Applications of an organization; Microsoft Learn, "Role Based Access Control for Applications in Exchange Online"."""


def new(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out New-ServicePrincipal."""
    app_id, object_id = arguments.required("AppId").lower(), arguments.required("ObjectId").lower()
    arguments.text("ServiceId")  # deprecated, and without a meaning
    registration = directory.find(session.transaction, app_id)
    organization = str(session.transaction.setting("organization")["tenantid"])
    known = registration is not None and registration.is_in(session.tenant, organization)
    if registration is None or not known or registration.service_principal != object_id:
        text = f"The service principal with AppId '{app_id}' and ObjectId '{object_id}' was not found in Entra ID."
        raise bad_parameter(text)
    others = session.objects.all("principal")
    if any(app_id == other["AppId"] for other in others):
        raise exists_already(object_id)
    if len(others) >= LIMIT:
        raise refused(f"The organization has {LIMIT} service principals already.", f"{TASKS}.OverLimitException")
    made: Object = {
        "Name": object_id,
        "DistinguishedName": f"CN={object_id},CN=ServicePrincipals,CN=Configuration,{session.recipients.organization}",
        "DisplayName": arguments.text("DisplayName") or "",
        "AppId": app_id,
        "ObjectId": object_id,
    }
    return [_shown(session.objects.add("principal", made))]


def change(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Set-ServicePrincipal."""
    identity = arguments.required("Identity")
    principal = session.one("principal", identity, *NAMES)
    name = arguments.text("DisplayName")
    if name is None or name == principal["DisplayName"]:
        session.unmodified(identity)
    else:
        session.objects.change(principal["Guid"], {"DisplayName": name})
    return []


def get(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-ServicePrincipal."""
    return [_shown(principal) for principal in session.chosen("principal", arguments, *NAMES)]


def remove(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Remove-ServicePrincipal."""
    _forget(session, session.one("principal", arguments.required("Identity"), *NAMES))
    return []


def follow(session: Session, app_id: str) -> None:
    """Let a service principal that Entra lost take its pointer and its assignments with it; scopes stay."""
    for principal in session.objects.all("principal"):
        if principal["AppId"] == app_id:
            _forget(session, principal)


def _forget(session: Session, principal: Object) -> None:
    for assignment in session.objects.all("assignment"):
        if assignment["Assignee"] == principal["Guid"]:
            session.objects.remove(assignment["Guid"])
    session.objects.remove(principal["Guid"])


def _shown(principal: Object) -> dict[str, Any]:
    return {
        "DisplayName": principal["DisplayName"],
        "AppId": principal["AppId"],
        "ObjectId": principal["ObjectId"],
        "Identity": principal["ObjectId"],
        "Id": principal["ObjectId"],
        "Guid": principal["Guid"],
        "DistinguishedName": principal["DistinguishedName"],
    }
