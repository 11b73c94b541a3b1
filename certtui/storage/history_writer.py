"""Records reports in the background, so that the screen never waits for the disk."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from certtui.core.report import Report
from certtui.storage.history import History, HistoryFault

_MOST_AT_ONCE = 500
"""Reports in one transaction: few enough that other instances wait a fraction of a second."""
_MOST_WAITING = 20_000
"""Reports that a disk which does not answer may hold in memory; of more, the oldest go unrecorded."""


class HistoryWriter:
    """A thread that records what it is given. It never raises and never keeps the program from ending."""

    def __init__(self, history: History, tell: Callable[[str], None]) -> None:
        """Begin; `tell` is called once, from the thread, if something cannot be recorded."""
        self._history = history
        self._tell = tell
        self._has_told = False
        self._waiting: deque[Report] = deque(maxlen=_MOST_WAITING)
        self._changed = threading.Condition()
        self._is_closing = False
        self._thread = threading.Thread(target=self._write_all, name="certtui-history", daemon=True)
        self._thread.start()

    def put(self, reports: Sequence[Report]) -> None:
        """Have reports recorded; return at once."""
        with self._changed:
            if self._is_closing:
                return
            is_full = len(self._waiting) + len(reports) > _MOST_WAITING
            self._waiting.extend(reports)
            self._changed.notify()
        if is_full:
            self._say("the disk is too slow for the history: some looks are not recorded")

    def close(self, timeout: float) -> bool:
        """Take nothing more and wait for what is under way, at most so many seconds; return whether all is written."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    def _write_all(self) -> None:
        while reports := self._next():
            try:
                self._history.record(reports)
            except HistoryFault as fault:
                self._say(f"the history could not be written: {fault}")
            except Exception as bug:  # in a thread nobody else would say so
                self._say(f"a fault of certtui's own kept looks out of the history: {bug!r}")

    def _next(self) -> list[Report]:
        """Wait for reports and return the first of them; none once it is closed and all are taken."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._is_closing)
            return [self._waiting.popleft() for _ in range(min(_MOST_AT_ONCE, len(self._waiting)))]

    def _say(self, text: str) -> None:
        if not self._has_told:
            self._has_told = True
            self._tell(text)
