"""The three panes: hosts, chain and detail. Each is given values through `show` and knows no other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual import events
from textual.content import Content
from textual.message import Message

from certtui.core.catalogue import BADGES
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Indented, Ink, Line, Piece, line, wrapped, wrapped_all
from certtui.ui.drawing.render import host_line
from certtui.ui.session import Row, Session
from certtui.ui.widgets.line_view import LineList, LineView

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.report import Report
    from certtui.ui.drawing.chain import ChainRow


class HostsPane(LineList):
    """The list of hosts; its lines are made from the session when they come on the screen, never kept."""

    class WentTo(Message):
        """The user went to a host."""

        def __init__(self, row: Row) -> None:
            super().__init__()
            self.row = row

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        super().__init__(id="hosts")
        self.border_title = "Hosts"
        self._session = session
        self._glyphs = glyphs
        self._empty: list[Line] = []
        self._first: Row | None = None
        self._left: list[int] = []
        """Where the cursor was since the last paint."""

    @property
    def line_count(self) -> int:
        """How many hosts pass the filter, or lines of advice if none does."""
        return self._session.shown_count or len(self._empty)

    def line_at(self, position: int, width: int) -> Line:
        """Return a host's row."""
        row = self._session.row_at(position)
        if row is None:
            return self._empty[position] if position < len(self._empty) else line()
        return host_line(row, width, position == self.cursor, self._glyphs, row in self._session.marked)

    def move(self, distance: int) -> None:
        """Move the cursor; it is painted together with what it leads to, in one frame instead of two."""
        if not self.line_count:
            return
        # From the host, not from where it was painted: results that have come in may have moved it.
        at = self._session.position_of(self._session.selected)
        self._left.append(self.cursor)
        self.cursor = max(0, min((self.cursor if at is None else at) + distance, self.line_count - 1))
        self.tell_moved()

    def tell_moved(self) -> None:
        """Select the host that the user has gone to at once: the next key may be about it already."""
        row = self._session.row_at(self.cursor)
        if row is not None:
            self._session.has_chosen = True
            self._session.selected = row
            self.post_message(self.WentTo(row))

    def is_cursor_at(self, position: int) -> bool:
        """Return whether the cursor is on a host."""
        return bool(self._session.shown_count) and position == self.cursor

    def show_session(self, *, changed: Sequence[Row] | None = None) -> None:
        """Paint what has changed; the order may have, so that a change on the screen repaints all of it."""
        self._empty = self._advice()
        self._name_first()
        for left in self._left:
            self.refresh_position(left)
        if self._left:
            self._left.clear()
            self.set_cursor(self.cursor)
        position = self._session.position_of(self._session.selected)
        if position is not None and position != self.cursor:
            self.cursor = position
            self.lines_changed()
            self.set_cursor(position)
        elif changed is None or self._is_seen(changed):
            self.lines_changed()

    def _name_first(self) -> None:
        """Say in the frame which host is to be compared."""
        first = self._session.compared
        if first is not self._first:
            self._first = first
            self.border_title = Content(Piece(f"Hosts: A is {first.target.label}" if first else "Hosts").text)

    def _is_seen(self, changed: Sequence[Row]) -> bool:
        """Whether any of the rows is on the screen or above it, where it may have come from or gone to."""
        bottom = self.scroll_offset.y + self.size.height
        return any(
            (position := self._session.position_of(row)) is None or position < bottom for row in changed
        )

    def _advice(self) -> list[Line]:
        session = self._session
        if session.shown_count:
            return []
        if not len(session):
            text = "No hosts yet. Press a to add one, or start with: certtui example.com"
        elif session.filter_problems:
            text = f"{session.filter_problems[0]}. Press esc to clear the filter."
        elif session.filter_text:
            text = f'No host matches "{session.filter_text}". Press esc to clear the filter.'
        elif session.only_category is not None:
            text = f"No host shows {BADGES[session.only_category].word} any more. Press esc to see them all."
        else:
            text = "No host has an error or a warning. Press x to see them all."
        advice = line(Piece(text, Ink.MUTED))
        width = self.scrollable_content_region.width
        return wrapped(advice, max(10, width)) if width else [advice]

    def on_resize(self, event: events.Resize) -> None:
        """Keep the selected host in view."""
        self._empty = self._advice()
        super().on_resize(event)
        self.set_cursor(self.cursor)


class ChainPane(LineList):
    """The chain as built against as sent."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="chain")
        self.border_title = "Chain"
        self._glyphs = glyphs
        self._rows: Sequence[ChainRow] = ()

    def show(self, report: Report | None, *, keep_place: bool = False) -> None:
        """Show a report's chain, the cursor on its first certificate, or on the one that it was on before."""
        before = self.selected.certificate if keep_place and self.selected is not None else None
        title, self._rows = "Chain", ()
        if report is not None:
            from certtui.ui.drawing.chain import (  # the first paint has no report to show
                chain_rows,
                chain_title,
            )

            title, self._rows = chain_title(report), chain_rows(report, self._glyphs)
        # Content, since a plain string would be parsed as markup.
        self.border_title = Content(Piece(title).text)
        same = (n for n, row in enumerate(self._rows) if before is not None and row.certificate == before)
        self.cursor = next(same, 0)
        self.set_lines([row.line for row in self._rows])
        if not self.cursor:
            self.scroll_to(y=0, animate=False)

    def line_at(self, position: int, width: int) -> Line:
        """Return a row behind the cursor's sign."""
        sign = self._glyphs.cursor if position == self.cursor else " "
        return (Piece(sign, Ink.STRONG), *self._rows[position].line)

    @property
    def selected(self) -> ChainRow | None:
        """The row under the cursor."""
        return self._rows[self.cursor] if self.cursor < len(self._rows) else None


class DetailPane(LineView):
    """Everything about the selected host and certificate, wrapped to the pane's width."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="detail")
        self.border_title = "Detail"
        self._glyphs = glyphs
        self._unwrapped: Sequence[Indented] = ()

    def show(
        self,
        row: Row | None,
        certificate: Certificate | None,
        index: int | None,
        *,
        keep_place: bool = False,
    ) -> None:
        """Show a host and one of its certificates, from the top or from where it was read."""
        self._unwrapped = ()
        if row is not None and row.report is not None:
            from certtui.ui.drawing.describe import (  # the first paint has no report to describe
                describe,
                describe_row,
            )

            self._unwrapped = [*describe_row(row), *describe(row.report, certificate, index, self._glyphs)]
        elif row is not None:
            self._unwrapped = [
                (line(Piece(row.target.label, Ink.TITLE)), 2),
                (line(Piece("Not looked at yet.", Ink.MUTED)), 0),
            ]
        self._wrap()
        if not keep_place:
            self.scroll_to(y=0, animate=False)

    def on_resize(self, event: events.Resize) -> None:
        """Wrap anew."""
        self._wrap()
        super().on_resize(event)

    def _wrap(self) -> None:
        self.set_lines(wrapped_all(self._unwrapped, max(20, self.scrollable_content_region.width)))
