"""The emulated Dataverse that a stack leads to: what tests do behind the provider's back, and what they see."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import requests

Json = Mapping[str, Any]

PRIMARY_IDS = {
    "emailserverprofiles": "emailserverprofileid",
    "mailboxes": "mailboxid",
    "organizations": "organizationid",
    "businessunits": "businessunitid",
    "queues": "queueid",
    "systemusers": "systemuserid",
}

CROWD = """
organization: {{name: Contoso, tenant_id: 5f0c2a10-0000-4000-8000-00000000c070}}
users:
  - name: Person {{n}}
    principal_name: person{{n}}@contoso.com
    email_address: person{{n}}@contoso.com
    count: {}
"""
"""The seed of an organization of many users, each with a mailbox, once it is formatted with their number."""

DEADLINE = 60.0
"""Seconds after which a condition that is waited for counts as missed."""


@dataclass(frozen=True)
class Dataverse:
    """An emulated environment and its control API."""

    settings: Mapping[str, str]
    """The environment variables that lead to it."""

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401  JSON of any shape
        """Call the control API and return its JSON answer."""
        url = f"{self.settings['DATAVERSE_EMULATOR_URL']}/{path}"
        answer = requests.request(method, url, json=body, timeout=30, verify=self.settings["REQUESTS_CA_BUNDLE"])
        assert answer.ok, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def rows(self, entity_set: str) -> list[Json]:
        """Return all rows of a set, past every right."""
        found: list[Json] = self.control("GET", f"rows/{entity_set}")["value"]
        return found

    def names(self, entity_set: str) -> list[str]:
        """Return the names of all rows of a set."""
        return [row["name"] for row in self.rows(entity_set)]

    def row(self, entity_set: str, name: str) -> Json:
        """Return the one row with that name."""
        (found,) = [row for row in self.rows(entity_set) if row.get("name", row.get("fullname")) == name]
        return found

    def profile(self) -> Json:
        """Return the profile that the programs of these tests declare."""
        return self.row("emailserverprofiles", "Contoso Exchange")

    def anna(self) -> Json:
        """Return the mailbox that the programs of these tests declare."""
        return self.row("mailboxes", "Anna Weber")

    def make(self, entity_set: str, **columns: object) -> Json:
        """Make a row behind the provider's back."""
        made: Json = self.control("POST", f"rows/{entity_set}", columns)
        return made

    def edit(self, entity_set: str, row: Json, **columns: object) -> Json:
        """Edit a row behind the provider's back, past every rule."""
        edited: Json = self.control("PATCH", f"rows/{entity_set}/{row[PRIMARY_IDS[entity_set]]}", columns)
        return edited

    def delete(self, entity_set: str, row: Json) -> None:
        """Delete a row behind the provider's back."""
        self.control("DELETE", f"rows/{entity_set}/{row[PRIMARY_IDS[entity_set]]}")

    def fault(
        self, path: str, answer: Json, *, method: str | None = None, when: str = "before", times: int = 1
    ) -> None:
        """Let the next requests for that path meet an answer of the test's own."""
        wanted = {"method": method, "path": path, "answer": answer, "when": when, "times": times}
        self.control("POST", "faults", wanted)

    def requests(self) -> list[Json]:
        """Return the requests since the last `forget_requests`, tokens included."""
        found: list[Json] = self.control("GET", "requests")
        return found

    def forget_requests(self) -> None:
        """Empty the request log."""
        self.control("DELETE", "requests")

    def data_requests(self) -> list[str]:
        """Return `METHOD set` of each request to the Web API since `forget_requests`; keys and queries left out."""
        found = []
        for request in self.requests():
            _, sign, rest = request["url"].partition("/api/data/v9.2/")
            if sign:
                found.append(f"{request['method']} {rest.split('(')[0].split('?')[0]}")
        return found

    def writes(self) -> list[str]:
        """Return those of the `data_requests` that write."""
        return [request for request in self.data_requests() if not request.startswith("GET ")]


def wait_until(holds: Callable[[], bool], what: str) -> None:
    """Wait until a condition holds.

    Raises:
        AssertionError: it never did within the deadline.
    """
    end = time.monotonic() + DEADLINE
    while not holds():
        assert time.monotonic() < end, f"waited {DEADLINE:.0f} s in vain: {what}"
        time.sleep(0.05)  # between two looks, so that the machine is left to those who are waited for
