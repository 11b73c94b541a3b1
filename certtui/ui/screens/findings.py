"""All findings that there are, or those that a text may mean; each opens its page."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from textual import on
from textual.app import App
from textual.binding import BindingType

from certtui.core.catalogue import BADGES, CATALOGUE, Category, Code, Severity
from certtui.core.report import Report
from certtui.core.symptoms import likely_meanings
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line
from certtui.ui.drawing.render import SEVERITY_INK
from certtui.ui.keys import bindings
from certtui.ui.screens.page import PageScreen
from certtui.ui.widgets.line_view import LineList, LineView

Entry = tuple[Code | None, Line]
"""A line, and the finding that it opens."""


class FindingsScreen(PageScreen):
    """A list of findings to read at leisure."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.FINDINGS, Where.PAGE)]
    PLACE = Where.FINDINGS

    def __init__(
        self, glyphs: Glyphs, *, server: str | None, report: Report | None, searched: str | None = None
    ) -> None:
        """Prepare the list of all findings, or of those that `searched` may mean."""
        super().__init__()
        self._glyphs = glyphs
        self._server = server
        self._report = report
        self._searched = searched
        self._entries = list(_found(searched) if searched is not None else _all(glyphs))

    def make_view(self) -> LineView:
        """Return a pane with a cursor."""
        return _FindingList(id="page", classes="page")

    def heading(self) -> str:
        """Return what is listed."""
        return "All findings" if self._searched is None else f"What may be meant by: {self._searched}"

    def content(self, width: int) -> list[Line]:
        """Return a line for each finding."""
        view = self.view
        cursor = view.cursor if isinstance(view, LineList) else 0
        return [
            (Piece(self._glyphs.cursor if at == cursor else " ", Ink.STRONG), *entry)
            for at, (_, entry) in enumerate(self._entries)
        ]

    @on(LineList.CursorMoved)
    def follow(self) -> None:
        """Move the cursor's sign."""
        self.show()

    @on(LineList.Chosen)
    def action_open(self) -> None:
        """Open the page of the finding under the cursor."""
        from certtui.ui.screens.help import HelpScreen  # it opens lists of this kind

        view = self.view
        code = self._entries[view.cursor][0] if isinstance(view, LineList) else None
        if code is not None and self.is_current:
            screen = HelpScreen(self._report, self._glyphs, server=self._server, code=code)
            self.app.push_screen(screen)

    def action_search(self) -> None:
        """Search for a word or an error text."""
        search(self.app, self._glyphs, server=self._server, report=self._report)


def search(app: App[None], glyphs: Glyphs, *, server: str | None, report: Report | None) -> None:
    """Ask for a word or an error text, and list the findings that it may mean."""
    from certtui.ui.screens import dialogs  # none is needed before

    def found(text: str | None) -> None:
        if text:
            app.push_screen(FindingsScreen(glyphs, server=server, report=report, searched=text))

    dialogs.ask_for_error(app, found)


class _FindingList(LineList):
    """The findings."""

    CHOOSES_AT_ONCE = True


def _all(glyphs: Glyphs) -> Iterator[Entry]:
    for category in Category:
        codes = [code for code, entry in CATALOGUE.items() if entry.category is category]
        if codes:
            badge = BADGES[category]
            yield None, line(Piece(f"{glyphs.badge(badge)} {badge.word}", Ink.TITLE))
            yield from ((code, _entry(code)) for code in codes)


def _found(text: str) -> Iterator[Entry]:
    meanings = likely_meanings(text)
    for meaning in meanings:
        shown_by = ", ".join(meaning.clients)
        yield meaning.code, line(*_entry(meaning.code), Piece(f"  {shown_by}", Ink.MUTED))
    known = {meaning.code for meaning in meanings}
    words = text.lower().split()
    rest = [
        code
        for code, entry in CATALOGUE.items()
        if code not in known and all(word in f"{code} {entry.title}".lower() for word in words)
    ]
    yield from ((code, _entry(code)) for code in rest)
    if not meanings and not rest:
        yield (
            None,
            line(Piece("Nothing is known of this text. Try the name or the number of the error.", Ink.MUTED)),
        )


def _entry(code: Code) -> Line:
    entry = CATALOGUE[code]
    ink = SEVERITY_INK[entry.severity]
    severity = "" if entry.severity is Severity.ERROR else f"  {entry.severity}"
    return line(Piece(f" {code:<29}", ink), Piece(entry.title), Piece(severity, Ink.MUTED))
