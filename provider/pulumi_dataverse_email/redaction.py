"""Blots secrets out of texts, however they are quoted: the one place that knows how.

Dataverse's own words may quote what was sent, a proxy's page the whole request.
"""

import html
import json
import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import quote, quote_plus

MARK: Final = "[secret]"

RUN: Final = 8
"""Characters of a secret in a row that are blotted: a service may cut what it quotes at either end."""

WITHHELD: Final = "[left out: it quotes a secret]"
"""Stands for a whole text that holds a secret shorter than `RUN`: blotted one by one, its letters would show."""

_TOKENS: Final = (
    (
        re.compile(r"""(authorization(?:-auxiliary)?["']?\s*[=:]\s*["']?)(?:\w+\s+)?[^\s"',;}]+""", re.IGNORECASE),
        rf"\1{MARK}",
    ),
    (  # after the scheme's name, and more than a word of prose
        re.compile(r"\b((?i:Bearer|Basic|Negotiate|NTLM)(?:\s+|%20|\+))(?=\S*[A-Z0-9+/=_~%-])[\w+/=.~%-]{8,}"),
        rf"\1{MARK}",
    ),
    (re.compile(r"\beyJ[\w-]{5,}(?:\.[\w-]*)*"), MARK),
    (
        re.compile(
            r"""((?:client_?secret|assertion|password|(?:access|refresh|id)_?token|device_?code)
            \\*["']?\s*[=:]\s*\\*["']?)[^\s"'&,;}]+""",
            re.IGNORECASE | re.VERBOSE,
        ),
        rf"\1{MARK}",
    ),
)
"""What looks like a token or a credential, whoever sent it, and what stands in its place."""


def blot(text: str, secrets: Iterable[str] = ()) -> str:
    """Return the text without those secrets, and without whatever looks like a token.

    Found are the secrets as they are, and as JSON, URLs, HTML, OData, Python and Base64 write them, in either case,
    and any `RUN` of their characters.
    """
    forms = {_fold(form) for secret in secrets for form in _forms(secret)}
    short = [form for form in forms if len(form) < RUN]
    if short and any(map(_fold(text).__contains__, short)):
        return WITHHELD
    for pattern, instead in _TOKENS:
        text = pattern.sub(instead, text)
    return _without(text, {form[at : at + RUN] for form in forms for at in range(len(form) - RUN + 1)})


def _without(text: str, runs: set[str]) -> str:
    """Return the text without any stretch that consists of those runs."""
    if not runs:
        return text
    folded = _fold(text)
    kept: list[str] = []
    end = at = 0  # what is done, and where we look
    while at <= len(text) - RUN:
        if folded[at : at + RUN] not in runs:
            at += 1
            continue
        kept += [text[end:at], MARK]
        while folded[at : at + RUN] in runs:
            at += 1
        end = at = at - 1 + RUN
    return "".join((*kept, text[end:]))


def _fold(text: str) -> str:
    """Return the text in lower case, character by character, so that places in it stay the same."""
    return "".join(map(_lower, text))


def _lower(character: str) -> str:
    # By way of upper case: some characters, such as the micro sign, come back from there as another one.
    for case in (str.upper, str.lower):
        if len(other := case(character)) == 1:
            character = other
    return character


def _forms(secret: str) -> Iterator[str]:
    """Yield how a secret may be written."""
    if not secret:
        return
    coded = secret.encode("utf-8", "surrogatepass")
    plain = json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]
    yield from (secret, *plain)
    yield from (json.dumps(it)[1:-1] for it in plain)  # JSON within JSON
    yield from (quote(coded, safe=""), quote(coded), quote_plus(coded), html.escape(secret))
    yield from (secret.replace("'", "''"), repr(secret)[1:-1])
    for before in range(3):  # where it begins within a longer text that is encoded as a whole
        for encode in (b64encode, urlsafe_b64encode):
            digits = encode(bytes(before) + coded).decode()
            whole = len(coded) + before - (len(coded) + before) % 3
            inner = digits[(0, 2, 3)[before] : whole // 3 * 4]
            if len(inner) >= RUN:
                yield inner
