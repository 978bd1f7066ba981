"""What a refusal of Exchange means: by the type of its exception, whose text and code vary.

Sources: what public clients met; no page of Microsoft lists them.
"""

from dataclasses import dataclass
from typing import Final

from ..errors import (
    ExchangeError,
    ExchangeExists,
    ExchangeForbidden,
    ExchangeMisrouted,
    ExchangeNotFound,
    ExchangeNotReady,
    ExchangeRefused,
)


@dataclass(frozen=True)
class _Meaning:
    mark: str
    """In lower case; what the exception's type ends with, or what its text contains."""
    kind: type[ExchangeError]
    advice: str


_TYPES: Final = (
    _Meaning(
        "managementobjectnotfoundexception",
        ExchangeNotFound,
        "Check the name; what was made just now may take minutes to be seen.",
    ),
    _Meaning("adobjectalreadyexistsexception", ExchangeExists, "Choose another name, or adopt the object that has it."),
    _Meaning(
        "insufficientpermissionsexception",
        ExchangeMisrouted,
        "Give the organization's first domain, such as contoso.onmicrosoft.com, as exchangeOrganization.",
    ),
    _Meaning(
        "cmdletinvalidoperationindehydratedcontextexception",
        ExchangeNotReady,
        "Run Enable-OrganizationCustomization once in this organization, and wait for about an hour.",
    ),
    _Meaning("cmdletaccessdeniedexception", ExchangeForbidden, "Give the caller a role that has this cmdlet."),
)

_TEXTS: Final = (
    _Meaning(
        "delegating role assignment",
        ExchangeForbidden,
        "Make the caller an Exchange Administrator, or give it a delegating assignment of this role; in the first hour "
        "after Enable-OrganizationCustomization wait and run again.",
    ),
    _Meaning("already exist", ExchangeExists, "Choose another name, or adopt the object that has it."),
)


def refusal(tried: str, answer: str, exception: str, text: str, *, request_id: str = "") -> ExchangeError:
    """Return the error for a refusal.

    Args:
        tried: the command.
        answer: what came back, for people.
        exception: the .NET type of the exception, with or without its namespace; empty where there is none.
        text: its message.
        request_id: Exchange's own id of the request.
    """
    kind = exception.lower().rpartition(".")[2]
    found = next((it for it in _TYPES if kind == it.mark), None)
    found = found or next((it for it in _TEXTS if it.mark in text.lower()), None)
    if found is None:
        return ExchangeRefused(tried, answer, request_id=request_id)
    return found.kind(tried, answer, found.advice, request_id=request_id)
