"""The organization's default methods, which new users and queues get."""

from pathlib import Path

import pytest

from pulumi_dataverse_email.emulator import running
from tests.unit.emulator.dataverse import Dataverse

FORM = (
    "<EmailSettings><IncomingEmailDeliveryMethod>{}</IncomingEmailDeliveryMethod>"
    "<OutgoingEmailDeliveryMethod>{}</OutgoingEmailDeliveryMethod>"
    "<ACTDeliveryMethod>{}</ACTDeliveryMethod></EmailSettings>"
)
METHODS = ("incomingemaildeliverymethod", "outgoingemaildeliverymethod", "actdeliverymethod")
NEW = "new@contoso.com"


def _default(dataverse: Dataverse, text: str | None) -> None:
    organization = dataverse.get("organizations")["value"][0]["organizationid"]
    dataverse.change(f"organizations({organization})", defaultemailsettings=text)


def _methods(dataverse: Dataverse) -> list[int]:
    mailbox = dataverse.mailbox(NEW)
    return [mailbox[method] for method in METHODS]


@pytest.mark.parametrize("defaults", [(2, 2, 1), (0, 0, 2), (3, 0, 1), (1, 1, 0)])
def test_a_user_gets_the_defaults(dataverse: Dataverse, defaults: tuple[int, int, int]) -> None:
    """User and mailbox have the same methods, and the default profile where mail is synchronized."""
    _default(dataverse, FORM.format(*defaults))
    user = dataverse.make("systemusers", lastname="New", internalemailaddress=NEW)

    assert _methods(dataverse) == list(defaults)
    row = dataverse.get(f"systemusers({user})")
    assert [row[method] for method in METHODS[:2]] == list(defaults[:2])
    assert (dataverse.mailbox(NEW)["_emailserverprofile_value"] is not None) == (2 in defaults[:2])


@pytest.mark.parametrize(
    ("defaults", "methods"), [((2, 2, 1), [2, 2, 2]), ((3, 0, 0), [3, 0, 2]), ((1, 1, 1), [0, 0, 2])]
)
def test_a_queue_gets_what_it_may_have(
    dataverse: Dataverse, defaults: tuple[int, int, int], methods: list[int]
) -> None:
    """A queue has neither Outlook nor appointments."""
    _default(dataverse, FORM.format(*defaults))
    dataverse.make("queues", name="New", emailaddress=NEW)

    assert _methods(dataverse) == methods


def test_a_method_of_its_own_stays(dataverse: Dataverse) -> None:
    _default(dataverse, FORM.format(2, 2, 1))
    dataverse.make("systemusers", lastname="New", internalemailaddress=NEW, incomingemaildeliverymethod=3)

    assert _methods(dataverse) == [3, 2, 1]


@pytest.mark.parametrize("text", [None, "", "2", "<EmailSettings>", "<Settings/>", FORM.format("", "all", "-1")])
def test_another_text_says_nothing(dataverse: Dataverse, text: str | None) -> None:
    _default(dataverse, text)
    dataverse.make("systemusers", lastname="New", internalemailaddress=NEW)

    assert _methods(dataverse) == [0, 0, 2]


def test_a_seed_may_have_defaults(tmp_path: Path) -> None:
    """They hold for the users and queues of the seed too, for one as for many."""
    (tmp_path / "seed.yaml").write_text(f"""
organization: {{name: F, tenant_id: 11111111-0000-4000-8000-000000000001, default_profile: P,
  default_email_settings: "{FORM.format(2, 0, 1)}"}}
profiles: [{{name: P}}]
users: [{{name: "N {{n}}", principal_name: "n{{n}}@f.com", email_address: "n{{n}}@f.com", count: 3}}]
""")
    with running(seed_file=tmp_path / "seed.yaml") as emulator:
        dataverse = Dataverse(emulator)
        rows = [dataverse.mailbox(f"n{number}@f.com") for number in (1, 2, 3)]
        dataverse.session.close()

    assert [[row[method] for method in METHODS] for row in rows] == [[2, 0, 1]] * 3
    assert len({row["_emailserverprofile_value"] for row in rows} - {None}) == 1
