"""The keys of one page, over it, and below them the explorer's own and what its filter understands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from certtui.core.query import TERMS
from certtui.ui.bindings import Where
from certtui.ui.drawing.lines import Ink, Line, Piece, line, wrapped
from certtui.ui.keys import help_rows
from certtui.ui.screens.page import PageScreen

_KEY_WIDTH = 14


class KeysScreen(PageScreen):
    """The keys of a page."""

    def __init__(self, place: Where) -> None:
        super().__init__()
        self._place = place

    def heading(self) -> str:
        """Return the title."""
        return "Keys"

    def content(self, width: int) -> list[Line]:
        """Return a line for each action, place by place."""
        places = dict.fromkeys((self._place, Where.PAGE, Where.LIST, Where.MAIN))
        rows = [row for place in places for row in key_lines(place, width, self.app._keymap)]
        return [*rows, *term_lines(width)]

    def note(self) -> str:
        """Return what comes further down."""
        return "the explorer's own keys and the filter's terms are below"

    def action_keys(self) -> None:
        """Keys have no keys of their own to show."""
        self.dismiss(None)


def term_lines(width: int) -> Iterator[Line]:
    """Yield a heading and a line for each kind of term that the filter knows."""
    yield line(Piece("What the filter / understands; all terms must fit", Ink.TITLE))
    for kind in TERMS:
        example = Piece(f"  {kind.example}", Ink.CODE)
        pieces = line(Piece(f"  {kind.term:<{_KEY_WIDTH - 2}}", Ink.STRONG), Piece(kind.finds), example)
        yield from wrapped(pieces, width, _KEY_WIDTH)
    yield line()


def key_lines(place: Where, width: int, keymap: Mapping[str, str]) -> Iterator[Line]:
    """Yield a heading and a line for each action of a place."""
    yield line(Piece(place.value, Ink.TITLE))
    for keys, sentence in help_rows(place, keymap=keymap):
        pieces = line(Piece(f"  {keys:<{_KEY_WIDTH - 2}}", Ink.STRONG), Piece(sentence))
        yield from wrapped(pieces, width, _KEY_WIDTH)
    yield line()
