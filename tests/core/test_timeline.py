"""The timeline puts every expiry into exactly one span, finely enough to be read and coarsely enough to fit."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Severity
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_chain
from certtui.core.report import Report
from certtui.core.timeline import Expiry, Unit, expiry_of, share_left, timeline
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf

DAY = timedelta(days=1)


def due(*days: float, severity: Severity | None = None) -> list[Expiry | None]:
    return [
        Expiry(position=number, when=NOW + each * DAY, severity=severity, share_left=0.5)
        for number, each in enumerate(days)
    ]


def report(begins: int, ends: int) -> Report:
    anchors = AnchorStore.of_certificates([Certificate.of(ROOT.der)], label="one root")
    sent = [Certificate.of(each.der) for each in (leaf(begins=begins * DAY, ends=ends * DAY), ISSUER)]
    return diagnose_chain(sent, host=HOST, anchors=anchors, now=NOW)


moments = st.integers(0, 253_402_300_799).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.lists(moments, max_size=40), moments, st.integers(1, 120))
def test_every_expiry_is_in_exactly_one_span_that_it_belongs_to(
    whens: list[datetime], now: datetime, most: int
) -> None:
    given_ = [
        Expiry(position=number, when=when, severity=None, share_left=None)
        for number, when in enumerate(whens)
    ]
    made = timeline(given_, now=now, most_buckets=most)
    placed = [each.position for bucket in made.buckets for each in bucket.expiries]
    assert sorted(placed) == list(range(len(whens)))
    assert len(made.buckets) <= most + 2
    for bucket in made.buckets:
        assert list(bucket.expiries) == sorted(bucket.expiries, key=lambda each: each.when)
        for each in bucket.expiries:
            assert (each.when < now) == bucket.is_past
            assert bucket.start is None or bucket.start <= each.when
            assert bucket.end is None or each.when < bucket.end
    spans = made.buckets[1:-1]
    assert all(one.end == other.start for one, other in zip(spans, made.buckets[2:], strict=True))


@pytest.mark.parametrize(
    ("furthest", "unit"),
    [
        (20, Unit.DAY),
        (32, Unit.DAY),
        (33, Unit.WEEK),
        (230, Unit.WEEK),
        (232, Unit.MONTH),
        (1_500, Unit.YEAR),
    ],
)
def test_the_finest_unit_that_fits_is_taken(furthest: int, unit: Unit) -> None:
    assert timeline(due(furthest), now=NOW, most_buckets=33).unit is unit


def test_one_root_that_lasts_for_decades_does_not_press_the_others_together() -> None:
    made = timeline(due(*range(1, 31), 9_000), now=NOW, most_buckets=33)
    assert made.unit is Unit.DAY
    assert len(made.buckets[-1]) == 1


def test_what_has_expired_stands_first_and_what_ends_this_second_has_not() -> None:
    made = timeline(due(-100, -0.0001, 0, 1), now=NOW, most_buckets=33)
    assert [each.position for each in made.buckets[0].expiries] == [0, 1]
    assert [each.position for each in made.buckets[1].expiries] == [2]
    assert made.buckets[1].start == datetime(2026, 11, 25, tzinfo=UTC)


def test_months_and_years_are_the_calendar_s() -> None:
    months = timeline(due(*(30 * number for number in range(1, 20))), now=NOW, most_buckets=20)
    assert months.unit is Unit.MONTH
    assert [f"{each.start:%Y-%m-%d}" for each in months.buckets[1:4]] == [
        "2026-11-01",
        "2026-12-01",
        "2027-01-01",
    ]
    assert timeline(due(4_000), now=NOW, most_buckets=20).buckets[2].start == datetime(2027, 1, 1, tzinfo=UTC)


def test_empty_spans_at_the_end_are_left_out_but_for_a_few() -> None:
    made = timeline(due(2), now=NOW, most_buckets=33)
    assert len(made.buckets) == 8 + 2
    assert len(timeline((), now=NOW, most_buckets=3).buckets) == 3 + 2


def test_hosts_without_a_date_are_counted() -> None:
    assert timeline([*due(1), None, None], now=NOW, most_buckets=33).undated == 2
    assert expiry_of(0, Report(host=None, now=NOW, chain=()), NOW) is None


def test_a_span_tells_its_gravest_severity() -> None:
    mixed = [
        *due(1.0, severity=Severity.WARNING),
        *due(1.0, 1.0, severity=Severity.ERROR),
        *due(1.0),
    ]
    bucket = timeline(mixed, now=NOW, most_buckets=33).buckets[2]
    assert bucket.worst is Severity.ERROR
    assert bucket.severities == {Severity.WARNING: 1, Severity.ERROR: 2, None: 1}
    assert timeline(due(1.0), now=NOW, most_buckets=33).buckets[2].worst is None


@pytest.mark.parametrize(
    ("begins", "ends", "share"), [(-10, 30, 0.75), (-30, -10, -0.5), (10, 30, 1.5), (-10, 0, 0.0)]
)
def test_the_share_of_life_that_is_left(begins: int, ends: int, share: float) -> None:
    found = expiry_of(7, report(begins, ends), NOW)
    assert found is not None
    assert found.position == 7
    assert found.when == NOW + ends * DAY
    assert found.share_left == share_left(report(begins, ends), NOW) == share


def test_ten_thousand_hosts_are_no_trouble() -> None:
    made = timeline(due(*(number % 400 for number in range(10_000))), now=NOW, most_buckets=90)
    assert sum(map(len, made.buckets)) == 10_000
