"""Rows in order, and which of them are shown: moving one costs little however many there are. It decides neither."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Container

from certtui.ui.rows import SORT_KEYS, Order, Row, SortKey

_Entry = tuple[SortKey, int]
"""A row's sort key and number."""


class Arrangement:
    """Rows in an order, all of them and those that are shown."""

    def __init__(self) -> None:
        self.order = Order.URGENCY
        self.is_reversed = False
        self._rows: dict[int, Row] = {}
        self._entries: dict[int, _Entry] = {}
        self._all: list[_Entry] = []
        self._shown: list[_Entry] = []
        self._shown_numbers: set[int] = set()

    @property
    def shown_count(self) -> int:
        """How many rows are shown."""
        return len(self._shown)

    def put(self, row: Row, *, is_shown: bool) -> None:
        """Put a row where it belongs now, wherever it was before."""
        self.take(row)
        self._rows[row.number] = row
        entry = self._entries[row.number] = (SORT_KEYS[self.order](row), row.number)
        insort(self._all, entry)
        if is_shown:
            insort(self._shown, entry)
            self._shown_numbers.add(row.number)

    def take(self, row: Row) -> None:
        """Take a row out, if it is there."""
        entry = self._entries.pop(row.number, None)
        if entry is None:
            return
        del self._rows[row.number]
        del self._all[bisect_left(self._all, entry)]
        if row.number in self._shown_numbers:
            self._shown_numbers.remove(row.number)
            del self._shown[bisect_left(self._shown, entry)]

    def sort(self, order: Order) -> None:
        """Put all rows in another order."""
        self.order = order
        key = SORT_KEYS[order]
        self._entries = {row.number: (key(row), row.number) for row in self._rows.values()}
        self._all = sorted(self._entries.values())
        self.show_only(self._shown_numbers)

    def show_only(self, numbers: set[int]) -> None:
        """Show the rows with these numbers and no others."""
        self._shown_numbers = numbers
        is_all = len(numbers) == len(self._all)
        self._shown = self._all.copy() if is_all else [entry for entry in self._all if entry[1] in numbers]

    def row_at(self, position: int) -> Row | None:
        """Return the row shown at a position, None beyond the ends."""
        if not 0 <= position < len(self._shown):
            return None
        return self._rows[self._shown[-1 - position if self.is_reversed else position][1]]

    def position_of(self, row: Row | None) -> int | None:
        """Return where a row is shown, None if it isn't."""
        if row is None or row.number not in self._shown_numbers:
            return None
        at = bisect_left(self._shown, self._entries[row.number])
        return len(self._shown) - 1 - at if self.is_reversed else at

    def next_fault(self, row: Row | None, step: int) -> Row | None:
        """Return the next row shown with an error or a warning, past the ends too; None if no other has any."""
        count, position = self.shown_count, self.position_of(row)
        start = position if position is not None else (-1 if step > 0 else count)
        around = (self.row_at((start + step * distance) % count) for distance in range(1, count + 1))
        return next(
            (each for each in around if each is not None and each.is_failure and each is not row), None
        )

    def neighbour(self, row: Row | None, besides: Container[Row]) -> Row | None:
        """Return the row shown next behind one, else the next before it, that is not among others."""
        start = self.position_of(row)
        if start is None:
            return None
        around = map(self.row_at, (*range(start + 1, self.shown_count), *range(start - 1, -1, -1)))
        return next((each for each in around if each is not None and each not in besides), None)
