"""The explorer's pages in a real terminal against real servers: compare, filter, help, time, watch, history, export."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from certtui.lab.pki import Authority, Issued, Wish, now_to_the_second
from tests.e2e.servers.nginx import install, nginx, reload
from tests.e2e.terminal import terminal
from tests.requirements import needs

pytestmark = needs("tmux", "nginx", "openssl")

SIZES = [(80, 24), (200, 60)]


@dataclass(frozen=True)
class Site:
    """An nginx with a certificate for localhost."""

    folder: Path
    port: int
    root: Path
    issuer: Authority

    def leaf(self, ends: timedelta, begins: timedelta = timedelta(days=-100)) -> tuple[Issued, Issued]:
        """Return a chain whose certificate ends so long from now."""
        issued = self.issuer.issue("localhost", Wish(names=("localhost",), begins=begins, ends=ends))
        return issued, self.issuer

    def renew(self, chain: tuple[Issued, Issued]) -> None:
        """Install another chain and have nginx read it."""
        install(chain, self.folder)
        reload(self.folder)


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    """A server whose certificate expired 10 days ago."""
    root = Authority.root("End-to-end Root", now=now_to_the_second())
    issuer = root.intermediate("End-to-end CA")
    wish = Wish(names=("localhost",), begins=timedelta(days=-100), ends=timedelta(days=-10))
    (tmp_path / "root.pem").write_text(root.pem)
    folder = tmp_path / "nginx"
    folder.mkdir()
    with nginx((issuer.issue("localhost", wish), issuer), folder) as port:
        yield Site(folder, port, tmp_path / "root.pem", issuer)


def opened(program: list[str], site: Site, *more: str) -> list[str]:
    """Return the command that opens the explorer on the site."""
    return [*program, f"localhost:{site.port}", "--ca-file", str(site.root), *more]


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_two_chains_are_compared_and_the_difference_is_copied(
    site: Site, program: list[str], tmp_path: Path, size: tuple[int, int]
) -> None:
    other = tmp_path / "renewed.pem"
    other.write_text("".join(issued.pem for issued in site.leaf(timedelta(days=80), timedelta(days=-1))))
    with terminal(opened(program, site, str(other)), columns=size[0], rows=size[1]) as window:
        window.sees("2 hosts", "EXPIRED")
        window.press("c")
        window.sees("A is localhost")
        window.press("j")
        window.press("c")
        window.sees("differences", "Verdict")
        window.press("y")
        text = window.buffer()

    assert "The certificate has expired" in text
    assert any(line.startswith("- ") for line in map(str.strip, text.splitlines()))
    assert any(line.startswith("+ ") for line in map(str.strip, text.splitlines()))


def test_the_filter_understands_terms_and_forgives_a_slip(site: Site, program: list[str]) -> None:
    with terminal(opened(program, site, f"127.0.0.1:{site.port}")) as window:
        window.sees("2 hosts", "EXPIRED")
        window.press("/")
        window.type("is:expired !name:127")
        window.press("Enter")
        window.sees(": 1")
        window.press("Escape")
        window.no_longer_sees("filter")
        window.press("/")
        window.type("locahlost")
        window.sees("like it: 1")


def test_help_copies_the_repair_for_the_server_that_was_chosen_once(site: Site, program: list[str]) -> None:
    with terminal(opened(program, site)) as window:
        window.sees("EXPIRED")
        window.press("?")
        window.sees("What it is")
        window.press("s")
        window.sees("Commands for which server?")
        window.press("n")
        window.sees("commands for nginx")
        window.press("c")
        assert window.buffer() == "nginx -t && nginx -s reload\n"
        window.press("q")
        window.sees("Hosts")
        window.press("q")
        assert window.exit_code() == 0

    with terminal(opened(program, site)) as window:
        window.sees("EXPIRED")
        window.press("?")
        window.sees("commands for nginx")


def test_the_time_machine_says_what_will_break(site: Site, program: list[str]) -> None:
    site.renew(site.leaf(timedelta(days=45)))
    with terminal(opened(program, site)) as window:
        window.sees("localhost", "End-to-end CA")
        window.press("t")
        window.sees("Roots in use", "End-to-end Root")
        for _ in range(2):
            window.press("}")
        window.sees("1 would break", "The certificate has expired")
        window.press("0")
        window.press("Space")
        window.sees("1 would break")
        window.press("q")
        window.sees("Hosts")


def test_a_renewal_is_seen_while_watching_logged_and_told(
    site: Site, program: list[str], tmp_path: Path
) -> None:
    told = tmp_path / "told.json"
    hook = json.dumps(
        [sys.executable, "-c", "import sys; open(sys.argv[1], 'w').write(sys.stdin.read())", str(told)]
    )
    (tmp_path / "config.toml").write_text(f"[watch]\non_change = {hook}\n")
    with terminal(opened(program, site, "--watch", "5s"), columns=120, rows=30) as window:
        window.sees("EXPIRED", "watching every")
        site.renew(site.leaf(timedelta(days=80), timedelta(days=-1)))
        window.sees("TRUSTED", "1 change")
        window.press("l")
        window.sees("rejected", "localhost")
        window.until(told.exists, "the hook run")
        window.press("q")
        window.sees("Hosts")

    document = json.loads(told.read_text())
    assert document["target"] == f"localhost:{site.port}"
    assert document["before"]["verdict"] == "rejected"
    assert document["after"]["verdict"] == "trusted"


def test_history_of_two_runs_shows_when_the_certificate_changed(site: Site, program: list[str]) -> None:
    with terminal(opened(program, site)) as window:
        window.sees("EXPIRED")
        window.press("q")
        assert window.exit_code() == 0
    site.renew(site.leaf(timedelta(days=80), timedelta(days=-1)))

    with terminal(opened(program, site), columns=120, rows=30) as window:
        window.sees("End-to-end CA", "TRUSTED")
        window.press("h")
        window.sees("History of localhost", "EXPIRED", "TRUSTED")
        window.press("j")
        window.press("Enter")
        window.sees("difference", "EXPIRED", "≠")


def test_what_is_exported_openssl_reads(site: Site, program: list[str], tmp_path: Path) -> None:
    with terminal(opened(program, site)) as window:
        window.sees("EXPIRED")
        for letter, name in (("r", "full.pem"), ("d", "leaf.der"), ("t", "leaf.txt"), ("h", "report.html")):
            window.press("e")
            window.sees("Save")
            window.press(letter)
            window.sees("a new file")
            window.press("C-u")
            window.no_longer_sees("localhost-")
            window.type(str(tmp_path / name))
            window.press("Enter")
            window.until((tmp_path / name).exists, name)
            window.sees("Hosts")

    subprocess.run(
        [
            "openssl",
            "verify",
            "-no_check_time",
            "-CAfile",
            site.root,
            "-untrusted",
            tmp_path / "full.pem",
            tmp_path / "full.pem",
        ],
        check=True,
    )
    told = _openssl("-in", str(tmp_path / "leaf.der"), "-inform", "DER", "-noout", "-serial")
    serial = told.strip().partition("=")[2].lower()
    assert serial in (tmp_path / "leaf.txt").read_text().replace(":", "").lower()


def _openssl(*arguments: str) -> str:
    command = ["openssl", "x509", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout


def test_settings_that_are_wrong_are_told_with_their_line(program: list[str], tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('theme = "certtui-light"\nserver = "lighttpd"\n')
    with terminal([*program, "127.0.0.1:1"]) as window:
        assert window.exit_code() == 2
        window.sees("config.toml, line 2: server")


def test_a_pager_shows_the_whole_report_and_comes_back(site: Site, program: list[str]) -> None:
    with terminal(["env", "PAGER=less -X", *opened(program, site)]) as window:
        window.sees("EXPIRED")
        window.press("v")
        window.sees("error leaf-expired")
        window.press("q")
        window.sees("Hosts", "Chain")


def test_the_explorer_goes_back_to_the_shell_and_comes_back_whole(program: list[str]) -> None:
    with terminal(["bash", "--norc", "-i"]) as window:
        window.type(f"{shlex.join([*program, '127.0.0.1:1'])}\n")
        window.sees("NO CONN", "Detail")
        window.press("C-z")
        window.sees("Stopped")
        window.type("fg\n")
        window.sees("NO CONN", "Chain", "Detail", "? Help")
        window.press("q")
        window.no_longer_sees("? Help")


def test_hosts_that_are_named_are_remembered_and_those_of_a_list_are_not(
    program: list[str], tmp_path: Path
) -> None:
    (tmp_path / "many.txt").write_text("[ports]\n127.0.0.1:1 +low 127.0.0.1:2\n")
    with terminal([*program, "127.0.0.1:3", "--hosts", str(tmp_path / "many.txt")]) as window:
        window.sees("3 hosts", "∅3")
        window.press("q")
        assert window.exit_code() == 0

    with terminal(program) as window:
        window.sees("1 host ", "127.0.0.1:3")


def test_a_pager_that_there_is_not_is_told_and_the_explorer_goes_on(site: Site, program: list[str]) -> None:
    with terminal(["env", "PAGER=/nonexistent/pager", *opened(program, site)]) as window:
        window.sees("EXPIRED")
        window.press("v")
        window.sees("The pager cannot be run")
        window.press("?")
        window.sees("What it is")


def test_nothing_is_left_when_the_terminal_goes_away(program: list[str], tmp_path: Path) -> None:
    mark = tmp_path / "gone.txt"
    mark.write_text("127.0.0.1:1\n")
    for _ in range(5):
        with terminal([*program, "--hosts", str(mark)], columns=200, rows=60) as window:
            window.sees("NO CONN")
            # The more is being painted the likelier it is that something is never taken.
            window.press(*"?" * 5, *"jjjjjjjj")
        window.until(lambda: not _running(str(mark)), "the end of the program")


def _running(word: str) -> bool:
    return (
        subprocess.run(["pgrep", "-f", f"certtui .*{word}"], capture_output=True, check=False).returncode == 0
    )
