"""The pages of `certtui.knowledge`, parsed. They are facts as data; nothing is decided here.

This is the one place in core that opens files, and only the package's own: the pages are as much a part of
the program as its code, so a page that is missing or malformed is a bug (`KnowledgeError`), never a condition
to handle.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from certtui.core.catalogue import Code


class KnowledgeError(Exception):
    """A page or table shipped with certtui is missing or malformed: a bug of certtui."""


class Heading(StrEnum):
    """The sections that every page has, in this order."""

    WHAT_IT_IS = "What it is"
    HOW_IT_HAPPENS = "How it happens"
    RISK = "Risk"
    REPAIR = "Repair"
    CHECK = "Check"
    AS_A_VISITOR = "As a visitor"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text on one line; the only markup in it is `code` between backticks."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A point of a list, marked up like a paragraph."""

    text: str


@dataclass(frozen=True, slots=True)
class CodeBlock:
    """Lines to copy as they are."""

    language: str
    """`sh` for commands; else the program whose configuration it is: `nginx`, `apache`, `caddy` ..."""
    text: str


Block = Paragraph | Item | CodeBlock
"""The closed union of what a section is made of."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """How to repair a fault with one program."""

    program: str
    """`nginx`, `Apache`, `certbot` ..."""
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """One section of a page."""

    heading: Heading
    blocks: tuple[Block, ...]
    """What applies whatever the program."""
    recipes: tuple[Recipe, ...] = ()
    """One for each program, put together from all that the page says of it; only the repair has any."""


@dataclass(frozen=True, slots=True)
class Page:
    """What there is to know about one finding code."""

    code: Code
    title: str
    sections: tuple[Section, ...]
    """One for each `Heading`, in that order."""

    def section(self, heading: Heading) -> Section:
        """Return the section under this heading."""
        return next(section for section in self.sections if section.heading is heading)


@cache
def page(code: Code) -> Page:
    """Return the page of `code`, with its placeholders such as `{host}` unfilled."""
    name = f"{code.value}.md"
    return _parse_page(code, _with_recipes(_read(name), name), name)


def table(name: str) -> dict[str, object]:
    """Return the TOML table `name`, e.g. `clients.toml`, for the module that gives it types."""
    try:
        return tomllib.loads(_read(name))
    except tomllib.TOMLDecodeError as error:
        raise KnowledgeError(f"{name}: {error}") from error


def lines(name: str) -> tuple[str, ...]:
    """Return the lines of `name`, e.g. `roots.tsv`, that are neither empty nor comments."""
    return tuple(line for line in _read(name).splitlines() if line and not line.startswith("#"))


def octets(name: str) -> bytes:
    """Return the file `name`, e.g. `debian_weak_keys.bin`, for the module that knows its form."""
    try:
        return resources.files("certtui.knowledge").joinpath(*name.split("/")).read_bytes()
    except OSError as error:
        raise KnowledgeError(f"{name} does not ship with certtui: {error}") from error


def _read(name: str) -> str:
    return octets(name).decode("utf-8")


_RECIPE = re.compile(r"<<([a-z0-9-]+)>>")


def _with_recipes(text: str, name: str) -> list[str]:
    """Return the lines of a page, each line `<<name>>` replaced with that recipe's lines."""
    lines: list[str] = []
    for line in text.splitlines():
        recipe = _RECIPE.fullmatch(line)
        lines += _read(f"recipes/{recipe.group(1)}.md").splitlines() if recipe else [line]
    stray = next((line for line in lines if _RECIPE.fullmatch(line)), None)
    if stray is not None:
        raise KnowledgeError(f"{name}: a recipe holds {stray}, but recipes do not nest")
    return lines


def _parse_page(code: Code, lines: list[str], name: str) -> Page:
    if not lines or not lines[0].startswith("# "):
        raise KnowledgeError(f"{name}: the first line is no title")
    parts = _split(lines[1:], "## ", name)
    if parts[0][0] or [title for title, _ in parts[1:]] != list(Heading):
        raise KnowledgeError(f"{name}: the sections are not {', '.join(Heading)}")
    sections = tuple(_parse_section(Heading(title), body, name) for title, body in parts[1:])
    return Page(code=code, title=lines[0][2:].strip(), sections=sections)


def _parse_section(heading: Heading, lines: list[str], name: str) -> Section:
    (_, opening), *rest = _split(lines, "### ", name)
    by_program: dict[str, tuple[Block, ...]] = {}
    for program, body in rest:
        by_program[program] = (*by_program.get(program, ()), *_parse_blocks(body, name))
    recipes = tuple(Recipe(program, blocks) for program, blocks in by_program.items())
    if recipes and heading is not Heading.REPAIR:
        raise KnowledgeError(f"{name}: {heading} holds recipes")
    return Section(heading, _parse_blocks(opening, name), recipes)


def _split(lines: list[str], mark: str, name: str) -> list[tuple[str, list[str]]]:
    """Return each heading that starts with `mark` with its lines; what comes before the first has no heading."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    fenced = False
    for line in lines:
        fenced ^= line.startswith("```")
        if line.startswith(mark) and not fenced:
            parts.append((line.removeprefix(mark).strip(), []))
        else:
            parts[-1][1].append(line)
    if fenced:
        raise KnowledgeError(f"{name}: a fence is not closed")
    parts[0] = ("".join(parts[0][1]).strip(), []) if mark == "## " else parts[0]
    return parts


def _parse_blocks(lines: list[str], name: str) -> tuple[Block, ...]:
    blocks: list[Block] = []
    pending = list(lines)
    while pending:
        line = pending.pop(0)
        if line.startswith("```"):
            end = pending.index("```")
            blocks.append(CodeBlock(line.removeprefix("```").strip(), "\n".join(pending[:end])))
            del pending[: end + 1]
        elif line.strip():
            text = [line.strip()]
            while pending and pending[0].strip() and not pending[0].startswith(("- ", "```")):
                text.append(pending.pop(0).strip())
            joined = " ".join(text)
            blocks.append(Item(joined[2:]) if joined.startswith("- ") else Paragraph(joined))
    if any(isinstance(block, CodeBlock) and not block.language for block in blocks):
        raise KnowledgeError(f"{name}: a fence does not say what it holds")
    return tuple(blocks)
