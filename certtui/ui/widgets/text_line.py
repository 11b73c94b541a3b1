"""A line to type or paste on: a paste of several lines is taken whole, and nothing pasted can act on the terminal."""

from __future__ import annotations

from textual import events
from textual.binding import Binding
from textual.widgets import Input

from certtui.core.text import visible


def as_one_line(pasted: str) -> str:
    """Return pasted text as words with spaces between, made safe to show."""
    return " ".join(visible(word) for word in pasted.split())


_EDITING = frozenset(
    key.strip() for each in Input.BINDINGS if isinstance(each, Binding) for key in each.key.split(",")
)
"""The keys that an input obeys as such; it would also scroll by arrows."""


class TextLine(Input):
    """Textual's input, but for what it does with a paste: it would keep the first line alone, escapes and all."""

    async def _on_key(self, event: events.Key) -> None:
        """Obey an editing key at once: Textual would do so after all keys that came in together with it."""
        own = self._bindings.key_to_bindings.get(event.key, [])
        if own and event.key in _EDITING and not event.is_printable:
            event.stop()
            event.prevent_default()
            await self.run_action(own[0].action)
        else:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(as_one_line(event.text), *self.selection)


class FilterLine(TextLine):
    """A line that is left by enter, escape and down; what is typed behind them is for what comes next."""

    def __init__(self, *, placeholder: str) -> None:
        super().__init__(id="filter", placeholder=placeholder, select_on_focus=False)
        self._is_left = False

    def on_focus(self) -> None:
        """Take what is typed from now on."""
        self._is_left = False

    async def _on_key(self, event: events.Key) -> None:
        if self._is_left:
            event.prevent_default()  # it goes on to the explorer, which hands it to where the focus is by then
            return
        self._is_left = event.key in ("enter", "escape", "down")
        await super()._on_key(event)
