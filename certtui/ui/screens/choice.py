"""A small menu over the explorer: one line a choice, by letter, by cursor or by mouse."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from certtui.ui.drawing.lines import Ink, Piece, line
from certtui.ui.screens.overlay import Dialog
from certtui.ui.widgets.line_view import LineList

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Choice(Generic[Value]):
    """One line of a menu."""

    letter: str
    label: str
    value: Value


class _Menu(LineList):
    """The choices."""

    CHOOSES_AT_ONCE = True


class ChoiceScreen(Dialog[Value | None], Generic[Value]):
    """Asks for one of several values; None if the user leaves."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,q", "leave", "Leave"),
        Binding("enter", "choose", "Choose"),
    ]

    def __init__(self, title: str, choices: Sequence[Choice[Value]]) -> None:
        super().__init__()
        self._title = title
        self._choices = choices

    def compose(self) -> ComposeResult:
        """Show the choices and how to leave."""
        with Vertical(classes="dialog"):
            yield _Menu(id="menu")
            yield Static("enter or a letter chooses, esc leaves", markup=False, classes="hint")

    def on_mount(self) -> None:
        """Fill the menu."""
        self.query_one(".dialog").border_title = Content(Piece(self._title).text)
        menu = self.query_one(_Menu)
        menu.styles.height = len(self._choices)
        menu.set_lines([line(Piece(f"{c.letter:>2} ", Ink.STRONG), Piece(c.label)) for c in self._choices])
        self.set_focus(menu)

    def on_key(self, event: events.Key) -> None:
        """A choice's own letter chooses it."""
        for choice in self._choices:
            if choice.letter and event.character == choice.letter:
                event.stop()
                self.dismiss(choice.value)
                return

    @on(LineList.Chosen)
    def action_choose(self) -> None:
        """Choose what the cursor is on."""
        self.dismiss(self._choices[self.query_one(_Menu).cursor].value)

    def action_leave(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
