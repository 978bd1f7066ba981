"""The functions of the Web API that belong to no row.

Shapes: Microsoft Learn, "Use Web API functions"; OrganizationDetail and OrganizationType of the Web API reference.
"""

from collections.abc import Callable

from .errors import bad_request, no_such_segment
from .messages import Call, Reply
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

ACCESS_TYPES = ("Default", "Internet", "Intranet")
_ACCESS = "Microsoft.Dynamics.CRM.EndpointAccessType"


def who_am_i(call: Call, transaction: Transaction, _parameters: str) -> Reply:
    """Answer which user the caller is."""
    user = call.caller.user
    body = {
        "@odata.context": f"{call.root}$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse",
        "BusinessUnitId": user["_businessunitid_value"],
        "UserId": user["systemuserid"],
        "OrganizationId": transaction.find("organization")[0]["organizationid"],
    }
    return Reply(200, body)


def retrieve_version(call: Call, transaction: Transaction, _parameters: str) -> Reply:
    """Answer the version of the service."""
    body = {
        "@odata.context": f"{call.root}$metadata#Microsoft.Dynamics.CRM.RetrieveVersionResponse",
        "Version": transaction.setting("organization")["version"],
    }
    return Reply(200, body)


def retrieve_current_organization(call: Call, transaction: Transaction, parameters: str) -> Reply:
    """Answer which organization stands behind this address."""
    name, _, value = parameters.partition("=")
    value = call.options.get(value, value)
    if name.strip() != "AccessType" or value not in [f"{_ACCESS}'{access}'" for access in ACCESS_TYPES]:
        raise bad_request(f"AccessType must be one of {_ACCESS}'Default', 'Internet', 'Intranet'.")
    kept = transaction.setting("organization")
    host = call.root.partition("/api/data/")[0]
    addresses = {
        "WebApplication": f"{host}/",
        "OrganizationDataService": f"{host}/XRMServices/2011/OrganizationData.svc/",
    }
    detail = {
        "OrganizationId": transaction.find("organization")[0]["organizationid"],
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


FUNCTIONS: dict[str, Callable[[Call, Transaction, str], Reply]] = {
    "WhoAmI": who_am_i,
    "RetrieveVersion": retrieve_version,
    "RetrieveCurrentOrganization": retrieve_current_organization,
}


def invoke(call: Call, transaction: Transaction, name: str, parameters: str) -> Reply:
    """Answer a function; any other verb than GET finds nothing, with an empty code."""
    if call.method != "GET":
        error = no_such_segment(name)
        error.code = ""
        raise error
    return FUNCTIONS[name](call, transaction, parameters)
