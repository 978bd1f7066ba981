"""Whatever is sent, the emulator answers in the shape of Dataverse and never with a fault of its own."""

import socket
import ssl
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse

WORDS = st.sampled_from(
    ["name", "mailboxid", "actdeliverymethod", "createdon", " ", " eq ", " ne ", " and ", " or ", "not ", "(", ")", ",",
     "'x'", "'", "null", "true", "5", "-1", "1.5", "2024-02-31", "any", "all", "contains(", "/", "@p", "$", "=", ";"]
)  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)
COLUMNS = st.sampled_from(
    ["name", "servertype", "incomingportnumber", "ownerid@odata.bind", "ownerid", "emailserverprofileid", "@odata.type",
     "processemailsreceivedafter", "statecode", "statuscode", "incomingpassword", "_ownerid_value", "name@x", "x@y", ""]
)  # fmt: skip
PARTS = st.sampled_from(
    ["/", "name", "$value", "$ref", "$count", "ownerid", "emailserverprofile_mailbox", "(", ")", f"({NOBODY})", "'",
     "=", "Microsoft.Dynamics.CRM.", "incomingpassword", "createdby", "..", " ", "\x00", "é", "%2F"]
)  # fmt: skip
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(
    option=st.sampled_from(["$filter", "$select", "$orderby", "$expand", "$top", "$skiptoken", "$count", "@p"]),
    words=st.lists(WORDS),
)
def test_hostile_options(dataverse: Dataverse, option: str, words: list[str]) -> None:
    answer = dataverse.call("GET", f"mailboxes?{option}={quote(''.join(words))}")

    assert answer.status_code in (200, 400, 501)
    assert answer.json()


@QUICK
@given(body=st.dictionaries(COLUMNS, JSON, max_size=4))
def test_bodies_of_wrong_types(dataverse: Dataverse, body: dict[str, object]) -> None:
    for method, path in (
        ("POST", "emailserverprofiles"),
        ("PATCH", f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"),
    ):
        assert dataverse.call(method, path, body).status_code < 500 or dataverse.error(method, path, body)[0] == 501


@QUICK
@given(method=st.sampled_from(["GET", "PUT", "POST", "PATCH", "DELETE"]), parts=st.lists(PARTS, max_size=5))
def test_hostile_paths(dataverse: Dataverse, method: str, parts: list[str]) -> None:
    answer = dataverse.call(method, f"emailserverprofiles({NOBODY})/{quote(''.join(parts), safe='/')}", {})

    assert answer.status_code in (200, 204, 400, 404, 405, 501)  # two dots lead up to what there is
    assert answer.status_code in (200, 204) or answer.json()["error"]["message"]


@QUICK
@given(
    name=st.sampled_from(["In", "Between", "NotBetween", "LastXDays", "OlderThanXYears", "On", "EqualUserId", "Today"]),
    column=st.sampled_from(["name", "createdon", "ownerid", "actstatus", "isforwardmailbox", "versionnumber", "x", ""]),
    values=st.text(alphabet="[]'\",@0129x-.é \\", max_size=12),
)
def test_hostile_query_functions(dataverse: Dataverse, name: str, column: str, values: str) -> None:
    condition = f"Microsoft.Dynamics.CRM.{name}(PropertyName='{column}',PropertyValues={values})"

    assert dataverse.call("GET", f"mailboxes?$filter={quote(condition)}").status_code in (200, 400)


@QUICK
@given(data=st.text(alphabet="<>/ =\"'%cookiepage12lastfirstnull{}-é", max_size=40))
def test_hostile_cookies(dataverse: Dataverse, data: str) -> None:
    inner = quote(f'<cookie page="1"><name {data} /><mailboxid last="{{{NOBODY}}}" first="x" /></cookie>', safe="")
    token = quote(f'<cookie pagenumber="2" pagingcookie="{inner}" istracking="False" />', safe="")

    assert dataverse.call("GET", f"mailboxes?$orderby=name&$skiptoken={token}").status_code in (200, 400)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"5", b"null", b'{"name": NaN}', b"\xff", b'{"name": ' + b"9" * 5000 + b"}",
     b'{"name": ' + b"[" * 100_000, b'{"servertype": 1e999}'],
)  # fmt: skip
def test_bodies_that_are_no_json_object(dataverse: Dataverse, body: bytes) -> None:
    answer = dataverse.session.post(
        f"{dataverse.url}/api/data/v9.2/emailserverprofiles", body, headers=dataverse.headers, timeout=30
    )

    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "0x80048d19")


@pytest.mark.parametrize(
    "headers",
    [
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Basic \u00ff"},
    ],
)
def test_tokens_that_are_none(dataverse: Dataverse, headers: dict[str, str]) -> None:
    assert dataverse.call("GET", "WhoAmI", **headers).status_code == 401


@pytest.mark.parametrize("body", [b"\xff\xfe", b"client_id=%ff&client_secret=%ff", b"grant_type"])
def test_token_requests_that_are_no_form(dataverse: Dataverse, body: bytes) -> None:
    url = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/v2.0/token"

    for authorization in ("", "Basic ?", "Basic /w=="):
        answer = dataverse.session.post(url, body, headers={"Authorization": authorization}, timeout=30)
        assert answer.json()["error"]


@pytest.mark.parametrize("path", ["/", "/nonesuch", "/api/data", "/api/data/v1.0/mailboxes", "/emulator", "/a/b/c"])
def test_paths_that_lead_nowhere_answer_in_json(dataverse: Dataverse, path: str) -> None:
    answer = dataverse.session.get(f"{dataverse.url}{path}", headers=dataverse.headers, timeout=30)

    assert answer.status_code in (404, 501)
    assert answer.json()["error"]["message"]


def _sent(dataverse: Dataverse, request: bytes) -> bytes:
    """Send bytes and return how the answer begins; empty when the connection is closed without one."""
    context = ssl.create_default_context(cafile=dataverse.settings["REQUESTS_CA_BUNDLE"])
    port = int(dataverse.url.rpartition(":")[2])
    with (
        socket.create_connection(("127.0.0.1", port), timeout=30) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as connection,
    ):
        connection.sendall(request)
        return connection.recv(100)


def test_a_request_that_is_no_http_does_no_harm(dataverse: Dataverse) -> None:
    assert _sent(dataverse, b"\x00 what is this\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert dataverse.get("WhoAmI")


def test_a_body_that_breaks_off_is_no_fault_of_the_emulator(
    dataverse: Dataverse, capfd: pytest.CaptureFixture[str]
) -> None:
    head = f"POST /api/data/v9.2/queues HTTP/1.1\r\nHost: x\r\nAuthorization: {dataverse.headers['Authorization']}\r\n"

    _sent(dataverse, f'{head}Transfer-Encoding: chunked\r\n\r\n5\r\n{{"nam\r\nno length\r\n'.encode())

    assert [call["status"] for call in dataverse.control("GET", "requests")] == [None]
    assert "Traceback" not in capfd.readouterr().err


def test_a_refused_secret_is_not_repeated(dataverse: Dataverse) -> None:
    """What a client prints of an answer must not hold the password that did not fit."""
    answer = dataverse.call("POST", "emailserverprofiles", {"name": "A", "servertype": 2, "incomingpassword": 12345678})

    assert answer.status_code == 400
    assert "12345678" not in answer.text
