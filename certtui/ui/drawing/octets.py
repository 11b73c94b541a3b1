"""Octets in rows, as hexadecimal and as text, with those of one ASN.1 element marked. It draws nothing itself."""

from __future__ import annotations

from enum import StrEnum

from certtui.core.outline import Node
from certtui.ui.drawing.lines import Ink, Line, Piece

_PLACES = 6
"""Digits of an offset, enough for 16 MB."""


class _Part(StrEnum):
    OUTSIDE = "outside"
    HEADER = "header"
    CONTENT = "content"


_INKS = {_Part.OUTSIDE: Ink.MUTED, _Part.HEADER: Ink.TITLE, _Part.CONTENT: Ink.CODE}
_OPENING = {_Part.HEADER: "[", _Part.CONTENT: "("}
_CLOSING = {_Part.HEADER: "]", _Part.CONTENT: ")"}


def octets_in_row(width: int) -> int:
    """Return how many octets a row of this width holds: sixteen, or eight where there is less room."""
    return 16 if width >= row_width(16) else 8


def row_width(count: int) -> int:
    """Return how wide a row of so many octets is."""
    return _PLACES + 3 + 4 * count


def octet_row(data: bytes, start: int, count: int, node: Node | None) -> Line:
    """Return the row of `count` octets at `start`: offset, hexadecimal, printable ASCII.

    The header of `node` stands in `[` and `]`, its content in `(` and `)`, in every row anew, besides their styles.
    """
    octets = data[start : start + count]
    pieces = [Piece(f"{start:0{_PLACES}x} ", Ink.MUTED)]
    before = _Part.OUTSIDE
    for offset, octet in enumerate(octets, start):
        part = _part(offset, node)
        pieces += [_between(before, part), Piece(f"{octet:02x}", _INKS[part])]
        before = part
    pieces.append(_between(before, _Part.OUTSIDE))
    pieces.append(Piece("   " * (count - len(octets)) + " "))
    pieces += [
        Piece(chr(octet) if 0x20 <= octet < 0x7F else ".", _INKS[_part(offset, node)])
        for offset, octet in enumerate(octets, start)
    ]
    return tuple(pieces)


def _part(offset: int, node: Node | None) -> _Part:
    if node is None or not node.offset <= offset < node.end:
        return _Part.OUTSIDE
    return _Part.HEADER if offset < node.content else _Part.CONTENT


def _between(before: _Part, after: _Part) -> Piece:
    """Return what stands between two octets: a space between those of the same part."""
    if before is after:
        return Piece(" ")
    if before is _Part.HEADER and after is _Part.CONTENT:
        return Piece("|", Ink.TITLE)
    part = before if after is _Part.OUTSIDE else after
    return Piece((_CLOSING if after is _Part.OUTSIDE else _OPENING)[part], Ink.TITLE)
