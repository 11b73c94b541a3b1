"""A comparison in plain lines, `-` for the left side and `+` for the right one: for tickets and the clipboard.

The signs are ASCII, and every value is made safe to show.
"""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.comparison import Comparison, Row, Section, Standing
from certtui.core.text import visible


def difference_text(
    comparison: Comparison, left_label: str, right_label: str, *, only_differences: bool = True
) -> str:
    """Return a comparison as lines, ending in a line feed; with or without what is the same."""
    sections = comparison.differing if only_differences else comparison.sections
    lines = [f"--- {visible(left_label)}", f"+++ {visible(right_label)}", counted(comparison.count)]
    for section in sections:
        lines += ["", *_section(section)]
    return "\n".join(lines) + "\n"


def counted(differences: int) -> str:
    """Return a number of differences in words."""
    if not differences:
        return "No difference"
    return f"{differences} difference{'s' if differences != 1 else ''}"


def _section(section: Section) -> Iterator[str]:
    yield f"{visible(section.title)}:"
    for row in section.rows:
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    label = visible(row.label)
    if row.standing is Standing.SAME or row.left == row.right:
        yield f"  {label}: {visible(row.left or '')}"
        return
    # What is only noted bears no sign: a reader looks for the signs to see what differs.
    signs = ("  ", "  ") if row.standing is Standing.NOTED else ("- ", "+ ")
    for sign, value in zip(signs, (row.left, row.right), strict=True):
        if value is not None:
            yield f"{sign}{label}: {visible(value)}"
