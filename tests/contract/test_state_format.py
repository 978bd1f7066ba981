"""What stands in people's state stays the same for ever: payloads, class paths, row ids."""

import base64
import pickle
from uuid import UUID

import pytest

import pulumi_dataverse_email as face
from pulumi_dataverse_email import dynamic, table_resource
from pulumi_dataverse_email.engine import props
from pulumi_dataverse_email.resources import KINDS

from ..unit.program import Program

PAYLOADS = {
    "EmailServerProfile": (
        "gASVRAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMGkVtYWlsU2VydmVyUHJvZmlsZVByb3ZpZGVylJOUKYGULg=="
    ),
    "OrganizationEmailSettings": (
        "gASVSwAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMIU9yZ2FuaXphdGlvbkVtYWlsU2V0dGluZ3NQcm92aWRlcpSTlCmBlC4="
    ),
    "MailboxTestAndEnable": (
        "gASVRgAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMHE1haWxib3hUZXN0QW5kRW5hYmxlUHJvdmlkZXKUk5QpgZQu"
    ),
    "MailboxSet": ("gASVPAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMEk1haWxib3hTZXRQcm92aWRlcpSTlCmBlC4="),
    "ImpersonationScope": (
        "gASVRAAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMGkltcGVyc29uYXRpb25TY29wZVByb3ZpZGVylJOUKYGULg=="
    ),
    "Mailbox": "gASVOQAAAAAAAACMHnB1bHVtaV9kYXRhdmVyc2VfZW1haWwuZHluYW1pY5SMD01haWxib3hQcm92aWRlcpSTlCmBlC4=",
}
"""The payloads of release 0.1.0; those of later releases are added, none is ever changed or removed."""


@pytest.mark.parametrize("kind", KINDS)
def test_the_payload_stays(kind: str) -> None:
    """A program writes the payload that state has; another one would be a change of every resource."""
    assert getattr(face, kind).payload == PAYLOADS[kind]


@pytest.mark.parametrize("kind", KINDS)
def test_the_payload_leads_to_the_kind_s_provider(kind: str) -> None:
    """State loads into the provider of its kind, and holds no more than two names."""
    provider = pickle.loads(base64.b64decode(PAYLOADS[kind]))  # noqa: S301  our own constant

    assert type(provider) is getattr(dynamic, f"{kind}Provider")
    assert isinstance(provider, dynamic.KindProvider)
    assert provider.kind is KINDS[kind]
    assert len(PAYLOADS[kind]) < 200


@pytest.mark.parametrize("kind", KINDS)
def test_the_payload_is_what_pickling_makes(kind: str) -> None:
    """A provider has no state of its own when it is pickled."""
    provider = getattr(dynamic, f"{kind}Provider")()

    assert base64.b64encode(pickle.dumps(provider, protocol=4)).decode() == PAYLOADS[kind]
    assert vars(provider) == {}
    assert not provider.serialize_as_secret_always


def test_no_provider_is_missing() -> None:
    """Each kind has its class, its payload and its provider."""
    assert set(PAYLOADS) == set(KINDS)
    assert all(issubclass(getattr(dynamic, f"{kind}Provider"), dynamic.KindProvider) for kind in KINDS)


def test_names_of_properties_stay() -> None:
    """Old state is read under the names that it was written under."""
    names = (props.ROW_ID, props.GENERATION, props.HOST, props.ORGANIZATION, props.ADOPTED, props.PREVIOUS)

    assert names == ("row_id", "generation", "environment_host", "organization_id", "adopted", "previous")
    assert (props.OWNER_ID, props.lookup_id("email_server_profile")) == ("owner_id", "email_server_profile_id")
    assert props.REFUSED == "refused"


def test_row_ids_are_made_from_names() -> None:
    """The id of a row that we make follows from project, stack, kind and logical name, and from nothing else."""
    program = Program().run(
        lambda: face.EmailServerProfile("one-account", name="Contoso Exchange", server_type="exchange_online_hybrid")
    )

    assert UUID("6e0f6e3c-52e4-5c0e-8f6b-6a8b2f7f8d11") == table_resource.ROW_IDS
    assert program.inputs["one-account"]["row_id"] == "8e4987f6-9e8a-528b-bb4e-2be1fca50907"
    assert program.types["one-account"] == "pulumi-python:dynamic/dataverse-email:EmailServerProfile"


COUNT = 2_000
"""Of resources in one program; pickling at run time ended with a RecursionError at the 980th."""


def test_thousands_of_resources_are_constructed() -> None:
    """No construction deepens the next one: each hands over the same constant, and none is pickled."""

    def declare() -> None:
        for number in range(COUNT):
            face.Mailbox(f"mailbox-{number}", user=f"user-{number}@contoso.com")

    program = Program().run(declare)

    payloads = {inputs["__provider"] for inputs in program.inputs.values()}
    assert (len(program.inputs), payloads) == (COUNT, {PAYLOADS["Mailbox"]})
