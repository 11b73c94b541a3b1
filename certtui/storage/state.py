"""What certtui remembers from one run to the next: the hosts. A damaged file is set aside, never an obstacle."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from certtui.core.target import FileTarget, HostTarget, Target, TargetProblem, parse_target
from certtui.storage.places import state_folder, write_atomically

VERSION = 1
"""Of the file's layout; a file with a higher one was written by a newer certtui and is set aside for it."""

_FILE_NAME = "state.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered."""

    targets: tuple[Target, ...] = ()
    """The hosts and files of the last session, in order."""
    note: str | None = None
    """What went wrong while it was read and what was done about it; raw text."""


class _Damaged(Exception):
    """A state file that cannot be understood; never leaves this module."""


def load_state() -> State:
    """Return what is remembered; an unreadable file gives an empty state whose note says so.

    A damaged file is renamed to `state.json.damaged`, so that nothing is lost and the next run starts clean.
    """
    path = state_folder() / _FILE_NAME
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return State()
    except OSError as error:
        return State(note=f"cannot read {path}: {error.strerror or error}")
    try:
        return State(targets=_parse(content))
    except _Damaged as damage:
        return State(note=f"{path} is damaged ({damage}); {_set_aside(path)}")


def save_state(targets: Sequence[Target]) -> None:
    """Remember these hosts and files; raise `OSError` if they cannot be written."""
    names = [text for text in map(_written, targets) if text is not None]
    document = {"version": VERSION, "hosts": names}
    write_atomically(state_folder() / _FILE_NAME, json.dumps(document, indent=1).encode("ascii") + b"\n")


def _parse(content: bytes) -> tuple[Target, ...]:
    try:
        document: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _Damaged(str(error)) from None
    match document:
        case {"version": int(version)} if version > VERSION:
            raise _Damaged(f"version {version}, but this certtui knows {VERSION}")
        case {"version": int(), "hosts": [*hosts]}:
            parsed = (parse_target(host) for host in hosts if isinstance(host, str))
            return tuple(dict.fromkeys(t for t in parsed if not isinstance(t, TargetProblem)))
    raise _Damaged("not what certtui writes")


def _written(target: Target) -> str | None:
    """Return what `parse_target` reads as this target wherever certtui is started; None if there is no such text."""
    if isinstance(target, HostTarget):
        return target.label
    absolute = FileTarget(path=os.path.abspath(os.path.expanduser(target.path)))
    text = "file://" + quote(absolute.path, errors="replace")
    return text if parse_target(text) == absolute else None


def _set_aside(path: Path) -> str:
    aside = path.with_name(f"{path.name}.damaged")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged-{number}")
        number += 1
    try:
        os.replace(path, aside)
    except OSError as error:
        return f"it could not be renamed: {error.strerror or error}"
    return f"it is kept as {aside}"
