"""A terminal of tmux's on a socket of its own: typed into and read, as a person would."""

from __future__ import annotations

import contextlib
import re
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

DEADLINE_SECONDS = 20.0
_ENDING = re.compile(r"^ended with (\d+)$", re.MULTILINE)


class Terminal:
    """One window."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    def tmux(self, *arguments: str) -> str:
        """Run a tmux command and return what it prints."""
        command = ["tmux", "-S", str(self._socket), "-f", "/dev/null", *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout

    def press(self, *keys: str) -> None:
        """Press keys by tmux's names."""
        self.tmux("send-keys", *keys)

    def type(self, text: str) -> None:
        """Type a text."""
        self.tmux("send-keys", "-l", text)

    def screen(self) -> str:
        """Return what is on the screen."""
        return self.tmux("capture-pane", "-p")

    def resize(self, columns: int, rows: int) -> None:
        """Change the window's size."""
        self.tmux("resize-window", "-x", str(columns), "-y", str(rows))

    def sees(self, *texts: str) -> None:
        """Wait until every text is on the screen."""
        for text in texts:
            self.until(lambda text=text: text in self.screen(), f"{text!r} on the screen")  # type: ignore[misc]

    def no_longer_sees(self, text: str) -> None:
        """Wait until a text is gone."""
        self.until(lambda: text not in self.screen(), f"no {text!r} on the screen")

    def buffer(self) -> str:
        """Wait for tmux's paste buffer and return it."""
        self.until(lambda: bool(self.tmux("list-buffers")), "a buffer")
        return self.tmux("show-buffer")

    def has_ended(self) -> bool:
        """Return whether the program in the window has ended."""
        return _ENDING.search(self.screen()) is not None

    def exit_code(self) -> int:
        """Wait until the program ends and return its exit code."""
        self.until(self.has_ended, "the end of the program")
        ending = _ENDING.search(self.screen())
        assert ending is not None
        return int(ending.group(1))

    def until(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not is_true():
            assert time.monotonic() < deadline, f"never came true: {what}\n{self.screen()}"
            time.sleep(0.05)


@contextlib.contextmanager
def terminal(command: Sequence[str], *, columns: int = 80, rows: int = 24) -> Iterator[Terminal]:
    """Run a program in a window; the window's own tmux server ends with the block.

    Each has a socket of its own: a server that still ends would take the next window's commands.
    """
    # tmux 3.3 does not always learn how a program ended, so the shell around it says so.
    shell = ("sh", "-c", '"$@"; printf "\nended with %s\n" "$?"; sleep 600', "sh")
    with tempfile.TemporaryDirectory(prefix="certtui-tmux-") as folder:
        window = Terminal(Path(folder) / "socket")
        window.tmux("new-session", "-d", "-x", str(columns), "-y", str(rows), *shell, *command)
        try:
            yield window
        finally:
            window.tmux("kill-server")
