"""Colours stand out from what is behind them, and from each other for those who see no red and green."""

from __future__ import annotations

from itertools import combinations

import pytest
from textual.color import Color
from textual.theme import Theme

from certtui.ui.themes import THEMES, theme_problem

Linear = tuple[float, float, float]

DEUTERANOPIA = (
    (0.367322, 0.860646, -0.227968),
    (0.280085, 0.672501, 0.047413),
    (-0.01182, 0.04294, 0.968881),
)
PROTANOPIA = (
    (0.152286, 1.052583, -0.204868),
    (0.114503, 0.786281, 0.099216),
    (-0.003882, -0.048116, 1.051998),
)
"""What is seen, in linear RGB (Machado, Oliveira and Fernandes 2009, severity 1.0)."""


def linear(color: Color) -> Linear:
    """Return a colour in linear RGB (IEC 61966-2-1)."""
    red, green, blue = (
        share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in color.normalized
    )
    return red, green, blue


def luminance(of: Linear) -> float:
    """Return the relative luminance (WCAG 2.2)."""
    return 0.2126 * of[0] + 0.7152 * of[1] + 0.0722 * of[2]


def contrast(one: Color, other: Color) -> float:
    """Return the contrast ratio of two colours (WCAG 2.2)."""
    high, low = sorted((luminance(linear(one)), luminance(linear(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


def seen(color: Color, matrix: tuple[Linear, Linear, Linear]) -> Linear:
    """Return what somebody sees of a colour."""
    rgb = linear(color)
    red, green, blue = (
        min(1.0, max(0.0, sum(a * b for a, b in zip(row, rgb, strict=True)))) for row in matrix
    )
    return red, green, blue


def lab(rgb: Linear) -> Linear:
    """Return a colour in CIE 1976 L*a*b* under D65."""
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (
        share ** (1 / 3) if share > 0.008856 else 7.787 * share + 16 / 116
        for share in (
            sum(a * b for a, b in zip(row, rgb, strict=True)) / white
            for row, white in zip(rows, (0.9505, 1.0, 1.089), strict=True)
        )
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def shown(theme: Theme) -> dict[str, Color]:
    """Return the colours that badges are drawn in."""
    variables = theme.to_color_system().generate()
    return {name: Color.parse(variables[f"text-{name}"]) for name in ("error", "warning", "success")}


@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_badges_stand_out_from_the_background(theme: Theme) -> None:
    assert theme.background is not None
    behind = Color.parse(theme.background)

    assert all(contrast(behind.blend(color, color.a, 1.0), behind) >= 4.5 for color in shown(theme).values())


@pytest.mark.parametrize("matrix", [DEUTERANOPIA, PROTANOPIA], ids=["deuteranopia", "protanopia"])
@pytest.mark.parametrize("theme", THEMES, ids=lambda theme: theme.name)
def test_badges_differ_for_those_who_see_no_red_and_green(
    theme: Theme, matrix: tuple[Linear, Linear, Linear]
) -> None:
    for one, other in combinations(shown(theme).values(), 2):
        pairs = zip(lab(seen(one, matrix)), lab(seen(other, matrix)), strict=True)
        # A difference of 10 is seen at a glance; one of 2 to 3 is the least that is seen at all.
        assert sum((a - b) ** 2 for a, b in pairs) ** 0.5 > 15


def test_a_theme_that_there_is_not_is_told_with_the_one_that_is_meant() -> None:
    assert theme_problem("certtui-lihgt") == "there is no theme 'certtui-lihgt': did you mean certtui-light?"
    assert theme_problem("ansi-dark") is None
    assert theme_problem(None) is None
