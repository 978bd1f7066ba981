"""The request log: one JSON object a request, in memory and, if wanted, one line each in a file. It holds no body."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path

from .errors import EmulatorError

Entry = dict[str, str | int | None]


class RequestLog:
    """Remembers each request since the start or the last `clear`."""

    def __init__(self, path: Path | None) -> None:
        """Append to the file at `path`, if given.

        Raises:
            EmulatorError: the file cannot be written.
        """
        self._lock = threading.Lock()
        self._entries: list[Entry] = []
        try:
            self._file = path.open("a", encoding="utf-8", buffering=1) if path else None
        except OSError as error:
            raise EmulatorError(f"The request log {path} cannot be written: {error.strerror}.") from None

    def note(self, method: str, url: str, status: int | None, client_request_id: str | None) -> None:
        """Add a request; `status` is None when the connection was closed without an answer."""
        entry: Entry = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "method": method,
            "url": url,
            "status": status,
            "client_request_id": client_request_id,
        }
        with self._lock:
            self._entries.append(entry)
            if self._file:
                self._file.write(json.dumps(entry) + "\n")

    def entries(self) -> list[Entry]:
        """Return what was remembered, oldest first."""
        with self._lock:
            return list(self._entries)

    def clear(self) -> None:
        """Forget it; the file keeps its lines."""
        with self._lock:
            self._entries.clear()

    def close(self) -> None:
        """Close the file."""
        if self._file:
            self._file.close()
