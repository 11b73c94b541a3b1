"""The hosts behind the panes: what is shown, filter and order. It changes no list."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events, on
from textual.widgets import Input

from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.messages import OrderChanged
from certtui.ui.screens.layout import PanesScreen
from certtui.ui.session import Order, Row, Session
from certtui.ui.widgets.line_view import LineList
from certtui.ui.widgets.panes import ChainPane, DetailPane, HostsPane
from certtui.ui.widgets.status import StatusLine

if TYPE_CHECKING:
    from certtui.core.catalogue import Category
    from certtui.core.report import Report


class HostsScreen(PanesScreen):
    """The panes, filled from a session."""

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        self.hosts = HostsPane(session, glyphs)
        self.chain = ChainPane(glyphs)
        self.detail = DetailPane(glyphs)
        self.status = StatusLine(session, glyphs)
        super().__init__(self.hosts, self.chain, self.detail, self.status)
        self.session = session
        self.glyphs = glyphs
        self.shown: Report | None = None
        """The report that the panes show."""
        self._shown_row: Row | None = None

    def on_mount(self) -> None:
        """Show what is known."""
        self.show_session()

    # What is shown

    def show_session(self, changed: Sequence[Row] | None = None) -> None:
        """Show the session's present state; `changed` names the only rows that differ from before."""
        if not self.session.has_chosen:
            self.session.selected = self.session.row_at(0)
        self.hosts.show_session(changed=changed)
        selected = self.session.selected
        report = selected.report if selected is not None else None
        if report is not self.shown or selected is not self._shown_row:
            is_same_host, self._shown_row = selected is self._shown_row, selected
            is_other = (self.shown is None) is not (report is None)
            self.shown = report
            # A look again must not throw the reader back.
            self.chain.show(report, keep_place=is_same_host)
            self._show_detail(keep_place=is_same_host)
            if is_other:
                self.refresh_bindings()  # what needs a report can be done now, or no longer
        self.status.show()
        if changed is None:
            self.refresh_bindings()

    def fit(self) -> None:
        """Fit panes and status to the present size."""
        super().fit()
        self.status.show()

    def _show_detail(self, *, keep_place: bool = False) -> None:
        row = self.chain.selected
        certificate = row.certificate if row is not None else None
        index = row.index if row is not None else None
        self.detail.show(self._shown_row, certificate, index, keep_place=keep_place)

    @on(HostsPane.WentTo)
    def select_host(self, event: HostsPane.WentTo) -> None:
        """Show the host that the cursor is on."""
        if event.row is self.session.selected:
            self.show_session(changed=())

    @on(LineList.CursorMoved, "#chain")
    def select_certificate(self) -> None:
        """Show the certificate that the cursor is on."""
        self.chain.refresh()
        self._show_detail()

    def select(self, row: Row | None, changed: Sequence[Row] | None = None) -> None:
        """Select a host, if it is listed still; a filter that hides it is cleared."""
        if row is None or self.session.row_of(row.target) is not row:
            return
        self.session.has_chosen = True
        if self.session.position_of(row) is None:
            self.show_all()
        self.session.selected = row
        self.show_session(changed=changed)

    def select_label(self, label: str | None) -> None:
        """Select the host of this label, if there is one."""
        row = next((row for row in self.session.rows if row.target.label == label), None)
        if row is None and label is not None:
            self.notify(f"{label} is no longer listed.", severity="warning")
        self.select(row)

    # Filter and order

    def action_filter(self) -> None:
        """Type a filter."""
        line = self.query_one("#filter", Input)
        line.display = True
        self.set_focus(line)

    @on(Input.Changed, "#filter")
    def filter_live(self, event: Input.Changed) -> None:
        """Filter while it is typed; what the line held before it was cleared counts no more."""
        if event.value != self.query_one("#filter", Input).value:
            return
        self.session.arrange(filter_text=event.value)
        self.show_session()

    @on(Input.Submitted, "#filter")
    def leave_filter(self) -> None:
        """Keep the filter and go back to the hosts."""
        line = self.query_one("#filter", Input)
        line.display = bool(line.value)
        self.action_pane("hosts")

    def on_key(self, event: events.Key) -> None:
        """Escape and the arrows leave the filter line."""
        if event.key in ("escape", "down") and self.query_one("#filter").has_focus:
            event.stop()
            if event.key == "escape":
                self._filter_by("")
            self.leave_filter()

    def _filter_by(self, text: str) -> None:
        line = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            line.value = text
        line.display = bool(text)
        self.session.arrange(filter_text=text)
        self.show_session()

    def clear_a_filter(self) -> None:
        """Take one filter away: the words, else the kind, else the failures."""
        session = self.session
        if session.filter_text:
            self._filter_by("")
        elif session.only_category is not None:
            self.show_category(None)
        elif session.failures_only:
            self.action_failures_only()

    def show_all(self) -> None:
        """Take all filters away."""
        self.session.clear_filter()
        self._filter_by("")

    def action_failures_only(self) -> None:
        """Show only hosts with an error or a warning, or all again."""
        self.session.arrange(failures_only=not self.session.failures_only)
        self.show_session()

    def action_category_menu(self) -> None:
        """Ask which kind of fault to show."""
        from certtui.ui.screens import dialogs  # none is needed to start

        dialogs.ask_for_category(self.app, self.session.category_counts(), self.glyphs, self._show_chosen)

    def _show_chosen(self, chosen: tuple[Category | None] | None) -> None:
        if chosen is not None:
            self.show_category(chosen[0])

    def show_category(self, category: Category | None) -> None:
        """Show only hosts whose badge is of this category, or all."""
        self.session.show_category(category)
        self.show_session()

    @on(StatusLine.CategoryChosen)
    def filter_by_category(self, event: StatusLine.CategoryChosen) -> None:
        """A click on a count shows only those hosts; a second one shows all again."""
        is_shown = self.session.only_category is event.category
        self.show_category(None if is_shown else event.category)

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.session.arrange(is_reversed=not self.session.is_reversed)
        self._order_changed()

    def action_sort_menu(self) -> None:
        """Ask for the order."""
        from certtui.ui.screens import dialogs  # none is needed to start

        dialogs.ask_for_order(self.app, self._sort)

    def _sort(self, order: Order | None) -> None:
        if order is not None:
            self.session.arrange(order=order)
            self._order_changed()

    def _order_changed(self) -> None:
        self.show_session()
        self.post_message(OrderChanged())

    def action_next_fault(self) -> None:
        """Go to the next host with an error or a warning."""
        self._to_fault(1)

    def action_previous_fault(self) -> None:
        """Go to the host with an error or a warning before."""
        self._to_fault(-1)

    def _to_fault(self, step: int) -> None:
        row = self.session.next_fault(self.session.selected, step)
        if row is None:
            self.notify("No other host has an error or a warning.")
        self.select(row)
