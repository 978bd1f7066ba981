"""Which way to log in, and where; contradictions are explained, not guessed away.

The first place that states a way decides: the configuration, then `ARM_*`, then `AZURE_*`. Two ways in one place are
a fault, and so is half a way.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ..entra.authorities import CLOUDS, Authority, host_of
from ..entra.ways import (
    AzureCli,
    AzureDevOps,
    Certificate,
    ClientSecret,
    DeviceCode,
    Federated,
    GitHubActions,
    ManagedIdentity,
    Source,
    TokenFile,
    TokenText,
    Way,
)
from .declared import declared
from .given import Given, Place, Stated

SECRET, CERTIFICATE, FEDERATED, MACHINE, CLI, CODE = WAYS = (
    "a client secret",
    "a certificate",
    "a federated token",
    "a managed identity",
    "the Azure CLI",
    "a device code",
)

_STATED_BY: Mapping[str, str] = {
    "clientSecret": SECRET,
    "clientCertificatePath": CERTIFICATE,
    "useOidc": FEDERATED,
    "oidcToken": FEDERATED,
    "oidcTokenFilePath": FEDERATED,
    "useMsi": MACHINE,
    "useAzureCli": CLI,
    "useDeviceCode": CODE,
}
"""The settings that state a way to log in."""

_USED: Mapping[str, tuple[str, ...]] = {
    SECRET: ("tenantId", "clientId", "clientSecret"),
    CERTIFICATE: ("tenantId", "clientId", "clientCertificatePath", "clientCertificatePassword"),
    FEDERATED: ("tenantId", "clientId", "oidcToken", "oidcTokenFilePath"),
    MACHINE: ("clientId",),
    CLI: ("tenantId",),
    CODE: ("tenantId", "clientId"),
}
"""What each way is made of, as far as it may come from both families of variables."""


_SOURCES = ("oidcRequestUrl", "oidcRequestToken", "adoServiceConnectionId")
"""Where a pipeline gives a federated token."""


@dataclass
class Choice:
    """Chooses by what is given; what is wrong is collected in `faults`, each with the key that it blames first.

    Args:
        given: what stands where.
        values: the settings that count and are in order, checked, by key.
    """

    given: Given
    values: Mapping[str, object] = field(repr=False)  # secrets among them
    faults: list[tuple[str, str]] = field(default_factory=list)
    unused: frozenset[str] = frozenset()
    """Keys that a later place states and the chosen way does not use: what is wrong with them harms nobody."""

    def way(self) -> Way | None:
        """Return the way to log in; none where something is wrong."""
        wanted = self._wanted()
        if wanted is None:
            return None
        self._unmix(wanted)
        self._unmask(wanted)
        client_id = self._text("clientId")
        if not client_id and wanted not in (MACHINE, CLI):
            self._miss("clientId")
        way: Way | None
        match wanted:
            case "a client secret":
                way = ClientSecret(client_id, self._text("clientSecret"))
            case "a certificate":
                password = self._text("clientCertificatePassword")
                way = Certificate(client_id, self._text("clientCertificatePath"), password)
            case "a federated token":
                source = self._source()
                way = Federated(client_id, source) if source else None
            case "a managed identity":
                way = ManagedIdentity(client_id or None)
            case "the Azure CLI":
                way = AzureCli()
            case _:
                way = DeviceCode(client_id)
        return None if self.faults else way

    def authority(self, environment_url: str) -> Authority:
        """Return where to log in."""
        tenant = self._text("tenantId") or None
        return Authority(self._host(), tenant, None if tenant else environment_url)

    def _wanted(self) -> str | None:
        stated = [it for key in _STATED_BY if (it := self._evidence(key))]
        if not stated:
            if all(key in self.values for key in _STATED_BY if self.given.first(key)):
                self._explain_half()
            return None
        place = min(it.place for it in stated)
        here: dict[str, Stated] = {}
        for it in stated:
            if it.place is place:
                here.setdefault(_STATED_BY[it.key], it)
        if len(here) > 1:
            self._two("ways to log in", list(here.values()))
            return None
        wanted = next(iter(here))
        used = _USED[wanted] + (_SOURCES if wanted == FEDERATED else ())
        firsts = [it for key in (*_STATED_BY, *_SOURCES) if key not in used and (it := self.given.first(key))]
        self.unused = frozenset(it.key for it in firsts if it.place > place)
        return wanted

    def _evidence(self, key: str) -> Stated | None:
        """Return where a setting states a way; a flag does when it is true, and when false takes its tokens along."""
        found = self.given.first(key)
        flag = self.given.first("useOidc") if _STATED_BY[key] == FEDERATED else None
        off = flag and self.values.get("useOidc") is False and found and flag.place <= found.place
        return None if off or self.values.get(key, False) is False else found

    def _explain_half(self) -> None:
        others = ", ".join(key for key in _STATED_BY if key != "clientSecret")
        hints = []
        if client := self.given.first("clientId"):
            hints.append(f"{client} alone is half a way to log in")
        if password := self.given.first("clientCertificatePassword"):
            hints.append(f"{password} needs clientCertificatePath")
        if found := self.given.first("adoServiceConnectionId") or self.given.first("oidcRequestUrl"):
            hints.append(f"with {found} there, useOidc may be what you want")
        hint = f" ({'; '.join(hints)})" if hints else ""
        if not client:
            self._miss("clientId")
        ways = declared()["clientSecret"].ways
        self.faults.append(("clientSecret", f"is missing: {ways}; or state another way to log in: {others}{hint}"))

    def _source(self) -> Source | None:
        keys = ("oidcToken", "oidcTokenFilePath", "adoServiceConnectionId")
        stated = [it for key in keys if (it := self.given.first(key))]
        place = min((it.place for it in stated), default=None)
        here = [it for it in stated if it.place is place]
        if len(here) > 1:
            self._two("sources of a federated token", here)
            return None
        url, token = self._text("oidcRequestUrl"), self._text("oidcRequestToken")
        match here[0].key if here else "":
            case "oidcToken":
                return TokenText(self._text("oidcToken"))
            case "oidcTokenFilePath":
                return TokenFile(self._text("oidcTokenFilePath"))
            case "adoServiceConnectionId" if url and token:
                return AzureDevOps(url, token, self._text("adoServiceConnectionId"))
            case "adoServiceConnectionId":
                lacks = "SYSTEM_ACCESSTOKEN: $(System.AccessToken) in its env" if url else "SYSTEM_OIDCREQUESTURI"
                self.faults.append(("oidcRequestToken", f"is missing: in Azure Pipelines the step needs {lacks}"))
            case _ if url and token:
                return GitHubActions(url, token)
            case _:
                self.faults.append(("useOidc", _NO_SOURCE))
        return None

    def _unmix(self, way: str) -> None:
        """Refuse a way whose parts come from both families of variables, where the families do not agree."""
        used = [it for key in _USED[way] if (it := self.given.first(key))]
        later = next((it for it in used if it.place is Place.AZURE), None)
        for first in used:
            if first.place is not Place.ARM or later is None:
                continue
            other = next((it for it in self.given.of(first.key) if it.place is Place.AZURE), None)
            if other and other.text.lower() != first.text.lower():
                text = (
                    f"is taken from {first.variable}, which counts first, but {later.key} from {later.variable}, "
                    f"and {other.variable} differs: unset one of the two, or set {first.key} in the configuration"
                )
                self.faults.append((first.key, text))

    def _unmask(self, way: str) -> None:
        """Refuse an application that covers another one whose secret or certificate would be used."""
        client = self.given.first("clientId")
        kept = next((it for key in _USED[way][2:] if (it := self.given.first(key))), None)
        if way not in (SECRET, CERTIFICATE) or client is None or kept is None or client.variable:
            return
        beside = next((it for it in self.given.of("clientId") if it.place is kept.place), client)
        if beside.text.lower() != client.text.lower():
            text = (
                f"in the configuration counts first, but {kept} belongs to {beside}, another application: "
                "set both in the configuration, or neither"
            )
            self.faults.append(("clientId", text))

    def _host(self) -> str | None:
        cloud, host = self.given.first("environment"), self.given.first("authorityHost")
        name, address = self._text("environment"), self._text("authorityHost")
        if not (cloud and host and name and address):
            return address or (host_of(name) if name else None)
        one_is_configured = (cloud.place is Place.CONFIGURATION) is not (host.place is Place.CONFIGURATION)
        if one_is_configured:
            return address if host.place is Place.CONFIGURATION else host_of(name)
        if urlsplit(address).netloc not in CLOUDS[name]:
            text = f"contradicts {host}, which is not of that cloud: keep one of the two"
            self.faults.append(("environment", f"({cloud.variable}) {text}" if cloud.variable else text))
        return address

    def _two(self, what: str, stated: list[Stated]) -> None:
        first, *more = stated
        named = " and ".join(str(it) for it in more)
        place = f" ({first.variable})" if first.variable else ""
        way = "" if first.place is Place.CONFIGURATION else ", or state the one that counts in the configuration"
        self.faults.append((first.key, f"{place} and {named} are two {what} in one place: keep one{way}".lstrip()))

    def _miss(self, key: str) -> None:
        self.faults.append((key, f"is missing: {declared()[key].ways}"))

    def _text(self, key: str) -> str:
        return str(self.values.get(key, ""))


_NO_SOURCE = (
    "is on, but there is no federated token: give oidcTokenFilePath or oidcToken; in GitHub Actions give the job the "
    "permission `id-token: write`, which sets ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN; in "
    "Azure Pipelines give adoServiceConnectionId"
)
