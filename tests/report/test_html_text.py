"""Any text is shown in HTML as that text, and nothing but markup is markup."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from certtui.core.text import visible
from certtui.report.html_text import Markup, code, element, shown
from tests.report.html_reader import Read


@given(st.text())
def test_any_text_is_shown_as_that_text(text: str) -> None:
    found = Read()
    found.feed(f"<p>{shown(text)}</p>")
    found.close()

    assert found.text == visible(text)
    assert [name for name, _ in found.elements] == ["p"]


@given(st.text())
def test_an_attribute_holds_any_text_and_ends_where_it_ends(text: str) -> None:
    found = Read()
    found.feed(element("p", class_=text))
    found.close()

    assert [name for name, _ in found.elements] == ["p"]


def test_markup_that_was_changed_is_text_again() -> None:
    changed = code("<b>").replace("code", "i")

    assert not isinstance(changed, Markup)
    assert shown(changed) == "&lt;i&gt;&amp;lt;b&amp;gt;&lt;/i&gt;"
