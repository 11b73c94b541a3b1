"""An HTML report as a parser that is not certtui's own reads it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from html.parser import HTMLParser

from certtui.core.report import Report
from certtui.report.html import as_html

MADE_AT = datetime(2026, 11, 25, 13, tzinfo=UTC)
EMPTY = {"meta", "br"}
"""Elements that have no end."""


@dataclass
class Read(HTMLParser):
    """A document, read."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.odd.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    @property
    def text(self) -> str:
        """Everything that is shown."""
        return "".join(self.texts)

    def of(self, attribute: str) -> list[str]:
        """Return every value of an attribute."""
        return [
            value or ""
            for _, attributes in self.elements
            for key, value in attributes.items()
            if key == attribute
        ]


def read(*reports: Report, program: str | None = None) -> Read:
    """Return the document of some reports, read."""
    found = Read()
    found.feed(as_html(reports, made_at=MADE_AT, program=program))
    found.close()
    return found
