"""A list whose lines are drawn one by one when they come into view, however many there are."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual.binding import BindingType

from certtui.ui.bindings import Where
from certtui.ui.drawing.lines import Line, line
from certtui.ui.keys import bindings
from certtui.ui.widgets.line_view import LineList

Draw = Callable[[int, int, bool], Line]
"""Draws the line at a position, for a width, with or without the cursor on it."""


class DrawnList(LineList, inherit_bindings=False):
    """A list with a cursor; whoever owns it says how many lines there are and draws each.

    It fits its width, so that the keys that scroll sideways are free for others.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]

    def __init__(self, *, id: str) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes="page")
        self._count = 0
        self._draw: Draw = lambda _position, _width, _is_cursor: line()

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return self._count

    def line_at(self, position: int, width: int) -> Line:
        """Return the line at a position."""
        return self._draw(position, width, position == self.cursor)

    def show_drawn(self, count: int, draw: Draw, cursor: int) -> None:
        """Show other lines, with the cursor on one of them."""
        self._count, self._draw = count, draw
        self.lines_changed()
        self.set_cursor(cursor)
