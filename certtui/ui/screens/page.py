"""A page of text over the explorer: a title, lines that scroll, the keys below. Its subclasses say what is on it."""

from __future__ import annotations

from abc import abstractmethod
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content

from certtui.core.text import visible
from certtui.ui.bindings import Where
from certtui.ui.drawing.lines import Line, Piece, plain
from certtui.ui.keys import bindings
from certtui.ui.screens.overlay import Page
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineView

_LEAST_WIDTH = 20


class PageScreen(Page[None]):
    """Lines over the whole screen, made anew for each width."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.PAGE)]

    @abstractmethod
    def content(self, width: int) -> list[Line]:
        """Return the lines for a width."""

    @abstractmethod
    def heading(self) -> str:
        """Return the title over the lines."""

    def note(self) -> str:
        """Return a few words for the frame below the lines, or nothing."""
        return ""

    def make_view(self) -> LineView:
        """Return the pane that shows the lines."""
        return LineView(id="page", classes="page")

    def compose(self) -> ComposeResult:
        """Show one pane of text and the keys."""
        yield self.make_view()
        yield KeyLine()

    @property
    def view(self) -> LineView:
        """The pane that shows the lines."""
        return self.query_one("#page", LineView)

    def on_resize(self, _: events.Resize) -> None:
        """Wrap to the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Show the content as it is now, scrolled to where it was; nothing once the page is being closed."""
        if not self.query("#page"):
            return
        view = self.view
        view.border_title = Content(Piece(self.heading()).text)
        view.border_subtitle = Content(Piece(self.note()).text)
        view.set_lines(self.content(max(_LEAST_WIDTH, view.scrollable_content_region.width)))

    def text(self) -> str:
        """Return the page as text, to copy or to read in a pager."""
        lines = self.content(max(_LEAST_WIDTH, self.view.scrollable_content_region.width))
        rows = [visible(self.heading()), "", *(plain(each).rstrip() for each in lines)]
        return "\n".join(rows) + "\n"
