"""What `pulumi --otel-traces` and the log show of the provider's process."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from .programs import MAILBOX, PROFILE, SECRET
from .stack import Stack


def spans(path: Path) -> Iterator[dict[str, Any]]:
    """Yield our own spans in a file that Pulumi's collector wrote."""
    for line in path.read_text().splitlines():
        for resource in json.loads(line)["resourceSpans"]:
            for scope in resource["scopeSpans"]:
                if scope["scope"].get("name") == "pulumi_dataverse_email":
                    yield from scope["spans"]


def test_operations_stand_beside_the_spans_of_the_cli(stack: Stack, tmp_path: Path) -> None:
    """One span each, and one line of the log; neither holds a secret, and Pulumi shows nothing of them."""
    log, traces = tmp_path / "log", tmp_path / "traces.json"
    stack.settings["DATAVERSE_EMAIL_LOG"] = str(log)
    stack.program(PROFILE + MAILBOX)
    shown = stack.pulumi("up", "--yes", "--otel-traces", traces.as_uri())

    wanted = [
        "GET RetrieveCurrentOrganization",
        "GET emailserverprofiles",
        "PATCH emailserverprofiles",
        "GET systemusers",
        "PATCH mailboxes",
    ]
    assert [span["name"] for span in spans(traces)] == wanted
    first, *exchanges = log.read_text().splitlines()
    assert "log in at" in first
    assert len(exchanges) == len(wanted)
    assert SECRET not in traces.read_text() + log.read_text()
    assert "Diagnostics" not in shown.text
