"""Run the root project with the real Pulumi against the emulator that starts this, and show what it then holds.

State, rows and Pulumi's home stay in `.quickstart`: a person's own Pulumi login and home folder are left as they are.
"""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import requests
from rich.console import Console
from rich.table import Table

FOLDER = Path(__file__).parents[1] / ".quickstart"
STACK = "quickstart"

EXPORTS = {
    "DATAVERSE_URL",
    "DATAVERSE_EMULATOR_URL",
    "ARM_TENANT_ID",
    "ARM_CLIENT_ID",
    "ARM_CLIENT_SECRET",
    "AZURE_AUTHORITY_HOST",
}
"""What the emulator sets for its command, of the names that lead to an environment."""

Row = Mapping[str, Any]

PROFILE = {
    "Name": "name",
    "Password": "isincomingpasswordset",
    "Impersonation": "incominguseimpersonation",
    "Emails since": "processemailsreceivedafter",
}
MAILBOX = {
    "Name": "name",
    "Profile": "_emailserverprofile_value",
    "Incoming": "incomingemaildeliverymethod",
    "Outgoing": "outgoingemaildeliverymethod",
    "Appointments": "actdeliverymethod",
}
"""The columns to show, by heading."""

LABELS: Mapping[str, Mapping[Any, str]] = {
    "isincomingpasswordset": {False: "not set", True: "set"},
    "incominguseimpersonation": {False: "no", True: "yes"},
    "incomingemaildeliverymethod": {0: "none", 1: "Outlook", 2: "server-side", 3: "forward mailbox"},
    "outgoingemaildeliverymethod": {0: "none", 1: "Outlook", 2: "server-side"},
    "actdeliverymethod": {0: "Outlook", 1: "server-side", 2: "none"},
}

console = Console(highlight=False)


def main() -> None:
    """Preview, update, show the rows and what was done; exit with status 1 where Pulumi fails."""
    (FOLDER / "state").mkdir(parents=True, exist_ok=True)
    environment = sealed(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        pulumi("stack", "select", "--create", STACK, quiet=True)
        pulumi("cancel", "--yes", quiet=True)  # the lock of an earlier run that was killed: the stack is ours alone
        pulumi("preview", "--diff")
        pulumi("up", "--yes", "--skip-preview")
        last = json.loads(pulumi("stack", "history", "--json", "--page-size", "1", quiet=True))[0]
    except subprocess.CalledProcessError as error:
        print(error.stdout or "", error.stderr or "")
        sys.exit(f"`{' '.join(error.cmd)}` failed. `make clean` forgets the state and rows of earlier runs.")
    show_rows()
    if set(last["resourceChanges"]) == {"same"}:
        print("Nothing changed: the emulated Dataverse already is what the program says.")
    else:
        print("The emulated Dataverse now is what the program says; another `make up` changes nothing.")


def sealed(inherited: Mapping[str, str]) -> dict[str, str]:
    """Return an environment that leads to the emulator and this folder, whatever else a person has set.

    The passphrase is no secret: it protects the state of a machine's own emulator.
    """
    foreign = ("ARM_", "AZURE_", "DATAVERSE_", "PULUMI_")
    kept = {name: value for name, value in inherited.items() if name in EXPORTS or not name.startswith(foreign)}
    return kept | {
        "NO_PROXY": "*",
        "no_proxy": "*",
        "PULUMI_BACKEND_URL": (FOLDER / "state").as_uri(),
        "PULUMI_CONFIG_PASSPHRASE": STACK,
        "PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION": "true",
        "PULUMI_HOME": str(FOLDER / "pulumi"),
        "PULUMI_SKIP_UPDATE_CHECK": "true",
    }


def pulumi(*arguments: str, quiet: bool = False) -> str:
    """Run a command of the CLI in the root project, let it print or, where `quiet`, return what it printed.

    Raises subprocess.CalledProcessError.
    """
    command = ["pulumi", *arguments]
    if not quiet:
        console.rule(f"$ {' '.join(command)}", align="left")
    done = subprocess.run(
        [*command, "--non-interactive"],
        cwd=FOLDER.parent,
        stdin=subprocess.DEVNULL,
        capture_output=quiet,
        text=True,
        check=True,
    )
    return done.stdout or ""


def show_rows() -> None:
    """Print the profiles and the mailboxes that the emulator holds."""
    # Applications are users too, with a mailbox that nobody synchronizes; their names begin with #.
    profiles, mailboxes = (
        rows("emailserverprofiles"),
        [it for it in rows("mailboxes") if not it["name"].startswith("#")],
    )
    names = {profile["emailserverprofileid"]: profile["name"] for profile in profiles}
    labels = {**LABELS, "_emailserverprofile_value": names}
    for title, columns, found in (("Email server profiles", PROFILE, profiles), ("Mailboxes", MAILBOX, mailboxes)):
        table = Table(
            *columns, title=f"\n{title}", title_justify="left", box=None, padding=(0, 2, 0, 0), pad_edge=False
        )
        for row in found:
            values = ((wire, row.get(wire)) for wire in columns.values())
            table.add_row(
                *("" if value is None else labels.get(wire, {}).get(value, str(value)) for wire, value in values)
            )
        console.print(table)


def rows(entity_set: str) -> list[Row]:
    """Ask the emulator's control API, which shows rows past every right."""
    answer = requests.get(f"{os.environ['DATAVERSE_EMULATOR_URL']}/rows/{entity_set}", timeout=30)
    answer.raise_for_status()
    found: list[Row] = answer.json()["value"]
    return found


if __name__ == "__main__":
    main()
