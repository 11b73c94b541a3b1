"""Help that repairs: what a finding means and how to mend it on the user's server, with commands to copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import BindingType

from certtui.core.catalogue import Code
from certtui.core.finding import Finding
from certtui.core.remedy import NOTHING_KNOWN, values_of
from certtui.core.report import Report
from certtui.core.text import shortened
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.help_page import HelpPage, help_page
from certtui.ui.drawing.lines import Ink, Line, Piece, line, wrapped_all
from certtui.ui.keys import bindings, shown_key
from certtui.ui.messages import CopyAsked, ServerChosen
from certtui.ui.screens.keys import key_lines, term_lines
from certtui.ui.screens.page import PageScreen
from certtui.ui.widgets.line_view import LineView

_MOST_SHOWN = 40
"""Characters of a command that are told when it is copied."""
_MOST_COLUMNS = 100
"""Longer lines are hard to read."""


class _HelpView(LineView):
    """The page; a click on a command copies it."""

    def on_click(self, event: events.Click) -> None:
        """Tell the screen which line was clicked."""
        screen = self.screen
        if isinstance(screen, HelpScreen):
            screen.copy_at(event.y - self.gutter.top + self.scroll_offset.y)


class HelpScreen(PageScreen):
    """The page of each finding of a report, one at a time, with this host's names filled in."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.HELP, Where.PAGE)]
    PLACE = Where.HELP

    def __init__(
        self,
        report: Report | None,
        glyphs: Glyphs,
        *,
        server: str | None,
        code: Code | None = None,
        label: str | None = None,
    ) -> None:
        """Prepare help for a report's findings, or for one `code` whatever the report; `label` names the host."""
        super().__init__()
        self._report = report
        self._glyphs = glyphs
        self._server = server
        self._code = code
        self._label = label
        self._number = 0
        self._command: int | None = None
        """The command that is marked, None for none yet."""
        self._page = HelpPage(lines=(), commands=())
        self._rows: list[tuple[int | None, Line]] = []
        """Each wrapped line with the number of the command that it is part of."""

    @property
    def _findings(self) -> Sequence[Finding]:
        return self._report.findings if self._report is not None and self._code is None else ()

    def make_view(self) -> LineView:
        """Return a pane whose commands can be clicked."""
        return _HelpView(id="page", classes="page")

    def heading(self) -> str:
        """Return which finding this is about."""
        if self._code is not None:
            return f"Help: {self._code}"
        count = len(self._findings)
        return f"Help: finding {self._number + 1} of {count}" if count else "Help: the keys"

    def note(self) -> str:
        """Return what server the commands are for."""
        if not self._page.commands:
            return f"{shown_key('page.keys', self.app._keymap)} keys"
        key, keys = (shown_key(name, self.app._keymap) for name in ("help.server", "page.keys"))
        return f"commands for {self._server or 'every server'}: {key} changes that · {keys} keys"

    def content(self, width: int) -> list[Line]:
        """Return the page with the marked command's sign."""
        width = min(width, _MOST_COLUMNS)
        if self._code is None and not self._findings:
            return self._without_findings(width)
        self._rows = [
            (command, row)
            for text_line, indent, command in self._page.lines
            for row in wrapped_all([(text_line, indent)], width - 1)
        ]
        return [self._signed(command, row) for command, row in self._rows]

    def _without_findings(self, width: int) -> list[Line]:
        if self._report is not None:
            said = "No fault was found on this host."
        else:
            said = f"{self._label} has not been looked at yet." if self._label else "No host is selected."
        return [
            line(Piece(f"{said} l lists all findings that there are.", Ink.MUTED)),
            line(),
            *key_lines(Where.MAIN, width, self.app._keymap),
            *key_lines(Where.LIST, width, self.app._keymap),
            *term_lines(width),
        ]

    def _signed(self, command: int | None, row: Line) -> Line:
        is_marked = command is not None and command == self._command
        return (Piece(self._glyphs.cursor if is_marked else " ", Ink.STRONG), *row)

    def show(self) -> None:
        """Fill the page in anew and show it."""
        code = self._code or (self._findings[self._number].code if self._findings else None)
        if code is not None:
            values = values_of(self._report) if self._report is not None else NOTHING_KNOWN
            finding = self._findings[self._number] if self._findings else None
            self._page = help_page(code, values, self._server, report=self._report, finding=finding)
        super().show()
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Grey out what cannot be done here."""
        if action in ("next_finding", "previous_finding"):
            return None if len(self._findings) < 2 else True
        if action in ("copy_command", "next_command", "previous_command"):
            return True if self._page.commands else None
        return True

    def action_next_finding(self) -> None:
        """Turn to the next finding, from the last to the first."""
        self._turn(1)

    def action_previous_finding(self) -> None:
        """Turn to the finding before, from the first to the last."""
        self._turn(-1)

    def _turn(self, step: int) -> None:
        if self._findings:
            self._number = (self._number + step) % len(self._findings)
            self._command = None
            self.show()
            self.view.scroll_to(y=0, animate=False)

    def action_next_command(self) -> None:
        """Mark the next command."""
        self._mark(0 if self._command is None else self._command + 1)

    def action_previous_command(self) -> None:
        """Mark the command before."""
        self._mark(-1 if self._command is None else self._command - 1)

    def _mark(self, number: int) -> None:
        if self._page.commands:
            self._command = number % len(self._page.commands)
            self.show()
            first = next(at for at, (command, _) in enumerate(self._rows) if command == self._command)
            self.view.scroll_to(y=max(0, first - 2), animate=False)

    def action_copy_command(self) -> None:
        """Copy the marked command, else the first."""
        if self._page.commands:
            if self._command is None:
                self._mark(0)
            command = self._page.commands[self._command or 0]
            first = shortened(command.splitlines()[0], _MOST_SHOWN)
            self.post_message(CopyAsked(command, f"command “{first}”"))

    def copy_at(self, position: int) -> None:
        """Mark and copy the command on a line, if there is one."""
        command = self._rows[position][0] if 0 <= position < len(self._rows) else None
        if command is not None:
            self._command = command
            self.show()
            self.action_copy_command()

    def action_server(self) -> None:
        """Ask what server the commands are for."""
        from certtui.ui.screens import dialogs  # none is needed before

        dialogs.ask_for_server(self.app, self._server, self._serve)

    def _serve(self, chosen: tuple[str | None] | None) -> None:
        if chosen is not None:
            (self._server,) = chosen
            self._command = None
            self.post_message(ServerChosen(self._server))
            self.show()
            self._mark(0)

    def action_findings(self) -> None:
        """List all findings that there are."""
        from certtui.ui.screens.findings import FindingsScreen  # it opens pages of this kind

        self.app.push_screen(FindingsScreen(self._glyphs, server=self._server, report=self._report))

    def action_search(self) -> None:
        """Search for a word or an error text."""
        from certtui.ui.screens.findings import search  # it opens pages of this kind

        search(self.app, self._glyphs, server=self._server, report=self._report)
