"""No typing on the way to a filter can fail: what is unfinished or makes no sense is left out and told."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from certtui.core.query import TERMS, parse_query
from certtui.core.query_terms import BUILDERS, is_near, is_subsequence
from certtui.core.searchable import Searchable
from tests.core.test_query import EXPIRED, GOOD_HOST, WAITING


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("key:", "key: is not finished: write key:rsa2048"),
        ("issuer:", "write issuer:"),
        ("days<", "days< is not finished"),
        ("days<x", "'x' is no number of days: write days<30"),
        ("is:purple", "nothing is 'purple'"),
        ("is:", "is: is not finished"),
        ("client:netscape", "write one of chrome"),
        ("serial:xyz", "not hexadecimal"),
        ("port:https", "is no port"),
        ("key<rsa", "write key:rsa2048"),
        ("isuer:acme", "did you mean issuer:"),
    ],
)
def test_what_makes_no_sense_is_told(query: str, part: str) -> None:
    (problem,) = parse_query(query).problems

    assert part in problem


def test_what_is_not_finished_is_left_out_so_that_the_list_stays() -> None:
    for query in ("", "  ", "!", "~", '"', '""', "key:", "!key:", "days<", "is:purple"):
        assert parse_query(query).finds(GOOD_HOST), query
    assert not finds_with_problems("key: mail", GOOD_HOST)


def finds_with_problems(query: str, searchable: Searchable) -> bool:
    """Return whether a query finds it, whatever is wrong with it."""
    return parse_query(query).finds(searchable)


@pytest.mark.parametrize("query", ["www.example.test:8443", "foo:bar", "2001:db8::1", "https://www"])
def test_what_only_looks_like_a_field_is_a_word(query: str) -> None:
    parsed = parse_query(query)

    assert parsed.problems == ()
    assert parsed.terms[0].word == query


def test_a_loosened_query_forgives_one_slip_in_a_word() -> None:
    for slip in ("exmaple", "examlpe", "exampel", "exammple", "exanple", "exmple", "wwwexample"):
        loosened = parse_query(slip).loosened()
        assert loosened is not None
        assert loosened.finds(GOOD_HOST), slip
    for other in ("mail.example.org", "elpmaxe", "exmpalqe"):
        loosened = parse_query(other).loosened()
        assert loosened is not None
        assert not loosened.finds(GOOD_HOST), other


@pytest.mark.parametrize("query", ["", "!exmaple", "exp", "is:expired", "~exm"])
def test_only_words_of_four_letters_or_more_are_forgiven(query: str) -> None:
    assert parse_query(query).loosened() is None


def test_the_table_of_terms_names_every_field_and_its_examples_are_right() -> None:
    named = " ".join(f"{kind.term} {kind.finds}" for kind in TERMS)

    assert all(name in named for name in BUILDERS)
    assert all(
        state in named for state in ("accepted", "rejected", "unreachable", "failed", "changed", "waiting")
    )
    for kind in TERMS:
        assert parse_query(kind.example).problems == (), kind.term
        assert parse_query(kind.example).terms, kind.term


_LETTERS = st.text(alphabet="abc.", max_size=8)


@given(_LETTERS, _LETTERS)
def test_near_is_a_subsequence_but_for_one_letter_at_most(letters: str, text: str) -> None:
    shorter = ["".join(each) for each in combinations(letters, max(0, len(letters) - 1))]

    is_expected = any(is_subsequence(each, text) for each in (letters, *shorter))
    assert is_near(letters, text) is is_expected


@given(_LETTERS, _LETTERS)
def test_a_subsequence_is_what_is_left_when_letters_are_taken_away(letters: str, text: str) -> None:
    expected = any("".join(each) == letters for each in combinations(text, len(letters)))

    assert is_subsequence(letters, text) is expected


_PIECES = st.sampled_from(
    [f"{name}{sign}" for name in (*BUILDERS, "word", "") for sign in (":", "<", ">=", "=", "")]
    + [
        "!",
        '"',
        " ",
        "~",
        "30",
        "-1",
        "x",
        "rsa",
        "é",
        "\x1b",
        "\u202e",
        "Let's",
        "*",
        "\\",
        "[",
        "(",
        "0" * 300,
    ]
)


@example("!!client")
@example("!!!client")
@given(st.lists(_PIECES, max_size=6).map("".join) | st.text(max_size=40))
def test_any_text_is_a_query_whose_negation_finds_the_rest(text: str) -> None:
    parsed = parse_query(text)

    for searchable in (GOOD_HOST, WAITING, EXPIRED):
        assert parsed.finds(searchable) is all(
            term.test(searchable) is not term.is_negated for term in parsed.terms
        )
        assert parsed.matcher(searchable) is parsed.finds(searchable)
        loosened = parsed.loosened()
        assert loosened is None or loosened.loosened() is None
    for term in parsed.terms:
        turned = parse_query(f"!{term.text}" if not term.is_negated else term.text.removeprefix("!"))
        assert [each.is_negated for each in turned.terms] in ([not term.is_negated], [])
        if turned.terms:
            assert turned.finds(GOOD_HOST) is not (term.test(GOOD_HOST) is not term.is_negated)
