"""What a column, a lookup, a key and a policy are; the markers of a kind's arguments."""

from dataclasses import dataclass, field

from .choices import Choice
from .tables import Table


@dataclass(frozen=True)
class Column:
    """One column of the kind's table, and all that is to be known about it."""

    wire: str
    label: str
    """What the admin form calls it; empty where the form does not show it."""

    immutable: bool = field(default=False, kw_only=True)
    """Whether a change needs another row."""

    at_create: bool = field(default=True, kw_only=True)
    """Whether Dataverse takes it when a row is made; else it is written right after that."""

    default: bool | int | str | None = field(default=None, kw_only=True)
    """What a new row holds, as programs say it; `None` where Microsoft publishes none."""

    secret: bool = field(default=False, kw_only=True)
    """Whether it is write-only and never shown."""

    set_flag: str = field(default="", kw_only=True)
    """Wire name of the read-only column that says whether a secret is stored."""

    goes_with: str = field(default="", kw_only=True)
    """Argument, such as a user name, that a secret belongs to: where it is sent, the stated secret is sent again."""

    clearable: bool = field(default=False, kw_only=True)
    """Whether it may be emptied with `CLEAR`."""

    restorable: bool = field(default=True, kw_only=True)
    """Whether deletion with `restore` may write the value back that was there before."""

    retired: tuple[Choice, ...] = field(default=(), kw_only=True)
    """Options that Microsoft has retired: never restored."""

    retest: bool = field(default=False, kw_only=True)
    """Whether a change calls for a new test-and-enable; it then raises `generation`."""

    moves_forward: bool = field(default=False, kw_only=True)
    """Whether the service moves the date forward by itself: a later date is then neither drift nor set back."""

    moved_back: str = field(default="", kw_only=True)
    """Says what an earlier date than the one in state brings about, and what to do; empty where there is no harm."""

    apart: str = field(default="", kw_only=True)
    """Says who may write the column, where that takes more than the rest: it is then sent in a request of its own."""

    makes: bool = field(default=False, kw_only=True)
    """Whether it names a row that the program makes itself."""

    source: str = field(default="", kw_only=True)
    """Where the column is described, if not on the table's page."""


@dataclass(frozen=True)
class Hindrance:
    """What speaks against a row that a program names."""

    wire: str
    """Wire name of the row's column that tells."""

    usual: tuple[object, ...]
    """What the column holds where nothing is wrong."""

    says: str
    advice: str


@dataclass(frozen=True)
class Lookup(Column):
    """A column that points at a row of another table."""

    target: Table = field(kw_only=True)

    key: str = field(default="", kw_only=True)
    """Wire name of the target's column that a text matches, if not its name."""

    bind: str = field(default="", kw_only=True)
    """Navigation property by which it is written, if not its own: Dataverse shows an owner under its table's name."""

    hindrances: tuple[Hindrance, ...] = field(default=(), kw_only=True)
    """What makes a target a bad choice: it is written all the same, with a warning."""

    @property
    def text_key(self) -> str:
        """Wire name of the target's column that a text matches."""
        return self.key or self.target.name

    @property
    def navigation(self) -> str:
        """Navigation property by which it is written."""
        return self.bind or self.wire


@dataclass(frozen=True)
class OwnerKey:
    """Finds a row that is born with its owner: a mailbox with its user or queue."""

    owner: Table
    natural_keys: tuple[str, ...]
    """Wire names of the columns that a text key may match."""

    ids: tuple[str, ...]
    """Wire names of the columns that a GUID may match."""

    mailbox: str
    """Navigation property from the owner to the row."""

    hindrances: tuple[Hindrance, ...] = ()
    """What keeps the owner's row from being taken over."""


@dataclass(frozen=True)
class Use:
    """Where rows of another table point at the kind's rows, so that deleting one would unlink them silently."""

    table: Table
    lookup: str
    """Wire name of the lookup in that table."""

    label: str
    """Says after a number what uses the row: `mailboxes use it`."""

    advice: str
    """The ways out, one sentence."""


@dataclass(frozen=True)
class Policy:
    """How the provider treats the row; never on the wire. A plain value, known when the program runs.

    Args:
        fixed: whether it is settled for good when the resource is created.
    """

    fixed: bool = False


@dataclass(frozen=True)
class Note:
    """What the program knows of the row and Dataverse does not hold: kept in state, for warnings; never on the wire."""


@dataclass(frozen=True)
class Group:
    """Mailboxes that the resource speaks of: a map in state, by logical names or keys.

    Args:
        takes: what programs may give, in words: how it becomes a map is no concern of theirs.
    """

    takes: str = "a list of resources or ids"


@dataclass(frozen=True)
class Property:
    """What a resource says of an object that is no row of a table.

    Args:
        parameter: what Exchange's cmdlets call it.
    """

    parameter: str


@dataclass(frozen=True)
class Finding:
    """What a resource tells that is no column of a table."""


Marker = Column | OwnerKey | Policy | Note | Group | Property | Finding
