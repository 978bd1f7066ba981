"""`$batch` as Microsoft Learn describes it, and as public clients write it."""

import re
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.emulator.batches import PART, batch, change_set, joined, request, send
from tests.unit.emulator.dataverse import ANNA, NOBODY, Dataverse

PROFILES = "emailserverprofiles"


NESTED = "".join(f"--b{n or ''}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(3000))


def profile(name: str, content_id: str | None = None) -> str:
    return request("POST", PROFILES, {"name": name}, content_id, Content_Type="application/json; type=entry")


def test_requests_are_answered_in_their_order(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    answer = batch(
        dataverse,
        profile("A"),
        request("GET", f"{path}?$select=name", Accept="application/json"),
        request("PATCH", path, {"name": "B"}, If_Match="*"),
        request("GET", f"{PROFILES}/$count"),
    )

    assert (answer.status, answer.statuses) == (200, [204, 200, 204, 200])
    assert answer.parts[1].json["@odata.context"].endswith("#mailboxes(name)/$entity")
    assert answer.parts[1].headers["Content-Type"] == "application/json; odata.metadata=minimal; odata.streaming=true"
    assert answer.parts[0].headers["OData-EntityId"] == answer.parts[0].headers["Location"]
    assert dataverse.get(path)["name"] == "B"


def test_the_answer_is_written_as_clients_read_it(dataverse: Dataverse) -> None:
    """Delimiters come first and last, with the literal prefixes that clients search for."""
    answer = batch(dataverse, request("GET", "WhoAmI"), change_set(profile("A", "1")))

    boundary = answer.type.removeprefix("multipart/mixed; boundary=")
    inner = re.search(r"boundary=(changesetresponse_[0-9a-f-]{36})\r\n\r\n--\1\r\n", answer.text)
    assert boundary.startswith("batchresponse_")
    assert answer.text.startswith(f"--{boundary}\r\nContent-Type: application/http\r\n")
    assert answer.text.endswith(f"\r\n--{boundary}--\r\n")
    assert inner
    assert f"\r\n--{inner[1]}--\r\n" in answer.text


def test_the_first_failure_ends_the_batch(dataverse: Dataverse) -> None:
    answer = batch(dataverse, profile("A"), request("GET", f"mailboxes({NOBODY})"), profile("C"))

    assert (answer.status, answer.statuses) == (404, [204, 404])
    assert answer.parts[1].code == "0x80040217"
    assert answer.parts[1].headers["REQ_ID"]
    assert answer.parts[1].headers["Content-Type"] == "application/json; odata.metadata=minimal"
    assert dataverse.names(f"{PROFILES}?$filter=name eq 'A' or name eq 'C'") == ["A"]


@pytest.mark.parametrize("preference", ["odata.continue-on-error", "continue-on-error", "odata.continue-on-error=true"])
def test_the_batch_goes_on_where_that_is_preferred(dataverse: Dataverse, preference: str) -> None:
    answer = batch(dataverse, profile("A"), request("GET", "nonesuch"), profile("C"), Prefer=preference)

    assert (answer.status, answer.statuses) == (200, [204, 404, 204])
    assert dataverse.names(f"{PROFILES}?$filter=name eq 'A' or name eq 'C'&$orderby=name") == ["A", "C"]


def test_a_change_set_is_done_as_a_whole(dataverse: Dataverse) -> None:
    answer = batch(dataverse, change_set(profile("A", "1"), profile("B", "2")), request("GET", "WhoAmI"))

    assert answer.statuses == [204, 204, 200]
    assert [(part.content_id, part.in_set) for part in answer.parts] == [("1", True), ("2", True), (None, False)]


@pytest.mark.parametrize("preference", ["", "odata.continue-on-error"])
def test_a_change_set_that_fails_leaves_nothing_behind(dataverse: Dataverse, preference: str) -> None:
    """Only the failure is answered; what stood before the change set stays, what follows depends on the preference."""
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    before = dataverse.get(mailbox)

    answer = batch(
        dataverse,
        profile("A"),
        change_set(
            profile("B", "1"),
            request("PATCH", mailbox, {"name": "changed"}, "2"),
            request("PATCH", mailbox, {"emailserverprofile@odata.bind": f"/{PROFILES}({NOBODY})"}, "3"),
            profile("C", "4"),
        ),
        profile("D"),
        Prefer=preference,
    )

    goes_on = bool(preference)
    assert (answer.status, answer.statuses) == (200 if goes_on else 404, [204, 404, 204] if goes_on else [204, 404])
    assert (answer.parts[1].content_id, answer.parts[1].in_set) == ("3", True)
    assert dataverse.get(mailbox) == before
    found = [name for name in dataverse.names(f"{PROFILES}?$orderby=name") if name in "ABCD"]
    assert found == (["A", "D"] if goes_on else ["A"])


def test_a_row_of_a_change_set_is_referred_to_by_its_content_id(dataverse: Dataverse) -> None:
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    answer = batch(
        dataverse,
        change_set(
            profile("A", "1"),
            request("PATCH", mailbox, {"emailserverprofile@odata.bind": "$1"}, "2"),
            request("PATCH", "$1", {"name": "B"}, "3", If_Match="*"),
        ),
    )

    assert answer.statuses == [204, 204, 204]
    made = answer.parts[0].headers["OData-EntityId"]
    assert made.endswith(f"({dataverse.get(mailbox)['_emailserverprofile_value']})")
    assert dataverse.get(made)["name"] == "B"


def test_a_representation_is_referred_to_as_well(dataverse: Dataverse) -> None:
    made = request("POST", PROFILES, {"name": "A"}, "p", Prefer="return=representation")

    answer = batch(dataverse, change_set(made, request("PATCH", "/api/data/v9.2/$p", {"name": "B"}, "q")))

    assert answer.statuses == [201, 204]
    assert dataverse.get(f"{PROFILES}({answer.parts[0].json['emailserverprofileid']})")["name"] == "B"


@pytest.mark.parametrize(
    "parts",
    [
        (request("PATCH", "$1", {"name": "B"}),),
        (profile("A", "1"), request("PATCH", "$1", {"name": "B"})),
        (change_set(request("PATCH", "$2", {"name": "B"}, "1"), profile("A", "2")),),
        (change_set(profile("A", "1")), change_set(request("PATCH", "$1", {"name": "B"}, "2"), boundary="changeset_2")),
    ],
)
def test_a_reference_leads_back_inside_its_change_set_only(dataverse: Dataverse, parts: tuple[str, ...]) -> None:
    answer = batch(dataverse, *parts)

    assert (answer.status, answer.parts[-1].code) == (400, "0x80060888")
    assert "does not exist in the batch context" in answer.parts[-1].json["error"]["message"]


def test_conditions_and_preferences_are_those_of_the_part(dataverse: Dataverse) -> None:
    path = f"{PROFILES}({uuid4()})"

    answer = batch(
        dataverse,
        request("PATCH", path, {"name": "A"}, If_None_Match="*"),
        request("PATCH", path, {"name": "B"}, If_Match='W/"1"'),
        request("PATCH", path, {"name": "C"}, Prefer="return=representation"),
        Prefer="odata.continue-on-error,return=representation",
        If_Match="*",
    )

    assert answer.statuses == [204, 412, 200]
    assert answer.parts[2].json["name"] == "C"


def test_a_thousand_requests_are_enough(dataverse: Dataverse) -> None:
    read = request("GET", "WhoAmI")

    assert len(batch(dataverse, *[read] * 1000).parts) == 1000
    refused = batch(dataverse, *[read] * 999, change_set(profile("A", "1"), profile("B", "2")))
    assert (refused.status, refused.error and refused.error["code"]) == (400, "0x80060888")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "malformed"),
        ("nothing", "malformed"),
        ("--b\r\n--b--\r\n", "malformed"),
        ("--b\r\n" + request("GET", "WhoAmI") + "\r\n", "malformed"),
        (joined("c", request("GET", "WhoAmI")), "malformed"),
        (joined("b", "Content-Type: text/plain\r\n\r\nhello"), "application/http"),
        (joined("b", "no header\r\n\r\nGET / HTTP/1.1"), "application/http"),
        (joined("b", "Content-Type: application/http\r\n\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\n"), "Encoding"),
        (joined("b", PART + "\r\nGET\r\n"), "request line"),
        (joined("b", PART + "\r\nGET /api/data/v9.2/WhoAmI\r\n"), "request line"),
        (joined("b", PART + "\r\nTRACE /api/data/v9.2/WhoAmI HTTP/1.1\r\n"), "request line"),
        (joined("b", PART + "\r\nGET /api/data/v9.2/WhoAmI HTTP/1.1\r\nno header\r\n\r\n"), "headers"),
        (joined("b", change_set(request("GET", "WhoAmI", None, "1"))), "invalid HTTP method 'GET'"),
        (joined("b", change_set(profile("A"))), "Content-ID header not present"),
        (joined("b", change_set(profile("A", "1"), profile("B", "1"))), "more than once"),
        (joined("b", change_set(change_set(profile("A", "1"), boundary="c"))), "application/http"),
        (NESTED, "nested too deeply"),
    ],
)
def test_a_batch_that_cannot_be_read_is_refused_as_a_whole(dataverse: Dataverse, text: str, sentence: str) -> None:
    answer = send(dataverse, text)

    assert answer.status == 400
    assert answer.error
    assert answer.error["code"] == "0x80060888"
    assert sentence in answer.error["message"]


@pytest.mark.parametrize(
    ("content_type", "sentence"),
    [
        ("application/json", "'multipart/mixed' as the media type"),
        ("multipart/mixed", "boundary"),
        ("multipart/form-data; boundary=b", "'multipart/mixed' as the media type"),
    ],
)
def test_a_batch_in_another_form_is_refused(dataverse: Dataverse, content_type: str, sentence: str) -> None:
    answer = send(dataverse, '{"requests": []}', content_type)

    assert answer.status == 400
    assert answer.error
    assert sentence in answer.error["message"]


def test_a_batch_is_posted(dataverse: Dataverse) -> None:
    assert dataverse.error("GET", "$batch") == (405, "0x80060888")


@pytest.mark.parametrize(
    ("target", "code"),
    [
        ("/api/data/v9.2/$batch", "0x80060888"),
        ("/api/data/v8.0/WhoAmI", "0x80060888"),
        ("/WhoAmI", "0x80060888"),
        ("https://elsewhere.crm.dynamics.com/api/data/v9.2/WhoAmI", "0x80060888"),
        ("/api/data/v9.2/" + "x" * 300, "0x0"),
        ("/api/data/v9.2/mailboxes?$filter=name eq '" + "x" * 65_536 + "'", "0x80060888"),
    ],
)
def test_a_part_that_leads_nowhere_fails_by_itself(dataverse: Dataverse, target: str, code: str) -> None:
    answer = batch(dataverse, request("GET", "WhoAmI"), request("POST", target, {}))

    assert (answer.status, answer.statuses, answer.parts[1].code) == (400, [200, 400], code)


HABITS = {
    "reads and deletions without the blank line after their headers": (
        "--b\r\n" + PART + "\r\nGET {profile} HTTP/1.1\r\nAccept: application/json\r\n"
        "--b\r\n" + PART + "\r\nDELETE {profile} HTTP/1.1\r\n--b--\r\n"
    ),
    "a body that begins with a line end": "\r\n--b\r\n" + PART + "\r\nGET {profile} HTTP/1.1\r\n\r\n\r\n--b--\r\n",
    "line feeds alone, two at the end": (
        "--b\n" + PART.replace("\r", "") + "\nPATCH {profile} HTTP/1.1\nContent-Type: application/json\n\n"
        '{{"name": "B"}}\n\n--b--\n\n'
    ),
    "a read without any line end behind": "--b\r\n" + PART + "\r\nGET {profile} HTTP/1.1\r\n\r\n\r\n--b--",
    "blanks in a URL": (
        "--b\r\n" + PART + "\r\nGET /api/data/v9.2/emailserverprofiles?$filter=name eq 'A'&$select=name,servertype "
        "HTTP/1.1\r\nAccept: application/json\r\n\r\n\r\n--b--\r\n"
    ),
    "encoded characters and a number sign in a URL": (
        "--b\r\n" + PART + "\r\nGET /api/data/v9.2/emailserverprofiles?$filter=name%20eq%20'A'%20or%20name eq '#' "
        "HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    ),
    "a length on the part": (
        "--b\r\n" + PART + "Content-Length: 90\r\n\r\nPATCH {profile} HTTP/1.1\r\nContent-Type: application/json\r\n"
        'Content-Length: 13\r\n\r\n{{"name": "B"}}\r\n--b--\r\n'
    ),
    "a read of more than 2,000 characters": (
        "--b\r\n" + PART + "\r\nGET /api/data/v9.2/emailserverprofiles?$filter=name eq 'A'" + " or name eq 'none'" * 200
        + " HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    ),
    "no blank before the encoding, and other headers": (
        "--b\r\nContent-Type:application/http; msgtype=request\r\nContent-Transfer-Encoding:BINARY\r\nX-Y: z\r\n\r\n"
        "GET {profile} HTTP/1.1\r\n\r\n\r\n--b--\r\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("habit", HABITS)
def test_the_habits_of_public_clients_are_met(dataverse: Dataverse, habit: str) -> None:
    row = f"{dataverse.url}/api/data/v9.2/{PROFILES}({dataverse.make(PROFILES, name='A')})"

    answer = send(dataverse, HABITS[habit].format(profile=row))

    assert answer.status == 200, answer.text
    for part in answer.parts:
        if part.status == 200:
            found = part.json.get("value", [part.json])
            assert [one["name"] for one in found] == ["A"]


@pytest.mark.parametrize(
    "content_type", ["multipart/mixed; boundary=batch_1", 'Multipart/Mixed;boundary="batch_1"; charset=utf-8']
)
def test_a_boundary_may_be_quoted(dataverse: Dataverse, content_type: str) -> None:
    assert send(dataverse, joined("batch_1", request("GET", "WhoAmI")), content_type).statuses == [200]


def test_an_early_end_leaves_the_last_body_unread(dataverse: Dataverse) -> None:
    text = joined("b", profile("A"), profile("B"))

    for cut in (text.removesuffix("\r\n"), text.replace("\r", "")):
        answer = send(dataverse, cut)
        assert (answer.status, answer.statuses, answer.parts[1].code) == (400, [204, 400], "0x80048d19")


def test_a_batch_is_one_request_in_the_log(dataverse: Dataverse) -> None:
    batch(dataverse, profile("A"), profile("B"))

    (entry,) = dataverse.control("GET", "requests")
    assert (entry["method"], entry["url"].rpartition("/")[2]) == ("POST", "$batch")


def test_text_of_any_language_passes_through(dataverse: Dataverse) -> None:
    text = joined("b", request("POST", PROFILES, {"name": "x"}).replace('"x"', '"Zoë 名"'))

    answer = send(dataverse, text)

    assert dataverse.get(answer.parts[0].headers["OData-EntityId"])["name"] == "Zoë 名"


FRAGMENTS = st.sampled_from(
    ["--b", "--b--", "--c", "--c--", "\r\n", "\n", PART, "Content-Type: multipart/mixed; boundary=c\r\n",
     "Content-ID: 1\r\n", "GET /api/data/v9.2/WhoAmI HTTP/1.1\r\n", "PATCH $1 HTTP/1.1\r\n",
     "POST /api/data/v9.2/emailserverprofiles HTTP/1.1\r\n", '{"name": "x"}', '{"ownerid@odata.bind": "$1"}',
     '{"@odata.id": ["$9"]}', "x", ":", "\0", "\u00e4"]
)  # fmt: skip
QUICK = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@QUICK
@given(fragments=st.lists(FRAGMENTS, max_size=25))
def test_hostile_batches_are_no_trouble(dataverse: Dataverse, fragments: list[str]) -> None:
    answer = send(dataverse, "--b\r\n" + "".join(fragments))

    assert answer.status in (200, 400, 404, 405, 501)
    assert answer.error or answer.parts


GOOD = st.sampled_from(
    [("POST", PROFILES, {"name": "new"}), ("PATCH", "{mailbox}", {"name": "renamed"}), ("DELETE", "{profile}", None)]
)
BAD = st.sampled_from(
    [("POST", PROFILES, {"name": 5}), ("PATCH", "{mailbox}", {"nonesuch": 1}), ("DELETE", "{mailbox}", None),
     ("PATCH", "$nobody", {}), ("POST", "nonesuch", {})]
)  # fmt: skip


@settings(QUICK, max_examples=30)
@given(before=st.lists(GOOD, max_size=4, unique_by=str), bad=BAD, after=st.lists(GOOD, max_size=2))
def test_a_change_set_is_all_or_nothing(
    dataverse: Dataverse,
    before: list[tuple[str, str, object]],
    bad: tuple[str, str, object],
    after: list[tuple[str, str, object]],
) -> None:
    """Whatever succeeds before a failure in a change set leaves no trace, not even in a row's version."""
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    made = f"{PROFILES}({dataverse.make(PROFILES, name='A')})"
    rows = dataverse.get(PROFILES)["value"], dataverse.get("mailboxes")["value"]

    writes = [
        request(method, target.format(mailbox=mailbox, profile=made), body, str(number))
        for number, (method, target, body) in enumerate([*before, bad, *after])
    ]
    answer = batch(dataverse, change_set(*writes))

    assert [part.content_id for part in answer.parts] == [str(len(before))]
    assert rows == (dataverse.get(PROFILES)["value"], dataverse.get("mailboxes")["value"])
