"""A host's row fills its width exactly, whatever it holds, and tells what there is room for."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

import certtui
from certtui.core.catalogue import Code
from certtui.core.finding import finding
from certtui.core.labels import NO_LABELS, Labels
from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget, Starttls, Target, parse_target
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import plain, width_of
from certtui.ui.drawing.render import host_line, target_name
from certtui.ui.rows import Row
from tests.core.examples import GOOD, HOST, NOW

REPORT = certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=NOW)
LEAF = REPORT.chain[0]
TARGETS: list[Target] = [
    HostTarget(host=HOST),
    HostTarget(host="xn--r8jz45g.jp"),
    HostTarget(host="2001:db8::1", port=8443),
    FileTarget(path="/\x1b[31m/例え.pem"),
]


def row_of(report: Report = REPORT, labels: Labels = NO_LABELS) -> Row:
    """Return a row of the good host."""
    return Row(0, TARGETS[0], report, labels=labels)


def shown(row: Row, width: int, *, is_selected: bool = False, is_marked: bool = False) -> str:
    """Return the row's text."""
    return plain(host_line(row, width, is_selected, Glyphs(), is_marked))


def test_cursor_and_mark_share_the_first_cell_and_stay_apart() -> None:
    row = row_of()

    signs = [
        shown(row, 40, is_selected=selected, is_marked=marked)[0]
        for selected in (False, True)
        for marked in (False, True)
    ]

    assert signs == [" ", "*", "▸", "✱"]


def test_the_wider_the_row_the_more_it_tells() -> None:
    row = row_of(labels=Labels(group="payments", tags=("prod",)))
    row.report = replace(REPORT, findings=(finding(Code.LEAF_EXPIRED, "x"), finding(Code.REFUSED, "x")))

    narrow, wide, wider, widest = (shown(row, width) for width in (34, 60, 70, 78))

    assert "EXPIRED" in narrow
    assert narrow.endswith(" +1")
    assert wide.endswith("d")
    assert "█" not in wide
    assert "█" in wider
    assert "payments" not in wider
    assert "payments +prod" in widest


def test_the_bar_is_empty_once_the_leaf_has_expired_and_full_when_it_begins() -> None:
    assert LEAF.not_after is not None
    assert LEAF.not_before is not None
    late = replace(REPORT, now=LEAF.not_after + timedelta(days=3))
    early = replace(REPORT, now=LEAF.not_before)

    assert "░░░░░    -3d" in shown(row_of(report=late), 70)
    assert "█████" in shown(row_of(report=early), 70)


def test_a_row_that_was_seen_to_change_has_a_sign() -> None:
    row = row_of()
    assert "Δ" not in shown(row, 34)

    row.note_change(NOW)

    assert "Δ" in shown(row, 34)
    assert "Δ" in shown(row, 70)
    assert "^" in plain(host_line(row, 34, False, Glyphs(is_ascii=True)))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("bücher.example", "bücher.example"),
        ("xn--bcher-kva.example:8443", "bücher.example:8443"),
        ("smtp://bücher.example:2525", "smtp://bücher.example:2525"),
        ("аpple.example", "xn--pple-43d.example"),
        ("xn--a.example", "xn--a.example"),
        ("example.com:443", "example.com"),
    ],
)
def test_international_names_are_shown_in_unicode_unless_they_mix_scripts(text: str, name: str) -> None:
    target = parse_target(text)
    assert isinstance(target, HostTarget)

    assert target_name(Row(0, target)) == name


def test_the_scheme_is_shown_where_the_port_does_not_imply_it() -> None:
    target = HostTarget(host="mx.test", port=443, starttls=Starttls.SMTP)

    assert target_name(Row(0, target)) == "smtp://mx.test:443"


@given(
    target=st.sampled_from(TARGETS),
    report=st.sampled_from([None, REPORT, Report(host="x", now=NOW, chain=())]),
    width=st.integers(30, 120),
    group=st.none() | st.text(max_size=12),
    tags=st.lists(st.text(max_size=6), max_size=3),
    has_changed=st.booleans(),
    is_waiting=st.booleans(),
    is_ascii=st.booleans(),
)
def test_any_row_fills_its_width_exactly(
    target: Target,
    report: Report | None,
    width: int,
    group: str | None,
    tags: list[str],
    has_changed: bool,
    is_waiting: bool,
    is_ascii: bool,
) -> None:
    row = Row(0, target, report, 1 if is_waiting else None, Labels(group=group, tags=tuple(tags)))
    row.note_change(NOW if has_changed else None)

    assert width_of(host_line(row, width, True, Glyphs(is_ascii=is_ascii))) == width
