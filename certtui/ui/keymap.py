"""The user's own keys: checked before the explorer opens, since a clash would make an action vanish without a word."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from textual.keys import KEY_TO_UNICODE_NAME, Keys, _character_to_key

from certtui.ui.bindings import Action, Where, shown
from certtui.ui.keys import ACTIONS, actions_of

_MODIFIERS = frozenset({"ctrl", "shift", "alt", "super", "meta", "hyper"})
_NAMED = frozenset({*(key.value for key in Keys), *KEY_TO_UNICODE_NAME})
_NOT_TO_BE_HAD = {
    "ctrl+i": "terminals send tab for it",
    "ctrl+m": "terminals send enter for it",
    "ctrl+h": "terminals send backspace for it",
    "ctrl+left_square_bracket": "terminals send escape for it",
    "ctrl+c": "it interrupts",
}
_CHARACTERS = frozenset(_character_to_key(chr(code)) for code in range(0x20, 0x7F))
_TOGETHER: Mapping[Where, tuple[Where, ...]] = {
    where: ((where, Where.LIST) if where in (Where.MAIN, Where.PAGE) else (where, Where.PAGE, Where.LIST))
    for where in Where
}
"""The places whose keys work at the same time."""


def keymap_of(keys: Mapping[str, Sequence[str]]) -> tuple[Mapping[str, str], tuple[str, ...]]:
    """Return Textual's keymap of an action's id to its keys, and what is wrong with them.

    A problem begins with the action's id and says what is wrong and what to do.
    """
    keymap: dict[str, str] = {}
    problems: list[str] = []
    known = {action.id for action in ACTIONS}
    for name, wished in keys.items():
        if name not in known:
            problems.append(f"{name}: there is no such action{_meant(name, known)}; docs/keys.md lists them")
            continue
        unknown = [key for key in wished if _normal(key) is None]
        problems += [
            f"{name}: {key!r} is no key: write x, X, ctrl+x, f5, space or the like" for key in unknown
        ]
        taken = [key for key in wished if (_normal(key) or "") in _NOT_TO_BE_HAD]
        problems += [
            f"{name}: {key} is not to be had: {_NOT_TO_BE_HAD[_normal(key) or '']}; choose another"
            for key in taken
        ]
        if not unknown and not taken and wished:
            keymap[name] = ",".join(filter(None, map(_normal, wished)))
    return keymap, (*problems, *_clashes(keymap))


def _meant(name: str, known: set[str]) -> str:
    import difflib  # seldom needed, and not quick to import

    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]}?" if near else ""


def _normal(key: str) -> str | None:
    """Return a key by Textual's name for it, None if it is none."""
    *modifiers, last = key.strip().split("+") if key.strip() != "+" else ["+"]
    if not last or not set(modifiers) <= _MODIFIERS:
        return None
    if len(last) == 1:
        return "+".join((*modifiers, _character_to_key(last)))
    return "+".join((*modifiers, last)) if last in _NAMED or last in _CHARACTERS else None


def _clashes(keymap: Mapping[str, str]) -> Iterator[str]:
    """Yield where the user's keys take one away from another action that works at the same time."""
    told: set[tuple[str, str]] = set()
    for places in _TOGETHER.values():
        owners: dict[str, Action] = {}
        for action in (action for where in places for action in actions_of(where)):
            own = keymap.get(action.id)
            for key in own.split(",") if own is not None else action.keys:
                other = owners.setdefault(key, action)
                clash = (other.id, action.id)
                # A page may do in its own way what every page does.
                if other.name != action.name and {*clash} & {*keymap} and clash not in told:
                    told.add(clash)
                    mine, theirs = clash if clash[0] in keymap else (clash[1], clash[0])
                    yield f"{mine}: {shown(key)} is {theirs}'s key too; give one of them another"
