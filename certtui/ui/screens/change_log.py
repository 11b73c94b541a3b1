"""The log of changes: what was seen to change while watching, newest first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from certtui.core.moments import duration, moment
from certtui.core.text import shortened
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line, plain, wrapped
from certtui.ui.keys import bindings
from certtui.ui.screens.host_page import HostPage
from certtui.ui.widgets.drawn_list import DrawnList
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList
from certtui.watch.log import Change, ChangeLog

_MOST_CHARACTERS = 400
"""Of one sentence."""
_INDENT = 4


class LogScreen(HostPage):
    """Every change that is kept; it ends with the label of the host to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LOG, Where.PAGE)]
    AUTO_FOCUS = "#log"
    PLACE = Where.LOG
    PANES = ("#log",)

    def __init__(self, log: ChangeLog, glyphs: Glyphs, *, watched_every: timedelta | None = None) -> None:
        """Show a log; `watched_every` is the period if hosts are being watched now."""
        super().__init__()
        self._log = log
        self._glyphs = glyphs
        self._watched_every = watched_every
        self._changes: tuple[Change, ...] = ()
        """Newest first."""
        self._rows: list[tuple[int, Line]] = []
        """Each line with the place of the change that it belongs to."""

    def compose(self) -> ComposeResult:
        """Show one list and the keys."""
        yield DrawnList(id="log")
        yield KeyLine()

    @property
    def _list(self) -> DrawnList:
        return self.query_one("#log", DrawnList)

    def on_resize(self, _: events.Resize) -> None:
        """Wrap to the new width."""
        self.call_after_refresh(self.show_log)

    def show_log(self) -> None:
        """Show the log as it is now; the cursor stays on its change."""
        if not self.is_open:
            return
        view = self._list
        selected = self._selected
        self._changes = tuple(reversed(self._log.changes))
        width = max(20, view.scrollable_content_region.width)
        self._rows = [
            (number, row)
            for number, change in enumerate(self._changes)
            for row in change_lines(change, width - 1)
        ]
        # The same change, not an equal one: the same thing may happen twice.
        place = next((number for number, each in enumerate(self._changes) if each is selected), 0)
        cursor = next((at for at, (number, _) in enumerate(self._rows) if number == place), 0)
        self._show_title()
        if self._rows:
            view.show_drawn(len(self._rows), self._draw, cursor)
        else:
            empty = wrapped(line(Piece(self._empty(), Ink.MUTED)), width)
            view.show_drawn(len(empty), lambda position, _width, _is_cursor: empty[position], 0)

    @property
    def _selected(self) -> Change | None:
        at = self._list.cursor
        return self._changes[self._rows[at][0]] if 0 <= at < len(self._rows) else None

    def _show_title(self) -> None:
        count = len(self._changes)
        title = f"{count} change{'s' if count != 1 else ''}" if count else "No changes"
        watched = f", looking every {duration(self._watched_every)}" if self._watched_every else ""
        self._list.border_title = Content(Piece(title + watched).text)

    def _empty(self) -> str:
        if self._watched_every is not None:
            return "Nothing has changed since watching began."
        return (
            "Nobody is watching. Press esc, then W to watch these hosts, or start with: certtui --watch 10m"
        )

    def _draw(self, position: int, _width: int, is_cursor: bool) -> Line:
        return line(Piece(self._glyphs.cursor if is_cursor else " ", Ink.STRONG), *self._rows[position][1])

    @on(LineList.Chosen)
    def action_choose(self) -> None:
        """Go to the host of the change under the cursor."""
        selected = self._selected
        if selected is not None:
            self.dismiss(selected.target)

    def text(self) -> str:
        """Return the log, newest first."""
        rows = [plain(row) for change in reversed(self._log.changes) for row in change_lines(change, 10_000)]
        return "\n".join(rows) + "\n" if rows else f"{self._empty()}\n"


def change_lines(change: Change, width: int) -> Iterator[Line]:
    """Yield a change: when, which host and whether for the worse, then what changed."""
    word, ink = "changed", Ink.NOTICE
    if change.is_worse:
        word, ink = "worse", Ink.ERROR
    elif change.is_better:
        word, ink = "better", Ink.GOOD
    head = line(
        Piece(moment(change.at), Ink.MUTED),
        Piece(f"  {word:<7}", ink),
        Piece(f"  {change.target}", Ink.STRONG),
    )
    yield from wrapped(head, width, _INDENT)
    for sentence in change.sentences:
        yield from wrapped(line(Piece(f"  {shortened(sentence, _MOST_CHARACTERS)}")), width, _INDENT)
