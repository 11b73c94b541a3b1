"""A line to type over the explorer; a mistake is explained beside it and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from certtui.ui.drawing.lines import Piece
from certtui.ui.screens.overlay import Dialog
from certtui.ui.widgets.text_line import TextLine

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Mistake:
    """Why what was typed cannot be used."""

    message: str


class PromptScreen(Dialog[Value | None], Generic[Value]):
    """Asks for a line that `accept` understands; None if the user leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", priority=True)]

    def __init__(
        self, title: str, hint: str, accept: Callable[[str], Value | Mistake], *, typed: str = ""
    ) -> None:
        super().__init__()
        self._title = title
        self._hint = hint
        self._accept = accept
        self._typed = typed

    def compose(self) -> ComposeResult:
        """Show the line, what may stand on it and what is wrong with it."""
        with Vertical(classes="dialog"):
            yield TextLine(self._typed, id="line")
            yield Static(Content(Piece(self._hint).text), markup=False, id="hint", classes="hint")
            yield Static("", markup=False, id="mistake")

    def on_mount(self) -> None:
        """Begin to type."""
        self.query_one(".dialog").border_title = Content(Piece(self._title).text)
        self.set_focus(self.query_one(Input))

    @on(Input.Submitted)
    def finish(self, event: Input.Submitted) -> None:
        """Leave with the value, or stay and say what is wrong."""
        event.stop()
        if not self.is_current:
            return  # answered already, by a key that came in with this one
        outcome = self._accept(event.value)
        if isinstance(outcome, Mistake):
            self.query_one("#mistake", Static).update(Content(Piece(outcome.message).text))
        else:
            self.dismiss(outcome)

    @on(Input.Changed)
    def forget_mistake(self) -> None:
        """What is being corrected is no mistake any more."""
        self.query_one("#mistake", Static).update("")

    def action_leave(self) -> None:
        """Give nothing."""
        self.dismiss(None)
