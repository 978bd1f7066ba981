"""Writes the tables of the emulator's switches into its page: `python -m tools.emulator_switches`."""

import json
from pathlib import Path

from pydantic import BaseModel

from pulumi_dataverse_email.emulator.exchange.switches import Switches as ExchangeSwitches
from pulumi_dataverse_email.emulator.switches import Switches

PAGE = Path(__file__).parent.parent / "docs" / "emulator.md"
BEGIN = "<!-- switches: written by `python -m tools.emulator_switches` -->\n"
END = "<!-- end of switches -->\n"


def tables() -> str:
    """Return both tables."""
    return f"\n{_table(Switches)}\nOf Exchange:\n\n{_table(ExchangeSwitches)}\n"


def written(page: str) -> str:
    """Return the page with the tables as they should be."""
    before, _, rest = page.partition(BEGIN)
    return before + BEGIN + tables() + END + rest.partition(END)[2]


def _table(switches: type[BaseModel]) -> str:
    lines = ["| switch | default | what it answers |", "| --- | --- | --- |"]
    for name, field in switches.model_fields.items():
        why = " ".join((field.description or "").split()).replace("|", "\\|")
        lines.append(f"| `{name}` | `{_json(field.default)}` | {why} |")
    return "\n".join(lines) + "\n"


def _json(value: object) -> str:
    if isinstance(value, bool) or value is None:
        return {True: "true", False: "false", None: "null"}[value]
    return json.dumps(value) if isinstance(value, tuple) else str(value)


if __name__ == "__main__":
    PAGE.write_text(written(PAGE.read_text("utf-8")), "utf-8")
