"""The palette: every action of the screen that is open, by its name. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from textual.app import SystemCommand
from textual.screen import Screen

from certtui.ui.bindings import Action
from certtui.ui.keys import ACTIONS


def commands(screen: Screen[object]) -> Iterator[SystemCommand]:
    """Yield a command for each action that a key of this screen stands for, in the order of the table."""
    by_id = {action.id: action for action in ACTIONS}
    offered: dict[str, Action] = {}
    for _, binding, enabled, _ in screen.active_bindings.values():
        if enabled and binding.id in by_id:
            offered[binding.id] = by_id[binding.id]
    for action in ACTIONS:
        if action.id in offered and action.name != "app.command_palette":
            run = partial(screen.run_action, action.name)
            yield SystemCommand(action.label, f"{action.help} ({action.shown_key})", run)
