"""Pulumi's own host, spoken to over gRPC as the engine does: check and diff of both kinds."""

from collections.abc import Iterator
from typing import Any

import pytest
from pulumi.runtime import rpc
from pulumi.runtime.proto import provider_pb2

from pulumi_dataverse_email.declare import Argument, TableKind
from pulumi_dataverse_email.engine.props import FAULTS

from ..unit.host import Host, running_host
from .kinds import ARGUMENTS, LEAST, SECRET, name, stated


def inputs(answer: Any) -> dict[str, Any]:  # noqa: ANN401  a generated message
    """Return the inputs of an answer."""
    return dict(answer.inputs)


def failures(answer: Any) -> list[str]:  # noqa: ANN401  a generated message
    """Return the reasons of an answer's failures: none blames a property, whose value the engine would print."""
    assert {failure.property for failure in answer.failures} <= {""}
    return [failure.reason for failure in answer.failures]


def faulty(answer: Any) -> list[str]:  # noqa: ANN401  a generated message
    """Return the arguments that the failures of an answer name."""
    return [reason.partition(":")[0] for reason in failures(answer)]


@pytest.fixture(scope="module")
def host() -> Iterator[Host]:
    """A host without an engine and without settings."""
    with running_host() as found:
        yield found


PROFILE = LEAST["EmailServerProfile"]


def test_numbers_and_state_meet(host: Host) -> None:
    """Every number comes as a float, and is the same as the one that the program wrote."""
    news = {**PROFILE, "incoming_port_number": 443}
    checked = inputs(host.check("EmailServerProfile", news))

    assert checked["incoming_port_number"] == 443
    assert host.diff("EmailServerProfile", checked, checked).changes == provider_pb2.DiffResponse.DIFF_NONE


def test_a_fraction_is_no_port(host: Host) -> None:
    """A number that is not whole is refused where a whole one is wanted."""
    answer = host.check("EmailServerProfile", {**PROFILE, "incoming_port_number": 443.5})

    assert faulty(answer) == ["incoming_port_number"]


def test_a_changed_input_leaves_the_paths_to_the_engine(host: Host) -> None:
    """A difference is answered as unknown, so that the engine shows exact paths, with what must be replaced."""
    olds = inputs(host.check("EmailServerProfile", PROFILE))
    wanted = {"name": "Another", "server_type": "imap_smtp", "allow_replacement": True}
    news = inputs(host.check("EmailServerProfile", wanted, olds))
    answer = host.diff("EmailServerProfile", olds, news)

    assert answer.changes == provider_pb2.DiffResponse.DIFF_UNKNOWN
    assert list(answer.replaces) == ["server_type"]


@pytest.mark.parametrize("argument", ["incoming_user_name", "incoming_port_number", "incoming_password"])
def test_an_unknown_value_survives(host: Host, argument: str) -> None:
    """In a preview an input that is not known yet stays unknown, and breaks no rule."""
    news = {**PROFILE, argument: rpc.UNKNOWN}
    answer = host.check("EmailServerProfile", news)

    assert failures(answer) == []
    assert inputs(answer)[argument] == rpc.UNKNOWN


def test_an_unknown_profile_leaves_the_generation_open(host: Host) -> None:
    """Whether a mailbox needs a new test is not known before its profile is."""
    olds = inputs(host.check("Mailbox", {"user": "anna@contoso.com", "email_server_profile": "one"}))
    news = {"user": "anna@contoso.com", "email_server_profile": rpc.UNKNOWN}

    assert inputs(host.check("Mailbox", news, olds))["generation"] == rpc.UNKNOWN


def test_all_faults_come_at_once(host: Host) -> None:
    """Each faulty argument is named, in one answer."""
    answer = host.check("EmailServerProfile", {"name": "", "server_type": "pigeon", "use_auto_discover": "yes"})

    assert sorted(faulty(answer)) == ["name", "server_type", "use_auto_discover"]


def test_a_fault_on_an_update_is_a_failure(host: Host) -> None:
    """A value that means nothing is refused on an update as on a create."""
    olds = {**PROFILE, "process_emails_received_after": "2026-11-01"}
    answer = host.check("EmailServerProfile", {**olds, "process_emails_received_after": "last Tuesday"}, olds)

    assert faulty(answer) == ["process_emails_received_after"]


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS, ids=name)
def test_no_faulty_value_is_told(host: Host, kind: TableKind, argument: Argument) -> None:
    """Any argument may hold a secret of the program, so no failure shows a value."""
    answer = host.check(kind.name, stated(kind, argument.name, {"not": SECRET}))

    assert argument.name in faulty(answer)
    assert SECRET not in "".join(failures(answer))


def test_what_a_transformation_misspelt_is_a_failure(host: Host) -> None:
    """A name that the class would have refused is refused by check too."""
    answer = host.check("EmailServerProfile", {**PROFILE, "incoming_pasword": SECRET})

    assert failures(answer) == [
        "incoming_pasword: is no argument of EmailServerProfile; did you mean 'incoming_password'?"
    ]


def test_what_the_program_found_is_a_failure(host: Host) -> None:
    """Faults that only the program's side can see make check fail, and are no input."""
    text = "incoming_pasword: is no argument of EmailServerProfile"
    answer = host.check("EmailServerProfile", {"server_type": "exchange_online_hybrid", FAULTS: [text]})

    assert failures(answer) == [text]
    assert FAULTS not in inputs(answer)
