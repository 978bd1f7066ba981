"""`dataverse-email schema`: every argument and result of every kind, for programs that read declarations."""

import json

import typer


def show() -> None:
    """Print what can be declared, as JSON; needs no settings and no network.

    The object has one entry, kinds: the kind's name, such as Mailbox -> table (Dataverse's logical name; null for a
    kind whose resources are no rows) and columns.
    A column is an argument or a result of the kind, and always has these keys, null where one says nothing about it:

    \b
    name         as programs write it
    wire         Dataverse's name; null for what is no column, such as on_delete
    direction    input (an argument) or output (a result)
    type         string, integer, boolean, choice, date-time, uuid, array, object, group (a list of resources or
                 ids), or reference (to another row: GUID or name)
    choices      word -> code; a code is null where the word is never sent, or its code is learnt when it is needed
    max_length   characters of a text
    minimum      least number
    maximum      greatest number
    default      what a new row holds, as Microsoft publishes it
    required     whether it must be given
    immutable    whether a change needs another row
    secret       whether it is kept encrypted and never shown
    label        what the admin form calls it
    description  a sentence
    source       Microsoft's page about it
    """  # noqa: D301 - it is a backspace that is meant: the command keeps the lines after it
    from ..declare import schema  # noqa: PLC0415 - the kinds bring pulumi along, which other commands need not wait for
    from ..resources import KINDS  # noqa: PLC0415 - likewise

    typer.echo(json.dumps(schema(KINDS.values()), indent=2))
