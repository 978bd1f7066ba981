"""Answers read raw: whatever comes over the wire, it is objects or an error of our own tree."""

import gzip
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.errors import ExchangeError, ExchangeForbidden, ExchangeRefused, ExchangeUnsettled
from pulumi_dataverse_email.exchange.answers import Page, RawAnswer, read, retry_after

HOST = "outlook.office365.com"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["value", "error", "details", "message", "innererror", "internalexception", "type", "code"]
            ),
            inner,
        )
    ),
    max_leaves=10,
)
bodies = st.binary() | json_values.map(lambda value: json.dumps(value).encode())
headers = st.dictionaries(
    st.sampled_from(["content-encoding", "retry-after", "x-ms-diagnostics", "content-type", "request-id"]),
    st.sampled_from(["gzip", "nonsense", "7", "-1", "inf", 'reason="why"', "Wed, 21 Oct 2015 07:28:00 GMT", ""]),
)


@given(st.integers(100, 599), headers, bodies | bodies.map(gzip.compress))
def test_any_answer_is_objects_or_our_own_error(status: int, named: dict[str, str], body: bytes) -> None:
    try:
        found: object = read("Get-X", HOST, RawAnswer(status, named, body))
    except ExchangeError as error:
        found = error

    assert isinstance(found, ExchangeError) or (isinstance(found, Page) and 200 <= status < 300)


def test_an_answer_may_be_zipped_though_nobody_asked() -> None:
    body = gzip.compress(b'{"value": [{"Name": "CRM"}]}')

    assert read("Get-X", HOST, RawAnswer(200, {"content-encoding": "gzip"}, body)).objects == [{"name": "CRM"}]


def test_a_refusal_that_pretends_to_be_gzip_says_its_reason() -> None:
    answer = RawAnswer(403, {"content-encoding": "gzip", "x-ms-diagnostics": '2;reason="no role";x'}, bytes(64))

    with pytest.raises(ExchangeForbidden, match="HTTP 403, no role"):
        read("Get-X", HOST, answer)


def test_a_404_that_is_not_exchanges_does_not_mean_absent() -> None:
    with pytest.raises(ExchangeUnsettled, match="which is no answer of Exchange"):
        read("Get-X", HOST, RawAnswer(404, {"content-type": "text/html"}, b"<html>"))


def test_the_type_of_the_exception_counts_and_not_its_code() -> None:
    """The six digits in front vary from call to call."""
    for digits in ("0A1B2C", "FFFFFF"):
        error = {"code": "BadRequest", "message": "x", "details": [{"message": f"Ex{digits}|A.B.SomeException|No."}]}
        with pytest.raises(ExchangeRefused, match=r"HTTP 400 No\."):
            read("Set-X", HOST, RawAnswer(400, {}, json.dumps({"error": error}).encode()))


def test_the_services_own_id_of_the_request_is_kept() -> None:
    with pytest.raises(ExchangeError, match=r"\[request 5f0c\]"):
        read("Get-X", HOST, RawAnswer(503, {"request-id": "5f0c"}, b""))


@pytest.mark.parametrize(
    ("text", "seconds"), [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("-1", None), ("inf", None), ("nan", None), ("", None)]
)
def test_the_time_to_wait_is_a_number_or_nothing(text: str, seconds: float | None) -> None:
    assert retry_after(text) == seconds
