"""What the embedded Dataverse answers when it refuses a request.

Statuses and codes: Microsoft Learn, "Compose HTTP requests and handle errors" and "Web service error codes".
"""

from collections.abc import Sequence
from typing import TypeAlias

Header: TypeAlias = tuple[str, str]


class ODataError(Exception):
    """A refusal in Dataverse's words: HTTP status, code (hexadecimal text) and message."""

    def __init__(self, status: int, code: str, message: str, headers: Sequence[Header] = ()) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.headers = tuple(headers)


class EntraError(Exception):
    """A refusal in Entra's words: HTTP status, OAuth 2.0 error, AADSTS number and text."""

    def __init__(self, status: int, error: str, number: int, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.error = error
        self.number = number
        self.text = text


class EmulatorError(Exception):
    """The emulator cannot start or read what it was given; the text is a sentence for people."""


def not_emulated(what: str) -> ODataError:
    """Refuse aloud what a real service would answer and this one does not know."""
    return ODataError(501, "0x80040219", f"{what} is not emulated.")


def bad_request(message: str) -> ODataError:
    """Refuse a URL, or options in it, that cannot be understood."""
    return ODataError(400, "0x80060888", message)


def bad_payload(entity: str, message: str) -> ODataError:
    """Refuse a body that cannot be understood."""
    text = f"Error identified in Payload provided by the user for Entity :'{entity}', {message}"
    return ODataError(400, "0x80048d19", text)


def no_such_segment(segment: str) -> ODataError:
    """Refuse an unknown entity set, function or action; names are case-sensitive."""
    return ODataError(404, "0x8006088a", f"Resource not found for the segment '{segment}'.")


def no_such_property(name: str, entity: str) -> ODataError:
    """Refuse an unknown column or navigation property in a query option."""
    text = f"Could not find a property named '{name}' on type 'Microsoft.Dynamics.CRM.{entity}'."
    return ODataError(400, "0x0", text)


def no_such_row(entity: str, row_id: str) -> ODataError:
    """Say that the row does not exist."""
    return ODataError(404, "0x80040217", f"Entity '{entity}' With Id = {row_id} Does Not Exist")


def no_such_message(message: str, entity: str) -> ODataError:
    """Say that a table's rows are not made, changed or deleted by clients."""
    text = f"The '{message}' method does not support entities of type '{entity}'."
    return ODataError(400, "0x80040800", text)


def method_not_allowed(method: str) -> ODataError:
    """Say that the verb does not go with the resource."""
    return ODataError(405, "0x80060888", f"The requested resource does not support http method '{method}'.")
