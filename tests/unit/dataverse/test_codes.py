"""The table of codes: each has a sentence that helps, in whatever form the code comes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from pulumi_dataverse_email import emulator, errors
from pulumi_dataverse_email.dataverse.codes import Meaning, codes, meaning, normal, statuses
from pulumi_dataverse_email.emulator.validation import RULES
from pulumi_dataverse_email.errors import DataverseError, Failed, Forbidden, Refused, RowExists, RowNotFound, Throttled
from pulumi_dataverse_email.resources import KINDS

EMULATOR = Path(emulator.__file__).parent
SENTENCES = [pytest.param(it, id=key) for key, it in codes().items()]
SENTENCES += [pytest.param(it, id=str(key)) for key, it in statuses().items()]
VERBS = re.compile(
    "(Activate|Add|Adopt|Allow|Ask|Change|Check|Correct|Declare|Enable|End|Give|Let|Link|Remove|Replace|Report|Run|Set|"
    "Shorten|Update|Use) "
)


def emulated() -> Iterator[str]:
    """Yield every code with which the emulator refuses."""
    for source in EMULATOR.rglob("*.py"):
        if "exchange" not in source.parts:
            yield from re.findall(r'"(0x[0-9A-Fa-f]{1,8})"', source.read_text())
    yield from (rule.code for rules in RULES.values() for rule in rules)


def columns() -> set[str]:
    """Return the wire names of all columns of the two tables, and the arguments that are none."""
    found = {name for kind in KINDS.values() for name in kind.arguments}
    for table in ("emailserverprofile", "mailbox"):
        text = (EMULATOR / "tables" / f"{table}.json").read_text()
        found |= set(re.findall(r'"([a-z]{3,})"', text))
    return found


@pytest.mark.parametrize("found", SENTENCES)
def test_a_sentence_says_what_to_do(found: Meaning) -> None:
    """One line that begins with what to do and ends as a sentence; what it means is no sentence."""
    assert VERBS.match(found.do)
    assert found.do.endswith(".")
    assert "\n" not in found.do + found.means
    assert found.means[0].islower() or found.means.split()[0] in {"Dynamics", "Exchange", "Basic", "Negotiate"}
    assert issubclass(found.kind, DataverseError)


@pytest.mark.parametrize("found", SENTENCES)
def test_a_sentence_names_what_there_is(found: Meaning) -> None:
    """Arguments are spelt as programs spell them, and so are the words of choices."""
    known = columns()
    arguments = re.findall(r"\b[a-z]+(?:_[a-z0-9]+)+\b", re.sub(r"'[^']*'", "", found.do))
    words = {str(word) for kind in KINDS.values() for it in kind.arguments.values() for word in it.choice or ()}
    words |= {"retain", "disable", "restore", "delete"}

    assert [name for name in arguments if name not in known and name.replace("_", "") not in known] == []
    assert set(re.findall(r"'([a-z][a-z_]+)'", found.do)) <= words


@pytest.mark.parametrize("code", sorted(set(emulated())))
def test_every_refusal_of_the_emulator_has_a_sentence(code: str) -> None:
    assert normal(code) in codes()


def test_a_name_is_microsoft_s_own() -> None:
    """Where the emulator prints a published name for a code, it is the same."""
    printed = {normal(it.code): it.name for rules in RULES.values() for it in rules if " " not in it.name}

    assert printed == {code: codes()[code].name for code in printed}


@settings(deadline=None, derandomize=True)
@given(number=some.integers(min_value=0, max_value=(1 << 32) - 1))
def test_a_code_is_the_same_in_every_form(number: int) -> None:
    """Hexadecimal in either case, with or without zeros in front, decimal, and the signed number of some clients."""
    signed = number - (1 << 32) if number >> 31 else number
    forms = {f"0x{number:08x}", f"0x{number:08X}", f"0x{number:x}", f" {number} ", str(signed)}

    assert {normal(form) for form in forms} == {f"0x{number:08x}"}


@pytest.mark.parametrize("text", ["", "0x", "text", "1e3", "4294967296", "-2147483649", "0x1ffffffff", "9" * 5000])
def test_what_is_no_code_is_none(text: str) -> None:
    assert normal(text) == ""


@pytest.mark.parametrize(
    ("status", "code", "kind", "do"),
    [
        (404, "0x80040217", RowNotFound, "Run pulumi refresh"),
        (404, "-2147220969", RowNotFound, "Run pulumi refresh"),
        (400, "0x80040217", Refused, "Run pulumi refresh"),
        (404, "0x80060888", Refused, "Check environmentUrl"),
        (404, "", Refused, ""),
        (412, "0x80040237", RowExists, "Adopt the row"),
        (412, "0X80060882", errors.RowChanged, "Run again"),
        (403, "0x80040220", Forbidden, "Give the application user"),
        (400, "0x8009000B", Forbidden, "Let a Global"),
        (401, "", Forbidden, "Check that tenantId"),
        (429, "-2147015902", Throttled, "Run again later"),
        (429, "", Throttled, "Run again later"),
        (500, "0x80040216", Failed, "Run again"),
        (500, "0x0", Failed, "Run again: the service is in trouble"),
        (400, "0x0", Refused, "Update the environment"),
        (500, "0x8005E201", Refused, "Set incoming_use_ssl"),
        (503, "0x12345678", Failed, "Run again: the service is in trouble"),
        (501, "", Refused, "Check environmentUrl"),
        (400, "0x12345678", Refused, ""),
    ],
)
def test_status_and_code_decide_then_the_code_then_the_status(
    status: int, code: str, kind: type[DataverseError], do: str
) -> None:
    found = meaning(status, code, "")

    assert found.kind is kind
    assert found.do.startswith(do)
    assert bool(found.do) == bool(do)


@pytest.mark.parametrize(
    ("privilege", "words"),
    [
        ("prvWriteMailbox", "'Write' on the table 'Mailbox'"),
        ("prvAppendToEmailServerProfile", "'Append To' on the table 'Email Server Profile'"),
        ("prvReadOrganization", "'Read' on the table 'Organization'"),
        ("prvApproveRejectEmailAddress", "'Approve Email Addresses for Users or Queues'"),
        ("prvActOnBehalfOfAnotherUser", "'Act on Behalf of Another User'"),
    ],
)
def test_a_missing_privilege_is_named_as_the_form_names_it(privilege: str, words: str) -> None:
    text = f"Principal user (Id=1, type=8, roleCount=1), is missing {privilege} privilege (Id=2) on OTC=9606"

    wanted = f"Give the application user a security role that grants {privilege}: {words}."
    assert meaning(403, "0x80040220", text).do == wanted


def test_there_are_columns_to_compare_with() -> None:
    assert {"incomingusessl", "processanddeleteemails", "on_delete"} <= columns()
