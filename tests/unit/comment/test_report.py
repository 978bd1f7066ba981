import pytest

from pulumi_dataverse_email.comment import LIMITS, Preview, Report, comment, gates

from .previews import OFF, ON, Json, preview, step, text

REFRESHED = step("refresh", "Mailbox", "anna", {**ON, "user": "a"}, {**ON, "user": "a"})
FAILED = [{"message": "error: no", "severity": "error"}]
WARNED = [{"message": "warning: hm", "severity": "warning"}]

GATED: dict[str, tuple[list[Json], dict[str, object]]] = {
    "loss": ([step("update", "Mailbox", "a", ON, OFF)], {}),
    "scope": ([step("delete", "ImpersonationScope", "s", {}, None)], {}),
    "delete": ([step("delete", "aws:s3:Bucket", "b", {}, None)], {}),
    "replace": ([step("create-replacement", "aws:s3:Bucket", "b", {}, {})], {}),
    "approval": ([step("create", "MailboxTestAndEnable", "t", None, {"approval": "approve", "mailboxes": ["a"]})], {}),
    "test": ([step("update", "Mailbox", "a", {"generation": 1}, {"generation": 2})], {}),
    "update": ([step("update", "aws:s3:Bucket", "b", {}, {})], {}),
    "create": ([step("create", "aws:s3:Bucket", "b", None, {})], {}),
    "drift": ([REFRESHED, step("update", "Mailbox", "anna", {**ON, "user": "b"}, {**ON, "user": "a"})], {}),
    "warning": ([], {"diagnostics": WARNED}),
    "error": ([], {"diagnostics": FAILED}),
}
"""For each word of `--fail-on` a preview that holds it."""


def test_every_gate_has_a_case() -> None:
    assert set(gates()) == GATED.keys()


@pytest.mark.parametrize("word", GATED)
def test_a_gate_closes_for_what_it_names_alone(word: str) -> None:
    """It says how many there are; a preview that changes nothing passes."""
    steps, more = GATED[word]
    report = Report(preview(*steps, **more))

    assert [f"1 {word}"] == report.refused([word])
    assert report.refused([]) == []
    assert Report(preview(step("same", "Mailbox", "a", ON, ON))).refused(gates()) == []


VERDICTS: dict[str, tuple[list[Json], dict[str, object], str]] = {
    "Nothing changes": ([], {"changeSummary": {"same": 4}}, "**Nothing changes.** Resources: 3 unchanged."),
    "only warnings": ([], {"diagnostics": WARNED * 2}, "**Nothing changes.** 2 warnings."),
    "harmless": (
        [step("create", "Mailbox", "a", None, ON), step("create", "EmailServerProfile", "p", None, {})],
        {},
        "**Nothing dangerous was found.** Resources: 1 created, 1 taken over.",
    ),
    "dangerous": (
        [step("update", "Mailbox", "a", ON, OFF), step("delete", "Mailbox", "b", ON, None)],
        {},
        "**Look closely: 1 loss of synchronization, 1 declaration removed.** Resources: 1 changed, 1 deleted.",
    ),
    "drifted": (*GATED["drift"], "**Nothing dangerous was found.** 1 resource drifted. Resources: 1 changed."),
    "failed": ([], {"diagnostics": FAILED}, "**The preview has errors: what follows may be incomplete.**"),
    "gone": (
        [REFRESHED, step("create", "Mailbox", "anna", None, ON)],
        {},
        "**Nothing dangerous was found.** 1 resource drifted. Resources: 1 taken over.",
    ),
    "a step of a later engine": (
        [step("mend", "Mailbox", "a", ON, ON)],
        {},
        "**Nothing dangerous was found.** Resources: 1 changed.",
    ),
}


@pytest.mark.parametrize("name", VERDICTS)
def test_the_verdict_is_one_line(name: str) -> None:
    steps, more, verdict = VERDICTS[name]

    assert verdict == Report(preview(*steps, **more)).verdict.strip()


def test_the_pieces_of_a_replacement_are_one_change() -> None:
    pieces = [
        step(op, "Mailbox", "a", *states)
        for op, states in {
            "delete-replaced": (ON, None),
            "replace": (ON, OFF),
            "create-replacement": (None, OFF),
        }.items()
    ]

    assert "Resources: 1 replaced." in Report(preview(*pieces)).verdict


def test_drift_is_told_from_what_the_program_changes() -> None:
    """One input was edited behind Pulumi's back, another by the pull request, under a new name with an alias."""
    recorded, found = {"username": "a", "user": "u"}, {"username": "b", "user": "u"}
    update = step("update", "Mailbox", "new", found, {"username": "a", "user": "v"})
    former = step("refresh", "Mailbox", "old", recorded, recorded)
    update["oldState"] = {"urn": former["urn"], "inputs": found}

    written = comment(preview(former, update), LIMITS["github"])

    assert "| drifted, changed back | `v` (`new`) | User Name | `b` | `a` |" in written
    assert "| changed | `v` (`new`) | User | `u` | `v` |" in written


def test_what_no_input_shows_is_said() -> None:
    """`diff` answers True for what an earlier run did not achieve: the engine has no path then."""
    written = comment(preview(step("update", "Mailbox", "a", ON, ON)), LIMITS["github"])

    assert "what an earlier run did not achieve is tried again" in written


def test_entries_of_a_map_are_lines_of_their_own() -> None:
    old, new = {"overrides": {"anna": "x", "ben": "y"}}, {"overrides": {"anna": "z", "chris": "y"}}

    written = comment(preview(step("update", "MailboxSet", "s", old, new)), LIMITS["github"])

    assert "| `overrides`: `anna` | `x` | `z` |" in written
    assert "| `overrides`: `ben` | `y` | (not stated) |" in written
    assert "| `overrides`: `chris` | (not stated) | `y` |" in written


def test_a_crowd_is_drawn_as_a_group() -> None:
    """Thirty mailboxes are drawn one by one, beyond that the picture has a node for each thing that happens."""
    several = [step("create", "Mailbox", f"m{it}", None, ON) for it in range(31)]

    drawn, grouped = (comment(preview(*several[:most]), LIMITS["github"]) for most in (30, 31))

    assert drawn.count("]:::create") == 30
    assert '["31 mailboxes<br/>taken over"]:::create' in grouped


@pytest.mark.parametrize("steps", [[], [step("same", "Mailbox", "a", ON, ON)]])
def test_no_picture_of_what_stays(steps: list[Json]) -> None:
    assert "mermaid" not in comment(Preview.read(text(*steps)), LIMITS["github"])
