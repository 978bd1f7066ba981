"""docs/test-and-enable.md: its programs run, one after the other, as they stand there."""

import re
from pathlib import Path

from .emulated import Dataverse
from .stack import FAILED, Stack

PAGE = (Path(__file__).parents[2] / "docs" / "test-and-enable.md").read_text("utf-8")
FIRST, *OTHERS = re.findall(r"^```python\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_the_programs_on_the_page_run(stack: Stack, dataverse: Dataverse) -> None:
    """The first one enables three mailboxes, one of them approved by the second; the others change how it is done."""
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    for row in dataverse.rows("mailboxes"):
        if row["name"] != "Chris Park":
            approved = {"emailrouteraccessapproval": 1, "isemailaddressapprovedbyo365admin": True}
            dataverse.edit("mailboxes", row, **approved)
    stack.program(FIRST)
    said = stack.up(status=FAILED).flat
    assert "chris: not approved: Exchange Online asks for an administrator's approval: Power Platform" in said

    declared, _ = FIRST.rsplit("MailboxTestAndEnable", 1)
    for block in OTHERS:
        stack.program(declared + block)
        stack.up()
    assert stack.state()["sales"]["outputs"]["statuses"] == dict.fromkeys(("anna", "ben", "chris"), "success")
