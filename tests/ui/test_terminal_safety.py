"""Nothing that a server, a list or a user wrote acts on the terminal: looked for in all that is painted and sent."""

from __future__ import annotations

import os
import pty
import re
import select
import subprocess
import sys
import termios
import time
from pathlib import Path

from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from tests.probe.servers import answer, say, serving
from tests.ui.driver import explorer


async def test_everything_painted_of_a_hostile_certificate_is_printable(
    street_reports: dict[Target, Report],
) -> None:
    target = HostTarget(host="hostile.demo.test")
    async with explorer({target: street_reports[target]}, size=(120, 60)) as user:
        seen = [user.screen()]
        for keys in (
            ("2",),
            ("j",),
            ("3",),
            ("pagedown",),
            ("pagedown",),
            ("question_mark",),
            ("escape",),
            ("y",),
        ):
            await user.press(*keys)
            await user.pilot.pause()
            seen.append(user.screen())

    painted = "\n".join(seen)
    assert "\\u{1b}]0;PWNED\\u{7}" in painted
    assert "[red]bold[/red]" in painted
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]", painted)


async def test_what_a_user_mistypes_is_painted_as_text(few: dict[Target, Report]) -> None:
    async with explorer(few) as user:
        await user.press("a")
        await user.type("[/foo] x[red]:1")
        await user.press("enter")

        await user.sees("bad host name '[/foo]'" if "bad host name" in user.screen() else "[/foo]")


def test_no_escape_of_a_certificate_reaches_a_real_terminal() -> None:
    # Everything about the host is painted once: its row, its chain, the detail to its end, help and menu.
    sent = recorded(
        ["demo", "--timeout", "1"],
        (b"/hostile\r", b"PWNED"),
        (b"2j", "▸".encode()),
        (b"3G", b"Not checked"),
        (b"?", b"Help: finding"),
        (b"G", b"measured with"),
        (b"\x1b", b"Detail"),
        (b"y", b"PEM of this certificate"),
        (b"\x1b", b"Detail"),
    )

    assert_harmless(sent)


def test_no_escape_of_a_banner_a_list_a_file_name_or_an_error_reaches_a_real_terminal(tmp_path: Path) -> None:
    evil = b"\x1b]0;PWNED\x07\x1b]52;c;UFdORUQ=\x07\xc2\x9b31m\xe2\x80\xae[red]"
    with serving(say(b"220 " + evil + b"\r\n")) as mail, serving(answer(b"HTTP/1.1 400 " + evil)) as web:
        listed = tmp_path / "hosts.txt"
        hosts = [b"smtp://127.0.0.1:%d" % mail, b"127.0.0.1:%d" % web, b"./" + evil + b".pem", b"a" + evil]
        listed.write_bytes(b"\n".join(hosts))
        sent = recorded(
            ["--hosts", str(listed), "--timeout", "1"],
            (b"", b"checked"),
            (b"j", b"PWNED"),
            (b"j", b"PWNED"),
            (b"d", b"Removed"),
            (b"d", b"Removed"),
            (b"d", b"Removed"),
        )

    assert_harmless(sent)


def recorded(arguments: list[str], *steps: tuple[bytes, bytes]) -> bytes:
    """Return all that the program writes to a terminal while keys are typed, each followed by what must be painted."""
    terminal, inner = pty.openpty()
    termios.tcsetwinsize(inner, (24, 80))
    program = subprocess.Popen(
        [sys.executable, "-m", "certtui", *arguments],
        stdin=inner,
        stdout=inner,
        stderr=inner,
        env=os.environ | {"TERM": "xterm-256color"},
        start_new_session=True,
    )
    os.close(inner)
    sent = bytearray()
    try:
        _read_until(terminal, sent, b"Hosts")
        for keys, painted in steps:
            before = len(sent)
            os.write(terminal, keys)
            _read_until(terminal, sent, painted, before if keys else 0)
        os.write(terminal, b"\x11")
        _read_for(terminal, sent, 0.5)
    finally:
        program.kill()
        program.wait()
        os.close(terminal)
    return bytes(sent)


def assert_harmless(sent: bytes) -> None:
    """Nothing of an attacker's acts on the terminal, and what they wrote is there, spelled out."""
    assert b"\\u{1b}]0;PWNED" in sent
    assert b"\x1b]0;" not in sent
    assert b"\x1b]52;" not in sent
    assert not re.search("[\u0080-\u009f\u200b\u202e]", sent.decode("utf-8", "replace"))


def _read_until(terminal: int, sent: bytearray, marker: bytes, start: int = 0) -> None:
    deadline = time.monotonic() + 20
    while marker not in sent[start:]:
        assert time.monotonic() < deadline, (marker, sent[-500:])
        _read_for(terminal, sent, 0.2)


def _read_for(terminal: int, sent: bytearray, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select([terminal], [], [], left)
        if ready:
            try:
                sent += os.read(terminal, 65536)
            except OSError:
                return
