"""What the service does by itself, later: jobs that wait for the clock."""

from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from .store import JOBS, Transaction


@dataclass(frozen=True)
class Job:
    """One thing to do."""

    due: float
    """Seconds since 1970."""
    kind: str
    subject: str
    """Id of the row that it is about, or a name."""
    details: dict[str, Any]


def schedule(transaction: Transaction, job: Job) -> None:
    """Let a job wait for its time."""
    values = {"due": job.due, "kind": job.kind, "subject": job.subject, "details": job.details}
    transaction.sql.execute(JOBS.insert(), values)


def waits(transaction: Transaction, kind: str, subject: object) -> bool:
    """Whether a job of that kind waits for that subject."""
    query = sa.select(JOBS.c.id).where(JOBS.c.kind == kind, JOBS.c.subject == subject)
    return transaction.sql.execute(query).first() is not None


def cancel(transaction: Transaction, kind: str, subject: object) -> None:
    """Forget the jobs of that kind for that subject."""
    transaction.sql.execute(JOBS.delete().where(JOBS.c.kind == kind, JOBS.c.subject == subject))


def any_due(transaction: Transaction, now: float) -> bool:
    """Whether a job's time has come."""
    return transaction.sql.execute(sa.select(JOBS.c.id).where(JOBS.c.due <= now).limit(1)).first() is not None


def take(transaction: Transaction, now: float) -> Job | None:
    """Remove and return the job whose time came first."""
    query = sa.select(JOBS).where(JOBS.c.due <= now).order_by(JOBS.c.due, JOBS.c.id).limit(1)
    found = transaction.sql.execute(query).mappings().first()
    if found is None:
        return None
    transaction.sql.execute(JOBS.delete().where(JOBS.c.id == found["id"]))
    return Job(found["due"], found["kind"], found["subject"], found["details"])
