"""How Exchange refuses: HTTP status, code, the .NET type of the exception, and text.

Types as administrators see them. Statuses other than 400 and 404 for absent things were not found in public sources.
"""

TASKS = "Microsoft.Exchange.Configuration.Tasks"
DIRECTORY = "Microsoft.Exchange.Data.Directory"
BINDING = "System.Management.Automation.ParameterBindingException"


class ExchangeError(Exception):
    """A refusal of a cmdlet."""

    def __init__(self, status: int, code: str, kind: str, text: str) -> None:
        super().__init__(text)
        self.status = status
        self.code = code
        self.kind = kind
        self.text = text


class Forbidden(Exception):
    """The cmdlet is unknown, or not granted to the caller: both look alike."""


class Unauthorized(Exception):
    """The token is refused."""


def bad_parameter(text: str) -> ExchangeError:
    """Refuse a parameter that does not exist or fit."""
    return ExchangeError(400, "BadRequest", BINDING, text)


def not_found(identity: str, domain: str, status: int = 404) -> ExchangeError:
    """Say that there is no such object."""
    text = (
        f"The operation couldn't be performed because object '{identity}' couldn't be found on "
        f"'{domain.partition('.')[0].upper()}.EURPR01A001.PROD.OUTLOOK.COM'."
    )
    code = "NotFound" if status == 404 else "BadRequest"  # noqa: PLR2004 - HTTP's own number
    return ExchangeError(status, code, f"{TASKS}.ManagementObjectNotFoundException", text)


def exists_already(name: str) -> ExchangeError:
    """Say that a name is taken."""
    text = f"The object '{name}' already exists."
    return ExchangeError(400, "BadRequest", f"{DIRECTORY}.ADObjectAlreadyExistsException", text)


def refused(text: str, kind: str = "System.InvalidOperationException") -> ExchangeError:
    """Refuse what the state of things does not allow."""
    return ExchangeError(400, "BadRequest", kind, text)


def not_emulated(what: str) -> ExchangeError:
    """Refuse aloud what the real Exchange would do and this one does not know."""
    return ExchangeError(501, "NotImplemented", "NotEmulated", f"{what} is not emulated.")
