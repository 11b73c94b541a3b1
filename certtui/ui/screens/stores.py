"""Who trusts this: each way to a root, and what each root store makes of that root, with dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType

from certtui.core.report import Report
from certtui.core.trust_matrix import Opinion, Trust, Way, trust_matrix
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Indented, Ink, Line, Piece, line, wrapped_all
from certtui.ui.keys import bindings
from certtui.ui.screens.page import PageScreen

_TRUST_INK = {
    Trust.HOLDS: Ink.GOOD,
    Trust.LACKS: Ink.ERROR,
    Trust.TAKES: Ink.GOOD,
    Trust.REFUSES: Ink.ERROR,
    Trust.UNDATED: Ink.MUTED,
    Trust.LEAVES: Ink.WARNING,
    Trust.OUTDATED: Ink.MUTED,
}
_BLANK: Indented = (line(), 0)


class StoresScreen(PageScreen):
    """The root stores of one host's paths."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.STORES, Where.PAGE)]

    def __init__(self, label: str, report: Report, glyphs: Glyphs) -> None:
        super().__init__()
        self._label = label
        self._glyphs = glyphs
        self._ways = trust_matrix(report)

    def heading(self) -> str:
        """Return the title."""
        return f"Who trusts {self._label}"

    def content(self, width: int) -> list[Line]:
        """Return the ways, the one that the verdict rests on first."""
        return wrapped_all(self._lines(), width)

    def _lines(self) -> Iterator[Indented]:
        if not self._ways:
            yield line(Piece("No certificate was seen, so there is no path to a root.", Ink.MUTED)), 0
            return
        count = len(self._ways)
        yield line(Piece("One path:" if count == 1 else f"{count} paths:", Ink.STRONG)), 0
        for number, way in enumerate(self._ways, 1):
            yield _BLANK
            yield from self._way(number, way)

    def _way(self, number: int, way: Way) -> Iterator[Indented]:
        taken = "  the verdict rests on this path" if way.is_taken else ""
        yield line(Piece(f"{number} {way.root}", Ink.TITLE), Piece(taken, Ink.MUTED)), 2
        names = [certificate.display_name for certificate in way.certificates]
        if names and names[-1] != way.root:
            names.append(way.root)
        yield line(Piece(f"  {f' {self._glyphs.leads_to} '.join(names)}")), 4
        yield line(Piece("  Here: ", Ink.MUTED), Piece(way.in_use)), 8
        if not way.is_whole:
            yield (
                line(
                    Piece("  The path breaks here: this issuer was not sent and is in no store.", Ink.ERROR)
                ),
                2,
            )
            yield line(Piece("  Who would trust it can be told once the server sends it.", Ink.MUTED)), 2
            return
        if not way.is_public:
            yield line(Piece("  No public store that certtui knows holds this root.", Ink.MUTED)), 2
            return
        longest = max(len(opinion.who) for opinion in way.opinions)
        for opinion in way.opinions:
            yield self._opinion(opinion, min(longest, 34))

    def _opinion(self, opinion: Opinion, width: int) -> Indented:
        sign = self._glyphs.trust(opinion.trust)
        return (
            line(
                Piece(f"  {sign} {opinion.who:<{width}}  "),
                Piece(f"{opinion.trust}", _TRUST_INK[opinion.trust]),
                Piece(f"  {opinion.detail}" if opinion.detail else "", Ink.MUTED),
            ),
            width + 6,
        )
