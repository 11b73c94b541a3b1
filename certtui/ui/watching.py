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
from certtui.watch.commands import Commands, NotRun, Ran, Stopped
from certtui.watch.hooks import change_document, desktop_notification, run_on_change
from certtui.watch.log import Change, ChangeLog
from certtui.watch.schedule import Schedule

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

    def __init__(self, preferences: Preferences, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.log = ChangeLog()
        self._preferences = preferences
        self._clock = clock
        self._schedule: Schedule[Target] | None = None
        self._commands = Commands()

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

    async def tell(
        self,
        changed: Changed,
        *,
        environment: Mapping[str, str],
        write_to_terminal: Callable[[str], object] | None,
    ) -> str | None:
        """Tell the desktop and the user's command of a change; return what went wrong, if anything did."""
        change, wish = changed.change, self._preferences
        if wish.notify:
            await desktop_notification(
                self._commands,
                change.target,
                " ".join(change.sentences),
                environment=environment,
                write_to_terminal=write_to_terminal,
            )
        if not wish.on_change:
            return None
        document = change_document(change.target, change.sentences, changed.before, changed.after)
        outcome = await run_on_change(self._commands, wish.on_change, document)
        match outcome:
            case Ran(code=0):
                return None
            case Ran(code=code, output=output):
                return f"on_change ended with {code}: {output.strip()[-200:]}"
            case Stopped(why=why) | NotRun(why=why):
                return f"on_change: {why}"
