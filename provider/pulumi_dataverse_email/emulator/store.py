"""Rows in SQLite, through SQLAlchemy Core: transactions, and nothing about what the rows mean."""

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event

from .clock import Clock
from .errors import EmulatorError
from .schema import CHOICES, TABLES, Column, Row, Table, Value
from .switches import Switches

CASELESS = "CASELESS"
"""Dataverse compares text without regard to case, and not in ASCII only."""

BUSY_SECONDS = 60
"""How long a writer waits for another process on the same folder; this process queues its own writers."""

FIRST_VERSION = 1_000_000
"""Row versions of a real organization have seven digits and more from the first day."""

LOOKED_UP = frozenset({
    "applicationid", "azureactivedirectoryobjectid", "domainname", "emailaddress", "fullname",
    "internalemailaddress", "name",
})  # fmt: skip
"""Columns by which clients look rows up, so that 50,000 rows answer as fast as five."""


def _sql_type(column: Column) -> sa.types.TypeEngine[Any]:
    if column.type in ("String", "Memo"):
        return sa.Text(collation=CASELESS)
    if column.type == "Boolean":
        return sa.Boolean()
    if column.type in CHOICES or column.type in ("Integer", "BigInt"):
        return sa.BigInteger()
    return sa.Text()


def _sql_table(table: Table) -> sa.Table:
    return sa.Table(
        table.logical_name,
        METADATA,
        *(
            sa.Column(
                column.property,
                _sql_type(column),
                primary_key=name == table.primary_id,
                index=name in LOOKED_UP or column.on_delete != "keep",
            )
            for name, column in table.columns.items()
        ),
    )


METADATA = sa.MetaData()
SQL_TABLES = {name: _sql_table(table) for name, table in TABLES.items()}
APPLICATIONS = sa.Table(
    "emulator_application",
    METADATA,
    sa.Column("client_id", sa.Text, primary_key=True),
    sa.Column("member", sa.Boolean, nullable=False),
    sa.Column("roles", sa.JSON, nullable=False),
)
SETTINGS = sa.Table(
    "emulator_setting",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("value", sa.JSON, nullable=False),
)
JOBS = sa.Table(
    "emulator_job",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("due", sa.Float, nullable=False, index=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("subject", sa.Text, nullable=False, index=True),
    sa.Column("details", sa.JSON, nullable=False),
)
"""What the service will do by itself once the clock has come to `due`, in seconds since 1970."""
INTERSECTS = {
    association.through: sa.Table(
        association.through,
        METADATA,
        *(sa.Column(TABLES[end].primary_id, sa.Text, primary_key=True) for end in (name, association.table)),
    )
    for name, table in TABLES.items()
    for association in table.associations.values()
    if name > association.table  # each is named from both ends and made once
}
"""By name: the pairs of ids that associations are made of."""

VERSION = sa.Table("emulator_version", METADATA, sa.Column("value", sa.BigInteger, nullable=False))


class Transaction:
    """Everything that one request reads or writes."""

    def __init__(self, connection: sa.Connection, now: str) -> None:
        self.sql = connection
        self.now = now
        """The moment of everything that it writes, as the Web API writes it."""

    @cached_property
    def switches(self) -> Switches:
        """The environment's answers to the questions that sources leave open."""
        return Switches.model_validate(self.setting("switches"))

    def get(self, table: str, row_id: Value) -> Row | None:
        """Return the row of that id, secrets and hidden columns included."""
        found = self.find(table, SQL_TABLES[table].c[TABLES[table].primary_id] == row_id)
        return found[0] if found else None

    def find(
        self,
        table: str,
        where: sa.ColumnElement[bool] | None = None,
        order: Sequence[sa.ColumnElement[Any]] = (),
        limit: int | None = None,
        offset: int = 0,
    ) -> list[Row]:
        """Return rows of a table; without `order`, in no promised order."""
        query = sa.select(SQL_TABLES[table])
        if where is not None:
            query = query.where(where)
        query = query.order_by(*order).limit(limit).offset(offset or None)
        return [dict(row) for row in self.sql.execute(query).mappings()]

    def count(self, table: str, where: sa.ColumnElement[bool] | None = None) -> int:
        """Return how many rows of a table meet the condition."""
        query = sa.select(sa.func.count()).select_from(SQL_TABLES[table])
        return self.sql.execute(query if where is None else query.where(where)).scalar_one()

    def insert(self, table: str, row: Row) -> None:
        """Write a new row with a new version."""
        self.sql.execute(SQL_TABLES[table].insert(), {**row, "versionnumber": self._next_version()})

    def update(self, table: str, row_id: Value, changes: Row) -> None:
        """Change a row; its version rises even when every value stays equal."""
        sql_table = SQL_TABLES[table]
        statement = sql_table.update().where(sql_table.c[TABLES[table].primary_id] == row_id)
        self.sql.execute(statement.values({**changes, "versionnumber": self._next_version()}))

    def delete(self, table: str, row_id: Value) -> None:
        """Remove a row and nothing else."""
        sql_table = SQL_TABLES[table]
        self.sql.execute(sql_table.delete().where(sql_table.c[TABLES[table].primary_id] == row_id))

    def organization(self) -> Row:
        """Return the one organization."""
        (found,) = self.find("organization")
        return found

    def setting(self, name: str) -> dict[str, Any]:
        """Return a setting of the emulator, empty when it was never kept."""
        found = self.sql.execute(sa.select(SETTINGS.c.value).where(SETTINGS.c.name == name)).scalar_one_or_none()
        return dict(found or {})

    def keep_setting(self, name: str, value: dict[str, Any]) -> None:
        """Keep a setting of the emulator."""
        self.sql.execute(SETTINGS.delete().where(SETTINGS.c.name == name))
        self.sql.execute(SETTINGS.insert(), {"name": name, "value": value})

    def clear(self) -> None:
        """Remove everything but settings and the version counter."""
        for sql_table in METADATA.sorted_tables:
            if sql_table not in (SETTINGS, VERSION):
                self.sql.execute(sql_table.delete())

    def next_versions(self, count: int) -> range:
        """Take versions for that many rows."""
        statement = VERSION.update().values(value=VERSION.c.value + count).returning(VERSION.c.value)
        last = int(self.sql.execute(statement).scalar_one())
        return range(last - count + 1, last + 1)

    def _next_version(self) -> int:
        return self.next_versions(1)[0]


class Store:
    """One SQLite file. Readers run beside each other; writers of this process take turns, so none meets a lock."""

    def __init__(self, path: Path) -> None:
        self.clock = Clock()
        self._writing = threading.Lock()
        path.touch(mode=0o600)  # it holds secrets, as the log beside it does, which SQLite makes with the same mode
        self._engine = sa.create_engine(
            sa.URL.create("sqlite", database=str(path)),
            connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
            pool_size=64,
            hide_parameters=True,  # a traceback must not tell secrets
            json_serializer=lambda value: json.dumps(value, sort_keys=True),
        )
        event.listen(self._engine, "connect", _prepare)
        event.listen(self._engine, "begin", _begin)
        try:
            METADATA.create_all(self._engine)
            with self.write() as transaction:
                if transaction.sql.execute(sa.select(VERSION.c.value)).first() is None:
                    transaction.sql.execute(VERSION.insert(), {"value": FIRST_VERSION})
                self.clock.moved_by = float(transaction.setting("clock").get("moved_by", 0.0))
        except sa.exc.DatabaseError as error:
            self._engine.dispose()
            raise EmulatorError(f"{path} cannot be used as a database: {error.orig}.") from error

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """Open a transaction that sees one moment of the database."""
        with self._engine.begin() as connection:
            yield Transaction(connection, self.clock.now())

    @contextmanager
    def write(self) -> Iterator[Transaction]:
        """Open a transaction that may write; it is committed at the end, or rolled back by an exception."""
        with self._writing, self._engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield Transaction(connection, self.clock.now())

    def close(self) -> None:
        """Give the file back."""
        self._engine.dispose()


def _prepare(connection: sqlite3.Connection, _record: object) -> None:
    connection.isolation_level = None  # SQLAlchemy says BEGIN itself, see _begin
    # After a kill -9 the write-ahead log is complete; only a power cut could cost the last transactions.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.create_collation(CASELESS, _compare)
    connection.create_function("lower", 1, _fold, deterministic=True)


def _begin(connection: sa.Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if connection.get_execution_options().get("writes") else "BEGIN")


def _compare(left: str, right: str) -> int:
    left, right = left.casefold(), right.casefold()
    return (left > right) - (left < right)


def _fold(text: str | float | None) -> str | float | None:
    return text.casefold() if isinstance(text, str) else text
