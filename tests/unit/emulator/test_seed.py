from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import EmulatorError, running
from tests.unit.emulator.dataverse import Dataverse

RECIPIENT = "{{name: R, address: {}, type: UserMailbox}}"
FABRIKAM = """
organization: {name: Fabrikam, tenant_id: 11111111-0000-4000-8000-000000000001, type: Developer}
applications:
  - {client_id: 11111111-0000-4000-8000-00000000000a, secret: hush}
profiles:
  - {name: On premises, columns: {servertype: 0, incomingpassword: hidden}}
users:
  - name: Ida
    principal_name: ida@fabrikam.com
    email_address: ida@fabrikam.com
    id: 22222222-0000-4000-8000-000000000001
    mailbox: {emailserverprofile: On premises, incomingemaildeliverymethod: 2, emailrouteraccessapproval: 1}
queues:
  - {name: Help, mailbox: {actdeliverymethod: 0}}
"""


def test_a_seed_says_what_an_organization_starts_with(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(FABRIKAM)

    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        mailbox = dataverse.mailbox("ida@fabrikam.com")
        profile = dataverse.get(f"emailserverprofiles({mailbox['_emailserverprofile_value']})")
        help_methods = dataverse.get("mailboxes?$select=actdeliverymethod&$filter=name eq 'Help'")["value"]
        dataverse.session.close()

    assert emulator.environment["ARM_CLIENT_SECRET"] == "hush"
    assert mailbox["_regardingobjectid_value"] == "22222222-0000-4000-8000-000000000001"
    assert (mailbox["incomingemaildeliverymethod"], mailbox["emailrouteraccessapproval"]) == (2, 1)
    assert (profile["name"], profile["isincomingpasswordset"]) == ("On premises", True)
    assert help_methods[0]["actdeliverymethod"] == 0


def test_a_seed_without_applications_gets_the_usual_one(tmp_path: Path) -> None:
    start = FABRIKAM.index("applications")
    (tmp_path / "seed.yaml").write_text(FABRIKAM[:start] + FABRIKAM[FABRIKAM.index("profiles") :])

    with running() as usual, running(seed_file=tmp_path / "seed.yaml") as emulator:
        assert emulator.environment["ARM_CLIENT_ID"] == usual.environment["ARM_CLIENT_ID"]


@pytest.mark.parametrize(
    ("old", "new", "place"),
    [
        ("queues:", "queue:", "queue"),
        ("name: Ida", "nam: Ida", "users[0].nam"),
        ("type: Developer", "type: Production", "organization.type"),
        ("tenant_id: 1", "tenant_id: x", "organization.tenant_id"),
        ("emailserverprofile: On premises", "emailserverprofile: Nowhere", "users[0].mailbox.emailserverprofile"),
        ("actdeliverymethod: 0", "actdeliverymethod: 9", "queues[0].mailbox.actdeliverymethod"),
        ("actdeliverymethod: 0", "actdelivery: 0", "queues[0].mailbox.actdelivery"),
        ("servertype: 0", "servertype: zero", "profiles[0].columns.servertype"),
        ("actdeliverymethod: 0", "mailboxid: 11111111-0000-4000-8000-000000000009", "queues[0].mailbox.mailboxid"),
        ("actdeliverymethod: 0", "versionnumber: 1", "queues[0].mailbox.versionnumber"),
        ("profiles:", "  - {client_id: 11111111-0000-4000-8000-00000000000a, secret: hush}\nprofiles:", "applications"),
        (
            "profiles:",
            f"recipients:\n  - {RECIPIENT.format('r@f.com')}\n  - {RECIPIENT.format('R@F.com')}\nprofiles:",
            "recipients",
        ),
        ("{name: Fabrikam", "{{name: Fabrikam", "no YAML"),
    ],
)
def test_a_seed_that_does_not_fit_is_refused_by_its_place(tmp_path: Path, old: str, new: str, place: str) -> None:
    (tmp_path / "seed.yaml").write_text(FABRIKAM.replace(old, new))

    with pytest.raises(EmulatorError) as caught, running(seed_file=tmp_path / "seed.yaml"):
        pass

    assert place in str(caught.value)
    assert "hush" not in str(caught.value)


def test_a_refused_seed_leaves_a_data_folder_that_can_be_used(tmp_path: Path) -> None:
    (tmp_path / "seed.yaml").write_text(FABRIKAM.replace("servertype: 0", "servertype: 9"))
    with pytest.raises(EmulatorError), running(seed_file=tmp_path / "seed.yaml", data=tmp_path / "data"):
        pass

    with running(data=tmp_path / "data") as emulator:
        assert emulator.url


@pytest.mark.parametrize("content", [None, b"\xff\xff"])
def test_an_unreadable_seed_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content:
        (tmp_path / "seed.yaml").write_bytes(content)

    with pytest.raises(EmulatorError, match=r"seed\.yaml cannot be read"), running(seed_file=tmp_path / "seed.yaml"):
        pass
