"""Each target's past chains, without duplicates, in an SQLite database. It judges nothing and waits for no network.

Several instances may write at once: each call opens the file anew, and each transaction is short.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from certtui.core.report import Report
from certtui.core.target import Target
from certtui.storage.history_file import (
    OPENER_SECONDS,
    READER_SECONDS,
    WRITER_SECONDS,
    Foreign,
    Newer,
    connect,
    is_busy,
    is_damage,
)
from certtui.storage.history_rows import forget, look_of, read, write, written_moment
from certtui.storage.places import history_file, identity, set_aside
from certtui.storage.target_text import target_key
from certtui.storage.visit import Visit

_BUSY = "another instance is writing to the history; try again in a moment"

Answer = TypeVar("Answer")


class HistoryFault(Exception):
    """The history could not be read or written; its text says why, raw."""


class HistoryBusy(HistoryFault):
    """Somebody is writing to the history just now; a moment later it may be read and written."""


class History:
    """The history in one file. Every method may be called from any thread; none keeps the file open."""

    def __init__(self, path: Path | None = None) -> None:
        """Take a path, by default in the user's data folder; the disk is not touched before anything is asked."""
        self.path = path or history_file()
        self.is_on = True
        """Whether anything is kept; where not, every method does nothing and finds nothing."""
        self.note: str | None = None
        """What went wrong with the file and what was done about it; raw text."""

    @classmethod
    def open(cls, path: Path | None = None) -> History:
        """Return a history whose file has been seen to; it never raises."""
        history = cls(path)
        history.see_to_file()
        return history

    def see_to_file(self) -> None:
        """Make the file if there is none; it never raises.

        A damaged file, or another program's, is renamed to `….damaged` and a new one begun. A newer certtui's is
        left alone, and where no file can be made nothing is kept; `note` says so. A file that somebody writes to is
        taken for good.
        """
        try:
            self._run(lambda _: None, OPENER_SECONDS)
        except HistoryBusy:
            return
        except HistoryFault as fault:
            self.is_on = False
            self.note = f"no history is kept: {fault}"

    def record(self, reports: Sequence[Report]) -> None:
        """Keep what was observed, in one transaction; raise `HistoryFault` if it cannot be written.

        A look that saw what the last one of its target saw only counts on, and of each target at most the newest
        `MOST_VISITS` visits stay. Reports without evidence, those that are
        about another time, and those that certtui failed to make are passed over.
        """
        looks = [look_of(report.evidence, report) for report in reports if report.evidence is not None]
        if looks := [look for look in looks if look is not None]:
            self._run(partial(write, looks))

    def visits(self, target: Target) -> tuple[Visit, ...]:
        """Return what is kept of a target, newest first; raise `HistoryFault` if it cannot be read.

        A screen may wait for it: where somebody else is writing it soon raises `HistoryBusy`.
        """
        return self._run(partial(read, target_key(target)), READER_SECONDS) or ()

    def prune(self, now: datetime, keep_days: int) -> None:
        """Forget what was last seen longer ago, and certificates that nothing refers to any more.

        Of each target at most the newest `MOST_VISITS` stay. Raises `HistoryFault` if that cannot be written.
        """
        self._run(partial(forget, before=written_moment(now - timedelta(days=keep_days))))

    def _run(
        self, work: Callable[[sqlite3.Connection], Answer], busy_seconds: float = WRITER_SECONDS
    ) -> Answer | None:
        """Do work on a connection; None where nothing is kept. On a damaged file, do it again on a new one."""
        if not self.is_on:
            return None
        for is_last in (False, False, True):
            before = identity(self.path)
            try:
                return self._try(work, busy_seconds)
            except (sqlite3.Error, Foreign) as error:
                if is_busy(error):
                    raise HistoryBusy(self._sentence(_BUSY)) from error
                # Another instance may have put a new file in its place meanwhile.
                is_same = before in (None, identity(self.path))
                if is_last or (is_same and not is_damage(error)):
                    raise HistoryFault(self._sentence(error)) from error
                if is_same:
                    done = set_aside(self.path, before)
                    self.note = f"{self.path} is no history that can be read ({error}); {done}"
        raise AssertionError("the last attempt returns or raises")

    def _try(self, work: Callable[[sqlite3.Connection], Answer], busy_seconds: float) -> Answer:
        try:
            with closing(connect(self.path, busy_seconds)) as connection:
                return work(connection)
        except Newer:
            raise HistoryFault(f"{self.path} was written by a newer certtui and is left as it is") from None
        except OSError as error:
            raise HistoryFault(self._sentence(error.strerror or error)) from error

    def _sentence(self, reason: object) -> str:
        return f"{self.path}: {reason}"
