"""Who is told of a change: the user's command, with JSON on its standard input, and the desktop."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape

from certtui.core.document import SCHEMA_VERSION, Json, report_document
from certtui.core.report import Report
from certtui.core.text import shortened, visible
from certtui.watch.commands import CommandOutcome, NotRun, run_command

_MOST_TITLE = 100
_MOST_TEXT = 500
_DISPLAYS = ("WAYLAND_DISPLAY", "DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
_APPLE_SCRIPT = (
    "on run argv",
    "display notification (item 2 of argv) with title (item 1 of argv)",
    "end run",
)
"""The texts are its arguments: nothing in them is ever read as a script."""
_NOTIFYING_TERMINALS = ("iTerm.app", "WezTerm", "ghostty")
"""Terminals that show OSC 9 as a notification, as they call themselves in TERM_PROGRAM."""
_NOTIFYING_TERMS = ("xterm-kitty", "xterm-ghostty", "foot")
"""The same by the beginning of TERM."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A notification was handed to the terminal, which does not say whether it showed it."""


def change_document(target: str, sentences: Sequence[str], before: Report | None, after: Report) -> bytes:
    """Return what a hook is given: one line of JSON in ASCII, strings raw as observed."""
    document: dict[str, Json] = {
        "schema_version": SCHEMA_VERSION,
        "target": target,
        "changes": list(sentences),
        "before": report_document(before) if before is not None else None,
        "after": report_document(after),
    }
    return json.dumps(document, ensure_ascii=True).encode("ascii") + b"\n"


def desktop_notification(
    title: str,
    text: str,
    *,
    environment: Mapping[str, str],
    write_to_terminal: Callable[[str], object] | None = None,
) -> CommandOutcome | Sent:
    """Show a notification on the desktop by a command, else by the terminal, and say how it went; it may block.

    Over SSH only the terminal is asked: the desktop of the far machine is not the user's.
    """
    title = shortened(f"certtui: {visible(title)}", _MOST_TITLE)
    text = shortened(visible(text), _MOST_TEXT)
    command = notification_command(title, text, environment)
    if command is not None:
        return run_command(command)
    if write_to_terminal is not None and _terminal_notifies(environment):
        write_to_terminal(f"\x1b]9;{title}: {text}\x07")
        return Sent()
    return NotRun("there is no notify-send or osascript here, and this terminal is not known to notify")


def notification_command(title: str, text: str, environment: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the command that shows a notification here, None if there is none.

    notify-send takes a little markup in the text, which is escaped; `--` ends its options.
    """
    if environment.get("SSH_TTY") or environment.get("SSH_CONNECTION"):
        return None
    path = environment.get("PATH")
    notify_send = shutil.which("notify-send", path=path)
    if notify_send is not None and any(environment.get(name) for name in _DISPLAYS):
        return (notify_send, "--app-name=certtui", "--", title, escape(text, quote=False))
    osascript = shutil.which("osascript", path=path)
    if osascript is not None:
        script = (part for statement in _APPLE_SCRIPT for part in ("-e", statement))
        return (osascript, *script, title, text)
    return None


def _terminal_notifies(environment: Mapping[str, str]) -> bool:
    """Inside tmux and screen neither variable names the terminal around them, which would not be reached."""
    if environment.get("TMUX"):
        return False
    term = environment.get("TERM", "")
    return environment.get("TERM_PROGRAM") in _NOTIFYING_TERMINALS or term.startswith(_NOTIFYING_TERMS)
