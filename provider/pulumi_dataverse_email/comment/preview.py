"""What `pulumi preview --json` prints, parsed.

Its shape is that of the engine's `display/json.go`; keys that are not named here are nobody's business: where in the
program a resource stands, when it was made, which provider answers for it.
"""

import json
from dataclasses import dataclass
from typing import Self

from pydantic import BaseModel, ConfigDict, JsonValue, ValidationError, model_validator
from pydantic.alias_generators import to_camel

from ..errors import UnusableInputError

KEYS = ("steps", "diagnostics", "changeSummary")
"""A preview has at least one of them; one that failed early has no steps."""

STREAMED = "PULUMI_ENABLE_STREAMING_JSON_PREVIEW"
"""Environment variable by which the engine prints one event a line instead of one object."""

URN_PARTS = 4

Properties = dict[str, JsonValue]


class PreviewError(UnusableInputError):
    """A text is not what `pulumi preview --json` prints."""


class _Object(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, found: object) -> object:
        # The engine leaves a key out or writes null; both mean that there is nothing to say.
        return {key: it for key, it in found.items() if it is not None} if isinstance(found, dict) else found


@dataclass(frozen=True)
class Place:
    """A resource's address: who it is, whatever happens to it."""

    name: str
    stack: str = ""
    project: str = ""
    type: str = ""

    @classmethod
    def of(cls, urn: str) -> Self:
        """Take `urn:pulumi:STACK::PROJECT::PARENT$TYPE::NAME` apart; what is no such address is a name."""
        parts = urn.split("::", URN_PARTS - 1)
        if len(parts) < URN_PARTS:
            return cls(urn)
        stack, project, types, name = parts
        return cls(name, stack.rpartition(":")[2], project, types.rpartition("$")[2])


class State(_Object):
    """A resource before or after a step."""

    urn: str = ""
    id: str = ""
    inputs: Properties = {}
    outputs: Properties = {}
    property_dependencies: dict[str, list[str] | None] = {}
    retain_on_delete: bool = False


class Step(_Object):
    """What the engine would do with one resource."""

    op: str
    urn: str
    old_state: State | None = None
    new_state: State | None = None
    diff_reasons: list[str] = []
    replace_reasons: list[str] = []
    detailed_diff: dict[str, JsonValue] = {}


class Diagnostic(_Object):
    """A message of the engine, of a provider or of the program."""

    urn: str = ""
    message: str = ""
    severity: str = ""


class Preview(_Object):
    """All that a preview says."""

    steps: list[Step] = []
    diagnostics: list[Diagnostic] = []
    change_summary: dict[str, int] = {}

    @classmethod
    def read(cls, text: bytes) -> Self:
        """Parse what `pulumi preview --json` printed; UTF-8, or UTF-16 as PowerShell redirects it.

        Raises:
            PreviewError: it is empty, cut off, or something else; the message says what to run.
        """
        if not text.strip():
            raise PreviewError(
                "The preview is empty: `pulumi preview --json` ended before it printed one. "
                "What it wrote to standard error says why."
            )
        try:
            found = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise PreviewError(_broken(error)) from None
        if not (isinstance(found, dict) and any(key in found for key in KEYS)):
            raise PreviewError(
                f"This JSON is no preview: it has none of {', '.join(KEYS)}. Give what `pulumi preview --json` prints."
            )
        try:
            return cls.model_validate(found)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False, include_context=False)[0]
            where = ".".join(map(str, first["loc"]))
            raise PreviewError(
                f"This JSON is not what `pulumi preview --json` prints: {where}: {first['msg']}."
            ) from None


def _broken(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        where = f"line {error.lineno}, column {error.colno}"
        if error.msg == "Extra data":
            return (
                f"The preview is more than one JSON object (the second begins at {where}). "
                f"Keep standard error out of the file, and leave {STREAMED} unset."
            )
        return (
            f"The preview is no complete JSON ({error.msg} at {where}). "
            "Was it cut off? Run `pulumi preview --json > preview.json` again, without `2>&1`."
        )
    return f"The preview cannot be read as JSON ({type(error).__name__}). Give what `pulumi preview --json` prints."
