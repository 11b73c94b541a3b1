"""The status line: counts, filter, order and progress, in pieces of which some stand for a category."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from typing import NamedTuple

from certtui.core.catalogue import BADGES, CATALOGUE, SEVERITIES, Category, Severity
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line, width_of
from certtui.ui.session import Order, Session

_INKS = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.NOTICE: Ink.NOTICE}
_MOST_FILTER_CELLS = 30
_MOST_PROBLEM_CELLS = 60
_SOONEST_ESTIMATE_SECONDS = 1.0


class StatusSegment(NamedTuple):
    """A run of the status line."""

    piece: Piece
    category: Category | None = None
    """The category whose count it is, so that choosing it can show its hosts alone."""


class _Part(NamedTuple):
    """Something to say, if there is room."""

    segment: StatusSegment
    importance: int
    """Parts with the lowest go first."""
    is_count: bool = False


def status_line(
    session: Session,
    now_scanning: int,
    width: int,
    glyphs: Glyphs | None = None,
    elapsed_seconds: float | None = None,
) -> Line:
    """Return the status line; the parameters are those of `status_segments`."""
    segments = status_segments(session, now_scanning, width, glyphs, elapsed_seconds)
    return tuple(segment.piece for segment in segments)


def status_segments(
    session: Session,
    now_scanning: int,
    width: int,
    glyphs: Glyphs | None = None,
    elapsed_seconds: float | None = None,
    watching: str = "",
) -> tuple[StatusSegment, ...]:
    """Return as much of the status as fits into `width` cells.

    `now_scanning` is how many hosts are being looked at since the engine was last idle, those that are done too, and
    `elapsed_seconds` how long that has taken so far, None where no estimate is wanted. `watching` says in words what is
    watched. What matters least is left out first, and a `…` tells of it: never is a part cut.
    """
    parts = list(_parts(session, now_scanning, glyphs or Glyphs(), elapsed_seconds))
    if watching:
        parts.append(_part(watching, 60, Ink.NOTICE))
    left_out: list[_Part] = []
    segments = _joined(parts, left_out)
    while len(parts) > 1 and _width(segments) > width:
        least = min(reversed(parts), key=lambda part: part.importance)
        parts.remove(least)
        left_out.append(least)
        segments = _joined(parts, left_out)
    if _width(segments) > width:
        return (StatusSegment(Piece(fitted(parts[0].segment.piece.text, width), Ink.STRONG)),)
    return segments


def category_at(segments: Sequence[StatusSegment], cell: int) -> Category | None:
    """Return the category whose count stands at a cell of the line, None where there is none."""
    end = 0
    for segment in segments:
        end += width_of((segment.piece,))
        if cell < end:
            return segment.category
    return None


def progress(done: int, total: int, elapsed_seconds: float | None = None) -> str:
    """Return how far a scan is, and how long the rest will take at the pace so far: `checking 45/128, 12 s left`."""
    said = f"checking {done}/{total}"
    if elapsed_seconds is None or elapsed_seconds < _SOONEST_ESTIMATE_SECONDS or not 0 < done < total:
        return said
    left = elapsed_seconds / done * (total - done)
    for unit, size in (("h", 3600), ("min", 60)):
        if left >= size:
            return f"{said}, {left / size:.0f} {unit} left"
    return f"{said}, {max(1, round(left))} s left"


def _parts(
    session: Session, now_scanning: int, glyphs: Glyphs, elapsed_seconds: float | None
) -> Iterator[_Part]:
    total = len(session)
    yield _part(f"{total} host{'s' if total != 1 else ''}", 100, Ink.STRONG)
    yield from _counts(session, glyphs)
    for problem in session.filter_problems[:1]:
        yield _part(_short(problem, _MOST_PROBLEM_CELLS), 90, Ink.WARNING)
    yield from _filters(session, glyphs)
    if session.marked:
        yield _part(f"{len(session.marked)} marked", 45)
    if session.waiting_count:
        done = now_scanning - session.waiting_count
        yield _part(progress(done, now_scanning, elapsed_seconds), 70, Ink.NOTICE)
    if session.order is not Order.URGENCY or session.is_reversed:
        by = session.order if session.order is Order.LISTED else f"by {session.order}"
        yield _part(f"{by}{', reversed' if session.is_reversed else ''}", 30, Ink.MUTED)
    if session.last_checked is not None and not session.waiting_count:
        yield _part(f"checked {_clock(session.last_checked)}", 20, Ink.MUTED)


def _part(text: str, importance: int, ink: Ink = Ink.PLAIN) -> _Part:
    return _Part(StatusSegment(Piece(text, ink)), importance)


def _counts(session: Session, glyphs: Glyphs) -> Iterator[_Part]:
    """Yield how many hosts show each badge; of the faults the last in precedence has the least importance."""
    for rank, (category, count) in enumerate(session.category_counts().items()):
        piece = Piece(f"{glyphs.badge(BADGES[category])}{count}", category_ink(category))
        yield _Part(StatusSegment(piece, category), 65 - rank, is_count=True)


def _filters(session: Session, glyphs: Glyphs) -> Iterator[_Part]:
    shown = session.shown_count
    if session.is_loosened:
        yield _part(f'nothing has "{_short(session.filter_text)}", like it: {shown}', 80, Ink.WARNING)
    elif session.filter_text:
        yield _part(f'filter "{_short(session.filter_text)}": {shown}', 80)
    if session.failures_only:
        yield _part(f"failures only: {shown}", 75)
    if session.only_category is not None:
        badge = BADGES[session.only_category]
        yield _part(
            f"only {glyphs.badge(badge)} {badge.word}: {shown}", 76, category_ink(session.only_category)
        )


def _short(text: str, most: int = _MOST_FILTER_CELLS) -> str:
    return text if width_of(line(text)) <= most else fitted(text, most).rstrip()


@cache
def category_ink(category: Category) -> Ink:
    """Return the style of a category's count: that of the gravest fault it has by default."""
    found = {entry.severity for entry in CATALOGUE.values() if entry.category is category}
    return next((_INKS[severity] for severity in SEVERITIES if severity in found), Ink.GOOD)


def _joined(parts: Sequence[_Part], left_out: Sequence[_Part]) -> tuple[StatusSegment, ...]:
    """Return the parts with what stands between them: dots, mere spaces between counts, and signs of what is left out.

    A sign stands behind the counts where some of them are missing, so that none is taken for all, else at the end.
    """
    segments = [StatusSegment(Piece(" "))]
    sign = StatusSegment(Piece(" …", Ink.MUTED))
    last_count = max((at for at, part in enumerate(parts) if part.is_count), default=0)
    for at, part in enumerate(parts):
        if at:
            are_counts = parts[at - 1].is_count and part.is_count
            segments.append(StatusSegment(Piece(" " if are_counts else " · ", Ink.MUTED)))
        segments.append(part.segment)
        if at == last_count and any(each.is_count for each in left_out):
            segments.append(sign)
    if any(not each.is_count for each in left_out) and segments[-1] is not sign:
        segments.append(sign)
    return tuple(segments)


def _width(segments: Sequence[StatusSegment]) -> int:
    return width_of(tuple(segment.piece for segment in segments))


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
