"""The text of a `$batch`: requests become its parts, its answer becomes their answers. Pure.

An answer is taken apart here and not by the standard library's `email`, which forgives everything, and guesses: what
cannot be read must be an unknown outcome, not an empty success.

Source: https://learn.microsoft.com/power-apps/developer/data-platform/webapi/execute-batch-operations-using-web-api
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from requests.structures import CaseInsensitiveDict

from .transport import ROOT, Answer, Request

CONTENT_ID = "Content-ID"

_END = b"\r\n"
_BOUNDARY = re.compile(r'multipart/mixed\s*;(?:.*;)?\s*boundary=(?:"([^"]+)"|([^\s;"]+))', re.IGNORECASE | re.DOTALL)
_STATUS = re.compile(rb"HTTP/\d(?:\.\d)? ([1-5]\d\d)(?: .*)?")


def content_type(boundary: str) -> str:
    """Return the type of a text whose parts that boundary separates."""
    return f"multipart/mixed; boundary={boundary}"


def encode(requests: Sequence[Request], boundary: str, *, change_set: str = "") -> bytes:
    """Return the text of a batch. Every line ends with CR and LF, the last one too: else the service cannot read it.

    Args:
        requests: what to ask for, in this order.
        boundary: separates the parts; no part holds it.
        change_set: the boundary of the change set that holds all of them; none where they are separate.
    """
    if not change_set:
        return _joined(boundary, map(_part, requests))
    parts = [_part(request, {CONTENT_ID: str(number)}) for number, request in enumerate(requests, 1)]
    head = f"Content-Type: {content_type(change_set)}".encode() + _END + _END
    return _joined(boundary, [head + _joined(change_set, parts)])


def is_multipart(answer: Answer) -> bool:
    """Say whether an answer is that of a batch; one that could not be read is answered by a plain error."""
    return _BOUNDARY.match(answer.headers.get("Content-Type", "")) is not None


def decode(answer: Answer) -> list[Answer | None]:
    """Return the answers of the parts, those of a change set in its place; `None` for one that cannot be read.

    The delimiter at the end may be missing, as it is in recorded answers of failed change sets. What is known of the
    whole, that an earlier try may have been carried out, is known of each part.
    """
    return list(_taken_apart(answer, depth=0))


def _joined(boundary: str, parts: Iterator[bytes] | Sequence[bytes]) -> bytes:
    delimiter = b"--" + boundary.encode()
    return b"".join(delimiter + _END + part + _END for part in parts) + delimiter + b"--" + _END


def _part(request: Request, about: Mapping[str, str] | None = None) -> bytes:
    outer = {"Content-Type": "application/http", "Content-Transfer-Encoding": "binary", **(about or {})}
    inner = {"Accept": "application/json", **request.headers}
    line = f"{request.method} {ROOT}{request.path} HTTP/1.1"
    lines = [*_lines(outer), "", line, *_lines(inner), "", ""]
    return _END.join(text.encode() for text in lines) + request.body


def _lines(headers: Mapping[str, str]) -> Iterator[str]:
    # A line end in a value, such as that of an etag from elsewhere, would begin another header.
    return (f"{name}: {' '.join(value.split())}" for name, value in headers.items())


def _taken_apart(answer: Answer, *, depth: int) -> Iterator[Answer | None]:
    match = _BOUNDARY.match(answer.headers.get("Content-Type", ""))
    if match is None:
        yield _http(answer)
    elif depth > 1:  # a batch holds change sets, and those no further ones
        yield None
    else:
        for piece in _pieces(answer.content, (match[1] or match[2]).encode()):
            head, content = _divided(piece)
            yield from _taken_apart(replace(answer, headers=_headers(head), content=content), depth=depth + 1)


def _pieces(content: bytes, boundary: bytes) -> Iterator[bytes]:
    """Yield what stands between the delimiters, each of which is a line of its own."""
    start = -1
    for match in re.finditer(rb"(?:\r?\n|(?<![^\n]))--" + re.escape(boundary) + rb"(--)?[ \t]*(?:\r?\n|\Z)", content):
        if start >= 0:
            yield content[start : match.start()]
        if match[1]:
            return
        start = match.end()
    if start >= 0:
        yield content[start:]


def _http(part: Answer) -> Answer | None:
    """Return the answer that stands in a part."""
    head, content = _divided(part.content.lstrip(b"\r\n"))
    line, _, rest = head.partition(b"\n")
    status = _STATUS.fullmatch(line.strip())
    if status is None:
        return None
    headers = _headers(rest)
    if CONTENT_ID in part.headers:
        headers[CONTENT_ID] = part.headers[CONTENT_ID]
    return replace(part, status=int(status[1]), headers=headers, content=content)


def _divided(text: bytes) -> tuple[bytes, bytes]:
    """Return headers and content, which an empty line separates; there may be no content, nor that line."""
    if text.startswith((b"\r\n", b"\n")):
        return b"", text.lstrip(b"\r\n")
    head, *content = re.split(rb"\r?\n\r?\n", text, maxsplit=1)
    return head, b"".join(content)


def _headers(head: bytes) -> CaseInsensitiveDict[str]:
    lines = (line.partition(":") for line in head.decode("latin-1").splitlines())
    return CaseInsensitiveDict({name.strip(): value.strip() for name, colon, value in lines if colon})
