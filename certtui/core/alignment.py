"""What a comparison consists of: rows with a left and a right value, and what they have in common. Values only."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from certtui.core.text import shortened

MOST_CHARACTERS = 600
"""Longer values are cut, in such a way that their first difference is still to be seen."""
_BEFORE_DIFFERENCE = 40
_Key = TypeVar("_Key", bound=Hashable)
_Value = TypeVar("_Value")


class Standing(StrEnum):
    """How the two values of a row stand to each other."""

    SAME = "same"
    CHANGED = "changed"
    LEFT = "left"
    """Only the left side has it."""
    RIGHT = "right"
    """Only the right side has it."""
    NOTED = "noted"
    """Shown to put the rest in its place, and never counted as a difference: a time, a name that was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One thing that is compared."""

    label: str
    left: str | None
    """What the left side has, raw text; None where it has nothing of the kind."""
    right: str | None
    """What the right side has, raw text; None where it has nothing of the kind."""
    standing: Standing

    @property
    def differs(self) -> bool:
        """Whether the row counts as a difference."""
        return self.standing not in (Standing.SAME, Standing.NOTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Rows that belong together."""

    title: str
    rows: tuple[Row, ...]

    @property
    def differing(self) -> tuple[Row, ...]:
        """The rows that count as differences."""
        return tuple(row for row in self.rows if row.differs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Two reports, aligned."""

    sections: tuple[Section, ...]
    """Every section that has something to show."""

    @property
    def differing(self) -> tuple[Section, ...]:
        """The sections with a difference, each with the rows that differ alone."""
        return tuple(
            Section(title=section.title, rows=section.differing)
            for section in self.sections
            if section.differing
        )

    @property
    def count(self) -> int:
        """How many differences there are."""
        return sum(len(section.differing) for section in self.sections)


def pair(label: str, left: str | None, right: str | None) -> Row:
    """Return a row whose standing is what the two values say; long values are cut where they differ."""
    if left is None or right is None:
        standing = Standing.SAME if left == right else Standing.LEFT if right is None else Standing.RIGHT
    else:
        standing = Standing.SAME if left == right else Standing.CHANGED
    shown_left, shown_right = _cut(left, right)
    return Row(label=label, left=shown_left, right=shown_right, standing=standing)


def noted(label: str, left: str | None, right: str | None) -> Row:
    """Return a row that is never a difference."""
    shown_left, shown_right = _cut(left, right)
    return Row(label=label, left=shown_left, right=shown_right, standing=Standing.NOTED)


def same(label: str, value: str) -> Row:
    """Return a row for what both sides have."""
    return pair(label, value, value)


def section(title: str, rows: Iterable[Row]) -> Section:
    """Return a section of the rows that have a value on either side."""
    kept = tuple(row for row in rows if row.left is not None or row.right is not None)
    return Section(title=title, rows=kept)


def numbered(pairs: Iterable[tuple[_Key, _Value]]) -> dict[tuple[_Key, int], _Value]:
    """Return values by their key, and by which of those with an equal key each is."""
    seen: Counter[_Key] = Counter()
    found: dict[tuple[_Key, int], _Value] = {}
    for key, value in pairs:
        found[key, seen[key]] = value
        seen[key] += 1
    return found


def keys_of(left: Mapping[_Key, object], right: Mapping[_Key, object]) -> tuple[_Key, ...]:
    """Return the keys of both, in the left one's order, those of the right one alone at the end."""
    return tuple(dict.fromkeys((*left, *right)))


def _cut(left: str | None, right: str | None) -> tuple[str | None, str | None]:
    start = 0
    if left is not None and right is not None and max(len(left), len(right)) > MOST_CHARACTERS:
        first = _first_difference(left, right)
        start = first - _BEFORE_DIFFERENCE if _BEFORE_DIFFERENCE < first < max(len(left), len(right)) else 0
    return _from(left, start), _from(right, start)


def _from(value: str | None, start: int) -> str | None:
    if value is None:
        return None
    tail = value[start : start + MOST_CHARACTERS + 1]
    return shortened("…" + tail if start else tail, MOST_CHARACTERS)


def _first_difference(left: str, right: str) -> int:
    """Return where two texts begin to differ, by halving: values are up to a megabyte long."""
    same_until, differs_by = 0, min(len(left), len(right)) + 1
    while differs_by - same_until > 1:
        middle = (same_until + differs_by) // 2
        if left[:middle] == right[:middle]:
            same_until = middle
        else:
            differs_by = middle
    return same_until
