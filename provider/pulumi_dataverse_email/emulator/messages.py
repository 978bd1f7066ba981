"""A request to the Web API and its answer, apart from any transport: a part of a `$batch` is one too."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from urllib.parse import parse_qsl

from .errors import Header, ODataError, bad_payload, bad_request
from .rights import Caller

_PREFERENCE = re.compile(r'([\w.-]+)(?:\s*=\s*("[^"]*"|[^,]*))?')

MAX_PAGE = 5000
"""Rows in one answer: the service's default and maximum (Microsoft Learn, "Page results")."""

JSON_TYPE = "application/json; odata.metadata=minimal"


def read_options(query: str) -> dict[str, str]:
    """Return the query options of a URL, decoded.

    Raises:
        ODataError: 400 for one of OData's that stands there twice.
    """
    found: dict[str, str] = {}
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name in found and name.startswith(("$", "@")):
            text = f"Query option '{name}' was specified more than once, but it must be specified at most once."
            raise bad_request(text)
        found[name] = value
    return found


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

    @property
    def annotations(self) -> str:
        """Which annotations the client wants: names, `Prefix.*` or `*`, separated by commas; empty for none."""
        return self.preferences.get("odata.include-annotations", "")

    @property
    def annotations_applied(self) -> list[Header]:
        """What tells the client that its wish for annotations was heard."""
        applied = f'odata.include-annotations="{self.annotations}"'
        return [("Preference-Applied", applied)] if self.annotations else []

    @property
    def page_size(self) -> int | None:
        """The preferred rows of a page, at most the service's own; a preference that makes no sense is none."""
        text = self.preferences.get("odata.maxpagesize", "")
        digits = text[:9] if text.isascii() and text.isdigit() else "0"  # nine are more than any page
        return min(int(digits), MAX_PAGE) or None

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


class InOtherWords(ODataError):
    """A refusal whose answer is not Dataverse's: what a gateway says, or a test wants to be said."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.status, "", "")
        self.reply = reply


def refusal(error: ODataError) -> Reply:
    """Return the answer that tells a client of an error."""
    if isinstance(error, InOtherWords):
        return error.reply
    return Reply(error.status, {"error": {"code": error.code, "message": error.message}}, list(error.headers))


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
