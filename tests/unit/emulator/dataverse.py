"""A plain HTTP client, so that the emulator's tests are told in the words of the Web API."""

from typing import Any

import requests

from pulumi_dataverse_email.emulator import RunningEmulator

Json = dict[str, Any]
ANNA, SUPPORT = "anna@contoso.com", "support@contoso.com"
NOBODY = "00000000-0000-4000-8000-000000000000"


class Dataverse:
    """One emulator and a session with a token of the default application."""

    def __init__(self, emulator: RunningEmulator) -> None:
        self.settings = emulator.environment
        self.url = emulator.url
        self.session = trusting(emulator)
        self.headers = {"Authorization": f"Bearer {self.token().json()['access_token']}"}

    def token(self, tenant: str | None = None, **form: str) -> requests.Response:
        """Ask for a token; `form` replaces fields of the usual request."""
        fields = {
            "grant_type": "client_credentials",
            "client_id": self.settings["ARM_CLIENT_ID"],
            "client_secret": self.settings["ARM_CLIENT_SECRET"],
            "scope": f"{self.url}/.default",
        }
        url = f"{self.url}/{tenant or self.settings['ARM_TENANT_ID']}/oauth2/v2.0/token"
        return self.session.post(url, {**fields, **form}, timeout=30)

    def call(self, method: str, path: str, body: object = None, **headers: str) -> requests.Response:
        """Call the Web API; in the names of headers, `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path if path.startswith("https:") else f"{self.url}/api/data/v9.2/{path}"
        return self.session.request(method, url, json=body, headers={**self.headers, **named}, timeout=30)

    def get(self, path: str, **headers: str) -> Json:
        """Read something that is there."""
        answer = self.call("GET", path, **headers)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    def names(self, path: str, **headers: str) -> list[str]:
        """Read a collection and return its names."""
        return [row["name"] for row in self.get(path, **headers)["value"]]

    def error(self, method: str, path: str, body: object = None, **headers: str) -> tuple[int, str]:
        """Call the Web API and return status and code of its refusal."""
        answer = self.call(method, path, body, **headers)
        return answer.status_code, answer.json()["error"]["code"]

    def make(self, entity_set: str, **columns: object) -> str:
        """Make a row by POST and return its id."""
        answer = self.call("POST", entity_set, columns)
        assert answer.status_code == 204, answer.text
        return answer.headers["OData-EntityId"][-37:-1]

    def change(self, path: str, **columns: object) -> None:
        """Update a row that is there."""
        answer = self.call("PATCH", path, columns, If_Match="*")
        assert answer.status_code == 204, answer.text

    def mailbox(self, address: str) -> Json:
        """Return the mailbox with that address."""
        (found,) = self.get(f"mailboxes?$filter=emailaddress eq '{address}'")["value"]
        row: Json = found
        return row

    def control(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - JSON of any shape
        """Call the control API, which must agree."""
        answer = self.session.request(method, f"{self.url}/emulator/{path}", json=body, timeout=30)
        assert answer.ok, answer.text
        return answer.json() if answer.content else None

    def fail(self, **fault: object) -> None:
        """Let the next matching request meet trouble."""
        self.control("POST", "faults", fault)


def trusting(emulator: RunningEmulator) -> requests.Session:
    """Return a session that trusts the emulator, whatever the environment of the tests says."""
    session = requests.Session()
    session.trust_env = False
    session.verify = emulator.environment["REQUESTS_CA_BUNDLE"]
    return session
