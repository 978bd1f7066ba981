"""OPATH, the language of recipient filters: text to tree and back.

Source: https://learn.microsoft.com/powershell/exchange/recipient-filters

The page does not say how `-and` and `-or` bind when they stand side by side; read here, `-and` binds tighter.
`filters.faults` refuses such a mixture in what a person writes, because Exchange may read it otherwise.
"""

import re
from dataclasses import dataclass, field
from typing import Final, TypeAlias

Value: TypeAlias = str | bool | None
"""Text, `$true` or `$false`, `$null`; a bare number is the text of its digits."""

MAX_DEPTH: Final = 100
"""Levels of parentheses and negations: far above what people write, and below what would exhaust the stack."""

_WORDS: Final[dict[Value, str]] = {True: "$true", False: "$false", None: "$null"}
_VALUES: Final[dict[str, Value]] = {word: value for value, word in _WORDS.items()}

_TOKEN: Final = re.compile(
    r"""(?P<space>\s+)
    | (?P<text>'(?:[^']|'')*' | "(?:[^"]|"")*")
    | (?P<bracket>[()])
    | (?P<and>-and\b)
    | (?P<or>-or\b)
    | (?P<not>-not\b | !)
    | -(?P<operator>eq|ne|gt|ge|lt|le|like|notlike)\b
    | (?P<word>\$(?:true|false|null)\b)
    | (?P<number>-?[0-9]+(?![\w.]))
    | (?P<name>[a-z]\w*)""",
    re.IGNORECASE | re.VERBOSE | re.ASCII,
)


class FilterSyntaxError(ValueError):
    """A text is no filter.

    Args:
        text: the filter.
        position: where it stops making sense, counted from 0.
        expected: what should stand there.
    """

    def __init__(self, text: str, position: int, expected: str) -> None:
        self.position = position
        start, end = max(0, position - 30), position + 20
        shown = f"{'...' if start else ''}{text[start:position]}>>>{text[position:end]}{'...' if text[end:] else ''}"
        super().__init__(f"at position {position + 1}, {expected} was expected: {_one_line(shown)}")


@dataclass(frozen=True)
class Comparison:
    """`Property -operator value`; the operator is in lower case, without its dash."""

    property: str
    operator: str
    value: Value
    spelling: str = field(default="", compare=False, repr=False)
    """As the person wrote it."""


@dataclass(frozen=True)
class Not:
    """The opposite."""

    operand: "Node"
    spelling: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class And:
    """All of them, at least two; none is an And itself."""

    operands: tuple["Node", ...]
    spelling: str = field(default="", compare=False, repr=False)


@dataclass(frozen=True)
class Or:
    """Any of them, at least two; none is an Or itself."""

    operands: tuple["Node", ...]
    mixed: bool = field(default=False, compare=False, repr=False)
    """Whether an operand is an `-and` that stands in no parentheses of its own."""
    spelling: str = field(default="", compare=False, repr=False)


Node: TypeAlias = Comparison | Not | And | Or


def parse(text: str) -> Node:
    """Return the tree of a filter.

    Raises:
        FilterSyntaxError: it is none; with the position.
    """
    return _Reader(text).whole()


def spell(node: Node) -> str:
    """Return the text of a tree, so that `parse` gives the tree again: no more parentheses than are needed."""
    match node:
        case Comparison(name, operator, value):
            return f"{name} -{operator} {quoted(value) if isinstance(value, str) else _WORDS[value]}"
        case Not(operand):
            return f"-not ({spell(operand)})"
        case And(operands):
            return " -and ".join(_bracketed(operand) for operand in operands)
        case Or(operands):
            return " -or ".join(_bracketed(operand) for operand in operands)


def quoted(text: str) -> str:
    """Return a text as it stands in a filter: a single quote in it is doubled."""
    return "'" + text.replace("'", "''") + "'"


def any_of(nodes: tuple[Node, ...]) -> Node:
    """Return what holds where any of the operands does; at least one is needed."""
    flat = tuple(inner for node in nodes for inner in (node.operands if isinstance(node, Or) else (node,)))
    return flat[0] if len(flat) == 1 else Or(flat)


def _bracketed(node: Node) -> str:
    return f"({spell(node)})" if isinstance(node, And | Or) else spell(node)


def _one_line(text: str) -> str:
    return " ".join(text.split())


@dataclass(frozen=True)
class _Token:
    kind: str
    text: str
    start: int
    end: int


class _Reader:
    """Reads a filter by descent: or, and, not, comparison."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = self._split()
        self._next = 0
        self._depth = 0

    def whole(self) -> Node:
        node = self._any()
        if self._kind():
            raise self._unexpected("-and, -or or the end")
        return node

    def _any(self) -> Node:
        start = self._start()
        parts = [self._all()]
        bare = [self._bare(start, parts[0])]
        while self._take("or"):
            begin = self._start()
            parts.append(self._all())
            bare.append(self._bare(begin, parts[-1]))
        if len(parts) == 1:
            return parts[0]
        flat = tuple(inner for part in parts for inner in (part.operands if isinstance(part, Or) else (part,)))
        inherited = any(isinstance(part, Or) and part.mixed for part in parts)
        return Or(flat, any(bare) or inherited, self._since(start))

    def _bare(self, start: int, part: Node) -> bool:
        """Whether a part is an `-and` without parentheses around all of it."""
        return isinstance(part, And) and part.spelling == self._since(start)

    def _all(self) -> Node:
        start = self._start()
        parts = [self._one()]
        while self._take("and"):
            parts.append(self._one())
        if len(parts) == 1:
            return parts[0]
        flat = tuple(inner for part in parts for inner in (part.operands if isinstance(part, And) else (part,)))
        return And(flat, self._since(start))

    def _one(self) -> Node:
        start = self._start()
        if self._take("not"):
            self._deeper(start)
            operand = self._one()
            self._depth -= 1
            return Not(operand, self._since(start))
        if self._take("("):
            self._deeper(start)
            node = self._any()
            if not self._take(")"):
                raise self._unexpected("-and, -or or a closing parenthesis")
            self._depth -= 1
            return node
        return self._comparison(start)

    def _comparison(self, start: int) -> Comparison:
        name = self._take("name")
        if name is None:
            raise self._unexpected("a property, -not or an opening parenthesis")
        operator = self._take("operator")
        if operator is None:
            raise self._unexpected("an operator (-eq, -ne, -gt, -ge, -lt, -le, -like, -notlike)")
        value = self._take("text") or self._take("number") or self._take("word")
        if value is None:
            raise self._unexpected("a text in quotes, a number, $true, $false or $null")
        return Comparison(name.text, operator.text[1:].lower(), _value(value), self._since(start))

    def _deeper(self, start: int) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise FilterSyntaxError(self._text, start, f"no more than {MAX_DEPTH} levels of parentheses")

    def _kind(self) -> str:
        return self._tokens[self._next].kind if self._next < len(self._tokens) else ""

    def _take(self, kind: str) -> _Token | None:
        if self._kind() != kind:
            return None
        self._next += 1
        return self._tokens[self._next - 1]

    def _start(self) -> int:
        return self._tokens[self._next].start if self._next < len(self._tokens) else len(self._text)

    def _since(self, start: int) -> str:
        return self._text[start : self._tokens[self._next - 1].end]

    def _unexpected(self, expected: str) -> FilterSyntaxError:
        return FilterSyntaxError(self._text, self._start(), expected)

    def _split(self) -> list[_Token]:
        found, position = [], 0
        while position < len(self._text):
            match = _TOKEN.match(self._text, position)
            if match is None:
                quote = self._text[position]
                expected = f"a closing {quote} later" if quote in "'\"" else "a property, an operator or a value"
                raise FilterSyntaxError(self._text, position, expected)
            kind = str(match.lastgroup)
            if kind != "space":
                found.append(_Token(match[0] if kind == "bracket" else kind, match[0], position, match.end()))
            position = match.end()
        return found


def _value(token: _Token) -> Value:
    if token.kind == "number":
        return token.text
    if token.kind == "word":
        return _VALUES[token.text.lower()]
    quote = token.text[0]
    return token.text[1:-1].replace(quote * 2, quote)
