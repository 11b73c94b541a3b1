"""Signs beside words, so that colour never carries a meaning alone; a set for terminals without Unicode too."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certtui.core.catalogue import Badge

if TYPE_CHECKING:
    from certtui.core.client_statements import Stance
    from certtui.core.trust_matrix import Trust

_STANCES = {"accepts": "✓+", "rejects": "✗X", "depends": "~~", "unknown": "·."}
_TRUSTS = {
    "holds it": "✓+",
    "does not hold it": "✗X",
    "takes this certificate, by its date": "✓+",
    "refuses this certificate": "✗X",
    "the certificate's date cannot be read": "·.",
    "holds it, but not for long": "!!",
    "list too old to tell": "·.",
}


_IN_ASCII = str.maketrans("…·•←→↑↓“”‘’—–§│", "~-*<>^v\"\"''--S|")
"""Signs within sentences, each by one of the same width."""


def in_ascii(text: str) -> str:
    """Return certtui's own signs within a text by ASCII ones; letters of names stay as they are."""
    return text.translate(_IN_ASCII)


@dataclass(frozen=True, slots=True)
class Glyphs:
    """Signs beside words, for terminals with and without Unicode."""

    is_ascii: bool = False

    def badge(self, badge: Badge) -> str:
        """Return the one-cell sign of a badge."""
        return badge.ascii_glyph if self.is_ascii else badge.glyph

    @property
    def cursor(self) -> str:
        """Marks the selected row, for those who see no colours."""
        return ">" if self.is_ascii else "▸"

    @property
    def waiting(self) -> str:
        """Stands where a result is still to come."""
        return "." if self.is_ascii else "…"

    @property
    def branch(self) -> str:
        """Leads from a certificate to its issuer."""
        return "`-" if self.is_ascii else "└─"

    @property
    def anchor(self) -> str:
        """Marks a trust anchor."""
        return "#" if self.is_ascii else "⌂"

    @property
    def bar(self) -> tuple[str, str]:
        """Full and empty cell of a bar."""
        return ("#", "-") if self.is_ascii else ("█", "░")

    @property
    def leads_to(self) -> str:
        """Stands between a certificate and its issuer on one line."""
        return "<-" if self.is_ascii else "←"

    def stance(self, stance: Stance) -> str:
        """Return the one-cell sign of what a client does."""
        return _STANCES[stance][self.is_ascii]

    def trust(self, trust: Trust) -> str:
        """Return the one-cell sign of what a store makes of a root."""
        return _TRUSTS[trust][self.is_ascii]
