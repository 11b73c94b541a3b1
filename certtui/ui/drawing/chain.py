"""A report's chain to lines: as built against as sent, missing certificates as ghosts, unused ones struck."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from certtui.core.catalogue import badge_of
from certtui.core.certificate import Certificate
from certtui.core.evidence import Loaded, Reached
from certtui.core.paths import Link, Source
from certtui.core.report import Report
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line
from certtui.ui.drawing.render import SEVERITY_INK


@dataclass(frozen=True, slots=True)
class ChainRow:
    """A line of the chain pane and what it stands for."""

    line: Line
    certificate: Certificate | None = None
    """What can be looked at and copied; None for headings and ghosts."""
    index: int | None = None
    """Its place among the certificates as sent."""


def chain_rows(report: Report, glyphs: Glyphs) -> tuple[ChainRow, ...]:
    """Return the chain as built against as sent: the best path from the leaf up, then what it does not use."""
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
    words = ", ".join(dict.fromkeys(badge_of(finding.code).word for finding in faults))
    sign = f"{glyphs.badge(badge_of(faults[0].code))} " if faults else ""
    text_line = line(
        Piece(f"{_indent(depth, glyphs)}{number}", Ink.MUTED),
        # Where there is little room the sign at least is seen.
        Piece(f"{sign}{certificate.display_name}", ink),
        Piece(f"  {words}" if words else "", ink),
        Piece(f"  {note}" if note else "", Ink.MUTED),
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


def chain_title(report: Report) -> str:
    """Return the chain pane's title: where the certificates came from and how many."""
    observation = report.evidence.observation if report.evidence is not None else None
    count = len(report.chain)
    certificates = f"{count} certificate{'s' if count != 1 else ''}"
    if isinstance(observation, Reached):
        return f"Chain: {certificates} from {observation.connection.address}"
    if isinstance(observation, Loaded):
        return f"Chain: {certificates} from the file"
    return "Chain"
