"""A request to the Web API and its answer, apart from any transport: a part of a `$batch` is one too."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from .errors import Header, ODataError, bad_payload
from .rights import Caller

_PREFERENCE = re.compile(r'([\w.-]+)(?:\s*=\s*("[^"]*"|[^,]*))?')

JSON_TYPE = "application/json; odata.metadata=minimal"


@dataclass(frozen=True)
class Call:
    """One request, its caller known."""

    method: str
    path: str
    """Decoded, after `/api/data/v9.x/`."""
    options: Mapping[str, str]
    """The query options, decoded."""
    headers: Mapping[str, str]
    """By name in lower case."""
    body: bytes
    root: str
    """The URL that `path` hangs on, with the host that the client used."""
    caller: Caller

    @cached_property
    def preferences(self) -> dict[str, str]:
        """The values of `Prefer` by name, unquoted."""
        found = _PREFERENCE.findall(self.headers.get("prefer", ""))
        return {name.lower(): value.strip().strip('"') for name, value in found}

    def condition(self, name: str) -> str | None:
        """Return `if-match` or `if-none-match`; the literal `null`, which Microsoft's samples send, is none."""
        value = self.headers.get(name)
        return None if value in (None, "null") else value

    def json(self, entity: str) -> dict[str, object]:
        """Return the body, which must be a JSON object.

        Raises:
            ODataError: 400, when it is anything else.
        """
        try:
            body = json.loads(self.body, parse_constant=_refuse_constant)
        except RecursionError:
            raise bad_payload(entity, "The JSON is nested too deeply.") from None
        except ValueError as error:
            raise bad_payload(entity, f"Error Message : {type(error).__name__}: the body is no valid JSON.") from None
        if not isinstance(body, dict):
            raise bad_payload(entity, "Error Message : A JSON object was expected.")
        return body


@dataclass
class Reply:
    """One answer."""

    status: int
    body: object = None
    """Written as JSON, or as it is when it is text; None for no body."""
    headers: list[Header] = field(default_factory=list)
    media_type: str = "text/plain"
    """Of a body that is text."""

    @property
    def content(self) -> tuple[bytes, str | None]:
        """The body in bytes and its media type."""
        if self.body is None:
            return b"", None
        if isinstance(self.body, str):
            return self.body.encode(), self.media_type
        return json.dumps(self.body).encode(), JSON_TYPE


def refusal(error: ODataError) -> Reply:
    """Return the answer that tells a client of an error."""
    return Reply(error.status, {"error": {"code": error.code, "message": error.message}}, list(error.headers))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
