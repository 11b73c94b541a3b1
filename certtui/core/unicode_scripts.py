"""The scripts that a name's letters come from (UTS #39 §5). It judges form, never intent."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from certtui.core.names import as_unicode

_ALIASES = {"CJK": "HAN", "IDEOGRAPHIC": "HAN", "HENTAIGANA": "HIRAGANA", "TURNED": "LATIN"}
"""First words of letters' names that are not their script's."""
_COMMON = frozenset(("MODIFIER", "KATAKANA-HIRAGANA", "CARON", "MASU", "VERTICAL", "VEDIC"))
"""First words of letters that belong to no one script."""
_TOGETHER = (
    frozenset(("LATIN", "HAN", "HIRAGANA", "KATAKANA")),
    frozenset(("LATIN", "HAN", "BOPOMOFO")),
    frozenset(("LATIN", "HAN", "HANGUL")),
)
"""Scripts that are written together: UTS #39 §5.2, highly restrictive."""
_LOOK_LATIN = frozenset("агеорсухѕіјѡѵүһҽӏԁԛԝαγινορσυ")
"""Cyrillic and Greek letters that look like a Latin one (UTS #39, confusables.txt)."""


@dataclass(frozen=True, slots=True)
class MixedName:
    """A name whose letters come from scripts that nobody writes together."""

    name: str
    in_unicode: str
    described: str
    """Which scripts are mixed, and where one is said to look like another; a phrase."""
    letters: tuple[tuple[str, str], ...]
    """Each script with its letters and their code points."""


def script_of(letter: str) -> str | None:
    """Return the script of a letter in capitals, e.g. `CYRILLIC`; None for what belongs to no one script.

    Unicode names letters by their script, so that no table of scripts is needed.
    """
    if not unicodedata.category(letter).startswith("L"):
        return None
    word = unicodedata.name(letter, "").partition(" ")[0]
    return None if word in _COMMON or not word else _ALIASES.get(word, word)


def mixed_name(name: str) -> MixedName | None:
    """Return what a name with A-labels mixes, None if each label keeps to one script or to ones that go together.

    A label of another script than the rest is common; one that consists of look-alikes of Latin letters, beside
    others in Latin, is not.
    """
    decoded = [as_unicode(label) or label for label in name.split(".")]
    in_unicode = ".".join(decoded)
    by_label = [_letters_by_script(label) for label in decoded]
    for scripts in by_label:
        if len(scripts) > 1 and not any(scripts.keys() <= together for together in _TOGETHER):
            described = " with ".join(map(_spoken, scripts))
            return MixedName(name, in_unicode, described, _listed(scripts))
    has_latin = any(scripts.keys() == {"LATIN"} for scripts in by_label)
    for label, scripts in zip(decoded, by_label, strict=True):
        if has_latin and scripts and _looks_latin(label, scripts):
            (script,) = scripts
            described = f"Latin with {_spoken(script)} in which every letter of {label!r} looks Latin"
            return MixedName(name, in_unicode, described, _listed(scripts))
    return None


def _looks_latin(label: str, scripts: Mapping[str, Iterable[str]]) -> bool:
    letters = [character for character in label if unicodedata.category(character)[0] in "LM"]
    return len(scripts) == 1 and "LATIN" not in scripts and _LOOK_LATIN.issuperset(letters)


def _letters_by_script(label: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for letter in dict.fromkeys(label):
        script = script_of(letter)
        if script is not None:
            found.setdefault(script, []).append(letter)
    return found


def _listed(scripts: Mapping[str, Iterable[str]]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (_spoken(script), ", ".join(f"{letter} U+{ord(letter):04X}" for letter in letters))
        for script, letters in scripts.items()
    )


def _spoken(script: str) -> str:
    return script.capitalize()
