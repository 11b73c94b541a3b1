"""The one function that makes untrusted text safe to show; it knows nothing of screens."""

from __future__ import annotations

import re
from typing import Final

_UNSEEN: Final = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U0001d159\U000e0100-\U000e01ef]"
    "|[\u0334-\u0338\u20d2-\u20e5]"
)
"""Characters that count as printable and show nothing, and marks that strike out the one before them."""


def visible(text: str) -> str:
    """Return `text` with every character that could act on a terminal, or hide on it, spelled out.

    Control, format, surrogate, private, unassigned and separator characters (all that `str.isprintable` denies),
    blank fillers, variation selectors and overlays become `\\u{1b}`, so that nothing is dropped and nothing acts. A
    space stays a space. Markup such as `[red]` stays as it is: whoever shows the result must not parse it as markup.
    """
    if text.isprintable() and _UNSEEN.search(text) is None:
        return text
    return "".join(
        character
        if character.isprintable() and not _UNSEEN.match(character)
        else f"\\u{{{ord(character):x}}}"
        for character in text
    )


def shortened(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, the last of them `…` where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
