"""Values to lines: hosts and status. With `chain.py` and `describe.py` it decides what values look like."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from certtui.core.catalogue import Severity
from certtui.core.target import HostTarget
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.life import life_bar
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line, width_of
from certtui.ui.drawing.status import status_line
from certtui.ui.session import Row

if TYPE_CHECKING:
    from certtui.core.report import Report

__all__ = [
    "SEVERITY_INK",
    "Glyphs",
    "badge_ink",
    "host_line",
    "shown_host",
    "status_line",
    "target_name",
]

SEVERITY_INK = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.NOTICE: Ink.NOTICE}
_WIDE_ROW = 52
"""From this width on a host's row has its full badge and the days that are left."""
_ROW_WITH_BAR = 64
"""From this width on it has a bar of the life that is left, too."""
_ROW_WITH_LABELS = 76
"""From this width on it has its group and tags, too."""
_MOST_LABEL_CELLS = 24
_BAR_CELLS = 5


def badge_ink(report: Report) -> Ink:
    """Return the style of a report's badge: that of its gravest severity, notices left out."""
    if report.chain and report.severity in (None, Severity.NOTICE):
        return Ink.GOOD
    return SEVERITY_INK[report.severity or Severity.ERROR]


@lru_cache(maxsize=1024)
def shown_host(host: str) -> str:
    """Return a host in Unicode where it has A-labels, unless it mixes scripts so that it may look like another."""
    if "xn--" not in host:
        return host
    from certtui.core.names import as_unicode  # few names need these
    from certtui.core.unicode_scripts import mixed_name

    return host if mixed_name(host) is not None else as_unicode(host) or host


def target_name(row: Row) -> str:
    """Return a target as short as it is clear: without the default port, and in Unicode where that misleads nobody."""
    target = row.target
    if not isinstance(target, HostTarget):
        return target.label
    if target.port == 443 and target.starttls is None:
        return shown_host(target.host)
    return (
        target.label.replace(target.host, shown_host(target.host)) if "xn--" in target.host else target.label
    )


def host_line(row: Row, width: int, is_selected: bool, glyphs: Glyphs, is_marked: bool = False) -> Line:
    """Return a host's row in exactly `width` cells: cursor or mark, sign, badge, name, and what else has room.

    `+2` counts further badges; a wide row has the full badge and how long the certificate is still valid, a wider one
    a bar of that as well, and the widest group and tags.
    """
    is_wide = width >= _WIDE_ROW
    badge_width = 16 if is_wide else 11
    badge = _badge(row, is_wide, glyphs)
    rest = _rest(row, width, glyphs)
    rest_width = sum(len(piece.text) for piece in rest)
    labels = _labels(row) if width >= _ROW_WITH_LABELS and row.labels else line()
    name = fitted(target_name(row), max(0, width - 1 - badge_width - rest_width - width_of(labels)))
    return (
        Piece(_row_sign(is_selected, is_marked, glyphs), Ink.STRONG),
        Piece(fitted(badge.text, badge_width), badge.ink),
        Piece(name, Ink.STRONG if is_marked else Ink.PLAIN),
        *labels,
        *rest,
    )


def _row_sign(is_selected: bool, is_marked: bool, glyphs: Glyphs) -> str:
    """Return what stands before a row: the cursor's sign, the mark's, one for both, or nothing."""
    if is_marked:
        return ("#" if glyphs.is_ascii else "✱") if is_selected else "*"
    return glyphs.cursor if is_selected else " "


def _badge(row: Row, is_wide: bool, glyphs: Glyphs) -> Piece:
    report = row.report
    if report is None:
        return Piece(f"{glyphs.waiting} {'checking' if row.is_waiting else 'waiting'}", Ink.MUTED)
    words = report.shown_badge(report.badge)
    sign = glyphs.waiting if row.is_waiting else glyphs.badge(words)
    return Piece(f"{sign} {words.word if is_wide else words.short_word}", badge_ink(report))


def _rest(row: Row, width: int, glyphs: Glyphs) -> Line:
    """Return what stands at a row's right end: that it changed, further badges, and how much life is left."""
    report = row.report
    sign = "^" if glyphs.is_ascii else "Δ"
    changed = (Piece(f" {sign}", Ink.NOTICE),) if row.changed_at is not None else ()
    if report is None:
        return changed
    more = len(report.badges) - 1
    others = f"+{more}" if more else ""
    if width < _WIDE_ROW:
        return (*changed, Piece(f" {others}", Ink.MUTED)) if others else changed
    bar = (
        (Piece(" "), life_bar(row.searchable.life_left, _BAR_CELLS, glyphs)) if width >= _ROW_WITH_BAR else ()
    )
    return (*changed, Piece(f" {others:>3}", Ink.MUTED), *bar, Piece(f" {_days_left(row):>6}", Ink.MUTED))


def _labels(row: Row) -> Line:
    text = " ".join((row.labels.group or "", *(f"+{tag}" for tag in row.labels.tags))).strip()
    shown = Piece(f" {text}", Ink.MUTED)
    return (
        (shown,)
        if width_of((shown,)) <= _MOST_LABEL_CELLS
        else (Piece(fitted(f" {text}", _MOST_LABEL_CELLS), Ink.MUTED),)
    )


def _days_left(row: Row) -> str:
    """Return how long the leaf is still valid, `12d`, negative once it has expired, empty if not known."""
    seconds = row.searchable.seconds_left
    if seconds is None:
        return ""
    days = seconds / 86_400
    return f"{int(days)}d" if abs(days) < 100_000 else "ages"
