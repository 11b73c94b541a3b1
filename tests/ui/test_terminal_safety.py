"""Nothing that a server, a list or a user wrote acts on the terminal: looked for in all that is painted and sent."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import sys
import termios
import time

from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from certtui.lab import Street
from tests.ui.driver import explorer

_SCRIPT = """
import sys
from certtui.cli import main
main(["demo", "--timeout", "1"])
"""


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


def test_no_escape_of_the_street_reaches_a_real_terminal(street: Street) -> None:
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        termios.tcsetwinsize(1, (24, 80))
        os.execv(sys.executable, [sys.executable, "-c", _SCRIPT])
    sent = bytearray()
    try:
        _read_until(terminal, sent, b"Hosts")
        # Everything about the host is painted once: its row, its chain, the detail to its end, help and menu.
        for keys, painted in (
            (b"/hostile\r", b"PWNED"),
            (b"2j", b"\xe2\x96\xb8"),
            (b"3G", b"Not checked"),
            (b"?", b"Help: finding"),
            (b"G", b"One page down"),
            (b"\x1b", b"Detail"),
            (b"y", b"PEM of this certificate"),
            (b"\x1b", b"Detail"),
        ):
            before = len(sent)
            os.write(terminal, keys)
            _read_until(terminal, sent, painted, before)
        os.write(terminal, b"\x11")
        _read_for(terminal, sent, 1.0)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)

    assert b"PWNED" in sent
    assert b"\x1b]0;PWNED" not in sent
    assert b"]52;c;UFdORUQ" not in sent.replace(b"\\u{1b}]52;c;UFdORUQ", b"")
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
