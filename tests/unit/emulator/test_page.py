"""The emulator's page: what it says can be done is done here, and nothing that can be done is missing."""

import json
import re
from pathlib import Path
from urllib.parse import quote

from pulumi_dataverse_email.emulator import running
from pulumi_dataverse_email.emulator.control import ENDPOINTS
from tests.unit.emulator.dataverse import Dataverse
from tools import emulator_switches

PAGE = emulator_switches.PAGE.read_text("utf-8")
CALLS = re.findall(
    r"^(GET|POST|PUT|PATCH|DELETE) (/emulator/.+)(?:\n(\{.*\}))?$",
    "\n\n".join(re.findall(r"```http\n(.*?)```", PAGE, re.DOTALL)),
    re.MULTILINE,
)
"""Method, path and body of each example."""


def _calls(method: str, template: str) -> bool:
    pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(f"/emulator{template}"))
    return any(method == called and re.fullmatch(pattern, path) for called, path, _ in CALLS)


def test_every_control_call_has_an_example() -> None:
    known = [(method, template) for method, template, _ in ENDPOINTS] + [("GET", "/logins")]

    assert [call for call in known if not _calls(*call)] == []


def test_every_example_works(dataverse: Dataverse) -> None:
    """One after another, on the organization that comes along."""
    url = f"{dataverse.url}/{dataverse.settings['ARM_TENANT_ID']}/oauth2/v2.0/devicecode"
    form = {"client_id": dataverse.settings["ARM_CLIENT_ID"], "scope": f"{dataverse.url}/.default"}
    snapshot = json.dumps(dataverse.control("GET", "snapshot"))

    for method, path, body in CALLS:
        code = dataverse.session.post(url, form, timeout=30).json()["user_code"] if "<the user code>" in path else ""
        where = quote(path.replace("<the user code>", code), safe="/@")
        sent = re.sub(r"<what .*? answered>", lambda _match: snapshot, body)
        answer = dataverse.session.request(method, f"{dataverse.url}{where}", data=sent, timeout=30)
        assert answer.ok, f"{method} {path}: {answer.text}"


def test_the_seed_of_the_page_can_be_planted(tmp_path: Path) -> None:
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    (tmp_path / "seed.yaml").write_text(text)

    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        found = dataverse.get("mailboxes?$filter=startswith(emailaddress,'person')&$select=name&$count=true")
        dataverse.session.close()

    assert found["@odata.count"] == 500
