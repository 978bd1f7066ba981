"""`dataverse-email comment`: a preview as a comment that the reviewers of a pull request read."""

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from .ending import fail

SUMMARY = "GITHUB_STEP_SUMMARY"
"""Environment variable in which GitHub Actions names the file of a step's job summary."""

GATE_CLOSED = 3
"""Exit status where `--fail-on` names something that the preview holds; 1 is a fault, 2 a wrong use."""


class Service(StrEnum):
    """Where the comment is posted: it decides how long it may be."""

    GITHUB = "github"
    AZURE_DEVOPS = "azure-devops"


def comment(
    preview: Annotated[
        typer.FileBinaryRead, typer.Argument(help="What `pulumi preview --json` printed; - reads standard input.")
    ] = "-",  # type: ignore[assignment]  # typer opens the file that the text names
    *,
    service: Annotated[
        Service, typer.Option("--for", help="Where the comment is posted: it is cut to the size allowed there.")
    ] = Service.GITHUB,
    fail_on: Annotated[
        str,
        typer.Option(
            help="End with status 3 if the preview holds one of these, separated by commas: loss, scope, delete, "
            "replace, approval, test, update, create, drift, warning, error.",
            metavar="WORDS",
        ),
    ] = "",
    job_summary: Annotated[
        bool, typer.Option("--job-summary", help=f"Also add it to the job summary, the file that {SUMMARY} names.")
    ] = False,
) -> None:
    """Print a preview as Markdown for a pull request: first what is dangerous, then what changes, in words.

    Run `pulumi preview --json > preview.json` first, with --refresh to see drift, with --show-sames to see in the
    picture what stays as it is.
    """
    # Pulumi's SDK is slow to import, and other commands do without it.
    from ..comment import LIMITS, SUMMARY_LIMIT, Preview, PreviewError, Report, gates  # noqa: PLC0415  see above
    from ..comment import comment as written  # noqa: PLC0415  see above

    wanted = [word.strip() for word in fail_on.split(",") if word.strip()]
    if unknown := [word for word in wanted if word not in gates()]:
        raise typer.BadParameter(
            f"{', '.join(unknown)}: not known; there are {', '.join(gates())}.", param_hint="'--fail-on'"
        )
    try:
        read = Preview.read(preview.read())
    except PreviewError as error:
        fail(str(error))
    typer.echo(written(read, LIMITS[service]).encode(), nl=False)
    if job_summary:
        _add_to_summary(written(read, SUMMARY_LIMIT))
    if refused := Report(read).refused(wanted):
        typer.echo(f"The gate is closed: {', '.join(refused)}.", err=True)
        raise typer.Exit(GATE_CLOSED)


def _add_to_summary(text: str) -> None:
    path = os.environ.get(SUMMARY)
    if not path:
        fail(
            f"--job-summary: {SUMMARY} is not set. It is in a step of GitHub Actions; elsewhere, leave the option out."
        )
    try:
        with Path(path).open("a", encoding="utf-8", newline="\n") as summary:
            summary.write(text)
    except OSError as error:
        fail(f"--job-summary: {path} cannot be written: {error.strerror}.")
