"""Make sure that there is a Pulumi CLI with its Python language host.

One on PATH serves as it is. Else `.tools/bin` of the checkout is filled: by Pulumi's own installer, or, where that
cannot be reached, by building the Go modules that tools/pulumi pins. What is unfinished never stands under that name.
"""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

import requests

OLDEST = (3, 216)
"""The first release that lets `read` of a dynamic provider return inputs, which is how drift is shown."""

COMPANIONS = ("pulumi-language-python", "pulumi-language-python-exec", "pulumi-resource-pulumi-python")
"""What runs Python programs and dynamic providers; every release carries them beside `pulumi`."""

INSTALLER = "https://get.pulumi.com/install.sh"
TIMEOUTS = (5, 30)
"""Seconds to connect (a closed network is soon known) and to wait for the script, which is small."""

CHECKOUT = Path(__file__).parents[1]
SDK = "github.com/pulumi/pulumi/sdk/v3"

ADVICE = """There is no Pulumi CLI, and none could be made here.
Get one of these and run the same command again:
  Pulumi 3.216 or newer   https://www.pulumi.com/docs/iac/download-install/
  Go 1.24 or newer        https://go.dev/dl/   (the CLI is then built here)"""


class NoCliError(Exception):
    """One of the ways to a CLI does not lead there; the text says why."""


def main() -> None:
    """Find a CLI or put one into `.tools/bin`; where neither works, say what to get and exit with status 1."""
    try:
        check(os.environ["PATH"])
    except NoCliError as reason:
        say(f"{reason}.")
    else:
        return
    for way in (download, build):
        try:
            fill(CHECKOUT / ".tools", way)
        except NoCliError as reason:
            say(f"{reason}.")
        else:
            return
    sys.exit(ADVICE)


def fill(tools: Path, way: Callable[[Path], None]) -> None:
    """Let `way` make a CLI and put it into `tools`/bin once it is whole.

    Raises NoCliError, and leaves `tools`/bin as it was, where that fails.
    """
    unfinished, finished = tools / "unfinished", tools / "bin"
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        way(unfinished)
        check(str(unfinished / "bin"))
        shutil.rmtree(finished, ignore_errors=True)
        (unfinished / "bin").rename(finished)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)


def check(path: str) -> None:
    """Check that the folders of `path` hold a whole CLI that is new enough.

    Raises NoCliError, which names what is missing or too old.
    """
    pulumi = shutil.which("pulumi", path=path)
    if pulumi is None:
        raise NoCliError("pulumi is not on PATH")
    # A package manager may link `pulumi` alone; the engine finds the others beside the real one.
    beside = os.pathsep.join([path, str(Path(pulumi).resolve().parent)])
    missing = [name for name in COMPANIONS if shutil.which(name, path=beside) is None]
    if missing:
        raise NoCliError(f"{pulumi} stands without {', '.join(missing)}")
    quiet = os.environ | {"PULUMI_SKIP_UPDATE_CHECK": "true"}
    said = subprocess.run([pulumi, "version"], env=quiet, capture_output=True, text=True, check=False).stdout.strip()
    numbers = re.match(r"v?(\d+)\.(\d+)\.", said)
    if numbers is None or (int(numbers[1]), int(numbers[2])) < OLDEST:
        raise NoCliError(f"{pulumi} says that its version is {said!r}; 3.216 or newer is needed")


def download(root: Path, installer: str = INSTALLER) -> None:
    """Have Pulumi's installer put the release that fits the SDK into `root`/bin.

    Raises NoCliError where the installer cannot be reached or fails.
    """
    try:
        script = requests.get(installer, timeout=TIMEOUTS)
        script.raise_for_status()
    except requests.RequestException as error:
        raise NoCliError(f"{installer} cannot be reached ({type(error).__name__})") from error
    if not script.content.startswith(b"#!"):
        raise NoCliError(f"{installer} answered with something that is no script")
    release = version("pulumi")
    say(f"Pulumi's installer puts pulumi {release} into .tools (a download of some 100 MB).")
    command = ["sh", "-s", "--", "--no-edit-path", "--install-root", str(root), "--version", release]
    status = subprocess.run(command, input=script.content, stdout=subprocess.DEVNULL, check=False).returncode
    if status:
        raise NoCliError(f"the installer of {installer} ended with status {status}")


def build(root: Path) -> None:
    """Build the CLI and its language host from their Go modules into `root`/bin.

    They are two modules because each needs its own release of the SDK. The scripts come with the CLI's.
    Raises NoCliError where Go is missing or fails.
    """
    binaries = root / "bin"
    binaries.mkdir(parents=True)
    release = go("cli", "list", "-m", "-f", "{{.Version}}", SDK).removeprefix("v")
    into = ("-ldflags", f"-s -w -X {SDK}/go/common/version.Version={release}", "-o", f"{binaries}/")
    say(f"Building pulumi {release} from source into .tools: about 8 minutes, this once.")
    go("cli", "build", *into, "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi")
    say("Building its Python language host: about 1 minute.")
    go("language-python", "build", *into, f"{SDK}/python/cmd/pulumi-language-python")
    source = Path(go("cli", "list", "-m", "-f", "{{.Dir}}", SDK))
    for script in ("python/cmd/pulumi-language-python-exec", "python/dist/pulumi-resource-pulumi-python"):
        shutil.copyfile(source / script, binaries / Path(script).name)
        (binaries / Path(script).name).chmod(0o755)


def go(module: str, verb: str, *arguments: str) -> str:
    """Run Go on a module of tools/pulumi as it is pinned there, and return what it printed."""
    command = ["go", verb, "-mod=readonly", *arguments]
    pinned = os.environ | {"CGO_ENABLED": "0", "GOWORK": "off"}
    folder = CHECKOUT / "tools" / "pulumi" / module
    try:
        done = subprocess.run(command, cwd=folder, env=pinned, capture_output=True, text=True, check=True)
    except FileNotFoundError as error:
        raise NoCliError("go is not on PATH") from error
    except subprocess.CalledProcessError as error:
        raise NoCliError(f"`go {verb}` failed in tools/pulumi/{module}:\n{error.stderr[-2000:].strip()}") from error
    return done.stdout.strip()


def say(text: str) -> None:
    """Tell the person at the terminal, at once."""
    print(text, flush=True)


if __name__ == "__main__":
    main()
