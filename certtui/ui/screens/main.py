"""The explorer itself: three panes, a filter, a status line; it selects and arranges, and asks upwards for the rest."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widgets import Footer, Input, Static

from certtui.ui.keys import Where, bindings
from certtui.ui.messages import CopyAsked, ListChanged, LookAsked, QuitAsked
from certtui.ui.render import Glyphs, status_line, target_name
from certtui.ui.session import Order, Row, Session
from certtui.ui.widgets.line_view import LineList, LineView
from certtui.ui.widgets.panes import ChainPane, DetailPane, HostsPane
from certtui.ui.widgets.text_line import TextLine, as_one_line

if TYPE_CHECKING:
    from pathlib import Path

    from certtui.core.certificate import Certificate
    from certtui.core.report import Report
    from certtui.core.target import Target
    from certtui.ui.texts import Copyable

_PANES = ("hosts", "chain", "detail")
_ALONE_BELOW = (60, 15)
"""Narrower or lower than this, one pane is shown at a time."""
_NOTHING_UP_TO = (40, 10)
"""Up to this, there is room for a message only."""
_NEEDS_A_HOST = frozenset({"copy_menu", "copy_pem", "save", "remove", "refresh", "refresh_all"})


class StatusLine(LineView, can_focus=False):
    """Counts, filter and progress on one line."""


class MainScreen(Screen[None]):
    """Hosts on the left; chain and detail of the selected one on the right."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.MAIN)]
    AUTO_FOCUS = "#hosts"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-tall")]

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        super().__init__()
        self.session = session
        self.scan_size = 0
        """How many hosts were asked for since the engine was last idle."""
        self._pane = "hosts"
        self._is_maximised = False
        self._is_tiny = False
        """Whether there is room for a message only."""
        self._alone: str | None = None
        """The one pane that is shown, None where there is room for all."""
        self._has_chosen = False
        """Whether the user has moved to a host; until then the most urgent one is selected."""
        self._shown: Report | None = None
        self._shown_row: Row | None = None
        self._hosts = HostsPane(session, glyphs)
        self._chain = ChainPane(glyphs)
        self._detail = DetailPane(glyphs)
        self._status = StatusLine(id="status")

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        with Horizontal(id="panes"):
            yield self._hosts
            with Vertical(id="right"):
                yield self._chain
                yield self._detail
        yield Static(
            "Too little room: certtui needs more than 40 columns and 10 lines.", id="small", markup=False
        )
        yield TextLine(
            id="filter", placeholder="words to find, ! before a word turns it round", select_on_focus=False
        )
        yield self._status
        yield Footer(show_command_palette=False)

    def on_mount(self) -> None:
        """Show what is known."""
        self.show_session()

    # What is shown

    def show_session(self, changed: Sequence[Row] | None = None) -> None:
        """Show the session's present state; `changed` names the only rows that differ from before."""
        if not self._has_chosen:
            self.session.selected = self.session.row_at(0)
        self._hosts.show_session(changed=changed)
        selected = self.session.selected
        report = selected.report if selected is not None else None
        if report is not self._shown:
            is_same_host, self._shown_row = selected is self._shown_row, selected
            self._shown = report
            # A look again must not throw the reader back.
            self._chain.show(report, keep_place=is_same_host)
            self._show_detail(keep_place=is_same_host)
        self.show_status()
        if changed is None:
            self.refresh_bindings()

    def show_status(self) -> None:
        """Show counts and progress."""
        if not self.session.waiting_count:
            self.scan_size = 0
        self._status.set_lines([status_line(self.session, self.scan_size, max(10, self.size.width))])

    def _show_detail(self, *, keep_place: bool = False) -> None:
        row = self._chain.selected
        certificate = row.certificate if row is not None else None
        index = row.index if row is not None else None
        self._detail.show(self._shown, certificate, index, keep_place=keep_place)

    @on(LineList.CursorMoved, "#hosts")
    def select_host(self, event: LineList.CursorMoved) -> None:
        """Show the host that the cursor is on."""
        self._has_chosen = True
        self.session.selected = self.session.row_at(event.position)
        self.show_session(changed=())

    @on(LineList.CursorMoved, "#chain")
    def select_certificate(self) -> None:
        """Show the certificate that the cursor is on."""
        self._chain.refresh()
        self._show_detail()

    # Layout

    def on_resize(self, _: events.Resize) -> None:
        """Show as many panes as there is room for, once this resize and any right behind it are through."""
        self.call_after_refresh(self._fit)

    def _fit(self) -> None:
        self._lay_out()
        self.show_status()

    def _lay_out(self) -> None:
        width, height = self.size
        is_tiny = width <= _NOTHING_UP_TO[0] or height <= _NOTHING_UP_TO[1]
        is_alone = self._is_maximised or width < _ALONE_BELOW[0] or height < _ALONE_BELOW[1]
        layout = (is_tiny, self._pane if is_alone else None)
        if layout == (self._is_tiny, self._alone):
            return
        self._is_tiny, self._alone = layout
        self.query_one("#small").display = is_tiny
        self.query_one("#panes").display = not is_tiny
        self.query_one(Footer).display = not is_tiny
        self.query_one("#right").display = not is_alone or self._pane != "hosts"
        for name in _PANES:
            self.query_one(f"#{name}").display = not is_alone or name == self._pane
        self.set_class(is_alone, "-alone")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane is worked in."""
        if event.widget.id in _PANES and event.widget.id != self._pane:
            self._pane = event.widget.id
            self._lay_out()

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self._pane = name
        self._lay_out()
        self.set_focus(self.query_one(f"#{name}"))

    def action_next_pane(self) -> None:
        """Go to the next pane, from the last to the first."""
        self.action_pane(_PANES[(_PANES.index(self._pane) + 1) % len(_PANES)])

    def action_previous_pane(self) -> None:
        """Go to the pane before, from the first to the last."""
        self.action_pane(_PANES[(_PANES.index(self._pane) - 1) % len(_PANES)])

    def action_inward(self) -> None:
        """Go one pane in."""
        self.action_pane(_PANES[min(_PANES.index(self._pane) + 1, len(_PANES) - 1)])

    def action_outward(self) -> None:
        """Go one pane back; from the hosts, clear the filter."""
        if self._pane != "hosts":
            self.action_pane(_PANES[_PANES.index(self._pane) - 1])
        else:
            self._filter_by("", failures_only=False)

    @on(LineList.Chosen)
    def go_in(self) -> None:
        """A second click goes in, as enter does."""
        self.action_inward()

    def action_maximise(self) -> None:
        """Show one pane alone, or all again."""
        self._is_maximised = not self._is_maximised
        self._lay_out()

    # Filter and order

    def action_filter(self) -> None:
        """Type a filter."""
        line = self.query_one("#filter", Input)
        line.display = True
        self.set_focus(line)

    @on(Input.Changed, "#filter")
    def filter_live(self, event: Input.Changed) -> None:
        """Filter while it is typed."""
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
                self._filter_by("", failures_only=self.session.failures_only)
            self.leave_filter()

    def _filter_by(self, text: str, *, failures_only: bool) -> None:
        line = self.query_one("#filter", Input)
        with self.prevent(Input.Changed):
            line.value = text
        line.display = bool(text)
        self.session.arrange(filter_text=text, failures_only=failures_only)
        self.show_session()

    def action_failures_only(self) -> None:
        """Show only hosts with an error or a warning, or all again."""
        self.session.arrange(failures_only=not self.session.failures_only)
        self.show_session()

    def action_reverse(self) -> None:
        """Reverse the order."""
        self.session.arrange(is_reversed=not self.session.is_reversed)
        self.show_session()

    def action_sort_menu(self) -> None:
        """Ask for the order."""
        from certtui.ui.screens import dialogs  # none is needed to start

        dialogs.ask_for_order(self.app, self._sort)

    def _sort(self, order: Order | None) -> None:
        if order is not None:
            self.session.arrange(order=order)
            self.show_session()

    # What is asked of others

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done now."""
        if self._is_tiny and action not in ("leave", "help"):
            return False  # nothing can be seen of what it would do
        if action in _NEEDS_A_HOST and self.session.selected is None:
            return None
        return None if action == "undo" and not self.session.can_undo else True

    def action_help(self) -> None:
        """Explain the selected host's findings."""
        from certtui.ui.screens.help import HelpScreen  # it needs pages and tables that starting does not

        self.app.push_screen(HelpScreen(self._shown))

    def action_add(self, typed: str = "") -> None:
        """Ask for hosts."""
        from certtui.ui.screens import dialogs  # none is needed to start

        dialogs.ask_for_hosts(self.app, typed, self._add)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted over the panes is most likely a host to add."""
        if event.text.strip():
            self.action_add(as_one_line(event.text))

    def _add(self, targets: Sequence[Target] | None) -> None:
        if not targets:
            return
        added = self.session.add(targets)
        self._has_chosen = True
        self.session.selected = self.session.row_of(targets[0])
        if self.session.position_of(self.session.selected) is None:
            self._filter_by("", failures_only=False)
        self.post_message(ListChanged())
        self.look_at(added)

    def action_refresh(self) -> None:
        """Look at the selected host again."""
        if self.session.selected is not None:
            self.look_at([self.session.selected])

    def action_refresh_all(self) -> None:
        """Look at all hosts again."""
        self.look_at(self.session.rows)

    def look_at(self, rows: Iterable[Row]) -> None:
        """Ask for hosts to be looked at."""
        self.post_message(LookAsked(list(rows)))
        self.show_session()

    def action_remove(self) -> None:
        """Take the selected host off the list."""
        row = self.session.selected
        if row is not None:
            self._has_chosen = True
            self.session.remove(row)
            self.post_message(ListChanged())
            self.show_session()
            self.notify(f"Removed {target_name(row)}. Press u to bring it back.")

    def action_undo(self) -> None:
        """Bring back the host that was removed last."""
        row = self.session.undo()
        if row is not None:
            self._filter_by(self.session.filter_text, failures_only=self.session.failures_only)
            self.post_message(ListChanged())
            if row.report is None:
                self.look_at([row])
            self.notify(f"Brought {target_name(row)} back.")

    def _selected_certificate(self) -> tuple[Report, Certificate] | None:
        row = self._chain.selected
        report = self._shown
        if report is None or report.leaf is None:
            self.notify("There is no certificate to copy or save: none was seen.", severity="warning")
            return None
        if self._pane == "chain" and row is not None and row.certificate is None:
            self.notify(
                "This certificate was not sent: there is nothing to copy or save.", severity="warning"
            )
            return None
        return report, row.certificate if row is not None and row.certificate is not None else report.leaf

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

    def action_save(self) -> None:
        """Ask where to save: the certificate from the chain pane, else the chain as sent."""
        from certtui.ui.screens import dialogs  # none is needed to start

        selected = self._selected_certificate()
        if selected is not None:
            report, certificate = selected
            only = certificate if self._pane == "chain" else None
            dialogs.ask_where_to_save(self.app, report, only, self._saved)

    def _saved(self, path: Path | None) -> None:
        if path is not None:
            self.notify(f"Saved {path}")

    def action_leave(self) -> None:
        """Leave."""
        self.post_message(QuitAsked())
