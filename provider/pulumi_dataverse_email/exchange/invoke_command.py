"""Exchange Online by `InvokeCommand`: cmdlets over HTTP, as Microsoft's own PowerShell module sends them.

Microsoft documents the module, not the call. One call is one exchange: what may be sent again is decided in `settling`,
because an error does not prove that nothing was written.
"""

import json
import logging
import re
from http.cookiejar import DefaultCookiePolicy
from threading import local
from typing import Final, Protocol
from urllib.parse import quote, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from ..errors import ExchangeError, ExchangeMisrouted, ExchangeUnsettled
from .answers import FORBIDDEN, UNAUTHORIZED, RawAnswer, read
from .commands import Command, Properties, get_organization

LOG: Final = logging.getLogger("pulumi_dataverse_email.exchange")

CONNECT_TIMEOUT: Final = 10.0
"""Seconds to wait for a connection: longer means a wrong address or a closed network."""

READ_TIMEOUT: Final = 300.0
"""Seconds to wait for an answer: a cmdlet may run for minutes; Exchange itself ends it after fifteen."""

PAGE_SIZE: Final = 1000
"""Objects of a page, as the module asks for."""

MAX_PAGES: Final = 1000
"""Pages of one list: a link that leads in a circle ends there."""

_MAILBOX: Final = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"
"""The mailbox that every organization has: a call of an application is routed by it."""

_DOMAIN: Final = re.compile(r"[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?\.[a-z]{2,}", re.IGNORECASE)


class Tokens(Protocol):
    """Gives tokens of a resource, and takes refused ones back: a login."""

    def token(self, resource: str) -> str:
        """Return a token of a resource, which is an address: https and host.

        Raises:
            LoginError: there is none.
        """
        ...

    def forget(self, resource: str, token: str, challenge: str = "") -> None:
        """Drop a token that the resource refused, with the header `WWW-Authenticate` of its answer."""
        ...


class InvokeCommand:
    """Sends cmdlets to one organization of Exchange Online.

    Args:
        host: address of Exchange, https and host, such as `clouds.HOSTS["public"]`; also what the token is for.
        tenant: GUID or domain of the organization.
        tokens: the login.
        organization: domain by which calls are routed; the tenant's GUID where there is none.
    """

    def __init__(self, host: str, tenant: str, tokens: Tokens, *, organization: str = "") -> None:
        self._url = f"{host}/adminapi/beta/{quote(tenant, safe='')}/InvokeCommand"
        self._host = urlsplit(host).netloc
        self._resource = host
        self._tokens = tokens
        self._routed_by = organization or tenant
        self._thread = local()

    def run(self, command: Command) -> list[Properties]:
        """Send a command once and return its objects, all pages of them; a page that is missing is an error.

        Raises:
            ExchangeError: of the kind that the answer calls for.
            LoginError: no token.
        """
        try:
            return self._run(command)
        except ExchangeMisrouted:
            self._reroute()  # and no second try here: reading must say first whether this one was carried out
            raise

    def _run(self, command: Command) -> list[Properties]:
        found: list[Properties] = []
        link = self._url
        for _ in range(MAX_PAGES):
            page = read(str(command), self._host, self._send(command, link))
            found += page.objects
            if not page.next_link or command.writes:
                return found
            link = urlsplit(page.next_link)._replace(scheme="https", netloc=self._host).geturl()
        raise ExchangeUnsettled(str(command), f"{self._host} gave more than {MAX_PAGES} pages", "Run again.")

    def _send(self, command: Command, url: str) -> RawAnswer:
        """Send one request; again with a new token where this one was refused, since rights are read off the token."""
        token = self._tokens.token(self._resource)
        answer = self._post(command, url, token)
        if answer.status in (UNAUTHORIZED, FORBIDDEN):
            self._tokens.forget(self._resource, token, answer.headers.get("www-authenticate", ""))
            token = self._tokens.token(self._resource)
            answer = self._post(command, url, token)
        return answer

    def _post(self, command: Command, url: str, token: str) -> RawAnswer:
        parameters = {name: list(it) if isinstance(it, tuple) else it for name, it in command.parameters.items()}
        body = {"CmdletInput": {"CmdletName": command.cmdlet, "Parameters": parameters}}
        headers = {
            "Authorization": f"Bearer {token}",
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",  # a refusal may call itself gzip and not be
            "Prefer": f"odata.maxpagesize={PAGE_SIZE}",
            "X-AnchorMailbox": f"APP:{_MAILBOX}@{self._routed_by}",
            "X-CmdletName": command.cmdlet,
            "X-ResponseFormat": "json",
        }
        try:
            with self._session().post(
                url,
                data=json.dumps(body).encode(),
                headers=headers,
                timeout=(CONNECT_TIMEOUT, READ_TIMEOUT),
                allow_redirects=False,  # the token goes to no other host
                stream=True,
            ) as answer:
                raw = answer.raw.read(decode_content=False)
        except (OSError, HTTPError, ValueError) as error:  # those of requests; urllib3's; odd host names
            reason = str(error.__cause__ or error).rsplit(": ", 1)[-1]
            advice = "Check exchangeHost and the network, then run again."
            raise ExchangeUnsettled(str(command), f"{self._host} gave no answer ({reason})", advice) from error
        LOG.debug("%s: %s", command, answer.status_code)
        return RawAnswer(answer.status_code, {name.lower(): it for name, it in answer.headers.items()}, raw)

    def _reroute(self) -> None:
        """Route by the organization's first domain from now on: by its GUID, reads work and writes may not."""
        try:
            found = self._run(get_organization())
        except ExchangeError:
            return  # the caller may not read it; the error in hand says what to do
        name = str(found[0].get("name", "")) if found else ""
        if _DOMAIN.fullmatch(name):
            self._routed_by = name

    def _session(self) -> requests.Session:
        session: requests.Session | None = getattr(self._thread, "session", None)
        if session is None:
            session = self._thread.session = requests.Session()
            session.mount("https://", HTTPAdapter(max_retries=0))
            session.headers["User-Agent"] = "pulumi-dataverse-email"
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        return session
