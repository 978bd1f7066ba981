from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import EmulatorError, running
from tests.unit.emulator.dataverse import Dataverse, Json

CROWD = """
organization: {name: Fabrikam, tenant_id: 11111111-0000-4000-8000-000000000001}
profiles:
  - {name: On premises, columns: {servertype: 0}}
users:
  - name: Person {n}
    principal_name: "person{n}@fabrikam.com"
    email_address: "person{n}@fabrikam.com"
    count: 12
    roles: [System Administrator]
    mailbox: {emailserverprofile: On premises, incomingemaildeliverymethod: 2}
queues:
  - {name: "Desk {n}", email_address: "desk{n}@fabrikam.com", count: 3}
"""


def _mailboxes(seed: Path) -> list[Json]:
    with running(seed_file=seed) as emulator:
        dataverse = Dataverse(emulator)
        found: list[Json] = dataverse.get("mailboxes?$filter=startswith(emailaddress,'person')")["value"]
        dataverse.session.close()
    return found


def test_each_of_many_users_has_a_mailbox_and_roles_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(CROWD)

    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        users = dataverse.get(
            "systemusers?$filter=startswith(domainname,'person')&$expand=defaultmailbox,systemuserroles_association"
        )["value"]
        recipients = dataverse.control("GET", "recipients")["value"]
        dataverse.session.close()

    assert {user["domainname"] for user in users} == {f"person{number}@fabrikam.com" for number in range(1, 13)}
    for user in users:
        mailbox = user["defaultmailbox"]
        assert mailbox["_regardingobjectid_value"] == mailbox["_ownerid_value"] == user["systemuserid"]
        assert mailbox["emailaddress"] == user["internalemailaddress"] == user["domainname"]
        assert mailbox["name"] == user["fullname"]
        assert (mailbox["incomingemaildeliverymethod"], bool(mailbox["_emailserverprofile_value"])) == (2, True)
        assert [role["name"] for role in user["systemuserroles_association"]] == ["System Administrator"]
    assert len({user["versionnumber"] for user in users}) == len(users)
    assert len(recipients) == 15


def test_many_queues_are_made_alike(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(CROWD)

    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        found = dataverse.names("mailboxes?$filter=startswith(emailaddress,'desk')&$orderby=name")
        dataverse.session.close()

    assert found == ["Desk 1", "Desk 2", "Desk 3"]


def test_users_who_differ_in_names_only_are_made_as_if_one_by_one(tmp_path: Path) -> None:
    lines = [f'  - {{name: "Person {n}", principal_name: p{n}@x.com, email_address: person{n}@x.com}}' for n in (1, 2)]
    users = "users:\n" + "\n".join(lines)
    (tmp_path / "seed.yaml").write_text(CROWD[: CROWD.index("profiles:")] + users)

    one, other = _mailboxes(tmp_path / "seed.yaml")

    unlike = {name for name in one if one[name] != other[name]}
    assert unlike == {
        "mailboxid", "name", "emailaddress", "versionnumber", "_ownerid_value", "_owninguser_value",
        "_regardingobjectid_value", "@odata.etag",
    }  # fmt: skip


def test_the_same_seed_makes_the_same_users(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(CROWD)

    one, other = ({row["_regardingobjectid_value"] for row in _mailboxes(tmp_path / "seed.yaml")} for _ in range(2))

    assert one == other


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("person{n}@fabrikam.com", "person@fabrikam.com", "users[0]"),
        ("count: 12", "count: 0", "users[0].count"),
        ("count: 12", "count: 1000000", "users[0].count"),
        ("count: 12", "count: 12\n    id: 11111111-0000-4000-8000-000000000001", "users[0]"),
        ("count: 12", "count: 12\n    object_id: 11111111-0000-4000-8000-000000000001", "users[0]"),
        ("System Administrator", "Typist", "users[0].roles"),
        ('queues:\n  - {name: "Desk {n}"', 'queues:\n  - {name: Desk 2}\n  - {name: "Desk {n}"', "queues[1]"),
        ("profiles:\n", "profiles:\n  - {name: On premises}\n", "profiles[1]"),
        ("count: 12", "count: " + "[" * 5000, "no YAML"),
    ],
)
def test_many_that_cannot_be_are_refused_by_their_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    (tmp_path / "seed.yaml").write_text(CROWD.replace(old, new))

    with pytest.raises(EmulatorError) as caught, running(seed_file=tmp_path / "seed.yaml"):
        pass

    assert place in str(caught.value)
