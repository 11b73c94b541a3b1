"""What is known and selected now: hosts, their reports, order, filter, selection. Plain Python, no widgets."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from certtui.core.catalogue import PRECEDENCE, SEVERITIES, Severity, precedence
from certtui.core.target import Target

if TYPE_CHECKING:
    from certtui.core.report import Report


class Order(StrEnum):
    """How hosts can be sorted."""

    URGENCY = "urgency"
    NAME = "name"
    EXPIRY = "expiry"
    LISTED = "as listed"


@dataclass(slots=True, eq=False)
class Row:
    """One host of the list."""

    number: int
    """Its place in the order of adding; never used again."""
    target: Target
    report: Report | None = None
    scan: int | None = None
    """The scan that its next result must come from; None when none is expected."""

    @property
    def is_waiting(self) -> bool:
        """Whether a result is still to come."""
        return self.scan is not None

    @property
    def severity(self) -> Severity | None:
        """The gravest severity found so far."""
        return self.report.severity if self.report is not None else None

    @property
    def is_failure(self) -> bool:
        """Whether an error or a warning was found."""
        return self.severity in (Severity.ERROR, Severity.WARNING)


SortKey = tuple[int | str | float, ...]
_NEVER = float("inf")


def _days_left(report: Report | None) -> float:
    leaf = report.leaf if report is not None else None
    if report is None or leaf is None or leaf.not_after is None:
        return _NEVER
    return (leaf.not_after - report.now).total_seconds()


def _urgency(row: Row) -> SortKey:
    report = row.report
    if report is None:
        return (len(SEVERITIES) + 1, 0, 0.0)
    severity = SEVERITIES.index(report.severity) if report.severity is not None else len(SEVERITIES)
    first = precedence(report.findings[0].code) if report.findings else PRECEDENCE[report.badge]
    return (severity, first, _days_left(report))


_KEYS: dict[Order, Callable[[Row], SortKey]] = {
    Order.URGENCY: _urgency,
    Order.NAME: lambda row: (row.target.label,),
    Order.EXPIRY: lambda row: (_days_left(row.report),),
    Order.LISTED: lambda _: (),
}


class Session:
    """The state behind the screen. Results come one by one and cost little however long the list is."""

    def __init__(self) -> None:
        self._rows: dict[int, Row] = {}
        self._by_target: dict[Target, Row] = {}
        self._shown: list[tuple[SortKey, int]] = []
        """Sort key and number of every row that passes the filter, in order."""
        self._keys: dict[int, SortKey] = {}
        """The sort key under which a shown row stands."""
        self._next_number = 0
        self._waiting = 0
        self._removed: list[Row] = []
        self._severities: Counter[Severity | None] = Counter()
        self.order = Order.URGENCY
        self.is_reversed = False
        self.filter_text = ""
        self.failures_only = False
        self.selected: Row | None = None
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
    def shown_count(self) -> int:
        """How many rows pass the filter."""
        return len(self._shown)

    @property
    def waiting_count(self) -> int:
        """How many rows a result is still to come for."""
        return self._waiting

    @property
    def can_undo(self) -> bool:
        """Whether a removed row can be brought back."""
        return bool(self._removed)

    def count(self, severity: Severity) -> int:
        """Return how many rows have this as their gravest severity."""
        return self._severities[severity]

    def row_at(self, position: int) -> Row | None:
        """Return the row shown at a position, None beyond the ends."""
        if not 0 <= position < len(self._shown):
            return None
        at = len(self._shown) - 1 - position if self.is_reversed else position
        return self._rows[self._shown[at][1]]

    def position_of(self, row: Row | None) -> int | None:
        """Return where a row is shown, None if it isn't."""
        if row is None or row.number not in self._keys:
            return None
        at = bisect_left(self._shown, (self._keys[row.number], row.number))
        return len(self._shown) - 1 - at if self.is_reversed else at

    def row_of(self, target: Target) -> Row | None:
        """Return the row of a target."""
        return self._by_target.get(target)

    def add(self, targets: Iterable[Target]) -> list[Row]:
        """Add rows for targets that are not listed yet, and return them."""
        added: list[Row] = []
        for target in targets:
            if target not in self._by_target:
                row = Row(self._next_number, target)
                self._next_number += 1
                self._put(row)
                added.append(row)
        if self.selected is None:
            self.selected = self.row_at(0)
        return added

    def remove(self, row: Row) -> None:
        """Take a row off the list, if it is there; the next one, else the one before, is selected instead."""
        if row.number not in self._rows:
            return
        position = self.position_of(row)
        self._hide(row)
        del self._rows[row.number], self._by_target[row.target]
        self._severities[row.severity] -= 1
        self._waiting -= row.is_waiting
        row.scan = None
        self._removed.append(row)
        if self.selected is row:
            at = position or 0
            self.selected = self.row_at(at) or self.row_at(at - 1)

    def undo(self) -> Row | None:
        """Bring back the row that was removed last, and return it; a filter that would hide it is cleared."""
        while self._removed:
            row = self._removed.pop()
            if row.target not in self._by_target:
                self._put(row)
                if self.position_of(row) is None:
                    self.arrange(filter_text="", failures_only=False)
                self.selected = row
                return row
        return None

    def expect(self, rows: Iterable[Row], scan: int) -> None:
        """Note that these rows' next results come from `scan`; results of any other are stale."""
        for row in rows:
            if row.number in self._rows:
                self._waiting += not row.is_waiting
                row.scan = scan

    def apply(self, scan: int, target: Target, report: Report) -> Row | None:
        """Take in a result and return its row; None if the row is gone or the result stale."""
        row = self._by_target.get(target)
        if row is None or row.scan != scan:
            return None
        self._hide(row)
        self._severities[row.severity] -= 1
        row.report, row.scan = report, None
        self._waiting -= 1
        self._severities[row.severity] += 1
        self._show(row)
        if self.selected is row and self.position_of(row) is None:
            self.selected = self.row_at(0)
        self.last_checked = report.evidence.observed_at if report.evidence else report.now
        return row

    def arrange(
        self,
        *,
        order: Order | None = None,
        is_reversed: bool | None = None,
        filter_text: str | None = None,
        failures_only: bool | None = None,
    ) -> None:
        """Change order or filter; the selection stays on its row while that is shown."""
        self.order = self.order if order is None else order
        self.is_reversed = self.is_reversed if is_reversed is None else is_reversed
        self.filter_text = self.filter_text if filter_text is None else filter_text
        self.failures_only = self.failures_only if failures_only is None else failures_only
        key = _KEYS[self.order]
        passing = [(key(row), row.number) for row in self._rows.values() if self._passes(row)]
        passing.sort()
        self._shown = passing
        self._keys = {number: sort_key for sort_key, number in passing}
        if self.position_of(self.selected) is None:
            self.selected = self.row_at(0)

    def _put(self, row: Row) -> None:
        self._rows[row.number] = row
        self._by_target[row.target] = row
        self._severities[row.severity] += 1
        self._show(row)

    def _show(self, row: Row) -> None:
        if self._passes(row):
            self._keys[row.number] = _KEYS[self.order](row)
            insort(self._shown, (self._keys[row.number], row.number))

    def _hide(self, row: Row) -> None:
        key = self._keys.pop(row.number, None)
        if key is not None:
            del self._shown[bisect_left(self._shown, (key, row.number))]

    def _passes(self, row: Row) -> bool:
        if self.failures_only and not row.is_failure:
            return False
        terms = self.filter_text.lower().split()
        return not terms or matches(row, terms)


def matches(row: Row, terms: Sequence[str]) -> bool:
    """Return whether a row fits every term; a term that starts with `!` must not be found."""
    text = searchable(row)
    return all(
        term[1:] not in text if term.startswith("!") and len(term) > 1 else term in text for term in terms
    )


def searchable(row: Row) -> str:
    """Return what the filter looks in: target, badges, codes, subject and issuer, in lower case."""
    report = row.report
    if report is None:
        return row.target.label.lower()
    words = [row.target.label, *(f"{report.shown_badge(badge).word} {badge}" for badge in report.badges)]
    words += [finding.code for finding in report.findings]
    if report.leaf is not None:
        words += [report.leaf.subject.rfc4514, report.leaf.issuer.rfc4514]
    return " ".join(words).lower()
