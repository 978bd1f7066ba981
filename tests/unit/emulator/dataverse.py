"""A plain HTTP client, so that the emulator's tests are told in the words of the Web API."""

from typing import Any

import requests

from pulumi_dataverse_email.emulator import RunningEmulator

Json = dict[str, Any]
ANNA, BEN, SUPPORT = "anna@contoso.com", "ben@contoso.com", "support@contoso.com"
ACCOUNT, PASSWORD = "CONTOSO\\crm-sync", "for-the-emulator-and-previews-only"
"""The account of the default seed's mail server."""
NOBODY = "00000000-0000-4000-8000-000000000000"


def statuses(row: Json) -> tuple[int, ...]:
    """Return a mailbox's results of its last test: incoming, outgoing, appointments and so on, all of them together."""
    names = ("incomingemailstatus", "outgoingemailstatus", "actstatus", "mailboxstatus")
    return tuple(row[name] for name in names)


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

    def refused(self, method: str, path: str, body: object = None) -> tuple[int, str]:
        """Call the control API, which must not agree; return the status and what it says."""
        answer = self.session.request(method, f"{self.url}/emulator/{path}", json=body, timeout=30)
        return answer.status_code, answer.json()["error"]["message"]

    def advance(self, seconds: float) -> str:
        """Move the emulator's clock on; return its time."""
        now: str = self.control("POST", "clock", {"advance": seconds})["now"]
        return now

    def switch(self, **switches: object) -> None:
        """Set switches."""
        self.control("PATCH", "switches", switches)

    def on_premises(self, **columns: object) -> str:
        """Make a profile that opens every mailbox of the default seed's mail server; return its id."""
        usual = {
            "name": "On premises", "servertype": 0, "useautodiscover": True, "incomingcredentialretrieval": 1,
            "incomingusername": ACCOUNT, "incomingpassword": PASSWORD, "incominguseimpersonation": True,
        }  # fmt: skip
        return self.make("emailserverprofiles", **{**usual, **columns})

    def synchronize(self, address: str, profile: str, *, act: int = 1, approved: bool = True) -> str:
        """Give a mailbox a profile and methods, and approve it; return the path of its row."""
        path = f"mailboxes({self.mailbox(address)['mailboxid']})"
        methods = {"incomingemaildeliverymethod": 2, "outgoingemaildeliverymethod": 2, "actdeliverymethod": act}
        self.change(path, **methods, **{"emailserverprofile@odata.bind": f"/emailserverprofiles({profile})"})
        if approved:
            self.change(path, emailrouteraccessapproval=1)
        return path

    def tested(self, path: str) -> Json:
        """Let the service test a mailbox; return the row afterwards."""
        self.change(path, testemailconfigurationscheduled=True)
        self.advance(60)
        return self.get(path)

    def alerts(self, path: str) -> list[str]:
        """Return the texts of a mailbox's alerts, oldest first."""
        row_id = path.partition("(")[2].removesuffix(")")
        found = self.get(f"tracelogs?$filter=_regardingobjectid_value eq {row_id}&$orderby=versionnumber")["value"]
        return [row["text"] for row in found]

    def built_in_profile(self) -> str:
        """Return the id of the Microsoft Exchange Online profile."""
        (found,) = self.get("emailserverprofiles?$filter=name eq 'Microsoft Exchange Online'")["value"]
        return str(found["emailserverprofileid"])

    def fail(self, **fault: object) -> None:
        """Let the next matching request meet trouble."""
        self.control("POST", "faults", fault)


def trusting(emulator: RunningEmulator) -> requests.Session:
    """Return a session that trusts the emulator, whatever the environment of the tests says."""
    session = requests.Session()
    session.trust_env = False
    session.verify = emulator.environment["REQUESTS_CA_BUNDLE"]
    return session
