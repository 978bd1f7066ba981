"""Exchange Server by PowerShell remoting: the same cmdlets, over WSMan.

pypsrp is imported when it is needed first: it is an extra, and Kerberos needs libraries of the system.

Source: https://learn.microsoft.com/powershell/exchange/connect-to-exchange-servers-using-remote-powershell
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import TYPE_CHECKING, Any, Final, Literal

from ..errors import ExchangeForbidden, ExchangeRefused, ExchangeUnsettled
from .commands import Command, Parameter, Properties, lowered
from .refusals import refusal

if TYPE_CHECKING:
    from pypsrp.powershell import PowerShell, RunspacePool

LOG: Final = logging.getLogger("pulumi_dataverse_email.exchange")

Authentication = Literal["kerberos", "negotiate", "ntlm", "basic"]

CONFIGURATION: Final = "Microsoft.Exchange"
"""The endpoint: it takes cmdlets with parameters, and no script."""

TIMEOUT: Final = 300
"""Seconds to wait for one answer; asked again meanwhile, so that a slow cmdlet does not look like a dead server."""

_NOT_FOUND: Final = "ManagementObjectNotFoundException"


@dataclass(frozen=True)
class Server:
    """An Exchange Server, and how to log in to it."""

    name: str
    """Fully qualified: the ticket is for that name, not for an address."""
    user_name: str = ""
    """The caller's own account where it is empty, by Kerberos."""
    password: str = field(default="", repr=False)
    auth: Authentication = "kerberos"
    tls: bool = False
    """Whether by https; Kerberos, NTLM and Negotiate encrypt what they carry over http, Basic does not."""
    port: int | None = None
    domain_controller: str = ""
    """All calls go to it, so that a read sees the write before it."""


class Remoting:
    """Sends cmdlets to an Exchange Server, one at a time over one session: sessions of an account are few.

    Args:
        server: where to.

    Raises:
        ExchangeRefused: a password would go over the network in clear.
    """

    def __init__(self, server: Server) -> None:
        if server.auth == "basic" and not server.tls and server.name not in ("localhost", "127.0.0.1"):
            raise ExchangeRefused(
                f"log in to {server.name}", "Basic over http would send the password in clear", "Use https or Kerberos."
            )
        self._server = server
        self._lock = Lock()
        self._pool: RunspacePool | None = None

    def run(self, command: Command) -> list[Properties]:
        """Send a command once and return its objects.

        Raises:
            ExchangeError: of the kind that the answer calls for.
        """
        try:
            from pypsrp.exceptions import AuthenticationError, WinRMError  # noqa: PLC0415  an extra
            from pypsrp.powershell import PowerShell  # noqa: PLC0415  likewise
        except ImportError as error:
            advice = "Install pulumi-dataverse-email[onprem]."
            raise ExchangeRefused(str(command), "pypsrp is not installed", advice) from error
        with self._lock:
            try:
                shell = PowerShell(self._opened())
                shell.add_cmdlet(command.cmdlet).add_parameters(self._parameters(command))
                objects = shell.invoke()
            except AuthenticationError as error:
                self._forget()
                advice = "Check the account, its right to use remote PowerShell, and the way of logging in."
                raise ExchangeForbidden(str(command), f"{self._server.name} refused the login", advice) from error
            except (WinRMError, OSError, ValueError) as error:  # requests' are OSErrors; broken XML is a ValueError
                self._forget()
                answer = (
                    f"{self._server.name} gave no answer ({str(error).rsplit(': ', 1)[-1] or type(error).__name__})"
                )
                advice = "Check the server's full name and the network, then run again."
                raise ExchangeUnsettled(str(command), answer, advice) from error
        LOG.debug("%s: %s objects", command, len(objects))
        if shell.had_errors or shell.streams.error:
            raise _failure(command, shell)
        return [_properties(it) for it in objects]

    def close(self) -> None:
        """End the session."""
        with self._lock:
            pool, self._pool = self._pool, None
            if pool is not None:
                try:
                    pool.close()
                finally:
                    pool.connection.close()

    def _opened(self) -> "RunspacePool":
        if self._pool is None:
            from pypsrp.powershell import RunspacePool  # noqa: PLC0415  an extra
            from pypsrp.wsman import WSMan  # noqa: PLC0415  likewise

            server = self._server
            connection = WSMan(
                server.name,
                port=server.port or (443 if server.tls else 80),
                username=server.user_name or None,
                password=server.password or None,
                ssl=server.tls,
                path="PowerShell",
                auth=server.auth,
                encryption="never" if server.auth == "basic" else "auto",
                negotiate_service="HTTP",  # what Exchange registers; pypsrp's own default is another
                read_timeout=TIMEOUT,
            )
            pool = RunspacePool(connection, configuration_name=CONFIGURATION)
            pool.open()
            self._pool = pool
        return self._pool

    def _forget(self) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            pool.connection.close()

    def _parameters(self, command: Command) -> dict[str, Parameter]:
        given = {name: list(it) if isinstance(it, tuple) else it for name, it in command.parameters.items()}
        pinned = {"DomainController": self._server.domain_controller} if self._server.domain_controller else {}
        return {**given, **pinned, "ErrorAction": "Stop"}  # type: ignore[dict-item]  # a list stands for several values


def _failure(command: Command, shell: "PowerShell") -> Exception:
    """Return the error for what a cmdlet wrote to the stream of errors."""
    if not shell.streams.error:
        return ExchangeUnsettled(str(command), "the command failed without saying why", "Run again.")
    record = shell.streams.error[0]
    text, kind = str(record.message or record), str(record.reason or "")
    if _NOT_FOUND in str(record.fq_error or ""):
        kind = _NOT_FOUND
    return refusal(str(command), f"{kind} {' '.join(text.split())[:600]}".strip(), kind or "Exception", text)


def _properties(found: Any) -> Properties:  # noqa: ANN401  an object of pypsrp, which has no common type
    held = {**getattr(found, "adapted_properties", {}), **getattr(found, "extended_properties", {})}
    return lowered({name: _value(it) for name, it in held.items()})


def _value(value: object) -> object:
    """Return a property as the other transports have it: truth, numbers, text, or several of these."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, Mapping):
        return {str(name): _value(it) for name, it in value.items()}
    if isinstance(value, Sequence):
        return [_value(it) for it in value]
    return str(value)
