"""The functions of the Web API.

Shapes: Microsoft Learn, "Use Web API functions"; OrganizationDetail, OrganizationType, EntityRecordCountCollection and
RolePrivilege of the Web API reference.
"""

import json
import re
from collections.abc import Callable, Mapping

from . import aliases
from .addresses import Segment
from .entities import Entities
from .errors import ODataError, bad_request, no_such_segment, not_emulated
from .expansions import split
from .messages import Call, Reply
from .rights import caller_behind, privilege_id
from .schema import TABLES
from .store import Transaction

ORGANIZATION_TYPES = {
    name: number
    for number, name in enumerate((
        "Customer", "Monitoring", "Support", "BackEnd", "Secondary", "CustomerTest", "CustomerFreeTest",
        "CustomerPreview", "Placeholder", "TestDrive", "MsftInvestigation", "EmailTrial", "Default", "Developer",
        "Trial", "Teams", "Platform",
    ))
}  # fmt: skip
"""Members of OrganizationType and their numbers: 0, 4 and 12 are production, 5 sandbox, 13 developer, 14 trial."""
NAMESPACE = "Microsoft.Dynamics.CRM."

BOUND = frozenset({"RetrieveUserPrivileges"})
"""Functions that hang on a user."""

BOUND_BUT_NOT_EMULATED = frozenset({
    "RetrievePrincipalAccess", "RetrieveUserPrivilegeByPrivilegeId", "RetrieveUserPrivilegeByPrivilegeName",
    "RetrieveUserSetOfPrivilegesByIds", "RetrieveUserSetOfPrivilegesByNames",
})  # fmt: skip

_PARAMETER = re.compile(r"\s*(\w+)\s*=(.*)", re.DOTALL)

ACCESS_TYPES = ("Default", "Internet", "Intranet")
Parameters = Mapping[str, str]
"""The parameters of a function by name, aliases put in their place, as they were written."""

_ACCESS = "Microsoft.Dynamics.CRM.EndpointAccessType"


def who_am_i(call: Call, transaction: Transaction, _parameters: Parameters) -> Reply:
    """Answer which user the caller is."""
    user = call.caller.user
    body = {
        "@odata.context": f"{call.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
        "BusinessUnitId": user["_businessunitid_value"],
        "UserId": user["systemuserid"],
        "OrganizationId": transaction.organization()["organizationid"],
    }
    return Reply(200, body)


def retrieve_version(call: Call, transaction: Transaction, _parameters: Parameters) -> Reply:
    """Answer the version of the service."""
    body = {
        "@odata.context": f"{call.root}$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse",
        "Version": transaction.setting("organization")["version"],
    }
    return Reply(200, body)


def retrieve_current_organization(call: Call, transaction: Transaction, parameters: Parameters) -> Reply:
    """Answer which organization stands behind this address."""
    if parameters.get("AccessType") not in [f"{_ACCESS}'{access}'" for access in ACCESS_TYPES]:
        raise bad_request(f"AccessType must be one of {_ACCESS}'Default', 'Internet', 'Intranet'.")
    kept = transaction.setting("organization")
    host = call.root.partition("/api/data/")[0]
    addresses = {
        "WebApplication": f"{host}/",
        "OrganizationDataService": f"{host}/XRMServices/2011/OrganizationData.svc/",
    }
    detail = {
        "OrganizationId": transaction.organization()["organizationid"],
        "FriendlyName": kept["friendlyname"],
        "OrganizationVersion": kept["version"],
        "EnvironmentId": kept["environmentid"],
        "DatacenterId": kept["datacenterid"],
        "Geo": kept["geo"],
        "TenantId": kept["tenantid"],
        "UrlName": kept["urlname"],
        "UniqueName": kept["uniquename"],
        "State": "Enabled",
        "OrganizationType": _type(kept["organizationtype"], transaction),
        "Endpoints": {
            "Count": len(addresses),
            "IsReadOnly": False,
            "Keys": list(addresses),
            "Values": list(addresses.values()),
        },
    }
    response = "Microsoft.Dynamics.CRM.RetrieveCurrentOrganizationResponse"
    return Reply(200, {"@odata.context": f"{call.root}$metadata#{response}", "Detail": detail})


def _type(name: str, transaction: Transaction) -> str | int:
    return ORGANIZATION_TYPES[name] if transaction.switches.organization_type_as == "code" else name


def retrieve_total_record_count(call: Call, transaction: Transaction, parameters: Parameters) -> Reply:
    """Answer how many rows tables have; a real service counts once a day, this one at once."""
    try:
        names = json.loads(parameters.get("EntityNames", "").replace("'", '"'))
    except ValueError:
        names = None
    if not isinstance(names, list) or not names or not all(isinstance(name, str) for name in names):
        raise bad_request('EntityNames must be an array of names in JSON, such as ["mailbox"].')
    for name in names:
        if name not in TABLES:
            raise ODataError(
                400, "0x80041102", f"The entity with a name = '{name}' was not found in the MetadataCache."
            )
    for name in names:
        call.caller.require("Read", TABLES[name])
    body = {
        "@odata.context": f"{call.root}$metadata#{NAMESPACE}RetrieveTotalRecordCountResponse",
        "EntityRecordCountCollection": {
            "Count": len(names),
            "IsReadOnly": False,
            "Keys": names,
            "Values": [transaction.count(name) for name in names],
        },
    }
    return Reply(200, body)


def retrieve_user_privileges(entities: Entities, row_id: str) -> Reply:
    """Answer what a user may do; every privilege reaches the whole organization."""
    user = entities.existing(row_id)
    granted = sorted(caller_behind(entities.transaction, user).privileges)
    privileges = [
        {
            "Depth": "Global",
            "PrivilegeId": privilege_id(name),
            "BusinessUnitId": user["_businessunitid_value"],
            "PrivilegeName": name,
            "RecordFilterId": "00000000-0000-0000-0000-000000000000",
            "RecordFilterUniqueName": "",
        }
        for name in granted
    ]
    response = f"{entities.call.root}$metadata#{NAMESPACE}RetrieveUserPrivilegesResponse"
    return Reply(200, {"@odata.context": response, "RolePrivileges": privileges})


FUNCTIONS: dict[str, Callable[[Call, Transaction, Parameters], Reply]] = {
    "WhoAmI": who_am_i,
    "RetrieveVersion": retrieve_version,
    "RetrieveCurrentOrganization": retrieve_current_organization,
    "RetrieveTotalRecordCount": retrieve_total_record_count,
}


def invoke(call: Call, transaction: Transaction, name: str, parameters: str) -> Reply:
    """Answer a function; any other verb than GET finds nothing, with an empty code."""
    if call.method != "GET":
        error = no_such_segment(name)
        error.code = ""
        raise error
    return FUNCTIONS[name](call, transaction, _read(parameters, call.options))


def invoke_bound(entities: Entities, row_id: str, path: list[Segment]) -> Reply:
    """Answer a function that hangs on a row."""
    segment, name = path[0], path[0].name.removeprefix(NAMESPACE)
    if entities.table.logical_name != "systemuser" or len(path) > 1 or entities.call.method != "GET":
        raise no_such_segment(segment.name)
    if name == segment.name or segment.key is None:  # documented: the namespace is required
        raise bad_request("Request message has unresolved parameters.")
    if name in BOUND_BUT_NOT_EMULATED:
        raise not_emulated(name)
    entities.require("Read", entities.table)
    return retrieve_user_privileges(entities, row_id)


def _read(text: str, options: Mapping[str, str]) -> Parameters:
    found: dict[str, str] = {}
    for part in split(text, ",") if text.strip() else []:
        match = _PARAMETER.fullmatch(part)
        if match is None:
            raise bad_request("Syntax error in the parameters of a function: Name=value was expected.")
        found[match[1]] = aliases.resolve(match[2].strip(), options)
    return found
