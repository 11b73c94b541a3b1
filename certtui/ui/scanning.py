"""Looking at hosts and watching them: results come in, the session changes, the screen shows it. It opens no page."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from textual import on

from certtui.ui.collector import postpone_full_collections, resume_collections
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.messages import CancelAsked, LookAsked, Trouble, WatchAsked
from certtui.ui.screens.main import MainScreen
from certtui.ui.services import Backend, Preferences
from certtui.ui.session import Row, Session
from certtui.ui.ways_out import WaysOut

if TYPE_CHECKING:
    from certtui.core.report import Report
    from certtui.probe.scan import Inspected
    from certtui.ui.watching import Changed, Watching

_DRAINS_PER_SECOND = 10
_MOST_AT_ONCE = 500
"""Results applied at a time: more of them would hold the keys up."""


class Scanning(WaysOut):
    """An application with a session that results flow into."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(ansi_color=True if preferences.no_color else None)
        self.preferences = preferences
        self.clipboard_wish = preferences.clipboard
        self.session = Session()
        self.glyphs = Glyphs(is_ascii=preferences.ascii_only)
        self.main_screen = MainScreen(self.session, self.glyphs)
        self.backend: Backend | None = None
        self._watching: Watching | None = None
        self.early: list[Row] = []
        """Rows to look at as soon as there is an engine."""
        self._taken: deque[Inspected] = deque()
        """Results that are still to be applied."""

    def begin_looking(self, backend: Backend) -> None:
        """Look at everything that waits, and collect results from now on."""
        self.backend = backend
        self.set_interval(1 / _DRAINS_PER_SECOND, self._drain)
        rows, self.early = self.early, []
        self._look_at(rows)
        if self.preferences.watch_at_once:
            self.watch_or_not()
        self.set_interval(1, self._look_at_due)

    # Looking

    @on(LookAsked)
    def look(self, event: LookAsked) -> None:
        """Have hosts looked at."""
        self._look_at(event.rows)

    def _look_at(self, rows: Sequence[Row]) -> None:
        if self.backend is None:
            self.early += rows
            return
        if rows:
            postpone_full_collections()
            self.main_screen.status.expect(sum(not row.is_waiting for row in rows))
            self.session.expect(rows, self.backend.engine.submit([row.target for row in rows]))
        self.main_screen.show_session()

    @on(CancelAsked)
    def cancel(self) -> None:
        """Stop looking; what has come in stays."""
        if self.backend is None:
            return
        while self._apply_some():
            pass  # what has come in stays
        waiting = [row for row in self.session.rows if row.is_waiting]
        for scan in {row.scan for row in waiting if row.scan is not None}:
            self.backend.engine.cancel(scan)
        self.session.give_up(waiting)
        if self._watching is not None:
            self._watching.gave_up([row.target for row in waiting])
        self.main_screen.show_session()
        resume_collections()
        count = f"{len(waiting)} hosts were" if len(waiting) != 1 else "1 host was"
        self.announce(f"Stopped. {count} not looked at; R looks at all again.")

    def _drain(self) -> None:
        """Apply what has come in since the last time: at most ten repaints a second, however fast the scan is."""
        self._apply_some()

    def _apply_some(self) -> bool:
        """Apply some of what has come in, and return whether there was any."""
        if self.backend is None:
            return False
        self._taken.extend(self.backend.engine.take())
        applied: list[Row] = []
        changed: list[Changed] = []
        for _ in range(min(_MOST_AT_ONCE, len(self._taken))):
            result = self._taken.popleft()
            row = self.session.row_of(result.target)
            before = row.report if row is not None else None
            if row is not None and self.session.apply(result.scan, result.target, result.report) is not None:
                applied.append(row)
                changed += self._change(row, before, result.report)
        if not applied:
            return bool(self._taken)
        if self.backend.writer is not None:
            self.backend.writer.put([row.report for row in applied if row.report is not None])
        if changed:
            self._tell(changed)
        self.main_screen.show_session(changed=applied)
        if not self.session.waiting_count:
            resume_collections()
        return True

    # Watching

    def _change(self, row: Row, before: Report | None, after: Report) -> Iterator[Changed]:
        """Yield what a look found changed, if it did, with its sign on the row."""
        if before is None and self._watching is None:
            return
        changed = self.watching.took(row, before, after)
        if changed is not None:
            self.session.note_change(row, changed.change.at)
            yield changed

    def _tell(self, changed: Sequence[Changed]) -> None:
        """Show changes that came in together, and tell others of them while watching."""
        self.main_screen.status.changes = self.watching.log.total
        self.refresh_log()
        if self.watching.every is None:
            return
        if self.preferences.bell:
            self.bell()
        for each in changed:
            self.watching.tell(each)

    @on(WatchAsked)
    def watch_or_not(self) -> None:
        """Begin to watch all hosts, or stop."""
        if self.watching.every is not None:
            self.watching.stop()
            self.announce("No longer watching.")
        else:
            self.watching.start(self.session.targets)
        self.main_screen.status.watch_every = self.watching.every
        self.main_screen.status.show()

    def _look_at_due(self) -> None:
        if self._watching is not None:
            rows = map(self.session.row_of, self._watching.due())
            due = [row for row in rows if row is not None and not row.is_waiting]
            if due:
                self._look_at(due)

    def refresh_log(self) -> None:
        """Show what has just changed, if the log is open."""

    def watch_the_list(self) -> None:
        """Watch what is on the list now, if anything is watched."""
        if self._watching is not None:
            self._watching.keep_to(self.session.targets)

    @property
    def watching(self) -> Watching:
        """What is watched, and what has been seen to change."""
        if self._watching is None:
            from certtui.ui.watching import Watching  # it needs what starting does not

            self._watching = Watching(
                self.preferences,
                tell=self.tell_trouble,
                write_to_terminal=lambda text: self.call_later(self._write_to_terminal, text),
                environment=os.environ,
            )
        return self._watching

    def tell_trouble(self, text: str) -> None:
        """Have the user told of something in the background; it may be called from any thread."""
        self.post_message(Trouble(text))

    def _write_to_terminal(self, text: str) -> None:
        if self._driver is not None:
            self._driver.write(text)
