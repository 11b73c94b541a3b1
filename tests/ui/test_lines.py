"""Lines keep to their width, lose nothing, and hold nothing that could act on a terminal."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from certtui.core.text import visible
from certtui.ui.drawing.lines import Ink, Piece, fitted, line, plain, width_of, wrapped

ANY_TEXT = st.text(max_size=200)
WORDS = st.text(st.sampled_from("abc  -日é"), max_size=120)


@given(ANY_TEXT)
def test_a_piece_holds_printable_characters_alone(text: str) -> None:
    assert Piece(text).text.isprintable()


@given(ANY_TEXT, st.integers(0, 40))
def test_fitted_text_takes_exactly_its_width(text: str, width: int) -> None:
    assert cell_len(fitted(text, width)) == width


def test_text_that_is_cut_ends_in_a_sign() -> None:
    assert fitted("abcdef", 4) == "abc…"
    assert fitted("abcd", 4) == "abcd"


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(12, 60), st.integers(0, 4))
def test_wrapped_lines_keep_to_the_width(texts: list[str], width: int, indent: int) -> None:
    rows = wrapped(line(*(Piece(text) for text in texts)), width, indent)

    assert all(width_of(row) <= width for row in rows)


@given(st.lists(WORDS, min_size=1, max_size=4), st.integers(12, 60))
def test_wrapping_loses_nothing_but_spaces_and_adds_nothing_else(texts: list[str], width: int) -> None:
    whole = line(*(Piece(text, ink) for text, ink in zip(texts, [*Ink] * 2, strict=False)))

    shown = "".join(plain(row) for row in wrapped(whole, width))

    assert shown.replace(" ", "") == "".join(texts).replace(" ", "")


def test_a_word_that_is_wider_than_a_line_is_broken_where_it_must_be() -> None:
    rows = wrapped(line("x" * 30), 12)

    assert [plain(row) for row in rows] == ["x" * 12, "x" * 12, "x" * 6]


@given(ANY_TEXT)
def test_visible_text_says_what_it_replaced(text: str) -> None:
    shown = visible(text)

    for character in text:
        assert character in shown or f"\\u{{{ord(character):x}}}" in shown
