"""A line to type or paste on: a paste of several lines is taken whole, and nothing pasted can act on the terminal."""

from __future__ import annotations

from textual import events
from textual.widgets import Input

from certtui.core.text import visible


def as_one_line(pasted: str) -> str:
    """Return pasted text as words with spaces between, made safe to show."""
    return " ".join(visible(word) for word in pasted.split())


class TextLine(Input):
    """Textual's input, but for what it does with a paste: it would keep the first line alone, escapes and all."""

    async def _on_key(self, event: events.Key) -> None:
        """Obey an editing key at once: Textual would do so after all keys that came in together with it."""
        own = self._bindings.key_to_bindings.get(event.key, [])
        if own and not event.is_printable:
            event.stop()
            event.prevent_default()
            await self.run_action(own[0].action)
        else:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        event.prevent_default()
        event.stop()
        self.replace(as_one_line(event.text), *self.selection)
