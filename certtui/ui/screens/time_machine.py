"""The time machine: move the clock or remove a root, and see which hosts would break."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual import events, on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from certtui.core.anchors import AnchorStore
from certtui.core.moments import moment
from certtui.core.report import Report
from certtui.core.text import shortened
from certtui.core.what_if import Judge, WhatIf, judge_again, moment_of, moved, roots_in_use
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line, plain
from certtui.ui.drawing.prospects import (
    MOST_CHARACTERS,
    Prospect,
    Prospects,
    coming_ends,
    counts_line,
    offset_words,
    prospect_line,
    prospect_text,
)
from certtui.ui.keys import bindings
from certtui.ui.screens.host_page import HostPage
from certtui.ui.screens.prompt import Mistake, PromptScreen
from certtui.ui.slices import in_slices
from certtui.ui.widgets.drawn_list import DrawnList
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList, LineView

_REPAINT_SECONDS = 0.1
_WITH_DATE = 60
"""From this width on a root's line has its end."""
_NOTHING_MOVED = "Nothing is moved yet: + a day on, t a date, space on a root removes it"


class TimeMachineScreen(HostPage):
    """What would become of all hosts; it ends with the label of the host to go to."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.TIME_MACHINE, Where.PAGE)]
    AUTO_FOCUS = "#roots"
    PLACE = Where.TIME_MACHINE
    PANES = ("#moment", "#roots", "#prospects")
    HORIZONTAL_BREAKPOINTS = [(0, "-above"), (120, "-beside")]

    def __init__(
        self,
        rows: Sequence[tuple[str, Report]],
        *,
        judge: Judge,
        anchors: AnchorStore,
        glyphs: Glyphs,
        now: datetime,
    ) -> None:
        """Prepare for hosts, each a label and a report, that were judged by `anchors`.

        `judge` judges what was observed anew, with everything else, such as lists of revocations, as it was.
        """
        super().__init__()
        self._labels = [label for label, _ in rows]
        self._reports = [report for _, report in rows]
        self._judge = judge
        self._anchors = anchors
        self._glyphs = glyphs
        self._now = now
        self._what_if = WhatIf()
        self._roots = roots_in_use(self._reports)
        self._prospects = Prospects()
        self._listed: list[Prospect] = []

    def compose(self) -> ComposeResult:
        """Show the circumstances over the roots and the hosts."""
        yield LineView(id="moment")
        with Container(id="worlds"):
            yield DrawnList(id="roots")
            yield DrawnList(id="prospects")
        yield KeyLine()

    @property
    def _roots_list(self) -> DrawnList:
        return self.query_one("#roots", DrawnList)

    @property
    def _hosts_list(self) -> DrawnList:
        return self.query_one("#prospects", DrawnList)

    def on_mount(self) -> None:
        """Begin with what ends next."""
        self.query_one("#moment", LineView).can_focus = False
        self._change(self._what_if)

    def on_resize(self, _: events.Resize) -> None:
        """Fit to the new width."""
        self.call_after_refresh(self._show_all)

    def _change(self, what_if: WhatIf) -> None:
        """Work everything out for other circumstances; what is being worked out for the last is dropped."""
        self._what_if = what_if
        self._prospects, self._listed = Prospects(), []
        self._hosts_list.cursor = 0
        self._show_all()
        self._work_out()

    @work(exclusive=True, group="what-if")
    async def _work_out(self) -> None:
        prospects = self._prospects
        painted = time.monotonic()
        if self._what_if.is_nothing:
            async for ends in in_slices(coming_ends(self._reports, self._now)):
                prospects.take_coming(ends)
                painted = self._repaint(painted)
        else:
            outcomes = judge_again(self._reports, self._what_if, self._judge, self._anchors)
            async for batch in in_slices(outcomes):
                prospects.take_outcomes(batch)
                painted = self._repaint(painted)
        self._show_prospects()

    def _repaint(self, painted: float) -> float:
        """Show what there is so far, though not so often that showing it takes longer than working it out."""
        if time.monotonic() - painted < _REPAINT_SECONDS:
            return painted
        self._show_prospects()
        return time.monotonic()

    def _show_all(self) -> None:
        if not self.is_open:
            return
        roots = self._roots_list
        removed = len(self._what_if.without_roots)
        title = f"Roots in use{f', {removed} removed' if removed else ''}"
        roots.border_title = Content(title)
        if self._roots:
            roots.show_drawn(len(self._roots), self._root_line, roots.cursor)
        else:
            roots.show_drawn(1, lambda *_: line(Piece("No path ends in a root.", Ink.MUTED)), 0)
        self._show_prospects()

    def _show_prospects(self) -> None:
        """Show the hosts; the cursor stays on its host while others come in."""
        if not self.is_open:
            return
        hosts = self._hosts_list
        selected = self._listed[hosts.cursor] if hosts.cursor < len(self._listed) else None
        self._listed = self._prospects.listed()
        # Without a move of the user's own the cursor stays at the top, where the gravest stands.
        follow = selected is not None and hosts.cursor > 0 and selected in self._listed
        cursor = self._listed.index(selected) if follow and selected is not None else hosts.cursor
        if self._listed or self._prospects.done < len(self._reports):
            hosts.show_drawn(len(self._listed), self._host_line, cursor)
        else:
            hosts.show_drawn(1, self._empty_line, 0)
        title = "What ends next" if self._what_if.is_nothing else "What would change"
        hosts.border_title = Content(title)
        self._show_note()
        self.query_one("#moment", LineView).set_lines(self._circumstances())

    @on(LineList.CursorMoved, "#prospects")
    def _show_note(self) -> None:
        selected = self._selected
        self._hosts_list.border_subtitle = Content(Piece(selected.detail if selected else "").text)

    def _circumstances(self) -> list[Line]:
        what_if, total = self._what_if, len(self._reports)
        if what_if.now is None:
            when = f"{moment(self._now)}, now"
        else:
            when = f"{moment(what_if.now)}, {offset_words(what_if.now, self._now)}"
        removed = len(what_if.without_roots)
        without = f" · without {removed} root{'s' if removed != 1 else ''}" if removed else ""
        head = line(Piece(when, Ink.TITLE), Piece(without, Ink.WARNING))
        if not what_if.is_nothing:
            return [head, counts_line(self._prospects, total)]
        reading = f" · reading {self._prospects.done} of {total}" if self._prospects.done < total else ""
        return [head, line(Piece(_NOTHING_MOVED, Ink.MUTED), Piece(reading, Ink.NOTICE))]

    def _root_line(self, position: int, width: int, is_cursor: bool) -> Line:
        certificate, count = self._roots[position]
        is_removed = certificate.sha256 in self._what_if.without_roots
        rest = f" {count:>5} host{'s' if count != 1 else ' '}"
        ends = certificate.not_after
        rest += f"  until {ends:%Y-%m-%d}" if ends is not None and width >= _WITH_DATE else ""
        cells = max(0, width - 5 - len(rest))
        return line(
            Piece(self._glyphs.cursor if is_cursor else " ", Ink.STRONG),
            Piece("[ ] " if is_removed else "[x] ", Ink.WARNING if is_removed else Ink.PLAIN),
            Piece(
                fitted(shortened(certificate.display_name, MOST_CHARACTERS), cells),
                Ink.STRUCK if is_removed else Ink.PLAIN,
            ),
            Piece(rest, Ink.MUTED),
        )

    def _host_line(self, position: int, width: int, is_cursor: bool) -> Line:
        prospect = self._listed[position]
        label = self._labels[prospect.position]
        return prospect_line(prospect, label, self._now, width, is_cursor, self._glyphs)

    def _empty_line(self, _position: int, _width: int, _is_cursor: bool) -> Line:
        nothing = (
            "No host that is trusted now has a date to come." if self._what_if.is_nothing else "Nothing."
        )
        return line(Piece(nothing, Ink.MUTED))

    @property
    def _selected(self) -> Prospect | None:
        at = self._hosts_list.cursor
        return self._listed[at] if 0 <= at < len(self._listed) else None

    def _move_to(self, when: datetime | None) -> None:
        now = None if when == self._now else when
        self._change(WhatIf(now=now, without_roots=self._what_if.without_roots))

    def action_days(self, days: int) -> None:
        """Move the clock by days."""
        self._move_to(moved(self._what_if.now or self._now, timedelta(days=days)))

    def action_date(self) -> None:
        """Ask for a moment."""
        hint = "2027-01-31, 2027-01-31T18:00+01:00, or from now: +30d, -2w, +6m, +1y"
        typed = f"{self._what_if.now or self._now:%Y-%m-%d}"
        prompt = PromptScreen("Judge at", hint, self._parse, typed=typed)
        self.app.push_screen(prompt, lambda when: self._move_to(when) if when is not None else None)

    def _parse(self, text: str) -> datetime | Mistake:
        when = moment_of(text, self._now)
        return when if when is not None else Mistake(f"{text!r} is no date: write 2027-01-31 or +30d")

    def action_present(self) -> None:
        """Back to now, with every root."""
        self._change(WhatIf())

    def action_toggle_root(self) -> None:
        """Remove the root under the cursor, or put it back."""
        roots = self._roots_list
        if self.focused is not roots:
            self.set_focus(roots)
        elif self._roots:
            sha256 = self._roots[roots.cursor][0].sha256
            self._change(WhatIf(now=self._what_if.now, without_roots=self._what_if.without_roots ^ {sha256}))

    def action_next_pane(self) -> None:
        """From the roots to the hosts and back."""
        roots, hosts = self._roots_list, self._hosts_list
        self.set_focus(hosts if self.focused is roots else roots)

    @on(LineList.Chosen)
    def action_choose(self) -> None:
        """Go to the host under the cursor; on a root, remove it or put it back."""
        if self.focused is self._roots_list:
            self.action_toggle_root()
        elif self._selected is not None:
            self.dismiss(self._labels[self._selected.position])

    def text(self) -> str:
        """Return the circumstances and what becomes of the hosts."""
        rows = [plain(each) for each in self._circumstances()]
        names = (root.display_name for root, _ in self._roots if root.sha256 in self._what_if.without_roots)
        rows += [f"without {plain((Piece(name),))}" for name in names]
        rows += [prospect_text(each, self._labels[each.position], self._now) for each in self._listed]
        return "\n".join(rows) + "\n"
