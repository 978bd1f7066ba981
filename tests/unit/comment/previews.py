"""Previews in the engine's shape, as short as a test wants them."""

import json
from typing import Any

from pulumi_dataverse_email.comment import Preview

Json = dict[str, Any]

TYPE = "pulumi-python:dynamic/dataverse-email:"
UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9"
METHODS = ("incoming_email_delivery_method", "outgoing_email_delivery_method", "act_delivery_method")
ON = dict.fromkeys(METHODS, "server_side_synchronization")
OFF = dict.fromkeys(METHODS, "none")


def urn(kind: str, name: str) -> str:
    """Return the address of a resource; a kind with a colon is another provider's type."""
    return f"urn:pulumi:test::pipeline::{kind if ':' in kind else TYPE + kind}::{name}"


def step(
    op: str, kind: str, name: str, old: Json | None = None, new: Json | None = None, **more: object
) -> dict[str, object]:
    """Return a step between two bags of inputs; what `more` names is the step's, or with `_state` both states'."""
    state = more.pop("_state", {})
    states = {"oldState": old, "newState": new}
    return {
        "op": op,
        "urn": urn(kind, name),
        **{key: {"urn": urn(kind, name), "inputs": it, **state} for key, it in states.items() if it is not None},  # type: ignore[dict-item]  # tests give a dict
        **more,
    }


def text(*steps: Json, **more: object) -> bytes:
    """Return what the engine would print."""
    return json.dumps({"steps": steps, "duration": 1, "changeSummary": {}, **more}).encode()


def preview(*steps: Json, **more: object) -> Preview:
    """Return a preview of these steps."""
    return Preview.read(text(*steps, **more))


def deleted(kind: str, name: str, inputs: Json, **outputs: object) -> Json:
    """Return a step that deletes a resource whose outputs say more than its inputs."""
    return step("delete", kind, name, inputs, _state={"outputs": {**inputs, **outputs}})
