"""Panes of styled lines that render only what is on the screen, with or without a cursor."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import in_ascii
from certtui.ui.drawing.lines import Ink, Line
from certtui.ui.keys import bindings

_CURSOR = "line-view--cursor"


class LineView(ScrollView, can_focus=True):
    """Lines that scroll. Subclasses say how many there are and what stands on each."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.LIST)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {_CURSOR, *(f"line-view--{ink}" for ink in Ink)}

    def __init__(self, *, id: str, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self._styles_by_ink: dict[Ink, Style] = {}
        self._base = Style.null()
        self._lines: Sequence[Line] = ()

    @property
    def line_count(self) -> int:
        """How many lines there are."""
        return len(self._lines)

    def line_at(self, position: int, width: int) -> Line:
        """Return the line at a position."""
        return self._lines[position]

    def is_cursor_at(self, position: int) -> bool:
        """Return whether the cursor is on the line at a position."""
        return False

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Show other lines, from their first."""
        self._lines = lines
        self.lines_changed()

    def lines_changed(self) -> None:
        """Fit the scrollbar to the number of lines and paint anew."""
        size = Size(self.scrollable_content_region.width, self.line_count)
        if self.virtual_size != size:
            # Setting the reactive would lay the whole screen out anew, though only this pane's scrollbar changes.
            self.set_reactive(LineView.virtual_size, size)
            self._scroll_update(size)
        self.refresh()

    def notify_style_update(self) -> None:
        """Forget the looks of the last theme."""
        super().notify_style_update()
        self._styles_by_ink.clear()

    def on_resize(self, _: events.Resize) -> None:
        """Fit the lines to the new width."""
        self.lines_changed()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Return the lines of a region, with the pane's own style worked out once: it costs as much as a line."""
        self._base = self.rich_style
        return super().render_lines(crop)

    def render_line(self, y: int) -> Strip:
        """Return one line of the screen."""
        position = y + self.scroll_offset.y
        width = self.scrollable_content_region.width
        base = self._base
        if not 0 <= position < self.line_count:
            return Strip.blank(width, base)
        if self.is_cursor_at(position):
            base += self.get_component_rich_style(_CURSOR, partial=True)
        is_ascii = self.app.has_class("-ascii")
        segments = [
            Segment(in_ascii(piece.text) if is_ascii else piece.text, base + self._style_of(piece.ink))
            for piece in self.line_at(position, width)
        ]
        strip = Strip(segments)
        if strip.cell_length > width:
            sign = Segment("~" if is_ascii else "…", base)
            strip = Strip.join([strip.crop(0, width - 1), Strip([sign])])
        return strip.adjust_cell_length(width, base)

    def _style_of(self, ink: Ink) -> Style:
        if ink not in self._styles_by_ink:
            self._styles_by_ink[ink] = self.get_component_rich_style(f"line-view--{ink}", partial=True)
        return self._styles_by_ink[ink]

    def move(self, distance: int) -> None:
        """Scroll by a number of lines."""
        self.scroll_to(y=self.scroll_offset.y + distance, animate=False)

    def action_up(self) -> None:
        """One line up."""
        self.move(-1)

    def action_down(self) -> None:
        """One line down."""
        self.move(1)

    def action_page_up(self) -> None:
        """One page up."""
        self.move(-self._page)

    def action_page_down(self) -> None:
        """One page down."""
        self.move(self._page)

    def action_first(self) -> None:
        """To the first line."""
        self.move(-self.line_count)

    def action_last(self) -> None:
        """To the last line."""
        self.move(self.line_count)

    @property
    def _page(self) -> int:
        return max(1, self.scrollable_content_region.height - 1)


class LineList(LineView):
    """Lines with a cursor."""

    CHOOSES_AT_ONCE: ClassVar[bool] = False
    """Whether one click chooses, as in a menu; else it takes two."""

    class CursorMoved(Message):
        """The user moved the cursor."""

        def __init__(self, line_list: LineList, position: int) -> None:
            super().__init__()
            self.line_list = line_list
            self.position = position

        @property
        def control(self) -> LineList:
            """The list whose cursor moved."""
            return self.line_list

    class Chosen(Message):
        """The user clicked the line that the cursor is on already."""

        def __init__(self, line_list: LineList, position: int) -> None:
            super().__init__()
            self.line_list = line_list
            self.position = position

        @property
        def control(self) -> LineList:
            """The list in which it was chosen."""
            return self.line_list

    def __init__(self, *, id: str, classes: str | None = None) -> None:  # noqa: A002 - Textual's name
        super().__init__(id=id, classes=classes)
        self.cursor = 0

    def is_cursor_at(self, position: int) -> bool:
        """Return whether the cursor is on the line at a position."""
        return position == self.cursor

    def set_cursor(self, position: int, *, in_view: bool = True) -> None:
        """Put the cursor on a line without telling anyone."""
        old, self.cursor = self.cursor, max(0, min(position, self.line_count - 1))
        if old != self.cursor:
            self.refresh_position(old)
        self.refresh_position(self.cursor)
        if in_view:
            self.scroll_to_region(Region(0, self.cursor, 1, 1), animate=False, force=True)

    def refresh_position(self, position: int) -> None:
        """Paint a line anew if it is on the screen."""
        y = position - self.scroll_offset.y
        if 0 <= y < self.size.height:
            self.refresh(Region(0, y, self.size.width, 1))

    def move(self, distance: int) -> None:
        """Move the cursor by a number of lines."""
        if self.line_count == 0:
            return
        self.set_cursor(self.cursor + distance)
        self.tell_moved()

    def tell_moved(self) -> None:
        """Tell that the user has moved the cursor to where it is."""
        self.post_message(self.CursorMoved(self, self.cursor))

    def on_click(self, event: events.Click) -> None:
        """Put the cursor where the mouse is; a click on the cursor's line chooses it."""
        position = event.y - self.gutter.top + self.scroll_offset.y
        if not 0 <= position < self.line_count:
            return
        is_chosen = event.chain == 1 if self.CHOOSES_AT_ONCE else event.chain > 1 and position == self.cursor
        self.set_cursor(position)
        self.tell_moved()
        if is_chosen:
            self.post_message(self.Chosen(self, position))
