"""From what a client shows back to the findings that it may mean. It judges no certificate.

The texts are those that `clients.toml` says clients show, and those of `errors.toml`. A text may be a whole line that
was pasted from a terminal, so it is looked for anywhere in what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import cast

from certtui.core.catalogue import Code
from certtui.core.client_statements import Stance, clients, statements, traits_told_apart
from certtui.core.knowledge import table


@dataclass(frozen=True, slots=True)
class Meaning:
    """A finding that a client may have meant."""

    code: Code
    clients: tuple[str, ...]
    """The names of those that show this text for it."""


def likely_codes(text: str) -> tuple[Code, ...]:
    """Return the findings that `text`, as some client shows it, may mean: most likely first."""
    return tuple(meaning.code for meaning in likely_meanings(text))


def likely_meanings(text: str) -> tuple[Meaning, ...]:
    """Return the findings that `text` may mean, most likely first, each with the clients that show it."""
    typed = _plain(text[:_LONGEST])
    if not typed:
        return ()
    return _merged(_best(_phrases_within(typed)) or _numbered(typed) or _phrases_around(typed))


_LONGEST = 4_000
"""Characters of a pasted text that are looked at."""
_MANY = 8
"""A text that stands for more findings than this says little: a warning page's title, an exit code."""
_FEWEST_CHARACTERS = 8
"""A piece of a client's text that is shorter says nothing."""
_MOST_GUESSES = 10
"""A piece of text that stands in what clients show for more findings than this says nothing either."""

Sayings = tuple[tuple[Code, str], ...]
"""Findings, most likely first, each with the name of a client that shows a text for it."""


@dataclass(frozen=True, slots=True)
class _Match:
    """A client's text, found within what was typed."""

    sayings: Sayings
    start: int
    end: int
    length: int
    """How many characters of the client's own text were found."""

    @property
    def is_vague(self) -> bool:
        """Whether the text stands for so many findings that any other one says more."""
        return len({code for code, _ in self.sayings}) > _MANY

    def is_part_of(self, other: _Match) -> bool:
        """Whether a longer text was found around this one."""
        return other.start <= self.start and self.end <= other.end and self.length < other.length


def _phrases_within(typed: str) -> list[_Match]:
    found = []
    for phrase, sayings in _phrases().items():
        pieces = _pieces(phrase)
        span = _span(pieces, typed)
        if span is not None:
            found.append(_Match(sayings, *span, sum(map(len, pieces))))
    return found


def _best(matches: list[_Match]) -> list[_Match]:
    """Return the matches that say most, the longest first."""
    telling = [match for match in matches if not match.is_vague] or matches
    whole = [match for match in telling if not any(match.is_part_of(other) for other in telling)]
    return sorted(whole, key=lambda match: -match.length)


def _numbered(typed: str) -> list[_Match]:
    """Return what the numbers in a text stand for where its words say nothing."""
    found = []
    for pattern, families in _NUMBERS:
        for match in pattern.finditer(typed):
            number = int(match.group(1))
            is_openssl_first = pattern is not _BARE or number in _OPENSSL_FIRST
            for family in families if is_openssl_first else sorted(families, key=_OPENSSL.__eq__):
                sayings = _by_number().get((family, number), ())
                found += [_Match(sayings, *match.span(), 0)] if sayings else []
    return found


def _phrases_around(typed: str) -> list[_Match]:
    """Return the clients' texts that hold what was typed, if it is more than a common word."""
    if len(typed) < _FEWEST_CHARACTERS or not re.search(r"[ _:]", typed):
        return []
    found = [
        _Match(sayings, 0, len(typed), len(typed))
        for phrase, sayings in _phrases().items()
        if typed in phrase
    ]
    codes = {code for match in found for code, _ in match.sayings}
    return found if len(codes) <= _MOST_GUESSES else []


def _merged(matches: Iterable[_Match]) -> tuple[Meaning, ...]:
    named: dict[Code, dict[str, None]] = {}
    for code, client in (saying for match in matches for saying in match.sayings):
        named.setdefault(code, {})[client] = None
    return tuple(Meaning(code, tuple(by)) for code, by in named.items())


_OPENSSL = "OpenSSL"
_OPENSSL_FIRST = frozenset({9, 10, 18, 19, 20, 21, 62, 64})
"""Of these numbers, standing alone, OpenSSL's are met more often than curl's exit codes."""
_BARE = re.compile(r"\A\(?(-?\d{1,5})\)?\Z")
_NUMBERS: tuple[tuple[re.Pattern[str], tuple[str, ...]], ...] = (
    (_BARE, (_OPENSSL, "curl", "Chrome", "Safari")),
    (re.compile(r"\bcurl\b\D{0,20}(\d{1,3})\b"), ("curl",)),
    (re.compile(r"\A\((\d{1,3})\)"), ("curl",)),
    (re.compile(r"\bexit (?:code|status) (\d{1,3})\b"), ("curl",)),
    (re.compile(r"(?:\bnum=|\berror |\bcode:? ?|\bx509_v_err\D{0,3})(\d{1,2})\b"), (_OPENSSL,)),
    (re.compile(r"(?<![\w-])(-\d{1,5})\b"), ("Chrome", "Safari")),
)
"""Where a number stands in a text, and whose it may be."""


def _plain(text: str) -> str:
    """Return a text as texts are compared: one case, one kind of quotation mark, one space between words."""
    return " ".join(text.translate(_QUOTES).casefold().split())


_QUOTES = str.maketrans("‘’“”", "''\"\"")


def _pieces(phrase: str) -> list[str]:
    return [piece for piece in (part.strip() for part in phrase.split("…")) if piece]


def _span(pieces: list[str], typed: str) -> tuple[int, int] | None:
    """Return where the pieces stand in `typed`, one after the other and each as whole words."""
    first, end = -1, 0
    for piece in pieces:
        start = _find_words(piece, typed, end)
        if start < 0:
            return None
        first, end = (start if first < 0 else first), start + len(piece)
    return (first, end) if pieces else None


def _find_words(piece: str, typed: str, begin: int) -> int:
    start = typed.find(piece, begin)
    while start >= 0:
        before, after = typed[start - 1 : start], typed[start + len(piece) : start + len(piece) + 1]
        if not (_joins(before, piece[0]) or _joins(piece[-1], after)):
            return start
        start = typed.find(piece, start + 1)
    return -1


def _joins(left: str, right: str) -> bool:
    """Tell whether two characters belong to one word."""
    return bool(left and right) and all(it.isalnum() or it == "_" for it in (left, right))


_PREFIXES = re.compile(
    r"\A(?:net::|x509_v_err_|x509: |\(\d+\) |ssl certificate problem: |certificate verify failed: |"
    r"verify error:num=\d+:|pkix path (?:validation|building) failed: )+"
)
"""What people leave out when they tell what a client showed."""


@cache
def _phrases() -> dict[str, Sayings]:
    """Return the findings of every text that some client shows, in the form in which texts are compared."""
    found: dict[str, dict[tuple[Code, str], None]] = {}
    for text, code, client in [*_from_errors(), *sorted(_from_clients(), key=_by_frequency)]:
        whole = _plain(text)
        found.setdefault(whole, {})[code, client] = None
        short = _PREFIXES.sub("", whole)
        if sum(map(len, _pieces(short))) >= _FEWEST_CHARACTERS:
            found.setdefault(short, {})[code, client] = None
    return {phrase: tuple(sayings) for phrase, sayings in found.items()}


@cache
def _by_number() -> dict[tuple[str, int], Sayings]:
    """Return the findings of every client's number: those of its own row, then those of the same text."""
    found: dict[tuple[str, int], Sayings] = {}
    for row in _errors():
        if "number" in row:
            client = cast("str", row["client"])
            own = tuple((Code(code), client) for code in cast("list[str]", row.get("codes", [])))
            same = [
                (code, client)
                for text in cast("list[str]", row.get("texts", []))
                for code, _ in _phrases().get(_plain(text), ())
            ]
            found[client, cast("int", row["number"])] = tuple(dict.fromkeys([*own, *same]))
    return found


def _from_errors() -> Iterator[tuple[str, Code, str]]:
    for row in _errors():
        for text in cast("list[str]", row.get("texts", [])):
            for code in cast("list[str]", row.get("codes", [])):
                yield text, Code(code), cast("str", row["client"])


def _from_clients() -> Iterator[tuple[str, Code, str]]:
    names = {client.key: client.name for client in clients()}
    for code in Code:
        cases = [statements(code), statements(code, of_issuer=True)]
        cases += [statements(code, traits=frozenset({trait})) for trait in traits_told_apart(code)]
        for case in cases:
            for key, statement in case.items():
                if statement.shows is not None and statement.stance is not Stance.ACCEPTS:
                    yield statement.shows, code, names[key]


def _by_frequency(saying: tuple[str, Code, str]) -> int:
    return _order().index(saying[1])


@cache
def _order() -> tuple[Code, ...]:
    """Return all codes, what is met most often first."""
    often = [Code(code) for code in cast("list[str]", _facts()["often"])]
    return tuple(dict.fromkeys([*often, *Code]))


@cache
def _errors() -> list[dict[str, object]]:
    return cast("list[dict[str, object]]", _facts()["errors"])


@cache
def _facts() -> dict[str, object]:
    return table("errors.toml")
