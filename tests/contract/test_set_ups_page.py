"""docs/set-ups.md shows what the examples run and what the set-ups fill in."""

import re
from pathlib import Path

import pytest

from pulumi_dataverse_email.resources.email_server_profile import set_ups

CHECKOUT = Path(__file__).parents[2]
PAGE = (CHECKOUT / "docs" / "set-ups.md").read_text("utf-8")
PROGRAMS = [it.read_text("utf-8") for it in (CHECKOUT / "examples").glob("*/__main__.py")]
CALLS = {
    "exchange_online": set_ups.EXCHANGE_ONLINE,
    "one_account": set_ups.ONE_ACCOUNT,
    "individual_credentials": set_ups.INDIVIDUAL_CREDENTIALS,
}


@pytest.mark.parametrize("block", re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE))
def test_a_program_on_the_page_is_run_by_an_example(block: str) -> None:
    assert [program for program in PROGRAMS if block in program] != []


def test_the_table_says_what_is_filled_in() -> None:
    rows = re.findall(r"^\| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", PAGE, re.MULTILINE)

    filled = [
        (call, argument, str(value))
        for call, it in CALLS.items()
        for argument, value in (
            ("server_type", it.server_type),
            ("incoming_credential_retrieval", it.retrieval),
            *((recommended.argument, recommended.value) for recommended in it.recommendations),
        )
    ]
    assert rows == filled


def test_the_warning_on_the_page_is_one() -> None:
    (shown,) = re.findall(r"^warning: \w+ '\w+': (.*)$", PAGE, re.MULTILINE)

    assert shown in [f"{rule.blames}: {rule.says} ({rule.source})" for rule in set_ups.SET_UP_RULES]
