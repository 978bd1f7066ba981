"""Columns are those that Microsoft publishes; the emulator's own record of its pages is the witness."""

import json
import re
from importlib.resources import files
from typing import Any

import pytest

from pulumi_dataverse_email.declare import Argument, Choice, Column, Lookup, TableKind, XmlValue
from pulumi_dataverse_email.resources import TABLE_KINDS

from .kinds import ARGUMENTS, COLUMNS, name

TYPES = {
    "boolean": {"Boolean"},
    "integer": {"Integer"},
    "choice": {"Picklist", "State"},
    "date-time": {"DateTime"},
    "uuid": {"Uniqueidentifier"},
    "string": {"String", "Memo"},
}
RESULTS = [(kind, result) for kind in TABLE_KINDS.values() for result in kind.results.values()]
NEITHER = {
    "EmailServerProfile": {
        "emailserverprofileid": "the row's id",
        "entityimage": "a picture",
        "lastcrmmessage": "the last test's own words, which may be long",
        "lasttestrequest": "likewise",
        "lasttestresponse": "likewise",
        "lastteststarttime": "changes by itself: every refresh would show it",
        "lasttesttotalexecutiontime": "likewise",
        "lasttestvalidationstatus": "told by the execution status",
        "owneremailaddress": "the platform's copy of the owner's address",
        "owneridtype": "written with the owner",
        "ownerid": "written by owning_user and owning_team",
        "statuscode": "follows the state",
        "timezoneruleversionnumber": "internal",
        "utcconversiontimezonecode": "internal",
    },
    "Mailbox": {
        "acsmailfromcreated": "internal",
        "acsoutgoingemailstatus": "no page tells what it means",
        "averagetotalduration": "changes by itself",
        "enabledforact": "set by test and enable",
        "enabledforincomingemail": "likewise",
        "enabledforoutgoingemail": "likewise",
        "entityimage": "a picture",
        "ewsurl": "found by auto discover",
        "exchangecontactsimportstatus": "an import by hand",
        "exchangesyncstatexml": "the service's memory",
        "folderhierarchy": "likewise",
        "isactsyncorgflagset": "internal",
        "itemsfailedforlastsync": "changes by itself",
        "itemsprocessedforlastsync": "likewise",
        "lastautodiscoveredon": "likewise",
        "lastincomingemailsrequestedfromemailserveron": "likewise",
        "lastmessageid": "likewise",
        "lastsuccessfulsynccompletedon": "likewise",
        "lastsyncerror": "likewise",
        "lastsyncerrorcode": "likewise",
        "lastsyncerrorcount": "likewise",
        "lastsyncerrormachinename": "likewise",
        "lastsyncerroroccurredon": "likewise",
        "lasttagcompletedon": "likewise",
        "lasttaggedmessageid": "likewise",
        "lasttagprocessedmaxitems": "likewise",
        "mailboxid": "the row's id",
        "mailboxprocessingcontext": "the service's memory",
        "oauthaccesstoken": "set by the user's own sign-in",
        "oauthrefreshtoken": "likewise",
        "oauthtokenexpireson": "likewise",
        "officeappsdeploymentscheduled": "an order, not a state",
        "officeappsdeploymentstatus": "follows it",
        "ownerid": "written by owning_user and owning_team",
        "owneridtype": "written with the owner",
        "postponemailboxprocessinguntil": "the service's calendar",
        "postponeofficeappsdeploymentuntil": "likewise",
        "postponesendinguntil": "likewise",
        "postponetestemailconfigurationuntil": "likewise",
        "processinglastattemptedon": "changes by itself",
        "statuscode": "follows the state",
        "tagemailsafter": "the service's calendar",
        "testemailconfigurationretrycount": "a test's own counter",
        "testemailconfigurationscheduled": "an order, not a state",
        "timezoneruleversionnumber": "internal",
        "undeliverablefolder": "the id of a folder that Exchange made",
        "utcconversiontimezonecode": "internal",
    },
}
"""Columns that Microsoft lists as writable, and that are neither argument nor result: why not."""


def published(kind: TableKind) -> dict[str, dict[str, Any]]:
    """Return the table's columns as Microsoft publishes them, from the emulator's own record."""
    text = (
        files("pulumi_dataverse_email.emulator")
        .joinpath("tables", f"{kind.table.logical_name}.json")
        .read_text("utf-8")
    )
    found: dict[str, dict[str, Any]] = json.loads(text)["columns"]
    return found


def published_codes(choice: type[Choice]) -> dict[str, str]:
    """Return the codes of a choice, those that must be learnt left out, and their words."""
    return {str(word.code): word.value for word in choice if word.learnt is None}


def fits(argument: Argument, found: dict[str, Any]) -> bool:
    """Say whether an argument's type is that of the published column."""
    allowed = argument.schema
    kind = "choice" if argument.choice else allowed.get("format", allowed["type"])
    return found["type"] in TYPES[kind]


@pytest.mark.parametrize("kind", [it for it in TABLE_KINDS.values() if not it.table.singular], ids=name)
def test_every_writable_column_is_an_argument_a_result_or_explained(kind: TableKind) -> None:
    """No column of the table was overlooked; most of those of an organization have nothing to do with e-mail."""
    writable = {wire for wire, it in published(kind).items() if it["create"] or it["update"]}
    declared = {it.wire for it in (*kind.arguments.values(), *kind.results.values())}

    assert writable - declared == set(NEITHER[kind.name]) & writable - declared
    assert not declared & set(NEITHER[kind.name])


@pytest.mark.parametrize(("kind", "column"), COLUMNS, ids=name)
def test_each_column_is_published_as_it_is_declared(kind: TableKind, column: Argument) -> None:
    """Type, length, range, options, default and the right to write a column are those that Microsoft publishes."""
    marker, allowed = kind.columns[column.name], column.schema
    found = published(kind)[marker.bind if isinstance(marker, Lookup) and marker.bind else marker.wire]

    assert found["update"]
    assert found["create"] is marker.at_create or kind.table.singular
    if isinstance(marker, Lookup):
        assert found["type"] in {"Lookup", "Owner"}
        assert marker.navigation in found["targets"].values()
        assert marker.wire in published(kind)
        return
    if isinstance(marker, XmlValue):
        assert found["type"] in TYPES["string"]
        return
    assert fits(column, found)
    assert found.get("max_length") == allowed.get("maxLength")
    if column.choice:
        assert set(published_codes(column.choice)) == set(found["options"])
    if allowed["type"] == "integer":
        assert found["min"] == allowed["minimum"]
        assert allowed["maximum"] == min(found["max"], 65535) if "port" in column.name else found["max"]


@pytest.mark.parametrize(("kind", "column"), COLUMNS + RESULTS, ids=name)
def test_each_default_is_the_published_one(kind: TableKind, column: Argument) -> None:
    """What a new row holds is what Microsoft publishes; where it publishes nothing, nothing is claimed."""
    assert isinstance(column.marker, Column)
    default = published(kind)[column.wire].get("default")

    assert column.marker.default == (None if default is None else column.form.read(default))


@pytest.mark.parametrize(("kind", "column"), COLUMNS + RESULTS, ids=name)
def test_each_word_is_the_published_label(kind: TableKind, column: Argument) -> None:
    """A choice's words are Microsoft's labels in snake_case, so its pages stay usable."""
    options = published(kind)[column.wire].get("options", {})

    inside = isinstance(column.marker, XmlValue)  # nothing is published about what stands in the text
    for code, word in (published_codes(column.choice) if column.choice and not inside else {}).items():
        label = re.findall("[a-z0-9]+", str(options[code]).lower())
        assert label[: len(word.split("_"))] == word.split("_")


@pytest.mark.parametrize(("kind", "result"), RESULTS, ids=name)
def test_results_are_published_and_no_arguments(kind: TableKind, result: Argument) -> None:
    """A result is a column of the table with that type, and no argument of the kind."""
    assert fits(result, published(kind)[result.wire])
    assert result.name not in kind.arguments


@pytest.mark.parametrize(("kind", "argument"), ARGUMENTS + RESULTS, ids=name)
def test_each_has_its_label_sentence_and_source(kind: TableKind, argument: Argument) -> None:
    """Each argument and result says in a sentence what it is; a column also says what the form calls it, and where."""
    assert argument.description.rstrip().endswith(".")
    assert argument.description[0].isupper() or argument.description.startswith("`")
    if isinstance(argument.marker, Column):
        assert argument.marker.label
        assert (argument.marker.source or kind.source).startswith("https://learn.microsoft.com/")
