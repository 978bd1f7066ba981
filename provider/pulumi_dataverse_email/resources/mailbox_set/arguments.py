"""The arguments and results of `MailboxSet`: the settings are the mailbox's own, stated once for all members."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import with_config
from typing_extensions import TypedDict  # pydantic needs this one before Python 3.12

from ...declare import INPUTS, Finding, Group, Input, Policy
from ..mailbox.arguments import CredentialsArgs, MethodsArgs, ProfileArgs, SettingsArgs
from ..ownership import OwnershipArgs

if TYPE_CHECKING:
    from collections.abc import Awaitable, Sequence

    from pulumi import Output

    from .selection import SelectionArgs


@dataclass(frozen=True)
class CsvFile:
    """Members from a CSV file, read when the program runs, so that a preview shows them.

    The first line names the columns: `user` or `queue`, or both, and any settings of single members by the names of
    the arguments; an empty cell leaves what is stated for all. UTF-8; commas, semicolons or tabs between the cells.

    Args:
        path: of the file; a relative one begins at the folder that the program runs in.
    """

    path: str


class MemberArgs(ProfileArgs, MethodsArgs, CredentialsArgs, SettingsArgs, OwnershipArgs, total=False):
    """The settings that a single member may have of its own, in the place of those of all; none of them is secret."""


if TYPE_CHECKING:
    Listed: TypeAlias = "Sequence[str] | Mapping[str, MemberArgs] | CsvFile"
    MembersInput: TypeAlias = (
        "Sequence[Input[str]] | Mapping[str, MemberArgs] | CsvFile | Output[Listed] | Awaitable[Listed] | None"
    )
    SelectionInput: TypeAlias = SelectionArgs | None
else:
    # What is sent: a member's key -> its own settings, which are judged as those of a mailbox are.
    MembersInput = Mapping[str, dict[str, Any]] | None
    SelectionInput = Mapping[str, Any] | None


@with_config(INPUTS)
class MembersArgs(TypedDict, total=False):
    """Whose mailboxes belong to the set."""

    members: Annotated[MembersInput, Group("a list, a map or a CsvFile")]
    """The members: a list of keys, a map of keys to settings of their own, or a `CsvFile`.

    A key says whose mailbox it is: `user:` or `queue:`, and what `Mailbox` takes for one, such as
    `user:anna@contoso.com` or `queue:Support`.
    With a selection, the map says what single members of it have of their own.
    """

    selection: Annotated[SelectionInput, Group("a map")]
    """Whose mailboxes belong to the set, instead of naming each: what the selection finds when the set is written.

    An unchanged set sends nothing, so who joins or leaves meanwhile is seen by `--refresh`, or with the next change.
    """


@with_config(INPUTS)
class SetLifeArgs(TypedDict, total=False):
    """How the provider treats the rows."""

    on_delete: Annotated[Literal["retain", "disable", "restore"] | None, Policy()]
    """What happens to the mailbox of a member that leaves, and to all of them when the set goes.

    `retain` (default) leaves it as it is, `disable` sets the three delivery methods to none, and `restore` writes
    back what was there before.
    """

    when_missing: Annotated[Literal["error", "wait"] | None, Policy()]
    """What a member is whose user, queue or mailbox is not there: failed (`error`, default), or waiting (`wait`).

    Either way the others are done, and each `pulumi up` tries again.
    """


@with_config(INPUTS)
class MailboxSetArgs(
    MembersArgs, ProfileArgs, MethodsArgs, CredentialsArgs, SettingsArgs, OwnershipArgs, SetLifeArgs, total=False
):
    """The arguments of `MailboxSet`; a setting that is left out, or `None`, stays as the server has it."""


@with_config(INPUTS)
class MailboxSetResults(TypedDict, total=False):
    """What is known of a set's members."""

    generations: Annotated[dict[str, int], Finding()]
    """Stated member -> a number that rises when a change of its own settings calls for a new test-and-enable."""

    template_generation: Annotated[int, Finding()]
    """Rises when a change of the settings of all calls for a new test-and-enable."""

    mailboxes: Annotated[dict[str, dict[str, Any]], Finding()]
    """Member -> the id of its mailbox, and what that held before (`previous`)."""

    failed: Annotated[dict[str, str], Finding()]
    """Member -> why what is declared was not achieved; each `pulumi up` tries again."""

    waiting: Annotated[dict[str, str], Finding()]
    """Member -> what it waits for, so that nothing is written yet; each `pulumi up` tries again."""

    looked_up: Annotated[dict[str, dict[str, str]], Finding()]
    """Argument -> the text that names a row -> the id that it led to."""

    selection_changes: Annotated[dict[str, str], Finding()]
    """Member -> whether it `joined` or `left` the selection since the set was written; known after a refresh."""
