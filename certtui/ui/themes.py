"""Colours that can be told apart by those who see no red and green, by day and by night. Names only, no looks.

The colours of errors, warnings and what is well begin with the palette of Okabe and Ito ("Color Universal Design",
2002) and differ in hue and lightness for those eyes as well; they stand out from the background by 4.5 to 1 at least
(WCAG 2.2, 1.4.3). tests/ui/test_themes.py measures both.
"""

from __future__ import annotations

from textual.theme import BUILTIN_THEMES, Theme

DEFAULT = "certtui-dark"

FRAME = {"frame": "#7d7d7d"}
"""The colour of frames without the focus, for themes that do not name it."""

THEMES = (
    Theme(
        name=DEFAULT,
        dark=True,
        primary="#56b4e9",
        secondary="#cc79a7",
        accent="#56b4e9",
        foreground="#e4e4e4",
        background="#121417",
        surface="#1b1e23",
        panel="#262b32",
        success="#4cc9a4",
        warning="#f0c442",
        error="#ff8552",
        variables={"frame": "#565d66"},
    ),
    Theme(
        name="certtui-light",
        dark=False,
        primary="#00639c",
        secondary="#8f3a6b",
        accent="#00639c",
        foreground="#1c1c1c",
        background="#fbfbf9",
        surface="#f1f1ee",
        panel="#e2e2dd",
        success="#0072b2",
        warning="#a07800",
        error="#d1005f",
        variables={"frame": "#8a8a84"},
    ),
)
"""The themes that certtui brings along, besides Textual's."""


def theme_problem(name: str | None) -> str | None:
    """Return what is wrong with the name of a theme, None if nothing is."""
    names = [*(theme.name for theme in THEMES), *BUILTIN_THEMES]
    if name is None or name in names:
        return None
    import difflib  # seldom needed, and not quick to import

    near = difflib.get_close_matches(name, names, n=1)
    return f"there is no theme {name!r}: " + (
        f"did you mean {near[0]}?" if near else f"write {', '.join(names)}"
    )
