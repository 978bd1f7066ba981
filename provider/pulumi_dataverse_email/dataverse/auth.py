"""Tokens: Microsoft Entra ID through msal, as a login that `requests` understands."""

from threading import Lock
from typing import Any

import msal
import requests
from msal.exceptions import MsalError
from requests.auth import AuthBase

from ..errors import LoginError

TIMEOUT = 30.0
"""Seconds to wait for one answer of Entra: it answers in well under one, or is not reachable."""

ADVICE = {
    "AADSTS7000215": "Check clientSecret: it is the secret's value, not the secret's id.",
    "AADSTS7000222": "The client secret has expired: make a new one and give it as clientSecret.",
    "AADSTS700016": "Check clientId and tenantId: the tenant does not know this application.",
    "AADSTS90002": "Check tenantId: there is no such tenant; and authorityHost, in sovereign clouds.",
    "AADSTS500011": "Check environmentUrl: the tenant knows no environment with that address.",
    "AADSTS70011": "Check environmentUrl: no token is given for that address.",
}
"""Entra's error codes, and what to do.

Source: https://learn.microsoft.com/entra/identity-platform/reference-error-codes
"""


STRANGE = (OSError, ValueError, LookupError, TypeError, AttributeError, MsalError)
"""What msal raises where no answer comes (requests' errors among them), or one that is not Entra's."""


class _EntraSession(requests.Session):
    """What msal sends with: with a time-out, and never on to where an answer redirects, for it sends the secret."""

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401  as the base has it
        return super().request(*args, **{"timeout": TIMEOUT, **kwargs, "allow_redirects": False})


class ClientSecretLogin(AuthBase):
    """Signs requests with the token of an application that has a client secret.

    One token serves the whole process, however many threads ask at once; msal renews it before it expires.

    Args:
        authority: Entra's address and the tenant, `https://login.microsoftonline.com/<tenant>`.
        client_id: the application's id.
        client_secret: its secret.
        environment_url: the environment, which is what the token is for.
    """

    def __init__(self, authority: str, client_id: str, client_secret: str, environment_url: str) -> None:
        self._authority = authority
        self._client_id = client_id
        self._secret = client_secret
        self._scope = f"{environment_url}/.default"
        self._lock = Lock()
        self._application: msal.ConfidentialClientApplication | None = None

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Add the token to a request.

        Raises:
            LoginError: Entra refuses, or does not answer.
        """
        request.headers["Authorization"] = f"Bearer {self._token()}"
        return request

    def forget(self, _challenge: str = "") -> None:
        """Drop the token, for it was refused."""
        with self._lock:
            if self._application is not None:
                self._application.remove_tokens_for_client()

    def _token(self) -> str:
        tried = f"log in at {self._authority} as application {self._client_id}"
        with self._lock:
            try:
                if self._application is None:
                    self._application = msal.ConfidentialClientApplication(
                        self._client_id,
                        authority=self._authority,
                        client_credential=self._secret,
                        # The authority is the person's own setting: asking a public list about it would break
                        # isolated clouds and previews behind a firewall.
                        instance_discovery=False,
                        http_client=_EntraSession(),
                    )
                answer = self._application.acquire_token_for_client(scopes=[self._scope])
            except STRANGE as error:
                raise LoginError(
                    f"{tried}: no usable answer ({type(error).__name__}).\n"
                    "Check tenantId and authorityHost, and that this machine reaches them."
                ) from error
        token = answer.get("access_token")
        if not token:
            reason = str(answer.get("error_description") or answer.get("error")).splitlines()[0]
            advice = next((it for code, it in ADVICE.items() if f"{code}:" in reason), "Check the login's settings.")
            raise LoginError(f"{tried}: {reason}\n{advice}")
        return str(token)
