"""HTML as a value: text that is not markup yet is escaped wherever it is put in. It knows no report."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from certtui.core.text import shortened, visible

MOST_CHARACTERS = 1_000
"""Of one value that is shown."""


class Markup(str):
    """Text that is HTML already; only this module makes it."""

    __slots__ = ()


NOTHING = Markup("")
Content = str | Markup
"""What stands in an element: markup as it is, any other text made visible and escaped."""


def shown(text: Content, *, most: int = MOST_CHARACTERS) -> Markup:
    """Return text as HTML that shows it and is nothing else; markup stays as it is."""
    if isinstance(text, Markup):
        return text
    return Markup(escape(visible(shortened(text, most)), quote=True))


def joined(parts: Iterable[Content], between: str = "") -> Markup:
    """Return parts one after the other."""
    return Markup(escape(between, quote=True).join(shown(part) for part in parts))


def element(name: str, *content: Content, **attributes: str | int) -> Markup:
    """Return an element; `class_` and `data_label` stand for the attributes that Python cannot spell.

    Attributes are this program's own words and numbers: nothing that a peer or certificate says belongs there.
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(str(value), quote=True)}"'
        for key, value in attributes.items()
    )
    return Markup(f"<{name}{written}>{joined(content)}</{name}>")


def code(text: str, *, most: int = MOST_CHARACTERS) -> Markup:
    """Return a value as it was observed; CSS keeps its direction of writing to itself."""
    return element("code", shown(text, most=most) if text else Markup("<i>empty</i>"))


def preformatted(text: str) -> Markup:
    """Return lines to copy as they are, each made visible; one can scroll to their ends with the keyboard."""
    rows = Markup("\n".join(escape(visible(row), quote=True) for row in text.splitlines()))
    return element("pre", element("code", rows), tabindex=0)


def marked_up(text: str) -> Markup:
    """Return text whose only markup is code between backticks."""
    parts = text.split("`")
    return joined(
        element("code", part) if number % 2 else shown(part, most=5_000) for number, part in enumerate(parts)
    )


def table(caption: str, head: Sequence[str], rows: Iterable[Sequence[Content]]) -> Markup:
    """Return a table whose first column heads its rows; on a narrow page each row stands as a block.

    A block is no table row to a browser any more, so the roles say what everything is.
    """
    columns = joined(element("th", each, scope="col", role="columnheader") for each in head)
    return element(
        "table",
        element("caption", caption),
        element("thead", element("tr", columns, role="row"), role="rowgroup"),
        element("tbody", joined(_row(head, row) for row in rows), role="rowgroup"),
        role="table",
    )


def _row(head: Sequence[str], row: Sequence[Content]) -> Markup:
    first, *rest = row
    cells = joined(
        element("td", value, role="cell", data_label=label) if value else element("td", role="cell")
        for label, value in zip(head[1:], rest, strict=True)
    )
    return element("tr", element("th", first, scope="row", role="rowheader"), cells, role="row")


def facts(pairs: Iterable[tuple[str, Content]]) -> Markup:
    """Return labelled values as a list of them."""
    rows = (element("div", element("dt", label), element("dd", value)) for label, value in pairs)
    return element("dl", joined(rows))


def folded(summary: Content, *content: Content) -> Markup:
    """Return content that is shown once its summary is chosen."""
    return element("details", element("summary", summary), *content)
