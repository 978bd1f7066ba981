"""The log of this package: off until somebody asks for it, and without secrets."""

import logging
from pathlib import Path
from typing import Final

from .errors import SettingsError
from .redaction import blot

LOG: Final = logging.getLogger("pulumi_dataverse_email")
"""The one logger: its filter does not see the records of loggers below it."""


class _Blotting(logging.Filter):
    """Takes what looks like a token or a credential out of every record, also out of tracebacks."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change the record; keep it."""
        record.msg, record.args = blot(record.getMessage()), None
        if record.exc_info:
            record.exc_text = blot(logging.Formatter().formatException(record.exc_info))
            record.exc_info = None
        return True


LOG.addHandler(logging.NullHandler())  # nothing on standard error or output, which Pulumi shows
LOG.addFilter(_Blotting())


def to_file(path: str) -> None:
    """Write this package's log to a file, at its most verbose; of other packages nothing.

    What urllib3 and msal log at their most verbose has addresses with their queries, and names of accounts.

    Raises:
        SettingsError: the file cannot be written.
    """
    if any(isinstance(handler, logging.FileHandler) for handler in LOG.handlers):
        return
    try:
        handler = logging.FileHandler(Path(path), encoding="utf-8")
    except OSError as error:
        raise SettingsError(
            f"the log cannot be written to {path}: {error.strerror}.\nName a file that can be written."
        ) from None
    handler.addFilter(_Blotting())  # for loggers below ours too, should there be any
    handler.setFormatter(logging.Formatter("%(asctime)s %(threadName)s %(message)s"))
    LOG.addHandler(handler)
    LOG.setLevel(logging.DEBUG)
