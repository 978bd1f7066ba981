"""The ways to a Pulumi CLI: which one is taken, and that nothing half made counts."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.metadata import version
from pathlib import Path
from threading import Thread

import pytest

from tools.pulumi_cli import ADVICE, COMPANIONS, NoCliError, build, check, download, fill, main


def command(path: Path, script: str = "") -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def release(folder: Path, number: str = "v3.257.0") -> None:
    """Lay out a folder as a release of Pulumi has it."""
    command(folder / "pulumi", f"echo {number}")
    for name in COMPANIONS:
        command(folder / name)


@contextmanager
def site(content: bytes) -> Iterator[str]:
    """Serve one answer to every request; the value is its address."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    with HTTPServer(("127.0.0.1", 0), Answer) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/install.sh"
        server.shutdown()


def test_a_whole_release_serves(tmp_path: Path) -> None:
    """A CLI with its language host is taken as it is."""
    release(tmp_path)

    check(str(tmp_path))


def test_a_linked_cli_finds_its_companions(tmp_path: Path) -> None:
    """A package manager may put a link to `pulumi` alone on PATH."""
    release(tmp_path / "cellar")
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "pulumi").symlink_to(tmp_path / "cellar" / "pulumi")

    check(str(tmp_path / "bin"))


def test_a_cli_without_its_python_host_is_refused(tmp_path: Path) -> None:
    """What is missing is named."""
    release(tmp_path)
    (tmp_path / "pulumi-language-python").unlink()

    with pytest.raises(NoCliError, match=r"stands without pulumi-language-python$"):
        check(str(tmp_path))


@pytest.mark.parametrize("said", ["v3.215.9", "v2.300.0", "what?"])
def test_a_cli_that_is_too_old_is_refused(tmp_path: Path, said: str) -> None:
    """Both releases stand in the reason: the one there is, and the one that is needed."""
    release(tmp_path, said)

    with pytest.raises(NoCliError, match=rf"'{said.replace('?', '.')}'; 3.216 or newer is needed"):
        check(str(tmp_path))


def test_the_installer_is_asked_for_the_release_of_the_sdk(tmp_path: Path) -> None:
    """Pulumi's installer gets the folder, the SDK's version, and leaves the shell's profile alone."""
    with site(b'#!/bin/sh\nmkdir -p "$3" && echo "$@" >"$3/asked"\n') as installer:
        download(tmp_path / "root", installer)

    asked = (tmp_path / "root" / "asked").read_text()
    assert asked == f"--no-edit-path --install-root {tmp_path / 'root'} --version {version('pulumi')}\n"


def test_a_failing_installer_is_told(tmp_path: Path) -> None:
    """Its exit status is passed on."""
    with site(b"#!/bin/sh\nexit 7\n") as installer, pytest.raises(NoCliError, match="ended with status 7"):
        download(tmp_path, installer)


def test_a_page_in_place_of_the_installer_is_not_run(tmp_path: Path) -> None:
    """A proxy's sign-in page is no script."""
    with site(b"<html>sign in</html>") as installer, pytest.raises(NoCliError, match="no script"):
        download(tmp_path, installer)


def test_a_closed_network_is_told(tmp_path: Path) -> None:
    """Where nothing answers, the reason names the address."""
    with socket.socket() as unheard:
        unheard.bind(("127.0.0.1", 0))
        installer = f"http://127.0.0.1:{unheard.getsockname()[1]}/install.sh"
        with pytest.raises(NoCliError, match=f"{installer} cannot be reached"):
            download(tmp_path, installer)


def test_a_failed_build_shows_what_go_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Go's last words stand in the reason."""
    command(tmp_path / "bin" / "go", "echo no space left on device >&2; exit 1")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))

    with pytest.raises(NoCliError, match="no space left on device"):
        build(tmp_path / "root")


def test_what_is_half_made_does_not_count(tmp_path: Path) -> None:
    """A way that breaks off leaves the CLI of before; the next one starts from an empty folder and takes its place."""
    release(tmp_path / "bin", "v3.220.0")

    def breaks_off(root: Path) -> None:
        command(root / "bin" / "pulumi", "echo v3.257.0")

    def succeeds(root: Path) -> None:
        assert not root.exists()
        release(root / "bin")

    with pytest.raises(NoCliError, match="stands without"):
        fill(tmp_path, breaks_off)
    assert "v3.220.0" in (tmp_path / "bin" / "pulumi").read_text()

    fill(tmp_path, succeeds)
    assert "v3.257.0" in (tmp_path / "bin" / "pulumi").read_text()


def test_with_no_way_left_it_says_what_to_get(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """No CLI, no network and no Go: each is told, then what to install."""
    monkeypatch.setattr("tools.pulumi_cli.CHECKOUT", tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    (tmp_path / "tools" / "pulumi" / "cli").mkdir(parents=True)

    with pytest.raises(SystemExit, match=ADVICE[:40]):
        main()

    told = capsys.readouterr().out
    assert "pulumi is not on PATH." in told
    assert "get.pulumi.com/install.sh cannot be reached" in told
    assert "go is not on PATH." in told
