"""What the laws range over: every argument of every kind, with values that it takes."""

from collections.abc import Mapping
from datetime import datetime

from hypothesis import strategies as st

from pulumi_dataverse_email.declare import Argument, Column, Kind, MomentForm, TableKind
from pulumi_dataverse_email.engine.check import check
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.resources import TABLE_KINDS

SECRET = "Str0ng-and-secret-Passw0rd"

ROW_ID = "11111111-1111-4111-8111-111111111111"

LEAST: Mapping[str, Mapping[str, object]] = {
    "EmailServerProfile": {"name": "Contoso Exchange", "server_type": "exchange_online_hybrid"},
    "Mailbox": {"user": "anna@contoso.com"},
    "MailboxTestAndEnable": {"mailboxes": [ROW_ID]},
    "MailboxSet": {"members": {"user:anna@contoso.com": {}}},
    "OrganizationEmailSettings": {},
    "ImpersonationScope": {
        "platform": "exchange_server",
        "name": "CRM mailboxes",
        "service_account": "CONTOSO\\crm-sync",
        "addresses": ["anna@contoso.com"],
    },
}
"""The fewest arguments that each kind takes."""

EARLIEST = datetime(1900, 1, 3)  # noqa: DTZ001  each moment gets a zone of its own
"""The first date that means something in every zone: 1900-01-01 is Dataverse's way to say that there is none."""

ARGUMENTS = [(kind, argument) for kind in TABLE_KINDS.values() for argument in kind.arguments.values()]
COLUMNS = [(kind, argument) for kind, argument in ARGUMENTS if isinstance(argument.marker, Column)]
SECRETS = [(kind, argument) for kind, argument in ARGUMENTS if argument.secret]
IMMUTABLE = [(kind, name) for kind in TABLE_KINDS.values() for name, column in kind.columns.items() if column.immutable]


def name(value: object) -> str:
    """Name a case for pytest."""
    return value.name if isinstance(value, Kind | Argument) else str(value)


class NoReport:
    """A report that nobody reads."""

    def warn(self, message: str) -> None:
        """Take the message."""

    def status(self, message: str) -> None:
        """Take the message."""

    def error(self, message: str) -> None:
        """Take the message."""


def offline() -> Run:
    """Return the memory of a process that knows no settings: check and diff need none."""

    def nobody() -> None:
        raise AssertionError("check and diff never touch the network")

    return Run(Target(None, None, nobody), NoReport())  # type: ignore[arg-type]  # opening the wire is the failure


def words(allowed: Mapping[str, object]) -> list[object]:
    """Return the words that a choice takes."""
    found = allowed["enum"]
    assert isinstance(found, list)
    return found


def values(argument: Argument) -> st.SearchStrategy[object]:
    """Return values that an argument takes."""
    allowed = argument.schema
    if isinstance(argument.form, MomentForm):
        moments = st.datetimes(EARLIEST) | st.datetimes(EARLIEST, timezones=st.timezones())
        return moments.map(lambda moment: moment.isoformat())
    if allowed.get("format") == "uuid":
        return st.uuids().map(str)
    if "enum" in allowed:
        return st.sampled_from(words(allowed))
    if allowed["type"] == "boolean":
        return st.booleans()
    if allowed["type"] == "integer":
        return st.integers(int(str(allowed["minimum"])), int(str(allowed["maximum"])))
    longest = allowed.get("maxLength")
    return st.text(min_size=1, max_size=int(str(longest)) if longest else 100)


def one_value(argument: Argument) -> object:
    """Return one value that an argument takes, and that differs from `another_value`."""
    return _two_values(argument)[0]


def another_value(argument: Argument) -> object:
    """Return another value that an argument takes."""
    return _two_values(argument)[1]


def _two_values(argument: Argument) -> tuple[object, object]:
    allowed = argument.schema
    if "enum" in allowed:
        return words(allowed)[0], words(allowed)[1]
    if allowed["type"] == "integer":
        return allowed["minimum"], allowed["maximum"]
    two_of_type: dict[str, tuple[object, object]] = {
        "boolean": (True, False),
        "date-time": ("2026-11-01T00:00:00Z", "2027-01-01T00:00:00Z"),
        "uuid": (ROW_ID, "22222222-2222-4222-8222-222222222222"),
    }
    of_text = (SECRET if argument.secret else "one", "another")
    if argument.name.endswith("_server_location"):
        of_text = ("https://one.contoso.com", "https://another.contoso.com")
    return two_of_type.get(str(allowed.get("format", allowed["type"])), of_text)


def stated(kind: TableKind, name: str, value: object) -> dict[str, object]:
    """Return the fewest arguments of a kind with one more."""
    least = {key: it for key, it in LEAST[kind.name].items() if not (name in kind.owner_keys and key != name)}
    return {**least, name: value}


def inputs(kind: TableKind, olds: Mapping[str, object], news: Mapping[str, object]) -> dict[str, object]:
    """Return the checked inputs of a resource; its faults are another matter."""
    return check(kind, offline(), olds, news)[0]
