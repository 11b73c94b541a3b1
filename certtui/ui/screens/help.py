"""Help that repairs: what a finding means, what clients show, how to mend it; and the keys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.screen import ModalScreen

from certtui.core.clients import ClientVerdict, Stance
from certtui.core.finding import Finding
from certtui.core.knowledge import Block, CodeBlock, Item, Paragraph, page
from certtui.core.remedy import fill, values_of
from certtui.core.report import Report
from certtui.ui.describe import Indented, finding_lines
from certtui.ui.keys import help_rows
from certtui.ui.lines import Ink, Piece, line, wrapped_all
from certtui.ui.widgets.line_view import LineView

_BLANK: Indented = (line(), 0)
_STANCE_INK = {
    Stance.ACCEPTS: Ink.GOOD,
    Stance.REJECTS: Ink.ERROR,
    Stance.DEPENDS: Ink.WARNING,
    Stance.UNKNOWN: Ink.MUTED,
}


class HelpScreen(ModalScreen[None]):
    """The page of each finding of a report, one at a time, with this host's names filled in."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q,question_mark,f1", "leave", "Back"),
        Binding("n,right,tab", "turn(1)", "Next finding"),
        Binding("p,left,shift+tab", "turn(-1)", "Finding before"),
    ]

    def __init__(self, report: Report | None) -> None:
        super().__init__()
        self._report = report
        self._number = 0

    def compose(self) -> ComposeResult:
        """Show one pane of text."""
        yield LineView(id="help")

    def on_mount(self) -> None:
        """Begin with the gravest finding."""
        self.set_focus(self.query_one(LineView))

    def on_resize(self, _: events.Resize) -> None:
        """Wrap to the new width."""
        self.call_after_refresh(self._show)

    def action_leave(self) -> None:
        """Back to the explorer."""
        self.dismiss(None)

    def action_turn(self, step: int) -> None:
        """Turn to another finding."""
        findings = self._report.findings if self._report is not None else ()
        if findings:
            self._number = (self._number + step) % len(findings)
            self._show()
            self.query_one(LineView).scroll_to(y=0, animate=False)

    def _show(self) -> None:
        view = self.query_one(LineView)
        report = self._report
        findings = report.findings if report is not None else ()
        lines: list[Indented] = []
        if report is not None and findings:
            lines += finding_help(report, findings[self._number])
        lines += key_help()
        title = f"Help: finding {self._number + 1} of {len(findings)}" if findings else "Help: the keys"
        view.border_title = Content(title)
        view.border_subtitle = Content(
            "n next finding · p the one before · esc back" if findings else "esc back"
        )
        view.set_lines(wrapped_all(lines, max(20, view.scrollable_content_region.width)))


def finding_help(report: Report, finding: Finding) -> list[Indented]:
    """Return the page of a finding with this host's names, and what clients make of the host."""
    lines = list(finding_lines(report, finding))
    for section in fill(page(finding.code), values_of(report)).sections:
        lines += [_BLANK, (line(Piece(section.heading, Ink.TITLE)), 0)]
        lines += _block_lines(section.blocks)
        for recipe in section.recipes:
            lines += [_BLANK, (line(Piece(recipe.program, Ink.STRONG)), 0), *_block_lines(recipe.blocks)]
    lines += [_BLANK, (line(Piece("Who rejects this host", Ink.TITLE)), 0)]
    for verdict in report.clients:
        lines += _client_lines(verdict)
    lines.append(_BLANK)
    return lines


def key_help() -> Iterator[Indented]:
    """Yield the keys."""
    yield line(Piece("Keys", Ink.TITLE)), 0
    for key, sentence in help_rows():
        yield line(Piece(f"{key:>10}  ", Ink.STRONG), Piece(sentence)), 12


def _block_lines(blocks: tuple[Block, ...]) -> Iterator[Indented]:
    for block in blocks:
        match block:
            case Paragraph(text=text):
                yield line(*_inline(text)), 0
            case Item(text=text):
                yield line(Piece("• "), *_inline(text)), 2
            case CodeBlock(text=text):
                for row in text.splitlines():
                    yield line(Piece(f"  {row}", Ink.CODE)), 4


def _inline(text: str) -> Iterator[Piece]:
    """Code between backticks is the pages' only markup."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield Piece(part, Ink.CODE if number % 2 else Ink.PLAIN)


def _client_lines(verdict: ClientVerdict) -> Iterator[Indented]:
    shown = f"  {verdict.shows}" if verdict.shows else ""
    note = f"  {verdict.note}" if verdict.note else ""
    yield (
        line(
            Piece(f"  {verdict.client:<10}"),
            Piece(f"{verdict.stance:<8}", _STANCE_INK[verdict.stance]),
            Piece(f"{shown}{note}"),
            Piece(f"  ({verdict.basis})", Ink.MUTED),
        ),
        22,
    )
