"""`certtui explain` knows every finding, and guesses what a misspelt one may mean."""

from __future__ import annotations

import pytest

from certtui.core.catalogue import CATALOGUE, Code
from certtui.core.knowledge import Heading
from certtui.report.explain import all_codes, explain, nearest_codes


@pytest.mark.parametrize("code", Code)
def test_every_finding_is_explained_with_all_sections_and_no_gap(code: Code) -> None:
    text = explain(code)

    assert text.startswith(CATALOGUE[code].title)
    assert all(heading.value.upper() in text for heading in Heading)
    assert "{" not in text.replace("{ ", "").replace("{\n", "")


def test_all_findings_are_listed_by_badge() -> None:
    listed = all_codes()

    assert all(f"  {code} " in listed for code in Code)
    assert listed.index("EXPIRED") < listed.index("leaf-expired")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("leaf-expire", "leaf-expired"),
        ("self_signed", "self-signed-leaf"),
        ("chain incomplete", "chain-incomplete"),
    ],
)
def test_a_misspelt_finding_is_guessed(typed: str, meant: str) -> None:
    assert meant in nearest_codes(typed)


def test_nothing_is_guessed_from_nothing_alike() -> None:
    assert nearest_codes("qqqqqqqq") == []


def test_prose_keeps_to_the_width_and_commands_are_left_whole() -> None:
    narrow = explain(Code.LEAF_EXPIRED, width=60)

    commands = [line for line in narrow.splitlines() if line.startswith("    ")]
    assert all(len(line) <= 60 for line in narrow.splitlines() if line not in commands)
    assert any("openssl req -new -key server.key" in line and len(line) > 60 for line in commands)
