"""A preview needs nothing but the program."""

import shutil
import subprocess

from .programs import MAILBOX, PROFILE
from .stack import Stack

NO_NETWORK = ("unshare", "--user", "--map-root-user", "--net", "sh", "-c", 'ip link set lo up && exec "$@"', "sh")
"""Runs a command where there is no interface but the loopback."""

NOWHERE = "http://127.0.0.1:9"
"""A proxy that nobody serves, for machines that know no namespaces."""


def _no_network() -> tuple[str, ...]:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return ()
    return NO_NETWORK if subprocess.run([*NO_NETWORK, "true"], capture_output=True, check=False).returncode == 0 else ()


def test_a_preview_needs_neither_settings_nor_network(stack: Stack) -> None:
    """Without a single setting and without a network a preview shows what `up` would do."""
    stack.settings = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
    stack.program(PROFILE + MAILBOX)

    shown = stack.pulumi("preview", "--diff", before=_no_network())

    assert "3 to create" in shown.flat


def test_a_preview_of_what_exists_needs_no_network(stack: Stack) -> None:
    """The same holds for a stack that is carried out: its preview compares with state alone."""
    stack.program(PROFILE + MAILBOX)
    stack.up()
    stack.settings = {"HTTPS_PROXY": NOWHERE, "HTTP_PROXY": NOWHERE, "NO_PROXY": "127.0.0.1"}
    stack.program(PROFILE.replace("=443", "=444") + MAILBOX)

    shown = stack.pulumi("preview", "--diff", before=_no_network())

    assert "~ incoming_port_number: 443 => 444" in shown.flat
