"""Application access policies, the older way to narrow what an application was consented in Entra.

Microsoft Learn, New-, Set-, Get-, Remove- and Test-ApplicationAccessPolicy.
"""

from typing import Any

from .cmdlets import Arguments
from .errors import bad_parameter, exists_already
from .objects import Object
from .recipients import GROUPS, Properties
from .session import Session

RIGHTS = {"restrictaccess": "RestrictAccess", "denyaccess": "DenyAccess"}
EVERY_APP = "*"


def new(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out New-ApplicationAccessPolicy; one policy for each application."""
    right = RIGHTS.get(arguments.required("AccessRight").casefold())
    if right is None:
        raise bad_parameter(f"AccessRight must be one of {', '.join(RIGHTS.values())}.")
    identity = arguments.required("PolicyScopeGroupID")
    found = session.recipients.named(identity, ("UserMailbox", "MailUser", "MailUniversalSecurityGroup"))
    if not found:
        raise session.absent(identity)
    group, description = found[0], arguments.text("Description") or ""
    taken = {known["Name"] for known in session.objects.all("policy")}
    made = []
    for app_id in arguments.texts("AppId"):
        name = f"{session.tenant}\\{app_id.lower()}:{group['Guid']}"
        if name in taken:
            raise exists_already(name)
        policy: Object = {
            "Name": name,
            "AppId": app_id.lower(),
            "ScopeName": group["Name"],
            "ScopeIdentity": group["Guid"],
            "AccessRight": right,
            "Description": description,
        }
        made.append(_shown(session.objects.add("policy", policy)))
    return made


def change(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Set-ApplicationAccessPolicy."""
    policy = session.one("policy", arguments.required("Identity"))
    session.objects.change(policy["Guid"], {"Description": arguments.text("Description") or ""})
    return []


def get(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Get-ApplicationAccessPolicy."""
    return [_shown(policy) for policy in session.chosen("policy", arguments)]


def remove(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Remove-ApplicationAccessPolicy."""
    session.objects.remove(session.one("policy", arguments.required("Identity"))["Guid"])
    return []


def test(session: Session, arguments: Arguments) -> list[dict[str, Any]]:
    """Carry out Test-ApplicationAccessPolicy."""
    identity, app_id = arguments.required("Identity"), arguments.required("AppId").lower()
    found = session.recipients.named(identity)
    if not found:
        raise session.absent(identity)
    policies = [one for one in session.seen("policy") if one["AppId"] in (app_id, EVERY_APP)]
    held = {policy["Guid"]: _holds(session, policy, found[0]) for policy in policies}
    denied = any(policy["AccessRight"] == "DenyAccess" and held[policy["Guid"]] for policy in policies)
    restricting = [policy for policy in policies if policy["AccessRight"] == "RestrictAccess"]
    granted = not denied and (not restricting or any(held[policy["Guid"]] for policy in restricting))
    result = "Granted" if granted else "Denied"
    return [{"AppId": app_id, "Mailbox": found[0]["Name"], "AccessCheckResult": result}]


def _holds(session: Session, policy: Object, recipient: Properties) -> bool:
    """Whether the recipient is the policy's own or a member of its group, however deeply nested."""
    waiting, seen = [policy["ScopeIdentity"]], set[str]()
    by_guid = {one["Guid"]: one for one in session.recipients.all()}
    while waiting:
        guid = waiting.pop()
        if guid == recipient["Guid"]:
            return True
        if guid in seen or guid not in by_guid or by_guid[guid]["RecipientTypeDetails"] not in GROUPS:
            continue
        seen.add(guid)
        waiting.extend(member["Guid"] for member in session.recipients.members(by_guid[guid]))
    return False


def _shown(policy: Object) -> dict[str, Any]:
    names = ("AppId", "ScopeName", "ScopeIdentity", "AccessRight", "Description", "Guid")
    return {"Identity": policy["Name"], **{name: policy[name] for name in names}}
