from datetime import UTC, datetime

import pytest

from tests.unit.emulator.dataverse import ANNA, Dataverse

SECRET = "open-sesame-7"


@pytest.mark.parametrize(
    ("column", "value", "refusal"),
    [
        ("name", "x" * 101, (400, "0x80044331")),
        ("name", 5, (400, "0x80048d19")),
        ("name", "\ud800", (400, "0x80048d19")),
        ("servertype", 9, (400, "0x8004431A")),
        ("servertype", "0", (400, "0x80048d19")),
        ("servertype", True, (400, "0x80048d19")),
        ("incomingportnumber", 65537, (400, "0x80044330")),
        ("incomingportnumber", -1, (400, "0x80044330")),
        ("incomingportnumber", 1.5, (400, "0x80048d19")),
        ("lasttesttotalexecutiontime", 2**63, (400, "0x80044330")),
        ("incomingusessl", "yes", (400, "0x80048d19")),
        ("processemailsreceivedafter", "yesterday", (400, "0x80048d19")),
        ("processemailsreceivedafter", "2026-11-01T00:00:00", (400, "0x80048d19")),
        ("processemailsreceivedafter", "0001-01-01T00:00:00+14:00", (400, "0x80048d19")),
        ("acssubscriptionid", "no-guid", (400, "0x80048d19")),
        ("serverauthority", None, (400, "0x80040200")),
        ("nonesuch", 1, (400, "0x80048d19")),
        ("entityimage", "AAAA", (501, "0x80040219")),
    ],
)
def test_a_value_that_does_not_fit_is_refused(
    dataverse: Dataverse, column: str, value: object, refusal: tuple[int, str]
) -> None:
    assert refusal == dataverse.error("POST", "emailserverprofiles", {"name": "A", column: value})
    assert dataverse.names("emailserverprofiles") == ["Microsoft Exchange Online"]


def test_limits_may_be_reached(dataverse: Dataverse) -> None:
    profile = dataverse.make(
        "emailserverprofiles", name="x" * 100, incomingportnumber=65536, minpollingintervalinminutes=1.0
    )

    row = dataverse.get(f"emailserverprofiles({profile})")
    assert (len(row["name"]), row["incomingportnumber"], row["minpollingintervalinminutes"]) == (100, 65536, 1)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("2024-01-31", "2024-01-31T00:00:00Z"),
        ("2024-01-31T08:00:00Z", "2024-01-31T08:00:00Z"),
        ("2024-01-31T08:00:00.987+02:00", "2024-01-31T06:00:00Z"),
        (None, None),
    ],
)
def test_dates_are_read_in_utc_and_whole_seconds(dataverse: Dataverse, written: str | None, read: str | None) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    dataverse.change(path, processemailreceivedafter=written)

    assert dataverse.get(path)["processemailreceivedafter"] == read


def test_a_date_that_the_platform_never_set_is_the_year_1900(dataverse: Dataverse) -> None:
    mailbox = dataverse.mailbox(ANNA)

    assert "1900-01-01T00:00:00Z" == mailbox["testmailboxaccesscompletedon"] == mailbox["processemailreceivedafter"]


def test_a_read_only_column_in_a_body_is_passed_over(dataverse: Dataverse) -> None:
    path = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"

    dataverse.change(path, isforwardmailbox=True, mailboxstatus="nonsense", createdon=None, username="anna")

    row = dataverse.get(path)
    assert (row["isforwardmailbox"], row["mailboxstatus"], row["username"]) == (False, 0, "anna")
    assert row["createdon"] <= datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def test_a_column_for_updates_only_is_passed_over_at_create(dataverse: Dataverse) -> None:
    profile = dataverse.make("emailserverprofiles", name="A", statecode=1)

    assert dataverse.get(f"emailserverprofiles({profile})")["statecode"] == 0


@pytest.mark.parametrize(
    ("secret", "flag"),
    [
        ("incomingpassword", "isincomingpasswordset"),
        ("outgoingpassword", "isoutgoingpasswordset"),
        ("oauthclientsecret", "isoauthclientsecretset"),
    ],
)
def test_a_secret_is_never_read_but_its_flag_is(dataverse: Dataverse, secret: str, flag: str) -> None:
    columns = {"name": "A", "usesamesettingsforoutgoingconnections": False, secret: SECRET}
    path = f"emailserverprofiles({dataverse.make('emailserverprofiles', **columns)})"

    row = dataverse.get(path)
    assert (row[secret], row[flag]) == (None, True)
    assert dataverse.call("GET", f"{path}/{secret}").status_code == 204
    for cleared in ("", None):
        dataverse.change(path, **{secret: SECRET})
        dataverse.change(path, **{secret: cleared})
        assert dataverse.get(path)[flag] is False


def test_a_secret_shows_nowhere(dataverse: Dataverse) -> None:
    """Neither rows, the control API, the request log nor a filter that guesses give it away."""
    profile = dataverse.make("emailserverprofiles", name="A", incomingpassword=SECRET)
    mailbox = dataverse.mailbox(ANNA)["mailboxid"]
    dataverse.change(f"mailboxes({mailbox})", password=SECRET)

    seen = [
        dataverse.call("GET", f"emailserverprofiles({profile})").text,
        dataverse.call("PATCH", f"mailboxes({mailbox})", {"password": SECRET}, Prefer="return=representation").text,
        str(dataverse.control("GET", "rows/emailserverprofiles")),
        str(dataverse.control("GET", "rows/mailboxes")),
        str(dataverse.control("GET", "requests")),
    ]

    assert not any(SECRET in text for text in seen)
    guess = "emailserverprofiles?$filter=startswith(incomingpassword,'open')"
    assert dataverse.error("GET", guess) == (400, "0x0")
