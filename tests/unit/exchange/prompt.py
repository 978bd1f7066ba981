"""A PowerShell prompt that knows one thing: a cmdlet with named parameters whose values stand in single quotes.

Written from PowerShell's quoting rules, not from what is under test; anything else is refused.
"""

import re

from pulumi_dataverse_email.exchange.commands import Parameter

_QUOTE = "'\u2018\u2019\u201a\u201b"
_TEXT = rf"[{_QUOTE}](?:[^{_QUOTE}]|[{_QUOTE}]{{2}})*[{_QUOTE}]"
_ARGUMENT = re.compile(rf" -(?P<name>[A-Za-z]+)(?:(?P<flag>:\$(?:true|false))| (?P<values>{_TEXT}(?:,{_TEXT})*))")


def typed(line: str) -> tuple[str, dict[str, Parameter]]:
    """Return what PowerShell would run for a line.

    Raises:
        ValueError: it would run something else, too.
    """
    start = re.match(r"[A-Z][a-z]+-[A-Za-z]+", line)
    if start is None:
        raise ValueError(line)
    parameters: dict[str, Parameter] = {}
    position = start.end()
    while position < len(line):
        argument = _ARGUMENT.match(line, position)
        if argument is None:
            raise ValueError(f"{line[:position]} >>> {line[position:]}")
        if argument["flag"]:
            parameters[argument["name"]] = argument["flag"] == ":$true"
        else:
            values = tuple(_meant(text) for text in re.findall(_TEXT, argument["values"]))
            parameters[argument["name"]] = values[0] if len(values) == 1 else values
        position = argument.end()
    return start[0], parameters


def _meant(text: str) -> str:
    """Return what a quoted text means: of each pair of quotes, the second."""
    return re.sub(rf"[{_QUOTE}]([{_QUOTE}])", r"\1", text[1:-1])
