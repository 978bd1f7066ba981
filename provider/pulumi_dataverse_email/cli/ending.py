"""How a command ends that cannot do what it was asked to."""

from typing import NoReturn

import typer


def fail(sentence: str) -> NoReturn:
    """Say on standard error what is wrong, and end with status 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
