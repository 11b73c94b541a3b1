"""What an action is, and how it becomes a key, a line of help and a name in the palette. The table is in `keys.py`."""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Where(StrEnum):
    """Where an action's keys work; the value is the heading that help and documentation give it."""

    MAIN = "In the explorer"
    LIST = "In every list and text"
    PAGE = "On every page over the explorer"
    HELP = "In help"
    FINDINGS = "In a list of findings"
    COMPARE = "While comparing"
    CLIENTS = "Who rejects this"
    STORES = "Who trusts this"
    INSIDE = "Inside a certificate"
    HISTORY = "In a host's history"
    TIMELINE = "In the timeline of expiries"
    TIME_MACHINE = "In the time machine"
    LOG = "In the log of changes"


_SHOWN = {
    "question_mark": "?",
    "slash": "/",
    "colon": ":",
    "escape": "esc",
    "vertical_line": "|",
    "left_square_bracket": "[",
    "right_square_bracket": "]",
    "left_curly_bracket": "{",
    "right_curly_bracket": "}",
    "plus": "+",
    "minus": "-",
    "up": "↑",
    "down": "↓",
    "left": "←",
    "right": "→",
    "pageup": "PgUp",
    "pagedown": "PgDn",
}


def shown(key: str) -> str:
    """Return one of Textual's key names as people write it."""
    return _SHOWN.get(key, key)


class Action(NamedTuple):
    """Something a user can do."""

    where: Where
    name: str
    """What Textual calls: the method `action_<name>`, perhaps with arguments."""
    keys: tuple[str, ...]
    """Textual's names of the keys; the first is the one that is shown."""
    label: str
    """One or two words for the footer."""
    help: str
    """A sentence for help, palette and documentation."""
    in_footer: bool = False
    always: bool = False
    """Whether it works while text is being typed too."""

    @property
    def shown_key(self) -> str:
        """The key as people write it."""
        return shown(self.keys[0])

    @property
    def id(self) -> str:
        """What the settings' table `[keys]` calls it: `filter`, `pane-hosts`, `compare.swap`."""
        slug = self.name.removeprefix("app.")
        for old, new in (("('", "-"), ("')", ""), ("(-", "-back-"), ("(", "-"), (")", ""), ("_", "-")):
            slug = slug.replace(old, new)
        return slug if self.where is Where.MAIN else f"{self.where.name.lower().replace('_', '-')}.{slug}"
