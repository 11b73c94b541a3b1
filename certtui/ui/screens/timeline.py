"""The timeline: when the certificates of all hosts expire, as a plot, and the hosts of one span of time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.message import Message

from certtui.core.moments import moment
from certtui.core.report import Report
from certtui.core.text import shortened
from certtui.core.timeline import Bucket, Expiry, Timeline, expiry_of, timeline
from certtui.core.what_if import breaking_dates
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.life import life_bar, life_word
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line, plain
from certtui.ui.drawing.plot import bucket_words, column_at, most_buckets, plot_lines
from certtui.ui.drawing.prospects import MOST_CHARACTERS, offset_words
from certtui.ui.drawing.render import badge_ink
from certtui.ui.keys import bindings
from certtui.ui.screens.host_page import HostPage
from certtui.ui.slices import in_slices
from certtui.ui.widgets.drawn_list import DrawnList
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList, LineView

_BADGE_CELLS = 11
_BAR_CELLS = 10
_WITH_BAR = 56
"""From this width on a row has a bar."""


class PlotView(LineView, can_focus=False):
    """The plot; a click goes to a span."""

    BINDINGS: ClassVar[list[BindingType]] = []

    class Clicked(Message):
        """The user clicked a cell."""

        def __init__(self, cell: int) -> None:
            super().__init__()
            self.cell = cell

    def on_click(self, event: events.Click) -> None:
        """Tell which cell was clicked."""
        self.post_message(self.Clicked(event.x - self.gutter.left))


class TimelineScreen(HostPage):
    """When the certificates of all hosts expire; it ends with the label of the host to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.TIMELINE, Where.PAGE)]
    AUTO_FOCUS = "#due"
    PLACE = Where.TIMELINE
    PANES = ("#plot", "#due")

    def __init__(self, entries: Sequence[tuple[str, Report]], glyphs: Glyphs, now: datetime) -> None:
        super().__init__()
        self._entries = entries
        self._glyphs = glyphs
        self._now = now
        self._expiries: list[Expiry | None] = []
        self._timeline: Timeline = timeline((), now=now, most_buckets=1)
        self._cursor = 0
        """The number of the bucket whose hosts are listed."""

    def compose(self) -> ComposeResult:
        """Show the plot over the hosts."""
        yield PlotView(id="plot", classes="page")
        yield DrawnList(id="due")
        yield KeyLine()

    @property
    def _plot(self) -> PlotView:
        return self.query_one(PlotView)

    @property
    def _due(self) -> DrawnList:
        return self.query_one("#due", DrawnList)

    @property
    def _bucket(self) -> Bucket:
        return self._timeline.buckets[self._cursor]

    @property
    def _selected(self) -> Expiry | None:
        found = self._bucket.expiries
        return found[self._due.cursor] if 0 <= self._due.cursor < len(found) else None

    def on_mount(self) -> None:
        """Read all dates."""
        self._read()

    def on_resize(self, _: events.Resize) -> None:
        """Plot for the new width."""
        self.call_after_refresh(self._arrange)

    @work(exclusive=True, group="timeline")
    async def _read(self) -> None:
        steps = (expiry_of(number, report, self._now) for number, (_, report) in enumerate(self._entries))
        async for batch in in_slices(steps):
            self._expiries += batch
        self._arrange(at_first=True)

    def _arrange(self, *, at_first: bool = False) -> None:
        """Put the dates into spans anew; the host under the cursor stays under it."""
        if not self.is_open:
            return
        selected = None if at_first else self._selected
        most = most_buckets(self._plot.scrollable_content_region.width)
        self._timeline = made = timeline(self._expiries, now=self._now, most_buckets=most)
        filled = [number for number, bucket in enumerate(made.buckets) if bucket]
        self._cursor = next(
            (number for number in filled if selected in made.buckets[number].expiries),
            filled[0] if filled else 1,
        )
        found = self._bucket.expiries
        self._show(found.index(selected) if selected in found else 0)

    def _show(self, cursor: int = 0) -> None:
        self._show_plot()
        due, bucket = self._due, self._bucket
        due.show_drawn(len(bucket), self._host_line, cursor)
        due.border_title = Content(Piece(bucket_words(bucket, self._timeline)).text)
        self._show_note()

    def _show_plot(self) -> None:
        plot, made = self._plot, self._timeline
        undated = f" · {made.undated} without a date" if made.undated else ""
        waiting = len(self._entries) - len(self._expiries)
        reading = f" · reading {len(self._expiries)} of {len(self._entries)}" if waiting else ""
        title = f"When certificates expire, by {made.unit}{undated}{reading}"
        plot.border_title = Content(Piece(title).text)
        region = plot.scrollable_content_region
        if any(made.buckets):
            plot.set_lines(plot_lines(made, self._cursor, region.width, region.height, self._glyphs))
        elif not waiting:
            plot.set_lines([line(Piece("No certificate with a date has been seen yet.", Ink.MUTED))])

    @on(LineList.CursorMoved)
    def _show_note(self) -> None:
        """Say below the hosts what ends first of the selected one's path: it need not be its own certificate."""
        selected = self._selected
        dates = breaking_dates(self._entries[selected.position][1]) if selected is not None else ()
        said = ""
        if dates:
            first = dates[0]
            said = f"{moment(first.when)}, {offset_words(first.when, self._now)}: {first.why(self._now)}"
        self._due.border_subtitle = Content(Piece(shortened(said, MOST_CHARACTERS)).text)

    def _host_line(self, position: int, width: int, is_cursor: bool) -> Line:
        expiry = self._bucket.expiries[position]
        label, report = self._entries[expiry.position]
        badge = report.shown_badge(report.badge)
        days = f"{int((expiry.when - self._now).total_seconds() // 86_400)}d"
        rest = [Piece(f" {expiry.when:%Y-%m-%d}"), Piece(f" {days:>7} ", Ink.MUTED)]
        if width >= _WITH_BAR:
            rest += [life_bar(expiry.share_left, _BAR_CELLS, self._glyphs)]
            rest += [Piece(f" {life_word(expiry.share_left):>5}", Ink.MUTED)]
        used = 1 + _BADGE_CELLS + sum(len(piece.text) for piece in rest)
        return line(
            Piece(self._glyphs.cursor if is_cursor else " ", Ink.STRONG),
            Piece(fitted(f"{self._glyphs.badge(badge)} {badge.short_word}", _BADGE_CELLS), badge_ink(report)),
            Piece(fitted(label, max(0, width - used))),
            *rest,
        )

    def _go(self, step: int) -> None:
        """Go to the next bucket in a direction that has any host."""
        buckets = self._timeline.buckets
        number = self._cursor + step
        while 0 <= number < len(buckets) and not buckets[number]:
            number += step
        if 0 <= number < len(buckets):
            self._cursor = number
            self._show()

    def action_later(self) -> None:
        """To the next span in which anything expires."""
        self._go(1)

    def action_earlier(self) -> None:
        """To the span before in which anything expires."""
        self._go(-1)

    @on(PlotView.Clicked)
    def _go_to_click(self, event: PlotView.Clicked) -> None:
        number = column_at(self._timeline, self._plot.scrollable_content_region.width, event.cell)
        if number is not None and self._timeline.buckets[number]:
            self._cursor = number
            self._show()

    @on(LineList.Chosen)
    def action_choose(self) -> None:
        """Go to the host under the cursor."""
        selected = self._selected
        if selected is not None:
            self.dismiss(self._entries[selected.position][0])

    def text(self) -> str:
        """Return every span that holds anything, with its hosts."""
        rows: list[str] = []
        for bucket in filter(None, self._timeline.buckets):
            rows.append(bucket_words(bucket, self._timeline))
            for each in bucket.expiries:
                label = Piece(self._entries[each.position][0])
                rows.append(f"  {moment(each.when)}  {life_word(each.share_left):>5}  {plain((label,))}")
        return "\n".join(rows) + "\n"
