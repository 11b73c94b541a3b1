"""A picture of the screen as SVG that loads nothing from anywhere."""

from __future__ import annotations

import re

_FONT_FACE = re.compile(r"@font-face\s*\{[^{}]*\}\s*")


def self_contained(svg: str) -> str:
    """Return a picture without the fonts that it would have a viewer fetch; any monospaced font takes their place."""
    return _FONT_FACE.sub("", svg)
