"""Who is told of a change: a hook by JSON, the desktop by arguments that nothing in them can turn into a script."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_chain
from certtui.core.report import Report
from certtui.watch.commands import NotRun, Ran, run_command
from certtui.watch.hooks import (
    Sent,
    change_document,
    desktop_notification,
    notification_command,
)
from tests.core.examples import GOOD, NOW

EVIL = "\x1b]0;pwn\x07<b>bold</b> & --hint=x"


def report() -> Report:
    anchors = AnchorStore.of_certificates(map(Certificate.of, GOOD.anchors), label="the example's store")
    sent = [Certificate.of(octets) for octets in GOOD.sent]
    return diagnose_chain(sent, host=GOOD.host, anchors=anchors, now=NOW)


def recorder(folder: Path, name: str) -> Path:
    """Make a program of this name that writes its arguments down as JSON."""
    folder.mkdir(exist_ok=True)
    program = folder / name
    log = folder / "arguments.json"
    program.write_text(
        f"#!{sys.executable}\nimport json, sys\njson.dump(sys.argv[1:], open({str(log)!r}, 'w'))\n"
    )
    program.chmod(0o755)
    return log


def test_a_hook_gets_the_change_as_json_in_ascii(tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    document = change_document("www.example.test:443", ["a new certificate – from today"], None, report())
    program = f"import sys; open({str(kept)!r}, 'wb').write(sys.stdin.buffer.read())"
    assert run_command([sys.executable, "-c", program], document) == Ran(code=0)
    octets = kept.read_bytes()
    assert octets.isascii()
    assert octets.count(b"\n") == 1
    read = json.loads(octets)
    assert read["target"] == "www.example.test:443"
    assert read["changes"] == ["a new certificate – from today"]
    assert read["before"] is None
    assert read["after"]["verdict"] == "trusted"
    assert read["schema_version"] == 1


def test_both_sides_of_a_change_are_whole_reports() -> None:
    read = json.loads(change_document("a", ["b"], report(), report()))
    assert read["before"] == read["after"] == json.loads(report().to_json())


def test_notify_send_gets_text_that_is_no_option_and_no_markup(tmp_path: Path) -> None:
    log = recorder(tmp_path / "bin", "notify-send")
    environment = {"PATH": str(tmp_path / "bin"), "DISPLAY": ":0"}
    outcome = desktop_notification("--icon=x", EVIL, environment=environment)
    assert outcome == Ran(code=0)
    assert json.loads(log.read_text()) == [
        "--app-name=certtui",
        "--",
        "certtui: --icon=x",
        "\\u{1b}]0;pwn\\u{7}&lt;b&gt;bold&lt;/b&gt; &amp; --hint=x",
    ]


def test_osascript_gets_texts_as_arguments_of_a_fixed_script(tmp_path: Path) -> None:
    log = recorder(tmp_path / "bin", "osascript")
    text = '" & (do shell script "id") & "'
    desktop_notification("host", text, environment={"PATH": str(tmp_path / "bin")})
    arguments = json.loads(log.read_text())
    assert arguments[-2:] == ["certtui: host", text]
    assert all(text not in argument for argument in arguments[:-1])
    assert arguments[0::2][:3] == ["-e", "-e", "-e"]


def test_texts_are_cut(tmp_path: Path) -> None:
    recorder(tmp_path / "bin", "notify-send")
    command = notification_command("t", "x", {"PATH": str(tmp_path / "bin"), "DISPLAY": ":0"})
    assert command is not None
    log = recorder(tmp_path / "bin", "notify-send")
    desktop_notification(
        "t" * 10_000,
        "x" * 1_000_000,
        environment={"PATH": str(tmp_path / "bin"), "DISPLAY": ":0"},
    )
    assert all(len(argument) <= 500 for argument in json.loads(log.read_text()))


@pytest.mark.parametrize(
    "environment",
    [{"DISPLAY": ":0", "SSH_TTY": "/dev/pts/1"}, {"DISPLAY": ":0", "SSH_CONNECTION": "x"}, {}],
    ids=["ssh terminal", "ssh", "no desktop"],
)
def test_there_is_no_command_where_there_is_no_desktop_of_the_user(
    environment: dict[str, str], tmp_path: Path
) -> None:
    recorder(tmp_path / "bin", "notify-send")
    assert notification_command("t", "x", {**environment, "PATH": str(tmp_path / "bin")}) is None


def test_a_terminal_that_notifies_is_told_in_one_sequence(tmp_path: Path) -> None:
    written: list[str] = []
    environment = {"PATH": str(tmp_path), "TERM": "xterm-kitty", "SSH_TTY": "/dev/pts/1"}
    outcome = desktop_notification("host", EVIL, environment=environment, write_to_terminal=written.append)
    assert outcome == Sent()
    (sequence,) = written
    assert sequence.startswith("\x1b]9;certtui: host: ")
    assert sequence.endswith("\x07")
    assert sequence[1:-1].isprintable()


@pytest.mark.parametrize(
    "environment",
    [{"TERM": "linux"}, {"TERM": "xterm-256color"}, {"TERM": "xterm-kitty", "TMUX": "/tmp/tmux,1,0"}],
    ids=["console", "unknown", "tmux"],
)
def test_where_nothing_can_notify_it_says_so(environment: dict[str, str], tmp_path: Path) -> None:
    written: list[str] = []
    outcome = desktop_notification(
        "a",
        "b",
        environment={**environment, "PATH": str(tmp_path)},
        write_to_terminal=written.append,
    )
    assert isinstance(outcome, NotRun)
    assert written == []
