"""The tables of the emulator's switches."""

import json

from pydantic import BaseModel

from pulumi_dataverse_email.emulator.exchange.switches import Switches as ExchangeSwitches
from pulumi_dataverse_email.emulator.switches import Switches

from .pages import DOCS, put, table

PAGE = DOCS / "emulator.md"


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    return put(page, "switches", f"{_table(Switches)}\nOf Exchange:\n\n{_table(ExchangeSwitches)}")


def _table(switches: type[BaseModel]) -> str:
    rows = [
        (f"`{name}`", f"`{_json(field.default)}`", field.description or "")
        for name, field in switches.model_fields.items()
    ]
    return table(("switch", "default", "what it answers"), rows)


def _json(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return json.dumps(value) if isinstance(value, tuple) else str(value)
