"""When certificates expire, put into spans of time for a plot. It judges nothing and draws nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import islice, pairwise

from certtui.core import moments
from certtui.core.catalogue import SEVERITIES, Severity
from certtui.core.moments import midnight
from certtui.core.report import Report

_FEWEST_BUCKETS = 8
"""So many spans are shown even where fewer hold all there is, for the eye to judge distances by."""
_SHARE_WITHIN = 0.9
"""The finest unit is taken in which this share of what is to come lies within the plot."""


class Unit(StrEnum):
    """How long a span is, shortest first; months and years are the calendar's."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expiry:
    """When one host's certificate expires."""

    position: int
    """The host's place among those that were given."""
    when: datetime
    severity: Severity | None
    """The gravest severity found at the host."""
    share_left: float | None
    """How much of the certificate's lifetime is left: 1 or more before it begins, negative once it has ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bucket:
    """A span of time, and what expires in it."""

    start: datetime | None
    """None for all that has expired."""
    end: datetime | None
    """The first moment after it; None for all that lies beyond the plot."""
    expiries: tuple[Expiry, ...] = ()
    """Soonest first."""

    def __len__(self) -> int:
        return len(self.expiries)

    @property
    def is_past(self) -> bool:
        """Whether everything in it has expired."""
        return self.start is None

    @property
    def severities(self) -> Counter[Severity | None]:
        """How many hosts have which gravest severity."""
        return Counter(expiry.severity for expiry in self.expiries)

    @property
    def worst(self) -> Severity | None:
        """The gravest severity of all its hosts."""
        found = self.severities
        return next((severity for severity in SEVERITIES if found[severity]), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """All expiries in spans of time."""

    now: datetime
    unit: Unit
    buckets: tuple[Bucket, ...]
    """What has expired, then span after span from today on, then what lies beyond."""
    undated: int = 0
    """Hosts without a date to show: not reached, or with a date that cannot be read."""


def share_left(report: Report, now: datetime) -> float | None:
    """Return how much of the lifetime of a report's leaf is left, None where its dates do not say."""
    leaf = report.leaf
    return moments.share_left(leaf.not_before, leaf.not_after, now) if leaf is not None else None


def expiry_of(position: int, report: Report, now: datetime) -> Expiry | None:
    """Return when a report's leaf expires, None if that is not known."""
    leaf = report.leaf
    when = leaf.not_after if leaf is not None else None
    if when is None:
        return None
    share = share_left(report, now)
    return Expiry(position=position, when=when, severity=report.severity, share_left=share)


def timeline(expiries: Sequence[Expiry | None], *, now: datetime, most_buckets: int) -> Timeline:
    """Return all expiries in at most `most_buckets` spans from today on, besides those before and beyond.

    The spans are as short as they can be with nine tenths of what is to come within them, so that one certificate
    that lasts for decades does not press all others into the first column.
    """
    dated = sorted((each for each in expiries if each is not None), key=lambda e: (e.when, e.position))
    split = next((index for index, each in enumerate(dated) if each.when >= now), len(dated))
    coming = dated[split:]
    unit, edges = _edges(coming, now, max(1, most_buckets))
    filled = _filled(coming, edges)
    beyond = filled.pop()
    while len(filled) > min(most_buckets, _FEWEST_BUCKETS) and not filled[-1] and not beyond:
        del filled[-1]
    last = filled[-1].end if filled else beyond.start
    return Timeline(
        now=now,
        unit=unit,
        buckets=(
            Bucket(start=None, end=now, expiries=tuple(dated[:split])),
            *filled,
            Bucket(start=last, end=None, expiries=beyond.expiries),
        ),
        undated=len(expiries) - len(dated),
    )


def _filled(coming: Sequence[Expiry], edges: Sequence[datetime]) -> list[Bucket]:
    """Return a span for each two edges, and one for what is left."""
    whens = [each.when for each in coming]
    made, done = [], 0
    for start, end in pairwise(edges):
        until = bisect_right(whens, end - timedelta(microseconds=1))
        made.append(Bucket(start=start, end=end, expiries=tuple(coming[done:until])))
        done = until
    return [*made, Bucket(start=edges[-1], end=None, expiries=tuple(coming[done:]))]


def _edges(coming: Sequence[Expiry], now: datetime, most: int) -> tuple[Unit, list[datetime]]:
    edges: list[datetime] = []
    unit = Unit.DAY
    for unit in Unit:
        edges = list(islice(_starts(now, unit), most + 1))
        within = sum(each.when < edges[-1] for each in coming)
        if within >= _SHARE_WITHIN * len(coming):
            break
    return unit, edges


def _starts(now: datetime, unit: Unit) -> Iterator[datetime]:
    """Yield where spans begin, the first of them with `now` in it, as far as the calendar goes."""
    today = now.astimezone(UTC).date()
    try:
        match unit:
            case Unit.DAY | Unit.WEEK:
                day = today
                while True:
                    yield midnight(day)
                    day += timedelta(days=1 if unit is Unit.DAY else 7)
            case Unit.MONTH:
                month = today.year * 12 + today.month - 1
                while True:
                    yield midnight(date(month // 12, month % 12 + 1, 1))
                    month += 1
            case Unit.YEAR:
                year = today.year
                while True:
                    yield midnight(date(year, 1, 1))
                    year += 1
    except (OverflowError, ValueError):
        return
