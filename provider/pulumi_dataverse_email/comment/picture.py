"""A picture of profiles, mailboxes and scopes as a Mermaid flowchart, with what happens to them."""

from collections import Counter
from collections.abc import Iterable, Sequence

from .changes import Change, What
from .markdown import Section, clean
from .words import counted, happening, noun, plural, title

MOST_SINGLE = 30
"""Resources of a kind that are drawn one by one; more are drawn as groups, or nobody could read the picture."""

LONGEST_LABEL = 40

SAFE = " -_.@"
"""What stands in a label as itself, beside letters and digits: all else could be Mermaid's own syntax."""

COLOURS = {
    What.DELETE: "fill:#ffd7d5,stroke:#cf222e,color:#1f2328",
    What.REPLACE: "fill:#ffe2cc,stroke:#bc4c00,color:#1f2328",
    What.UPDATE: "fill:#fff8c5,stroke:#9a6700,color:#1f2328",
    What.CREATE: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    What.IMPORT: "fill:#dafbe1,stroke:#1a7f37,color:#1f2328",
    What.NOTHING: "fill:#f6f8fa,stroke:#8c959f,color:#1f2328",
}
"""Colour says the same as the word in the label: nobody has to see it."""

Node = tuple[str, str, What]
"""Kind, name and what happens; a group has a number for its name."""


def picture(changes: Iterable[Change]) -> list[Section]:
    """Draw the resources of our kinds and what they point at; nothing where nothing happens to them."""
    ours = [change for change in changes if change.kind_name]
    if all(change.what is What.NOTHING for change in ours):
        return []
    crowds = {kind for kind, number in Counter(change.kind_name for change in ours).items() if number > MOST_SINGLE}
    at = {state.urn: change for change in ours for state in (change.old, change.new) if state.urn}
    nodes: dict[Node, list[Change]] = {}
    for change in ours:
        nodes.setdefault(_node(change, crowds), []).append(change)
    numbers = {node: f"n{index}" for index, node in enumerate(nodes)}
    edges = {
        (numbers[_node(change, crowds)], numbers[_node(at[urn], crowds)])
        for change in ours
        for urns in change.state.property_dependencies.values()
        for urn in urns or ()
        if urn in at
    }
    lines = [f'  {numbers[node]}["{_label(node, them)}"]:::{node[2]}' for node, them in nodes.items()]
    lines += [f"  {one} --> {other}" for one, other in sorted(edges)]
    lines += [f"  classDef {what} {COLOURS[what]}" for what in dict.fromkeys(node[2] for node in nodes)]
    text = "\n".join(("```mermaid", "flowchart LR", *lines, "```"))
    return [Section("### Picture\n", (text,), harm=1, whole=True)]


def escaped(text: str) -> str:
    """Return a text as part of a label, every character that could be syntax as an entity of Mermaid's own."""
    return "".join(it if it.isalnum() or it in SAFE else f"#{ord(it)};" for it in clean(text, LONGEST_LABEL))


def _node(change: Change, crowds: set[str]) -> Node:
    name = "" if change.kind_name in crowds else change.urn
    return (change.kind_name, name, change.what)


def _label(node: Node, changes: Sequence[Change]) -> str:
    first = changes[0]
    who = (
        f"{noun(first)} {escaped(title(first))}" if node[1] else counted(len(changes), noun(first), plural(noun(first)))
    )
    return f"{who}<br/>{happening(first)}"
