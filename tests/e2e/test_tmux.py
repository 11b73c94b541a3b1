"""The real program in a real terminal against real servers, from the first key to the last."""

from __future__ import annotations

import re
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.servers.nginx import expired_chain, nginx
from tests.e2e.terminal import terminal
from tests.requirements import needs

pytestmark = needs("tmux", "nginx", "openssl", "pkill")


@pytest.fixture
def expired(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    """The port of an nginx with an expired certificate for localhost, and its root."""
    root, chain = expired_chain("localhost")
    (tmp_path / "root.pem").write_text(root.pem)
    (tmp_path / "nginx").mkdir()
    with nginx(chain, tmp_path / "nginx") as port:
        yield port, tmp_path / "root.pem"


def test_an_expired_certificate_of_nginx_is_seen_explained_and_copied(
    expired: tuple[int, Path], program: list[str]
) -> None:
    port, root = expired
    with terminal([*program, f"localhost:{port}", "--ca-file", str(root)]) as window:
        window.sees("EXPIRED", "leaf-expired")

        window.press("?")
        window.sees("Help: finding 1 of", "What it is")
        window.press("Escape")
        window.sees("Hosts")

        window.press("Y")
        assert window.buffer().strip() == _leaf_by_openssl(port).strip()

        window.press("q")
        assert window.exit_code() == 0


def test_hosts_are_added_filtered_removed_and_brought_back(
    expired: tuple[int, Path], program: list[str]
) -> None:
    port, _ = expired
    with terminal(program) as window:
        window.sees("No hosts yet")
        window.press("a")
        window.sees("Add hosts")
        window.type(f"localhost:{port} 127.0.0.1:{port}")
        window.press("Enter")
        window.sees("2 hosts", "EXPIRED")

        window.press("/")
        window.type("127.0")
        window.sees('filter "127.0": 1')
        window.press("Escape")
        window.no_longer_sees("filter")

        window.press("d")
        window.sees("1 host ")
        window.press("u")
        window.sees("2 hosts")
        window.press("q")
        assert window.exit_code() == 0

    with terminal(program) as window:
        window.sees("2 hosts")


def test_the_window_may_be_resized_at_any_moment(expired: tuple[int, Path], program: list[str]) -> None:
    port, _ = expired
    # As a shell does that exports the size it was started with.
    exported = ["env", "COLUMNS=160", "LINES=50"]
    with terminal([*exported, *program, f"localhost:{port}"], columns=160, rows=50) as window:
        window.sees("EXPIRED")
        window.resize(80, 24)
        window.sees("Hosts", "Chain", "Detail")
        window.resize(40, 10)
        window.sees("Too little room")
        window.resize(58, 20)
        window.sees("Hosts")
        window.resize(160, 50)
        window.sees("Hosts", "Chain", "Detail")
        assert not window.has_ended()


def test_quitting_waits_for_no_peer(program: list[str]) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        port = silent.getsockname()[1]
        with terminal([*program, f"127.0.0.1:{port}", "--timeout", "600"]) as window:
            window.sees("checking")
            window.press("q")
            # The host's own deadline is ten minutes away: had it been waited for, this would fail.
            assert window.exit_code() == 0


def test_a_signal_ends_the_explorer_and_leaves_the_terminal_as_it_was(program: list[str]) -> None:
    with terminal([*program, "127.0.0.1:1"]) as window:
        window.sees("∅1")
        shell = window.tmux("display", "-p", "#{pane_pid}").strip()
        subprocess.run(["pkill", "-TERM", "-P", shell], check=True, timeout=20)

        assert window.exit_code() == 128 + 15
        assert window.tmux("display", "-p", "#{alternate_on} #{mouse_any_flag}").split() == ["0", "0"]


def test_the_demo_shows_its_street_and_leaves_nothing_behind(program: list[str], tmp_path: Path) -> None:
    with terminal([*program, "demo"], columns=120, rows=40) as window:
        window.sees("54 hosts" if _has_ipv6() else "53 hosts", "EXPIRED", "REVOKED", "SELF")
        window.press("C-q")
        assert window.exit_code() == 0

    assert not (tmp_path / "state").exists()


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6) as probe:
            probe.bind(("::1", 0))
    except OSError:
        return False
    return True


def _leaf_by_openssl(port: int) -> str:
    command = [
        "openssl",
        "s_client",
        "-connect",
        f"127.0.0.1:{port}",
        "-servername",
        "localhost",
        "-showcerts",
    ]
    shown = subprocess.run(command, input="", capture_output=True, text=True, check=True, timeout=20).stdout
    found = re.search("-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", shown, re.DOTALL)
    assert found is not None, shown
    return found.group()
