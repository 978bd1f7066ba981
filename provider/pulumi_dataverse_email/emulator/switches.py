"""What public sources leave open about the real service: each question is a switch, its default explained.

A seed sets them under `switches`, a test by `PATCH /emulator/switches`: a client can be proven right either way.
"""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Code = Annotated[str, Field(pattern=r"^0x[0-9A-Fa-f]{8}$")]


@dataclass(frozen=True)
class ReadBy:
    """The module that asks a switch."""

    module: str


class Switches(BaseModel):
    """One environment's answers to the open questions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True)

    built_in_profile_server_type: Annotated[int, Field(ge=0, le=4), ReadBy("built_in")] = 3
    """Code of servertype on the built-in Microsoft Exchange Online profile. No source gives it; 3 is the one option
    that names Exchange Online."""
    built_in_profile_type_name: Annotated[str, ReadBy("built_in")] = "Exchange Online"
    """Text of emailservertypename on that profile: the name that the admin center shows."""

    approval_without_rights: Annotated[Literal["refuse", "ignore"], ReadBy("approval")] = "refuse"
    """Whether an approval by a caller who lacks the rights is refused, or answered like a success with the old value
    kept. Refused by default, because the code for it is published."""
    application_users_may_approve: Annotated[bool, ReadBy("approval")] = True
    """Whether an application user with the right roles may approve. Documents speak of users only; allowed by
    default, because nothing forbids it."""

    fault_status: Annotated[Literal[400, 403, 500], ReadBy("validation")] = 400
    """HTTP status of the faults 0x8005E2xx. Not documented; faults without a mapping of their own are 400."""
    rules_off: Annotated[tuple[Code, ...], Field(strict=False), ReadBy("validation")] = (
        "0x8005E208",
        "0x8005E23C",
    )
    """Codes of the validation rules that do not fire; which ones fire through the Web API is not documented. Off by
    default: 0x8005E208, since the pages on mailboxes say that an address edited there is written through to its
    owner, and 0x8005E23C, which depends on a setting of the deployment."""
    change_server_type_in_use: Annotated[Literal["accept", "refuse"], ReadBy("validation")] = "accept"
    """Whether servertype or a credential retrieval of a profile with mailboxes can be changed. The metadata says that
    both are updatable."""
    null_clears_secrets: Annotated[bool, ReadBy("rows")] = True
    """Whether null removes a stored secret and its flag. Not documented; it does for every other column."""
    read_only_columns: Annotated[Literal["ignore", "refuse"], ReadBy("writing")] = "ignore"
    """Whether a column that may not be written is passed over, or refused with 400. Sources say "generally ignored or
    refused"; passed over by default, because clients are told to send rows back as they read them, and because it is
    the harder case for a client: nothing tells it."""
    post_forward_mailbox: Annotated[Literal["accept", "refuse"], ReadBy("mailboxes")] = "accept"
    """Whether POST mailboxes makes a forward mailbox. The message is published, the documents know the form only."""

    delete_profile_in_use: Annotated[Literal["unlink", "refuse"], ReadBy("deletion")] = "unlink"
    """What happens when a profile is deleted that mailboxes use. The relationship's published behaviour is
    RemoveLink."""
    delete_default_profile: Annotated[Literal["unlink", "refuse"], ReadBy("deletion")] = "unlink"
    """The same for the profile of new mailboxes; by its relationship too."""
    delete_built_in_profile: Annotated[Literal["accept", "refuse"], ReadBy("deletion")] = "accept"
    """Whether the built-in profile can be deleted. Nothing published forbids it."""
    delete_owned_mailbox: Annotated[Literal["refuse", "accept"], ReadBy("deletion")] = "refuse"
    """Whether the mailbox of a user or queue can be deleted. Refused by default: 0x8005E200 is published for it."""

    test_seconds: Annotated[int, Field(ge=0, le=86_400), ReadBy("test_and_enable")] = 60
    """How long a test and enable takes, in seconds of the emulator's clock. Microsoft promises "a few minutes" only;
    one minute keeps a person's first try short."""
    change_resets_statuses: Annotated[bool, ReadBy("test_and_enable")] = False
    """Whether a changed profile, address, method or credential sets the statuses to Not Run. Not documented; kept by
    default, the harder case for a client: an old Success proves nothing then."""
    link_needs_override: Annotated[bool, ReadBy("test_and_enable")] = True
    """Whether a mailbox whose appointments, contacts and tasks another organization synchronizes fails its test
    unless orgmarkedasprimaryforexchangesync is set, else any test takes it over. Needed by default, as the alert's
    text says."""
    alert_wording_in: Annotated[Literal["text", "errordetails", "traceparameterxml"], ReadBy("alerts")] = "text"
    """The column of tracelogs that holds an alert's sentence. The forms show it, no source says where it is kept."""
    repeated_alert: Annotated[Literal["new_row", "touch"], ReadBy("alerts")] = "new_row"
    """Whether an alert that repeats is a new row or only moves modifiedon of the first, as that column's description
    suggests. A new row by default, which clients that ask by createdon can find."""
    disabled_user_deactivates_mailbox: Annotated[bool, ReadBy("mailboxes")] = False
    """Whether disabling a user deactivates the mailbox, and enabling activates it. Not documented; left active by
    default, the harder case for a client: it has to look at the user."""
    application_users_have_mailboxes: Annotated[bool, ReadBy("mailboxes")] = True
    """Whether an application user is born with a mailbox. The documents say that each user is, and except none."""
    default_profile_needs_settings: Annotated[bool, ReadBy("mailboxes")] = False
    """Whether new mailboxes get the default profile only once organization.defaultemailsettings is written too."""
    oauth_needs_own_tenant: Annotated[bool, ReadBy("access")] = False
    """Whether OAuth with Entra ID looks at exchangeonlinetenantid only where usedefaulttenantid is false, else
    whenever it is filled in. How the two go together is not documented."""

    organization_type_as: Annotated[Literal["name", "code"], ReadBy("operations")] = "name"
    """Whether RetrieveCurrentOrganization gives the type as a member's name or as its number. Name by default, as
    OData writes enumerations."""
    profile_has_optimistic_concurrency: Annotated[bool, ReadBy("concurrency")] = True
    """Whether If-Match with a version, and 304, work for profiles. The metadata was seen for mailboxes only."""
    etag_on_204: Annotated[bool, ReadBy("entities")] = False
    """Whether a write answered with 204 carries the ETag header. Not in the documents' prints."""
    location_with_representation: Annotated[bool, ReadBy("entities")] = False
    """Whether a create answered with 201 and a body carries the Location header. Not in the documents' prints."""


def described(switches: Switches) -> dict[str, dict[str, object]]:
    """Return each switch by name: its value, its default, why, and the module that reads it."""
    values = switches.model_dump(mode="json")
    found: dict[str, dict[str, object]] = {}
    for name, field in Switches.model_fields.items():
        found[name] = {
            "value": values[name],
            "default": list(field.default) if isinstance(field.default, tuple) else field.default,
            "why": " ".join((field.description or "").split()),
            "read_by": next(mark.module for mark in field.metadata if isinstance(mark, ReadBy)),
        }
    return found
