"""The palette: every action of the screen that is open, by its name. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import App, SystemCommand
from textual.command import CommandPalette
from textual.screen import Screen

from certtui.ui.keys import ACTIONS, shown_keys
from certtui.ui.screens.overlay import ClosesOnce


class Palette(CommandPalette, ClosesOnce[None]):
    """Textual's palette, but for keys that come in together: it would end the program over them."""

    def _action_command_list(self, action: str) -> None:
        try:
            super()._action_command_list(action)
        except KeyError:
            pass  # the list has not been laid out yet, so that there is no line to go to


def commands(app: App[None], screen: Screen[object]) -> Iterator[SystemCommand]:
    """Yield a command for each action that a key of this screen stands for, in the order of the table."""
    places = {}
    for node, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.id is not None:
            places[binding.id] = node
    for action in ACTIONS:
        if action.id in places and action.name != "app.command_palette":
            run = partial(app.run_action, action.name, places[action.id])
            yield SystemCommand(action.label, f"{action.help} ({shown_keys(action, app._keymap)})", run)
