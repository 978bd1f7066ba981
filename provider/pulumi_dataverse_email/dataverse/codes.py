"""What Dataverse's error codes mean: which error of ours, and the sentence that says what to do; `codes.toml` has them.

Status and code decide, then the code, then the status: texts change, and may come in any language.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from importlib.resources import files
from typing import Final

from .. import errors
from ..errors import DataverseError

_PRIVILEGE: Final = re.compile(r"\bprv(Create|Read|Write|Delete|AppendTo|Append|Assign|Share)?([A-Z]\w*)")

_MISCELLANEOUS: Final[Mapping[str, str]] = {
    "prvApproveRejectEmailAddress": "Approve Email Addresses for Users or Queues",
    "prvActOnBehalfOfAnotherUser": "Act on Behalf of Another User",
}
"""Privileges without a table, by the name that a security role's form gives them.

Source: https://learn.microsoft.com/power-platform/admin/miscellaneous-privileges
"""


@dataclass(frozen=True)
class Meaning:
    """What an answer means.

    Args:
        kind: the error to raise.
        name: as Microsoft prints it; empty where it prints none.
        means: what came back, in a few words.
        do: what to do about it, one sentence.
        status: the HTTP status with which `kind` holds; `None` for any.
    """

    kind: type[DataverseError]
    name: str
    means: str
    do: str
    status: int | None = None


def meaning(status: int, code: str, message: str) -> Meaning:
    """Return what an answer of 400 or above means.

    Args:
        status: the HTTP status.
        code: the code, in any of the forms in which it is met; empty where there is none.
        message: Dataverse's own words, which may name the privilege that is missing.
    """
    found = codes().get(normal(code))
    if found is None or found.status not in {None, status}:
        of_status = _of_status(status)
        # A code that is met with another status than its own still has its sentence, where the status has none.
        found = replace(found, kind=of_status.kind) if found and not of_status.do else of_status
    if issubclass(found.kind, errors.Forbidden) and (privilege := _PRIVILEGE.search(message)):
        do = f"Give the application user a security role that grants {privilege[0]}: {_in_words(privilege)}."
        return Meaning(found.kind, found.name, found.means, do)
    return found


def normal(code: str) -> str:
    """Return a code as `0x` and eight lower-case digits, whether it came so, in decimal, or as a signed number.

    What is no code of 32 bits is empty.
    """
    text = code.strip().lower()
    try:
        number = int(text, 16 if text.startswith("0x") else 10)
    except ValueError:
        return ""
    return f"0x{number % (1 << 32):08x}" if -(1 << 31) <= number < 1 << 32 else ""


@cache
def codes() -> Mapping[str, Meaning]:
    """Return what is known of each code, by its normal form."""
    return {code: _meaning(entry) for code, entry in _read()["code"].items()}


@cache
def statuses() -> Mapping[int, Meaning]:
    """Return what is known of statuses whose code says nothing."""
    return {int(status): _meaning(entry) for status, entry in _read()["status"].items()}


def _of_status(status: int) -> Meaning:
    found = statuses().get(status)
    if found is None and status > HTTPStatus.INTERNAL_SERVER_ERROR:
        found = statuses()[HTTPStatus.INTERNAL_SERVER_ERROR]
    return found or Meaning(errors.Refused, "", "", "")


@cache
def _read() -> dict[str, dict[str, dict[str, str | int]]]:
    return tomllib.loads(files(__package__).joinpath("codes.toml").read_text(encoding="utf-8"))


def _meaning(entry: Mapping[str, str | int]) -> Meaning:
    status = entry.get("status")
    return Meaning(
        kind=getattr(errors, str(entry.get("kind", "Refused"))),
        name=str(entry.get("name", "")),
        means=str(entry["means"]),
        do=str(entry["do"]),
        status=int(status) if status is not None else None,
    )


def _in_words(privilege: re.Match[str]) -> str:
    """Return a privilege as a security role's form names it: the column and the table."""
    if words := _MISCELLANEOUS.get(privilege[0]):
        return f"'{words}'"
    verb, table = (" ".join(re.findall(r"[A-Z][a-z0-9]*|[A-Z]+", part or "")) for part in privilege.groups())
    return f"'{verb}' on the table '{table}'" if verb else f"'{table}'"
