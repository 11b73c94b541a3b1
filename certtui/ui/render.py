"""Values to lines: hosts, chain, status. With `describe.py` the only place that decides what a value looks like."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from certtui.core.catalogue import BADGES, Category, Severity
from certtui.core.certificate import Certificate
from certtui.core.evidence import Loaded, Reached
from certtui.core.paths import Link, Source
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.ui.lines import Ink, Line, Piece, fitted, line
from certtui.ui.session import Order, Row, Session

SEVERITY_INK = {Severity.ERROR: Ink.ERROR, Severity.WARNING: Ink.WARNING, Severity.NOTICE: Ink.NOTICE}
_WIDE_ROW = 52
"""From this width on a host's row has its full badge and the days that are left."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs beside words, for terminals with and without Unicode."""

    is_ascii: bool = False

    def badge(self, category: Category) -> str:
        """Return the one-cell sign of a category."""
        return BADGES[category].ascii_glyph if self.is_ascii else BADGES[category].glyph

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
        words = BADGES[report.badge]
        sign = glyphs.waiting if row.is_waiting else glyphs.badge(report.badge)
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


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A line of the chain pane and what it stands for."""

    line: Line
    certificate: Certificate | None = None
    """What can be looked at and copied; None for headings and ghosts."""
    index: int | None = None
    """Its place among the certificates as sent."""


def chain_rows(report: Report | None, glyphs: Glyphs) -> tuple[ChainRow, ...]:
    """Return the chain as built against as sent: the best path from the leaf up, then what it does not use."""
    if report is None:
        return ()
    if not report.chain:
        why = report.findings[0].title if report.findings else "nothing was observed"
        return (ChainRow(line(Piece(f"No certificate was seen: {why.lower()}.", Ink.MUTED))),)
    return (*_path_rows(report, glyphs), *_unused_rows(report, glyphs))


def _path_rows(report: Report, glyphs: Glyphs) -> Iterator[ChainRow]:
    best = report.best_path
    links = best.links if best is not None else ()
    for depth, link in enumerate(links):
        yield _link_row(report, link, depth, glyphs)
    missing = report.missing_issuer
    if missing is not None:
        name = missing.common_name or missing.rfc4514 or "an issuer without a name"
        lead = f"{_indent(len(links), glyphs)}? "
        yield ChainRow(
            line(Piece(f"{lead}{name}", Ink.GHOST), Piece("  not sent, not in the store", Ink.ERROR))
        )


def _link_row(report: Report, link: Link, depth: int, glyphs: Glyphs) -> ChainRow:
    certificate = link.certificate
    faults = [
        finding for finding in report.findings if link.index is not None and finding.certificate == link.index
    ]
    ink = SEVERITY_INK[faults[0].severity] if faults else Ink.PLAIN
    number = f"{link.index + 1} " if link.index is not None else f"{glyphs.anchor} "
    if link.source is Source.POOL:
        note, ink, number = "not sent: missing", Ink.GHOST, "? "
    elif link.source is Source.ANCHOR:
        note = "trusted root, sent needlessly" if link.index is not None else "trusted root, from the store"
        ink = Ink.GOOD if ink is Ink.PLAIN else ink
    elif depth and certificate.is_self_signed:
        note = "root, not trusted"
    else:
        note = "" if depth else "the server's own"
    words = ", ".join(dict.fromkeys(BADGES[finding.category].word for finding in faults))
    text_line = line(
        Piece(f"{_indent(depth, glyphs)}{number}", Ink.MUTED),
        Piece(certificate.display_name, ink),
        Piece(f"  {note}" if note else "", Ink.MUTED),
        Piece(f"  {words}" if words else "", ink),
    )
    return ChainRow(text_line, certificate, link.index)


def _unused_rows(report: Report, glyphs: Glyphs) -> Iterator[ChainRow]:
    unused = sorted(report.unused)
    if unused:
        yield ChainRow(line(Piece("Sent, but not used:", Ink.MUTED)))
    for index in unused:
        certificate = report.chain[index]
        first = report.chain.index(certificate)
        note = f"the same as {first + 1}" if first != index else ""
        text_line = line(
            Piece(f"{index + 1} ", Ink.MUTED),
            Piece(certificate.display_name, Ink.STRUCK),
            Piece(f"  {note}", Ink.MUTED),
        )
        yield ChainRow(text_line, certificate, index)


def _indent(depth: int, glyphs: Glyphs) -> str:
    return "" if depth == 0 else "   " * (depth - 1) + f"{glyphs.branch} "


def chain_title(report: Report | None) -> str:
    """Return the chain pane's title: where the certificates came from and how many."""
    observation = report.evidence.observation if report is not None and report.evidence is not None else None
    count = len(report.chain) if report is not None else 0
    certificates = f"{count} certificate{'s' if count != 1 else ''}"
    if isinstance(observation, Reached):
        return f"Chain: {certificates} from {observation.connection.address}"
    if isinstance(observation, Loaded):
        return f"Chain: {certificates} from the file"
    return "Chain"


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
