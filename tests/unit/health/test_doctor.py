"""What the doctor finds, and what it does where it may not look."""

from collections.abc import Sequence
from datetime import date

import pytest

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.health import Declared, Finding, Level, examine
from tests.system.emulated import Dataverse
from tests.unit.engine.test_and_enable.story import on_premises

TODAY = date(2026, 11, 25)
CLIENT = "5f0c2a10-0000-4000-8000-00000000a001"


def found(rows: Client, declared: Declared | None = None) -> dict[str, Finding]:
    """Return the worst finding about each thing."""
    all_of_them = examine(rows, lambda: None, declared or Declared(), TODAY)
    return {it.about: it for it in sorted(all_of_them, key=lambda it: list(Level).index(it.level))}


def grant(dataverse: Dataverse, privileges: Sequence[str]) -> None:
    """Let the login do this and no more."""
    dataverse.control("PUT", "roles/Few", {"privileges": list(privileges)})
    body = {"name": "deployer", "secret": "emulated-client-secret", "roles": ["Few"]}
    dataverse.control("PUT", f"applications/{CLIENT}", body)


def test_a_healthy_environment_has_no_problem_and_nothing_is_written(dataverse: Dataverse, rows: Client) -> None:
    dataverse.forget_requests()
    findings = found(rows)

    assert {it.level for it in findings.values()} <= {Level.OK, Level.UNKNOWN}
    assert findings["roles"].says == "System Administrator."
    assert CLIENT in findings["login"].says
    assert dataverse.writes() == []


def test_rights_that_are_missing_are_named_for_each_kind(dataverse: Dataverse, rows: Client) -> None:
    """Those that are there for the kinds that need no more."""
    grant(
        dataverse, ["prvReadMailbox", "prvReadEmailServerProfile", "prvReadOrganization", "prvReadUser", "prvReadRole"]
    )
    findings = found(rows)

    assert findings["rights for ImpersonationScope"].level is Level.OK
    missing = findings["rights for Mailbox"]
    assert (missing.level, missing.says.startswith("missing prvWriteMailbox, ")) == (Level.WARNING, True)
    assert findings["approval of addresses"].says == "missing prvApproveRejectEmailAddress."


def test_what_may_not_be_read_is_said_and_the_rest_goes_on(dataverse: Dataverse, rows: Client) -> None:
    grant(dataverse, ["prvReadUser", "prvReadRole", "prvReadOrganization"])
    findings = found(rows)

    assert findings["profiles"].level is Level.UNKNOWN
    assert "prvReadEmailServerProfile" in findings["profiles"].says
    assert findings["default profile"].level is Level.OK


def test_profiles_are_judged_by_the_rules_of_previews(dataverse: Dataverse, rows: Client) -> None:
    """What Dataverse would refuse today is a problem, what is not recommended a warning."""
    on_premises(dataverse, incomingusessl=False, incominguseimpersonation=False)
    judged = [it for it in examine(rows, lambda: None, Declared(), TODAY) if it.about == "profile 'On premises'"]

    assert {it.says.partition(":")[0]: it.level for it in judged} == {
        "incoming_use_ssl": Level.PROBLEM,
        "incoming_use_impersonation": Level.WARNING,
    }


@pytest.mark.parametrize(
    ("day", "level", "says"),
    [
        ("2026-11-24", Level.PROBLEM, "expired on 2026-11-24"),
        ("2026-12-25", Level.WARNING, "expires on 2026-12-25, in 30 days"),
        ("2026-12-26", Level.OK, "expires on 2026-12-26"),
    ],
)
def test_passwords_that_are_about_to_expire_are_known_from_the_state(
    rows: Client, day: str, level: Level, says: str
) -> None:
    finding = found(rows, Declared(expiries={"EmailServerProfile 'one': incoming_password_expires_on": day}))["expiry"]

    assert (finding.level, says in finding.says) == (level, True)


def test_a_copy_is_warned_about(dataverse: Dataverse, rows: Client) -> None:
    dataverse.control("PATCH", "organization", {"organizationtype": "CustomerTest"})

    assert found(rows)["environment"].level is Level.WARNING


def test_an_own_application_meets_the_end_of_ews(dataverse: Dataverse, rows: Client) -> None:
    """And where nothing is sent to Exchange, that is said."""
    on_premises(dataverse, servertype=3, incomingcredentialretrieval=7, oauthclientid=CLIENT)
    findings = found(rows)

    assert "ends for everybody on 2027-04-01" in findings["EWS"].says
    assert findings["Exchange"].level is Level.UNKNOWN


def test_service_limits_are_told_as_the_service_counts(dataverse: Dataverse, rows: Client) -> None:
    dataverse.control("PUT", "limits", {"requests": 600})

    assert "requests and" in found(rows)["service limits"].says
