"""`$filter` and `$orderby` as SQL: odata-query parses, this module gives the words Dataverse's meaning.

Microsoft Learn, "Filter rows": text is compared without regard to case, and `ne` also finds rows without a value.
"""

import operator
import re
from typing import Any

import sqlalchemy as sa
from odata_query import ast
from odata_query.exceptions import ODataException
from odata_query.grammar import ODataLexer, ODataParser

from .errors import ODataError, bad_request, no_such_property, not_emulated
from .schema import CHOICES, Column, Table, Value
from .store import SQL_TABLES
from .values import read_guid, read_moment

MAX_CONDITIONS = 500
"""Microsoft Learn: a query with more conditions is refused with 0x8004430C."""

SQL_INTEGER_BITS = 63
EXACT_FLOAT = 2**53
"""Beyond it a floating-point number may stand for several whole ones."""

_COMPARISONS = {
    ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Gt: operator.gt, ast.GtE: operator.ge,
    ast.Lt: operator.lt, ast.LtE: operator.le,
}  # fmt: skip
_MIRRORED = {ast.Gt: ast.Lt, ast.GtE: ast.LtE, ast.Lt: ast.Gt, ast.LtE: ast.GtE}
_TEXT_FUNCTIONS = ("contains", "endswith", "startswith")
_NAMESPACED = re.compile(r"\bMicrosoft\.Dynamics\.CRM\.\w+\(")
_ORDER = re.compile(r"\s*(\w+)(?:\s+(asc|desc))?\s*")
_INCOMPATIBLE = "A binary operator with incompatible types was detected. Found operand types '{}' and '{}'."


class _Lexer(ODataLexer):
    """The library's, which would read `allowemail...` as `all` and an identifier, and `not(` as a function."""

    tokens = ODataLexer.tokens
    ANY = r"any\b"  # type: ignore[assignment]  # sly keeps the library's action for the pattern
    ALL = r"all\b"  # type: ignore[assignment]  # likewise
    NOT = r"not(?:\s+|(?=\())"  # type: ignore[assignment]  # likewise


def tree(text: str) -> object:
    """Return the syntax tree of a `$filter`, in odata-query's nodes.

    Raises:
        ODataError: 400 for what is malformed.
    """
    try:
        return ODataParser().parse(_Lexer().tokenize(text))
    except (ODataException, AttributeError, ValueError) as error:  # the parser trips over some faults of its own
        raise bad_request(f"Syntax error in '$filter': {error}") from None


def condition(text: str, table: Table) -> sa.ColumnElement[bool]:
    """Return the SQL condition of a `$filter`.

    Raises:
        ODataError: 400 for what is malformed or too much, 501 for what is valid but not emulated.
    """
    if _NAMESPACED.search(text):
        raise not_emulated("A function of Microsoft.Dynamics.CRM in '$filter'")
    try:
        tree = ODataParser().parse(_Lexer().tokenize(text))
        return _Translation(table).condition(tree)
    except (ODataException, AttributeError, ValueError) as error:  # the parser trips over some faults of its own
        raise bad_request(f"Syntax error in '$filter': {error}") from None


def order(text: str, table: Table) -> list[sa.ColumnElement[Any]]:
    """Return the SQL order of an `$orderby`; nulls sort first ascending."""
    found: list[sa.ColumnElement[Any]] = []
    for part in text.split(","):
        match = _ORDER.fullmatch(part)
        if match is None:
            raise not_emulated("Ordering by a path") if "/" in part else bad_request("Syntax error in '$orderby'.")
        column = _sql_column(match[1], table)
        found.append(column.desc() if match[2] == "desc" else column.asc())
    return found


class _Translation:
    """One `$filter` on its way to SQL."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._conditions = 0

    def condition(self, node: object) -> sa.ColumnElement[bool]:
        match node:
            case ast.BoolOp(ast.And(), left, right):
                return sa.and_(self.condition(left), self.condition(right))
            case ast.BoolOp(ast.Or(), left, right):
                return sa.or_(self.condition(left), self.condition(right))
            case ast.UnaryOp(ast.Not(), operand):
                return sa.not_(self.condition(operand))
            case ast.Compare(comparator, left, right):
                self._count()
                return self._comparison(comparator, left, right)
            case ast.Call(ast.Identifier(name, ()), [ast.Identifier(column), ast.String(text)]) if (
                name in _TEXT_FUNCTIONS
            ):
                self._count()
                return self._text_function(name, column, text)
            case ast.Call(ast.Identifier()) | ast.CollectionLambda():
                raise not_emulated("This function or lambda operator in '$filter'")
        raise bad_request("The '$filter' expression must evaluate to a single boolean value.")

    def _count(self) -> None:
        self._conditions += 1
        if self._conditions > MAX_CONDITIONS:
            text = f"Number of conditions in query exceeded maximum limit of {MAX_CONDITIONS}."
            raise ODataError(400, "0x8004430C", text)

    def _comparison(self, comparator: object, left: object, right: object) -> sa.ColumnElement[bool]:
        kind: Any = type(comparator)
        if isinstance(right, ast.Identifier) and not isinstance(left, ast.Identifier):
            left, right, kind = right, left, _MIRRORED.get(kind, kind)
        if not isinstance(left, ast.Identifier) or kind not in _COMPARISONS:
            raise not_emulated("A path, a list or arithmetic in '$filter'")
        column = _column(left.name, self._table)
        sql = _sql_column(left.name, self._table)
        compare = _COMPARISONS[kind]
        if isinstance(right, ast.Identifier):
            other = _column(right.name, self._table)
            if _family(column) != _family(other):
                raise bad_request(_INCOMPATIBLE.format(column.type, other.type))
            result: sa.ColumnElement[bool] = compare(sql, _sql_column(right.name, self._table))
            return result
        value = _literal(column, right)
        if value is None:
            return {ast.Eq: sql.is_(None), ast.NotEq: sql.is_not(None)}.get(kind, sa.false())
        result = compare(sql, value)
        return sa.or_(result, sql.is_(None)) if kind is ast.NotEq else result

    def _text_function(self, name: str, column_name: str, text: str) -> sa.ColumnElement[bool]:
        if _family(_column(column_name, self._table)) != "text":
            raise bad_request(f"No function signature for the function with name '{name}' matches the arguments.")
        folded = sa.func.lower(_sql_column(column_name, self._table), type_=sa.Text())
        result: sa.ColumnElement[bool] = getattr(folded, name)(text.casefold(), autoescape=True)
        return result


def _column(name: str, table: Table) -> Column:
    if name not in table.properties or name in table.secrets:  # a secret must not be guessed by comparing
        raise no_such_property(name, table.logical_name)
    return table.properties[name]


def _sql_column(name: str, table: Table) -> sa.ColumnElement[Any]:
    return SQL_TABLES[table.logical_name].c[_column(name, table).property]


def _family(column: Column) -> str:
    if column.type in ("String", "Memo"):
        return "text"
    if column.type in ("Integer", "BigInt") or column.type in CHOICES:
        return "number"
    if column.type == "Uniqueidentifier" or column.is_lookup:
        return "guid"
    return column.type


def _literal(column: Column, node: object) -> Value:
    """Return a literal as the column keeps it."""
    value: Value = None
    match _family(column), node:
        case _, ast.Null():
            return None
        case "text", ast.String(text):
            value = text
        case "number", ast.Integer(digits) if int(digits).bit_length() <= SQL_INTEGER_BITS:
            value = int(digits)
        case "number", ast.Float(digits) if float(digits).is_integer() and abs(float(digits)) < EXACT_FLOAT:
            value = int(float(digits))
        case "guid", ast.GUID(text) | ast.String(text):  # clients quote GUIDs too
            value = read_guid(text)
        case "Boolean", ast.Boolean(word):
            value = word.lower() == "true"
        case "DateTime", ast.DateTime(text) | ast.Date(text):
            value = read_moment(text)
    if value is None:
        raise bad_request(_INCOMPATIBLE.format(column.type, type(node).__name__))
    return value
