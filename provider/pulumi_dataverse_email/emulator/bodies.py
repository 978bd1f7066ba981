"""The bodies of the control API."""

import json
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from .errors import ODataError

Model = TypeVar("Model", bound=BaseModel)


def read_body(model: type[Model], body: bytes) -> Model:
    """Return what a JSON body says.

    Raises:
        ODataError: 400, it does not fit; the text names each place.
    """
    try:
        return model.model_validate_json(body, strict=True)  # "yes" is no boolean, and "5" no number
    except ValidationError as error:
        raise misfit(error) from None


def merged(now: Model, body: bytes) -> Model:
    """Return settings with what a JSON body changes of them.

    Raises:
        ODataError: 400, it does not fit; the text names each place.
    """
    changed = now.model_dump(mode="json") | read_object(body)
    return read_body(type(now), json.dumps(changed).encode())


def misfit(error: ValidationError) -> ODataError:
    """Return the refusal of what does not fit, without the values that were given."""
    faults = "; ".join(
        f"{'.'.join(str(part) for part in fault['loc']) or 'the body'}: {fault['msg']}"
        for fault in error.errors(include_input=False)
    )
    return ODataError(400, "", faults)


def read_object(body: bytes) -> dict[str, object]:
    """Return a body that is any JSON object.

    Raises:
        ODataError: 400, it is anything else.
    """
    try:
        found = json.loads(body)
        json.dumps(found, ensure_ascii=False).encode()  # half of a surrogate pair could be neither kept nor sent back
    except (ValueError, RecursionError):
        raise ODataError(400, "", "The body is no valid JSON.") from None
    if not isinstance(found, dict):
        raise ODataError(400, "", "The body must be a JSON object.")
    return found
