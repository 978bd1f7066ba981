"""What the service says about a failed test: alerts, which are rows of tracelogs.

Source: https://learn.microsoft.com/power-platform/admin/troubleshooting-monitoring-server-side-synchronization
"""

import html
import re
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final

from ...dataverse.rows import AllOf, AtLeast, Condition, Guid, Link, OneOf, Row, Rows, Select
from ...errors import DataverseEmailError
from ...redaction import blot
from .mailbox import Mailbox, moment

ERROR: Final = 3
"""The level of an alert about a failure."""

MARGIN: Final = timedelta(minutes=10)
"""An alert may be written somewhat before the test's end; one that repeats only has its `modifiedon` moved."""

LONGEST: Final = 500
"""Characters of an alert that a message quotes."""

WHAT = Select(("text", "errordetails", "traceparameterxml", "level", "modifiedon", "createdon"), ("regardingobjectid",))


def alerts(rows: Rows, failed: Collection[Mailbox]) -> dict[str, str]:
    """Return the text of the last alert about each mailbox, by its name, where there is one."""
    if not failed:
        return {}
    about: Condition = OneOf("_regardingobjectid_value", [Guid(it.row_id) for it in failed])
    ends = [moment(it.completed) for it in failed if it.completed]
    since = AllOf([about, AtLeast("modifiedon", min(ends) - MARGIN)]) if ends else about
    try:
        found = rows.find("tracelogs", since, WHAT, key="tracelogid")
    except DataverseEmailError as error:
        reason = f"its alert could not be read: {error}".splitlines()[0]
        return {it.name: reason for it in failed}
    return {it.name: text for it in failed if (text := _last(it, found))}


def _last(mailbox: Mailbox, found: Collection[Row]) -> str:
    ours = [
        row
        for row in found
        if isinstance(link := row["regardingobjectid"], Link)
        and link.row_id == mailbox.row_id.lower()
        and row["level"] == ERROR
    ]
    return next((text for row in sorted(ours, key=_written, reverse=True) if (text := _text(row))), "")


def _written(row: Row) -> tuple[datetime, ...]:
    return tuple(moment(str(row[name])) for name in ("modifiedon", "createdon") if row[name])


def _text(row: Row) -> str:
    """Return an alert's wording: no source says which column has it, and one has it as parameters of a sentence."""
    plain = row["text"] or row["errordetails"]
    if not plain:
        values = re.findall(r'value\s*=\s*"([^"]*)"|>([^<>]+)<', str(row["traceparameterxml"] or ""))
        plain = html.unescape(", ".join(one or other for one, other in values))
    # What is written to the terminal is text, and no command to it.
    text = blot(" ".join("".join(it if it.isprintable() else " " for it in str(plain)).split()))
    return text if len(text) <= LONGEST else text[:LONGEST] + "..."
