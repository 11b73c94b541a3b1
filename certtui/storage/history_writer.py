"""Records reports in the background, so that the screen never waits for the disk."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from certtui.core.report import Report
from certtui.storage.history import History, HistoryBusy, HistoryFault

_MOST_AT_ONCE = 500
"""Reports in one transaction: few enough that other instances wait a fraction of a second."""
_MOST_WAITING = 20_000
"""Reports that a disk which does not answer may hold in memory; of more, the oldest go unrecorded."""
_RETRY_SECONDS = 30.0
"""After so long what could not be written for another instance is tried again, if nothing comes in before."""


def _utc_now() -> datetime:
    return datetime.now(UTC)


class HistoryWriter:
    """A thread that opens a history and records what it is given.

    It never raises and never keeps the program from ending. What cannot be written while another instance writes
    waits for the next turn.
    """

    def __init__(
        self,
        history: History,
        tell: Callable[[str], None],
        *,
        keep_days: int | None = None,
        clock: Callable[[], datetime] = _utc_now,
        most_waiting: int = _MOST_WAITING,
    ) -> None:
        """Begin; `keep_days` is for how long visits are kept after they were last seen, None forgets none.

        `tell` is called from the thread with raw text: for each thing that is wrong with the file, and once if
        something cannot be recorded.
        """
        self._history = history
        self._tell = tell
        self._keep_days = keep_days
        self._clock = clock
        self._has_told = False
        self._told_note: str | None = None
        self._waiting: deque[Report] = deque(maxlen=most_waiting)
        self._changed = threading.Condition()
        self._is_held = False
        """Whether what waits has been tried in vain and nothing has come since."""
        self._is_closing = False
        self._thread = threading.Thread(target=self._work, name="certtui-history", daemon=True)
        self._thread.start()

    def put(self, reports: Sequence[Report]) -> None:
        """Have reports recorded; return at once."""
        with self._changed:
            if self._is_closing:
                return
            is_full = len(self._waiting) + len(reports) > self._most_waiting
            self._waiting.extend(reports)
            self._is_held = False
            self._changed.notify()
        if is_full:
            self._say_full()

    def close(self, timeout: float) -> bool:
        """Take nothing more and wait for what is under way, at most so many seconds; return whether all is done."""
        deadline = time.monotonic() + timeout
        with self._changed:
            self._is_closing = True
            self._changed.notify()
        self._thread.join(max(0.0, deadline - time.monotonic()))
        return not self._thread.is_alive()

    @property
    def _most_waiting(self) -> int:
        return self._waiting.maxlen or 0

    def _work(self) -> None:
        self._attempt(self._history.see_to_file)
        self._forget()
        while reports := self._next():
            if self._attempt(lambda reports=reports: self._history.record(reports)):  # type: ignore[misc]
                self._forget()
            elif not self._put_back(reports):
                return

    def _next(self) -> list[Report]:
        """Wait for reports and return the first of them; none once it is closed and all are taken."""
        with self._changed:
            self._changed.wait_for(
                lambda: (self._waiting and not self._is_held) or self._is_closing,
                _RETRY_SECONDS if self._is_held else None,
            )
            return [self._waiting.popleft() for _ in range(min(_MOST_AT_ONCE, len(self._waiting)))]

    def _attempt(self, work: Callable[[], None]) -> bool:
        """Do work on the history; return False if it is to be done again since another instance is writing."""
        try:
            work()
        except HistoryBusy:
            return False
        except HistoryFault as fault:
            self._say(f"the history could not be written: {fault}")
        except Exception as bug:  # in a thread nobody else would say so
            self._say(f"a fault of certtui's own kept looks out of the history: {bug!r}")
        note = self._history.note
        if note is not None and note != self._told_note:
            self._told_note = note
            self._tell(note)
        return True

    def _forget(self) -> None:
        """Forget what is too old, once."""
        days = self._keep_days
        if days is not None and self._attempt(lambda: self._history.prune(self._clock(), days)):
            self._keep_days = None

    def _put_back(self, reports: list[Report]) -> bool:
        """Keep reports for the next turn, as far as there is room; return False if there will be none."""
        with self._changed:
            is_last = self._is_closing
            room = self._most_waiting - len(self._waiting)
            if not is_last:
                self._is_held = not self._waiting
                self._waiting.extendleft(reversed(reports[len(reports) - min(room, len(reports)) :]))
        if is_last:
            self._say("another instance wrote to the history to the end: some looks are not recorded")
        elif room < len(reports):
            self._say_full()
        return not is_last

    def _say_full(self) -> None:
        self._say("the disk is too slow for the history: some looks are not recorded")

    def _say(self, text: str) -> None:
        if not self._has_told:
            self._has_told = True
            self._tell(text)
