"""`$filter` and `$orderby` as SQL: odata-query parses, this module gives the words Dataverse's meaning.

Microsoft Learn, "Filter rows" and "Order rows": text is compared without regard to case, `%` and `_` are wildcards in
the functions on text, and `ne` also finds rows without a value.
"""

import operator
import re
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from . import operands, queryfunctions
from .errors import ODataError, bad_request, not_emulated
from .queryfunctions import Asker
from .schema import TABLES, Table
from .store import CASELESS, SQL_TABLES

MAX_CONDITIONS = 500
"""Microsoft Learn: a query with more conditions is refused with 0x8004430C."""

_COMPARISONS = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
_MIRRORED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Lt: ast.Gt, ast.LtE: ast.GtE}
_PATTERNS = {"contains": "%{}%", "endswith": "%{}", "startswith": "{}%"}
_ORDER = re.compile(r"\s*([\w/]+)(?:\s+(asc|desc))?\s*")
_LISTED = re.compile(r"""'(?:[^']|'')*+'|"(?:[^"\\]|\\.)*+"|[^,\s]+""")


class _Lexer(ODataLexer):
    """The library's, which would read `allowemail...` as `all` and an identifier, and `not(` as a function.

    It also does not know the lists in brackets of Dataverse's query functions.
    """

    tokens = ODataLexer.tokens | {"LIST"}
    ANY = r"any\b"  # type: ignore[assignment]  # sly keeps the library's action for the pattern
    ALL = r"all\b"  # type: ignore[assignment]  # likewise
    NOT = r"not(?:\s+|(?=\())"  # type: ignore[assignment]  # likewise
    LIST = r"""\[(?:[^\[\]'"]|'(?:[^']|'')*+'|"(?:[^"\\]|\\.)*+")*+\]"""

    def LIST(self, token: Any) -> Any:  # type: ignore[no-redef]  # noqa: ANN401, F811, N802 - sly names actions so
        items = [item[1:-1] if item[0] in "'\"" else item for item in _LISTED.findall(token.value[1:-1])]
        token.value = ast.List([ast.String(item) for item in items])
        token.type = "STRING"  # a literal to the library's grammar
        return token


@dataclass(frozen=True)
class Key:
    """One part of an order."""

    name: str
    sql: sa.ColumnElement[Any]
    kind: str
    """The family of its values."""
    descending: bool = False

    @property
    def order(self) -> sa.ColumnElement[Any]:
        """What SQL sorts by; nulls come first ascending."""
        return self.sql.desc() if self.descending else self.sql.asc()


def tree(text: str) -> object:
    """Return the syntax tree of a `$filter`, in odata-query's nodes.

    Raises:
        ODataError: 400 for what is malformed.
    """
    try:
        return ODataParser().parse(_Lexer().tokenize(text))
    except (ODataException, AttributeError, ValueError) as error:  # the parser trips over some faults of its own
        raise bad_request(f"Syntax error in '$filter': {error}") from None


def condition(text: str, table: Table, asker: Asker) -> sa.ColumnElement[bool]:
    """Return the SQL condition of a `$filter`; `asker` is whom some functions speak of.

    Raises:
        ODataError: 400 for what is malformed or too much, 501 for what is valid but not emulated.
    """
    return _Translation(table, asker).condition(tree(text))


def order(text: str, table: Table) -> list[Key]:
    """Return the order that an `$orderby` asks for: lookups go by the name of their row, choices by their code."""
    found: list[Key] = []
    for part in text.split(","):
        match = _ORDER.fullmatch(part)
        if match is None:
            raise bad_request("Syntax error in '$orderby'.")
        if "/" in match[1]:
            raise not_emulated("Ordering by a path")
        found.append(key(match[1], table, descending=match[2] == "desc"))
    return found


def key(name: str, table: Table, *, descending: bool = False) -> Key:
    """Return one part of an order."""
    operand = operands.of_name(name, table)
    kind, sql = operands.family(operand.column), operand.sql
    if operand.column.is_lookup:
        kind, sql = "text", _name_behind(operand, table)
    elif kind == "Boolean":
        kind, sql = "number", sa.type_coerce(sql, sa.Integer())
    return Key(name, sql, kind, descending=descending)


def _name_behind(lookup: operands.Operand, table: Table) -> sa.ColumnElement[Any]:
    """Return the primary name of the row that a lookup leads to."""
    source = SQL_TABLES[table.logical_name]
    names: list[sa.ColumnElement[Any]] = [sa.null(), sa.null()]  # coalesce wants two
    for target in (TABLES[name] for name in lookup.column.targets if name in TABLES):
        there = SQL_TABLES[target.logical_name].alias()
        where = there.c[target.primary_id] == lookup.sql
        if lookup.column.type_column:
            where &= source.c[lookup.column.type_column] == target.logical_name
        names.append(sa.select(there.c[target.primary_name]).where(where).correlate(source).scalar_subquery())
    return sa.collate(sa.func.coalesce(*names, type_=sa.Text()), CASELESS)


class _Translation:
    """One `$filter` on its way to SQL."""

    def __init__(self, table: Table, asker: Asker) -> None:
        self._table = table
        self._asker = asker
        self._conditions = 0

    def condition(self, node: object, *, negated: bool = False) -> sa.ColumnElement[bool]:
        match node:
            case ast.BoolOp(ast.And(), left, right):
                return sa.and_(self.condition(left, negated=negated), self.condition(right, negated=negated))
            case ast.BoolOp(ast.Or(), left, right):
                return sa.or_(self.condition(left, negated=negated), self.condition(right, negated=negated))
            case ast.UnaryOp(ast.Not(), operand):
                return sa.not_(self.condition(operand, negated=True))
            case ast.Compare(comparator, left, right):
                self._count()
                return self._comparison(comparator, left, right)
            case ast.Call(ast.Identifier(name, ()), [named, ast.String(text)]) if name in _PATTERNS:
                self._count()
                return self._text_function(name, named, text)
            case ast.Call(ast.Identifier(_, queryfunctions.NAMESPACE)):
                self._count()
                if negated:
                    raise bad_request("A query function of Microsoft.Dynamics.CRM cannot stand under 'not'.")
                return queryfunctions.condition(node, self._table, self._asker)
            case ast.CollectionLambda():
                raise not_emulated("A lambda operator in '$filter'")
            case ast.Call(ast.Identifier(name, namespace)):
                raise bad_request(f"The function '{'.'.join((*namespace, name))}' is not supported in '$filter'.")
        raise bad_request("The '$filter' expression must evaluate to a single boolean value.")

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            text = f"Number of conditions in query exceeded maximum limit of {MAX_CONDITIONS}."
            raise ODataError(400, "0x8004430C", text)

    def _comparison(self, comparator: object, left: object, right: object) -> sa.ColumnElement[bool]:
        kind: Any = type(comparator)
        if _is_named(right) and not _is_named(left):
            left, right, kind = right, left, _MIRRORED.get(kind, kind)
        if kind not in _COMPARISONS:
            raise bad_request(f"The operator '{kind.__name__.lower()}' is not supported in '$filter'.")
        operand = operands.of_node(left, self._table)
        if operands.family(operand.column) == "Boolean" and kind not in (ast.Eq, ast.NotEq):
            raise bad_request(operands.INCOMPATIBLE.format("Edm.Boolean", "Edm.Boolean"))
        compare = _COMPARISONS[kind]
        if _is_named(right):
            other = operands.of_node(right, self._table)
            if operands.family(operand.column) != operands.family(other.column):
                raise bad_request(operands.INCOMPATIBLE.format(operand.column.type, other.column.type))
            if not (operand.own and other.own):
                raise bad_request("Columns may be compared with columns of the same table only.")
            both: sa.ColumnElement[bool] = compare(operand.sql, other.sql)
            return both
        value = operands.literal(operand.column, right)
        if value is None:
            nothing = {ast.Eq: operand.sql.is_(None), ast.NotEq: operand.sql.is_not(None)}
            return nothing.get(kind, sa.false())
        result: sa.ColumnElement[bool] = compare(operand.sql, value)
        return sa.or_(result, operand.sql.is_(None)) if kind is ast.NotEq else result

    def _text_function(self, name: str, named: object, text: str) -> sa.ColumnElement[bool]:
        operand = operands.of_node(named, self._table)
        if operands.family(operand.column) != "text":
            raise bad_request(f"No function signature for the function with name '{name}' matches the arguments.")
        if re.search(r"\[.+\]", text):
            raise not_emulated(f"A set of characters in brackets in '{name}'")
        folded = sa.func.lower(operand.sql, type_=sa.Text())
        return folded.like(_PATTERNS[name].format(text.casefold()))


def _is_named(node: object) -> bool:
    return isinstance(node, ast.Identifier | ast.Attribute)
