import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.comment import LIMITS, Preview, PreviewError, comment
from pulumi_dataverse_email.comment.preview import Place

from .previews import ON, step, text

WHOLE = text(step("update", "Mailbox", "anna", ON, {**ON, "user": "anna"}, detailedDiff={"user": {"kind": "add"}}))

FOREIGN = {
    b"": "standard error",
    b"  \n": "standard error",
    b"error: no stack selected": "no complete JSON",
    b"[]": "none of steps",
    b"null": "none of steps",
    b'"steps"': "none of steps",
    b"{}": "none of steps",
    b'{"version": 3, "deployment": {"resources": []}}': "none of steps",
    b'{"format_version": "1.2", "resource_changes": []}': "none of steps",
    b'{"steps": 1}': "steps: Input should be a valid list",
    b'{"steps": [{"urn": "x"}]}': "steps.0.op: Field required",
    b'{"steps": [{"urn": "x", "op": "same", "oldState": [1]}]}': "steps.0.oldState",
    b'{"sequence": 0}\n{"sequence": 1}': "PULUMI_ENABLE_STREAMING_JSON_PREVIEW",
    b"[" * 100_000: "cannot be read as JSON",
    b'{"steps": \xff}': "cannot be read as JSON",
    b'{"steps": [' + b"9" * 5000 + b"]}": "cannot be read as JSON",
}


@pytest.mark.parametrize("given_text", FOREIGN)
def test_what_is_no_preview_is_refused_with_the_way_out(given_text: bytes) -> None:
    with pytest.raises(PreviewError, match=FOREIGN[given_text]):
        Preview.read(given_text)


@given(st.integers(1, len(WHOLE) - 1))
def test_a_preview_that_is_cut_off_is_refused_wherever_it_ends(end: int) -> None:
    with pytest.raises(PreviewError):
        Preview.read(WHOLE[:end])


def test_a_refusal_quotes_no_value() -> None:
    """A preview holds values that a log must not."""
    with pytest.raises(PreviewError) as refused:
        Preview.read(b'{"steps": [{"op": ["hunter2"], "urn": "x"}]}')

    assert "hunter2" not in str(refused.value)


KEYS = st.sampled_from(["steps", "op", "urn", "oldState", "newState", "inputs", "diagnostics", "message", "x"])
JSON = st.recursive(
    st.sampled_from([None, True, 1, 0.5, "", "same", "update", "error"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["steps", "diagnostics", "changeSummary"]), JSON, max_size=3))
def test_any_json_is_commented_or_refused(found: object) -> None:
    """Nothing that is shaped like a preview in part ends in a traceback."""
    try:
        read = Preview.read(json.dumps(found).encode())
    except PreviewError:
        return
    assert comment(read, LIMITS["github"]).startswith("<!-- dataverse-email comment")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
def test_what_powershell_redirects_is_read(encoding: str) -> None:
    """PowerShell writes UTF-16 and marks the beginning."""
    written = WHOLE.decode().encode(encoding)

    assert Preview.read(WHOLE) == Preview.read(written)
    assert codecs.BOM_UTF8 not in WHOLE


def test_null_means_what_absence_means() -> None:
    assert Preview.read(text()) == Preview.read(b'{"steps": null, "diagnostics": null, "changeSummary": {}}')


@pytest.mark.parametrize(
    ("urn", "place"),
    {
        "urn:pulumi:prod::mail::a:b:C$d:e:F::x::y": Place(stack="prod", project="mail", type="d:e:F", name="x::y"),
        "no address": Place(name="no address"),
        "": Place(name=""),
    }.items(),
)
def test_an_address_is_taken_apart(urn: str, place: Place) -> None:
    assert place == Place.of(urn)
