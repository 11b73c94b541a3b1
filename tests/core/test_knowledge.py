"""Every code has its page, every page its sections, and nothing in them is unfinished."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from certtui.core.calendar import limits
from certtui.core.catalogue import CATALOGUE, Code, Severity
from certtui.core.knowledge import (
    Block,
    CodeBlock,
    Heading,
    Item,
    KnowledgeError,
    Page,
    Paragraph,
    page,
    table,
)
from certtui.core.remedy import PLACEHOLDER, PLACEHOLDERS, PROSE_ONLY

ROOT = resources.files("certtui.knowledge")
PAGES = sorted(entry.name for entry in ROOT.iterdir() if entry.name.endswith(".md"))
RECIPES = sorted(entry.name for entry in ROOT.joinpath("recipes").iterdir() if entry.name.endswith(".md"))
TABLES = sorted(entry.name for entry in ROOT.iterdir() if entry.name.endswith(".toml"))
EVERY_FILE = [*PAGES, *(f"recipes/{name}" for name in RECIPES), *TABLES]

each_code = pytest.mark.parametrize("code", Code)


def _text(name: str) -> str:
    return ROOT.joinpath(*name.split("/")).read_text("utf-8")


def _blocks(of: Page) -> list[Block]:
    return [
        block
        for section in of.sections
        for blocks in (section.blocks, *(recipe.blocks for recipe in section.recipes))
        for block in blocks
    ]


def test_every_code_has_a_page_and_every_page_a_code() -> None:
    assert set(PAGES) == {f"{code.value}.md" for code in Code}


@each_code
def test_a_page_has_every_section_in_order_and_none_is_empty(code: Code) -> None:
    shown = page(code)

    assert [section.heading for section in shown.sections] == list(Heading)
    assert all(section.blocks or section.recipes for section in shown.sections)
    assert shown.section(Heading.REPAIR) is shown.sections[list(Heading).index(Heading.REPAIR)]


@each_code
def test_a_page_has_a_title_and_knows_its_code(code: Code) -> None:
    assert page(code).title == CATALOGUE[code].title
    assert page(code).code is code


@each_code
def test_a_page_says_something_before_its_first_list_or_recipe(code: Code) -> None:
    assert isinstance(page(code).section(Heading.WHAT_IT_IS).blocks[0], Paragraph)


@pytest.mark.parametrize("name", EVERY_FILE)
def test_nothing_is_left_unverified_or_to_be_done(name: str) -> None:
    text = _text(name)

    assert "(unverified)" not in text.lower()
    assert not re.search(r"\b(TODO|FIXME|XXX|TBD)\b", text)
    assert "lorem ipsum" not in text.lower()


@pytest.mark.parametrize("name", [f"recipes/{name}" for name in RECIPES])
def test_every_recipe_is_used_by_a_page(name: str) -> None:
    mark = f"<<{name.removeprefix('recipes/').removesuffix('.md')}>>"

    assert any(mark in _text(used_by).splitlines() for used_by in PAGES)


@each_code
def test_no_mark_of_the_format_is_left_in_a_page(code: Code) -> None:
    texts = [block.text for block in _blocks(page(code)) if isinstance(block, Paragraph | Item)]

    assert not [text for text in texts if re.search(r"<<|>>|^#|^- |```", text)]
    assert all(text.count("`") % 2 == 0 for text in texts)
    assert all(text.strip() == text != "" for text in texts)


@each_code
def test_a_page_uses_placeholders_that_exist(code: Code) -> None:
    used = {name for block in _blocks(page(code)) for name in PLACEHOLDER.findall(block.text)}

    assert used <= PLACEHOLDERS


@each_code
def test_free_text_stands_in_no_command(code: Code) -> None:
    commands = [block.text for block in _blocks(page(code)) if isinstance(block, CodeBlock)]

    assert not {name for text in commands for name in PLACEHOLDER.findall(text)} & PROSE_ONLY


@each_code
def test_a_program_has_one_recipe_and_every_recipe_says_something(code: Code) -> None:
    recipes = page(code).section(Heading.REPAIR).recipes

    programs = [recipe.program for recipe in recipes]
    assert len(programs) == len(set(programs))
    assert all(recipe.blocks for recipe in recipes)


@each_code
def test_every_block_of_code_says_what_it_holds_and_holds_something(code: Code) -> None:
    blocks = [block for block in _blocks(page(code)) if isinstance(block, CodeBlock)]

    assert all(re.fullmatch(r"[a-z]+", block.language) and block.text.strip() for block in blocks)


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_what_its_file_holds(name: str) -> None:
    assert table(name) == tomllib.loads(_text(name))


def test_a_table_that_is_missing_is_a_bug_of_certtui() -> None:
    with pytest.raises(KnowledgeError, match=r"no-such\.toml does not ship with certtui"):
        table("no-such.toml")


def test_every_limit_names_its_source() -> None:
    found = limits()

    assert found.sources.keys() == table("calendar.toml").keys()
    assert all(len(source) > 10 for source in found.sources.values())


def test_limits_are_those_that_are_in_force() -> None:
    found = limits()

    assert (found.minimum_rsa_bits, found.minimum_curve_bits) == (2048, 256)
    assert found.broken_hashes == {"md2", "md4", "md5", "sha1"}
    assert 0 < found.expiring_share < 1


def test_a_fault_that_clients_refuse_comes_with_commands_or_recipes() -> None:
    silent = {
        code
        for code, entry in CATALOGUE.items()
        if entry.severity is Severity.ERROR
        and not page(code).section(Heading.REPAIR).recipes
        and not any(isinstance(block, CodeBlock) for block in _blocks(page(code)))
    }

    assert silent <= {Code.INTERNAL_ERROR, Code.FILE_UNREADABLE}
