"""Styled lines: text in named styles, wrapped to a width. Every piece is safe to show by construction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from itertools import groupby

from rich.cells import cell_len, chop_cells, set_cell_size

from certtui.core.text import visible


class Ink(StrEnum):
    """The named styles that `certtui.tcss` gives a look."""

    PLAIN = "plain"
    STRONG = "strong"
    MUTED = "muted"
    TITLE = "title"
    ERROR = "error"
    WARNING = "warning"
    NOTICE = "notice"
    GOOD = "good"
    STRUCK = "struck"
    GHOST = "ghost"
    CODE = "code"


class Piece:
    """A run of text in one style. The text passes `visible` here, the one way onto the screen."""

    __slots__ = ("ink", "text")

    def __init__(self, text: str, ink: Ink = Ink.PLAIN) -> None:
        self.text = visible(text)
        self.ink = ink

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Piece) and (self.text, self.ink) == (other.text, other.ink)

    def __hash__(self) -> int:
        return hash((self.text, self.ink))

    def __repr__(self) -> str:
        return f"Piece({self.text!r}, {self.ink})"


Line = tuple[Piece, ...]
Indented = tuple[Line, int]
"""A line, and how far what does not fit on it is indented."""


def line(*pieces: Piece | str) -> Line:
    """Return a line of pieces; a plain string is plain text."""
    return tuple(piece if isinstance(piece, Piece) else Piece(piece) for piece in pieces)


def plain(text_line: Line) -> str:
    """Return the text of a line."""
    return "".join(piece.text for piece in text_line)


def width_of(text_line: Line) -> int:
    """Return how many terminal cells a line takes."""
    return sum(cell_len(piece.text) for piece in text_line)


def fitted(text: str, width: int) -> str:
    """Return `text`, made safe, in exactly `width` cells: padded, or cut with `…`."""
    shown = visible(text)
    if cell_len(shown) <= width:
        return set_cell_size(shown, width)
    return set_cell_size(shown, width - 1) + "…" if width > 0 else ""


def wrapped(text_line: Line, width: int, indent: int = 0) -> list[Line]:
    """Return a line broken at spaces to `width` cells, what follows the first indented by `indent`.

    Words that are wider than a line, such as fingerprints, are broken where they must be.
    """
    if width_of(text_line) <= width:
        return [text_line]
    margin = Piece(" " * indent)
    rows: list[list[Piece]] = [[]]
    used = 0
    for piece in text_line:
        for word in _words(piece.text):
            for part in _parts(word, max(8, width - indent)):
                if used + cell_len(part.rstrip()) > width and used > (indent if len(rows) > 1 else 0):
                    rows.append([margin])
                    used = indent
                    part = part.lstrip()
                rows[-1].append(Piece(part, piece.ink))
                used += cell_len(part)
    return [_joined(row) for row in rows]


def _joined(pieces: list[Piece]) -> Line:
    """Return neighbours of the same style as one, without spaces at the end: a screen paints runs, not words."""
    runs: list[Piece] = []
    for ink, group in groupby(pieces, key=lambda piece: piece.ink):
        runs.append(Piece("".join(piece.text for piece in group), ink))
    if runs:
        runs[-1] = Piece(runs[-1].text.rstrip(" "), runs[-1].ink)
    return tuple(runs)


def wrapped_all(lines: Iterable[Indented], width: int) -> list[Line]:
    """Return all lines, each with its own indent, wrapped to `width`."""
    return [row for text_line, indent in lines for row in wrapped(text_line, width, indent)]


def _words(text: str) -> list[str]:
    """Split after each run of spaces, so that joining the words gives the text again."""
    words: list[str] = []
    start = 0
    for position in range(1, len(text)):
        if text[position - 1] == " " and text[position] != " ":
            words.append(text[start:position])
            start = position
    return [*words, text[start:]]


def _parts(word: str, width: int) -> Sequence[str]:
    return [word] if cell_len(word.rstrip()) <= width else chop_cells(word, width)
