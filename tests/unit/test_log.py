"""The log: off until somebody asks for it, then in the file that they name, and without secrets."""

import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from pulumi_dataverse_email import log
from pulumi_dataverse_email.errors import SettingsError
from pulumi_dataverse_email.log import LOG
from pulumi_dataverse_email.redaction import MARK

TOKEN = "Bearer eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL2NvbnRvc28ifQ.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def _as_it_was() -> Iterator[None]:
    handlers, level = list(LOG.handlers), LOG.level
    yield
    for handler in set(LOG.handlers) - set(handlers):
        handler.close()
    LOG.handlers, LOG.level = handlers, level


def test_a_file_gets_our_own_log_at_its_most_verbose(tmp_path: Path) -> None:
    """Of other packages it gets nothing: urllib3 and msal log addresses with their queries, and accounts."""
    for _ in range(2):  # each kind's provider is configured by itself
        log.to_file(str(tmp_path / "log"))
    LOG.debug("one line of %s", "ours")
    logging.getLogger("pulumi_dataverse_email.below").debug(TOKEN)
    logging.getLogger("urllib3").warning("one of another's")

    line, below = (tmp_path / "log").read_text().splitlines()
    assert line.endswith("MainThread one line of ours")
    assert below.endswith(f"MainThread Bearer {MARK}")


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as caught:
        log.to_file(str(tmp_path / "missing" / "log"))

    assert str(caught.value).startswith(f"the log cannot be written to {tmp_path}")
    assert str(caught.value).endswith("\nName a file that can be written.")


def test_without_a_file_nothing_shows(capfd: pytest.CaptureFixture[str]) -> None:
    """Not even what is urgent: Pulumi shows what stands on standard error."""
    LOG.error("something bad")

    assert capfd.readouterr() == ("", "")


def test_no_record_holds_a_token(caplog: pytest.LogCaptureFixture) -> None:
    """Neither in its text, nor in its arguments, nor in the traceback of an exception."""
    try:
        float(TOKEN)
    except ValueError:
        LOG.exception("failed with %s", TOKEN)

    assert caplog.messages == [f"failed with Bearer {MARK}"]
    assert f"ValueError: could not convert string to float: 'Bearer {MARK}'" in caplog.text
    assert TOKEN.split(".")[1] not in caplog.text + repr([vars(record) for record in caplog.records])
