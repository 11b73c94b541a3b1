"""Two reports side by side in one pane, so that both scroll together; any two, whatever they are of."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from certtui.core.comparison import compare
from certtui.core.report import Report
from certtui.report.difference import counted, difference_text
from certtui.ui.bindings import Where
from certtui.ui.drawing.difference_lines import SIDE_BY_SIDE, Laid, labels, laid_out
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line, wrapped
from certtui.ui.keys import bindings
from certtui.ui.messages import CopyAsked
from certtui.ui.screens.page import PageScreen
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineView


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two things compared."""

    label: str
    """What to call it: a host, a file, a host and when it was looked at."""
    report: Report


class DifferenceView(LineView):
    """Lines of a comparison; those of one difference are the current ones."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="page", classes="page")
        self._glyphs = glyphs
        self.current: range = range(0)
        """The lines of the difference that was gone to."""

    def is_cursor_at(self, position: int) -> bool:
        """Return whether a line belongs to the current difference."""
        return position in self.current

    def line_at(self, position: int, width: int) -> Line:
        """Return a line, the first one of the current difference with a sign for those who see no colours."""
        found = super().line_at(position, width)
        if position != self.current.start or not self.current:
            return found
        return line(Piece(f"{self._glyphs.cursor} ", Ink.STRONG), Piece(found[0].text[2:]), *found[1:])

    def go_to(self, difference: range) -> None:
        """Make a difference the current one and scroll until it is seen, with its heading where that is near."""
        self.current = difference
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if difference and not (top < difference.start and difference.stop <= top + height):
            self.scroll_to(y=max(0, difference.start - min(3, height // 3)), animate=False)
        self.refresh()

    @property
    def is_current_in_view(self) -> bool:
        """Whether the current difference has not been scrolled away."""
        top = self.scroll_offset.y
        return top <= self.current.start < top + self.scrollable_content_region.height


class CompareScreen(PageScreen):
    """Two reports, aligned, with what differs marked."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.COMPARE, Where.PAGE)]
    PLACE = Where.COMPARE

    def __init__(self, left: Side, right: Side, glyphs: Glyphs) -> None:
        super().__init__()
        self._left, self._right, self._glyphs = left, right, glyphs
        self._comparison = compare(left.report, right.report)
        self._only_differences = False
        self._laid = Laid()
        self._number: int | None = None
        """Which difference is the current one."""

    def make_view(self) -> DifferenceView:
        """Return the pane that shows the lines."""
        return DifferenceView(self._glyphs)

    def compose(self) -> ComposeResult:
        """Show the names of both sides over the comparison."""
        names = LineView(id="sides")
        names.can_focus = False
        yield names
        yield self.make_view()
        yield KeyLine()

    def heading(self) -> str:
        """Return how much differs, and between what."""
        return f"{counted(self._comparison.count)}: {self._left.label} and {self._right.label}"

    def note(self) -> str:
        """Return which difference is the current one, and whether the rest is hidden."""
        where = (
            f"difference {self._number + 1} of {self._comparison.count}" if self._number is not None else ""
        )
        return " · ".join(filter(None, (where, "only differences" if self._only_differences else "")))

    def content(self, width: int) -> list[Line]:
        """Return the comparison in lines, what it comes to first."""
        self._laid = laid_out(
            self._comparison,
            width,
            self._glyphs,
            side_by_side=self._is_side_by_side,
            only_differences=self._only_differences,
        )
        summary = [row for each in self._summary() for row in wrapped(each, width)]
        offset = len(summary)
        self._laid.differences = [range(it.start + offset, it.stop + offset) for it in self._laid.differences]
        return [*summary, *self._laid.lines]

    def show(self) -> None:
        """Show the comparison as it is now, the current difference in view."""
        names = labels(
            self._left.label,
            self._right.label,
            self._view.scrollable_content_region.width,
            self._glyphs,
            side_by_side=self._is_side_by_side,
        )
        frame = " " * self._view.gutter.left
        self._names.styles.height = len(names)
        self._names.set_lines([line(frame, *each) for each in names])
        super().show()
        if self._number is not None:
            self._view.go_to(self._laid.differences[self._number])

    def text(self) -> str:
        """Return the comparison as text, to read in a pager."""
        return self._as_text(only_differences=self._only_differences)

    def action_copy(self) -> None:
        """Copy the difference as text."""
        self.post_message(CopyAsked(self._as_text(only_differences=True), "the difference as text"))

    def action_only_differences(self) -> None:
        """Show only what differs, or everything again."""
        self._only_differences = not self._only_differences
        self.show()
        if self._number is None:
            self._view.scroll_to(y=0, animate=False)

    def action_next_difference(self) -> None:
        """Go to the next difference, from the last one to the first."""
        self._turn(1)

    def action_previous_difference(self) -> None:
        """Go to the difference before, from the first one to the last."""
        self._turn(-1)

    def action_swap(self) -> None:
        """Swap the sides."""
        self._left, self._right = self._right, self._left
        self._comparison = compare(self._left.report, self._right.report)
        self._number = None
        self._view.current = range(0)
        self.show()

    def _turn(self, step: int) -> None:
        """Where the current difference was scrolled away, go on from what is in view."""
        starts = [it.start for it in self._laid.differences]
        if not starts:
            self.notify("Nothing differs.", markup=False)
            return
        if self._number is not None and self._view.is_current_in_view:
            self._number = (self._number + step) % len(starts)
        else:
            below = bisect_left(starts, self._view.scroll_offset.y)
            self._number = (below if step > 0 else below - 1) % len(starts)
        self._view.go_to(self._laid.differences[self._number])
        self._view.border_subtitle = Content(Piece(self.note()).text)

    def _summary(self) -> Iterator[Line]:
        left, right = self._left.report.leaf, self._right.report.leaf
        if not self._comparison.count:
            yield line(Piece("Nothing differs.", Ink.GOOD))
        if left is None and right is None:
            yield line(Piece("Neither showed a certificate.", Ink.STRONG))
        elif left is None or right is None:
            side = "right" if left is None else "left"
            yield line(Piece(f"Only the {side} one showed a certificate.", Ink.STRONG))
        elif left == right:
            yield line(Piece("Both have the same certificate.", Ink.STRONG))
        else:
            key = "the same key" if left.spki == right.spki else "different keys"
            yield line(Piece(f"They have different certificates, with {key}.", Ink.STRONG))
        yield line()

    def _as_text(self, *, only_differences: bool) -> str:
        return difference_text(
            self._comparison, self._left.label, self._right.label, only_differences=only_differences
        )

    @property
    def _is_side_by_side(self) -> bool:
        return self.size.width >= SIDE_BY_SIDE

    @property
    def _names(self) -> LineView:
        return self.query_one("#sides", LineView)

    @property
    def _view(self) -> DifferenceView:
        return self.query_one("#page", DifferenceView)
