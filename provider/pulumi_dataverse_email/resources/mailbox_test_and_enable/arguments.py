"""The arguments of `MailboxTestAndEnable`, and what it tells."""

from typing import Annotated, Literal

from pydantic import Field, with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import (
    INPUTS,
    ChosenInput,
    Finding,
    Group,
    GroupInput,
    Input,
    Lookup,
    Moment,
    Policy,
    Property,
    ReferenceInput,
)
from ..email_server_profile import EmailServerProfile
from ..impersonation_scope import ImpersonationScope
from ..mailbox import Mailbox
from ..mailbox_set import MailboxSet
from ..sources import ACCESS
from ..tables import PROFILES


@with_config(INPUTS)
class WhomArgs(TypedDict, total=False):
    """Whose mailboxes."""

    mailboxes: Annotated[GroupInput[Mailbox | MailboxSet], Group()]
    """The mailboxes: a list of their resources, sets of them included, or of their ids."""

    profile: Annotated[
        ReferenceInput[EmailServerProfile],
        Lookup("emailserverprofile", "Server Profile", target=PROFILES, source=ACCESS),
    ]
    """The profile all of whose mailboxes are meant, with `all_mailboxes`: the resource, a GUID, or a name."""

    all_mailboxes: Annotated[bool | None, Policy()]
    """Whether all mailboxes that use `profile` are meant, declared or not.

    They are listed when the resource is created or updated, and by a refresh; without a refresh, a preview does not see
    who joined or left.
    """


@with_config(INPUTS)
class ApprovalArgs(TypedDict, total=False):
    """Whether an address must be approved, and whose mailbox it is."""

    approval: Annotated[Literal["require", "approve", "ignore"] | None, Policy()]
    """What is done about addresses that nobody has approved.

    `require` (default) lists them in `not_approved` and tests the others; `approve` approves them, which takes rights
    of its own; `ignore` tests them, for organizations that ask for no approval. Exchange Online always asks for one.
    """

    sync_from_this_organization_only: Annotated[bool | None, Policy()]
    """Whether a mailbox is taken over from another organization that synchronizes it. Default: no, its test fails.

    Form: Sync items with Exchange from this Dynamics 365 org only.
    """

    allow_outside_production: Annotated[bool | None, Policy()]
    """Whether mailboxes are tested in a sandbox, a trial or another organization that is not of a production type.

    Default: no. A test in a copy takes the mailboxes away from the organization that they were copied from.
    """


@with_config(INPUTS)
class HowArgs(TypedDict, total=False):
    """In which order, how many at a time, and how long."""

    canaries: Annotated[ChosenInput[Mailbox], Policy()]
    """Who is tested first: so many mailboxes of each profile (default 2; 0 is none), or a list of resources or names.

    A profile's other mailboxes are tested only once one of its canaries is enabled.
    """

    wave_size: Annotated[int | None, Field(ge=1, le=300), Policy()]
    """How many mailboxes are under test at a time; default 50, as many as one request carries."""

    timeout: Annotated[int | None, Field(ge=1, le=86_400), Policy()]
    """Seconds to wait for all tests together; default 3600.

    Microsoft promises a few minutes for a test, and the service repeats one that meets a passing trouble for up to 50.
    What has not ended then, the next `pulumi up` goes on waiting for.
    """

    stop_after_failures: Annotated[int | None, Field(ge=1), Policy()]
    """After how many failures no further wave is begun; default 5."""

    retest: Annotated[Literal["none", "all"] | None, Policy()]
    """Which healthy mailboxes a change of their profile tests: `none` (default) but the canaries, or `all`.

    When it changes to `all`, every mailbox is tested once; so it is where a new resource states it.
    """


@with_config(INPUTS)
class ScopeArgs(TypedDict, total=False):
    """What the tests wait for."""

    impersonation_scope: Annotated[ReferenceInput[ImpersonationScope], Property("Identity")]
    """The scope that limits the profile's account: no mailbox is tested before it is effective.

    That takes Exchange Online up to two hours after a change, and a test before it fails and switches the mailbox off:
    give `timeout` as much. What would take longer than `timeout` is an error before anything is tested.
    """

    scope_effective_after: Annotated[Input[Moment], Property("WhenChanged")]
    """From when on that scope is effective, where nobody can ask Exchange: the time of its change, and two hours."""


@with_config(INPUTS)
class OutcomeArgs(TypedDict, total=False):
    """What follows from failures."""

    on_failure: Annotated[Literal["fail", "warn"] | None, Policy()]
    """What happens when mailboxes are not enabled: `pulumi up` ends with an error (`fail`, default), or `warn`.

    In both cases all else is done and recorded first, and the next `pulumi up` takes up the missing ones.
    """

    allowed_failures: Annotated[int | None, Field(ge=0), Policy()]
    """How many mailboxes may be missing without an error; default 0."""


@with_config(INPUTS)
class MailboxTestAndEnableArgs(WhomArgs, ApprovalArgs, HowArgs, ScopeArgs, OutcomeArgs, total=False):
    """The arguments of `MailboxTestAndEnable`."""


@with_config(INPUTS)
class MailboxTestAndEnableResults(TypedDict, total=False):
    """What the last run, or the last refresh, found."""

    statuses: Annotated[dict[str, str], Finding()]
    """Name of each mailbox -> how its last test ended: `success`, or which directions are missing.

    A mailbox is called by its resource's logical name, by its id where it was given by that, and by its address where
    all mailboxes of a profile are meant.
    """

    failed: Annotated[dict[str, str], Finding()]
    """Name of each mailbox whose test failed -> the directions, and the text of Dataverse's alert."""

    not_approved: Annotated[dict[str, str], Finding()]
    """Name of each mailbox whose address is not approved -> why, and where in the admin center a person approves it."""

    left_out: Annotated[dict[str, str], Finding()]
    """Name of each mailbox that was not tested -> why."""

    unfinished: Annotated[list[str], Finding()]
    """Names of the mailboxes that the next `pulumi up` takes up again."""

    attempts: Annotated[dict[str, list[str]], Finding()]
    """Name of a mailbox -> when its tests of the last 24 hours were asked for, UTC; three a day are the most."""
