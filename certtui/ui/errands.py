"""Pages that need more than the screen knows: a host's past, what would be, what changed; and files to write."""

from __future__ import annotations

import threading
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from certtui.ui.messages import ExportAsked, ExportMade, HistoryAsked, LogAsked, TimeMachineAsked, Trouble
from certtui.ui.render import target_name
from certtui.ui.scanning import Scanning

if TYPE_CHECKING:
    from certtui.core.report import Report
    from certtui.storage.visit import Visit
    from certtui.ui.exports import Export
    from certtui.ui.screens.history import VisitsChosen


class Errands(Scanning):
    """An application that opens the pages which need more than the screen knows."""

    # The past

    @on(HistoryAsked)
    def open_history(self, event: HistoryAsked) -> None:
        """Show a host's past."""
        from certtui.storage.history import HistoryFault
        from certtui.ui.screens.history import HistoryScreen

        history = self.backend.history if self.backend is not None else None
        visits: tuple[Visit, ...] = ()
        if history is not None:
            try:
                visits = history.visits(event.row.target)
            except HistoryFault as fault:
                self.announce(str(fault), is_problem=True)
        is_on = history is not None and history.is_on
        self.push_screen(HistoryScreen(target_name(event.row), visits, self.glyphs, is_on=is_on))

    def on_visits_chosen(self, event: VisitsChosen) -> None:
        """Compare two looks at a host, judged each at its own time."""
        from certtui.core.moments import moment
        from certtui.ui.screens.compare import CompareScreen, Side

        if self.backend is None:
            return
        sides = [
            Side(
                label=moment(visit.first_seen),
                report=self.backend.judge(visit.evidence, visit.first_seen, self.backend.anchors),
            )
            for visit in (event.before, event.after)
        ]
        self.push_screen(CompareScreen(sides[0], sides[1], self.glyphs))

    # What would be, and what changed

    @on(TimeMachineAsked)
    def open_time_machine(self) -> None:
        """Show what would break at another time, or without a root."""
        from certtui.ui.screens.time_machine import TimeMachineScreen

        known = [(row.target.label, row.report) for row in self.session.rows if row.report is not None]
        now = max((report.now for _, report in known), default=None)
        if self.backend is None or now is None:
            self.announce("No host has been looked at yet.", is_problem=True)
            return
        screen = TimeMachineScreen(
            known, judge=self.backend.judge, anchors=self.backend.anchors, glyphs=self.glyphs, now=now
        )
        self.push_screen(screen, self.main_screen.select_label)

    @on(LogAsked)
    def open_log(self) -> None:
        """Show what changed."""
        from certtui.ui.screens.change_log import LogScreen

        screen = LogScreen(self.watching.log, self.glyphs, watched_every=self.watching.every)
        self.push_screen(screen, self.main_screen.select_label)

    def refresh_log(self) -> None:
        """Show what has just changed, if the log is open."""
        from certtui.ui.screens.change_log import LogScreen

        if isinstance(self.screen, LogScreen):
            self.screen.show_log()

    # Files

    @on(ExportAsked)
    def ask_what_to_export(self, event: ExportAsked) -> None:
        """Ask what to save; the picture is taken before the question covers the screen."""
        from certtui.ui.exports import exports, picture
        from certtui.ui.picture import self_contained
        from certtui.ui.screens import dialogs

        svg = self_contained(self.export_screenshot(title="certtui"))
        offered = exports(
            event.report, event.certificate, all_reports=event.reports, program=self.main_screen.server
        )
        choices = [*offered, picture(svg)]
        dialogs.ask_what_to_export(self, choices, partial(self._make, event.report))

    def _make(self, report: Report | None, chosen: Export | None) -> None:
        if chosen is None:
            return
        if chosen.why_not is not None:
            self.announce(f"There is none: {chosen.why_not}", is_problem=True)
            return
        # A report on thousands of hosts takes seconds, in which the keys must not wait.
        threading.Thread(target=self._make_in_thread, args=(report, chosen), daemon=True).start()

    def _make_in_thread(self, report: Report | None, chosen: Export) -> None:
        from certtui.ui.exports import file_name

        try:
            content = chosen.make()
        except Exception as bug:  # in a thread nobody else would say so
            self.post_message(Trouble(f"A fault of certtui's own: {type(bug).__name__}: {bug}"))
        else:
            self.post_message(ExportMade(chosen.what, file_name(report, chosen), content))

    @on(ExportMade)
    def ask_where_to_save(self, event: ExportMade) -> None:
        """Ask for the file."""
        from certtui.ui.screens import dialogs

        dialogs.ask_where_to_save(self, event.what, event.name, event.content, self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.announce(f"Saved {path}")
