"""What public sources leave open about Exchange: each question is a switch, its default explained.

A seed sets them under `exchange`, a test by `PATCH /emulator/exchange`; so that a client can be proven
right either way.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ..store import Transaction

SETTING = "exchange"


class Switches(BaseModel):
    """One organization's answers to the open questions, and its state."""

    model_config = ConfigDict(extra="forbid", frozen=True, use_attribute_docstrings=True)

    customized: bool = True
    """Whether Enable-OrganizationCustomization has been run; scopes and assignments can be made only then."""
    application_impersonation: Literal["removed", "present"] = "removed"
    """Whether there is the role ApplicationImpersonation: Exchange Online has removed it, an Exchange Server has it."""
    ews_enabled: bool | None = None
    """EwsEnabled of the organization."""
    ews_allowed_app_ids: str | None = None
    """EwsAllowedAppIDs of the organization: client ids, joined by commas."""

    replication_delay: Annotated[int, Field(ge=0)] = 0
    """Seconds of the emulator's clock after which Get and Test cmdlets see a write; the writing cmdlets see it at
    once. A new object was seen to be missing for minutes. None by default, so that nobody waits who did not ask for
    it."""
    access_delay: Annotated[int, Field(ge=0)] = 0
    """Seconds of the emulator's clock after which a write changes what an application may open. Microsoft says 30
    minutes for an idle application to 2 hours for a busy one. None by default, for the same reason."""
    customization_delay: Annotated[int, Field(ge=0)] = 0
    """Seconds after Enable-OrganizationCustomization for which assignments are refused with a false lack of
    delegation."""

    equal_scopes: Literal["refuse", "accept"] = "refuse"
    """Whether a scope with the filter and root of another one is refused. Exchange 2013 did; nothing says that
    Exchange Online stopped. Refused by default, the harder case for a client."""
    filter_echo: Literal["as_written", "rewritten"] = "as_written"
    """Whether a filter reads back as it was written, or with its own spacing, quotes and parentheses. Microsoft's
    samples print it unchanged; two programs say that it is rewritten."""
    leading_wildcard: Literal["refuse", "accept"] = "refuse"
    """Whether a filter may begin a text with a wildcard: "refused or slow" in Exchange Online."""
    longest_filter: Annotated[int, Field(gt=0)] | None = None
    """Characters of a filter. No limit is documented."""
    unknown_identity: Literal["not_found", "list_all"] = "not_found"
    """What Get answers for an Identity that does not exist. The reference warns of everything; 404 was seen over
    HTTP."""
    absent_status: Literal[404, 400] = 404
    """HTTP status for an absent object; some servers or cmdlets answer 400."""
    in_scope_as: Literal["boolean", "text"] = "boolean"
    """Form of InScope in Test-ServicePrincipalAuthorization; both were seen."""
    group_scope_as: Literal["name", "internal"] = "name"
    """How the group of an assignment reads back: by name, or as an internal scope `<group>_<guid>`; both were seen."""
    guid_organization: Literal["accept", "refuse_writes"] = "accept"
    """Whether writes are refused ("target DC") when X-AnchorMailbox names the organization by its GUID. Reported once;
    other clients write that way."""
    anchor: Literal["required", "optional"] = "required"
    """Whether a call without X-AnchorMailbox is refused. Every client sends it; refused by default, so that none
    forgets."""


def read(transaction: Transaction) -> Switches:
    """Return the switches as they are now."""
    return Switches.model_validate(transaction.setting(SETTING))


def keep(transaction: Transaction, switches: Switches) -> None:
    """Keep the switches."""
    transaction.keep_setting(SETTING, switches.model_dump(mode="json"))
