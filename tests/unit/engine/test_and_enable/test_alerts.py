"""What the service says about a failed test."""

import pytest

from pulumi_dataverse_email.engine.test_and_enable.alerts import alerts
from pulumi_dataverse_email.engine.test_and_enable.mailbox import Mailbox
from tests.system.emulated import Dataverse

from .story import Group, on_premises, prepare

PEOPLE = ("anna", "ben", "chris")
SENTENCE = (
    "The credentials of the profile On premises or of the mailbox Ben Ortiz are incorrect or have insufficient "
    "permissions for it."
)


@pytest.mark.parametrize("column", ["text", "errordetails", "traceparameterxml"])
@pytest.mark.parametrize("repeated", ["new_row", "touch"])
def test_a_failure_has_the_alert_s_text(group: Group, dataverse: Dataverse, column: str, repeated: str) -> None:
    """Wherever the service keeps it, and whether it writes a repeated one anew or not; one request for all."""
    dataverse.control("PATCH", "switches", {"alert_wording_in": column, "repeated_alert": repeated})
    mailboxes = prepare(dataverse, on_premises(dataverse, incomingpassword="wrong"), PEOPLE)
    for _ in range(2):
        dataverse.forget_requests()
        outputs = group.up(mailboxes=mailboxes, canaries=0)
        assert outputs["failed"]["ben"] == f"incoming failure, outgoing failure, act failure: {SENTENCE}"
        assert dataverse.data_requests().count("GET tracelogs") == 1


def alert(dataverse: Dataverse, row_id: str, text: str, **columns: object) -> None:
    """Write an alert about a mailbox."""
    about = {"_regardingobjectid_value": row_id, "regardingobjecttypecode": "mailbox"}
    dataverse.make("tracelogs", text=text, **{"level": 3, "tracecode": 1, **about, **columns})


def failed(group: Group, mailboxes: dict[str, str]) -> list[Mailbox]:
    """Return the mailboxes as if their test had failed at this moment."""
    end = group.clock.moment().isoformat()
    return [Mailbox(name, row_id, {"testmailboxaccesscompletedon": end}) for name, row_id in mailboxes.items()]


def test_an_old_alert_is_not_taken_for_the_reason(group: Group, dataverse: Dataverse) -> None:
    """Only what was written at about the end of the test, and about a failure, tells why it failed."""
    mailboxes = prepare(dataverse, on_premises(dataverse), PEOPLE)
    alert(dataverse, mailboxes["ben"], "Yesterday.")
    dataverse.control("POST", "clock", {"advance": 86_400})
    alert(dataverse, mailboxes["chris"], "Tested and enabled.", level=1)
    assert alerts(group.rows, failed(group, mailboxes)) == {}

    alert(dataverse, mailboxes["ben"], "Today.")
    assert alerts(group.rows, failed(group, mailboxes)) == {"ben": "Today."}


def test_an_alert_that_cannot_be_read_leaves_the_failure_known(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse, incomingpassword="wrong"), ["ben"])
    refusal = {"status": 403, "body": '{"error": {"code": "0x80040220", "message": "No."}}'}
    dataverse.fault("tracelogs", refusal, method="GET", times=5)
    outputs = group.up(mailboxes=mailboxes)

    assert "incoming failure" in outputs["failed"]["ben"]
    assert "its alert could not be read" in outputs["failed"]["ben"]
    assert outputs["unfinished"] == ["ben"]


def test_a_long_alert_is_cut(group: Group, dataverse: Dataverse) -> None:
    mailboxes = prepare(dataverse, on_premises(dataverse), ["ben"])
    alert(dataverse, mailboxes["ben"], "word " * 200)

    assert len(alerts(group.rows, failed(group, mailboxes))["ben"]) == 503


def test_an_alert_is_no_command_to_the_terminal(group: Group, dataverse: Dataverse) -> None:
    """What moves the cursor, rings or recolours is left out of its text."""
    mailboxes = prepare(dataverse, on_premises(dataverse), ["ben"])
    alert(dataverse, mailboxes["ben"], "Wrong \x1b[2J\x07password\u202e.")

    (text,) = alerts(group.rows, failed(group, mailboxes)).values()
    assert text == "Wrong [2J password ."
