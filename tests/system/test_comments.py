"""Comments on previews that the real engine made, kept beside this file.

`REGENERATE=1 .venv/bin/pytest tests/system/test_comments.py` writes them anew; read what changed before you commit it.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from pulumi_dataverse_email.comment import LIMITS, Preview, comment
from pulumi_dataverse_email.emulator import RunningEmulator

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE, SECRET
from .stack import FAILED, Stack

Members = dict[str, dict[str, str]]

KEPT = Path(__file__).parent / "comments"

EMAIL = """incoming_email_delivery_method="server_side_synchronization",
    outgoing_email_delivery_method="server_side_synchronization"
"""
ACT = 'act_delivery_method="server_side_synchronization"'

ACCOUNT = PROFILE.replace("=443", "=443, allow_replacement=True")
BEN = (
    f'ben = Mailbox("ben", user="ben@contoso.com", email_server_profile=profile, on_delete="disable", {ACT}, {EMAIL})\n'
)
SUPPORT = f'support = Mailbox("support", queue="Support", email_server_profile=profile, {EMAIL})\n'
LIVED_IN = ACCOUNT + MAILBOX + BEN + SUPPORT
DELEGATED = ACCOUNT.replace("incoming_use_impersonation=True", "incoming_use_impersonation=False")

CROWD = f"""
for number in range(40):
    Mailbox(f"m{{number}}", user=f"user{{number}}@contoso.com", email_server_profile=profile, {ACT}, {EMAIL})
"""

TEAM = f"""
team = MailboxSet("team", members={{members}}, email_server_profile=profile, on_delete="disable",
    act_delivery_method="{{act}}", {EMAIL})
"""
ON = "server_side_synchronization"
BOTH: Members = {"user:anna@contoso.com": {}, "user:ben@contoso.com": {}}
OTHERS: Members = {"user:ben@contoso.com": {"act_delivery_method": "none"}, "user:chris@contoso.com": {}}
FIVE_HUNDRED: Members = {f"user:person{number}@contoso.com": {} for number in range(500)}
TESTED = 'MailboxTestAndEnable("enable", mailboxes=[team], approval="approve")\n'
SCOPED = """
ImpersonationScope("scope", platform="exchange_server", name="CRM mailboxes", service_account="CONTOSO\\\\crm-sync",
    addresses=["a@contoso.com", "b@contoso.com"{also}])
"""
TEAM_ACCOUNT = ACCOUNT.replace(SECRET, "for-the-emulator-and-previews-only")
GROUPS = TEAM_ACCOUNT + TEAM.format(members=BOTH, act=ON) + TESTED + SCOPED.format(also="")

STRANGER = f"""
class Nothing(pulumi.dynamic.ResourceProvider):
    def create(self, props):
        raise NotImplementedError
class Stranger(pulumi.dynamic.Resource):
    pass
Stranger(Nothing(), "a |stranger| <b>", {{"password": Output.secret({SECRET!r})}})
"""


@dataclass(frozen=True)
class Story:
    """A pull request: the program that it would put in place of `LIVED_IN`, and what else there is."""

    program: str
    behind: Callable[[Dataverse], object] | None = None
    """What somebody did behind Pulumi's back."""

    arguments: tuple[str, ...] = ()
    status: int = 0
    before: str = LIVED_IN
    """The program that was carried out before; empty: none."""


def _edit(dataverse: Dataverse) -> None:
    dataverse.edit("emailserverprofiles", dataverse.profile(), incomingportnumber=993)
    dataverse.edit("mailboxes", dataverse.anna(), actdeliverymethod=2)


def _delete(dataverse: Dataverse) -> None:
    dataverse.delete("emailserverprofiles", dataverse.profile())


STORIES = {
    "create": Story(ACCOUNT + MAILBOX, before=""),
    "crowd": Story(ACCOUNT + CROWD, before=""),
    "five hundred": Story(ACCOUNT + TEAM.format(members=FIVE_HUNDRED, act=ON) + TESTED, before=""),
    "groups": Story(
        TEAM_ACCOUNT + TEAM.format(members=OTHERS, act=ON) + TESTED + SCOPED.format(also=', "d@contoso.com"'),
        before=GROUPS,
    ),
    "set switched off": Story(
        TEAM_ACCOUNT + TEAM.format(members=BOTH, act="none") + TESTED + SCOPED.format(also=""), before=GROUPS
    ),
    "update": Story(
        LIVED_IN.replace("=443", "=444").replace(
            'act_delivery_method="server_side_synchronization", on_delete="restore"',
            'act_delivery_method="none", on_delete="restore"',
        )
    ),
    "drift": Story(LIVED_IN, behind=_edit, arguments=("--refresh",)),
    "gone": Story(LIVED_IN, behind=_delete, arguments=("--refresh",)),
    "replace": Story(LIVED_IN.replace('"exchange_server"', '"exchange_server_hybrid"')),
    "delete": Story(ACCOUNT),
    "no longer managed": Story(LIVED_IN.replace("use_same_settings_for_outgoing_connections=True, ", "")),
    "cleared": Story(LIVED_IN.replace("=443", "=CLEAR")),
    "mixed": Story(
        DELEGATED.replace(SECRET, "New-" + SECRET)
        + MAILBOX.replace("email_server_profile=profile", 'email_server_profile="Microsoft Exchange Online"')
        + SUPPORT
        + SUPPORT.replace("upport", "ales")
        + STRANGER
    ),
    "unknown": Story(
        LIVED_IN
        + 'hybrid = EmailServerProfile("hybrid", name="Hybrid", server_type="exchange_server_hybrid", adopt=True)\n'
        + SUPPORT.replace("upport", "ales").replace("=profile", "=hybrid"),
    ),
    "only warnings": Story(LIVED_IN + 'pulumi.log.warn("look `here` <b>|</b>", anna)\n'),
    "nothing": Story(LIVED_IN),
    "nothing but what is": Story(LIVED_IN, arguments=("--show-sames",)),
    "rotated password": Story(LIVED_IN.replace(SECRET, "New-" + SECRET)),
    "failed check": Story(LIVED_IN.replace("=443", "='443'").replace("on_delete", "on_delet"), status=FAILED),
    "refused replacement": Story(
        LIVED_IN.replace('"exchange_server"', '"imap_smtp"').replace(", allow_replacement=True", ""), status=FAILED
    ),
}
"""One kept comment each; a story of another kind is one more line."""


@pytest.fixture(scope="module")
def previewed(_emulator: RunningEmulator, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Stack]:
    """A stack for each program that was carried out before: previews change none of them."""
    folder = tmp_path_factory.mktemp("comments")
    dataverse = Dataverse(dict(_emulator.environment))
    return {it: _after(it, dataverse, folder / str(number)) for number, it in enumerate(("", LIVED_IN, GROUPS))}


def _after(program: str, dataverse: Dataverse, folder: Path) -> Stack:
    """Carry a program out on an organization as new."""
    dataverse.control("POST", "reset")
    dataverse.control("PATCH", "switches", {"test_seconds": 0})
    stack = Stack(folder, dict(dataverse.settings))
    stack.pulumi("config", "set", "dataverse-email:exchangeTransport", "handover")
    if program:
        stack.program(program)
        stack.up()
    return stack


@pytest.mark.parametrize("name", STORIES)
def test_comments_are_as_kept(previewed: dict[str, Stack], dataverse: Dataverse, tmp_path: Path, name: str) -> None:
    """What reviewers read for a preview of the real engine is what was read and kept; no secret is in it."""
    story = STORIES[name]
    stack = previewed[story.before]
    if story.behind:
        stack = _after(LIVED_IN, dataverse, tmp_path / "project")
        story.behind(dataverse)
    stack.program(story.program)
    printed = stack.pulumi("preview", "--json", *story.arguments, status=story.status).text

    written = comment(Preview.read(printed.encode()), LIMITS["github"])

    kept = KEPT / f"{name.replace(' ', '-')}.md"
    if os.environ.get("REGENERATE"):
        kept.write_text(written)
    assert written == kept.read_text()
    assert SECRET not in written


def test_every_kept_comment_has_its_story() -> None:
    assert {path.stem for path in KEPT.iterdir()} == {name.replace(" ", "-") for name in STORIES}
