"""A login: one way, one tenant, and one token of each resource, however many threads ask at once."""

import base64
import binascii
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from threading import Lock, local

import msal
import requests
from requests.auth import AuthBase
from urllib3.exceptions import HTTPError

from ..errors import LoginError
from .authorities import Authority
from .session import EntraSession
from .tokens import Refusal, Wanted, ask
from .ways import ManagedIdentity, Way

EARLY = 300.0
"""Seconds before its end by which a token is renewed: a request may wait in a queue before it is judged."""

PAUSE = 30.0
"""Seconds for which a refusal stands: threads that waited for it do not ask once each, nor a person each time."""

_CLAIMS = re.compile(r'claims="?([^",\s]+)')


@dataclass(frozen=True)
class _Outcome:
    """A token, or the text of an error, until when it counts, and when the token ends."""

    token: str = field(repr=False)
    error: str
    until: float
    end: float = 0.0


class Login:
    """Gives tokens, and keeps each until shortly before it expires.

    Args:
        way: how to log in.
        authority: where.
        tell: shows a person what to do, where the way needs one.
        clock: seconds that only grow.
    """

    def __init__(
        self,
        way: Way,
        authority: Authority,
        *,
        tell: Callable[[str], None] = lambda _: None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._way = way
        self._authority = authority
        self._tell = tell
        self._clock = clock
        self._lock = Lock()
        self._url = authority.url
        self._known: dict[str, _Outcome] = {}
        self._claims: dict[str, str] = {}
        self._cache = msal.TokenCache()

    def __repr__(self) -> str:
        return f"Login({self._way}, {self._authority})"

    def signing(self, resource: str) -> "Bearer":
        """Return what signs requests to a resource."""
        return Bearer(self, resource)

    def token(self, resource: str) -> str:
        """Return a token of a resource: the one that is known, else a new one.

        Args:
            resource: address of the environment or service, https and host, or an application's id.

        Raises:
            LoginError: Entra refuses, or does not answer.
        """
        asked = self._clock()
        with self._lock:
            known = self._known.get(resource)
            if known is None or asked > known.until:
                known = self._known[resource] = self._ask(resource, known)
        if known.error:
            raise LoginError(known.error)
        return known.token

    def tenant(self) -> str:
        """Return the tenant that tokens are of: GUID or domain name.

        Raises:
            LoginError: it is stated nowhere, and the environment does not name it.
        """
        if self._authority.tenant:
            return self._authority.tenant
        with self._lock:
            url = self._found() or discover(self._authority)
        return url.rpartition("/")[2]

    def forget(self, resource: str, token: str, challenge: str = "") -> None:
        """Drop a token that the resource refused; a newer one, which another thread has fetched meanwhile, stays.

        Args:
            resource: what it was for.
            token: the one that was refused.
            challenge: the answer's header `WWW-Authenticate`, which may say what a new token needs.
        """
        with self._lock:
            known = self._known.get(resource)
            if known and known.token == token:
                del self._known[resource]
                self._claims[resource] = demanded(challenge)

    def _ask(self, resource: str, old: _Outcome | None) -> _Outcome:
        try:
            wanted = Wanted(resource, self._found(), self._claims.get(resource, ""), self._cache, self._tell)
            token = ask(self._way, wanted)
        except Refusal as refusal:
            return _Outcome("", str(refusal), self._clock() + PAUSE)
        except LoginError as error:
            now = self._clock()
            if old and now < old.end:  # Entra is in trouble, and what it gave is still good
                return replace(old, until=min(now + PAUSE, old.end))
            return _Outcome("", str(error), now)  # for those who have waited for this very answer
        now = self._clock()
        return _Outcome(token.text, "", now + max(token.lifetime - EARLY, token.lifetime / 2), now + token.lifetime)

    def _found(self) -> str:
        if self._url is None:
            self._url = "" if isinstance(self._way, ManagedIdentity) else discover(self._authority)
        return self._url


class Bearer(AuthBase):
    """Signs requests to one resource, as `requests` understands it.

    Args:
        login: gives the tokens.
        resource: what they are for.
    """

    def __init__(self, login: Login, resource: str) -> None:
        self._login = login
        self._resource = resource
        self._thread = local()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request.

        Raises:
            LoginError: there is none.
        """
        token = self._thread.token = self._login.token(self._resource)
        request.headers["Authorization"] = f"Bearer {token}"
        return request

    def forget(self, challenge: str = "") -> None:
        """Drop the token by which this thread signed last, for it was refused."""
        self._login.forget(self._resource, getattr(self._thread, "token", ""), challenge)


_logins: dict[tuple[Way, Authority], Login] = {}
_lock = Lock()


def login(way: Way, authority: Authority, tell: Callable[[str], None]) -> Login:
    """Return this process's login: the same one for all who log in alike, whatever environment they serve."""
    with _lock:
        return _logins.setdefault((way, authority), Login(way, authority, tell=tell))


def discover(authority: Authority) -> str:
    """Ask an environment which tenant it belongs to: one request, without a token.

    Source: https://learn.microsoft.com/power-apps/developer/data-platform/authenticate-oauth

    Raises:
        LoginError: it does not answer, or names none that is to be trusted.
    """
    tried = f"find the tenant of {authority.environment_url}"
    try:
        with EntraSession() as session, session.get(f"{authority.environment_url}/api/data/v9.2/") as answer:
            return authority.named_by(answer.headers.get("WWW-Authenticate", ""))
    except (OSError, HTTPError) as error:
        raise LoginError(
            f"{tried}: no answer ({type(error).__name__}).\n"
            "Check environmentUrl and that this machine reaches it, or give tenantId."
        ) from error
    except ValueError as error:
        raise LoginError(f"{tried}: {error}.\nGive tenantId, and check environmentUrl and authorityHost.") from None


def demanded(challenge: str) -> str:
    """Return the claims that a challenge demands, as JSON.

    Source: https://learn.microsoft.com/entra/identity-platform/claims-challenge
    """
    found = _CLAIMS.search(challenge) if "insufficient_claims" in challenge else None
    if found is None:
        return ""
    try:
        return base64.urlsafe_b64decode(found[1].replace("+", "-").replace("/", "_") + "==").decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""
