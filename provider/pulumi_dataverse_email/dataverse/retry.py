"""What may be sent again: a table, and how often and how soon.

Source of the codes of 429: https://learn.microsoft.com/power-apps/developer/data-platform/api-limits
"""

import json
import ssl
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from urllib3.exceptions import ConnectTimeoutError, NewConnectionError, ProtocolError, ProxyError, ReadTimeoutError

from .codes import normal
from .deadline import Clock

if TYPE_CHECKING:
    from .transport import Answer

BASE: Final = 1.0
"""Seconds of the first pause at most; each further one may be twice as long."""

LONGEST_PAUSE: Final = 30.0
"""Seconds: longer looks like a hang."""

PATIENCE: Final = 180.0
"""Seconds in which tries and pauses count: no further one begins after them, so a silent server holds nobody for long.
Waits that the service asks for do not count."""


class Trouble(StrEnum):
    """How a try ended that may be repeated."""

    THROTTLED = "asked to wait"
    NOT_SENT = "no connection"
    TLS = "no TLS connection"
    TOKEN = "the token was refused"  # noqa: S105  a sentence
    NO_MEMBER = "not a user of the environment yet"
    ROLLED_BACK = "the database took it back"
    UNAVAILABLE = "unavailable"
    GATEWAY = "a gateway got no answer"
    BROKEN = "the connection broke"
    SILENT = "no answer in time"


class Fate(StrEnum):
    """Whether a request was carried out."""

    NOT = "certainly not carried out"
    UNKNOWN = "nobody knows"


@dataclass(frozen=True)
class Rule:
    """What is known of a trouble, and how often one request is repeated for it.

    Args:
        fate: of the try that met it; where it is unknown, only what ends alike sent once or twice is repeated.
        repeats: how often at most.
        reason: why so.
        at_once: whether a pause would be of no use, or is made elsewhere.
    """

    fate: Fate
    repeats: int
    reason: str
    at_once: bool = False


TABLE: Final[Mapping[Trouble, Rule]] = {
    Trouble.THROTTLED: Rule(Fate.NOT, 10, "refused before it began; the gate waits as long as asked", at_once=True),
    Trouble.NOT_SENT: Rule(Fate.NOT, 2, "a blip is over in seconds; for a misspelt name more would only cost time"),
    Trouble.TLS: Rule(Fate.UNKNOWN, 2, "mostly the handshake failed, but a broken record looks the same"),
    Trouble.TOKEN: Rule(Fate.NOT, 1, "it expired or was revoked: a new one is good, or none is", at_once=True),
    Trouble.NO_MEMBER: Rule(Fate.NOT, 3, "a user that was just added is not known to every web server at once"),
    Trouble.ROLLED_BACK: Rule(Fate.NOT, 5, "a deadlock has a loser, whose work was taken back"),
    Trouble.UNAVAILABLE: Rule(Fate.UNKNOWN, 5, "a node is being recycled; it may have begun"),
    Trouble.GATEWAY: Rule(Fate.UNKNOWN, 5, "the service behind the gateway may have carried it out"),
    Trouble.BROKEN: Rule(Fate.UNKNOWN, 3, "an idle connection was closed meanwhile, or the answer was lost"),
    Trouble.SILENT: Rule(Fate.UNKNOWN, 2, "it may still be at work; bounded in time by PATIENCE"),
}
"""All that is ever sent again; whatever is not here is told at once."""

STATUSES: Final[Mapping[tuple[int, str], Trouble]] = {
    (429, ""): Trouble.THROTTLED,
    (401, ""): Trouble.TOKEN,
    (403, "0x80072560"): Trouble.NO_MEMBER,
    (500, "0x80044150"): Trouble.ROLLED_BACK,
    (503, "0x80044150"): Trouble.ROLLED_BACK,
    (502, ""): Trouble.GATEWAY,
    (503, ""): Trouble.UNAVAILABLE,
    (504, ""): Trouble.GATEWAY,
}
"""Answers that are troubles, by status and code; by status alone where the code is empty."""

EXCEPTIONS: Final[tuple[tuple[type[Exception] | tuple[type[Exception], ...], Trouble | None], ...]] = (
    (ssl.SSLCertVerificationError, None),  # stays so
    (ssl.SSLError, Trouble.TLS),
    ((NewConnectionError, ConnectTimeoutError, ProxyError), Trouble.NOT_SENT),
    (ReadTimeoutError, Trouble.SILENT),
    (ProtocolError, Trouble.BROKEN),
)
"""Lacks of an answer that are troubles; the first that an exception is, or wraps, counts."""


def trouble(outcome: "Answer | Exception") -> Trouble | None:
    """Return the row of the table that a try's outcome falls under; `None` for no row."""
    if isinstance(outcome, Exception):
        chain = list(causes(outcome))
        return next((met for kinds, met in EXCEPTIONS if any(isinstance(it, kinds) for it in chain)), None)
    return STATUSES.get((outcome.status, _code(outcome.content))) or STATUSES.get((outcome.status, ""))


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and what it wraps, as requests and urllib3 wrap it: several times over."""
    inner = (
        getattr(error, "reason", None)
        or error.__cause__
        or next((arg for arg in error.args if isinstance(arg, BaseException)), None)
    )
    yield error
    if isinstance(inner, BaseException):
        yield from causes(inner)


class Tries:
    """Counts the tries of one request and says whether there is a further one.

    Args:
        repeatable: whether sending the request twice ends as sending it once.
        clock: for chance.
    """

    def __init__(self, *, repeatable: bool, clock: Clock) -> None:
        self._repeatable = repeatable
        self._clock = clock
        self._counts: Counter[Trouble] = Counter()
        self.number = 0
        """Of tries begun."""

        self.spent = 0.0
        """Seconds of tries and pauses."""

        self.uncertain = False
        """Whether a try that was repeated may have been carried out."""

    def again(self, met: Trouble | None, asked: float | None) -> float | None:
        """Return the seconds to pause before the request is sent again; `None` where it must not be.

        Args:
            met: how the last try ended.
            asked: seconds that its answer asks to wait.
        """
        if met is None or self._counts[met] >= TABLE[met].repeats:
            return None
        rule = TABLE[met]
        if rule.fate is Fate.UNKNOWN and not self._repeatable:
            return None
        # Full jitter: threads that met the same trouble together do not come back together.
        earlier = sum(count for it, count in self._counts.items() if not TABLE[it].at_once)
        jitter = self._clock.chance() * min(BASE * 2**earlier, LONGEST_PAUSE)
        pause = 0.0 if rule.at_once else max(jitter, asked or 0)
        if met is not Trouble.THROTTLED and self.spent + pause >= PATIENCE:
            return None
        self._counts[met] += 1
        self.uncertain = self.uncertain or rule.fate is Fate.UNKNOWN
        return pause


def _code(content: bytes) -> str:
    """Return the code of a refusal in its normal form; empty where there is none."""
    try:
        problem = json.loads(content)["error"]["code"] if content else ""
    except (ValueError, TypeError, LookupError, RecursionError):
        return ""
    return normal(str(problem)) if isinstance(problem, str | int) else ""
