"""The text of a `$batch`: what a client wrote becomes operations, answers become multipart text.

The standard library's `email` package takes MIME apart; it forgives much, but says so, and what it had to forgive is
refused here. Rules: Microsoft Learn, "Execute batch operations using the Web API", and OData 4.0, 11.7. The texts of
refusals are those of Microsoft's OData libraries, on which the service is built.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesParser
from http import HTTPStatus
from uuid import uuid4

from .errors import bad_request
from .messages import JSON_TYPE, Reply

MAX_OPERATIONS = 1000
"""Requests in one batch, those in change sets counted; Microsoft Learn."""

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})

_REQUEST_LINE = re.compile(rb"(GET|POST|PUT|PATCH|DELETE) (\S.*?) HTTP/1\.1\s*")
_READABLE_ENDS = (b"\r\n", b"\n\n")
_STREAMED = f"{JSON_TYPE}; odata.streaming=true"
_END = "\r\n"


@dataclass(frozen=True)
class Operation:
    """One request of a batch."""

    method: str
    target: str
    """The URL as it was written, encoded or not."""
    headers: dict[str, str]
    """Its own, by name in lower case."""
    body: bytes
    content_id: str | None


@dataclass(frozen=True)
class ChangeSet:
    """Writes that are done together or not at all."""

    operations: tuple[Operation, ...]


@dataclass(frozen=True)
class Batch:
    """All that one `$batch` asks for, in its order."""

    parts: tuple[Operation | ChangeSet, ...]
    unreadable: Operation | None
    """The last operation, when its body cannot be read to its end because the text of the batch ends too early.

    Microsoft's article on client errors: with LF alone, two line ends must follow the last boundary, else one CR LF.
    """


@dataclass(frozen=True)
class Answered:
    """An answer and the content id of its operation."""

    reply: Reply
    content_id: str | None = None


@dataclass
class AnsweredSet:
    """The answers of a change set; of a failed one, only the failure's."""

    answers: list[Answered] = field(default_factory=list)


def read(content_type: str, body: bytes) -> Batch:
    """Return the operations of a batch.

    Raises:
        ODataError: 400; nothing of a batch that cannot be read as a whole is carried out.
    """
    media_type = content_type.partition(";")[0].strip().lower()
    if not media_type:
        raise bad_request("The batch request must have a 'Content-Type' header.")
    if media_type != "multipart/mixed":
        raise bad_request("The batch request must have 'multipart/mixed' as the media type.")
    try:
        message = BytesParser().parsebytes(b"Content-Type: " + content_type.encode("latin-1") + b"\r\n\r\n" + body)
    except RecursionError:
        raise bad_request("The multipart content of the batch is nested too deeply.") from None
    if not message.get_boundary():
        raise bad_request("The batch request must have a boundary specification in the 'Content-Type' header.")
    parts = tuple(_part(part) for part in _parts(message))
    operations = [one for part in parts for one in (part.operations if isinstance(part, ChangeSet) else (part,))]
    if len(operations) > MAX_OPERATIONS:
        text = "The current batch message contains too many parts. Only batch messages with a maximum number of "
        raise bad_request(f"{text}'{MAX_OPERATIONS}' query operations and change sets are allowed.")
    ids = Counter(operation.content_id for operation in operations if operation.content_id is not None)
    for content_id, times in ids.items():
        if times > 1:
            raise bad_request(f"The content ID '{content_id}' was found more than once in the batch.")
    last = operations[-1]
    cut_short = bool(last.body) and not body.endswith(_READABLE_ENDS)
    return Batch(parts, last if cut_short else None)


def write(answers: Iterable[Answered | AnsweredSet]) -> tuple[str, str]:
    """Return the text of the answers to a batch, and its media type."""
    boundary = f"batchresponse_{uuid4()}"
    parts = []
    for answer in answers:
        if isinstance(answer, Answered):
            parts.append(_http(answer))
        else:
            inner = f"changesetresponse_{uuid4()}"
            head = f"Content-Type: multipart/mixed; boundary={inner}{_END}{_END}"
            parts.append(head + _joined(inner, map(_http, answer.answers)))
    return _joined(boundary, parts), f"multipart/mixed; boundary={boundary}"


_PHRASES = {status.value: status.phrase for status in HTTPStatus}


def _joined(boundary: str, parts: Iterable[str]) -> str:
    return "".join(f"--{boundary}{_END}{part}{_END}" for part in parts) + f"--{boundary}--{_END}"


def _http(answer: Answered) -> str:
    reply = answer.reply
    content, media_type = reply.content
    failed = reply.status >= HTTPStatus.BAD_REQUEST
    shown_type = _STREAMED if media_type == JSON_TYPE and not failed else media_type or ""
    headers = [("REQ_ID", str(uuid4()) if failed else ""), ("Content-Type", shown_type), ("OData-Version", "4.0")]
    lines = ["Content-Type: application/http", "Content-Transfer-Encoding: binary"]
    if answer.content_id is not None:
        lines.append(f"Content-ID: {answer.content_id}")
    lines += ["", f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in [*headers, *reply.headers] if value]
    return _END.join([*lines, "", content.decode()])


def _parts(message: Message) -> list[Message]:
    """Return the parts of a multipart message that is whole."""
    payload = message.get_payload()
    if message.defects or not isinstance(payload, list):
        faults = ", ".join(type(defect).__name__.removesuffix("Defect") for defect in message.defects)
        raise bad_request(f"The multipart content of the batch is malformed: {faults or 'it has no parts'}.")
    return [part for part in payload if isinstance(part, Message)]


def _part(message: Message) -> Operation | ChangeSet:
    if message.get_content_type() == "multipart/mixed":
        return ChangeSet(tuple(_write(part) for part in _parts(message)))
    return _operation(message)


def _write(message: Message) -> Operation:
    operation = _operation(message)
    if operation.method not in WRITES:
        text = f"An invalid HTTP method '{operation.method}' was detected for a request in a change set. "
        raise bad_request(f"{text}Requests in change sets only support the HTTP methods {', '.join(sorted(WRITES))}.")
    if operation.content_id is None:
        raise bad_request("Content-ID header not present")
    return operation


def _operation(message: Message) -> Operation:
    content_type = message.get_content_type()
    if message.defects or content_type != "application/http":
        text = f"A part of the batch must be 'application/http' with well-formed headers, found '{content_type}'."
        raise bad_request(text)
    if str(message.get("content-transfer-encoding", "")).strip().lower() != "binary":
        raise bad_request("A missing or invalid 'Content-Transfer-Encoding' header was found; expected 'binary'.")
    content = message.get_payload(decode=True)
    line, _, rest = (content if isinstance(content, bytes) else b"").lstrip(b"\r\n").partition(b"\n")
    match = _REQUEST_LINE.fullmatch(line)
    if match is None:
        raise bad_request(f"The request line '{line[:80].decode(errors='replace').strip()}' of a part is malformed.")
    request = BytesParser().parsebytes(rest, headersonly=True)
    if request.defects:
        raise bad_request("The headers of a part's request are malformed.")
    headers: dict[str, str] = {}
    for name, value in request.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {value}" if key in headers else str(value)
    body = request.get_payload(decode=True)
    content_id = message.get("content-id")
    return Operation(
        method=match[1].decode(),
        target=match[2].decode(errors="replace"),
        headers=headers,
        body=body if isinstance(body, bytes) else b"",
        content_id=None if content_id is None else " ".join(str(content_id).split()),
    )
