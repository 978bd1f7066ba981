"""Who the login is in an environment: a user with roles, privileges, and what is left of the service's limits."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ..errors import NotDataverse
from .transport import Answer, Request, Transport

REQUESTS = "x-ms-ratelimit-burst-remaining-xrm-requests"
SECONDS = "x-ms-ratelimit-time-remaining-xrm-requests"
"""Headers that say what is left of the service-protection limits.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
"""


@dataclass(frozen=True)
class Caller:
    """A user of an environment.

    Args:
        user_id: its id.
        name: as people know it.
        application_id: of an application user; empty for a person.
        is_disabled: whether it is disabled.
        roles: names of its security roles.
        privileges: names of what it may do.
        version: the environment's.
        requests_left: requests in the next five minutes, as the service counts; empty where it does not say.
        seconds_left: of execution time in them; empty likewise.
    """

    user_id: str
    name: str
    application_id: str
    is_disabled: bool
    roles: tuple[str, ...]
    privileges: frozenset[str]
    version: str
    requests_left: str
    seconds_left: str


def caller(transport: Transport) -> Caller:
    """Ask who the login is; costs four requests, and writes nothing.

    Raises:
        DataverseError, LoginError: nobody answers, or with a refusal.
    """
    answer = transport.send(Request("ask who the login is", "GET", "WhoAmI"))
    user_id = str(_content(answer).get("UserId") or "")
    if not user_id:
        raise NotDataverse("ask who the login is", "the answer names no user", "Check environmentUrl.")
    columns = "$select=fullname,applicationid,isdisabled&$expand=systemuserroles_association($select=name)"
    user = _content(transport.send(Request("read the login's user", "GET", f"systemusers({user_id})?{columns}")))
    function = f"systemusers({user_id})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()"
    granted = _content(transport.send(Request("read what the login may do", "GET", function)))
    version = _content(transport.send(Request("ask the environment's version", "GET", "RetrieveVersion()")))
    headers = {name.casefold(): text for name, text in answer.headers.items()}
    return Caller(
        user_id=user_id,
        name=str(user.get("fullname") or ""),
        application_id=str(user.get("applicationid") or ""),
        is_disabled=user.get("isdisabled") is True,
        roles=_names(user.get("systemuserroles_association"), "name"),
        privileges=frozenset(_names(granted.get("RolePrivileges"), "PrivilegeName")),
        version=str(version.get("Version") or ""),
        requests_left=headers.get(REQUESTS, ""),
        seconds_left=headers.get(SECONDS, ""),
    )


def _content(answer: Answer) -> Mapping[str, Any]:
    found = json.loads(answer.content)
    return found if isinstance(found, dict) else {}


def _names(rows: object, key: str) -> tuple[str, ...]:
    listed = rows if isinstance(rows, list) else []
    return tuple(sorted(str(it[key]) for it in listed if isinstance(it, dict) and it.get(key)))
