"""Copying says truthfully where a text went, and never runs or writes anything else."""

from __future__ import annotations

import base64
import stat
from collections.abc import Mapping
from pathlib import Path

import pytest

from certtui.ui import clipboard
from certtui.ui.clipboard import MOST_ENCODED, Copied, NotCopied, copy

TEXT = "-----BEGIN CERTIFICATE-----\nMIIB…\n"


class Terminal:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written = ""

    def write(self, text: str) -> None:
        """Take a sequence."""
        self.written += text


async def copied(
    terminal: Terminal, text: str = TEXT, *, is_terminal: bool = True, **environment: str
) -> Copied | NotCopied:
    """Copy with this environment alone."""
    return await copy(
        text,
        write_to_terminal=terminal.write,
        environment={"TERM": "xterm-256color", **environment},
        is_terminal=is_terminal,
    )


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Terminal:
    """A terminal on a machine without any clipboard command."""
    monkeypatch.setenv("PATH", str(tmp_path))
    return Terminal()


def command(folder: Path, name: str, script: str) -> None:
    """Put a command on the machine."""
    path = folder / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


def decoded(sequence: str) -> str:
    """Return the text in an OSC 52 sequence."""
    begin, end = "\x1b]52;c;", "\x07"
    assert sequence.startswith(begin)
    assert sequence.endswith(end)
    return base64.b64decode(sequence[len(begin) : -len(end)]).decode()


async def test_without_a_command_the_terminal_is_sent_the_text_and_not_said_to_have_it(
    terminal: Terminal,
) -> None:
    outcome = await copied(terminal)

    assert isinstance(outcome, Copied)
    assert "does not confirm" in outcome.how
    assert decoded(terminal.written) == TEXT


async def test_a_native_command_gets_the_very_text(terminal: Terminal, tmp_path: Path) -> None:
    command(tmp_path, "xclip", f'/bin/cat > "{tmp_path}/got"; echo "$@" > "{tmp_path}/arguments"')

    outcome = await copied(terminal, DISPLAY=":0")

    assert outcome == Copied("copied with xclip")
    assert (tmp_path / "got").read_text() == TEXT
    assert (tmp_path / "arguments").read_text() == "-selection clipboard\n"
    assert terminal.written == ""


@pytest.mark.parametrize("variable", ["SSH_TTY", "SSH_CONNECTION"])
async def test_over_ssh_the_far_machine_s_clipboard_is_not_used(
    variable: str, terminal: Terminal, tmp_path: Path
) -> None:
    command(tmp_path, "xclip", "/bin/cat > /dev/null")

    environment = {"DISPLAY": ":0", variable: "x"}
    await copied(terminal, **environment)  # type: ignore[arg-type] # none of them is is_terminal

    assert decoded(terminal.written) == TEXT


async def test_a_command_that_fails_gives_way_to_the_terminal(terminal: Terminal, tmp_path: Path) -> None:
    command(tmp_path, "xclip", "exit 1")

    await copied(terminal, DISPLAY=":0")

    assert decoded(terminal.written) == TEXT


async def test_a_command_that_hangs_is_given_up_on(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clipboard, "_TIMEOUT_SECONDS", 0.2)
    command(tmp_path, "xclip", "exec /bin/sleep 600")

    await copied(terminal, DISPLAY=":0")

    assert decoded(terminal.written) == TEXT


async def test_inside_tmux_without_its_command_the_sequence_is_wrapped(terminal: Terminal) -> None:
    await copied(terminal, TMUX="/tmp/tmux/default,1,0")

    begin, end = "\x1bPtmux;", "\x1b\\"
    assert terminal.written.startswith(begin)
    assert terminal.written.endswith(end)
    inner = terminal.written[len(begin) : -len(end)]
    assert decoded(inner.replace("\x1b\x1b", "\x1b")) == TEXT


async def test_inside_screen_the_sequence_comes_in_pieces_that_it_takes(terminal: Terminal) -> None:
    long = "x" * 2_000
    await copied(terminal, long, TERM="screen-256color")

    pieces = terminal.written.split("\x1b\\")[:-1]
    assert len(pieces) > 1
    assert all(piece.startswith("\x1bP") and len(piece) <= 768 for piece in pieces)
    assert decoded("".join(piece.removeprefix("\x1bP") for piece in pieces)) == long


@pytest.mark.parametrize(
    ("environment", "is_terminal"),
    [
        ({"CERTTUI_CLIPBOARD": "off"}, True),
        ({"CERTTUI_CLIPBOARD": "native"}, True),
        ({"TERM": "dumb"}, True),
        ({}, False),
    ],
    ids=["off", "native alone", "dumb", "no terminal"],
)
async def test_where_nothing_takes_it_a_file_is_offered_and_nothing_written(
    environment: Mapping[str, str], is_terminal: bool, terminal: Terminal
) -> None:
    outcome = await copied(terminal, is_terminal=is_terminal, **environment)

    assert isinstance(outcome, NotCopied)
    assert "press e to save" in outcome.why
    assert terminal.written == ""


async def test_what_a_terminal_would_drop_is_not_sent(terminal: Terminal) -> None:
    outcome = await copied(terminal, "x" * MOST_ENCODED)

    assert isinstance(outcome, NotCopied)
    assert "too long" in outcome.why
    assert terminal.written == ""


async def test_the_terminal_alone_can_be_wished_for(terminal: Terminal, tmp_path: Path) -> None:
    command(tmp_path, "xclip", "exit 0")

    await copied(terminal, DISPLAY=":0", CERTTUI_CLIPBOARD="osc52")

    assert decoded(terminal.written) == TEXT
