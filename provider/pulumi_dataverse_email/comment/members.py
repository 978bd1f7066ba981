"""Kinds that are no tables: what their members are, and who joins and leaves."""

from collections.abc import Collection, Iterator

from .changes import Change, at
from .markdown import code
from .words import listed

SCOPE = "ImpersonationScope"
TEST = "MailboxTestAndEnable"
SET = "MailboxSet"
"""Kinds that are no tables: what their members mean."""

TOLD = ("statuses", "left_out", "drift", "outside_scope", "unlimited_grants", "selection_changes")
"""Inputs of refreshes, which tell of mailboxes and have no members."""


def members(change: Change) -> tuple[list[str], list[str]]:
    """Return who joins and who leaves the inputs of a kind that is no table, which are maps or lists of members."""
    if not change.is_group:
        return [], []
    names = {path[0] for path in change.differing if "generation" not in path[0] and path[0] not in TOLD}
    old = set().union(*(entries(change, name, change.old.inputs.get(name)) for name in names))
    new = set().union(*(entries(change, name, change.new.inputs.get(name)) for name in names))
    return sorted(new - old), sorted(old - new)


def entries(change: Change, name: str, value: object) -> set[str]:
    """Return the members that an input names; those of sets that a test or a scope is given stand by their sets."""
    if name == "members" and change.kind_name != SET and isinstance(value, dict):
        return {key for it in value.values() if isinstance(it, dict) for key in it}
    return {it for it in value if isinstance(it, str)} if isinstance(value, dict | list) else set()


def who(names: Collection[str]) -> str:
    """Return members as a list in a sentence."""
    return listed(map(code, names))


def are(names: Collection[str]) -> str:
    """Return the verb that fits their number."""
    return "is" if len(names) == 1 else "are"


def stay(names: Collection[str]) -> str:
    """Return the verb that fits their number."""
    return "stays" if len(names) == 1 else "stay"


def belongs(names: Collection[str]) -> str:
    """Return the verb that fits their number."""
    return "belongs" if len(names) == 1 else "belong"


def tested_again(change: Change) -> Iterator[str]:
    """Yield who of a group is tested again, because settings changed or somebody joined."""
    for name, *entry in change.differing:
        if name == "profile_generations":
            yield f"the canaries of {code(entry[0])}"
        elif at(change.new.inputs, (name, *entry)) is None:
            continue  # who leaves is tested no more
        elif "generation" in name:
            yield code(entry[-1]) if entry else "all its members"
        elif name == "members" and change.kind_name == TEST:
            yield code(entry[-1])
