"""The status line says what is known, and leaves out what matters least where there is little room."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.catalogue import Category, Code
from certtui.core.finding import finding
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import plain, width_of
from certtui.ui.drawing.status import category_at, progress, status_line, status_segments
from certtui.ui.session import Order, Session
from tests.core.examples import NOW

FAULTS = (Code.LEAF_EXPIRED, Code.HOST_MISMATCH, Code.EXPIRING_SOON, Code.REFUSED, Code.REFUSED)


def session_of(*codes: Code) -> Session:
    """Return a session whose hosts have one finding each."""
    session = Session()
    session.add([HostTarget(host=f"h{number}.test") for number in range(len(codes))])
    session.expect(session.rows, 1)
    for target, code in zip(session.targets, codes, strict=True):
        session.apply(1, target, Report(host="x", now=NOW, chain=(), findings=(finding(code, "x"),)))
    return session


def said(session: Session, width: int = 200, scanning: int = 0, elapsed: float | None = None) -> str:
    """Return the line's text."""
    return plain(status_line(session, scanning, width, elapsed_seconds=elapsed))


def test_each_badge_has_its_sign_and_count_faults_first() -> None:
    session = session_of(*FAULTS)

    assert said(session).startswith(" 5 hosts · ✗1 ≠1 !1 ∅2 · checked ")
    assert plain(status_line(session, 0, 200, Glyphs(is_ascii=True))).startswith(" 5 hosts · X1 N1 !1 -2 · ")


def test_every_cell_of_a_count_leads_to_its_category_and_no_other_does() -> None:
    session = session_of(*FAULTS)
    segments = status_segments(session, 0, 200)
    text = said(session)

    assert category_at(segments, text.index("✗1")) is Category.EXPIRED
    assert category_at(segments, text.index("✗1") + 1) is Category.EXPIRED
    assert category_at(segments, text.index("∅2") + 1) is Category.CONNECTION
    for text_between in ("5 hosts", " ≠1", "checked"):
        assert category_at(segments, text.index(text_between)) is None
    assert category_at(segments, 500) is None


def test_filters_are_told_with_what_they_leave() -> None:
    session = session_of(*FAULTS)
    session.arrange(filter_text="refused", failures_only=True)
    session.show_category(Category.CONNECTION)

    text = said(session)

    assert 'filter "refused": 2 · failures only: 2 · only ∅ NO CONNECTION: 2' in text


def test_what_a_filter_does_not_understand_is_told() -> None:
    session = session_of(*FAULTS)
    session.arrange(filter_text="days<x")

    assert "'x' is no number of days: write days<30" in said(session)


def test_a_filter_that_fits_nothing_tells_that_what_is_shown_is_only_like_it() -> None:
    session = Session()
    session.add([HostTarget(host="payments.test")])
    session.arrange(filter_text="paymetns")

    assert 'nothing has "paymetns", like it: 1' in said(session)


def test_order_marks_and_progress_are_told() -> None:
    session = session_of(*FAULTS)
    session.arrange(order=Order.EXPIRY, is_reversed=True)
    session.toggle_mark(session.rows[0])
    session.expect(session.rows[:2], 2)

    text = said(session, scanning=5, elapsed=6.0)

    assert "1 marked · checking 3/5, 4 s left · by expiry, reversed" in text
    session.arrange(order=Order.LISTED, is_reversed=False)
    assert said(session).endswith("· as listed")


@pytest.mark.parametrize(
    ("done", "total", "elapsed", "expected"),
    [
        (45, 128, None, "checking 45/128"),
        (45, 128, 0.5, "checking 45/128"),
        (0, 128, 10.0, "checking 0/128"),
        (45, 128, 6.5, "checking 45/128, 12 s left"),
        (127, 128, 1.0, "checking 127/128, 1 s left"),
        (10, 1210, 1.0, "checking 10/1210, 2 min left"),
        (10, 100_010, 1.0, "checking 10/100010, 3 h left"),
        (128, 128, 10.0, "checking 128/128"),
    ],
)
def test_the_time_left_goes_by_the_pace_so_far(
    done: int, total: int, elapsed: float | None, expected: str
) -> None:
    assert progress(done, total, elapsed) == expected


def test_where_there_is_little_room_whole_parts_are_left_out_with_a_sign() -> None:
    session = session_of(*FAULTS)
    session.arrange(filter_text="test", order=Order.NAME)
    session.expect(session.rows[:2], 2)
    every = said(session, 200, 5).removeprefix(" ").split(" · ")

    narrow = said(session, 50, 5)

    assert narrow == ' 5 hosts … · filter "test": 5 · checking 3/5 …'
    assert said(session, 56, 5) == ' 5 hosts · ✗1 ≠1 … · filter "test": 5 · checking 3/5 …'
    parts = narrow.removeprefix(" ").split(" · ")
    assert all(part.removesuffix(" …") in every for part in parts)


@given(
    width=st.integers(0, 130),
    text=st.text(max_size=20) | st.sampled_from(["", "paymetns", "days<x", "ünï 例え"]),
    order=st.sampled_from(Order),
    codes=st.lists(st.sampled_from(FAULTS), max_size=5),
    waiting=st.integers(0, 3),
)
def test_the_line_fits_any_width_and_is_cut_nowhere(
    width: int, text: str, order: Order, codes: list[Code], waiting: int
) -> None:
    session = session_of(*codes)
    session.arrange(filter_text=text, order=order)
    session.expect(session.rows[:waiting], 2)

    narrow, wide = (status_segments(session, 5, each) for each in (width, 10_000))

    assert width_of(tuple(segment.piece for segment in narrow)) <= width
    if width >= 20:
        is_whole = [each.piece for each in narrow] == [each.piece for each in wide]
        sign = set() if is_whole else {" …"}
        between = {" ", " · "}
        assert {each.piece.text for each in narrow} - between <= {each.piece.text for each in wide} | sign
        assert {" …"} & {each.piece.text for each in narrow} == sign
