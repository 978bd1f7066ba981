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
    """

    synchronization: bool = True
    deleted: int | None = 50
    moved: int | None = 200


@dataclass
class Reach:
    """Counts what one run does; shared by the host's threads."""

    limits: Limits
    _deleted: int = 0
    _moved: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def delete(self, what: str) -> None:
        """Count one deletion that writes.

        Raises:
            ReachExceeded: the run has done as many as it may.
        """
        with self._lock:
            if self.limits.deleted is not None and self._deleted >= self.limits.deleted:
                raise ReachExceeded(
                    f"delete {what}: this run has deleted, disabled or restored {self._deleted} already, as many as "
                    "the setting dataverse-email:maxDeletedMailboxes allows. Nothing was sent for this one.\n"
                    "If the program lost its lines by mistake, put them back; else run again to go on with as many, "
                    "or set dataverse-email:maxDeletedMailboxes to a higher number or to unlimited; `pulumi destroy` "
                    "heeds that with --run-program."
                )
            self._deleted += 1

    def move(self, resource: str) -> str:
        """Count one move, each resource once; return what is wrong with it, if anything."""
        with self._lock:
            self._moved.add(resource)
            count = len(self._moved)
        if self.limits.moved is None or count <= self.limits.moved:
            return ""
        return (
            f"this run would move {count} mailboxes or more to another profile, and the setting "
            f"dataverse-email:maxMovedMailboxes allows {self.limits.moved}; move them in waves, or set it to a higher "
            "number or to unlimited, as for an id in place of the same profile's name, which counts too"
        )
