"""Names of the properties of a set: part of the state's format."""

SET_ID = "set_id"
"""Input of the program's side: the set's logical name; its id says that it is one, such as `set:sales`."""

SELECTION = "selection"
"""Input: whom the set selects; empty or absent where its members are stated."""

GENERATIONS = "generations"
"""Input that `check` computes: member's key -> a number that rises when a change of its own calls for a new test."""

TEMPLATE_GENERATION = "template_generation"
"""Input that `check` raises when a change of the template calls for a new test of all."""

SELECTION_CHANGES = "selection_changes"
"""Input of `read` alone: member's key -> whether it joined or left since the set was last written."""

COMPUTED = (SET_ID, GENERATIONS, TEMPLATE_GENERATION)
"""Inputs that are no arguments and stay."""
