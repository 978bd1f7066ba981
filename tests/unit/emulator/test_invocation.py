"""Exchange's cmdlets over HTTP: forms, rights, pages and refusals."""

import pytest

from pulumi_dataverse_email.emulator.exchange.cmdlets import CMDLETS
from tests.unit.emulator.dataverse import NOBODY, Dataverse
from tests.unit.emulator.exchange import APP, APP_OBJECT, EWS, SYSTEM_MAILBOX, Exchange, command, kind_of

FILTER = "CustomAttribute1 -eq 'crm'"


def test_the_other_version_answers_too(exchange: Exchange) -> None:
    url = f"{exchange.dataverse.url}/adminapi/v1.0/contoso.onmicrosoft.com/InvokeCommand"

    assert exchange.post(command("Get-ManagementScope"), url).json()["value"] == []


def test_parameters_may_be_left_out_and_written_in_any_case(exchange: Exchange) -> None:
    assert exchange.post({"CmdletInput": {"CmdletName": "get-managementscope"}}).ok
    assert exchange.run("new-managementscope", name="CRM", recipientRestrictionFilter=FILTER)


@pytest.mark.parametrize(
    "body",
    [None, 5, [], {}, {"CmdletInput": 5}, {"CmdletInput": {"CmdletName": 5}}, {"CmdletInput": {"Parameters": {}}},
     {"CmdletInput": {"CmdletName": "Get-ManagementScope", "Parameters": [1]}}],
)  # fmt: skip
def test_a_body_that_is_no_command_is_refused(exchange: Exchange, body: object) -> None:
    assert exchange.post(body).status_code == 400


def test_broken_json_is_refused(exchange: Exchange) -> None:
    url = f"{exchange.dataverse.url}/adminapi/beta/{exchange.tenant}/InvokeCommand"
    for text in ("{", "[" * 100_000, "\xff"):
        answer = exchange.dataverse.session.post(url, data=text.encode("latin-1"), headers=exchange.headers, timeout=30)
        assert answer.status_code == 400


@pytest.mark.parametrize("cmdlet", ["Get-Fishing", "ManagementScope", "", "Get-ManagementScope; rm"])
def test_an_unknown_cmdlet_is_forbidden_with_a_body_of_nothing(exchange: Exchange, cmdlet: str) -> None:
    assert exchange.forbids(cmdlet)


def test_a_cmdlet_that_is_not_emulated_says_so(exchange: Exchange) -> None:
    assert exchange.call("Get-RoleGroup").status_code == 501


def test_what_else_the_administration_offers_is_not_emulated(exchange: Exchange) -> None:
    assert exchange.post({}, f"{exchange.dataverse.url}/adminapi/beta/{exchange.tenant}/$batch").status_code == 501


@pytest.mark.parametrize(
    "anchor",
    ["", "nonsense", f"APP:{SYSTEM_MAILBOX}", f"APP:{SYSTEM_MAILBOX}@{NOBODY}", "UPN:admin@elsewhere.example"],
)
def test_a_call_must_name_a_mailbox_of_the_organization(exchange: Exchange, anchor: str) -> None:
    answer = exchange.post(command("Get-ManagementScope"), X_AnchorMailbox=anchor)

    assert answer.status_code == 400
    assert "X-AnchorMailbox" in answer.text


def test_the_anchor_may_be_dispensable(exchange: Exchange) -> None:
    exchange.switch(anchor="optional")

    assert exchange.post(command("Get-ManagementScope"), X_AnchorMailbox="").ok


def test_a_list_comes_in_pages(exchange: Exchange) -> None:
    body = command("Get-Mailbox")
    names: list[str] = []
    path: str | None = None
    pages = 0
    while pages == 0 or path:
        answer = exchange.post(body, path, Prefer="odata.maxpagesize=2").json()
        names += [one["Name"] for one in answer["value"]]
        path = answer.get("@odata.nextLink")
        pages += 1

    assert pages == 3
    assert names == exchange.names("Get-Mailbox")


@pytest.mark.parametrize("token", ["x", "W10=", "WyJhIiwgMV0=", "bnVsbA==", "%00", "WzEsMV0="])
def test_a_next_link_that_was_made_up_is_refused(exchange: Exchange, token: str) -> None:
    url = f"{exchange.dataverse.url}/adminapi/beta/{exchange.tenant}/InvokeCommand?$skiptoken={token}"

    assert exchange.post(command("Get-Mailbox"), url).status_code == 400


def test_properties_can_be_chosen(exchange: Exchange) -> None:
    url = f"{exchange.dataverse.url}/adminapi/beta/{exchange.tenant}/InvokeCommand?$select=Name,Guid"

    (first, *_) = exchange.post(command("Get-Mailbox"), url).json()["value"]

    assert first.keys() == {"Name", "Guid"}


def test_a_refusal_names_the_type_of_the_exception(exchange: Exchange) -> None:
    answer = exchange.call("Get-ManagementScope", Identity="nowhere")

    error = answer.json()["error"]
    code, kind, text = error["details"][0]["message"].split("|")
    assert (answer.status_code, error["code"]) == (404, "NotFound")
    assert (code[:2], kind) == ("Ex", "Microsoft.Exchange.Configuration.Tasks.ManagementObjectNotFoundException")
    assert "'nowhere'" in text


def _other(dataverse: Dataverse, **registration: object) -> Exchange:
    """Another application than the administrator's."""
    registered = {"secret": "hush", "object_id": APP_OBJECT, "member": False, **registration}
    dataverse.control("PUT", f"applications/{APP}", registered)
    return Exchange(dataverse, client_id=APP, client_secret="hush")


def test_a_call_without_a_token_is_refused(exchange: Exchange) -> None:
    answer = exchange.post(command("Get-ManagementScope"), Authorization="")

    assert (answer.status_code, answer.headers["WWW-Authenticate"][:6]) == (401, "Bearer")


def test_an_application_needs_the_permission(dataverse: Dataverse) -> None:
    stranger = _other(dataverse, roles=["Exchange Administrator"])

    assert stranger.call("Get-ManagementScope").status_code == 401


def test_the_token_of_an_environment_with_another_name_is_no_use(exchange: Exchange) -> None:
    url = f"{exchange.dataverse.url.replace('127.0.0.1', 'localhost')}/adminapi/beta/{exchange.tenant}/InvokeCommand"
    headers = exchange.dataverse.headers

    assert exchange.post(command("Get-ManagementScope"), url, **headers).status_code == 401


def test_the_token_of_one_tenant_is_no_use_in_another(exchange: Exchange) -> None:
    url = f"{exchange.dataverse.url}/adminapi/beta/{NOBODY}/InvokeCommand"

    assert exchange.post(command("Get-ManagementScope"), url).status_code == 401


def test_an_application_needs_a_right_besides(dataverse: Dataverse) -> None:
    other = _other(dataverse, permissions=["Exchange.ManageAsApp"], roles=[])

    assert other.forbids("Get-ManagementScope")


def test_a_reader_reads(dataverse: Dataverse) -> None:
    reader = _other(dataverse, permissions=["Exchange.ManageAsApp"], roles=["Global Reader"])

    assert reader.run("Get-ManagementScope") == []
    assert reader.forbids("New-ManagementScope", Name="x", RecipientRestrictionFilter=FILTER)


def test_who_manages_roles_hands_on_only_what_was_delegated(exchange: Exchange) -> None:
    other = _other(exchange.dataverse, permissions=["Exchange.ManageAsApp"], roles=[])
    exchange.run("New-ServicePrincipal", AppId=APP, ObjectId=APP_OBJECT)
    exchange.run("New-ManagementRoleAssignment", App=APP, Role="Role Management")
    exchange.run("New-ManagementRoleAssignment", App=APP, Role=EWS, Delegating=True)

    assert other.run("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER)
    assert other.run("New-ManagementRoleAssignment", Name="mail", App=APP, Role=EWS, CustomResourceScope="CRM")
    refused = other.call("New-ManagementRoleAssignment", App=APP, Role="Application Mail.Read")
    assert "delegating role assignment" in refused.text
    assert other.forbids("Get-Mailbox")


def test_a_right_given_later_needs_a_new_token(dataverse: Dataverse) -> None:
    stale = _other(dataverse, permissions=["Exchange.ManageAsApp"], roles=[])
    fresh = _other(dataverse, permissions=["Exchange.ManageAsApp"], roles=["Exchange Administrator"])

    assert stale.forbids("Get-ManagementScope")
    assert fresh.run("Get-ManagementScope") == []


def test_a_reset_forgets_what_administrators_made(exchange: Exchange) -> None:
    exchange.run("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER)
    exchange.switch(anchor="optional")

    exchange.dataverse.control("POST", "reset")

    assert exchange.run("Get-ManagementScope") == []
    assert exchange.dataverse.control("GET", "exchange")["anchor"] == "required"


@pytest.mark.parametrize("body", [{"anchor": "sometimes"}, {"anchors": "required"}, {"replication_delay": -1}, []])
def test_a_switch_that_does_not_fit_is_refused(dataverse: Dataverse, body: object) -> None:
    answer = dataverse.session.patch(f"{dataverse.url}/emulator/exchange", json=body, timeout=30)

    assert answer.status_code == 400


def test_trouble_on_demand_reaches_exchange_too(exchange: Exchange) -> None:
    throttled = {"status": 429, "headers": {"Retry-After": "7"}}
    exchange.dataverse.fail(path="InvokeCommand", when="after", answer=throttled)

    answer = exchange.call("New-ManagementScope", Name="CRM", RecipientRestrictionFilter=FILTER)

    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert exchange.names("Get-ManagementScope") == ["CRM"]
    assert kind_of(exchange.call("Get-ManagementScope", Identity="x")) == "ManagementObjectNotFoundException"


@pytest.mark.parametrize("cmdlet", sorted(CMDLETS))
def test_no_argument_breaks_a_cmdlet(exchange: Exchange, cmdlet: str) -> None:
    required = {name: "x" for name, one in CMDLETS[cmdlet].items() if one.mandatory and not one.sets}

    for name in CMDLETS[cmdlet]:
        for value in (None, True, 10**400, "", "\0", "\ud800", "*", "' -or", [None], {"a": 1}):
            answer = exchange.call(cmdlet, **{**required, name: value})
            assert answer.status_code in (200, 400, 404, 501), (name, value, answer.text)
