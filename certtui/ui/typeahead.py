"""Keys typed ahead: each goes where the key before it leads. It knows no pane and no action.

Textual hands a key to whatever has the focus when the key comes in, and looks for bindings only after that. Keys that
come in one go, as over a slow line, would so reach the pane that the first of them leaves: of `/dq` the filter would
get nothing, the list would lose a host, and the explorer would end.
"""

from __future__ import annotations

from weakref import WeakKeyDictionary

from textual import events
from textual.app import App
from textual.widget import Widget


class TypeAhead(App[None]):
    """An application whose keys keep their order across changes of focus."""

    def __init__(self, *, ansi_color: bool | None = None) -> None:
        super().__init__(ansi_color=ansi_color)
        self._receivers: WeakKeyDictionary[events.Key, Widget] = WeakKeyDictionary()
        """What had the focus when a key came in."""
        self._held: list[events.Key] = []
        """Keys for a screen that is not open yet."""

    async def on_event(self, event: events.Event) -> None:
        """Note where a key goes at first."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self._receivers[event] = self._receiver
        await super().on_event(event)

    async def _on_key(self, event: events.Key) -> None:
        """Take a key that nothing wanted; what is bound to it is run after this, unless the focus has moved on."""
        if self._receivers.get(event, self._receiver) is self._receiver:
            return
        event.prevent_default()
        if self.screen.is_modal and self.focused is None:
            self._held.append(event)
        else:
            self._hand_on(event)

    def on_descendant_focus(self) -> None:
        """Let a screen that has just opened have what was typed for it."""
        held, self._held = self._held, []
        for event in held:
            self._hand_on(event)

    @property
    def _receiver(self) -> Widget:
        return self.focused or self.screen

    def _hand_on(self, event: events.Key) -> None:
        fresh = events.Key(event.key, event.character)
        self._receivers[fresh] = self._receiver
        self._receiver._forward_event(fresh)
