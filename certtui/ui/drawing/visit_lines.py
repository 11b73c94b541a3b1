"""A host's past visits to lines: the table of them, and everything about one beside the one before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import islice

from certtui.core.certificate import Certificate
from certtui.core.changes import changes
from certtui.core.evidence import Loaded, Reached, Unreachable
from certtui.core.moments import moment
from certtui.core.text import shortened
from certtui.storage.visit import Visit
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Indented, Ink, Line, Piece, fitted, line
from certtui.ui.drawing.render import SEVERITY_INK, badge_ink

WIDE = 113
"""From this many cells on a row has the serial number and the issuer too, and whole moments."""
_NARROW = 74
"""Below this many cells a row has only what there is room for."""

_LABEL_WIDTH = 14
_MOST_CHARACTERS = 300
_MOST_FINDINGS = 20
_LEAD = 4
"""Cells before each row, for cursor, mark and badge."""
_SERIAL_DIGITS = 11

_GAP = "  "
_SIZES = {
    "first seen, UTC": 16,
    "last seen, UTC": 16,
    "until": 10,
    "looks": 5,
    "badge": 8,
    "long badge": 13,
    "expires": 10,
    "changed": 11,
    "serial": _SERIAL_DIGITS + 1,
    "issuer": 11,
}
"""The columns and how many cells each takes; the last one in a row takes the rest too."""
_NARROW_COLUMNS = ("first seen, UTC", "badge", "expires", "changed")
_USUAL_COLUMNS = ("first seen, UTC", "until", "looks", "badge", "expires", "changed")
_WIDE_COLUMNS = (
    "first seen, UTC",
    "last seen, UTC",
    "looks",
    "long badge",
    "expires",
    "changed",
    "serial",
    "issuer",
)


def visit_heading(width: int) -> Line:
    """Return the heading over the rows of visits."""
    names = (fitted(name.removeprefix("long "), size) for name, size in _columns(width))
    return line(Piece(" " * _LEAD + _GAP.join(names), Ink.MUTED))


def visit_row(visits: Sequence[Visit], position: int, width: int, lead: Line) -> Line:
    """Return a visit's row behind its lead of four cells: when, how often, what it came to, and what had changed."""
    cells = _cells(visits, position)
    pieces: list[Piece] = []
    for name, size in _columns(width):
        text, ink = cells[name]
        pieces.append(Piece(f"{_GAP if pieces else ''}{fitted(text, size)}", ink))
    return line(*lead, *pieces)


def _cells(visits: Sequence[Visit], position: int) -> Mapping[str, tuple[str, Ink]]:
    visit = visits[position]
    leaf, ink = visit.leaf, badge_ink(visit.outline)
    changed = change_word(visits, position)
    expires = f"{leaf.not_after:%Y-%m-%d}" if leaf is not None and leaf.not_after is not None else "-"
    return {
        "first seen, UTC": (_clock(visit.first_seen), Ink.PLAIN),
        "last seen, UTC": (_clock(visit.last_seen), Ink.PLAIN),
        "until": (_end(visit), Ink.PLAIN),
        "looks": (f"{visit.looks:>5}", Ink.MUTED),
        "badge": (visit.badge.short_word, ink),
        "long badge": (visit.badge.word, ink),
        "expires": (expires, Ink.PLAIN),
        "changed": (changed, _change_ink(changed)),
        "serial": (_short_serial(leaf), Ink.PLAIN),
        "issuer": (issued_by(leaf), Ink.MUTED),
    }


def change_word(visits: Sequence[Visit], position: int) -> str:
    """Return what had changed since the visit before; a certificate is compared with the last one that was seen."""
    visit = visits[position]
    if position + 1 >= len(visits):
        return "first seen"
    before = visits[position + 1]
    if not visit.chain:
        return "lost" if before.chain else "failure"
    seen = _last_seen(visits, position)
    if seen is None:
        return "reached"
    if seen.leaf != visit.leaf:
        return "certificate"
    if seen.chain != visit.chain:
        return "chain"
    if not before.chain:
        return "back"
    return "findings" if set(before.findings) != set(visit.findings) else "connection"


def _last_seen(visits: Sequence[Visit], position: int) -> Visit | None:
    """Return the last visit before this one that saw a chain."""
    return next((older for older in islice(visits, position + 1, None) if older.chain), None)


def visit_lines(visits: Sequence[Visit], position: int, glyphs: Glyphs) -> Iterator[Indented]:
    """Yield everything about a visit: what had changed, what was found, what was sent."""
    visit = visits[position]
    times = "look" if visit.looks == 1 else "looks"
    yield line(Piece(f"{_span(visit)}, {visit.looks} {times}", Ink.STRONG)), 0
    yield from _changed(visits, position)
    yield from _found(visit, glyphs)
    yield from _certificate(visit.leaf)
    yield from _observed(visit)


def _changed(visits: Sequence[Visit], position: int) -> Iterator[Indented]:
    """Yield what had changed since the visit before and, if nothing was seen then, since the last certificate."""
    if position + 1 == len(visits):
        return
    visit, before = visits[position], visits[position + 1]
    said = [*changes(before.outline, visit.outline)]
    seen = _last_seen(visits, position)
    if visit.chain and not before.chain and seen is not None:
        said += changes(seen.outline, visit.outline)
    for number, sentence in enumerate(said or ["Nothing but how the connection went."]):
        yield line(_label("Changed" if number == 0 else ""), Piece(sentence, Ink.NOTICE)), _LABEL_WIDTH


def _found(visit: Visit, glyphs: Glyphs) -> Iterator[Indented]:
    outline = visit.outline
    words = f"{glyphs.badge(visit.badge)} {visit.badge.word}"
    verdict = "" if visit.verdict == visit.badge.word.lower() else f", {visit.verdict}"
    yield line(_label("Came to"), Piece(words, badge_ink(outline)), Piece(verdict)), _LABEL_WIDTH
    for noted in visit.findings[:_MOST_FINDINGS]:
        said = Piece(f"{noted.severity}: ", SEVERITY_INK[noted.severity])
        yield line(_label(""), said, Piece(noted.title), Piece(f" ({noted.code})", Ink.MUTED)), _LABEL_WIDTH
    if len(visit.findings) > _MOST_FINDINGS:
        yield _labelled("", f"and {len(visit.findings) - _MOST_FINDINGS} more")


def _certificate(leaf: Certificate | None) -> Iterator[Indented]:
    if leaf is None:
        return
    yield _labelled("Certificate", leaf.display_name)
    yield _labelled("Serial", f"{leaf.serial:x}" if leaf.serial is not None else "unreadable")
    yield _labelled("Issuer", leaf.issuer.rfc4514 or "empty")
    yield _labelled("Valid", f"{moment(leaf.not_before)} to {moment(leaf.not_after)}")
    yield _labelled("SHA-256", leaf.sha256.hex(":").upper())


def _observed(visit: Visit) -> Iterator[Indented]:
    count = len(visit.chain)
    sent = f"{count} certificate{'s' if count != 1 else ''}"
    match visit.evidence.observation:
        case Reached(connection=connection, failure=failure):
            settled = ", ".join(filter(None, (connection.protocol, connection.cipher)))
            place = f"{connection.address} port {connection.port}"
            yield _labelled("Sent", f"{sent} by {place}{f', {settled}' if settled else ''}")
            if failure is not None:
                yield _labelled("Then", failure.detail)
        case Unreachable(failure=failure, address=address):
            yield _labelled("Said", f"{failure.detail}{f' ({address})' if address else ''}")
        case Loaded(path=path):
            yield _labelled("Read", f"{sent} from {path}")


def issued_by(leaf: Certificate | None) -> str:
    """Return the issuer as short as it can be told; raw text."""
    return (leaf.issuer.common_name or leaf.issuer.rfc4514 or "nobody") if leaf is not None else ""


def _columns(width: int) -> list[tuple[str, int]]:
    """Return the columns that there is room for, each with its size."""
    names = _WIDE_COLUMNS if width >= WIDE else _USUAL_COLUMNS if width >= _NARROW else _NARROW_COLUMNS
    sizes = [_SIZES[name] for name in names]
    used = _LEAD + sum(sizes) + len(_GAP) * (len(sizes) - 1)
    sizes[-1] += max(0, width - used)
    return list(zip(names, sizes, strict=True))


def _change_ink(word: str) -> Ink:
    if word in ("certificate", "chain"):
        return Ink.STRONG
    return Ink.ERROR if word == "lost" else Ink.MUTED


def _clock(when: datetime) -> str:
    return when.astimezone(UTC).strftime("%Y-%m-%d %H:%M")


def _end(visit: Visit) -> str:
    """Return when a visit was last seen: the time where the day is the same as at first."""
    last = visit.last_seen.astimezone(UTC)
    same_day = last.date() == visit.first_seen.astimezone(UTC).date()
    return last.strftime("%H:%M" if same_day else "%Y-%m-%d")


def _span(visit: Visit) -> str:
    first = moment(visit.first_seen.replace(microsecond=0))
    last = moment(visit.last_seen.replace(microsecond=0))
    return first if first == last else f"{first} to {last}"


def _short_serial(leaf: Certificate | None) -> str:
    if leaf is None:
        return ""
    serial = f"{leaf.serial:x}" if leaf.serial is not None else "unreadable"
    return shortened(serial, _SERIAL_DIGITS + 1)


def _label(text: str) -> Piece:
    return Piece(f"{text:<{_LABEL_WIDTH}}", Ink.MUTED)


def _labelled(label: str, value: str) -> Indented:
    return line(_label(label), Piece(shortened(value, _MOST_CHARACTERS))), _LABEL_WIDTH
