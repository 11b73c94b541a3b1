"""What `visible` promises about every character there is."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from certtui.core.text import shortened, visible


def test_plain_text_stays_as_it_is() -> None:
    assert visible("CN=Prüfstelle, O=日本 [red]") == "CN=Prüfstelle, O=日本 [red]"


def test_an_escape_is_spelled_out() -> None:
    assert visible("\x1b]0;PWN\x07") == "\\u{1b}]0;PWN\\u{7}"


def test_bidirectional_marks_and_line_separators_are_spelled_out() -> None:
    assert visible("a\u202eb\u2028c\x9bd\n") == "a\\u{202e}b\\u{2028}c\\u{9b}d\\u{a}"


@given(st.text(alphabet=st.characters(exclude_categories=())))
def test_whatever_comes_in_only_printable_characters_come_out(text: str) -> None:
    assert visible(text).isprintable()


@given(st.text())
def test_making_text_visible_twice_changes_nothing_more(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.text(max_size=50), st.integers(min_value=1, max_value=60))
def test_shortened_text_keeps_to_its_limit_and_marks_the_cut(text: str, limit: int) -> None:
    result = shortened(text, limit)

    assert len(result) <= limit
    assert result == text or result.endswith("…")
