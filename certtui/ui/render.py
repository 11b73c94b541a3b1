"""Values to lines: hosts and status. With `chain.py` and `describe.py` it decides what values look like."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from certtui.core.catalogue import Badge, Severity
from certtui.core.target import HostTarget
from certtui.ui.lines import Ink, Line, Piece, fitted, line
from certtui.ui.session import Order, Row, Session

if TYPE_CHECKING:
    from certtui.core.report import Report

SEVERITY_INK = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.NOTICE: Ink.NOTICE}
_WIDE_ROW = 52
"""From this width on a host's row has its full badge and the days that are left."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs beside words, for terminals with and without Unicode."""

    is_ascii: bool = False

    def badge(self, badge: Badge) -> str:
        """Return the one-cell sign of a badge."""
        return badge.ascii_glyph if self.is_ascii else badge.glyph

    @property
    def cursor(self) -> str:
        """Marks the selected row, for those who see no colours."""
        return ">" if self.is_ascii else "▸"

    @property
    def waiting(self) -> str:
        """Stands where a result is still to come."""
        return "." if self.is_ascii else "…"

    @property
    def branch(self) -> str:
        """Leads from a certificate to its issuer."""
        return "`-" if self.is_ascii else "└─"

    @property
    def anchor(self) -> str:
        """Marks a trust anchor."""
        return "#" if self.is_ascii else "⌂"

    @property
    def bar(self) -> tuple[str, str]:
        """Full and empty cell of a bar."""
        return ("#", "-") if self.is_ascii else ("█", "░")


def badge_ink(report: Report) -> Ink:
    """Return the style of a report's badge: that of its gravest severity, notices left out."""
    if report.chain and report.severity in (None, Severity.NOTICE):
        return Ink.GOOD
    return SEVERITY_INK[report.severity or Severity.ERROR]


def target_name(row: Row) -> str:
    """Return a target as short as it is clear: the default port is left out."""
    target = row.target
    if isinstance(target, HostTarget) and target.port == 443 and target.starttls is None:
        return target.host
    return target.label


def host_line(row: Row, width: int, is_selected: bool, glyphs: Glyphs) -> Line:
    """Return a host's row in exactly `width` cells: cursor, sign, badge, name, and what else there is room for.

    `+2` counts further badges; a wide row has the full badge and how long the certificate is still valid.
    """
    is_wide = width >= _WIDE_ROW
    report = row.report
    badge, rest = _waiting_badge(row, glyphs), ""
    if report is not None:
        words = report.shown_badge(report.badge)
        sign = glyphs.waiting if row.is_waiting else glyphs.badge(words)
        badge = Piece(f"{sign} {words.word if is_wide else words.short_word}", badge_ink(report))
        others = f"+{len(report.badges) - 1}" if len(report.badges) > 1 else ""
        rest = f"{others:>3} {days_left(report):>6}" if is_wide else others
    badge_width = 16 if is_wide else 11
    rest_width = len(rest) + 1 if rest else 0
    name = fitted(target_name(row), max(0, width - 1 - badge_width - rest_width))
    return line(
        Piece(glyphs.cursor if is_selected else " ", Ink.STRONG),
        Piece(fitted(badge.text, badge_width), badge.ink),
        Piece(name),
        Piece(f" {rest}" if rest else "", Ink.MUTED),
    )


def _waiting_badge(row: Row, glyphs: Glyphs) -> Piece:
    return Piece(f"{glyphs.waiting} {'checking' if row.is_waiting else 'waiting'}", Ink.MUTED)


def days_left(report: Report) -> str:
    """Return how long the leaf is still valid, `12d`, negative once it has expired, empty if not known."""
    leaf = report.leaf
    if leaf is None or leaf.not_after is None:
        return ""
    days = (leaf.not_after - report.now).total_seconds() / 86_400
    return f"{int(days)}d" if abs(days) < 100_000 else "ages"


def status_line(session: Session, now_scanning: int, width: int) -> Line:
    """Return the one line of counts, filter, order and progress, as much of it as fits."""
    errors, warnings = session.count(Severity.ERROR), session.count(Severity.WARNING)
    total = len(session)
    pieces = [Piece(f" {total} host{'s' if total != 1 else ''}", Ink.STRONG)]
    if errors:
        pieces.append(Piece(f" · {errors} failed", Ink.ERROR))
    if warnings:
        pieces.append(Piece(f" · {warnings} warned", Ink.WARNING))
    if session.filter_text:
        pieces.append(Piece(f' · filter "{session.filter_text}": {session.shown_count}'))
    if session.failures_only:
        pieces.append(Piece(f" · failures only: {session.shown_count}"))
    if session.waiting_count:
        pieces.append(Piece(f" · checking {now_scanning - session.waiting_count}/{now_scanning}", Ink.NOTICE))
    if session.order is not Order.URGENCY or session.is_reversed:
        pieces.append(Piece(f" · by {session.order}{', reversed' if session.is_reversed else ''}", Ink.MUTED))
    if session.last_checked is not None and not session.waiting_count:
        pieces.append(Piece(f" · checked {_clock(session.last_checked)}", Ink.MUTED))
    return _cut(tuple(pieces), width)


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")


def _cut(text_line: Line, width: int) -> Line:
    kept: list[Piece] = []
    left = width
    for piece in text_line:
        size = len(piece.text)
        if size > left:
            kept.append(Piece(fitted(piece.text, left), piece.ink))
            break
        kept.append(piece)
        left -= size
    return tuple(kept)
