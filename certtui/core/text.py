"""The one function that makes untrusted text safe to show; it knows nothing of screens."""

from __future__ import annotations


def visible(text: str) -> str:
    """Return `text` with every character that could act on a terminal spelled out.

    Control, format, surrogate, private, unassigned and separator characters (all that `str.isprintable`
    denies) become `\\u{1b}`, so that nothing is dropped and nothing acts. A space stays a space. Markup such as
    `[red]` stays as it is: whoever shows the result must not parse it as markup.
    """
    if text.isprintable():
        return text
    return "".join(
        character if character.isprintable() else f"\\u{{{ord(character):x}}}" for character in text
    )


def shortened(text: str, limit: int) -> str:
    """Return `text` cut to `limit` characters, the last of them `…` where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
