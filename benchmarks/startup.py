"""Start-up: the explorer's first paint beside an empty Textual app's, each in a terminal of its own."""

from __future__ import annotations

import os
import pty
import select
import signal
import statistics
import sys
import tempfile
import termios
import time

EMPTY_APP = "from textual.app import App\nApp().run()"
SIZE = (24, 80)


def first_paint(command: list[str], marker: bytes) -> float:
    """Return seconds from starting `command` in a terminal until it has written `marker`."""
    start = time.perf_counter()
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ["TERM"] = "xterm-256color"
        termios.tcsetwinsize(1, SIZE)
        os.execv(command[0], command)
    seen = b""
    try:
        while marker not in seen:
            left = start + 20 - time.perf_counter()
            ready, _, _ = select.select([terminal], [], [], max(0.0, left))
            if not ready or left < 0:
                raise SystemExit(f"no first paint of {command} in 20 seconds: {seen[-200:]!r}")
            seen += os.read(terminal, 65536)
        return time.perf_counter() - start
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
        os.close(terminal)


def run(rounds: int = 9) -> None:
    """Print the median first paint of both and the ratio, alternating."""
    with tempfile.TemporaryDirectory() as state:
        os.environ["CERTTUI_STATE_DIR"] = state
        # An empty app paints blank lines from the first to the last; certtui paints these words.
        frame_end = f"\x1b[{SIZE[0]};1H".encode()
        empty_command = [sys.executable, "-c", EMPTY_APP]
        own_command = [sys.executable, "-m", "certtui"]
        empty, own = [], []
        first_paint(own_command, b"No hosts yet")
        for _ in range(rounds):
            empty.append(first_paint(empty_command, frame_end))
            own.append(first_paint(own_command, b"No hosts yet"))
    reference, measured = statistics.median(empty), statistics.median(own)
    print(
        f"start-up: empty app {reference:.2f} s, certtui {measured:.2f} s to its first words: "
        f"{measured / reference:.2f} times (goal: at most 1.35)"
    )
