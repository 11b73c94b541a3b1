"""Browsers as judges: each headless, in a throw-away home, without any host but those that a test names.

A browser is driven through the pipe or port that it opens itself, so nothing but the browser and `certutil` is
needed. What both have in common is here: the store of roots, the process and its end, and deadlines.
"""

from __future__ import annotations

import os
import select
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

ACCEPTED = "accepted"
"""What a visit gives where the browser showed the page."""
NO_ANSWER = "no answer within the deadline"
"""What a visit gives where the browser was still waiting."""
NO_ADDRESS = ""
"""The address of a host whose name does not resolve."""
START_SECONDS = 60.0
"""A browser that is not ready by then has failed."""
PAGE_SECONDS = 15.0
"""A page that is not there by then is given up."""
_END_SECONDS = 10.0
_MOST_OCTETS = 16 * 1024 * 1024


class BrowserError(Exception):
    """A browser did not start, ended, or said something that its protocol does not have."""


class Browser(Protocol):
    """A running browser."""

    def visit(self, url: str, *, seconds: float = PAGE_SECONDS) -> str:
        """Return `ACCEPTED`, or the code that the error page shows."""


class Deadline:
    """A moment that waiting ends at."""

    def __init__(self, seconds: float) -> None:
        self._at = time.monotonic() + seconds

    @property
    def seconds_left(self) -> float:
        """How long one may still wait; 0.0 when it is over."""
        return max(0.0, self._at - time.monotonic())

    def read(self, descriptor: int) -> bytes:
        """Return some octets; raises `TimeoutError` at the deadline and `BrowserError` where there are no more."""
        ready, _, _ = select.select([descriptor], [], [], self.seconds_left)
        if not ready:
            raise TimeoutError
        octets = os.read(descriptor, 65536)
        if not octets:
            raise BrowserError("the browser closed its end")
        return octets


def bounded(gathered: bytes) -> bytes:
    """Return what was gathered; raises `BrowserError` where a browser never comes to an end."""
    if len(gathered) > _MOST_OCTETS:
        raise BrowserError(f"a message of more than {_MOST_OCTETS} octets")
    return gathered


def make_nss_store(folder: Path, root_pems: Sequence[str]) -> None:
    """Make an NSS database in `folder` that trusts these roots to vouch for servers."""
    folder.mkdir(parents=True, exist_ok=True)
    _certutil("-N", "-d", f"sql:{folder}", "--empty-password")
    for number, root_pem in enumerate(root_pems):
        place = folder / f"root{number}.pem"
        place.write_text(root_pem)
        _certutil("-A", "-d", f"sql:{folder}", "-n", f"root {number}", "-t", "C,,", "-i", str(place))


def _certutil(*arguments: str) -> None:
    outcome = subprocess.run(
        ["certutil", *arguments], stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False
    )
    if outcome.returncode:
        raise BrowserError(f"certutil {arguments[0]}: {outcome.stderr.decode(errors='replace').strip()}")


@contextmanager
def home() -> Iterator[Path]:
    """Give a home directory that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="certtui-browser-") as folder:
        yield Path(folder)


def own_environment(folder: Path) -> Mapping[str, str]:
    """Return an environment in which everything that a browser keeps lands in `folder`."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "LD_LIBRARY_PATH") if name in os.environ}
    places = {"HOME": "", "TMPDIR": "tmp", "XDG_CONFIG_HOME": "config", "XDG_CACHE_HOME": "cache"}
    places["XDG_DATA_HOME"] = "data"
    for place in places.values():
        (folder / place).mkdir(exist_ok=True)
    # Without a bus a browser looks for no password store, portal or accessibility service.
    bus = {"DBUS_SESSION_BUS_ADDRESS": "disabled:", "NO_AT_BRIDGE": "1"}
    return kept | bus | {name: str(folder / place) for name, place in places.items()}


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Run a browser with pipes to it, in a process group of its own that is gone afterwards."""
    process = subprocess.Popen(
        command,
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Wait a moment for the browser to go, then end what is left of its group."""
    deadline = Deadline(_END_SECONDS)
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()
    try:
        process.wait(timeout=deadline.seconds_left / 2)
    except subprocess.TimeoutExpired:
        pass  # it is made to go below
    while _is_signalled(process.pid) and deadline.seconds_left:
        process.poll()
        time.sleep(0.02)  # a group has no event to wait for
    process.wait(timeout=_END_SECONDS)


def _is_signalled(group: int) -> bool:
    """Tell whether anything was left in the group to be killed."""
    try:
        os.killpg(group, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True
