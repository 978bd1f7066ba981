"""What the endpoints of the control API have in common."""

from collections.abc import Callable, Mapping

from .environment import Environment

Parameters = Mapping[str, str]
"""What the braces of a path stood for."""

Handler = Callable[[Environment, Parameters, bytes], object]
"""Takes the request's body and returns what becomes JSON, or None for an empty answer."""
