"""A finding's page as text, for `certtui explain`, and which findings a client's own words may mean."""

from __future__ import annotations

import difflib
import textwrap
from collections.abc import Iterator

from certtui.core.catalogue import BADGES, CATALOGUE, Category, Code, badge_of
from certtui.core.client_statements import Stance, clients, statements
from certtui.core.knowledge import Block, CodeBlock, Item, Paragraph, page
from certtui.core.remedy import NOTHING_KNOWN, fill
from certtui.core.symptoms import Meaning, likely_codes, likely_meanings


def all_codes() -> str:
    """Return every code with its title, by category."""
    rows: list[str] = []
    for category in Category:
        codes = [code for code, entry in CATALOGUE.items() if entry.category is category]
        if codes:
            rows += ["", BADGES[category].word]
            rows += [f"  {code:<28} {CATALOGUE[code].severity:<8} {CATALOGUE[code].title}" for code in codes]
    return "\n".join(rows[1:]) + "\n"


def nearest_codes(text: str) -> list[str]:
    """Return the few codes that look most like `text`."""
    wanted = text.lower().replace("_", "-").replace(" ", "-")
    holding = [code.value for code in Code if wanted in code.value]
    if holding and len(wanted) >= _FEWEST_LETTERS:
        return sorted(holding, key=lambda code: not code.startswith(wanted))[:_MOST_GUESSES]
    return difflib.get_close_matches(wanted, [code.value for code in Code], n=3, cutoff=0.5)


_MOST_GUESSES = 5
_FEWEST_LETTERS = 3
"""Fewer letters stand in so many codes that none of them is meant."""


def code_named(text: str) -> Code | None:
    """Return the finding that `text` names or surely means; None where there are several or none."""
    spelt = text.strip().lower().replace("_", "-").replace(" ", "-")
    if spelt in {code.value for code in Code}:
        return Code(spelt)
    codes = likely_codes(text)
    return codes[0] if len(codes) == 1 else None


def explain_symptom(text: str, *, width: int = 80) -> str | None:
    """Return the list of findings that a client may mean by `text`, wrapped to `width`; None where there is none."""
    meanings = likely_meanings(text)
    if not meanings:
        return None
    return "\n".join(_meanings(meanings, max(40, width))) + "\n"


_WIDE = 70
"""From this width on titles stand in a column of their own."""


def _meanings(meanings: tuple[Meaning, ...], width: int) -> Iterator[str]:
    yield from textwrap.wrap("This may mean any of the following, the most likely first:", width)
    yield ""
    for meaning in meanings:
        title = CATALOGUE[meaning.code].title
        said = f"{meaning.code:<28} {title} ({', '.join(meaning.clients)})"
        indent = " " * (31 if width >= _WIDE else 4)
        yield from textwrap.wrap(f"  {said}", width, subsequent_indent=indent, break_on_hyphens=False)
    yield ""
    yield from textwrap.wrap("certtui explain CODE has the page of each, with its risk and repair.", width)


def explain(code: Code, *, width: int = 80) -> str:
    """Return what a finding means, what it risks, how to repair it and what clients show, wrapped to `width`."""
    return "\n".join(_lines(code, max(40, width))) + "\n"


def _lines(code: Code, width: int) -> Iterator[str]:
    entry = CATALOGUE[code]
    yield f"{entry.title}"
    yield f"{code} · {entry.severity} · badge {badge_of(code).word}"
    for section in fill(page(code), NOTHING_KNOWN).sections:
        yield from ("", section.heading.value.upper())
        yield from _blocks(section.blocks, width, 0)
        for recipe in section.recipes:
            yield from ("", f"  {recipe.program}")
            yield from _blocks(recipe.blocks, width, 2)
    yield from _clients(code, width)


def _blocks(blocks: tuple[Block, ...], width: int, indent: int) -> Iterator[str]:
    margin = " " * indent
    for block in blocks:
        match block:
            case Paragraph(text):
                yield from textwrap.wrap(text, width, initial_indent=margin, subsequent_indent=margin)
            case Item(text):
                yield from textwrap.wrap(
                    text, width, initial_indent=f"{margin}- ", subsequent_indent=f"{margin}  "
                )
            case CodeBlock(text=text):
                # A command is never wrapped: what is copied must run.
                yield from (f"{margin}    {row}" for row in text.splitlines())


def _clients(code: Code, width: int) -> Iterator[str]:
    known = statements(code)
    if not known:
        return
    yield from ("", "WHAT CLIENTS SHOW")
    for client in clients():
        statement = known.get(client.key)
        if statement is None:
            said = Stance.UNKNOWN.value
        else:
            extra = " ".join(part for part in (statement.shows, statement.note) if part)
            said = f"{statement.stance} {extra} ({statement.basis})".replace("  ", " ")
        yield from textwrap.wrap(
            f"{client.name:<10} {said}", width, subsequent_indent=" " * 11, break_on_hyphens=False
        )
