"""Whatever valid things clients and tests do, in whatever order, some things stay true."""

# ruff: noqa: D102 - the name of a rule is its sentence

from typing import ClassVar
from uuid import uuid4

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test

from tests.unit.emulator.batches import batch, change_set, request
from tests.unit.emulator.dataverse import Dataverse, Json

SECRET = "hush-nobody-may-read-this"
TABLES = {
    "systemusers": "systemuserid",
    "queues": "queueid",
    "mailboxes": "mailboxid",
    "emailserverprofiles": "emailserverprofileid",
}
METHODS = {
    "incomingemaildeliverymethod": (0, 2, 3),
    "outgoingemaildeliverymethod": (0, 2),
    "actdeliverymethod": (0, 1, 2),
}

mailbox_changes = st.fixed_dictionaries(
    {},
    optional={
        **{name: st.sampled_from(codes) for name, codes in METHODS.items()},
        "username": st.sampled_from(["one", "two"]),
        "password": st.just(SECRET),
        "emailrouteraccessapproval": st.sampled_from([1, 3]),
    },
).filter(bool)


class Clients(RuleBasedStateMachine):
    """Clients of one environment, and what they know of it."""

    dataverse: ClassVar[Dataverse]
    owners = Bundle("owners")
    profiles = Bundle("profiles")

    def __init__(self) -> None:
        super().__init__()
        self.dataverse.control("POST", "reset")
        self.seen: dict[str, Json] = {}

    @rule(target=owners, number=st.integers(0, 999))
    def a_user_appears(self, number: int) -> str:
        columns = {"firstname": "User", "lastname": str(number), "internalemailaddress": f"{uuid4()}@contoso.com"}
        return f"systemusers({self.dataverse.control('POST', 'rows/systemusers', columns)['systemuserid']})"

    @rule(target=owners, number=st.integers(0, 999))
    def a_queue_is_made(self, number: int) -> str:
        queue = self.dataverse.make("queues", name=f"Queue {number}", emailaddress=f"{uuid4()}@contoso.com")
        return f"queues({queue})"

    @rule(target=profiles, number=st.integers(0, 999))
    def a_profile_is_made(self, number: int) -> str:
        columns = {"name": f"Profile {number}", "servertype": 0, "incomingpassword": SECRET}
        return f"emailserverprofiles({self.dataverse.make('emailserverprofiles', **columns)})"

    @rule(owner=owners, changes=mailbox_changes)
    def a_mailbox_is_changed_at_its_version(self, owner: str, changes: Json) -> None:
        path, row = self._mailbox(owner)
        if self._changed(path, changes, row["@odata.etag"]):
            assert self.dataverse.call("PATCH", path, changes, If_Match=row["@odata.etag"]).status_code == 412
            assert self.dataverse.get(path)["versionnumber"] > row["versionnumber"]
        else:
            assert self.dataverse.get(path) == row

    @rule(owner=owners, profile=profiles)
    def a_mailbox_gets_a_profile(self, owner: str, profile: str) -> None:
        self.dataverse.change(self._mailbox(owner)[0], **{"emailserverprofile@odata.bind": f"/{profile}"})

    @rule(owner=owners)
    def a_mailbox_is_tested(self, owner: str) -> None:
        self._changed(self._mailbox(owner)[0], {"testemailconfigurationscheduled": True})

    @rule(profile=profiles)
    def a_secret_is_changed(self, profile: str) -> None:
        own = {"usesamesettingsforoutgoingconnections": False, "outgoingpassword": SECRET}
        self.dataverse.change(profile, **own, incomingpassword=f"{SECRET}-2")

    @rule(owner=owners, profile=profiles, fails=st.booleans())
    def a_change_set_is_all_or_nothing(self, owner: str, profile: str, fails: bool) -> None:  # noqa: FBT001 - drawn
        path, before = self._mailbox(owner)
        made, name = f"queues({uuid4()})", str(uuid4())
        last = {"servertype": 99} if fails else {"name": name}
        parts = [
            request("PATCH", made, {"name": "Made"}, content_id="1"),
            request("PATCH", path, {"username": name}, content_id="2"),
            request("PATCH", profile, last, content_id="3"),
        ]
        batch(self.dataverse, change_set(*parts))

        after = self.dataverse.get(path)
        assert (after["username"] == name) is not fails
        assert (self.dataverse.call("GET", made).status_code == 200) is not fails
        assert (self.dataverse.get(profile)["name"] == name) is not fails
        assert (after["versionnumber"] > before["versionnumber"]) is not fails

    @rule(owner=consumes(owners))
    def an_owner_goes(self, owner: str) -> None:
        path, _ = self._mailbox(owner)
        entity_set, _, row_id = owner.rstrip(")").partition("(")
        self.dataverse.control("DELETE", f"rows/{entity_set}/{row_id}")
        assert self.dataverse.call("GET", path).status_code == 404

    @rule(profile=consumes(profiles))
    def a_profile_goes(self, profile: str) -> None:
        assert self.dataverse.call("DELETE", profile).status_code == 204

    @rule(seconds=st.sampled_from([1, 60, 120]))
    def time_passes(self, seconds: int) -> None:
        self.dataverse.advance(seconds)
        self.dataverse.control("POST", "cycle")

    @invariant()
    def a_changed_row_has_a_higher_version(self) -> None:
        rows = {row[key]: row for name, key in TABLES.items() for row in self._rows(name)}
        for row_id in rows.keys() & self.seen.keys():
            old, new = self.seen[row_id], rows[row_id]
            assert new["versionnumber"] >= old["versionnumber"]
            assert new == old or new["versionnumber"] > old["versionnumber"]
        assert len({row["versionnumber"] for row in rows.values()}) == len(rows)
        self.seen = rows

    @invariant()
    def each_owner_has_one_mailbox(self) -> None:
        mailboxes = {row["mailboxid"]: row for row in self._rows("mailboxes")}
        owners = {row[TABLES[name]]: row for name in ("systemusers", "queues") for row in self._rows(name)}

        assert sorted(row["_regardingobjectid_value"] for row in mailboxes.values()) == sorted(owners)
        for owner_id, owner in owners.items():
            assert mailboxes[owner["_defaultmailbox_value"]]["_regardingobjectid_value"] == owner_id

    @invariant()
    def no_secret_can_be_read(self) -> None:
        for name in ("mailboxes", "emailserverprofiles"):
            everything = 'odata.include-annotations="*"'
            assert SECRET not in self.dataverse.call("GET", name, Prefer=everything).text
            assert SECRET not in str(self.dataverse.control("GET", f"rows/{name}"))
        hidden = f"emailserverprofiles?$filter=incomingpassword eq '{SECRET}'&$select=name"
        answer = self.dataverse.call("GET", hidden)
        assert answer.status_code == 400 or not answer.json()["value"]

    def _changed(self, path: str, changes: Json, etag: str = "*") -> bool:
        """Change a row and say whether that happened: a rule may refuse it."""
        answer = self.dataverse.call("PATCH", path, changes, If_Match=etag)
        assert answer.status_code == 204 or answer.json()["error"]["code"].startswith("0x8005E2"), answer.text
        return answer.status_code == 204

    def _mailbox(self, owner: str) -> tuple[str, Json]:
        row = self.dataverse.get(f"{owner}/defaultmailbox")
        return f"mailboxes({row['mailboxid']})", row

    def _rows(self, entity_set: str) -> list[Json]:
        rows: list[Json] = self.dataverse.control("GET", f"rows/{entity_set}")["value"]
        return rows


def test_what_stays_true(dataverse: Dataverse) -> None:
    Clients.dataverse = dataverse
    run_state_machine_as_test(
        Clients,
        settings=settings(
            max_examples=20,
            stateful_step_count=15,
            phases=[Phase.generate],
            report_multiple_bugs=False,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
