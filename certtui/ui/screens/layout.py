"""Where the three panes stand, and how one goes from one to the other. What is in them is not known here."""

from __future__ import annotations

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList
from certtui.ui.widgets.text_line import FilterLine

PANES = ("hosts", "chain", "detail")
_ALONE_BELOW = (60, 15)
"""Narrower or lower than this, one pane is shown at a time."""
_NOTHING_UP_TO = (40, 10)
"""Up to this there is room for a message only."""


class PanesScreen(Screen[None]):
    """Hosts on the left; chain and detail of the selected one on the right; a filter, a status line, keys."""

    AUTO_FOCUS = "#hosts"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]
    VERTICAL_BREAKPOINTS = [(0, "-low"), (40, "-tall")]

    def __init__(self, hosts: LineList, chain: LineList, detail: Widget, status: Widget) -> None:
        super().__init__()
        self._places = (hosts, chain, detail, status)
        self.pane = "hosts"
        """The pane that is worked in."""
        self._is_maximised = False
        self.is_tiny = False
        """Whether there is room for a message only."""
        self._alone: str | None = None
        """The one pane that is shown, None where there is room for all."""

    def compose(self) -> ComposeResult:
        """Lay out the panes."""
        hosts, chain, detail, status = self._places
        with Horizontal(id="panes"):
            yield hosts
            with Vertical(id="right"):
                yield chain
                yield detail
        yield Static(
            "Too little room: certtui needs more than 40 columns and 10 lines.", id="small", markup=False
        )
        yield FilterLine(placeholder="words, days<30, issuer:..., is:expired, !not; ? ? lists all")
        yield status
        yield KeyLine()

    def on_resize(self, _: events.Resize) -> None:
        """Show as many panes as there is room for, once this resize and any right behind it are through."""
        self.call_after_refresh(self.fit)

    def fit(self) -> None:
        """Fit everything to the present size."""
        self.lay_out()

    def lay_out(self) -> None:
        """Show the panes that there is room for."""
        width, height = self.size
        is_tiny = width <= _NOTHING_UP_TO[0] or height <= _NOTHING_UP_TO[1]
        is_alone = self._is_maximised or width < _ALONE_BELOW[0] or height < _ALONE_BELOW[1]
        layout = (is_tiny, self.pane if is_alone else None)
        if layout == (self.is_tiny, self._alone):
            return
        self.is_tiny, self._alone = layout
        self.query_one("#small").display = is_tiny
        self.query_one("#panes").display = not is_tiny
        self.query_one(KeyLine).display = not is_tiny
        self.query_one("#right").display = not is_alone or self.pane != "hosts"
        for name in PANES:
            self.query_one(f"#{name}").display = not is_alone or name == self.pane
        self.set_class(is_alone, "-alone")

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Remember which pane is worked in."""
        if event.widget.id in PANES and event.widget.id != self.pane:
            self.pane = event.widget.id
            self.lay_out()

    def action_pane(self, name: str) -> None:
        """Go to a pane."""
        self.pane = name
        self.lay_out()
        self.set_focus(self.query_one(f"#{name}"))

    def action_next_pane(self) -> None:
        """Go to the next pane, from the last to the first."""
        self.action_pane(PANES[(PANES.index(self.pane) + 1) % len(PANES)])

    def action_previous_pane(self) -> None:
        """Go to the pane before, from the first to the last."""
        self.action_pane(PANES[(PANES.index(self.pane) - 1) % len(PANES)])

    @on(LineList.Chosen)
    def action_inward(self) -> None:
        """Go one pane in; a second click goes in as well."""
        self.action_pane(PANES[min(PANES.index(self.pane) + 1, len(PANES) - 1)])

    def action_outward(self) -> None:
        """Go one pane back; from the hosts, take a filter away."""
        if self.pane != "hosts":
            self.action_pane(PANES[PANES.index(self.pane) - 1])
        else:
            self.clear_a_filter()

    def clear_a_filter(self) -> None:
        """Take the filter that was set last away."""

    def action_maximise(self) -> None:
        """Show one pane alone, or all again."""
        self._is_maximised = not self._is_maximised
        self.lay_out()

    def action_orientation(self) -> None:
        """Put the hosts beside or above the other panes."""
        self.toggle_class("-stacked")
