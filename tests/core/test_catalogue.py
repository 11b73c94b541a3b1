"""The one table of codes is whole, and its badges can be told apart."""

from __future__ import annotations

import unicodedata

import pytest
from wcwidth import wcswidth

from certtui.core.catalogue import (
    BADGES,
    CATALOGUE,
    FILE_BADGE,
    PRECEDENCE,
    STATUS_BADGE,
    Badge,
    Category,
    Code,
    Severity,
    badge_of,
)
from certtui.core.finding import Finding, finding

BADGE_WORDS = {
    Category.TRUSTED: "TRUSTED",
    Category.EXPIRED: "EXPIRED",
    Category.NOT_YET_VALID: "NOT YET VALID",
    Category.EXPIRING: "EXPIRES SOON",
    Category.NAME: "WRONG NAME",
    Category.SELF_SIGNED: "SELF-SIGNED",
    Category.UNTRUSTED: "UNTRUSTED CA",
    Category.INSTALLATION: "BAD INSTALL",
    Category.REVOKED: "REVOKED",
    Category.WEAK: "WEAK CRYPTO",
    Category.INVALID: "INVALID CERT",
    Category.POLICY: "POLICY",
    Category.CONNECTION: "NO CONNECTION",
}

PRECEDENCE_OF_FAULTS = [
    Category.REVOKED,
    Category.SELF_SIGNED,
    Category.UNTRUSTED,
    Category.EXPIRED,
    Category.NOT_YET_VALID,
    Category.NAME,
    Category.INVALID,
    Category.INSTALLATION,
    Category.WEAK,
    Category.POLICY,
    Category.EXPIRING,
]

EVERY_BADGE = [*BADGES.values(), STATUS_BADGE, FILE_BADGE]


def _found(code: Code, **context: Severity | int) -> Finding:
    severity, certificate = context.get("severity"), context.get("certificate")
    assert severity is None or isinstance(severity, Severity)
    assert certificate is None or not isinstance(certificate, Severity)
    return finding(code, "a fault", severity=severity, certificate=certificate)


@pytest.mark.parametrize("code", Code)
def test_every_code_has_a_category_a_severity_and_a_title(code: Code) -> None:
    entry = CATALOGUE[code]

    assert entry.category in BADGES
    assert entry.severity in Severity
    assert 0 < len(entry.title) <= 60
    assert entry.title == entry.title.strip().rstrip(".")


def test_no_two_codes_have_the_same_title() -> None:
    titles = [entry.title for entry in CATALOGUE.values()]

    assert len(titles) == len(set(titles))


@pytest.mark.parametrize("code", Code)
def test_only_what_is_revoked_is_called_revoked(code: Code) -> None:
    is_revoked = code in (Code.LEAF_REVOKED, Code.INTERMEDIATE_REVOKED)

    assert (badge_of(code).word == "REVOKED") is is_revoked
    assert badge_of(code) in (BADGES[CATALOGUE[code].category], STATUS_BADGE, FILE_BADGE)


@pytest.mark.parametrize("code", Code)
def test_codes_are_written_in_kebab_case(code: Code) -> None:
    words = code.value.split("-")

    assert all(word.isascii() and word.isalnum() and word == word.lower() for word in words)


def test_no_code_stands_for_trust() -> None:
    assert Category.TRUSTED not in {entry.category for entry in CATALOGUE.values()}


def test_badges_have_the_words_of_the_design() -> None:
    assert {category: badge.word for category, badge in BADGES.items()} == BADGE_WORDS


def test_faults_take_precedence_as_in_the_design() -> None:
    ranked = sorted(PRECEDENCE, key=PRECEDENCE.__getitem__)

    assert [category for category in ranked if category in PRECEDENCE_OF_FAULTS] == PRECEDENCE_OF_FAULTS
    assert sorted(PRECEDENCE.values()) == list(range(len(Category)))


@pytest.mark.parametrize("badge", EVERY_BADGE, ids=lambda badge: badge.word)
def test_a_glyph_takes_one_cell_with_and_without_unicode(badge: Badge) -> None:
    assert len(badge.glyph) == len(badge.ascii_glyph) == 1
    assert wcswidth(badge.glyph) == wcswidth(badge.ascii_glyph) == 1
    assert unicodedata.east_asian_width(badge.glyph) not in ("W", "F")
    assert badge.ascii_glyph.isascii()
    assert badge.ascii_glyph.isprintable()


@pytest.mark.parametrize("attribute", ["glyph", "ascii_glyph", "word", "short_word"])
def test_badges_differ_in_each_of_their_forms(attribute: str) -> None:
    forms = [getattr(badge, attribute) for badge in EVERY_BADGE]

    assert len(forms) == len(set(forms))


@pytest.mark.parametrize("badge", EVERY_BADGE, ids=lambda badge: badge.word)
def test_a_badge_fits_where_it_is_shown(badge: Badge) -> None:
    assert 0 < len(badge.word) <= 13
    assert 0 < len(badge.short_word) <= 8
    assert badge.word == badge.word.upper()


def test_a_finding_is_as_grave_as_its_code_unless_the_context_says_otherwise() -> None:
    assert _found(Code.CA_AS_LEAF).severity is Severity.WARNING
    assert _found(Code.CA_AS_LEAF, severity=Severity.NOTICE).severity is Severity.NOTICE


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (_found(Code.CHAIN_INCOMPLETE), _found(Code.CHAIN_MISORDERED)),
        (_found(Code.EXPIRING_SOON), _found(Code.ROOT_SENT)),
        (_found(Code.SELF_SIGNED_LEAF), _found(Code.LEAF_EXPIRED)),
        (_found(Code.LEAF_EXPIRED), _found(Code.HOST_MISMATCH)),
        (_found(Code.LEAF_EXPIRED, certificate=0), _found(Code.INTERMEDIATE_EXPIRED, certificate=1)),
        (_found(Code.WEAK_KEY), _found(Code.WEAK_KEY, certificate=0)),
        (_found(Code.LEAF_EXPIRED), _found(Code.SELF_SIGNED_LEAF, severity=Severity.NOTICE)),
    ],
    ids=[
        "error, warning",
        "warning, notice",
        "category",
        "category again",
        "position",
        "no position",
        "context",
    ],
)
def test_findings_sort_by_severity_then_category_then_position(first: Finding, second: Finding) -> None:
    assert sorted([second, first], key=lambda each: each.rank) == [first, second]
    assert first.rank < second.rank
