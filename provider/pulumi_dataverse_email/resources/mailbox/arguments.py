"""The arguments and results of `Mailbox`."""

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import (
    INPUTS,
    CaselessForm,
    ChoiceInput,
    ClearableInput,
    Column,
    Input,
    Lookup,
    Moment,
    Note,
    Policy,
    ReferenceInput,
)
from ..email_server_profile import EmailServerProfile
from ..ownership import OwnershipArgs
from ..sources import ACCESS, BEST_PRACTICES, EDIT_MAILBOXES
from ..tables import PROFILES
from .choices import (
    ActDeliveryMethod,
    AddressApproval,
    IncomingEmailDeliveryMethod,
    OutgoingEmailDeliveryMethod,
    TestStatus,
)
from .whose import WhoseArgs


@with_config(INPUTS)
class ProfileArgs(TypedDict, total=False):
    """Through which mail server."""

    email_server_profile: Annotated[
        ReferenceInput[EmailServerProfile],
        Lookup("emailserverprofile", "Server Profile", target=PROFILES, clearable=True, retest=True),
    ]
    """The profile that the mailbox uses: the resource, a GUID, or a name such as `Microsoft Exchange Online`."""


@with_config(INPUTS)
class MethodsArgs(TypedDict, total=False):
    """What is synchronized, and how."""

    incoming_email_delivery_method: Annotated[
        ChoiceInput[IncomingEmailDeliveryMethod],
        Column(
            "incomingemaildeliverymethod",
            "Incoming Email",
            retired=(IncomingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
        ),
    ]
    """How mail comes in."""

    outgoing_email_delivery_method: Annotated[
        ChoiceInput[OutgoingEmailDeliveryMethod],
        Column(
            "outgoingemaildeliverymethod",
            "Outgoing Email",
            retired=(OutgoingEmailDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
        ),
    ]
    """How mail goes out."""

    act_delivery_method: Annotated[
        ChoiceInput[ActDeliveryMethod],
        Column(
            "actdeliverymethod",
            "Appointments, Contacts, and Tasks",
            retired=(ActDeliveryMethod.MICROSOFT_DYNAMICS_365_FOR_OUTLOOK,),
            retest=True,
            default="microsoft_dynamics_365_for_outlook",
        ),
    ]
    """How appointments, contacts and tasks are synchronized."""


@with_config(INPUTS)
class CredentialsArgs(TypedDict, total=False):
    """Credentials of the mailbox's own."""

    allow_email_connector_to_use_credentials: Annotated[
        Input[bool],
        Column(
            "allowemailconnectortousecredentials",
            "Allow to Use Credentials for Email Processing",
            retest=True,
            default=False,
            source=EDIT_MAILBOXES,
        ),
    ]
    """Whether the mailbox's own user name and password are used; the profile must say so too."""

    username: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column("username", "User Name", clearable=True, retest=True, source=EDIT_MAILBOXES),
    ]
    """The mailbox's own user name."""

    password: Annotated[
        ClearableInput[str],
        Field(min_length=1, max_length=200),
        Column(
            "password",
            "Password",
            secret=True,
            set_flag="ispasswordset",
            goes_with="username",
            clearable=True,
            restorable=False,
            retest=True,
            source=EDIT_MAILBOXES,
        ),
    ]
    """The mailbox's own password; Dataverse stores it and never shows it again."""

    password_expires_on: Annotated[Input[Moment], Note()]
    """When the password expires; previews warn from 30 days before. Kept in the state, never sent."""


@with_config(INPUTS)
class SettingsArgs(TypedDict, total=False):
    """What else is set for the mailbox."""

    process_email_received_after: Annotated[
        ClearableInput[Moment],
        Column(
            "processemailreceivedafter",
            "Process Email Received After",
            clearable=True,
            restorable=False,
            moves_forward=True,
            moved_back="mail since then that was not tracked is pulled in; leave the date as it was to prevent that",
            source=BEST_PRACTICES,
        ),
    ]
    """The date before which mail is not read; the service moves it forward, and a later date is never set back.

    `CLEAR` empties it once: the service then writes the date up to which it has read mail, and that stays.
    """

    name: Annotated[Input[str], Field(min_length=1, max_length=200), Column("name", "Name", source=EDIT_MAILBOXES)]
    """The mailbox's own name; at first it is that of the user or queue."""

    email_address: Annotated[
        Input[str],
        Field(min_length=1, max_length=100),
        CaselessForm(),
        Column("emailaddress", "Email Address", restorable=False, retest=True, source=EDIT_MAILBOXES),
    ]
    """The mailbox's address: a change is written through to the user or queue, and needs a new approval."""

    process_and_delete_emails: Annotated[
        Input[bool],
        Column("processanddeleteemails", "Delete Emails after Processing", default=False, source=EDIT_MAILBOXES),
    ]
    """Whether mail is deleted from the mailbox once it is read; for queues and forward mailboxes."""

    org_marked_as_primary_for_exchange_sync: Annotated[
        Input[bool],
        Column(
            "orgmarkedasprimaryforexchangesync",
            "Sync items with Exchange from this Dynamics 365 org only",
            retest=True,
            default=False,
        ),
    ]
    """Whether this environment takes the mailbox over from another one that synchronizes it, at the next test."""

    acs_enabled_for_outgoing_email: Annotated[
        Input[bool],
        Column("acsenabledforoutgoingemail", "ACS Enabled for Outgoing Email", retest=True, default=False),
    ]
    """Whether the mailbox's outgoing mail goes through Azure Communication Services; the profile must say how."""

    verbose_logging_enabled: Annotated[
        Input[int], Field(ge=0, le=100), Column("verboseloggingenabled", "Verbose Logging", at_create=False, default=0)
    ]
    """How much Dataverse traces of this mailbox, from 0 (nothing beyond the usual) to 100; for Microsoft's support."""


@with_config(INPUTS)
class LifeArgs(TypedDict, total=False):
    """How the provider treats the row."""

    on_delete: Annotated[Literal["retain", "disable", "restore"] | None, Policy()]
    """What happens to the mailbox when its declaration goes.

    `retain` (default) leaves it as it is, `disable` sets the three delivery methods to none, and `restore` writes
    back what was there before.
    A forward mailbox is deleted, unless this says otherwise.
    """

    when_missing: Annotated[Literal["error", "wait"] | None, Policy()]
    """What happens while the user or queue, or its mailbox, is not there: `error` (default), or `wait`.

    With `wait`, the mailbox is recorded as waiting, with a warning, and each `pulumi up` tries again.
    The id of a mailbox that was waited for stays the key that it was declared with, such as `user:anna@contoso.com`;
    `adopted_id` is that of the row.
    """


@with_config(INPUTS)
class MailboxArgs(
    WhoseArgs, ProfileArgs, MethodsArgs, CredentialsArgs, SettingsArgs, OwnershipArgs, LifeArgs, total=False
):
    """The arguments of `Mailbox`; one that is left out, or `None`, stays as the server has it."""


@with_config(INPUTS)
class MailboxResults(TypedDict, total=False):
    """What adoption and each refresh tell about a mailbox."""

    current_email_address: Annotated[str, Column("emailaddress", "Email Address")]
    """The mailbox's address, stated or not."""

    is_forward_mailbox: Annotated[bool, Column("isforwardmailbox", "Is Forward Mailbox", default=True)]
    """Whether the mailbox is a forward mailbox, which belongs to no user or queue."""

    is_password_set: Annotated[bool, Column("ispasswordset", "Is Password Set", default=False)]
    """Whether Dataverse stores a password for the mailbox."""

    is_oauth_access_token_set: Annotated[
        bool, Column("isoauthaccesstokenset", "Is OAuth Access Token Set", default=False)
    ]
    """Whether the user has signed in to Gmail, so that Dataverse stores a token."""

    is_oauth_refresh_token_set: Annotated[
        bool, Column("isoauthrefreshtokenset", "Is OAuth Refresh Token Set", default=False)
    ]
    """Whether Dataverse can renew that token without the user."""

    email_router_access_approval: Annotated[
        AddressApproval, Column("emailrouteraccessapproval", "Email Address Status", default="empty", source=ACCESS)
    ]
    """Whether somebody has approved the address; an address that is not approved is not processed."""

    is_email_address_approved_by_o365_admin: Annotated[
        bool,
        Column(
            "isemailaddressapprovedbyo365admin",
            "Email Address O365 Admin Approval Status",
            default=False,
            source=ACCESS,
        ),
    ]
    """Whether that was a Microsoft 365 administrator."""

    incoming_email_status: Annotated[
        TestStatus, Column("incomingemailstatus", "Incoming Email Status", default="not_run", source=ACCESS)
    ]
    """How the last test of incoming mail ended."""

    outgoing_email_status: Annotated[
        TestStatus, Column("outgoingemailstatus", "Outgoing Email Status", default="not_run", source=ACCESS)
    ]
    """How the last test of outgoing mail ended."""

    act_status: Annotated[
        TestStatus,
        Column("actstatus", "Appointments, Contacts, and Tasks Status", default="not_run", source=ACCESS),
    ]
    """How the last test of appointments, contacts and tasks ended."""

    mailbox_status: Annotated[TestStatus, Column("mailboxstatus", "Mailbox Status", default="not_run")]
    """How the last test ended, all three together."""

    test_mailbox_access_completed_on: Annotated[
        Moment, Column("testmailboxaccesscompletedon", "Mailbox Test Completed On")
    ]
    """When the last test ended, UTC."""
