"""How much of a certificate's lifetime is left, as a bar and in a word."""

from __future__ import annotations

from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Piece

_SOON = 1 / 3
"""Below this share the bar warns; certbot and others renew at a third."""


def life_bar(share: float | None, cells: int, glyphs: Glyphs) -> Piece:
    """Return a bar of `cells` cells; empty space where the share is not known."""
    if share is None:
        return Piece(" " * cells)
    filled = round(cells * min(1.0, max(0.0, share)))
    full, empty = glyphs.bar
    return Piece(full * filled + empty * (cells - filled), life_ink(share))


def life_word(share: float | None) -> str:
    """Return the share in at most five characters: `63%`, `ended`, `early` before the lifetime begins."""
    if share is None:
        return ""
    if share < 0:
        return "ended"
    return "early" if share > 1 else f"{share:.0%}"


def life_ink(share: float) -> Ink:
    """Return the style of a share: an error outside the lifetime, a warning towards its end."""
    if not 0 <= share <= 1:
        return Ink.ERROR
    return Ink.GOOD if share >= _SOON else Ink.WARNING
