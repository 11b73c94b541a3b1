"""Running the user's commands: for a bounded time, never in a shell, never on the terminal.

A command reads from a file and writes into one rather than through pipes, so that it can go on when certtui is quit.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO

from certtui.core.text import visible

TIMEOUT_SECONDS = 30.0
"""How long a command may take."""
MOST_OUTPUT_KEPT = 2_000
"""Characters of a command's output that are kept, its last."""
MOST_OUTPUT = 1 << 20
"""Octets of output after which a command is ended."""
_GRACE_SECONDS = 2.0
"""Between asking a command to end and ending it."""
_LOOK_SECONDS = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """The command ran to its end."""

    code: int
    """Its exit code; negative where a signal ended it."""
    output: str = ""
    """The last that it wrote, errors too, made visible line by line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped:
    """The command was ended before its end."""

    why: str
    output: str = ""


@dataclass(frozen=True, slots=True)
class NotRun:
    """The command was not started."""

    why: str


CommandOutcome = Ran | Stopped | NotRun
"""The closed union of what can come of a command."""


def run_command(
    command: Sequence[str], standard_input: bytes = b"", *, timeout_seconds: float = TIMEOUT_SECONDS
) -> CommandOutcome:
    """Run a program with its arguments, wait for its end, and return how it went.

    Should certtui be quit meanwhile, from another thread, the program goes on.
    """
    if not command:
        return NotRun("no command is given")
    try:
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as written:
            given.write(standard_input)
            given.seek(0)
            # A process group of its own: an interrupt typed at certtui is not meant for it.
            with _started(command, given, written) as process:
                why = _wait(process, written, timeout_seconds)
                if why is not None:
                    _end(process)
            output = _last_of(written)
    except (OSError, ValueError) as error:  # a NUL in an argument is a ValueError
        said = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        return NotRun(f"{visible(command[0])} cannot be run: {visible(said)}")
    if why is not None:
        return Stopped(why=why, output=output)
    return Ran(code=process.returncode, output=output)


def _started(command: Sequence[str], given: IO[bytes], written: IO[bytes]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        command, stdin=given, stdout=written, stderr=subprocess.STDOUT, start_new_session=True
    )


def _wait(process: subprocess.Popen[bytes], written: IO[bytes], timeout_seconds: float) -> str | None:
    """Wait for a process; return why it must be ended, None if it ended by itself."""
    deadline = time.monotonic() + timeout_seconds
    while True:
        try:
            process.wait(max(0.0, min(_LOOK_SECONDS, deadline - time.monotonic())))
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                return f"it took longer than {timeout_seconds:g} seconds"
            if os.fstat(written.fileno()).st_size > MOST_OUTPUT:
                return f"it wrote more than {MOST_OUTPUT} octets"
        else:
            return None


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask a process and its children to end, then end them."""
    _signal(process, signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE_SECONDS)
    _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))


def _signal(process: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.terminate()


def _last_of(written: IO[bytes]) -> str:
    size = written.seek(0, os.SEEK_END)
    written.seek(max(0, size - 4 * MOST_OUTPUT_KEPT))
    text = written.read(4 * MOST_OUTPUT_KEPT).decode("utf-8", "replace")
    return "\n".join(map(visible, text[-MOST_OUTPUT_KEPT:].splitlines()))
