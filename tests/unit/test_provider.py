"""`Provider`: every setting is one of its arguments, and comes out as the stack's configuration would hold it."""

from typing import Any

import pulumi
import pytest
from pulumi.runtime import rpc

from pulumi_dataverse_email import Provider
from pulumi_dataverse_email.settings import Declared, declared

from .program import Program

URL = "https://east.crm4.dynamics.com"


def handed(**settings: Any) -> Any:  # noqa: ANN401  arguments that a type checker would refuse
    """Return the settings of a provider that a program declares."""
    found = Program().run(lambda: Provider("east", **{"environment_url": URL, **settings})).inputs["east"]
    return {key.removeprefix("dataverse-email:"): value for key, value in found.items()}


@pytest.mark.parametrize("setting", declared().values(), ids=lambda it: it.key)
def test_each_setting_is_an_argument(setting: Declared) -> None:
    """A secret one is wrapped, whether the program did or not."""
    found = handed(**{setting.name: "text"})[setting.key]

    assert rpc.is_rpc_secret(found) == setting.secret
    assert (found["value"] if setting.secret else found) == "text"


@pytest.mark.parametrize(
    ("value", "text"),
    [(True, "true"), (False, "false"), (30, "30"), (1.5, "1.5"), (pulumi.Output.from_input(True), "true")],  # noqa: FBT003  a value
)
def test_what_is_no_text_is_spelled_as_in_configuration(value: object, text: str) -> None:
    """Known at once or later; `false` is a statement too."""
    assert handed(use_msi=value)["useMsi"] == text


def test_what_is_left_out_is_not_handed_over() -> None:
    assert set(handed(client_secret=None)) == {"environmentUrl", "explicitProvider"}


def test_a_misspelt_setting_is_refused() -> None:
    """At run time too, where no type checker looks."""
    with pytest.raises(TypeError, match="Provider has no setting 'client_secrets'; it has environment_url"):
        handed(client_secrets="x")
