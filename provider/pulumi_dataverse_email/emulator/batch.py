"""`$batch`: requests one after another, change sets all or nothing, references by content id.

Microsoft Learn, "Execute batch operations using the Web API".
"""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol
from urllib.parse import unquote

from . import multipart
from .errors import ODataError, bad_payload, bad_request, method_not_allowed
from .messages import Call, Reply, read_options, refusal
from .multipart import Answered, AnsweredSet, ChangeSet, Operation
from .schema import ENTITY_SETS

MAX_URL = 65_536
"""Characters of a URL inside a batch, twice as many as outside; Microsoft Learn."""

MAX_SEGMENT = 260
"""Characters of one segment of a path, as outside."""

FAILED_SET_IS_MULTIPART = True
"""Whether a failed change set is answered by a multipart that holds the failure, else by the failure's part alone.

The recorded answers have the first form; OData 4.0 describes the second, so a client must understand both.
"""

_URL = re.compile(r"(?:https?://([^/?#]+))?(/api/data/v9\.[0-2]/)(.*)", re.DOTALL)
_REFERENCE = re.compile(r"\$([^/?]+)(.*)", re.DOTALL)
_LINKS = ("@odata.bind", "@odata.id")


class Service(Protocol):
    """What carries out the requests of a batch."""

    def answer(self, call: Call) -> Reply:
        """Carry out one request in one transaction."""
        ...

    def together(self) -> AbstractContextManager[Callable[[Call], Reply]]:
        """Carry out requests in one transaction."""
        ...


def answer(call: Call, service: Service) -> Reply:
    """Carry out a batch.

    Raises:
        ODataError: the batch cannot be read, and nothing of it was done.
    """
    if call.method != "POST":
        raise method_not_allowed(call.method)
    batch = multipart.read(call.headers.get("content-type", ""), call.body)
    goes_on = bool({"odata.continue-on-error", "continue-on-error"} & call.preferences.keys())
    work = _Work(call, service, batch.unreadable)
    answers: list[Answered | AnsweredSet] = []
    status = 200
    for part in batch.parts:
        try:
            answers.append(work.change_set(part) if isinstance(part, ChangeSet) else work.single(part))
        except _Failed as failure:
            answers.append(failure.answer)
            if not goes_on:
                status = failure.status
                break
    text, media_type = multipart.write(answers)
    return Reply(status, text, media_type=media_type)


class _Failed(Exception):
    """A part of the batch was refused."""

    def __init__(self, error: ODataError, operation: Operation, *, in_set: bool = False) -> None:
        super().__init__(error.message)
        self.status = error.status
        failed = Answered(refusal(error), operation.content_id)
        self.answer = AnsweredSet([failed]) if in_set and FAILED_SET_IS_MULTIPART else failed


class _Work:
    """One batch while it is carried out."""

    def __init__(self, call: Call, service: Service, unreadable: Operation | None) -> None:
        self._call = call
        self._service = service
        self._unreadable = unreadable

    def single(self, operation: Operation) -> Answered:
        try:
            return Answered(self._service.answer(self._request(operation, {})), operation.content_id)
        except ODataError as error:
            raise _Failed(error, operation) from error

    def change_set(self, change_set: ChangeSet) -> AnsweredSet:
        answers: list[Answered] = []
        known: dict[str, str] = {}
        with self._service.together() as carry_out:
            for operation in change_set.operations:
                try:
                    request = self._request(operation, known)
                    reply = carry_out(request)
                except ODataError as error:
                    raise _Failed(error, operation, in_set=True) from error
                answers.append(Answered(reply, operation.content_id))
                row = _row(request, reply)
                if row and operation.content_id:
                    known[operation.content_id] = row
        return AnsweredSet(answers)

    def _request(self, operation: Operation, known: dict[str, str]) -> Call:
        """Return an operation as the request that it would be outside a batch; `known` are rows by content id."""
        if operation is self._unreadable:
            raise bad_payload("", "InnerException : System.ArgumentException: Stream was not readable.")
        if len(operation.target) > MAX_URL:
            raise bad_request("Invalid URI: The Uri string is too long.")
        root, rest = self._located(operation.target)
        raw_path, _, query = rest.partition("?")
        path = _resolved(unquote(raw_path), known)
        if path == "$batch":
            raise bad_request("A batch request cannot contain another batch request.")
        if any(len(segment) > MAX_SEGMENT for segment in path.split("/")):
            raise ODataError(400, "0x0", "Invalid URL.")
        options = read_options(query)
        body = _linked(operation.body, known) if operation.body else b""
        return Call(operation.method, path, options, operation.headers, body, root, self._call.caller)

    def _located(self, target: str) -> tuple[str, str]:
        """Return the root of the Web API that a URL names, and what follows."""
        if target.startswith("$"):
            return self._call.root, target
        host = self._call.root.split("/")[2]
        match = _URL.fullmatch(target)
        if match is None or (match[1] or host).lower() != host:
            text = f"The URL '{target[:200]}' of a part must be absolute or begin with '/api/data/', on this host."
            raise bad_request(text)
        return f"https://{host}{match[2]}", match[3]


def _row(request: Call, reply: Reply) -> str | None:
    """Return the path of the row that was written, for references to it."""
    if request.method == "PATCH":
        return request.path
    location = dict(reply.headers).get("OData-EntityId")
    if location:
        return location.removeprefix(request.root)
    table = ENTITY_SETS.get(request.path)
    if table and isinstance(reply.body, dict):  # a representation, which comes without that header
        return f"{request.path}({reply.body.get(table.primary_id)})"
    return None


def _resolved(text: str, known: dict[str, str]) -> str:
    """Return a path or link whose reference to a content id, if it begins with one, is replaced by the row."""
    match = _REFERENCE.fullmatch(text)
    if match is None or match[1] in ("metadata", "batch"):
        return text
    if match[1] not in known:
        raise bad_request(f"Content-ID Reference: '${match[1]}' does not exist in the batch context.")
    return known[match[1]] + match[2]


def _linked(body: bytes, known: dict[str, str]) -> bytes:
    """Return a JSON body whose links to content ids are replaced; a body without any is returned as it is."""
    if b"$" not in body:
        return body
    try:
        return json.dumps(_relinked(json.loads(body), known)).encode()
    except (ValueError, RecursionError):
        return body  # refused where the body is read


def _relinked(value: object, known: dict[str, str]) -> object:
    if isinstance(value, list):
        return [_relinked(one, known) for one in value]
    if not isinstance(value, dict):
        return value
    return {name: _links(one, known) if name.endswith(_LINKS) else _relinked(one, known) for name, one in value.items()}


def _links(value: object, known: dict[str, str]) -> object:
    if isinstance(value, list):
        return [_links(one, known) for one in value]
    return f"/{_resolved(value, known)}" if isinstance(value, str) and value.startswith("$") else value
