"""The text of a `$batch`, written by hand as clients write it, and its answer taken apart."""

import json
from dataclasses import dataclass
from email import message_from_string
from email.message import Message
from typing import Any

import requests

from tests.unit.emulator.dataverse import Dataverse

PART = "Content-Type: application/http\r\nContent-Transfer-Encoding: binary\r\n"


def request(method: str, target: str, body: object = None, content_id: str | None = None, **headers: str) -> str:
    """Return one request as a part; a target without a slash in front hangs on the Web API's root."""
    url = target if target.startswith(("/", "https:", "$")) else f"/api/data/v9.2/{target}"
    head = [PART + (f"Content-ID: {content_id}\r\n" if content_id else ""), f"{method} {url} HTTP/1.1"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*head, "", "" if body is None else json.dumps(body)])


def joined(boundary: str, *parts: str) -> str:
    """Return parts between their delimiters."""
    return "".join(f"--{boundary}\r\n{part}\r\n" for part in parts) + f"--{boundary}--\r\n"


def change_set(*parts: str, boundary: str = "changeset_1") -> str:
    """Return requests as one part that is a change set."""
    return f'Content-Type: multipart/mixed; boundary="{boundary}"\r\n\r\n{joined(boundary, *parts)}'


def send(
    dataverse: Dataverse, text: str, content_type: str = "multipart/mixed; boundary=b", **headers: str
) -> "Answer":
    """Send the text of a batch as it is."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = dataverse.session.post(
        f"{dataverse.url}/api/data/v9.2/$batch",
        text.encode(),
        headers={**dataverse.headers, "Content-Type": content_type, **named},
        timeout=30,
    )
    return Answer(answer)


def batch(dataverse: Dataverse, *parts: str, **headers: str) -> "Answer":
    """Send parts as a batch."""
    return send(dataverse, joined("b", *parts), **headers)


@dataclass
class Part:
    """One answer inside an answer."""

    status: int
    headers: Message
    body: str
    content_id: str | None
    in_set: bool

    @property
    def json(self) -> Any:  # noqa: ANN401 - JSON of any shape
        """The body."""
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of a refusal."""
        code: str = self.json["error"]["code"]
        return code


class Answer:
    """What came back for a batch."""

    def __init__(self, answer: requests.Response) -> None:
        self.status = answer.status_code
        self.text = answer.content.decode()
        self.type = answer.headers["Content-Type"]
        self.error = answer.json()["error"] if "json" in self.type else None
        whole = message_from_string(f"Content-Type: {self.type}\r\n\r\n{self.text}")
        self.parts = [] if self.error else list(_flat(whole, in_set=False))

    @property
    def statuses(self) -> list[int]:
        """The statuses of the parts."""
        return [part.status for part in self.parts]


def _flat(message: Message, *, in_set: bool) -> list[Part]:
    assert not message.defects
    payload = message.get_payload()
    if isinstance(payload, list):
        outer = message.get_boundary() or ""
        inside = outer.startswith("changesetresponse_")
        assert inside or outer.startswith("batchresponse_")
        return [part for one in payload if isinstance(one, Message) for part in _flat(one, in_set=inside)]
    line, _, rest = str(payload).partition("\n")
    inner = message_from_string(rest)
    return [Part(int(line.split()[1]), inner, str(inner.get_payload()), message["Content-ID"], in_set)]
