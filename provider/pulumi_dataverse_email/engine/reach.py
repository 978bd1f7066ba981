"""How far one run may go: what the settings allow, and what it has done so far."""

from dataclasses import dataclass, field
from threading import Lock

from ..errors import ReachExceeded


@dataclass(frozen=True)
class Limits:
    """What the settings allow one run; `None` is no limit.

    Args:
        synchronization: whether mailboxes are synchronized at all.
        deleted: mailboxes that may be deleted, disabled or restored: a department leaves in one run, a company does
            not, unless a loop in the program lost its list.
        moved: mailboxes that may be moved to another profile: each is tested anew, and is not synchronized until then.
        tested: mailboxes that may be approved or tested: an hour's work for the service, as far as anybody has told.
    """

    synchronization: bool = True
    deleted: int | None = 50
    moved: int | None = 200
    tested: int | None = 1000


@dataclass
class Reach:
    """Counts what one run does; shared by the host's threads."""

    limits: Limits
    _deleted: int = 0
    _moved: set[str] = field(default_factory=set)
    _tested: int = 0
    _lock: Lock = field(default_factory=Lock)

    def delete(self, what: str, count: int = 1) -> None:
        """Count deletions that write, all of them or none.

        Raises:
            ReachExceeded: the run would do more than it may.
        """
        with self._lock:
            if self.limits.deleted is not None and self._deleted + count > self.limits.deleted:
                sent, way = "for this one", "else run again to go on with as many, "
                if count > 1:
                    sent, way = f"for any of these {count} more", "else take members out by and by, "
                raise ReachExceeded(
                    f"delete {what}: this run has deleted, disabled or restored {self._deleted} already, and the "
                    f"setting dataverse-email:maxDeletedMailboxes allows {self.limits.deleted}. "
                    f"Nothing was sent {sent}.\n"
                    f"If the program lost its lines by mistake, put them back; {way}"
                    "or set dataverse-email:maxDeletedMailboxes to a higher number or to unlimited; `pulumi destroy` "
                    "heeds that with --run-program."
                )
            self._deleted += count

    def test(self, what: str, count: int) -> None:
        """Count mailboxes that are approved or tested.

        Raises:
            ReachExceeded: with them, the run would go further than it may.
        """
        with self._lock:
            if self.limits.tested is not None and self._tested + count > self.limits.tested:
                raise ReachExceeded(
                    f"{what}: this run would test {self._tested + count} mailboxes, and the setting "
                    f"dataverse-email:maxTestedMailboxes allows {self.limits.tested}. Nothing was sent for these.\n"
                    "Name fewer mailboxes, or set dataverse-email:maxTestedMailboxes to a higher number or to "
                    "unlimited."
                )
            self._tested += count

    def move(self, *resources: str) -> str:
        """Count moves, each resource once; return what is wrong with them, if anything."""
        with self._lock:
            self._moved.update(resources)
            count = len(self._moved)
        if self.limits.moved is None or count <= self.limits.moved:
            return ""
        return (
            f"this run would move {count} mailboxes or more to another profile, and the setting "
            f"dataverse-email:maxMovedMailboxes allows {self.limits.moved}; move them in waves, or set it to a higher "
            "number or to unlimited, as for an id in place of the same profile's name, which counts too"
        )

    def join(self, *rows: str) -> str:
        """Count rows that are written because a selection found them; return what is wrong with that, if anything.

        They count like moves: no preview has named them, and each may have to be tested anew.
        """
        with self._lock:
            self._moved.update(rows)
            count = len(self._moved)
        if self.limits.moved is None or count <= self.limits.moved:
            return ""
        return (
            f"it finds {len(rows)} mailboxes that are new and would be written, and with them this run would move "
            f"{count}; the setting dataverse-email:maxMovedMailboxes allows {self.limits.moved}. Nothing was written.\n"
            "Select fewer, or set dataverse-email:maxMovedMailboxes to a higher number or to unlimited."
        )
