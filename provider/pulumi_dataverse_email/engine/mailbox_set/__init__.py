"""The six verbs of a set: many rows that are born with their owners, from one template, as one resource."""

from .check import check, diff
from .leave import delete
from .read import read
from .settle import create, update

__all__ = ["check", "create", "delete", "diff", "read", "update"]
