"""Markdown of untrusted text: whatever a certificate says stays text in a ticket, and notifies or links nobody.

Backslashes are not enough: trackers look for `@user`, `#1`, hashes and bare addresses in what is left after
Markdown, so only code spans are safe from all of them (CommonMark 0.31 §6.1).
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from certtui.core.text import shortened, visible

MOST_CHARACTERS = 600
"""Of one value; more helps nobody in a ticket."""

_PLAIN_WORD = re.compile(
    r"[A-Za-z]+(?:['’/-][A-Za-z]+)*"
    r"|[0-9]{1,6}%?"
    r"|[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{2}:[0-9]{2}(?::[0-9]{2})?"
    r"|[—–…]"
)
"""What no tracker takes for anything but a word or a number."""
_HASH = re.compile(r"[0-9a-f]{7,40}")
"""Trackers take it for the name of a commit."""
_TOKEN = re.compile(r"([(“‘]*)(.*?)([)”’,;:?!…]*\.?)")
"""A word with the punctuation before and after it."""
_BACKTICKS = re.compile(r"`+")


def code(text: str, *, most: int = MOST_CHARACTERS) -> str:
    """Return text as a code span; never empty, never of more than one line, and cut with a sign."""
    shown = visible(shortened(text, most))
    if not shown.strip():
        return "(empty)" if not shown else "(only spaces)"
    fence = "`" * (max((len(run) for run in _BACKTICKS.findall(shown)), default=0) + 1)
    # One space is taken off on both sides, where both have one.
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return f"{fence}{pad}{shown}{pad}{fence}"


def sentence(text: str, values: Iterable[str] = (), *, most: int = 1_000) -> str:
    """Return a sentence that holds some of these values, each in a code span; the rest as `prose` does it."""
    known = sorted({value for value in values if 1 < len(value) <= MOST_CHARACTERS}, key=len, reverse=True)
    shown = shortened(text, most)
    if not known:
        return prose(shown, most=most)
    parts = re.split(f"({'|'.join(map(re.escape, known))})", shown)
    return joined(code(part) if number % 2 else _spaced(part) for number, part in enumerate(parts))


def joined(parts: Iterable[str]) -> str:
    """Return parts of one line in a row; code spans that would run into each other are held apart."""
    line = ""
    for part in parts:
        line += f" {part}" if line.endswith("`") and part.startswith("`") else part
    return line.strip()


def marked_up(text: str) -> str:
    """Return text whose only markup is code between backticks; what was filled in is text all the same."""
    parts = text.split("`")
    return joined(
        code(part, most=2_000) if number % 2 else _spaced(part) for number, part in enumerate(parts)
    )


def _spaced(part: str) -> str:
    before = " " if part.startswith(" ") else ""
    after = " " if part.endswith(" ") and part.strip() else ""
    return f"{before}{prose(part, most=5_000)}{after}"


def prose(text: str, *, most: int = 1_000) -> str:
    """Return a sentence: plain words and numbers as they are, all else in code spans."""
    written: list[str] = []
    pending: list[str] = []
    closing = ""
    for word in visible(shortened(text, most)).split():
        before, core, after = _parts(word)
        if not core or _is_plain(core):
            written += _flushed(pending, closing)
            pending, closing = [], ""
            written.append(word)
            continue
        if pending and (closing or before):
            written += _flushed(pending, closing)
            pending = []
        pending = [*pending, core] if pending else [before, core]
        closing = after
    return " ".join([*written, *_flushed(pending, closing)])


def cell(text: str) -> str:
    """Return Markdown as it must stand in the cell of a table (GitHub Flavored Markdown §4.10)."""
    return text.replace("|", "\\|")


def block(text: str, language: str) -> list[str]:
    """Return lines of code behind fences that are longer than any run of backticks within (CommonMark §4.5)."""
    fence = "`" * max(3, max((len(run) for run in _BACKTICKS.findall(text)), default=0) + 1)
    return [f"{fence}{language}", *(visible(row) for row in text.splitlines()), fence]


def _parts(word: str) -> tuple[str, str, str]:
    found = _TOKEN.fullmatch(word)
    assert found is not None  # it matches whatever has no line end
    return found.group(1), found.group(2), found.group(3)


def _is_plain(core: str) -> bool:
    return _PLAIN_WORD.fullmatch(core) is not None and _HASH.fullmatch(core) is None


def _flushed(pending: list[str], closing: str) -> list[str]:
    if not pending:
        return []
    before, *words = pending
    return [f"{before}{code(' '.join(words), most=2_000)}{closing}"]
