"""A table of TOML, read key by key: values are asked for by kind, and what is wrong is noted with what is right."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from certtui.core.text import shortened
from certtui.storage.durations import parse_duration

Table = dict[str, object]
KeyPath = tuple[str, ...]
"""A key with the tables that it is in, outermost first."""

_PART = r"(?:\"(?:[^\"\\]|\\.)*\"|'[^']*'|[A-Za-z0-9_-]+)"
_DOTTED = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = re.compile(rf"[ \t]*\[\[?[ \t]*({_DOTTED})[ \t]*\]")
_ASSIGNMENT = re.compile(rf"[ \t]*({_DOTTED})[ \t]*=")


@dataclass(frozen=True, slots=True)
class Wrong:
    """A key that must not be, or a value that it must not have."""

    key: KeyPath
    message: str


class SettingsReader:
    """Reads one table; what it is asked for is what is allowed."""

    def __init__(self, table: Table, place: KeyPath = (), wrongs: list[Wrong] | None = None) -> None:
        self._table = table
        self._place = place
        self._asked: list[str] = []
        self.wrongs: list[Wrong] = wrongs if wrongs is not None else []
        """All that was wrong so far, in this table and those within it."""

    def table(self, name: str) -> SettingsReader:
        """Return a reader of a table within this one; an absent one is empty."""
        value = self._value(name)
        if value is not None and not isinstance(value, dict):
            self.refuse(name, f"must be a table: write [{name}] and its keys below")
        found = cast(Table, value) if isinstance(value, dict) else {}
        return SettingsReader(found, (*self._place, name), self.wrongs)

    def flag(self, name: str, default: bool) -> bool:
        """Return true or false."""
        value = self._value(name)
        if value is None or isinstance(value, bool):
            return default if value is None else value
        self.refuse(name, f"{_shown(value)} is neither true nor false: write one of these, without quotes")
        return default

    def text(self, name: str) -> str | None:
        """Return a text that is not empty."""
        value = self._value(name)
        if value is None or (isinstance(value, str) and _is_word(value)):
            return value
        self.refuse(name, f"{_shown(value)} is no name: write it in quotes")
        return None

    def choice(self, name: str, allowed: Sequence[str]) -> str | None:
        """Return one of the allowed words as it is written there, whatever its case in the file."""
        value = self._value(name)
        if value is None:
            return None
        by_lower = {word.lower(): word for word in allowed}
        if isinstance(value, str) and value.strip().lower() in by_lower:
            return by_lower[value.strip().lower()]
        self.refuse(name, f"{_shown(value)} is not known: write one of {_quoted(allowed)}")
        return None

    def number(self, name: str, least: float, most: float) -> float | None:
        """Return a number within bounds."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, int | float) and not isinstance(value, bool) and least <= value <= most:
            return float(value)
        self.refuse(name, f"{_shown(value)} is no number from {least:g} to {most:g}")
        return None

    def whole_number(self, name: str, least: int, most: int) -> int | None:
        """Return a whole number within bounds."""
        value = self._value(name)
        if value is None:
            return None
        if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most:
            return value
        self.refuse(name, f"{_shown(value)} is no whole number from {least} to {most}")
        return None

    def duration(self, name: str) -> timedelta | None:
        """Return a length of time."""
        value = self._value(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.refuse(
                name, f'{_shown(value)} has no unit: write it in quotes, as in "90s", "10m" or "1h30m"'
            )
            return None
        outcome = parse_duration(value)
        if isinstance(outcome, timedelta):
            return outcome
        self.refuse(name, outcome)
        return None

    def words(self, name: str, *, example: str) -> tuple[str, ...]:
        """Return a list of texts, the first of them not empty."""
        value = self._value(name)
        if value is None or value == []:
            return ()
        found = tuple(each for each in value if isinstance(each, str)) if isinstance(value, list) else ()
        is_whole = isinstance(value, list) and len(found) == len(value) and bool(found[0].strip())
        if is_whole and not any("\0" in word for word in found):
            return found
        self.refuse(name, f"{_shown(value)} is no list of texts: write {example}")
        return ()

    def names_with_words(self) -> Mapping[str, tuple[str, ...]]:
        """Return a table that may have any names, each with a text or a list of texts.

        A name with dots may be written without quotes, which for TOML is a table within a table.
        """
        found: dict[str, tuple[str, ...]] = {}
        for path, value in _leaves(self._table, ()):
            words = value if isinstance(value, list) else [value]
            texts = tuple(word for word in words if isinstance(word, str) and _is_word(word))
            if words and len(texts) == len(words):
                found[".".join(path)] = texts
            else:
                message = f'{_shown(value)} is no key: write "k", or ["k1", "k2"] for several'
                self.wrongs.append(Wrong((*self._place, *path), message))
        return found

    def refuse(self, name: str, message: str) -> None:
        """Note that a key of this table is wrong."""
        self.wrongs.append(Wrong((*self._place, name), message))

    def refuse_others(self) -> None:
        """Note every key of this table that nobody has asked for."""
        for name in self._table:
            if name not in self._asked:
                near = difflib.get_close_matches(name.lower(), self._asked, n=1)
                advice = f"did you mean {near[0]}?" if near else f"what there is: {', '.join(self._asked)}"
                self.refuse(name, f"there is no such setting; {advice}")

    def _value(self, name: str) -> object:
        self._asked.append(name)
        return self._table.get(name)


def line_of(text: str, key: KeyPath) -> int | None:
    """Return the number of the line that sets a key or, where it is within braces, that sets what it is in.

    TOML's own reader does not tell. Texts over several lines may mislead it: it is for pointing, not for reading.
    """
    table: KeyPath = ()
    around: int | None = None
    for number, line in enumerate(text.split("\n"), start=1):
        if header := _HEADER.match(line):
            table = found = _parts(header.group(1))
        elif assignment := _ASSIGNMENT.match(line):
            found = (*table, *_parts(assignment.group(1)))
        else:
            continue
        if found == key:
            return number
        if around is None and found == key[: len(found)]:
            around = number
    return around


def _parts(dotted: str) -> KeyPath:
    return tuple(part[1:-1] if part[0] in "\"'" else part for part in re.findall(_PART, dotted))


def _leaves(table: Table, path: KeyPath) -> Iterator[tuple[KeyPath, object]]:
    for name, value in table.items():
        if isinstance(value, dict):
            yield from _leaves(cast(Table, value), (*path, name))
        else:
            yield (*path, name), value


def _is_word(text: str) -> bool:
    return bool(text.strip()) and "\0" not in text


def _shown(value: object) -> str:
    return shortened(json.dumps(value, ensure_ascii=False, default=str), 60)


def _quoted(words: Sequence[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)
