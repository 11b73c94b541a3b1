"""What is known and selected now: hosts, their reports, order, filter, selection. Plain Python, no widgets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from certtui.core.catalogue import Category, Severity
from certtui.core.labels import NO_LABELS, Labels
from certtui.core.target import Target
from certtui.ui.arrangement import Arrangement
from certtui.ui.drawing.tally import Tally
from certtui.ui.rows import Order, Row
from certtui.ui.sieve import Sieve

if TYPE_CHECKING:
    from certtui.core.report import Report

__all__ = ["Order", "Row", "Session"]


class Session:
    """The state behind the screen. Results come one by one and cost little however long the list is."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._by_target: dict[Target, Row] = {}
        self._arrangement = Arrangement()
        self._sieve = Sieve()
        self._tally = Tally()
        self._next_number = 0
        self._waiting = 0
        self._removed: list[tuple[Row, ...]] = []
        self._selected: Row | None = None
        self._wanted: Row | None = None
        """What the user had selected before a filter hid it."""
        self.marked: dict[Row, None] = {}
        """The rows that are marked, in the order of marking."""
        self.has_chosen = False
        """Whether the user has gone to a row; until then the most urgent one is selected."""
        self.compared: Row | None = None
        """The first of two rows to compare, None if none is chosen."""
        self.last_checked: datetime | None = None

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def targets(self) -> tuple[Target, ...]:
        """All targets in the order of adding."""
        return tuple(row.target for row in self._rows.values())

    @property
    def rows(self) -> tuple[Row, ...]:
        """All rows in the order of adding."""
        return tuple(self._rows.values())

    @property
    def waiting_count(self) -> int:
        """How many rows a result is still to come for."""
        return self._waiting

    @property
    def can_undo(self) -> bool:
        """Whether removed rows can be brought back."""
        return bool(self._removed)

    def count(self, severity: Severity) -> int:
        """Return how many rows have this as their gravest severity."""
        return self._tally.of_severity(severity)

    def category_counts(self) -> dict[Category, int]:
        """Return how many rows show each badge, faults by precedence first; badges that none shows are left out."""
        return self._tally.by_category()

    def row_of(self, target: Target) -> Row | None:
        """Return the row of a target."""
        return self._by_target.get(target)

    @property
    def order(self) -> Order:
        """How the rows are sorted."""
        return self._arrangement.order

    @property
    def is_reversed(self) -> bool:
        """Whether the order is turned round."""
        return self._arrangement.is_reversed

    @property
    def filter_text(self) -> str:
        """The filter as typed."""
        return self._sieve.query.text if self._sieve.query is not None else ""

    @property
    def filter_problems(self) -> tuple[str, ...]:
        """What of the filter was not understood and is left out; raw text."""
        return self._sieve.query.problems if self._sieve.query is not None else ()

    @property
    def is_loosened(self) -> bool:
        """Whether nothing fits the filter, so that what is like its words is shown."""
        return self._sieve.is_loosened

    @property
    def failures_only(self) -> bool:
        """Whether only rows with an error or a warning are shown."""
        return self._sieve.failures_only

    @property
    def only_category(self) -> Category | None:
        """The category that alone is shown, None for all."""
        return self._sieve.only_category

    @property
    def shown_count(self) -> int:
        """How many rows pass the filter."""
        return self._arrangement.shown_count

    def row_at(self, position: int) -> Row | None:
        """Return the row shown at a position, None beyond the ends."""
        return self._arrangement.row_at(position)

    def position_of(self, row: Row | None) -> int | None:
        """Return where a row is shown, None if it isn't."""
        return self._arrangement.position_of(row)

    def next_fault(self, from_row: Row | None, step: int = 1) -> Row | None:
        """Return the next row with an error or a warning in the order shown, from the last on to the first.

        With a `step` of -1 it is the one before. None if no other has any.
        """
        return self._arrangement.next_fault(from_row, step)

    @property
    def selected(self) -> Row | None:
        """The row that keys act on."""
        return self._selected

    @selected.setter
    def selected(self, row: Row | None) -> None:
        self._selected, self._wanted = row, None

    @property
    def marked_rows(self) -> tuple[Row, ...]:
        """The rows that are marked, in the order of marking, shown or not."""
        return tuple(self.marked)

    def toggle_mark(self, row: Row) -> bool:
        """Mark a row, or take its mark away; return whether it is marked now."""
        if row in self.marked:
            del self.marked[row]
            return False
        self.marked[row] = None
        return True

    def add(self, targets: Iterable[Target], labels: Mapping[Target, Labels] | None = None) -> list[Row]:
        """Add rows for targets that are not listed yet, and return them; `labels` count for those that are, too."""
        labels = labels or {}
        added: list[Row] = []
        for target in targets:
            row = self._by_target.get(target)
            if row is None:
                row = Row(self._next_number, target, labels=labels.get(target, NO_LABELS))
                self._next_number += 1
                self._put(row)
                added.append(row)
            elif target in labels and labels[target] != row.labels:
                row.labels = labels[target]
                self._show(row)
        self._keep_selection()
        return added

    def remove(self, *rows: Row) -> None:
        """Take rows off the list, as far as they are there; what is shown next to the selected is selected instead."""
        gone = {row: None for row in rows if self._rows.get(row.number) is row}
        self.give_up(gone)
        if self._selected in gone:
            self._selected = self._arrangement.neighbour(self._selected, gone)
        for row in gone:
            self._arrangement.take(row)
            self._sieve.forget(row)
            self.marked.pop(row, None)
            self.compared = None if self.compared is row else self.compared
            del self._rows[row.number], self._by_target[row.target]
            self._tally.count(row, -1)
        if gone:
            self._removed.append(tuple(gone))
        self._wanted = None if self._wanted in gone else self._wanted
        self.compared = None if self.compared in gone else self.compared
        self._refresh_filter()
        self._keep_selection()

    def undo(self) -> tuple[Row, ...]:
        """Bring back the rows that were removed last, all that went at once, and return them.

        The first is selected, and a filter that would hide any is cleared.
        """
        while self._removed:
            back = tuple(row for row in self._removed.pop() if row.target not in self._by_target)
            for row in back:
                self._put(row)
            if back:
                if any(self.position_of(row) is None for row in back):
                    self.clear_filter()
                self.selected = back[0]
                return back
        return ()

    def expect(self, rows: Iterable[Row], scan: int) -> None:
        """Note that these rows' next results come from `scan`; results of any other are stale."""
        for row in rows:
            if row.number in self._rows:
                self._waiting += not row.is_waiting
                row.scan = scan

    def give_up(self, rows: Iterable[Row]) -> None:
        """Expect nothing more of these rows; what is known of them stays."""
        for row in rows:
            if row.number in self._rows:
                self._waiting -= row.is_waiting
                row.scan = None

    def apply(self, scan: int, target: Target, report: Report) -> Row | None:
        """Take in a result and return its row; None if the row is gone or the result stale."""
        row = self._by_target.get(target)
        if row is None or row.scan != scan:
            return None
        self._tally.count(row, -1)
        row.report, row.scan = report, None
        self._waiting -= 1
        self._tally.count(row, 1)
        self._show(row)
        self._keep_selection()
        self.last_checked = report.evidence.observed_at if report.evidence else report.now
        return row

    def note_change(self, row: Row, moment: datetime | None) -> None:
        """Remember when a row was last seen to differ from before; None takes the sign away."""
        row.note_change(moment)
        if self._rows.get(row.number) is row:
            self._show(row)
            self._keep_selection()

    def arrange(
        self,
        *,
        order: Order | None = None,
        is_reversed: bool | None = None,
        filter_text: str | None = None,
        failures_only: bool | None = None,
    ) -> None:
        """Change order or filter; the selection stays on its row, or returns to it once that is shown again."""
        if is_reversed is not None:
            self._arrangement.is_reversed = is_reversed
        if order is not None and order is not self.order:
            self._arrangement.sort(order)
        if filter_text is not None and filter_text != self.filter_text:
            self._sieve.look_for(filter_text)
        if failures_only is not None:
            self._sieve.failures_only = failures_only
        if filter_text is not None or failures_only is not None:
            self._filter()
        self._keep_selection()

    def show_category(self, category: Category | None) -> None:
        """Show only rows whose badge is of this category, besides what else the filter asks for; None shows all."""
        self._sieve.only_category = category
        self._filter()
        self._keep_selection()

    def clear_filter(self) -> None:
        """Show all rows."""
        self._sieve.only_category = None
        self.arrange(filter_text="", failures_only=False)

    def _keep_selection(self) -> None:
        if self._wanted is not None and self.position_of(self._wanted) is not None:
            self.selected = self._wanted
        elif self.position_of(self._selected) is None:
            self._wanted = self._wanted or self._selected
            self._selected = self.row_at(0)

    def _put(self, row: Row) -> None:
        self._rows[row.number] = row
        self._by_target[row.target] = row
        self._tally.count(row, 1)
        self._show(row)

    def _show(self, row: Row) -> None:
        """Put a row where it belongs now, in view or not."""
        self._arrangement.put(row, is_shown=self._sieve.lets_through(row))
        self._refresh_filter()

    def _refresh_filter(self) -> None:
        if self._sieve.is_stale:
            self._filter()

    def _filter(self) -> None:
        self._arrangement.show_only(self._sieve.sift(self._rows.values()))
