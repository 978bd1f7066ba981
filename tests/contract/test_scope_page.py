"""The manual's page about scopes names only what there is."""

import re
from pathlib import Path

from pulumi_dataverse_email.resources import KINDS
from pulumi_dataverse_email.settings import declared

PAGE = (Path(__file__).parents[2] / "docs" / "impersonation-scope.md").read_text("utf-8")


def test_arguments_results_and_settings_are_spelt_as_they_are_declared() -> None:
    """A code span in snake case is an argument or result of a kind, one in camel case a setting."""
    names = {name for kind in KINDS.values() for name in (*kind.arguments, *kind.results)}
    words = {"exchange_online", "exchange_server", "full_access_as_app"}
    spans = re.findall(r"`([a-z]+(?:_[a-z]+)+)(?:=[^`]*)?`", PAGE)

    assert set(spans) <= names | words
    assert set(re.findall(r"`(exchange[A-Z]\w+)`", PAGE)) <= set(declared())


def test_every_way_to_say_the_members_is_on_it() -> None:
    told = PAGE.partition("## Who the members are")[2].partition("\n## ")[0]

    assert set(re.findall(r"^\| `(\w+)", told, re.MULTILINE)) == {
        "mailboxes", "profile_mailboxes", "addresses", "groups", "custom_attribute", "recipient_filter",
        "administrative_unit",
    }  # fmt: skip
