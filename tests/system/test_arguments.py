"""Arguments that cannot be meant: refused before anything is asked or written, and all of them shown."""

import pytest

from .emulated import Dataverse
from .programs import MAILBOX, PROFILE
from .stack import FAILED, Stack

FAULTS = {
    "misspelt": (
        PROFILE.replace("incoming_user_name", "incoming_username"),
        "incoming_username: is no argument of EmailServerProfile; did you mean 'incoming_user_name'?",
    ),
    "unknown": (MAILBOX.replace("user=", "colour='red', profile=profile, user="), "colour: is no argument of Mailbox"),
    "wrong type": (PROFILE.replace("=443", "='443'"), "incoming_port_number: should be a valid integer"),
    "out of range": (PROFILE.replace("=443", "=70000"), "incoming_port_number: should be less than or equal to 65535"),
    "unknown choice": (
        PROFILE.replace('"exchange_server"', '"exchange"'),
        "server_type: should be one of 'exchange_server', 'other'",
    ),
    "missing": (PROFILE.replace('server_type="exchange_server",', ""), "server_type: is required"),
    "no owner": (
        MAILBOX.replace('user="anna@contoso.com"', "username='anna'"),
        "user: give exactly one of user, queue and forward_mailbox",
    ),
    "two owners": (
        MAILBOX.replace("user=", 'queue="Support", user='),
        "user: give exactly one of user, queue and forward_mailbox",
    ),
}


def test_all_faults_are_shown_at_once(stack: Stack, dataverse: Dataverse) -> None:
    """Every fault of every resource stands in one preview, with the resource's name and without a traceback."""
    pieces = ["profile = 'Contoso Exchange'\n"]
    for number, (piece, _) in enumerate(FAULTS.values()):
        renamed = piece.replace('"one-account"', f'"fault-{number}"').replace('"anna"', f'"fault-{number}"')
        pieces.append(renamed.replace("profile = ", f"profile_{number} = ").replace("anna@", f"anna{number}@"))
    stack.program("".join(pieces))

    refused = [stack.preview(status=FAILED).text, stack.up(status=FAILED).text]

    for shown in refused:
        for number, (_, fault) in enumerate(FAULTS.values()):
            assert f"'fault-{number}': {fault}" in shown
        assert "Traceback" not in shown
    assert dataverse.requests() == []


EIGHT = """
account = EmailServerProfile("account", name="Account", server_type="exchange_server",
    incoming_credential_retrieval="credentials_specified_in_email_server_profile", incoming_user_name="crm")
pop = EmailServerProfile("pop", name="Pop", server_type="other", incoming_server_location="pop.contoso.com",
    outgoing_server_location="smtp.contoso.com", incoming_port_number=995, outgoing_port_number=465,
    incoming_use_ssl=False)
anna = Mailbox("anna", user="anna@contoso.com", email_server_profile=pop, process_and_delete_emails=True,
    act_delivery_method="server_side_synchronization")
Mailbox("twin", user="ANNA@contoso.com", pasword=Output.secret("x"))
Mailbox("ben", user="ben@contoso.com", email_server_profile=anna)
"""


def test_eight_faults_of_single_resources_and_of_pairs_are_all_shown(stack: Stack, dataverse: Dataverse) -> None:
    """What is wrong in one resource hides nothing of what is wrong between two, nor the other way round."""
    stack.program(EIGHT)

    shown = stack.preview(status=FAILED).text

    faults = [
        "EmailServerProfile 'account': incoming_credential_retrieval: credentials in the profile need",
        "EmailServerProfile 'account': server_type: an on-premises Exchange Server needs",
        "EmailServerProfile 'pop': incoming_use_ssl: Dataverse online refuses connections without SSL",
        "Mailbox 'anna': process_and_delete_emails: Dataverse refuses to delete mail",
        "Mailbox 'anna': act_delivery_method: a POP3 or IMAP profile synchronizes no appointments",
        "Mailbox 'twin': pasword: is no argument of Mailbox; did you mean 'password'?",
        "Mailbox 'twin': user: 'anna' declares the mailbox of 'ANNA@contoso.com' already",
        "Mailbox 'ben': email_server_profile: wants the email server profile: its resource, id or name",
    ]
    assert [fault for fault in faults if f"error: {fault}" not in shown] == []
    assert dataverse.requests() == []


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_names_its_argument(stack: Stack, dataverse: Dataverse, fault: str) -> None:
    """A fault alone fails the preview, names the argument, and says what is right."""
    piece, said = FAULTS[fault]
    stack.program("profile = 'Contoso Exchange'\n" + piece)

    shown = stack.preview(status=FAILED).text

    assert said in shown
    assert dataverse.requests() == []


def test_one_mailbox_has_one_resource(stack: Stack, dataverse: Dataverse) -> None:
    """Two resources that give the same key are refused in the preview, which names the other one."""
    stack.program(PROFILE + MAILBOX + MAILBOX.replace('"anna"', '"twin"').replace("anna@", "ANNA@"))

    shown = stack.pulumi("up", "--yes", status=FAILED).text

    assert "Mailbox 'twin'" in shown
    assert "'anna' declares the mailbox of 'ANNA@contoso.com' already" in shown
    assert dataverse.requests() == []


def test_one_mailbox_by_two_keys_is_refused_in_up(stack: Stack, dataverse: Dataverse) -> None:
    """Two keys that lead to one mailbox are found out when they are looked up: one resource writes, the other fails."""
    user = dataverse.row("systemusers", "Anna Weber")["systemuserid"]
    stack.program(PROFILE + MAILBOX + MAILBOX.replace('"anna"', '"twin"').replace("anna@contoso.com", user))

    refused = stack.up(status=FAILED).text

    assert "two resources declare one mailbox" in refused
    assert "Keep one of them." in refused
    assert dataverse.writes().count("PATCH mailboxes") == 1


def test_an_import_option_offers_adoption(stack: Stack) -> None:
    """`import_` cannot work for a dynamic provider; the error says what does."""
    stack.program(MAILBOX.replace("user=", "opts=ResourceOptions(import_='x'), user=").replace("=profile", "='x'"))

    shown = stack.preview(status=FAILED).text

    assert "the other kinds always" in shown
    assert "an EmailServerProfile with adopt=True" in shown
