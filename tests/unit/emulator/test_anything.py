"""Whatever arrives at any door, no answer is a fault of the emulator's own."""

import json
import re
from urllib.parse import quote

import requests
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pulumi_dataverse_email.emulator.control import ENDPOINTS
from pulumi_dataverse_email.emulator.exchange.cmdlets import CMDLETS
from pulumi_dataverse_email.emulator.schema import ENTITY_SETS, TABLES
from tests.unit.emulator.batches import joined, request
from tests.unit.emulator.dataverse import NOBODY, Dataverse
from tests.unit.emulator.exchange import SYSTEM_MAILBOX

TENANT = "5f0c2a10-0000-4000-8000-00000000c070"
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"
ODD = st.sampled_from(
    ["", " ", "'", '"', "(", ")", "()", "=", "%", "%zz", "\0", "\ud800", "é", "..", ".", "$", "@", ":", ";", "*",
     "null", "[", "x" * 300, "x" * 9000, "9" * 400, "-1", "1e999", "NaN", "<a/>", "\r\n", "https://[", 'W/"1"',
     "true", NOBODY]
)  # fmt: skip
TEXTS = ODD | st.text(st.characters(), max_size=4)
SEGMENTS = ODD | st.sampled_from(
    [f"({NOBODY})", "$value", "$ref", "$count", "name", "ownerid", "mailboxes", "queues", "anna@contoso.com", CLIENT]
)  # fmt: skip
WEB_API = [
    *ENTITY_SETS, "$batch", "$metadata", "", "WhoAmI", "RetrieveVersion()",
    "RetrieveCurrentOrganization(AccessType=@p)", "RetrieveTotalRecordCount(EntityNames=@p)", "EntityDefinitions",
    "EntityDefinitions(LogicalName='mailbox')/Attributes", "accounts",
    f"systemusers({NOBODY})/Microsoft.Dynamics.CRM.RetrieveUserPrivileges()",
]  # fmt: skip
ENTRA = [
    f"{TENANT}/oauth2/v2.0/token", f"{TENANT}/oauth2/v2.0/devicecode", "x/oauth2/v2.0/token", "emulator/logins",
    f"{TENANT}/v2.0/.well-known/openid-configuration", f"{TENANT}/discovery/v2.0/keys",
    "metadata/identity/oauth2/token",
]  # fmt: skip
EXCHANGE = [f"adminapi/{version}/{TENANT}/InvokeCommand" for version in ("beta", "v2.0", "v9")]
NAMES = st.sampled_from(
    sorted({
        *(name for table in TABLES.values() for name in table.properties), "answer", "status", "headers", "body",
        "delay", "hang", "when", "times", "advance", "now", "requests", "window_seconds", "secret", "roles", "name",
        "servers", "accounts", "kind", "locations", "address", "organizationid", "profile", "privileges", "snapshot",
        "tables", "CmdletInput", "CmdletName", "Parameters", "Identity", "Filter", "ownerid@odata.bind", "@odata.id",
        "properties",
    })
)  # fmt: skip
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.sampled_from([*CMDLETS, *TABLES])
JSON = st.recursive(
    VALUES, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(NAMES | TEXTS, inner, max_size=3), max_leaves=6
)
FORM = st.dictionaries(
    st.sampled_from(["grant_type", "client_id", "client_secret", "scope", "client_assertion", "device_code", "x"]),
    ODD | st.sampled_from(["client_credentials", CLIENT, "emulated-client-secret", "https://x/.default", "a.b.c"]),
    max_size=5,
)


def _text(value: object) -> bytes:
    return json.dumps(value).encode()


def _form(fields: dict[str, str]) -> bytes:
    return "&".join(f"{name}={quote(value, errors='replace')}" for name, value in fields.items()).encode()


def _command(cmdlet: str, parameters: object) -> bytes:
    return _text({"CmdletInput": {"CmdletName": cmdlet, "Parameters": parameters}})


def _batch(method: str, target: str, body: object) -> bytes:
    return joined("b", request(method, target, body)).encode(errors="replace")


METHODS = st.sampled_from(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "QUERY"])
BODIES = (
    st.binary(max_size=20)
    | JSON.map(_text)
    | FORM.map(_form)
    | st.builds(_command, st.sampled_from(list(CMDLETS)), JSON)
    | st.builds(_batch, METHODS | TEXTS, st.sampled_from(WEB_API) | TEXTS, JSON)
)
DOORS = st.one_of(
    st.sampled_from([f"api/data/{version}/{path}" for path in WEB_API for version in ("v9.2", "v9.0")]),
    st.sampled_from(["api/data", "api/data/v9.2", "api/data/v1/x", "", "emulator", "adminapi", *ENTRA, *EXCHANGE]),
    st.builds(
        lambda path, filling: "emulator" + re.sub(r"\{\w+\}", lambda _match: quote(filling, errors="replace"), path),
        st.sampled_from([path for _, path, _ in ENDPOINTS]),
        SEGMENTS,
    ),
)
OPTIONS = st.lists(
    st.tuples(
        st.sampled_from(["$filter", "$select", "$orderby", "$expand", "$top", "$count", "$skiptoken", "@p", "x"]),
        ODD | st.sampled_from(["name", "name eq 'x'", "ownerid($select=name)", "'Default'", "mailboxid desc", "*"]),
    ),
    max_size=3,
)  # fmt: skip
HEADERS = st.dictionaries(
    st.sampled_from(
        ["If-Match", "If-None-Match", "Prefer", "Content-Type", "CallerObjectId", "MSCRMCallerID", "Accept", "Metadata",
         "X-AnchorMailbox", "X-IDENTITY-HEADER", "Authorization", "Accept-Encoding", "Content-ID", "Host", "Expect"]
    ),
    st.sampled_from(
        ["*", "x", "null", 'W/"1"', 'W/"x', "return=representation", "odata.maxpagesize=-1", "odata.maxpagesize=1",
         'odata.include-annotations="*"', "odata.continue-on-error", "multipart/mixed;boundary=b", "multipart/mixed",
         "multipart/mixed;boundary=" + "x" * 300, "application/json", "application/x-www-form-urlencoded", NOBODY,
         "true", f"APP:{SYSTEM_MAILBOX}@{TENANT}", "Basic ?", "Bearer ", "gzip", "é", "a" * 5000, "127.0.0.1:1", "[",
         '=;,"\\']
    ),
    max_size=3,
)  # fmt: skip


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    method=METHODS,
    door=DOORS,
    further=st.lists(SEGMENTS, max_size=2),
    options=OPTIONS,
    headers=HEADERS,
    body=BODIES,
)
def test_anything(  # noqa: PLR0913, PLR0917 - a request has that many sides
    dataverse: Dataverse,
    method: str,
    door: str,
    further: list[str],
    options: list[tuple[str, str]],
    headers: dict[str, str],
    body: bytes,
) -> None:
    path = door + "".join(f"/{quote(segment, safe='()', errors='replace')}" for segment in further)
    query = "&".join(f"{name}={quote(value, errors='replace')}" for name, value in options)
    token = _exchange_token(dataverse) if door.startswith("adminapi") else dataverse.headers["Authorization"]
    prepared = dataverse.session.prepare_request(requests.Request(method, f"{dataverse.url}/", data=body))
    prepared.url = f"{dataverse.url}/{path}" + (f"?{query}" if query else "")
    latin = {name: value.encode("latin-1") for name, value in {"Authorization": token, **headers}.items()}
    prepared.headers.update(latin)  # type: ignore[arg-type]  # what is not ASCII goes as it is

    with dataverse.session.send(prepared, timeout=30, stream=True, allow_redirects=False) as answer:
        assert answer.status_code < 500 or answer.status_code == 501
        assert b"Traceback" not in (answer.raw.read() or b"")

    dataverse.control("POST", "reset")


def _exchange_token(dataverse: Dataverse) -> str:
    token = dataverse.token(scope="https://outlook.office365.com/.default").json()["access_token"]
    return f"Bearer {token}"
