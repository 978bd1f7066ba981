"""What everything here is sent with."""

from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

TIMEOUT = (10.0, 30.0)
"""Seconds to wait for a connection and for an answer of Entra: it answers in well under one, or is not reachable."""

RETRY: Final = Retry(
    total=3,
    other=0,  # a certificate that is not trusted stays so
    backoff_factor=0.5,  # some seconds in all: whoever waits for a login is a person, or holds up everything else
    status_forcelist=(429, 500, 502, 503, 504),
    allowed_methods=None,  # asking for a token twice does no harm
    respect_retry_after_header=True,
    retry_after_max=30,  # seconds
    raise_on_status=False,
)


class EntraSession(requests.Session):
    """A session with a time-out and retries, which follows no redirect, for it sends secrets, and asks no `.netrc`.

    Args:
        direct: whether to pass by every proxy: the address of a machine's own identity leads nowhere through one.
    """

    def __init__(self, *, direct: bool = False) -> None:
        super().__init__()
        self.auth = _as_it_is
        self._proxies = {"no_proxy": "*"} if direct else None
        for scheme in ("https://", "http://"):  # the identity of a machine is asked without TLS
            self.mount(scheme, HTTPAdapter(max_retries=RETRY))

    def request(self, *args: Any, **kwargs: Any) -> requests.Response:  # noqa: ANN401  as the base has it
        """Send a request as the base does, but with what is said above."""
        fixed = {"allow_redirects": False, "proxies": self._proxies}
        return super().request(*args, **{**kwargs, **fixed, "timeout": kwargs.get("timeout") or TIMEOUT})


def _as_it_is(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Leave a request's own Authorization alone, which an entry of `.netrc` would replace."""
    return request
