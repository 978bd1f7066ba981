"""What the parts of the control API share: reading what a test asks for."""

from collections.abc import Callable, Mapping
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .environment import Environment
from .errors import ODataError
from .values import read_guid

Model = TypeVar("Model", bound=BaseModel)

Parameters = Mapping[str, str]
"""What the braces of a path stood for."""

Handler = Callable[[Environment, Parameters, bytes], object]
"""Takes the request's body and returns what becomes JSON, or None for an empty answer."""


def read(model: type[Model], body: bytes) -> Model:
    """Return a body as the model says.

    Raises:
        ODataError: 400, naming each place that does not fit.
    """
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(str(part) for part in fault['loc']) or 'the body'}: {fault['msg']}"
            for fault in error.errors(include_input=False)
        )
        raise ODataError(400, "", faults) from None


def guid(text: str) -> str:
    """Return a GUID in lower case.

    Raises:
        ODataError: 400, the text is none.
    """
    found = read_guid(text)
    if found is None:
        raise ODataError(400, "", f"'{text}' is no GUID.")
    return found
