"""Members from a CSV file."""

import codecs
import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.engine.mailbox_set.csv_file import SEPARATORS, Listing, read
from pulumi_dataverse_email.resources.mailbox import KIND

from .people import ANNA, BEN, SUPPORT

TWO = """user,act_delivery_method,verbose_logging_enabled,process_and_delete_emails
anna@contoso.com,none,,
ben@contoso.com,,5,FALSE
"""
OWN = {
    ANNA: {"act_delivery_method": "none"},
    BEN: {"verbose_logging_enabled": 5, "process_and_delete_emails": False},
}


def listing(text: str) -> Listing:
    """Return what a file of that text lists."""
    return read(KIND, text.encode())


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8], ids=["plain", "byte order mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["LF", "CRLF"])
@pytest.mark.parametrize("separator", SEPARATORS)
def test_what_spreadsheets_write_is_read(mark: bytes, end: str, separator: str) -> None:
    """UTF-8 with or without a mark, either line end, commas, semicolons or tabs; empty lines are passed over."""
    text = TWO.replace(",", separator).replace("ben@", "\n  ben@").replace("\n", end)
    found = read(KIND, mark + text.encode())

    assert (found.members, found.faults) == (OWN, [])
    assert list(found.lines.values()) == [2, 4]


def test_users_and_queues_may_stand_in_one_file() -> None:
    found = listing('queue,user\n,anna@contoso.com\n"Support, second level",\n')

    assert (found.members, found.faults) == ({ANNA: {}, "queue:Support, second level": {}}, [])


@given(
    st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1).filter(lambda it: it == it.strip()),
        st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=5).map(str.strip),
        min_size=1,
    ).filter(lambda it: len({key.casefold() for key in it}) == len(it)),
    st.sampled_from(SEPARATORS),
)
def test_whatever_was_written_is_read_back(texts: dict[str, str], separator: str) -> None:
    """Quotes, separators and any letters in a key or setting come through."""
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=separator)
    writer.writerows([["user", "username"], *texts.items()])
    found = listing(file.getvalue())

    assert found.faults == []
    assert found.members == {f"user:{key}": ({"username": it} if it else {}) for key, it in texts.items()}


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("", "line 1: the header is missing"),
        ("user\n", "line 1: no member follows the header"),
        ("username\nanna\n", "line 1: no column says whose mailbox it is: name one user or queue"),
        (
            "user,act_delivery_methud\nanna,none\n",
            "line 1: column 'act_delivery_methud' is unknown; did you mean 'act_",
        ),
        ("user,shoe_size\nanna,36\n", "line 1: column 'shoe_size' is unknown; known are user, queue, email_server_"),
        ("user,password\nanna,secret\n", "line 1: column 'password': a secret does not belong in a file"),
        ("user,forward_mailbox\nanna,all\n", "line 1: column 'forward_mailbox' is unknown"),
        ("user,user\nanna,ben\n", "line 1: column 'user' stands there twice"),
        ("user,,username\nanna,,a\n", "line 1: column 2 has no name"),
        ("\n\nuser\nanna\nANNA\n", "line 5: user:ANNA stands in line 4 already"),
        ("user,username\nanna\n", "line 2: has 1 cells, and the header names 2 columns"),
        ("user,username\nanna,a,b\n", "line 2: has 3 cells, and the header names 2 columns"),
        ("user,queue\nanna,Support\n", "line 2: give exactly one of user and queue"),
        ("user,username\n,a\n", "line 2: give exactly one of user and queue"),
        ("user,verbose_logging_enabled\nanna,much\n", "line 2: verbose_logging_enabled should be a whole number"),
        ("user,process_and_delete_emails\nanna,no\n", "line 2: process_and_delete_emails should be true or false"),
        ('user,username\nanna,a\nben,"b\nchris,c\n', "line 3: is no CSV: unexpected end of data"),
        ('user,username\nanna,"a" b\n', "line 2: is no CSV: ',' expected after '\"'"),
        ('user,username\nanna,"a\nb"\nben\n', "line 4: has 1 cells"),
    ],
    ids=lambda it: repr(it)[:60],
)
def test_a_broken_line_is_named(text: str, fault: str) -> None:
    found = listing(text)

    assert [it for it in found.faults if it.startswith(fault)], found.faults


def test_all_broken_lines_are_named_at_once() -> None:
    found = listing("user,verbose_logging_enabled\nanna,much\nben,5\nchris\n,1\n")

    assert [fault.partition(":")[0] for fault in found.faults] == ["line 2", "line 4", "line 5"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1252"])
def test_another_encoding_is_named_with_its_line(encoding: str) -> None:
    found = read(KIND, "user\nanna@contoso.com\nzoë@contoso.com\n".encode(encoding))

    assert found.members == {}
    (fault,) = found.faults
    assert fault == f"line {1 if encoding == 'utf-16' else 3}: is not UTF-8 text; save the file as 'CSV UTF-8'"


def test_a_queue_s_name_is_a_key() -> None:
    assert listing("queue\nSupport\n").members == {SUPPORT: {}}
