"""A comparison to lines: side by side where there is room, else one below the other."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import zip_longest

from certtui.core.comparison import Comparison, Row, Section, Standing
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line, width_of, wrapped

SIDE_BY_SIDE = 100
"""From this many columns of the screen on, both values of a row stand beside each other."""
_MARGIN = 2
_MARK = 4
_LABEL = 24
_WIDE_LABEL = 28
_WIDE = 140
_LEAST_VALUE = 8

_MARKS = {
    Standing.SAME: "=",
    Standing.CHANGED: "≠",
    Standing.LEFT: "←",
    Standing.RIGHT: "→",
    Standing.NOTED: "·",
}
_ASCII_MARKS = {
    Standing.SAME: "=",
    Standing.CHANGED: "!=",
    Standing.LEFT: "<-",
    Standing.RIGHT: "->",
    Standing.NOTED: ".",
}


def mark(standing: Standing, glyphs: Glyphs) -> Piece:
    """Return the sign of a standing, the signs of differences in the same colour; the sign alone tells which it is.

    No side is red or green: a fault that only one side has must not look good because of the side that it is on.
    """
    signs = _ASCII_MARKS if glyphs.is_ascii else _MARKS
    is_difference = standing not in (Standing.SAME, Standing.NOTED)
    return Piece(signs[standing], Ink.WARNING if is_difference else Ink.MUTED)


@dataclass(slots=True)
class Laid:
    """Lines, and where in them the differences are."""

    lines: list[Line] = field(default_factory=list)
    differences: list[range] = field(default_factory=list)
    """For each difference, from the first on, the lines that it takes."""


def laid_out(
    comparison: Comparison, width: int, glyphs: Glyphs, *, side_by_side: bool, only_differences: bool
) -> Laid:
    """Return a comparison in lines of at most `width` cells."""
    laid = Laid()
    for section in comparison.differing if only_differences else comparison.sections:
        if laid.lines:
            laid.lines.append(line())
        laid.lines += wrapped(_heading(section), width, _MARGIN)
        for row in section.rows:
            start = len(laid.lines)
            laid.lines += _beside(row, width, glyphs) if side_by_side else _below(row, width, glyphs)
            if row.differs:
                laid.differences.append(range(start, len(laid.lines)))
    return laid


def labels(left: str, right: str, width: int, glyphs: Glyphs, *, side_by_side: bool) -> list[Line]:
    """Return the names of both sides, over their columns or one below the other."""
    if not side_by_side:
        room = max(0, width - _MARGIN - _MARK)
        sides = ((Standing.LEFT, left), (Standing.RIGHT, right))
        return [line("  ", _padded(mark(it, glyphs)), _bold(name, room)) for it, name in sides]
    label_width, value_width = _columns(width)
    lead = " " * (_MARGIN + label_width)
    return [line(lead, _bold(left, value_width), " " * _MARK, _bold(right, value_width))]


def _bold(text: str, width: int) -> Piece:
    return Piece(fitted(text, width), Ink.STRONG)


def _heading(section: Section) -> Line:
    count = len(section.differing)
    told = Piece(f"  {count} differ{'s' if count == 1 else ''}", Ink.WARNING) if count else Piece("")
    return line(Piece(section.title, Ink.TITLE), told)


def _columns(width: int) -> tuple[int, int]:
    """Return how wide the labels and each of the two values are."""
    label_width = _WIDE_LABEL if width >= _WIDE else _LABEL
    return label_width, max(_LEAST_VALUE, (width - _MARGIN - label_width - _MARK) // 2)


def _beside(row: Row, width: int, glyphs: Glyphs) -> Iterator[Line]:
    label_width, value_width = _columns(width)
    indent = 2 if row.label.startswith("  ") else 0
    cells = zip_longest(
        wrapped(line(Piece(row.label, _label_ink(row))), label_width - 1, indent),
        _value(row.left, row, value_width),
        _value(row.right, row, value_width),
    )
    for number, (label, left, right) in enumerate(cells):
        sign = mark(row.standing, glyphs) if number == 0 else Piece("")
        yield line(
            " " * _MARGIN,
            *_filled(label or (), label_width),
            *_filled(left or (), value_width),
            _padded(Piece(f" {sign.text}", sign.ink)),
            *(right or ()),
        )


def _below(row: Row, width: int, glyphs: Glyphs) -> Iterator[Line]:
    lead = line("  ", _padded(mark(row.standing, glyphs)))
    label = Piece(row.label.strip(), _label_ink(row))
    indent = _MARGIN + _MARK
    if row.left == row.right or row.left is None or row.right is None:
        value = row.right if row.left is None else row.left
        yield from wrapped(
            line(*lead, label, Piece(": "), Piece(value or "", _value_ink(row))), width, indent
        )
        return
    yield from wrapped(line(*lead, label), width, indent)
    for standing, value in ((Standing.LEFT, row.left), (Standing.RIGHT, row.right)):
        arrow = Piece(mark(standing, glyphs).text, Ink.MUTED)
        pieces = line(" " * indent, _padded(arrow), Piece(value, _value_ink(row)))
        yield from wrapped(pieces, width, indent + _MARK)


def _value(value: str | None, row: Row, width: int) -> list[Line]:
    if value is None:
        return [line(Piece("-", Ink.MUTED))]
    return wrapped(line(Piece(value, _value_ink(row))), width)


def _value_ink(row: Row) -> Ink:
    """What is the same steps back, so that what differs stands out."""
    return Ink.PLAIN if row.differs else Ink.MUTED


def _label_ink(row: Row) -> Ink:
    return Ink.STRONG if row.differs else Ink.MUTED


def _padded(piece: Piece) -> Piece:
    return Piece(fitted(piece.text, _MARK), piece.ink)


def _filled(cell: Line, width: int) -> Line:
    return (*cell, Piece(" " * max(0, width - width_of(cell))))
