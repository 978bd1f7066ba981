"""Calls as Microsoft's pages print them, made with curl."""

import json
import shutil
import subprocess
from typing import Any

import pytest

from tests.unit.emulator.dataverse import ANNA, Dataverse

pytestmark = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")

USUAL = ("Accept: application/json", "OData-MaxVersion: 4.0", "OData-Version: 4.0", "If-None-Match: null")
JSON = "Content-Type: application/json; charset=utf-8"


def _curl(dataverse: Dataverse, method: str, path: str, body: object = None, *headers: str) -> tuple[int, str, Any]:
    """Return the status, the headers and the body of an answer."""
    url = f"{dataverse.url}/api/data/v9.2/{path}"
    given = [f"Authorization: {dataverse.headers['Authorization']}", *USUAL, *headers]
    command = ["curl", "--silent", "--globoff", "--disable", "--noproxy", "*", "--max-time", "30", "--include"]
    command += ["--cacert", dataverse.settings["REQUESTS_CA_BUNDLE"], "--request", method, url]
    command += [part for header in given for part in ("--header", header)]
    if body is not None:
        command += ["--header", JSON, "--data", json.dumps(body)]
    answer = subprocess.run(command, capture_output=True, check=True, encoding="utf-8").stdout
    head, _, content = answer.partition("\n\n")
    return int(head.split()[1]), head, json.loads(content) if content else None


def test_a_row_is_created_read_updated_and_deleted(dataverse: Dataverse) -> None:
    status, head, content = _curl(dataverse, "POST", "emailserverprofiles", {"name": "Sample Profile"})
    assert (status, content) == (204, None)
    url = next(line for line in head.splitlines() if line.lower().startswith("odata-entityid:")).split(" ", 1)[1]
    path = url.removeprefix(f"{dataverse.url}/api/data/v9.2/")

    status, _, row = _curl(dataverse, "GET", f"{path}?$select=name")
    assert (status, row["name"]) == (200, "Sample Profile")

    change = {"name": "Updated Sample Profile ", "incomingportnumber": 443}
    assert _curl(dataverse, "PATCH", path, change, "If-Match: *")[0] == 204
    status, _, row = _curl(dataverse, "PATCH", f"{path}?$select=name", {"name": "x"}, "Prefer: return=representation")
    assert (status, row["name"]) == (200, "x")

    assert _curl(dataverse, "PUT", f"{path}/name", {"value": "Updated Sample Name"})[0] == 204
    assert _curl(dataverse, "DELETE", f"{path}/description")[0] == 204
    assert _curl(dataverse, "GET", f"{path}/name")[2]["value"] == "Updated Sample Name"

    assert _curl(dataverse, "DELETE", path)[0] == 204
    status, _, refusal = _curl(dataverse, "DELETE", path)
    assert (status, refusal["error"]["code"]) == (404, "0x80040217")


def test_rows_are_queried(dataverse: Dataverse) -> None:
    options = "$select=name&$filter=contains(name,'a')&$orderby=name%20desc&$count=true"
    annotations = 'Prefer: odata.include-annotations="OData.Community.Display.V1.FormattedValue"'

    status, head, found = _curl(
        dataverse, "GET", f"mailboxes?{options}", None, "Prefer: odata.maxpagesize=2", annotations
    )

    assert (status, len(found["value"]), found["@odata.count"]) == (200, 2, 4)
    assert "Preference-Applied: odata.maxpagesize=2".lower() in head.lower()
    link = found["@odata.nextLink"].removeprefix(f"{dataverse.url}/api/data/v9.2/")
    assert len(_curl(dataverse, "GET", link, None, "Prefer: odata.maxpagesize=2")[2]["value"]) == 2


def test_rows_are_joined(dataverse: Dataverse) -> None:
    profile = f"emailserverprofiles({dataverse.make('emailserverprofiles', name='A')})"
    mailbox = f"mailboxes({dataverse.mailbox(ANNA)['mailboxid']})"
    link = {"@odata.id": f"{dataverse.url}/api/data/v9.2/{mailbox}"}

    assert _curl(dataverse, "POST", f"{profile}/emailserverprofile_mailbox/$ref", link)[0] == 204
    expand = "$expand=emailserverprofile_mailbox($select=name;$filter=contains(name,'anna'))"
    row = _curl(dataverse, "GET", f"{profile}?$select=name&{expand}")[2]
    assert [entry["name"] for entry in row["emailserverprofile_mailbox"]] == ["Anna Weber"]
    assert _curl(dataverse, "DELETE", f"{mailbox}/emailserverprofile/$ref")[0] == 204


def test_functions_are_called(dataverse: Dataverse) -> None:
    assert _curl(dataverse, "GET", "WhoAmI")[2]["OrganizationId"]
    assert _curl(dataverse, "GET", "RetrieveVersion()")[2]["Version"]
    count = _curl(dataverse, "GET", 'RetrieveTotalRecordCount(EntityNames=@p1)?@p1=["mailbox"]')[2]
    assert count["EntityRecordCountCollection"]["Values"] == [6]
