"""The line of keys at the bottom: as many as fit, the most useful first, and a sign that there are more."""

from __future__ import annotations

from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.screen import Screen

from certtui.ui.drawing.lines import Ink, Line, Piece
from certtui.ui.keys import ACTIONS
from certtui.ui.widgets.line_view import LineView

_MORE = " …"
_RANKS = {action.id: rank for rank, action in enumerate(ACTIONS)}
"""The most useful first, as in the table of actions."""


class KeyLine(LineView, can_focus=False):
    """The keys of the screen that is open; a click presses the key, and one on the sign for more opens the palette."""

    BINDINGS: ClassVar[list[BindingType]] = []

    def __init__(self) -> None:
        super().__init__(id="keys")
        self._ends: list[tuple[int, str]] = []
        """For each key shown, the column where its words end, and the key."""

    def on_mount(self) -> None:
        """Follow what can be done now."""
        self.screen.bindings_updated_signal.subscribe(self, self.show_keys)

    def show_keys(self, screen: Screen[object]) -> None:
        """Show the keys of a screen."""
        if self.is_attached and screen is self.screen:
            self.set_lines([self._keys(self.size.width)])

    def on_resize(self, event: events.Resize) -> None:
        """Fit the keys to the new width."""
        super().on_resize(event)
        self.show_keys(self.screen)

    def _keys(self, width: int) -> Line:
        active = self.screen.active_bindings.values()
        offered = [(it.binding, it.enabled) for it in active if it.binding.show]
        offered.sort(key=lambda it: _RANKS.get(it[0].id or "", len(_RANKS)))
        pieces: list[Piece] = []
        self._ends, used, seen = [], 0, set[str]()
        for binding, enabled in offered:
            if binding.action in seen:
                continue
            seen.add(binding.action)
            key = f" {self.app.get_key_display(binding)}"
            words = f" {binding.description} "
            size = cell_len(key) + cell_len(words)
            if size > width - used - len(_MORE):
                break
            pieces += [Piece(key, Ink.TITLE if enabled else Ink.MUTED)]
            pieces += [Piece(words, Ink.PLAIN if enabled else Ink.MUTED)]
            used += size
            self._ends.append((used, binding.key))
        return (*pieces, Piece(_MORE, Ink.MUTED))

    def on_click(self, event: events.Click) -> None:
        """Press the key that was clicked."""
        event.stop()
        for end, key in self._ends:
            if event.x < end:
                self.app.simulate_key(key)
                return
        self.app.action_command_palette()
