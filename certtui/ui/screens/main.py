"""The explorer itself: what leaves the panes, as text, as a file or as another page. It asks upwards for the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.render import target_name
from certtui.ui.keys import bindings, shown_key
from certtui.ui.messages import CopyAsked, PagerAsked, QuitAsked, WatchAsked
from certtui.ui.screens.listing import ListScreen
from certtui.ui.session import Row, Session

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.report import Report
    from certtui.ui.services import Opener
    from certtui.ui.texts import Copyable

_NEEDS_A_HOST = frozenset({"remove", "refresh", "history", "mark"})
_NEEDS_A_REPORT = frozenset({"copy_menu", "copy_pem", "clients", "stores", "inside", "pager"})
"""What is about the selected host, which must have been looked at."""
_NEEDS_ANY_REPORT = frozenset({"next_fault", "previous_fault", "timeline", "time_machine", "export"})
"""What is about all hosts, of which one must have been looked at."""


class MainScreen(ListScreen):
    """Hosts, chain and detail, and the way from them to everything else."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.MAIN)]

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        super().__init__(session, glyphs)
        self.server: str | None = None
        """The program that repairs are shown for."""
        self.opener: Opener | None = None
        """What opens the pages that need more than this screen knows."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if self.is_tiny and action not in ("leave", "help"):
            return False  # nothing can be seen of what it would do
        if action in _NEEDS_A_HOST and self.session.selected is None:
            return None
        if action in _NEEDS_A_REPORT and self.shown is None:
            return None
        if action in _NEEDS_ANY_REPORT and self.session.last_checked is None:
            return None
        if action == "compare":
            return True if self.shown is not None or len(self.session.marked) > 1 else None
        if action == "refresh_all":
            return True if len(self.session) else None
        if action == "cancel":
            return True if self.session.waiting_count else None
        if action == "unmark":
            has_marks = self.session.marked or self.session.compared is not None
            return True if has_marks or any(row.changed_at for row in self.session.rows) else None
        return None if action == "undo" and not self.session.can_undo else True

    @property
    def _label(self) -> str:
        row = self.session.selected
        return target_name(row) if row is not None else ""

    def _selected_certificate(self) -> tuple[Report, Certificate] | None:
        row = self.chain.selected
        report = self.shown
        if report is None or report.leaf is None:
            self.notify("There is no certificate here: none was seen.", severity="warning")
            return None
        if self.pane == "chain" and row is not None and row.certificate is None:
            self.notify("This certificate was not sent, so that there is nothing of it.", severity="warning")
            return None
        return report, row.certificate if row is not None and row.certificate is not None else report.leaf

    # Texts and files

    def action_copy_menu(self) -> None:
        """Ask what to copy."""
        from certtui.ui.screens import dialogs  # none is needed to start

        selected = self._selected_certificate()
        if selected is not None:
            dialogs.ask_what_to_copy(self.app, *selected, self._copy)

    def action_copy_pem(self) -> None:
        """Copy the selected certificate."""
        from certtui.ui.texts import pem  # it is not needed to start

        selected = self._selected_certificate()
        if selected is not None:
            self._copy(pem(selected[1]))

    def _copy(self, item: Copyable | None) -> None:
        if item is not None:
            self.post_message(CopyAsked(item.text, item.what))

    def action_export(self) -> None:
        """Ask what to save: of the selected certificate and host, or of the marked ones, else of all that are shown."""
        row = self.chain.selected
        certificate = row.certificate if row is not None else None
        marked = self.session.marked_rows
        rows = marked or tuple(filter(None, map(self.session.row_at, range(self.session.shown_count))))
        reports = tuple(row.report for row in rows if row.report is not None)
        if self.opener is not None:
            self.opener.open_export(self.shown, certificate, reports, are_marked=bool(marked))

    def action_pager(self) -> None:
        """Read the whole report in the user's pager."""
        from certtui.report.text import TextWriter  # it is not needed to start

        if self.shown is not None:
            self.post_message(PagerAsked(TextWriter(width=max(40, self.size.width - 1)).report(self.shown)))

    # Pages

    def action_help(self) -> None:
        """Explain the selected host's findings."""
        from certtui.ui.screens.help import HelpScreen  # it needs pages and tables that starting does not

        self.app.push_screen(
            HelpScreen(self.shown, self.glyphs, server=self.server, label=self._label or None)
        )

    def action_clients(self) -> None:
        """Show who rejects the selected host."""
        from certtui.ui.screens.clients import ClientsScreen  # it needs tables that starting does not

        if self.shown is not None:
            self.app.push_screen(ClientsScreen(self._label, self.shown, self.glyphs))

    def action_stores(self) -> None:
        """Show who trusts the selected host."""
        from certtui.ui.screens.stores import StoresScreen  # it needs tables that starting does not

        if self.shown is not None:
            self.app.push_screen(StoresScreen(self._label, self.shown, self.glyphs))

    def action_inside(self) -> None:
        """Show the selected certificate inside out."""
        from certtui.ui.screens.inside import InsideScreen  # it needs decoders that starting does not

        selected = self._selected_certificate()
        if selected is None:
            return
        report, certificate = selected
        path = report.best_path.certificates if report.best_path is not None else ()
        certificates = tuple(dict.fromkeys((*report.chain, *path)))
        self.app.push_screen(InsideScreen(certificates, certificates.index(certificate), self.glyphs))

    def action_compare(self) -> None:
        """Mark the selected host as the first of two, or compare it with the one marked."""
        marked, selected = self.session.marked_rows, self.session.selected
        first = self.session.compared or (marked[0] if len(marked) == 1 else None)
        if len(marked) == 2:
            self._compare(*marked)
        elif selected is None:
            return
        elif first is None or first is selected:
            is_off = self.session.compared is selected
            self.session.compared = None if is_off else selected
            self.show_session()
            key = shown_key("compare", self.app._keymap)
            said = (
                "No longer marked"
                if is_off
                else f"{self._label} is marked: press {key} on another host to compare"
            )
            self.notify(f"{said}.")
        else:
            self._compare(first, selected)

    def _compare(self, first: Row, second: Row) -> None:
        from certtui.ui.screens.compare import CompareScreen, Side  # it needs what starting does not

        if first.report is None or second.report is None:
            waiting = first if first.report is None else second
            self.notify(f"{target_name(waiting)} has not been looked at yet.", severity="warning")
            return
        left = Side(label=target_name(first), report=first.report)
        right = Side(label=target_name(second), report=second.report)
        self.session.compared = None
        self.show_session()
        self.app.push_screen(CompareScreen(left, right, self.glyphs))

    def action_unmark(self) -> None:
        """Take all marks away, that of the comparison and the signs of what has changed too."""
        self.session.compared = None
        for row in self.session.rows:
            if row.changed_at is not None:
                self.session.note_change(row, None)
        super().action_unmark()

    def action_timeline(self) -> None:
        """Show when certificates expire."""
        from certtui.ui.screens.timeline import TimelineScreen  # it is not needed to start

        entries = [(row.target.label, row.report) for row in self.session.rows if row.report is not None]
        now = max((report.now for _, report in entries), default=None)
        if now is not None:
            self.app.push_screen(TimelineScreen(entries, self.glyphs, now), self.select_label)

    def action_time_machine(self) -> None:
        """Ask what would be at another time, or without a root."""
        if self.opener is not None:
            self.opener.open_time_machine()

    def action_history(self) -> None:
        """Ask for the selected host's past."""
        if self.session.selected is not None and self.opener is not None:
            self.opener.open_history(self.session.selected)

    def action_watch(self) -> None:
        """Watch, or stop."""
        self.post_message(WatchAsked())

    def action_log(self) -> None:
        """Ask for what changed."""
        if self.opener is not None:
            self.opener.open_log()

    def action_leave(self) -> None:
        """Leave."""
        self.post_message(QuitAsked())
