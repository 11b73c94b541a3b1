"""Pages that need more than the screen knows: a host's past, what would be, what changed; and files to write."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on

from certtui.ui.drawing.render import target_name
from certtui.ui.messages import Exported
from certtui.ui.scanning import Scanning
from certtui.ui.services import Preferences
from certtui.ui.session import Row

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.report import Report
    from certtui.storage.visit import Visit
    from certtui.ui.exports import Export
    from certtui.ui.screens.history import VisitsChosen


class Errands(Scanning):
    """An application that opens the pages which need more than the screen knows."""

    def __init__(self, preferences: Preferences) -> None:
        super().__init__(preferences)
        self.main_screen.opener = self

    # The past

    def open_history(self, row: Row) -> None:
        """Show a host's past."""
        from certtui.storage.history import HistoryFault
        from certtui.ui.screens.history import HistoryScreen

        history = self.backend.history if self.backend is not None else None
        visits: tuple[Visit, ...] = ()
        fault: str | None = None
        if history is not None:
            try:
                visits = history.visits(row.target)
            except HistoryFault as unreadable:
                fault = str(unreadable)
        is_on = history is not None and history.is_on
        self.push_screen(HistoryScreen(target_name(row), visits, self.glyphs, is_on=is_on, fault=fault))

    def on_visits_chosen(self, event: VisitsChosen) -> None:
        """Compare two looks at a host, judged each at its own time."""
        from certtui.core.moments import moment
        from certtui.ui.screens.compare import CompareScreen, Side

        if self.backend is None:
            return
        sides = [
            Side(
                label=f"{visit.evidence.target.label}, {moment(visit.first_seen)}",
                report=self.backend.judge(visit.evidence, visit.first_seen, self.backend.anchors),
            )
            for visit in (event.before, event.after)
        ]
        self.push_screen(CompareScreen(sides[0], sides[1], self.glyphs))

    # What would be, and what changed

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

    def open_export(
        self,
        report: Report | None,
        certificate: Certificate | None,
        reports: Sequence[Report],
        *,
        are_marked: bool,
    ) -> None:
        """Ask what to save; the picture is taken before the question covers the screen."""
        from certtui.ui.drawing.picture import self_contained
        from certtui.ui.exports import exports, picture
        from certtui.ui.screens import dialogs

        svg = self_contained(self.export_screenshot(title="certtui"))
        offered = exports(
            report,
            certificate,
            all_reports=reports,
            program=self.main_screen.server,
            are_marked=are_marked,
        )
        dialogs.ask_what_to_export(self, [*offered, picture(svg)], partial(self._ask_where, report))

    def _ask_where(self, report: Report | None, chosen: Export | None) -> None:
        from certtui.ui.exports import file_name
        from certtui.ui.screens import dialogs

        if chosen is None:
            return
        if chosen.why_not is not None:
            self.announce(f"There is none: {chosen.why_not}", is_problem=True)
            return
        name = file_name(report, chosen)
        dialogs.ask_where_to_save(self, chosen.what, name, partial(self._save, chosen))

    def _save(self, chosen: Export, path: Path | None) -> None:
        if path is not None:
            self.announce(f"Saving {path} ...")
            # A report on thousands of hosts takes seconds, in which the keys must not wait.
            threading.Thread(target=self._save_in_thread, args=(chosen, path), daemon=True).start()

    def _save_in_thread(self, chosen: Export, path: Path) -> None:
        from certtui.ui.exports import save_new_file
        from certtui.ui.screens.prompt import Mistake

        try:
            outcome = save_new_file(str(path), chosen.make())
        except Exception as bug:  # in a thread nobody else would say so
            self.post_message(Exported(f"A fault of certtui's own: {type(bug).__name__}: {bug}", True))
            return
        if isinstance(outcome, Mistake):
            self.post_message(Exported(outcome.message, True))
        else:
            self.post_message(Exported(f"Saved {outcome}", False))

    @on(Exported)
    def say_exported(self, event: Exported) -> None:
        """Say how it went."""
        self.announce(event.text, is_problem=event.is_problem)
