"""The lines of a certificate's text: label and value apart, so that a screen can tell them apart too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

_INDENT = "    "
_OCTETS_IN_ROW = 16


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a certificate's text; raw text."""

    depth: int
    """How far it is indented, in steps."""
    label: str
    """What the value is; empty for what continues the line before."""
    value: str = ""
    is_critical: bool = False
    """Whether it is a critical extension (RFC 5280 §4.2)."""

    @property
    def indent(self) -> str:
        """The spaces before it."""
        return _INDENT * self.depth

    @property
    def mark(self) -> str:
        """What stands between label and value."""
        return f":{' ' if self.value else ''}" if self.label else ""

    @property
    def note(self) -> str:
        """What stands behind the value of a critical extension."""
        return " critical" if self.is_critical else ""

    @property
    def text(self) -> str:
        """The whole line."""
        return f"{self.indent}{self.label}{self.mark}{self.value}{self.note}"


def hexadecimal_rows(depth: int, octets: bytes) -> Iterator[Entry]:
    """Yield octets in hexadecimal, sixteen in a line, with a colon after each but the last of all."""
    for start in range(0, len(octets), _OCTETS_IN_ROW):
        end = start + _OCTETS_IN_ROW
        yield Entry(depth, "", octets[start:end].hex(":") + (":" if end < len(octets) else ""))
    if not octets:
        yield Entry(depth, "", "none")
