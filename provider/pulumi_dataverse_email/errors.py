"""What can go wrong, as a tree.

```
DataverseEmailError
├── SettingsError        the provider's settings are missing or contradict each other
├── LoginError           no token: the secret, the tenant or the application is refused
├── WrongEnvironment     the state belongs to another environment or organization
├── RowConflict          a row is not ours to write: taken, shared by two resources, ambiguous, in use
├── KeyNotFound          no user, queue or profile has that key
├── ReachExceeded        one run would change more mailboxes than the settings allow
├── DataverseError       an exchange with Dataverse failed
│   ├── UnknownOutcome   whether a write was carried out is not known
│   │   ├── Unreachable  no usable answer: name, certificate, connection or time
│   │   ├── NotDataverse something else answered: an HTML page, a proxy, a redirect, a wrong address
│   │   ├── Failed       Dataverse itself failed: any 5xx
│   │   └── DeadlineExceeded  the time for the operation is over
│   ├── Throttled        Dataverse asks to wait (429), longer than the settings allow
│   ├── Forbidden        the caller lacks a privilege, or is no member of the environment
│   ├── RowNotFound      the row is not there (404 with Dataverse's own code)
│   ├── RowExists        a row with that id is there already
│   ├── RowChanged       somebody else wrote the row first: its version is another
│   └── Refused          any other refusal, with Dataverse's own words
└── ExchangeError        an exchange with Exchange failed
    ├── ExchangeUnsettled  whether a write was carried out is not known: no usable answer, or Exchange itself failed
    ├── ExchangeMisrouted  the call was led to a server that may not write; it may have been carried out
    ├── ExchangeThrottled  Exchange asks to wait (429)
    ├── ExchangeForbidden  the token is refused, or the caller lacks a right
    ├── ExchangeNotFound   the object is not there, by Exchange's own exception
    ├── ExchangeExists     the name is taken
    ├── ExchangeNotReady   the organization must be opened for customization first
    └── ExchangeRefused    any other refusal, by Exchange or before anything was sent to it
```

Every message says what was tried, what came back and what to do; its last line stands alone, because a
summary often shows only that line. No message holds a secret: bodies of requests are never quoted.
"""


class DataverseEmailError(Exception):
    """The root: anything that this package raises on purpose."""


class UnusableInputError(Exception):
    """What a command was given, or what it found, is nothing that it can work with; programs never meet it."""


class SettingsError(DataverseEmailError):
    """The provider's settings are missing or contradict each other; all faults stand in one message."""


class LoginError(DataverseEmailError):
    """Microsoft Entra ID gave no token."""


class WrongEnvironment(DataverseEmailError):
    """The state belongs to another environment or organization than the settings name."""


class RowConflict(DataverseEmailError):
    """A row is not ours to write or delete: taken by another, shared by two resources, or in use."""


class KeyNotFound(DataverseEmailError):
    """No user, queue or profile has the key that a program gives."""


class ReachExceeded(DataverseEmailError):
    """One run would change more mailboxes than the settings allow."""


class ServiceError(DataverseEmailError):
    """An exchange with one of the services failed.

    Args:
        tried: what was asked, such as `update mailboxes(5f0c...)`.
        answer: what came back.
        advice: what to do, one sentence.
        request_id: the service's own id of the request, which Microsoft's support asks for.
    """

    code: str = ""
    """Dataverse's code, as `0x` and eight lower-case digits; empty where it gave none."""

    uncertain: bool = False
    """Whether an earlier try of the same request had an unknown outcome: it may have been carried out."""

    def __init__(self, tried: str, answer: str, advice: str = "", *, request_id: str = "") -> None:
        self.tried = tried
        self.answer = answer
        self.advice = advice
        self.request_id = request_id
        text = f"{tried}: {answer}"
        if advice:
            text += f"\n{advice}"
        if request_id:
            text += f" [request {request_id}]"
        super().__init__(text)


class DataverseError(ServiceError):
    """An exchange with Dataverse failed."""


class UnknownOutcome(DataverseError):
    """Whether a write was carried out is not known."""


class Unreachable(UnknownOutcome):
    """No usable answer came."""


class NotDataverse(UnknownOutcome):
    """Something other than Dataverse answered."""


class Failed(UnknownOutcome):
    """Dataverse itself failed: an answer of 500 or above."""


class DeadlineExceeded(UnknownOutcome):
    """The time for the operation is over."""


class Throttled(DataverseError):
    """Dataverse asks to wait (429), longer than the settings allow; nothing was carried out.

    Args:
        retry_after: how many seconds the service asked for; `None` where it did not say.
    """

    def __init__(
        self, tried: str, answer: str, advice: str = "", *, request_id: str = "", retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(tried, answer, advice, request_id=request_id)


class Forbidden(DataverseError):
    """The caller lacks a privilege or is no member of the environment."""


class RowNotFound(DataverseError):
    """The row is not there: 404 with the code 0x80040217."""


class RowExists(DataverseError):
    """A row with that id is there already: 412 with the code 0x80040237."""


class RowChanged(DataverseError):
    """Somebody else wrote the row first: 412 with the code 0x80060882, or 0x80060883 where a version is required."""


class Refused(DataverseError):
    """Dataverse refused for a reason of its own."""


class ExchangeError(ServiceError):
    """An exchange with Exchange failed."""


class ExchangeUnsettled(ExchangeError):
    """Whether a write was carried out is not known: no usable answer came, or Exchange itself failed."""


class ExchangeMisrouted(ExchangeError):
    """The call was led to a server that may not write ("target DC"); some such writes were carried out all the same."""


class ExchangeThrottled(ExchangeError):
    """Exchange asks to wait (429); a write was most likely not carried out.

    Args:
        retry_after: how many seconds Exchange asked for; `None` where it did not say.
    """

    def __init__(
        self, tried: str, answer: str, advice: str = "", *, request_id: str = "", retry_after: float | None = None
    ) -> None:
        self.retry_after = retry_after
        super().__init__(tried, answer, advice, request_id=request_id)


class ExchangeForbidden(ExchangeError):
    """The token is refused, or the caller lacks a right."""


class ExchangeNotFound(ExchangeError):
    """The object is not there: `ManagementObjectNotFoundException`, and nothing else."""


class ExchangeExists(ExchangeError):
    """The name is taken."""


class ExchangeNotReady(ExchangeError):
    """The organization must be opened for customization first."""


class ExchangeRefused(ExchangeError):
    """Exchange refused for a reason of its own, or this package before it sent anything."""
