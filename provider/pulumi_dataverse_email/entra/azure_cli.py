"""Tokens of the Azure CLI: whoever ran `az login` on this machine."""

import json
import shutil
import subprocess
import time
from collections.abc import Mapping
from datetime import datetime

from ..redaction import blot

SECONDS = 60
"""How long the CLI may take: it starts slowly, and may renew its own token first."""

WORDS = 300
"""How many characters of its error are repeated."""


class NoCliToken(Exception):
    """The Azure CLI gave no token; the text says what it said, and what to do."""


def ask(resource: str, tenant: str | None) -> Mapping[str, object]:
    """Return a token of a resource, as Entra would answer it.

    Source: https://learn.microsoft.com/cli/azure/account#az-account-get-access-token

    Args:
        resource: what the token is for.
        tenant: GUID or domain name; that of the CLI's default subscription where there is none.

    Raises:
        NoCliToken: it is not installed, not logged in, or did not answer.
    """
    program = shutil.which("az")
    if program is None:
        raise NoCliToken("there is no az on PATH.\nInstall the Azure CLI, or state another way to log in.")
    command = [program, "account", "get-access-token", "--resource", resource, "--output", "json"]
    command += ["--tenant", tenant] if tenant else []
    try:
        done = subprocess.run(  # noqa: S603  no shell, and the settings were checked
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise NoCliToken(
            f"az did not answer within {SECONDS} seconds.\nTry `az account get-access-token` yourself."
        ) from None  # the cause would hold what az had printed
    except OSError as error:
        raise NoCliToken(f"{program} cannot be started ({error.strerror}).\nRepair the Azure CLI.") from error
    if done.returncode != 0:
        said = blot(" ".join(done.stderr.split()))[:WORDS] or "nothing"
        login = f"az login --tenant {tenant}" if tenant else "az login"
        raise NoCliToken(f"az ended with status {done.returncode} and said: {said}\nRun `{login}`, then try again.")
    try:
        answer = json.loads(done.stdout)
        # Versions before 2.54 gave the local time alone.
        end = answer.get("expires_on") or datetime.fromisoformat(answer["expiresOn"]).timestamp()
        return {"access_token": answer["accessToken"], "expires_in": max(float(end) - time.time(), 0)}
    except (ValueError, LookupError, TypeError, AttributeError):
        raise NoCliToken("az printed no token.\nTry `az account get-access-token` yourself.") from None
