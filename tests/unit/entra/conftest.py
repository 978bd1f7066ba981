"""Every way to log in, at the emulated Entra and what stands around it."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import requests
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from pulumi_dataverse_email.entra import ways
from pulumi_dataverse_email.entra.authorities import Authority
from pulumi_dataverse_email.entra.login import Bearer, Login
from pulumi_dataverse_email.entra.ways import Way
from pulumi_dataverse_email.errors import LoginError
from tests.system.emulated import Dataverse
from tests.unit.emulator.credentials import identity

CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"
PERSONS = "5f0c2a10-0000-4000-8000-00000000a002"
SYSTEM = "5f0c2a10-0000-4000-8000-00000000a003"
USER = "5f0c2a10-0000-4000-8000-00000000a004"
CONNECTION = "5f0c2a10-0000-4000-8000-00000000e001"
SECRET = "emulated-client-secret"
PASSWORD = "Str0ng-and-secret-Passw0rd"

AZ = """#!{python}
import json, os, sys, time
import requests
arguments = dict(zip(sys.argv[3::2], sys.argv[4::2]))
assert sys.argv[1:3] == ["account", "get-access-token"] and arguments["--output"] == "json", sys.argv
form = {{"grant_type": "client_credentials", "client_id": "{client}", "client_secret": os.environ["AZ_SECRET"],
        "scope": arguments["--resource"] + "/.default"}}
answer = requests.post("{host}/" + arguments["--tenant"] + "/oauth2/v2.0/token", form, timeout=30,
                       auth=lambda it: it).json()
if "access_token" not in answer:
    sys.exit("ERROR: " + answer["error_description"])
ends = int(time.time()) + answer["expires_in"]
print(json.dumps({{"accessToken": answer["access_token"], "expires_on": ends, "tokenType": "Bearer"}}))
"""


@dataclass
class Clock:
    """Seconds that grow when a test says so."""

    now: float = 1000.0

    def __call__(self) -> float:
        """Return the moment."""
        return self.now


@dataclass
class Place:
    """Where a test logs in from: an emulated environment, and this machine's files and variables."""

    dataverse: Dataverse
    files: Path
    patch: pytest.MonkeyPatch
    clock: Clock = field(default_factory=Clock)
    told: list[str] = field(default_factory=list)

    @property
    def authority(self) -> Authority:
        """The emulated tenant."""
        settings = self.dataverse.settings
        return Authority(settings["AZURE_AUTHORITY_HOST"], settings["ARM_TENANT_ID"])

    def login(self, way: Way, authority: Authority | None = None) -> Login:
        """Return a login that knows nothing yet."""
        return Login(way, authority or self.authority, tell=self.approve, clock=self.clock)

    def bearer(self, way: Way, authority: Authority | None = None) -> Bearer:
        """Return what signs requests to the environment."""
        return self.login(way, authority).signing(self.dataverse.settings["DATAVERSE_URL"])

    def approve(self, message: str) -> None:
        """Do as a person who reads a device code."""
        self.told.append(message)
        (code,) = [it["user_code"] for it in self.dataverse.control("GET", "device-codes")["value"]]
        assert code in message
        self.dataverse.control("PUT", f"device-codes/{code}", {"status": "approved", "user": "anna@contoso.com"})

    def tokens(self) -> int:
        """Return how often a token was asked for."""
        return self._count("/token")

    def assertions(self) -> int:
        """Return how often a pipeline's service was asked for an assertion."""
        return self._count("/idtoken") + self._count("/oidctoken")

    def codes(self) -> int:
        """Return how often a device code was asked for."""
        return self._count("/devicecode")

    def _count(self, end: str) -> int:
        return sum(request["url"].partition("?")[0].endswith(end) for request in self.dataverse.requests())

    def write(self, name: str, content: str | bytes) -> str:
        """Write a file and return its path."""
        path = self.files / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    def variables(self, runner: str) -> dict[str, str]:
        """Return the variables that such a place sets."""
        found: dict[str, str] = self.dataverse.control("GET", "logins")[runner]
        return found

    def register(self, client_id: str, **registration: object) -> None:
        """Register an application."""
        self.dataverse.control("PUT", f"applications/{client_id}", registration)


def client_secret(_place: Place) -> Way:
    return ways.ClientSecret(CLIENT, SECRET)


def pem(place: Place) -> Way:
    known = identity()
    place.register(CLIENT, certificates=[{"pem": known.pem}])
    return ways.Certificate(CLIENT, place.write("app.pem", known.key_pem + known.pem))


def sealed_pem(place: Place) -> Way:
    known = identity()
    place.register(CLIENT, certificates=[{"pem": known.pem}])
    sealing = BestAvailableEncryption(PASSWORD.encode())
    key = known.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, sealing).decode()
    return ways.Certificate(CLIENT, place.write("app.pem", known.pem + key), PASSWORD)


def pfx(place: Place) -> Way:
    known = identity()
    place.register(CLIENT, certificates=[{"pem": known.pem}])
    return ways.Certificate(CLIENT, place.write("app.pfx", known.pfx(PASSWORD)), PASSWORD)


def subject_and_issuer(place: Place) -> Way:
    authority = identity("Contoso CA")
    renewed = identity("mail.contoso.com", number=1, issuer=authority)
    place.register(CLIENT, trusted_subjects=[{"subject": "mail.contoso.com", "issuer_pem": authority.pem}])
    return ways.Certificate(CLIENT, place.write("app.pem", renewed.key_pem + renewed.pem))


def token_text(place: Place) -> Way:
    wish = {"issuer": "https://oidc.example/cluster/", "subject": "system:serviceaccount:deployments:dataverse-email"}
    return ways.Federated(CLIENT, ways.TokenText(place.dataverse.control("POST", "entra/assertions", wish)["value"]))


def token_file(place: Place) -> Way:
    return ways.Federated(CLIENT, ways.TokenFile(place.variables("workload_identity")["AZURE_FEDERATED_TOKEN_FILE"]))


def github_actions(place: Place) -> Way:
    found = place.variables("github_actions")
    url, token = found["ACTIONS_ID_TOKEN_REQUEST_URL"], found["ACTIONS_ID_TOKEN_REQUEST_TOKEN"]
    return ways.Federated(CLIENT, ways.GitHubActions(url, token))


def azure_devops(place: Place) -> Way:
    found = place.variables("azure_devops")
    source = ways.AzureDevOps(found["SYSTEM_OIDCREQUESTURI"], found["SYSTEM_ACCESSTOKEN"], CONNECTION)
    return ways.Federated(CLIENT, source)


def _machine(place: Place, kind: str) -> None:
    for name, text in place.variables(kind).items():
        place.patch.setenv(name, text)
    place.register(SYSTEM, managed_identity="system")
    place.register(USER, managed_identity="user")


def app_service(place: Place) -> Way:
    _machine(place, "app_service")
    return ways.ManagedIdentity(None)


def virtual_machine(place: Place) -> Way:
    _machine(place, "virtual_machine")
    return ways.ManagedIdentity(USER)


def azure_cli(place: Place) -> Way:
    host = place.authority.host
    Path(place.write("az", AZ.format(python=sys.executable, client=CLIENT, host=host))).chmod(0o755)
    place.patch.setenv("PATH", str(place.files), prepend=":")
    place.patch.setenv("AZ_SECRET", SECRET)
    return ways.AzureCli()


def device_code(place: Place) -> Way:
    place.register(PERSONS, public=True)
    return ways.DeviceCode(PERSONS)


WAYS: tuple[Callable[[Place], Way], ...] = (
    client_secret,
    pem,
    sealed_pem,
    pfx,
    subject_and_issuer,
    token_text,
    token_file,
    github_actions,
    azure_devops,
    app_service,
    virtual_machine,
    azure_cli,
    device_code,
)
"""Each makes ready what its way needs, and returns the way."""


@pytest.fixture
def place(dataverse: Dataverse, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Where a test logs in from."""
    return Place(dataverse, tmp_path, monkeypatch)


@pytest.fixture(params=WAYS, ids=lambda it: it.__name__)
def way(place: Place, request: pytest.FixtureRequest) -> Way:
    """Each way to log in."""
    made: Way = request.param(place)
    place.dataverse.forget_requests()
    return made


def without_tenant(place: Place) -> Authority:
    """Return the authority of somebody who did not state a tenant."""
    return replace(place.authority, tenant=None, environment_url=place.dataverse.settings["DATAVERSE_URL"])


def refusal(place: Place, way: Way, authority: Authority | None = None) -> str:
    """Return the error in which a login ends; it holds no secret."""
    with pytest.raises(LoginError) as caught:
        place.bearer(way, authority)(requests.Request("GET", "https://localhost").prepare())
    text = str(caught.value)
    assert not [it for it in (*ways.secrets(way), PASSWORD) if it and it in text]
    return text
