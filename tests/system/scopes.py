"""Programs with a profile, its mailboxes, and the scope that limits its application to them; and Exchange behind."""

from dataclasses import dataclass

import requests

from .emulated import Dataverse, Json

APP = "5f0c2a10-0000-4000-8000-00000000b001"
APP_OBJECT = "5f0c2a10-0000-4000-8000-00000000b002"
SECRET = "hush-hush-hush"
EWS = "Application EWS.AccessAsApp"

SETTINGS = """
SYNCHRONIZED = dict(incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization",
    act_delivery_method="server_side_synchronization", on_delete="restore")
"""

PROFILE = f"""{SETTINGS}
profile = EmailServerProfile("own-app", name="Contoso Exchange", server_type="exchange_online_hybrid",
    incoming_credential_retrieval="oauth_with_microsoft_entra_id", oauth_client_id="{APP}",
    oauth_client_secret="{SECRET}", use_default_tenant_id=False,
    exchange_online_tenant_id="5f0c2a10-0000-4000-8000-00000000c070",
    use_same_settings_for_outgoing_connections=True)
"""
"""A profile with an application of the tenant's own."""

MAILBOXES = """
anna = Mailbox("anna", user="anna@contoso.com", email_server_profile=profile, **SYNCHRONIZED)
ben = Mailbox("ben", user="ben@contoso.com", email_server_profile=profile, **SYNCHRONIZED)
"""


def scope(members: str) -> str:
    """Return the lines of a scope with these members and further arguments."""
    return f"""
scope = ImpersonationScope("crm", platform="exchange_online", name="CRM mailboxes", application_id="{APP}",
    service_principal_object_id="{APP_OBJECT}", profile=profile, {members},
    opts=ResourceOptions(depends_on=[anna, ben]))
"""


def enabling() -> str:
    """Return the lines that test and enable both mailboxes."""
    return """
MailboxTestAndEnable("all", mailboxes=[anna, ben], approval="approve", timeout=60,
    opts=ResourceOptions(depends_on=[scope]))
"""


class CmdletError(Exception):
    """A cmdlet that threw.

    Args:
        kind: the exception's type.
        text: its message.
    """

    def __init__(self, kind: str, text: str) -> None:
        super().__init__(f"{kind}: {text}")
        self.kind, self.text = kind, text


@dataclass
class EmulatedExchange:
    """The Exchange of an emulated environment, in the hands of an administrator."""

    dataverse: Dataverse

    def register(self) -> None:
        """Make the application of the profile known to Entra."""
        registration = {"secret": SECRET, "object_id": APP_OBJECT, "member": False}
        self.dataverse.control("PUT", f"applications/{APP}", registration)

    def run(self, cmdlet: str, **parameters: object) -> list[Json]:
        """Run a cmdlet.

        Raises:
            CmdletError: Exchange refuses.
        """
        settings = self.dataverse.settings
        bundle = settings["REQUESTS_CA_BUNDLE"]
        form = {
            "grant_type": "client_credentials",
            "client_id": settings["ARM_CLIENT_ID"],
            "client_secret": settings["ARM_CLIENT_SECRET"],
            "scope": f"{settings['DATAVERSE_URL']}/.default",
        }
        tenant = settings["ARM_TENANT_ID"]
        token_url = f"{settings['AZURE_AUTHORITY_HOST']}/{tenant}/oauth2/v2.0/token"
        token = requests.post(token_url, form, timeout=30, verify=bundle).json()["access_token"]
        answer = requests.post(
            f"{settings['DATAVERSE_URL']}/adminapi/beta/{tenant}/InvokeCommand",
            json={"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}},
            headers={
                "Authorization": f"Bearer {token}",
                "X-AnchorMailbox": f"APP:SystemMailbox{{bb558c35-97f1-4cb9-8ff7-d53741dc928c}}@{tenant}",
            },
            timeout=30,
            verify=bundle,
        )
        if not answer.ok:
            _, kind, text = answer.json()["error"]["details"][0]["message"].split("|", 2)
            raise CmdletError(kind.rpartition(".")[2], text)
        found: list[Json] = answer.json()["value"]
        return found

    def cmdlets(self) -> list[str]:
        """Return the names of the cmdlets that were sent since the request log was emptied."""
        sent = [it for it in self.dataverse.requests() if "InvokeCommand" in it["url"]]
        return [str(it["headers"].get("x-cmdletname", "")) for it in sent]

    @property
    def filter(self) -> str:
        """The filter of the one scope."""
        (found,) = self.run("Get-ManagementScope")
        return str(found["RecipientFilter"])
