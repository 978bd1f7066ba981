"""The state of an organization that is brought in is the state that adopting it would have led to."""

import ast
import csv
import io
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from pulumi_dataverse_email.dataverse.client import Client
from pulumi_dataverse_email.declare import CLEAR
from pulumi_dataverse_email.engine.mailbox_set.csv_file import read
from pulumi_dataverse_email.engine.run import Run, Target
from pulumi_dataverse_email.engine.verbs import of_rows, of_sets
from pulumi_dataverse_email.inventory import Arrangement, Filters, arrange, choose, files, find, import_file
from pulumi_dataverse_email.inventory.arrange import _Names
from pulumi_dataverse_email.inventory.program import _literal, _variable
from pulumi_dataverse_email.inventory.state import InventoryError
from pulumi_dataverse_email.resources import KINDS, TABLE_KINDS, mailbox_set
from tests.system.emulated import Dataverse
from tests.unit.engine.stack import HOST, Warnings, kept
from tests.unit.engine.test_and_enable.story import on_premises, prepare

VERBS = {
    **{name: of_rows(kind) for name, kind in TABLE_KINDS.items()},
    "MailboxSet": of_sets(mailbox_set.KIND),
}
PEOPLE = ("anna", "ben", "chris")
CALLED = 'Fabrikam: "Nord" # {1}'
DAY = date(2026, 11, 25)


def arranged(rows: Client, many: int, *, everything: bool = False) -> Arrangement:
    """Return how the whole organization is declared."""
    found = find(rows)
    return arrange(found, choose(found, Filters(all=everything)).mailboxes, many)


def lived_in(dataverse: Dataverse) -> None:
    """Give people a profile, with settings that differ."""
    profile = on_premises(dataverse)
    prepare(dataverse, profile, PEOPLE[:2])
    prepare(dataverse, profile, PEOPLE[2:], actdeliverymethod=2, verboseloggingenabled=7)


@pytest.mark.parametrize("many", [2, 99], ids=["sets", "single mailboxes"])
@pytest.mark.parametrize("everything", [False, True])
def test_the_state_is_what_creating_leads_to(
    dataverse: Dataverse, rows: Client, many: int, *, everything: bool
) -> None:
    """Property by property; and no preview finds a change in it."""
    lived_in(dataverse)
    imported = kept(import_file(arranged(rows, many, everything=everything), HOST))
    entries: list[dict[str, Any]] = imported["resources"]
    assert {it["type"].rpartition(":")[2] for it in entries} >= {"EmailServerProfile"}
    for entry in entries:
        verbs = VERBS[entry["type"].rpartition(":")[2]]
        run = Run(Target(HOST, None, lambda: rows), Warnings())
        state, inputs = (
            {n: it for n, it in entry[side].items() if n != "__provider"} for side in ("outputs", "inputs")
        )
        dataverse.forget_requests()
        created, outputs = verbs.create(run, inputs)
        assert dataverse.writes() == []
        assert (created, kept(outputs)) == (entry["id"], state)
        again = Run(Target(HOST, None, lambda: rows), Warnings())
        checked, faults = verbs.check(again, inputs, {n: it for n, it in inputs.items() if n != "generation"})
        assert (faults, kept(checked)) == ([], inputs)
        assert verbs.diff(again, entry["id"], state, inputs).changes is False


def test_what_no_program_can_state_is_named_and_nothing_is_written(dataverse: Dataverse, rows: Client) -> None:
    lived_in(dataverse)
    profile = dataverse.row("emailserverprofiles", "On premises")
    dataverse.edit("emailserverprofiles", profile, incomingusessl=False)

    with pytest.raises(InventoryError, match="EmailServerProfile 'on-premises': incoming_use_ssl"):
        import_file(arranged(rows, 99), HOST)


def test_a_program_is_python_and_states_no_secret(dataverse: Dataverse, rows: Client) -> None:
    """Whatever is called how."""
    dataverse.control("PATCH", "organization", {"friendlyname": CALLED})
    dataverse.make("emailserverprofiles", name='class "x"\n{}', servertype=0, incomingpassword="hush-hush")
    profile = dataverse.row("emailserverprofiles", 'class "x"\n{}')
    prepare(dataverse, str(profile["emailserverprofileid"]), PEOPLE)
    for many in (2, 99):
        arrangement = arranged(rows, many)
        written = files(arrangement, import_file(arrangement, HOST), project="x", day=DAY, test=True)
        compile(written["__main__.py"], "__main__.py", "exec")
        assert yaml.safe_load(written["Pulumi.yaml"])["description"] == f"Server-side synchronization of {CALLED}"
        assert "hush-hush" not in "".join(written.values())


def test_profiles_that_share_a_name_are_not_declared(dataverse: Dataverse, rows: Client) -> None:
    """An adopted one is found by its name: their mailboxes name them by their ids."""
    both = [on_premises(dataverse) for _ in range(2)]
    for profile, person in zip(both, PEOPLE, strict=False):
        prepare(dataverse, profile, [person])
    arrangement = arranged(rows, 99)

    assert arrangement.profiles == {}
    assert [it.settings["email_server_profile"] for it in arrangement.singles] == both
    assert import_file(arrangement, HOST)["resources"]


@given(st.lists(st.text(min_size=1), max_size=20))
def test_names_are_their_own(texts: list[str]) -> None:
    """Each resource has another name, and each variable is one that Python takes."""
    names = _Names()
    taken = [names.take(it) for it in texts]

    assert len(set(taken)) == len(taken)
    assert all(_variable(it).isidentifier() and _variable(it) not in KINDS for it in taken)


@given(st.text() | st.integers() | st.booleans())
def test_a_literal_means_its_value(value: object) -> None:
    assert ast.literal_eval(_literal(value)) == value
    assert _literal(CLEAR) == "CLEAR"


@given(st.text(st.characters(exclude_categories=["C", "Z"], exclude_characters=":"), min_size=1, max_size=40))
def test_a_member_in_a_file_is_read_back(name: str) -> None:
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([["queue"], [name]])

    assert list(read(TABLE_KINDS["Mailbox"], text.getvalue().encode()).members) == [f"queue:{name}"]
