"""One host of the list, and the orders that hosts can be sorted in. It knows no list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from certtui.core.catalogue import PRECEDENCE, SEVERITIES, Category, Severity, precedence
from certtui.core.labels import NO_LABELS, Labels
from certtui.core.target import Target

if TYPE_CHECKING:
    from certtui.core.report import Report
    from certtui.core.searchable import Searchable


class Order(StrEnum):
    """How hosts can be sorted; the value completes "sorted by"."""

    URGENCY = "urgency"
    NAME = "name"
    EXPIRY = "expiry"
    ISSUER = "issuer"
    GROUP = "group"
    CHANGED = "last change"
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
    labels: Labels = NO_LABELS
    """The group and tags that a host file gives it."""
    changed_at: datetime | None = None
    """When it was last seen to differ from before; None if it never was."""
    _searchable: Searchable | None = field(default=None, repr=False)

    @property
    def is_waiting(self) -> bool:
        """Whether a result is still to come."""
        return self.scan is not None

    @property
    def severity(self) -> Severity | None:
        """The gravest severity found so far."""
        return self.report.severity if self.report is not None else None

    @property
    def category(self) -> Category | None:
        """What its badge shows; None while there is no report."""
        return self.report.badge if self.report is not None else None

    @property
    def is_failure(self) -> bool:
        """Whether an error or a warning was found."""
        return self.severity in (Severity.ERROR, Severity.WARNING)

    @property
    def searchable(self) -> Searchable:
        """What a query looks at, made anew when the row has changed."""
        known = self._searchable
        if known is None or known.report is not self.report or known.labels is not self.labels:
            from certtui.core.searchable import Searchable  # the first paint does without

            known = Searchable.of(
                self.target, self.report, self.labels, has_changed=self.changed_at is not None
            )
            self._searchable = known
        return known

    def note_change(self, moment: datetime | None) -> None:
        """Remember when it was last seen to differ."""
        self.changed_at, self._searchable = moment, None


SortKey = tuple[int | str | float, ...]
_NEVER = float("inf")


def _seconds_left(row: Row) -> float:
    seconds = row.searchable.seconds_left
    return _NEVER if seconds is None else seconds


def _urgency(row: Row) -> SortKey:
    report = row.report
    if report is None:
        return (len(SEVERITIES) + 1, 0, 0.0)
    severity = SEVERITIES.index(report.severity) if report.severity is not None else len(SEVERITIES)
    first = precedence(report.findings[0].code) if report.findings else PRECEDENCE[report.badge]
    return (severity, first, _seconds_left(row))


def _issuer(row: Row) -> SortKey:
    leaf = row.searchable.leaf
    return (leaf is None, leaf.issued_by if leaf is not None else "", *_urgency(row))


def _group(row: Row) -> SortKey:
    group = row.labels.group
    return (group is None, (group or "").casefold(), *_urgency(row))


def _changed(row: Row) -> SortKey:
    return (-row.changed_at.timestamp() if row.changed_at is not None else _NEVER, *_urgency(row))


SORT_KEYS: dict[Order, Callable[[Row], SortKey]] = {
    Order.URGENCY: _urgency,
    Order.NAME: lambda row: (row.target.label,),
    Order.EXPIRY: lambda row: (_seconds_left(row),),
    Order.ISSUER: _issuer,
    Order.GROUP: _group,
    Order.CHANGED: _changed,
    Order.LISTED: lambda _: (),
}
"""What each order compares rows by; rows that are equal stay as listed."""
