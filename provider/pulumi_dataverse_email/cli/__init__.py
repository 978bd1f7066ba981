"""The `dataverse-email` command."""

import typer

from . import emulator, schema
from .comment import comment
from .doctor import doctor
from .importing import bring_in
from .status import status

app = typer.Typer(
    name="dataverse-email",
    help="Server-side synchronization of Dynamics 365 / Dataverse as code.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,  # a local may be a secret
)
app.add_typer(emulator.app, name="emulator")
app.command("schema")(schema.show)
app.command()(comment)
app.command("import")(bring_in)
app.command()(doctor)
app.command()(status)


def main() -> None:
    """Run the command that the arguments name, and exit with its status."""
    app()
