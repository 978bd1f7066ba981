"""Many operations, and the answers of batches that carry them out."""

from uuid import UUID, uuid5

from pulumi_dataverse_email.dataverse.rows import Create, Operation, Outcome
from pulumi_dataverse_email.errors import DataverseError
from tests.system.emulated import Dataverse

from .stub import Answer

PROFILES = "emailserverprofiles"
ROW = "11111111-1111-4111-8111-111111111111"
BATCH = "POST $batch"


def row_id(number: int) -> str:
    """Return an id."""
    return str(uuid5(UUID(ROW), str(number)))


def creates(count: int, first: int = 0) -> list[Operation]:
    """Return operations that make profiles."""
    return [
        Create(PROFILES, row_id(number), {"name": f"Profile {number}", "servertype": 2})
        for number in range(first, first + count)
    ]


def errors(outcomes: list[Outcome]) -> list[type[DataverseError] | None]:
    """Return the kinds of errors in which operations ended."""
    return [type(outcome.error) if outcome.error else None for outcome in outcomes]


def made(dataverse: Dataverse) -> int:
    """Return how many profiles there are that these tests make."""
    return sum(name.startswith("Profile ") for name in dataverse.names(PROFILES))


def multipart(*parts: str) -> Answer:
    """Return the answer of a batch."""
    text = "".join(f"--b\r\nContent-Type: application/http\r\n\r\nHTTP/1.1 {part}\r\n" for part in parts)
    return Answer(200, f"{text}--b--\r\n".encode(), {"Content-Type": "multipart/mixed; boundary=b"})


DONE = "204 No Content\r\n\r\n"
BUSY = '429 Too Many Requests\r\nRetry-After: 0\r\n\r\n{"error": {"code": "0x80072322", "message": "Busy."}}'
EXISTS = '412 Precondition Failed\r\n\r\n{"error": {"code": "0x80040237", "message": "Twin."}}'
GONE = '404 Not Found\r\n\r\n{"error": {"code": "0x80040217", "message": "Gone."}}'
TROUBLE = "503 Service Unavailable\r\n\r\n<html>"
ROLLED_BACK = '500 Internal Server Error\r\n\r\n{"error": {"code": "0x80044150", "message": "Deadlock."}}'
