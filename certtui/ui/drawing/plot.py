"""A timeline as bars on lines: counts above, dates below, a mark at today. It knows no widget."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from certtui.core.catalogue import Severity
from certtui.core.moments import moment
from certtui.core.timeline import Bucket, Timeline, Unit
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece

_SIDE = 7
"""Cells for what has expired on the left, and for what lies beyond on the right."""
_NARROWEST, _WIDEST = 2, 9
"""Cells for one span, with the gap after it."""
_BELOW = 3
"""Lines below the bars: axis, dates, cursor."""
_EIGHTHS = " ▁▂▃▄▅▆▇█"
_LABELS = {Unit.DAY: "%m-%d", Unit.WEEK: "%m-%d", Unit.MONTH: "%Y-%m", Unit.YEAR: "%Y"}
_INKS = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING}

_Row = list[tuple[str, Ink]]


@dataclass(frozen=True, slots=True)
class Column:
    """Where one bucket is drawn."""

    start: int
    width: int


def most_buckets(width: int) -> int:
    """Return how many spans a plot of this width has room for, besides what has expired and what lies beyond."""
    return max(1, (width - 2 * _SIDE) // _NARROWEST)


def columns(timeline: Timeline, width: int) -> tuple[Column, ...]:
    """Return where each bucket of a timeline is drawn."""
    spans = len(timeline.buckets) - 2
    pitch = max(_NARROWEST, min(_WIDEST, (width - 2 * _SIDE) // max(1, spans)))
    middle = [Column(_SIDE + number * pitch, pitch - 1) for number in range(spans)]
    return (Column(1, _SIDE - 3), *middle, Column(_SIDE + spans * pitch + 1, _SIDE - 3))


def column_at(timeline: Timeline, width: int, cell: int) -> int | None:
    """Return which bucket is drawn at a cell, None if there is none."""
    found = columns(timeline, width)
    return next((number for number, it in enumerate(found) if it.start <= cell <= it.start + it.width), None)


def plot_lines(timeline: Timeline, cursor: int, width: int, height: int, glyphs: Glyphs) -> list[Line]:
    """Return a plot of exactly `height` lines; the cursor is the number of a bucket."""
    places = columns(timeline, width)
    rows = max(1, height - _BELOW)
    grid: list[_Row] = [[(" ", Ink.PLAIN)] * width for _ in range(rows + _BELOW)]
    most = max(map(len, timeline.buckets))
    for bucket, place in zip(timeline.buckets, places, strict=True):
        _draw_bar(grid, bucket, place, rows, most, glyphs)
    _draw_today(grid, rows, width, glyphs)
    for start, label, ink in _labels(timeline, places):
        _write(grid[rows + 1], start, label, ink)
    pointed = places[cursor]
    sign = "^" if glyphs.is_ascii else "▲"
    _write(grid[rows + 2], pointed.start, sign * pointed.width, Ink.STRONG)
    return [_line(row) for row in grid][:height]


def bucket_words(bucket: Bucket, timeline: Timeline) -> str:
    """Return what a bucket is, and how many hosts it has; raw text."""
    count = len(bucket)
    if bucket.start is None:
        what = f"expired before {moment(timeline.now)}"
    elif bucket.end is None:
        what = f"on {bucket.start:%Y-%m-%d} or later"
    elif timeline.unit is Unit.DAY:
        what = f"on {bucket.start:%Y-%m-%d}"
    else:
        what = f"from {bucket.start:%Y-%m-%d} to before {bucket.end:%Y-%m-%d}"
    found = bucket.severities
    grave = [
        f", {found[severity]} with {severity}s"
        for severity in (Severity.ERROR, Severity.WARNING)
        if found[severity]
    ]
    return f"{what}: {count} host{'s' if count != 1 else ''}{''.join(grave)}"


def _draw_bar(grid: list[_Row], bucket: Bucket, place: Column, rows: int, most: int, glyphs: Glyphs) -> None:
    count = len(bucket)
    if not count:
        return
    ink = Ink.ERROR if bucket.is_past else _INKS.get(bucket.worst or Severity.NOTICE, Ink.GOOD)
    # The line above the highest bar is for its count.
    eighths = max(1, round(8 * max(1, rows - 1) * count / most))
    cells = _bar_cells(eighths, glyphs)
    for step, cell in enumerate(cells):
        _write(grid[rows - 1 - step], place.start, cell * place.width, ink)
    said = str(count)
    if len(said) <= place.width and rows - 1 - len(cells) >= 0:
        _write(grid[rows - 1 - len(cells)], place.start, said.center(place.width), Ink.STRONG)


def _bar_cells(eighths: int, glyphs: Glyphs) -> list[str]:
    """Return a bar from its foot upwards; nothing that there is vanishes."""
    if glyphs.is_ascii:
        return ["#"] * max(1, round(eighths / 8))
    whole, part = divmod(eighths, 8)
    return [_EIGHTHS[8]] * whole + ([_EIGHTHS[part]] if part else [])


def _draw_today(grid: list[_Row], rows: int, width: int, glyphs: Glyphs) -> None:
    upright, flat, cross = ("|", "-", "+") if glyphs.is_ascii else ("│", "─", "┼")
    for row in grid[:rows]:
        _write(row, _SIDE - 1, upright, Ink.MUTED)
    _write(grid[rows], 0, flat * width, Ink.MUTED)
    _write(grid[rows], _SIDE - 1, cross, Ink.STRONG)


def _labels(timeline: Timeline, places: tuple[Column, ...]) -> Iterator[tuple[int, str, Ink]]:
    yield places[0].start, "past", Ink.MUTED
    yield _SIDE - 1, "today", Ink.STRONG
    free = _SIDE + len("today")
    last = places[-1].start
    for bucket, place in zip(timeline.buckets[2:-1], places[2:-1], strict=True):
        label = f"{bucket.start:{_LABELS[timeline.unit]}}" if bucket.start is not None else ""
        if place.start > free and place.start + len(label) < last:
            yield place.start, label, Ink.MUTED
            free = place.start + len(label)
    yield last, "later", Ink.MUTED


def _write(row: _Row, start: int, text: str, ink: Ink) -> None:
    for offset, character in enumerate(text):
        if start + offset < len(row):
            row[start + offset] = (character, ink)


def _line(row: _Row) -> Line:
    runs = groupby(row, key=lambda cell: cell[1])
    return tuple(Piece("".join(character for character, _ in cells), ink) for ink, cells in runs)
