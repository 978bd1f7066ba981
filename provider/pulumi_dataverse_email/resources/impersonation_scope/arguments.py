"""The arguments and results of `ImpersonationScope`."""

from typing import Annotated, Any, Literal, Required, TypeAlias

from pydantic import AfterValidator, Field, WithJsonSchema, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import (
    INPUTS,
    CaselessForm,
    Finding,
    Group,
    GroupInput,
    GuidText,
    Input,
    Lookup,
    Policy,
    Property,
    ReferenceInput,
)
from ..email_server_profile import EmailServerProfile
from ..mailbox import Mailbox
from ..mailbox_set import MailboxSet
from ..sources import BEST_PRACTICES
from ..tables import PROFILES
from . import forms


class CustomAttribute(TypedDict):
    """A mark on mailboxes: an attribute's name, such as `CustomAttribute1`, and the value that it holds."""

    name: str
    value: str


Names: TypeAlias = Annotated[list[str], Field(min_length=1), forms.NamesForm()]
Text: TypeAlias = Annotated[str, Field(min_length=1), CaselessForm()]


@with_config(INPUTS)
class AssigneeArgs(TypedDict, total=False):
    """Whose access is limited."""

    platform: Required[Annotated[Literal["exchange_online", "exchange_server"], Policy(fixed=True)]]
    """Which Exchange holds the mailboxes; it cannot be changed."""

    name: Required[Annotated[Input[Annotated[str, AfterValidator(forms.scope_name)]], Property("Name")]]
    """The name of the management scope, of 64 characters at most; a new one renames it in place."""

    application_id: Annotated[Input[GuidText], Property("AppId")]
    """Exchange Online: application (client) id of the profile's own application."""

    service_principal_object_id: Annotated[Input[GuidText], Property("App")]
    """Exchange Online: object id of its *enterprise* application, which is not that of the app registration."""

    roles: Annotated[Input[Annotated[Names, AfterValidator(forms.application_roles)]], Property("Role")]
    """Exchange Online: application roles to assign; `Application EWS.AccessAsApp` where it is left out.

    That role is what an application of a profile works by. One that has moved to Microsoft Graph needs
    `Application Mail.ReadWrite`, `Application Mail.Send`, `Application Calendars.ReadWrite` and
    `Application Contacts.ReadWrite`; for tasks there is no role.
    """

    service_account: Annotated[Input[Text], Property("User")]
    """Exchange Server: the account in the profile, which gets the role ApplicationImpersonation."""

    security_group: Annotated[Input[Text], Property("SecurityGroup")]
    """Exchange Server: a universal security group that the account is a member of, instead of the account."""


@with_config(INPUTS)
class MembersArgs(TypedDict, total=False):
    """Which mailboxes it may open: exactly one of the first seven."""

    mailboxes: Annotated[GroupInput[Mailbox | MailboxSet], Group()]
    """These mailboxes: `Mailbox` and `MailboxSet` resources, or ids in Dataverse."""

    profile_mailboxes: Annotated[Input[bool], Property("RecipientRestrictionFilter")]
    """Those that are synchronized by the `profile`, as Dataverse has them when the scope is created, updated or read.

    One that joins the profile later is shown by `pulumi preview --refresh`.
    """

    recipient_filter: Annotated[
        Input[Annotated[str, AfterValidator(forms.recipient_filter), forms.FilterForm()]],
        Property("RecipientRestrictionFilter"),
    ]
    """Those that an OPATH filter selects, such as `CustomAttribute1 -eq 'CRM'`; compared by what it means."""

    groups: Annotated[Input[Names], Property("RecipientRestrictionFilter")]
    """The direct members of groups with a mail address: each by address, name, GUID or distinguished name."""

    addresses: Annotated[
        Input[Annotated[Names, AfterValidator(forms.addresses)]], Property("RecipientRestrictionFilter")
    ]
    """Those with these mail addresses."""

    custom_attribute: Annotated[
        Input[
            Annotated[
                CustomAttribute,
                AfterValidator(forms.attribute),
                WithJsonSchema({"type": "object"}),
                forms.AttributeForm(),
            ]
        ],
        Property("RecipientRestrictionFilter"),
    ]
    """Those that bear a mark: `{"name": "CustomAttribute1", "value": "CRM"}`."""

    administrative_unit: Annotated[Input[GuidText], Property("RecipientAdministrativeUnitScope")]
    """Exchange Online: those of an administrative unit of Entra, by its id; no management scope is made then."""

    recipient_root: Annotated[Input[Text], Property("RecipientRoot")]
    """Exchange Server: only those below this organizational unit; once stated, it can be changed, not taken away."""

    exclusive: Annotated[bool | None, Policy(fixed=True)]
    """Exchange Server: whether nobody else may open them, from the moment on that the scope is made."""


@with_config(INPUTS)
class ComparisonArgs(TypedDict, total=False):
    """What the scope is compared with, and what follows."""

    profile: Annotated[
        ReferenceInput[EmailServerProfile],
        Lookup("emailserverprofile", "Server Profile", target=PROFILES, source=BEST_PRACTICES),
    ]
    """The profile that the scope protects: the resource, a GUID, or a name.

    Its mailboxes are compared with the scope whenever this is created, updated or read.
    """

    mailboxes_outside_scope: Annotated[Literal["error", "warn", "ignore"] | None, Policy()]
    """What follows where mailboxes of the profile would be outside: `error` (default), before anything is changed."""

    other_grants: Annotated[Literal["error", "warn", "ignore"] | None, Policy()]
    """What follows where the same account may open every mailbox by another assignment: `warn` by default."""

    adopt: Annotated[bool | None, Policy()]
    """Whether a scope of that name that is there already is taken over."""

    on_delete: Annotated[Literal["delete", "retain"] | None, Policy()]
    """What happens when the declaration goes.

    `delete` takes our assignments away, then the scope; `retain`, which is the default of an adopted one, nothing.
    """


class ImpersonationScopeArgs(AssigneeArgs, MembersArgs, ComparisonArgs, total=False):
    """The arguments of `ImpersonationScope`."""


class ImpersonationScopeResults(TypedDict, total=False):
    """What is told of a scope."""

    scope_id: Annotated[str | None, Finding()]
    """The GUID of the management scope; unset for an administrative unit, and where nothing is sent to Exchange."""

    assignments: Annotated[list[dict[str, str]] | None, Finding()]
    """The role assignments that are ours: name, role, assignee and id of each."""

    held_filter: Annotated[str | None, Finding()]
    """The filter as Exchange holds it, which may be another spelling than was written."""

    written_filter: Annotated[str | None, Finding()]
    """The filter that was written last."""

    held_root: Annotated[str | None, Finding()]
    """The recipient root as Exchange holds it."""

    effective_after: Annotated[str | None, Finding()]
    """From when on Exchange goes by the scope for certain, in UTC: online two hours after the last change."""

    outside_scope: Annotated[list[str] | None, Finding()]
    """Mailboxes of the profile that the account cannot open."""

    unused_in_scope: Annotated[list[str] | None, Finding()]
    """Mailboxes that the account can open, and that the profile does not use."""

    unlimited_grants: Annotated[list[str] | None, Finding()]
    """Other assignments by which the same account may open every mailbox, so that the scope means nothing."""

    not_proven: Annotated[list[str] | None, Finding()]
    """What could not be compared, in sentences."""

    ews_admits_application: Annotated[bool | None, Finding()]
    """Whether EWS in Exchange Online lets the application in; unset where its roles do not use EWS."""

    exchange_organization: Annotated[str | None, Finding()]
    """The organization of Exchange that holds the scope."""

    adopted: Annotated[bool | None, Finding()]
    """Whether the scope was there before."""

    drift: Annotated[list[str] | None, Finding()]
    """Which of these results a refresh found worse than they were."""

    commands: Annotated[dict[str, Any] | None, Finding()]
    """With the transport `handover`: an administrator's commands, under create, change, remove and check."""
