"""Who rejects this: each client's verdict, the code that it shows, and what it would show next."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual.binding import BindingType

from certtui.core.clients import ClientVerdict, Stance, Step, steps_to_acceptance
from certtui.core.moments import moment
from certtui.core.report import Report
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Indented, Ink, Line, Piece, line, wrapped_all
from certtui.ui.keys import bindings
from certtui.ui.screens.page import PageScreen

_STANCE_INK = {
    Stance.ACCEPTS: Ink.GOOD,
    Stance.REJECTS: Ink.ERROR,
    Stance.DEPENDS: Ink.WARNING,
    Stance.UNKNOWN: Ink.MUTED,
}
_CLIENT_WIDTH = 12
_INDENT = _CLIENT_WIDTH + 12
_BLANK: Indented = (line(), 0)


class ClientsScreen(PageScreen):
    """The clients of one host."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.CLIENTS, Where.PAGE)]

    def __init__(self, label: str, report: Report, glyphs: Glyphs) -> None:
        super().__init__()
        self._label = label
        self._report = report
        self._glyphs = glyphs

    def heading(self) -> str:
        """Return the title."""
        return f"Who rejects {self._label}"

    def content(self, width: int) -> list[Line]:
        """Return the clients, those that refuse first."""
        return wrapped_all(self._lines(), width)

    def _lines(self) -> Iterator[Indented]:
        if not self._report.chain:
            yield line(Piece("No certificate was seen, so no client was asked about one.", Ink.MUTED)), 0
            return
        verdicts = self._report.clients
        yield (
            line(Piece(_summary(verdicts), Ink.STRONG), Piece(f"  {moment(self._report.now)}", Ink.MUTED)),
            0,
        )
        yield _BLANK
        yield (
            line(
                Piece(
                    "Where a client names one fault and hides the rest, the numbers say what it shows first, and "
                    "what comes after each repair.",
                    Ink.MUTED,
                )
            ),
            0,
        )
        yield _BLANK
        steps = steps_to_acceptance(self._report.findings)
        ranked = sorted(verdicts, key=lambda verdict: _ORDER.index(verdict.stance))
        for verdict in ranked:
            yield from self._client(verdict, steps[verdict.client])

    def _client(self, verdict: ClientVerdict, steps: tuple[Step, ...]) -> Iterator[Indented]:
        first, *later = steps or (None,)
        said = _step(first, 1 if later else None) if first is not None else verdict.shows or ""
        if verdict.stance is Stance.DEPENDS and verdict.shows:
            said = f"if it refuses: {verdict.shows}"
        yield (
            line(
                Piece(
                    f"{self._glyphs.stance(verdict.stance)} {verdict.client:<{_CLIENT_WIDTH - 2}}", Ink.STRONG
                ),
                Piece(f"{verdict.stance:<{_INDENT - _CLIENT_WIDTH}}", _STANCE_INK[verdict.stance]),
                Piece(said),
            ),
            _INDENT,
        )
        margin = " " * _INDENT
        for number, step in enumerate(later, 2):
            yield line(Piece(f"{margin}{_step(step, number)}")), _INDENT + 2
        if verdict.note and all(step.is_order_known for step in steps):
            yield line(Piece(f"{margin}{verdict.note}")), _INDENT
        yield line(Piece(f"{margin}{verdict.basis}", Ink.MUTED)), _INDENT


_ORDER = (Stance.REJECTS, Stance.DEPENDS, Stance.UNKNOWN, Stance.ACCEPTS)


def _step(step: Step, number: int | None) -> str:
    codes = ", ".join(step.codes)
    said = f"{step.shows}  for {codes}" if step.shows else f"for {codes}"
    if not step.is_order_known:
        said += "; which of these it shows first is not known"
    elif step.shows is None:
        said += "; what it shows is not known"
    return f"{number} {said}" if number is not None else said


def _summary(verdicts: tuple[ClientVerdict, ...]) -> str:
    counted = [(stance, sum(verdict.stance is stance for verdict in verdicts)) for stance in _ORDER]
    words = {
        Stance.REJECTS: "reject it",
        Stance.DEPENDS: "may: it depends on what is said beside each",
        Stance.UNKNOWN: "have not been looked at",
        Stance.ACCEPTS: "accept it",
    }
    said = ", ".join(f"{count} {words[stance]}" for stance, count in counted if count)
    return f"Of {len(verdicts)} clients {said}."
