"""What a resource's attributes answer for what the program does not state."""

from typing import Any

import pulumi


class Unstated:
    """An attribute that reads as `None`, until an instance has one of its own.

    Pulumi's way is a placeholder for each, which the engine is waited for to fill: it costs as much as an argument
    that is sent, and most arguments are never stated.
    """

    def __get__(self, resource: object, _owner: type) -> Any:  # noqa: ANN401  an attribute of any type
        return self if resource is None else pulumi.Output.from_input(None)
