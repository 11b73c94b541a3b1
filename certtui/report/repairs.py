"""How to repair a finding, as much of its page as fits in a document for others. It formats nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from certtui.core.catalogue import Code
from certtui.core.knowledge import Block, Heading, Recipe, Section, page
from certtui.core.remedy import NOTHING_KNOWN, Values, fill, values_of
from certtui.core.report import Report
from certtui.core.servers import SERVERS, recipes_for

MOST_OWN_REPAIRS = 20
"""With more reports than this each repair is told once, in general words, and not again for every host."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """What to do about one finding."""

    code: Code
    blocks: tuple[Block, ...]
    """What applies whatever the server."""
    recipes: tuple[Recipe, ...]
    """For the chosen server and what goes with it; none where no server is chosen."""
    is_known_for_program: bool
    """False where a server was chosen and there is nothing for it."""


def repair_of(code: Code, report: Report | None, program: str | None) -> Repair:
    """Return how to repair a finding of a report with a program; without a report its placeholders stay neutral."""
    values: Values = values_of(report) if report is not None else NOTHING_KNOWN
    section = fill(page(code), values).section(Heading.REPAIR)
    recipes = _recipes(section, program)
    return Repair(
        code=code,
        blocks=section.blocks,
        recipes=recipes,
        is_known_for_program=program is None or bool(recipes) or not section.recipes,
    )


def shared_codes(reports: Sequence[Report]) -> tuple[Code, ...]:
    """Return the codes whose repairs are told once for all reports; none where each report tells its own."""
    if len(reports) <= MOST_OWN_REPAIRS:
        return ()
    return tuple(dict.fromkeys(finding.code for report in reports for finding in report.findings))


def _recipes(section: Section, program: str | None) -> tuple[Recipe, ...]:
    if program is None:
        return ()
    helpful = {program, *SERVERS.get(program, ())}
    if not any(recipe.program in helpful for recipe in section.recipes):
        return ()
    return recipes_for(section, program).shown
