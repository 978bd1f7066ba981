"""Commands as text for a PowerShell prompt, quoted so that nothing in a value can be anything but that value.

Source: https://learn.microsoft.com/powershell/module/microsoft.powershell.core/about/about_quoting_rules
"""

import re
from typing import Final

from .commands import Command, Parameter
from .objects import is_plain

_QUOTES: Final = re.compile("['\u2018\u2019\u201a\u201b]")
"""PowerShell ends a text in single quotes at a typographic one too; each is doubled by itself."""


def spell(command: Command) -> str:
    """Return a command on one line.

    Raises:
        ValueError: a value has a character that cannot be seen, so that nobody could tell what is sent.
    """
    return " ".join([command.cmdlet, *(_argument(name, value) for name, value in command.parameters.items())])


def _argument(name: str, value: Parameter) -> str:
    if isinstance(value, bool):
        return f"-{name}:${str(value).lower()}"
    values = (value,) if isinstance(value, str) else value
    return f"-{name} {','.join(_quoted(it) for it in values)}"


def _quoted(text: str) -> str:
    if not is_plain(text):
        raise ValueError(f"{text!r} has a character that cannot be seen")
    return "'" + _QUOTES.sub(lambda match: match[0] * 2, text) + "'"
