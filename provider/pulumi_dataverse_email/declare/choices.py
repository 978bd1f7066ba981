"""What a choice is: words in programs, state and previews, codes on the wire."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from .tables import Table
from .values import Form


@dataclass(frozen=True)
class Learnt:
    """A code that is published nowhere: a row that every environment has holds it.

    Args:
        table: where that row is.
        name: what it is called.
        column: wire name of its column that holds the code.
    """

    table: Table
    name: str
    column: str


class Choice(StrEnum):
    """A choice column's options: a *word* in programs, state and previews, a *code* on the wire."""

    code: int | None
    """`None` where it is to be learnt."""

    learnt: Learnt | None
    """Where the code is to be learnt."""

    def __new__(cls, word: str, code: int | Learnt) -> Self:
        """Make the option that programs call `word` and the wire calls `code`."""
        choice = str.__new__(cls, word)
        choice._value_ = word
        choice.code = code if isinstance(code, int) else None
        choice.learnt = code if isinstance(code, Learnt) else None
        return choice

    @classmethod
    def _parse(cls, value: object) -> Self:
        if isinstance(value, str):
            for choice in cls:
                if choice.value == value:
                    return choice
        words = ", ".join(f"'{choice.value}'" for choice in cls)
        raise PydanticCustomError("choice", "should be one of {words}", {"words": words})

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: type, _handler: GetCoreSchemaHandler) -> CoreSchema:
        words = core_schema.literal_schema([choice.value for choice in cls])  # for the JSON schema only
        return core_schema.no_info_plain_validator_function(cls._parse, json_schema_input_schema=words)


class ChoiceForm(Form):
    """Words in programs, codes on the wire; a code that has no word stays a number."""

    def __init__(self, choice: type[Choice]) -> None:
        self._codes = {word.value: word.code for word in choice if word.code is not None}

    def write(self, value: object) -> object:
        """Return the word's code."""
        return self._codes.get(str(value), value)

    def read(self, wire: object) -> object:
        """Return the code's word."""
        return next((word for word, code in self._codes.items() if code == wire), wire)

    def normal(self, value: object) -> object:
        """Return the code; a word whose code is to be learnt means itself alone."""
        return self.write(value)
