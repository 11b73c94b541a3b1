"""A finding's page as lines, with this host's names filled in and the commands that can be copied. No widgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from certtui.core.catalogue import CATALOGUE, Code, badge_of
from certtui.core.client_statements import Stance, clients, statements
from certtui.core.finding import Finding
from certtui.core.knowledge import Block, CodeBlock, Item, Paragraph, Section, page
from certtui.core.remedy import Values, fill
from certtui.core.report import Report
from certtui.core.servers import recipes_for
from certtui.ui.drawing.describe import finding_lines
from certtui.ui.drawing.lines import Ink, Line, Piece, line

HelpLine = tuple[Line, int, int | None]
"""A line, how far what does not fit on it is indented, and the number of the command that it is part of."""
_BLANK: HelpLine = (line(), 0, None)


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpPage:
    """What there is to read, and to copy."""

    lines: tuple[HelpLine, ...]
    commands: tuple[str, ...]
    """Each block of commands or configuration as it is copied, ending in a line feed."""


def help_page(
    code: Code, values: Values, server: str | None, *, report: Report | None, finding: Finding | None
) -> HelpPage:
    """Return the page of `code` for a server; with `finding`, what was found comes first."""
    commands: list[str] = []
    return HelpPage(
        lines=tuple(_lines(code, values, server, report, finding, commands)), commands=tuple(commands)
    )


def _lines(
    code: Code,
    values: Values,
    server: str | None,
    report: Report | None,
    finding: Finding | None,
    commands: list[str],
) -> Iterator[HelpLine]:
    if report is not None and finding is not None:
        yield from ((text_line, indent, None) for text_line, indent in finding_lines(report, finding))
    else:
        entry = CATALOGUE[code]
        yield line(Piece(entry.title, Ink.STRONG)), 0, None
        yield line(Piece(f"{code} · {entry.severity} · badge {badge_of(code).word}", Ink.MUTED)), 0, None
    for section in fill(page(code), values).sections:
        yield from (_BLANK, (line(Piece(section.heading, Ink.TITLE)), 0, None))
        yield from _section(section, server, commands)
    yield from _clients(code, finding)


def _section(section: Section, server: str | None, commands: list[str]) -> Iterator[HelpLine]:
    yield from _blocks(section.blocks, commands)
    recipes = recipes_for(section, server)
    if server is not None and section.recipes and not recipes.has_own:
        yield _BLANK
        yield line(Piece(f"There is no recipe for {server} itself here.", Ink.MUTED)), 0, None
    for recipe in recipes.shown:
        yield from (_BLANK, (line(Piece(recipe.program, Ink.STRONG)), 0, None))
        yield from _blocks(recipe.blocks, commands)
    if recipes.others:
        yield _BLANK
        yield line(Piece(f"s shows it for another server: {', '.join(recipes.others)}.", Ink.MUTED)), 0, None


def _blocks(blocks: tuple[Block, ...], commands: list[str]) -> Iterator[HelpLine]:
    for block in blocks:
        match block:
            case Paragraph(text=text):
                yield line(*_inline(text)), 0, None
            case Item(text=text):
                yield line(Piece("• "), *_inline(text)), 2, None
            case CodeBlock(text=text):
                commands.append(f"{text}\n")
                for row in text.splitlines():
                    yield line(Piece(f" {row}", Ink.CODE)), 3, len(commands) - 1


def _inline(text: str) -> Iterator[Piece]:
    """Code between backticks is the pages' only markup."""
    for number, part in enumerate(text.split("`")):
        if part:
            yield Piece(part, Ink.CODE if number % 2 else Ink.PLAIN)


_INDENT = 21


def _clients(code: Code, finding: Finding | None) -> Iterator[HelpLine]:
    """Yield what clients make of a code, or of this very case of it where something was found."""
    known = (
        statements(code, of_issuer=finding.certificate != 0, traits=finding.traits)
        if finding is not None
        else statements(code)
    )
    if not known:
        return
    yield from (_BLANK, (line(Piece("What clients make of this fault alone", Ink.TITLE)), 0, None))
    for client in clients():
        said = known.get(client.key)
        stance = said.stance if said is not None else Stance.UNKNOWN
        detail = " ".join(filter(None, (said.shows, said.note))) if said is not None else "nobody has looked"
        basis = f"  ({said.basis})" if said is not None else ""
        yield (
            line(Piece(f"{client.name:<11}{stance:<9} "), Piece(detail), Piece(basis, Ink.MUTED)),
            _INDENT,
            None,
        )
