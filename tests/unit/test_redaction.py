"""Blotting: a secret is nowhere in a text, however it is quoted, and all else stays as it was."""

import base64
import html
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as some

from pulumi_dataverse_email.redaction import MARK, RUN, WITHHELD, blot

SECRET = "Str0ng & secret/Passw0rd\"'é€"
LAW = settings(deadline=None, derandomize=True)
LONG = some.text(some.characters(exclude_categories=["Cs"]), min_size=RUN, max_size=40)

QUOTED: dict[str, Callable[[str], str]] = {
    "as it is": str,
    "in lower case": str.lower,
    "in upper case": lambda it: "".join(big if len(big := one.upper()) == 1 else one for one in it),
    "in JSON": json.dumps,
    "in JSON as UTF-8": lambda it: json.dumps(it, ensure_ascii=False),
    "in JSON in JSON": lambda it: json.dumps(json.dumps({"password": it})),
    "in a URL": quote,
    "in a URL, all of it": lambda it: quote(it, safe=""),
    "in a form": quote_plus,
    "in HTML": html.escape,
    "in OData": lambda it: "'" + it.replace("'", "''") + "'",
    "in Python": repr,
    "in Base64": lambda it: base64.b64encode(it.encode()).decode(),
    "in Base64 for URLs": lambda it: base64.urlsafe_b64encode(it.encode()).decode(),
    "in Base64 after a user name": lambda it: base64.b64encode(b"user:" + it.encode()).decode(),
    "in Base64 between others": lambda it: base64.b64encode(b"a:" + it.encode() + b"\r\n--").decode(),
}
CUT: dict[str, Callable[[str], str]] = {
    "its beginning": lambda it: it[:-1],
    "its end": lambda it: it[1:],
    "its middle": lambda it: it[1:-1],
    "as little as counts": lambda it: it[:RUN],
}


@pytest.mark.parametrize("quoted", QUOTED.values(), ids=QUOTED)
def test_a_secret_is_blotted_however_it_is_quoted(quoted: Callable[[str], str]) -> None:
    """What stands around it stays."""
    blotted = blot(f"Cannot convert {quoted(SECRET)} of password.", [SECRET])

    assert blotted.startswith("Cannot convert ")
    assert blotted.endswith(" of password.")
    assert MARK in blotted
    assert "secret" not in blotted.replace(MARK, "").lower()
    assert "Passw" not in blotted


@pytest.mark.parametrize("cut", CUT.values(), ids=CUT)
@LAW
@given(secret=LONG, before=some.text(), after=some.text())
def test_a_part_of_a_secret_is_blotted(cut: Callable[[str], str], secret: str, before: str, after: str) -> None:
    """A service may cut what it quotes."""
    part = cut(secret)
    assume(len(part) >= RUN)

    assert part not in blot(f"{before}{part}{after}", [secret]).replace(MARK, "\0")


@LAW
@given(text=some.text(), secrets=some.lists(some.text(max_size=30)))
@example(text="", secrets=[""])
@example(text="\ud800" * RUN, secrets=["\ud800" * RUN])
def test_no_text_makes_it_fail(text: str, secrets: list[str]) -> None:
    """What holds no secret stays as it is, and what is blotted stays so."""
    once = blot(text, secrets)

    assert blot(text) == blot(blot(text))
    if not any(secret and secret[:1].lower() in text.lower() for secret in secrets):
        assert once == blot(text)


@pytest.mark.parametrize("secret", ["a", "1", "Passw0r"])
def test_a_short_secret_takes_the_whole_text_with_it(secret: str) -> None:
    """Blotted letter by letter, it could be read from what is left."""
    assert blot("Cannot convert '1' or 'passw0r' of password.", [secret]) == WITHHELD
    assert blot("NO", [secret]) == "NO"


@pytest.mark.parametrize(
    ("text", "blotted"),
    [
        ("Authorization: Bearer token, Accept: json", f"Authorization: {MARK}, Accept: json"),
        ("{'x-ms-authorization-auxiliary': 'Bearer a'}", f"{{'x-ms-authorization-auxiliary': '{MARK}'}}"),
        ("sent Bearer abc.def-123", f"sent Bearer {MARK}"),
        ("basic dXNlcjpwYXNz end", f"basic {MARK} end"),
        ("token eyJ0eXAiOiJKV1Qi.eyJhdWQiOiJodHRw.c2ln, end", f"token {MARK}, end"),
        ("grant_type=x&client_secret=a%20b&scope=y", f"grant_type=x&client_secret={MARK}&scope=y"),
        ('{"access_token": "abc", "a": 1}', f'{{"access_token": "{MARK}", "a": 1}}'),
        ("{'refresh_token': 'abc'}", f"{{'refresh_token': '{MARK}'}}"),
        ('{"accessToken": "0.abc", "a": 1}', f'{{"accessToken": "{MARK}", "a": 1}}'),
        ("clientSecret=abc&scope=y", f"clientSecret={MARK}&scope=y"),
        (r'{"inner": "{\"password\": \"abc\"}"}', rf'{{"inner": "{{\"password\": \"{MARK}"}}"}}'),
        ("Basic authentication is off.", "Basic authentication is off."),
        ("a password is required", "a password is required"),
        ("eyJ is how it begins", "eyJ is how it begins"),
    ],
)
def test_what_looks_like_a_token_is_blotted(text: str, blotted: str) -> None:
    """Whoever sent it, and whether or not it is known."""
    assert blot(text) == blotted
