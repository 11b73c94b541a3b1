"""What certtui remembers from one run to the next: hosts and choices. A damaged file is set aside."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import cast

from certtui.core.target import Target, TargetProblem, parse_target
from certtui.storage.places import set_aside, state_file, write_atomically
from certtui.storage.target_text import target_text

VERSION = 1
"""Of the file's layout; a file with a higher one was written by a newer certtui and is left to it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What is remembered."""

    targets: tuple[Target, ...] = ()
    """The hosts and files of the last session, in order."""
    order: str | None = None
    """How the hosts were sorted; None if nothing is remembered. Whoever sorts knows the words."""
    is_reversed: bool = False
    """Whether that order was turned round."""
    theme: str | None = None
    """The colours that were chosen."""
    server: str | None = None
    """The program that repairs are shown for."""
    note: str | None = None
    """What went wrong while it was read and what was done about it; raw text. It is never written."""


class _Damaged(Exception):
    """A state file that cannot be understood; never leaves this module."""


def load_state() -> State:
    """Return what is remembered; an unreadable file gives an empty state whose note says so.

    A damaged file is renamed to `state.json.damaged`, so that nothing is lost and the next run starts clean. A file
    of a newer certtui stays as it is.
    """
    path = state_file()
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return State()
    except OSError as error:
        return State(note=f"cannot read {path}: {error.strerror or error}")
    try:
        document = _document(content)
        if _is_newer(document):
            versions = f"version {document['version']}, but this one knows {VERSION}"
            return State(
                note=f"{path} is of a newer certtui ({versions}); it is left alone, nothing is remembered"
            )
        return _state(document)
    except _Damaged as damage:
        return State(note=f"{path} is damaged ({damage}); {set_aside(path)}")


def save_state(state: State) -> None:
    """Remember this; raise `OSError` if it cannot be written. A file of a newer certtui is left as it is.

    Of two that run at once, the one that saves last has the word: its list replaces the other's.
    """
    path = state_file()
    if _is_kept_by_newer():
        return
    document = {
        "version": VERSION,
        "hosts": [text for text in map(target_text, state.targets) if text is not None],
        "order": state.order,
        "reversed": state.is_reversed,
        "theme": state.theme,
        "server": state.server,
    }
    write_atomically(path, json.dumps(document, indent=1).encode("ascii") + b"\n")


def _is_kept_by_newer() -> bool:
    try:
        return _is_newer(_document(state_file().read_bytes()))
    except (OSError, _Damaged):
        return False


def _document(content: bytes) -> dict[str, object]:
    try:
        document: object = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _Damaged(str(error)) from None
    if not isinstance(document, dict):
        raise _Damaged("not what certtui writes")
    return cast("dict[str, object]", document)


def _is_newer(document: dict[str, object]) -> bool:
    version = document.get("version")
    return isinstance(version, int) and version > VERSION


def _state(document: dict[str, object]) -> State:
    match document:
        case {"version": int(), "hosts": [*hosts]}:
            parsed = (parse_target(host) for host in hosts if isinstance(host, str))
            targets = dict.fromkeys(t for t in parsed if not isinstance(t, TargetProblem))
        case _:
            raise _Damaged("not what certtui writes")
    return State(
        targets=tuple(targets),
        order=_text(document, "order"),
        is_reversed=document.get("reversed") is True,
        theme=_text(document, "theme"),
        server=_text(document, "server"),
    )


def _text(document: dict[str, object], name: str) -> str | None:
    """Return a remembered word; what is none is ignored, as a choice is no reason to give up the hosts."""
    value = document.get(name)
    return value if isinstance(value, str) and value else None
