"""Letters are told apart by script, and what belongs to no one script by none."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from certtui.core.unicode_scripts import mixed_name, script_of


@pytest.mark.parametrize(
    ("letter", "script"),
    [
        ("a", "LATIN"),
        ("ß", "LATIN"),
        ("ꭋ", "LATIN"),
        ("ᴉ", "LATIN"),
        ("а", "CYRILLIC"),
        ("ο", "GREEK"),
        ("漢", "HAN"),
        ("々", "HAN"),
        ("ひ", "HIRAGANA"),
        ("カ", "KATAKANA"),
        ("한", "HANGUL"),
        ("ㄅ", "BOPOMOFO"),
        ("ー", None),
        ("ʰ", None),
        ("1", None),
        ("-", None),
        ("\u0301", None),
        ("\u0378", None),
    ],
)
def test_a_letter_has_the_script_that_unicode_gives_it(letter: str, script: str | None) -> None:
    assert script_of(letter) == script


def test_every_character_has_a_script_or_none() -> None:
    letters = map(chr, range(0, sys.maxunicode + 1, 7))

    assert {script_of(letter) for letter in letters if unicodedata.category(letter)[0] != "L"} == {None}


def test_labels_are_judged_one_by_one() -> None:
    assert mixed_name("xn--e1afmkfd.xn--80akhbyknj4f") is None
    assert mixed_name("www.xn--e1afmkfd.test") is None
    assert mixed_name("www.xn--pypal-4ve.test") is not None


def test_a_lookalike_counts_only_beside_latin() -> None:
    assert mixed_name("xn--80ak6aa92e.xn--p1ai") is None
    mixed = mixed_name("xn--80ak6aa92e.com")

    assert mixed is not None
    assert mixed.in_unicode == "аррӏе.com"
    assert mixed.letters == (("Cyrillic", "а U+0430, р U+0440, ӏ U+04CF, е U+0435"),)
