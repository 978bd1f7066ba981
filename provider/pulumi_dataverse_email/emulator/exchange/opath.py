"""OPATH, the language of recipient filters: its grammar, its trees, and its own spelling.

Microsoft Learn, "Recipient filters in Exchange Management Shell commands". How `-and` and `-or` bind is not
written there; here `-and` binds tighter, as it does in the directory's own filters.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, TypeAlias, TypeVar

from sly import Lexer, Parser  # type: ignore[import-untyped]  # it ships no types

Value: TypeAlias = str | bool | None

_MEANING = {True: "$true", False: "$false", None: "$null"}
_SYNTAX = "Invalid filter syntax. For a description of the filter parameter syntax see the command help."
_Rule = TypeVar("_Rule", bound=Callable[..., Any])

if TYPE_CHECKING:

    def _(*patterns: str) -> Callable[[_Rule], _Rule]:
        """Turn a method into the rule of a pattern; sly puts it into the body of a lexer or parser."""


class FilterError(Exception):
    """The filter does not parse, or asks for what cannot be asked."""


@dataclass(frozen=True)
class Comparison:
    """`Property -operator Value`."""

    property: str
    operator: str
    value: Value


@dataclass(frozen=True)
class Not:
    """The opposite."""

    operand: "Node"


@dataclass(frozen=True)
class And:
    """All of them."""

    operands: tuple["Node", ...]


@dataclass(frozen=True)
class Or:
    """Any of them."""

    operands: tuple["Node", ...]


Node: TypeAlias = Comparison | Not | And | Or


class _Lexer(Lexer):  # type: ignore[misc]  # sly has no types
    tokens = {"AND", "OR", "COMPARE", "NOT", "STRING", "MEANING", "NUMBER", "NAME"}  # noqa: RUF012 - sly's way
    literals = {"(", ")"}  # noqa: RUF012 - likewise
    ignore = " \t\r\n"

    AND = r"-[aA][nN][dD]\b"
    OR = r"-[oO][rR]\b"
    COMPARE = r"-(?i:eq|ne|ge|gt|le|lt|like|notlike)\b"
    NOT = r"-[nN][oO][tT]\b|!"
    STRING = r"'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\""
    MEANING = r"\$(?i:null|true|false)\b"
    NUMBER = r"-?\d+(?![\w.])"
    NAME = r"[A-Za-z]\w*"

    def error(self, token: Any) -> NoReturn:  # noqa: ANN401 - sly's own type
        raise FilterError(_at(token.value[:1], token.index))


class _Parser(Parser):  # type: ignore[misc]  # sly has no types
    tokens = _Lexer.tokens
    precedence = (("left", "OR"), ("left", "AND"), ("right", "NOT"))

    @_("node OR node")
    def node(self, p: Any) -> Node:  # noqa: ANN401 - sly's own type, here and below
        return Or((*_operands(p.node0, Or), *_operands(p.node1, Or)))

    @_("node AND node")  # type: ignore[no-redef]  # sly tells the rules apart
    def node(self, p: Any) -> Node:  # noqa: ANN401, F811
        return And((*_operands(p.node0, And), *_operands(p.node1, And)))

    @_("NOT node")  # type: ignore[no-redef]  # sly: one name, several rules
    def node(self, p: Any) -> Node:  # noqa: ANN401, F811
        return Not(p.node)

    @_('"(" node ")"')  # type: ignore[no-redef]  # sly: one name, several rules
    def node(self, p: Any) -> Node:  # noqa: ANN401, F811
        inner: Node = p.node
        return inner

    @_("NAME COMPARE value")  # type: ignore[no-redef]  # sly: one name, several rules
    def node(self, p: Any) -> Node:  # noqa: ANN401, F811
        return Comparison(p.NAME, p.COMPARE[1:].lower(), p.value)

    @_("STRING")
    def value(self, p: Any) -> Value:  # noqa: ANN401 - a type of sly
        quote = p.STRING[0]
        return str(p.STRING[1:-1].replace(quote * 2, quote))

    @_("NUMBER")  # type: ignore[no-redef]  # sly: one name, several rules
    def value(self, p: Any) -> Value:  # noqa: ANN401, F811
        return str(p.NUMBER)

    @_("MEANING")  # type: ignore[no-redef]  # sly: one name, several rules
    def value(self, p: Any) -> Value:  # noqa: ANN401, F811
        return {"$true": True, "$false": False, "$null": None}[p.MEANING.lower()]

    def error(self, token: Any) -> NoReturn:  # noqa: ANN401 - a type of sly
        if token is None:
            raise FilterError(f"{_SYNTAX} It ends too early.")
        raise FilterError(_at(token.value, token.index))


def parse(text: str) -> Node:
    """Return the tree of a filter.

    Raises:
        FilterError: it is no OPATH; the text gives the position, counted from 1.
    """
    if not text.strip():
        raise FilterError(f"{_SYNTAX} It is empty.")
    tree: Node = _Parser().parse(_Lexer().tokenize(text))
    return tree


def spell(node: Node) -> str:
    """Return a filter in the emulator's own spelling: each part in parentheses, text in single quotes."""
    match node:
        case Comparison(name, operator, value):
            quoted = f"""'{value.replace("'", "''")}'""" if isinstance(value, str) else _MEANING[value]
            return f"({name} -{operator} {quoted})"
        case Not(operand):
            return f"(-not{spell(operand)})"
        case And(operands):
            return f"({' -and '.join(spell(operand) for operand in operands)})"
        case Or(operands):
            return f"({' -or '.join(spell(operand) for operand in operands)})"


def _operands(node: Node, kind: type[And | Or]) -> tuple[Node, ...]:
    """Return the operands of a chain, flat: a filter of a thousand addresses must not be a thousand deep."""
    return node.operands if isinstance(node, (And, Or)) and isinstance(node, kind) else (node,)


def _at(text: str, index: int) -> str:
    return f'{_SYNTAX} "{text}" at position {index + 1}.'
