"""Watching: which hosts are looked at when, what changed, and who is told. It draws nothing.

What changes is noted at every look, whether hosts are watched or looked at by hand; others are told while watching.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from certtui.core.changes import changes
from certtui.core.report import Report, Verdict
from certtui.core.target import Target
from certtui.ui.services import Preferences
from certtui.watch.log import Change, ChangeLog
from certtui.watch.schedule import Schedule
from certtui.watch.teller import Teller

if TYPE_CHECKING:
    from certtui.ui.rows import Row

_MOST_AT_ONCE = 200
"""Hosts asked for at a time; the schedule spreads them, so that more are due only after a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A change with the reports that it lies between."""

    change: Change
    before: Report
    after: Report


class Watching:
    """What is watched, and what has been seen to change."""

    def __init__(
        self,
        preferences: Preferences,
        *,
        tell: Callable[[str], None],
        write_to_terminal: Callable[[str], object] | None,
        environment: Mapping[str, str],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Watch nothing yet.

        `tell` is called from a thread with raw text where others could not be told of a change, and
        `write_to_terminal`, by which some terminals notify, from a thread too.
        """
        self.log = ChangeLog()
        self._preferences = preferences
        self._clock = clock
        self._schedule: Schedule[Target] | None = None
        self._teller = Teller(
            on_change=preferences.on_change,
            notify=preferences.notify,
            tell=tell,
            environment=environment,
            write_to_terminal=write_to_terminal,
        )

    @property
    def every(self) -> timedelta | None:
        """The period that hosts are watched with, None while they are not."""
        return self._schedule.every if self._schedule is not None else None

    def start(self, targets: Iterable[Target]) -> None:
        """Watch these targets."""
        self._schedule = Schedule(self._preferences.watch_every)
        self._schedule.add(targets, self._clock())

    def stop(self) -> None:
        """Watch nothing."""
        self._schedule = None

    def keep_to(self, targets: Iterable[Target]) -> None:
        """Watch these targets and no others, if any are watched."""
        if self._schedule is None:
            return
        wanted = dict.fromkeys(targets)
        gone = (each for each in self._schedule.keys() if each not in wanted)  # noqa: SIM118 - no mapping
        self._schedule.remove(tuple(gone))
        self._schedule.add(wanted, self._clock())

    def due(self) -> list[Target]:
        """Return the targets to look at now."""
        return self._schedule.take_due(self._clock(), _MOST_AT_ONCE) if self._schedule is not None else []

    def gave_up(self, targets: Iterable[Target]) -> None:
        """Take in that targets are not being looked at after all: each has another look a period from now."""
        if self._schedule is not None:
            self._schedule.postpone(targets, self._clock())

    def took(self, row: Row, before: Report | None, after: Report) -> Changed | None:
        """Take in a look at a host, and return what changed since the one before; None if nothing did."""
        if self._schedule is not None:
            is_reached = after.verdict is not Verdict.UNREACHABLE
            self._schedule.done(row.target, self._clock(), is_reached=is_reached)
        sentences = changes(before, after) if before is not None else ()
        if before is None or not sentences:
            return None
        change = Change(
            at=after.evidence.observed_at if after.evidence is not None else after.now,
            target=row.target.label,
            sentences=sentences,
            before=before.severity,
            after=after.severity,
        )
        self.log.add(change)
        return Changed(change=change, before=before, after=after)

    def tell(self, changed: Changed) -> None:
        """Have the desktop and the user's command told of a change; return at once."""
        self._teller.put(changed.change, changed.before, changed.after)
