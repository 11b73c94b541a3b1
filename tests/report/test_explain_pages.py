"""Every page of `certtui explain` is whole, within its width, and names what clients show."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from certtui.core.catalogue import CATALOGUE, Code, badge_of
from certtui.core.client_statements import Stance, clients, statements
from certtui.core.knowledge import CodeBlock, Heading, page
from certtui.core.remedy import NOTHING_KNOWN, fill
from certtui.report.explain import all_codes, explain, nearest_codes

every_code = pytest.mark.parametrize("code", Code)


def commands(code: Code) -> Iterator[str]:
    """Yield the lines of a page that are there to be copied."""
    for section in fill(page(code), NOTHING_KNOWN).sections:
        groups = (section.blocks, *(recipe.blocks for recipe in section.recipes))
        for block in (block for blocks in groups for block in blocks):
            if isinstance(block, CodeBlock):
                yield from block.text.splitlines()


@every_code
def test_a_page_begins_with_title_code_severity_and_badge(code: Code) -> None:
    entry = CATALOGUE[code]

    title, facts, *_ = explain(code).splitlines()

    assert title == entry.title
    assert facts == f"{code} · {entry.severity} · badge {badge_of(code).word}"


@every_code
def test_sections_come_in_their_order_and_each_says_something(code: Code) -> None:
    lines = [line for line in explain(code).splitlines() if line]

    headings = [heading.value.upper() for heading in Heading]
    places = [lines.index(heading) for heading in headings]
    assert places == sorted(places)
    assert all(lines[place + 1] not in headings for place in places)


@every_code
@pytest.mark.parametrize("width", [40, 66])
def test_below_the_title_only_commands_are_wider_than_the_width(code: Code, width: int) -> None:
    _title, _facts, *body = explain(code, width=width).splitlines()

    wide = {line.strip() for line in body if len(line) > width}

    assert wide <= {command.strip() for command in commands(code)}


@every_code
def test_no_command_is_broken_however_narrow_the_page(code: Code) -> None:
    lines = [line.strip() for line in explain(code, width=40).splitlines()]

    assert [command for command in commands(code) if command.strip() not in lines] == []


@every_code
def test_a_page_is_printable(code: Code) -> None:
    assert explain(code).replace("\n", "").isprintable()


@every_code
def test_every_client_that_may_have_a_say_is_named(code: Code) -> None:
    text = explain(code, width=10_000)

    if not statements(code):
        assert "WHAT CLIENTS SHOW" not in text
        return
    _, shown = text.split("WHAT CLIENTS SHOW\n")
    rows = shown.splitlines()
    for row, client in zip(rows, clients(), strict=True):
        statement = statements(code).get(client.key)
        assert row.startswith(client.name)
        assert (statement.stance if statement else Stance.UNKNOWN) in row
        assert statement is None or (statement.shows or "") in row


@every_code
def test_a_letter_too_few_is_forgiven(code: Code) -> None:
    middle = len(code) // 2

    assert code in nearest_codes(code[:middle] + code[middle + 1 :])


@every_code
def test_capitals_and_underscores_are_forgiven(code: Code) -> None:
    assert code in nearest_codes(code.name)
    assert nearest_codes("LEAF_EXPIRED") == nearest_codes("Leaf expired") == ["leaf-expired"]


def test_the_list_names_each_code_once_with_its_severity_and_title() -> None:
    rows = [line.split(maxsplit=2) for line in all_codes().splitlines() if line.startswith("  ")]

    assert sorted(rows) == sorted([code, CATALOGUE[code].severity, CATALOGUE[code].title] for code in Code)
