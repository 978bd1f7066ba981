"""An embedded Dataverse for one machine: Entra, Exchange, the Web API and a control API on one TLS port.

It knows the tables of server-side synchronization, keeps its rows in SQLite, and answers what it does not emulate with
501. Nothing of the rest of the package is imported here, so that a mistake cannot be made twice and go unseen.
"""

from .errors import EmulatorError
from .server import RunningEmulator, running

__all__ = ["EmulatorError", "RunningEmulator", "running"]
