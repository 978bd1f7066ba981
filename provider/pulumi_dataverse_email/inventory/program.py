"""The program, as a person would write it; and the files around it."""

import csv
import io
import json
import keyword
import re
from collections.abc import Iterator, Mapping
from datetime import date

from ..declare import CLEAR
from ..resources import KINDS
from .arrange import LOOKUP, Arrangement, Group

WIDTH = 88
"""Columns that a line may have, so that formatters leave it as it is."""

PROJECT = """\
name: {name}
description: {description}
runtime:
  name: python
  options:
    toolchain: pip
    virtualenv: .venv
"""

HEAD = '''\
"""Server-side synchronization of {organization}, as it was found on {day}."""

{imports}

# Imported: `pulumi destroy` refuses, and what is removed here stays in Dataverse.
KEPT = pulumi.ResourceOptions(protect=True)
'''


def files(
    arrangement: Arrangement, imported: Mapping[str, object], *, project: str, day: date, test: bool
) -> dict[str, str]:
    """Return all files of the project: name -> text.

    Args:
        arrangement: what is declared.
        imported: what the import file holds.
        project: the project's name.
        day: the day on which it was found.
        test: whether the program tests and enables the mailboxes.
    """
    organization = arrangement.found.organization.name
    described = json.dumps(f"Server-side synchronization of {organization}")  # a text of JSON is one of YAML
    return {
        "Pulumi.yaml": PROJECT.format(name=project, description=described),
        "requirements.txt": "pulumi-dataverse-email>=0.1,<0.2\n",
        "__main__.py": _program(arrangement, day, test=test),
        **{f"{group.name}.csv": _file(group) for group in arrangement.groups},
        "import.json": json.dumps(imported, indent=1, ensure_ascii=False) + "\n",
    }


def _program(arrangement: Arrangement, day: date, *, test: bool) -> str:
    names = sorted(_imports(arrangement, test=test), key=str.casefold)
    one = f"from pulumi_dataverse_email import {', '.join(names)}"
    several = "from pulumi_dataverse_email import (\n" + "".join(f"    {it},\n" for it in names) + ")"
    imports = f"import pulumi\n{one if len(one) <= WIDTH else several}"
    organization = arrangement.found.organization.name.replace("\\", "\\\\").replace('"', '\\"')
    head = HEAD.format(organization=organization, day=day.isoformat(), imports=imports)
    return "\n".join((head, *_declarations(arrangement, test=test)))


def _imports(arrangement: Arrangement, *, test: bool) -> Iterator[str]:
    if arrangement.profiles:
        yield "EmailServerProfile"
    if arrangement.singles:
        yield "Mailbox"
    if arrangement.groups:
        yield from ("MailboxSet", "CsvFile")
    if test:
        yield "MailboxTestAndEnable"
    if any(it == CLEAR for single in arrangement.singles for it in single.settings.values()):
        yield "CLEAR"


def _declarations(arrangement: Arrangement, *, test: bool) -> Iterator[str]:
    variables = {row_id: _variable(profile.name) for row_id, profile in arrangement.profiles.items()}
    for row_id, profile in arrangement.profiles.items():
        lines = [f"{name}={_literal(it)}" for name, it in profile.settings.items()]
        lines += ["# Stored, and readable by nobody; state them to change them:"] if profile.stored else []
        lines += [_secret(profile.name, name) for name in profile.stored]
        yield f"{variables[row_id]} = {_call('EmailServerProfile', profile.name, lines)}\n"
    called = []
    for group in arrangement.groups:
        lines = [f'members=CsvFile("{group.name}.csv")', *_stated(group.settings, variables)]
        called.append(_variable(group.name))
        yield f"{called[-1] + ' = ' if test else ''}{_call('MailboxSet', group.name, lines)}\n"
    if test and arrangement.singles:
        yield (
            "mailboxes = [\n"
            + "".join(
                f"    {_call('Mailbox', it.name, list(_stated(it.settings, variables)), depth=1)},\n"
                for it in arrangement.singles
            )
            + "]\n"
        )
    elif arrangement.singles:
        yield "".join(
            f"{_call('Mailbox', it.name, list(_stated(it.settings, variables)))}\n" for it in arrangement.singles
        )
    if test:
        given = ", ".join([*called, *(["*mailboxes"] if arrangement.singles else [])])
        yield f'MailboxTestAndEnable("everybody", mailboxes=[{given}])\n'


def _stated(settings: Mapping[str, object], variables: Mapping[str, str]) -> Iterator[str]:
    for name, it in settings.items():
        yield (
            f"{name}={variables.get(str(it), '') if name == LOOKUP else ''}"
            if (name == LOOKUP and str(it) in variables)
            else f"{name}={_literal(it)}"
        )


def _call(kind: str, name: str, lines: list[str], depth: int = 0) -> str:
    first = [f'"{name}"', "KEPT"]
    single = f"{kind}({', '.join([*first, *lines])})"
    if len(single) + 4 * depth <= WIDTH and not any(line.startswith("#") for line in lines):
        return single
    inner = "    " * (depth + 1)
    listed = [line if line.startswith("#") else f"{line}," for line in (*first, *lines)]
    return "\n".join((f"{kind}(", *(inner + line for line in listed), "    " * depth + ")"))


def _secret(profile: str, argument: str) -> str:
    words = re.split(r"[^A-Za-z0-9]+", f"{profile}_{argument}")
    key = words[0].lower() + "".join(it.capitalize() for it in words[1:])
    return f'# {argument}=pulumi.Config().require_secret("{key}"),'


def _literal(value: object) -> str:
    if value == CLEAR:
        return "CLEAR"
    if isinstance(value, str):
        text = json.dumps(value, ensure_ascii=False)
        return text if value.isprintable() else repr(value)
    return repr(value)


def _variable(name: str) -> str:
    plain = re.sub(r"\W", "_", name)
    return f"_{plain}" if plain[0].isdigit() or keyword.iskeyword(plain) or plain in KINDS else plain


def _file(group: Group) -> str:
    """Return the file that lists the members of a set."""
    owner = next(iter(group.members)).partition(":")[0]
    columns = list(dict.fromkeys(name for _, own in group.members.values() for name in own))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([owner, *columns])
    for key, (_, own) in group.members.items():
        writer.writerow([key.partition(":")[2], *(_cell(own.get(name)) for name in columns)])
    return text.getvalue()


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else str(value)
