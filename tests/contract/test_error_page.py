"""The page of errors: what it says is what the package does."""

import re

import pulumi_dataverse_email as face
from pulumi_dataverse_email.resources import KINDS
from tools import error_codes

PAGE = error_codes.PAGE.read_text("utf-8")


def test_a_code_is_found_in_each_of_its_forms() -> None:
    assert "| `0x80072322` | `-2147015902` | ThrottlingBurstRequestLimitExceededError |" in PAGE


def test_every_error_that_may_come_is_explained() -> None:
    """Those that others are built upon are not raised themselves."""

    def leaves(error: type[BaseException]) -> set[str]:
        return set().union(*map(leaves, error.__subclasses__())) if error.__subclasses__() else {error.__name__}

    first_table = PAGE.partition("## Search by code")[0]
    assert set(re.findall(r"^\| `(\w+)`", first_table, re.MULTILINE)) == leaves(face.DataverseEmailError)


def test_the_advice_names_arguments_and_words_that_there_are() -> None:
    """What the person should set is spelled as programs spell it."""
    arguments = [argument for kind in KINDS.values() for argument in kind.arguments.values()]
    known = {it.name for it in arguments} | {word.value for it in arguments for word in it.choice or ()}
    rows = [line.split("|") for line in PAGE.splitlines() if line.startswith("| `0x")]

    assert {it for row in rows for it in re.findall(r"[a-z0-9]+(?:_[a-z0-9]+)+", row[5])} <= known
