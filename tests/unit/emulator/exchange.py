"""An administrator of the emulated Exchange, in the words of its cmdlets."""

from typing import Any

import requests

from tests.unit.emulator.dataverse import Dataverse, Json

SYSTEM_MAILBOX = "SystemMailbox{bb558c35-97f1-4cb9-8ff7-d53741dc928c}"
APP = "5f0c2a10-0000-4000-8000-00000000b001"
"""An application that shall open mailboxes."""
APP_OBJECT = "5f0c2a10-0000-4000-8000-00000000b002"
EWS = "Application EWS.AccessAsApp"


class Exchange:
    """The default application, which is an Exchange Administrator."""

    def __init__(self, dataverse: Dataverse, **credentials: str) -> None:
        self.dataverse = dataverse
        self.tenant = dataverse.settings["ARM_TENANT_ID"]
        answer = dataverse.token(scope="https://outlook.office365.com/.default", **credentials)
        assert answer.ok, answer.text
        self.headers = {
            "Authorization": f"Bearer {answer.json()['access_token']}",
            "X-AnchorMailbox": f"APP:{SYSTEM_MAILBOX}@{self.tenant}",
            "Accept-Encoding": "identity",
        }

    def post(self, body: object, path: str | None = None, **headers: str) -> requests.Response:
        """Send a body to InvokeCommand; in the names of headers, `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        url = path or f"{self.dataverse.url}/adminapi/beta/{self.tenant}/InvokeCommand"
        return self.dataverse.session.post(url, json=body, headers={**self.headers, **named}, timeout=30)

    def call(self, cmdlet: str, **parameters: object) -> requests.Response:
        """Call a cmdlet."""
        return self.post(command(cmdlet, **parameters))

    def forbids(self, cmdlet: str, **parameters: object) -> bool:
        """Call a cmdlet and say whether it is forbidden; the answer's body is no gzip, though it says so."""
        url = f"{self.dataverse.url}/adminapi/beta/{self.tenant}/InvokeCommand"
        body = command(cmdlet, **parameters)
        with self.dataverse.session.post(url, json=body, headers=self.headers, timeout=30, stream=True) as answer:
            raw = answer.raw.read(decode_content=False)
        return answer.status_code == 403 and answer.headers["Content-Encoding"] == "gzip" and not raw.strip(b"\0")

    def run(self, cmdlet: str, **parameters: object) -> list[Json]:
        """Call a cmdlet, which must succeed, and return its objects."""
        answer = self.call(cmdlet, **parameters)
        assert answer.ok, answer.text
        found: list[Json] = answer.json()["value"]
        return found

    def names(self, cmdlet: str, **parameters: object) -> list[str]:
        """Call a cmdlet and return the names of its objects."""
        return [one["Name"] for one in self.run(cmdlet, **parameters)]

    def error(self, cmdlet: str, **parameters: object) -> tuple[int, str]:
        """Call a cmdlet and return status and kind of its refusal."""
        answer = self.call(cmdlet, **parameters)
        return answer.status_code, kind_of(answer)

    def scope(self, name: str, recipients: str = "CustomAttribute1 -eq 'crm'") -> Json:
        """Make a management scope."""
        return self.run("New-ManagementScope", Name=name, RecipientRestrictionFilter=recipients)[0]

    def pointer(self) -> None:
        """Make the application known to Entra and to Exchange."""
        registration = {"secret": "hush", "object_id": APP_OBJECT, "member": False}
        self.dataverse.control("PUT", f"applications/{APP}", registration)
        self.run("New-ServicePrincipal", AppId=APP, ObjectId=APP_OBJECT, DisplayName="Mailer")

    def assignment(self, name: str, **parameters: object) -> Json:
        """Let the application open mailboxes by EWS."""
        return self.run("New-ManagementRoleAssignment", Name=name, App=APP_OBJECT, Role=EWS, **parameters)[0]

    def switch(self, **switches: object) -> None:
        """Turn switches of the emulated Exchange."""
        self.dataverse.control("PATCH", "exchange", switches)

    def recipient(self, address: str, **recipient: Any) -> None:  # noqa: ANN401 - JSON of any shape
        """Make a recipient, or change all of it."""
        self.dataverse.control("PUT", f"recipients/{address}", {"name": address.partition("@")[0], **recipient})


def command(cmdlet: str, **parameters: object) -> Json:
    """Return the body of a call."""
    return {"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}}


def kind_of(answer: requests.Response) -> str:
    """Return the .NET type of the exception, without its namespace."""
    message: str = answer.json()["error"]["details"][0]["message"]
    return message.split("|")[1].rpartition(".")[2]
