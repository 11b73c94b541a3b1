"""A host's past: its visits, newest first, what had changed between them, and which two to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from certtui.core.text import visible
from certtui.storage.visit import Visit
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line, plain, wrapped, wrapped_all
from certtui.ui.drawing.visit_lines import visit_heading, visit_lines, visit_row
from certtui.ui.keys import bindings
from certtui.ui.messages import CopyAsked
from certtui.ui.screens.page import PageScreen
from certtui.ui.widgets.drawn_list import DrawnList
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList, LineView

_COPIED_WIDTH = 160
"""Of the table as text, however narrow the screen is."""
_FRAME = 2
"""Lines of the frame above and below a list."""
_LEAST_WIDTH = 20


@dataclass
class VisitsChosen(Message):
    """The user wants to compare two looks at one host."""

    before: Visit
    after: Visit


class HistoryScreen(PageScreen):
    """What is kept of one host."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.HISTORY, Where.PAGE)]
    PLACE = Where.HISTORY

    def __init__(
        self,
        label: str,
        visits: Sequence[Visit],
        glyphs: Glyphs,
        *,
        is_on: bool = True,
        fault: str | None = None,
    ) -> None:
        """Show visits, newest first; `is_on` tells whether the history is kept at all, `fault` why it is unreadable."""
        super().__init__()
        self._label = label
        self._visits = tuple(visits)
        self._glyphs = glyphs
        self._is_on = is_on
        self._fault = fault
        self._marked: int | None = None
        """The visit that the next one is compared with."""

    def make_view(self) -> DrawnList:
        """Return the list of visits."""
        return DrawnList(id="page")

    def compose(self) -> ComposeResult:
        """Show the table over what is known of the visit under the cursor; of nothing, why there is none."""
        if not self._visits:
            yield LineView(id="page", classes="page")
        else:
            heading = LineView(id="table-heading")
            heading.can_focus = False
            yield heading
            yield self.make_view()
            yield LineView(id="visit", classes="page")
        yield KeyLine()

    def heading(self) -> str:
        """Return whose past it is, and how often it changed."""
        return f"History of {self._label}" + (f": {_counted(len(self._visits))}" if self._visits else "")

    def note(self) -> str:
        """Return what the mark waits for."""
        return "one look is marked: choose another to compare it with" if self._marked is not None else ""

    def content(self, width: int) -> list[Line]:
        """Return the whole table, or why there is none."""
        if not self._visits:
            return [row for text in self._advice() for row in wrapped(line(Piece(text, Ink.MUTED)), width)]
        rows = (self._draw(position, width, False) for position in range(len(self._visits)))
        return [visit_heading(width), *rows]

    def show(self) -> None:
        """Show the table as it is now, as high as it needs to be, but for the pane below."""
        if not self.query("#page"):
            return  # the page is being closed
        view = self.view
        if not isinstance(view, DrawnList):
            super().show()
            return
        most = max(_FRAME + 2, self.size.height * 3 // 5 - 1)
        view.styles.height = min(most, len(self._visits) + _FRAME)
        self.call_after_refresh(self._fill, view)

    def _fill(self, view: DrawnList) -> None:
        if not self.query("#table-heading"):
            return  # the page is being closed
        view.border_title = Content(Piece(self.heading()).text)
        view.border_subtitle = Content(Piece(self.note()).text)
        view.show_drawn(len(self._visits), self._draw, view.cursor)
        width = view.scrollable_content_region.width
        self.query_one("#table-heading", LineView).set_lines([visit_heading(width)])
        self._show_visit()

    @on(LineList.CursorMoved)
    def _show_visit(self) -> None:
        """Show what is known of the visit under the cursor."""
        pane = self.query_one("#visit", LineView)
        width = max(_LEAST_WIDTH, pane.scrollable_content_region.width)
        pane.set_lines(wrapped_all(visit_lines(self._visits, self._cursor, self._glyphs), width))
        pane.scroll_to(y=0, animate=False)

    def action_compare(self) -> None:
        """Mark a visit; on a second one, compare the two; on the same one, take the mark away."""
        if len(self._visits) < 2:
            self.notify("There is only one look to see yet: nothing to compare it with.", severity="warning")
            return
        if self._marked is None or self._marked == self._cursor:
            self._marked = self._cursor if self._marked is None else None
            self.show()
        else:
            self._compare_with(self._marked)

    @on(LineList.Chosen)
    def action_choose(self) -> None:
        """Compare a visit with the marked one, or else with the newest, and the newest with the one before it."""
        if len(self._visits) < 2 or self._marked is not None:
            self.action_compare()
        else:
            self._compare_with(0 if self._cursor else 1)

    def action_copy(self) -> None:
        """Copy the table as text."""
        self.post_message(CopyAsked(self.text(), "the history as text"))

    def text(self) -> str:
        """Return the table as text, in its wide form."""
        rows = [plain(row).rstrip() for row in self.content(_COPIED_WIDTH)]
        return "\n".join([visible(self.heading()), *rows]) + "\n"

    def _compare_with(self, other: int) -> None:
        older, newer = sorted((other, self._cursor), reverse=True)
        self._marked = None
        self.show()
        self.post_message(VisitsChosen(self._visits[older], self._visits[newer]))

    @property
    def _cursor(self) -> int:
        view = self.view
        return min(view.cursor, len(self._visits) - 1) if isinstance(view, DrawnList) else 0

    def _draw(self, position: int, width: int, is_cursor: bool) -> Line:
        cursor = self._glyphs.cursor if is_cursor else " "
        mark = "A" if position == self._marked else " "
        sign = self._glyphs.badge(self._visits[position].badge)
        return visit_row(
            self._visits, position, width, line(Piece(cursor + mark, Ink.STRONG), Piece(f"{sign} "))
        )

    def _advice(self) -> Sequence[str]:
        if self._fault is not None:
            return (f"The history cannot be read now: {self._fault}.", "Press esc, and h to try again.")
        if not self._is_on:
            return (
                "No history is kept here: this is the demo, or the settings turn it off (enabled under [history]), "
                "or its file cannot be used.",
                "certtui --paths says where settings and history are.",
            )
        return (
            "Nothing is kept of this host yet.",
            "Every look is kept from now on; press r in the explorer to look again, W to go on looking.",
        )


def _counted(count: int) -> str:
    return "always the same so far" if count == 1 else f"{count} different looks, newest first"
