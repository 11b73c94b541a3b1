"""One table of actions: keys, footer, palette, help and documentation all come from it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from textual.binding import Binding


class Where(StrEnum):
    """Where an action's keys work."""

    MAIN = "main"
    """In the explorer, whichever pane has the focus."""
    LIST = "list"
    """In a list of lines that has the focus."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """Something a user can do."""

    name: str
    """What Textual calls: the method `action_<name>`."""
    keys: tuple[str, ...]
    """Textual's names of the keys; the first is the one that is shown."""
    shown_key: str
    label: str
    """One or two words for the footer."""
    help: str
    """A sentence for help, palette and documentation."""
    where: Where = Where.MAIN
    in_footer: bool = False
    always: bool = False
    """Whether it works while text is being typed too."""


ACTIONS: tuple[Action, ...] = (
    Action(
        name="help",
        keys=("question_mark", "f1"),
        shown_key="?",
        label="Help",
        in_footer=True,
        help="What the selected finding means, what it risks, how to repair it; and the keys",
    ),
    Action(
        name="filter",
        keys=("slash",),
        shown_key="/",
        label="Filter",
        in_footer=True,
        help="Show only hosts that match words; ! before a word turns it round",
    ),
    Action(
        name="copy_menu",
        keys=("y",),
        shown_key="y",
        label="Copy",
        in_footer=True,
        help="Copy PEM, fingerprint, names ... to the clipboard",
    ),
    Action(
        name="add",
        keys=("a",),
        shown_key="a",
        label="Add",
        in_footer=True,
        help="Add hosts, URLs, addresses or files",
    ),
    Action(
        name="refresh",
        keys=("r",),
        shown_key="r",
        label="Again",
        in_footer=True,
        help="Look at the selected host again",
    ),
    Action(name="leave", keys=("q",), shown_key="q", label="Quit", in_footer=True, help="Quit"),
    Action(
        name="app.quit",
        keys=("ctrl+q",),
        shown_key="ctrl+q",
        label="Quit",
        help="Quit from anywhere",
        always=True,
    ),
    Action(name="refresh_all", keys=("R",), shown_key="R", label="All again", help="Look at all hosts again"),
    Action(
        name="copy_pem",
        keys=("Y",),
        shown_key="Y",
        label="Copy PEM",
        help="Copy the selected certificate as PEM at once",
    ),
    Action(name="save", keys=("e",), shown_key="e", label="Save", help="Save PEM to a file"),
    Action(
        name="remove",
        keys=("d", "delete"),
        shown_key="d",
        label="Remove",
        help="Remove the selected host from the list; u brings it back",
    ),
    Action(
        name="undo",
        keys=("u",),
        shown_key="u",
        label="Undo",
        help="Bring back the host that was removed last",
    ),
    Action(
        name="failures_only",
        keys=("x",),
        shown_key="x",
        label="Failures",
        help="Show only hosts with an error or a warning, or all again",
    ),
    Action(name="sort_menu", keys=("s",), shown_key="s", label="Sort", help="Choose the order of the hosts"),
    Action(
        name="reverse", keys=("S",), shown_key="S", label="Reverse", help="Reverse the order of the hosts"
    ),
    Action(
        name="maximise", keys=("z",), shown_key="z", label="Zoom", help="Show one pane alone, or all again"
    ),
    Action(name="pane('hosts')", keys=("1",), shown_key="1", label="Hosts", help="Go to the hosts"),
    Action(name="pane('chain')", keys=("2",), shown_key="2", label="Chain", help="Go to the chain"),
    Action(name="pane('detail')", keys=("3",), shown_key="3", label="Detail", help="Go to the detail"),
    Action(name="next_pane", keys=("tab",), shown_key="tab", label="Next pane", help="Go to the next pane"),
    Action(
        name="previous_pane",
        keys=("shift+tab",),
        shown_key="shift+tab",
        label="Previous pane",
        help="Go to the pane before",
    ),
    Action(
        name="inward",
        keys=("enter", "right", "l"),
        shown_key="enter",
        label="Go in",
        help="Go one pane in: from the hosts to the chain to the detail",
    ),
    Action(
        name="outward",
        keys=("escape", "left", "h"),
        shown_key="esc",
        label="Go back",
        help="Go one pane back; from the hosts, clear the filter",
    ),
    Action(
        name="app.command_palette",
        keys=("colon", "ctrl+p"),
        shown_key=":",
        label="Palette",
        help="Find an action by its name",
    ),
    Action(name="up", keys=("up", "k"), shown_key="↑ k", label="Up", help="One line up", where=Where.LIST),
    Action(
        name="down", keys=("down", "j"), shown_key="↓ j", label="Down", help="One line down", where=Where.LIST
    ),
    Action(
        name="first",
        keys=("g", "home"),
        shown_key="g",
        label="First",
        help="To the first line",
        where=Where.LIST,
    ),
    Action(
        name="last", keys=("G", "end"), shown_key="G", label="Last", help="To the last line", where=Where.LIST
    ),
    Action(
        name="page_up",
        keys=("pageup", "ctrl+b"),
        shown_key="PgUp",
        label="Page up",
        help="One page up",
        where=Where.LIST,
    ),
    Action(
        name="page_down",
        keys=("pagedown", "ctrl+f", "space"),
        shown_key="PgDn",
        label="Page down",
        help="One page down",
        where=Where.LIST,
    ),
)
"""Every action, most useful first; the footer shows those marked for it in this order."""


def bindings(where: Where) -> list[Binding]:
    """Return Textual's bindings for the actions of one place."""
    return [
        Binding(
            ",".join(action.keys),
            action.name,
            action.label,
            show=action.in_footer,
            key_display=action.shown_key,
            priority=action.always,
            tooltip=action.help,
        )
        for action in ACTIONS
        if action.where is where
    ]


def help_rows() -> Iterator[tuple[str, str]]:
    """Yield key and sentence of every action, for help and documentation."""
    for action in ACTIONS:
        yield action.shown_key, action.help
