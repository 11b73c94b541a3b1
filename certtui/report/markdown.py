"""Reports as Markdown, for a ticket: what is wrong, who refuses it, and how to repair it. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from certtui.core.catalogue import CATALOGUE, badge_of
from certtui.core.client_statements import Stance
from certtui.core.finding import Finding
from certtui.core.knowledge import Block, CodeBlock, Item, Paragraph
from certtui.core.moments import moment
from certtui.core.report import Report
from certtui.report.markdown_text import block, cell, code, marked_up, prose, sentence
from certtui.report.portrait import (
    Standing,
    badge_words,
    certificate_facts,
    chain_steps,
    label_of,
    names_of,
    observation_facts,
    verdict_sentence,
)
from certtui.report.repairs import Repair, repair_of, shared_codes

_MOST_NAMES = 20
_MOST_STEPS = 40
_MOST_FACTS = 40
_STANCES = {Stance.ACCEPTS: "✓", Stance.REJECTS: "✗", Stance.DEPENDS: "~", Stance.UNKNOWN: "?"}


def as_markdown(reports: Sequence[Report], *, program: str | None = None) -> str:
    """Return reports as one document, ending in a line feed.

    `program` is the server whose recipes are told; without one only what holds for every server is.
    Certificates and peers may say anything: it stands in code spans, so that it can be no markup, link or mention.
    """
    shared = shared_codes(reports)
    lines = list(_overview(reports)) if len(reports) != 1 else []
    for report in reports:
        lines += _report(report, program, level=2 if len(reports) != 1 else 1, has_own_repairs=not shared)
    if shared:
        lines += ["", "## How to repair it"]
    for each in shared:
        repair = repair_of(each, None, program)
        lines += ["", f"### {code(each)}", "", *_repair(repair, program)]
    return "\n".join(lines).strip("\n") + "\n"


def _overview(reports: Sequence[Report]) -> Iterator[str]:
    yield f"# TLS certificates of {len(reports)} hosts"
    if not reports:
        return
    yield ""
    yield from _table(
        ("Host", "Verdict", "Found", "Valid until"),
        (
            (
                code(label_of(report)),
                report.verdict.value,
                badge_words(report),
                moment(report.leaf.not_after) if report.leaf is not None else "",
            )
            for report in reports
        ),
    )


def _report(report: Report, program: str | None, *, level: int, has_own_repairs: bool) -> Iterator[str]:
    glyph = report.shown_badge(report.badge).glyph
    head = "#" * level
    yield from ("", f"{head} {code(label_of(report))}: {glyph} {badge_words(report)}", "")
    yield verdict_sentence(report)
    for finding in report.findings:
        yield from ("", f"{head}# {prose(finding.title)}", "")
        yield from _finding(report, finding)
    if report.findings and report.chain:
        yield from ("", f"{head}# Who refuses it", "")
        yield from _clients(report)
    codes = dict.fromkeys(finding.code for finding in report.findings) if has_own_repairs else ()
    for each in codes:
        yield from ("", f"{head}# How to repair it: {prose(CATALOGUE[each].title)}", "")
        yield from _repair(repair_of(each, report, program), program)
    if report.leaf is not None:
        yield from ("", f"{head}# The certificate", "")
        yield from _certificate(report)
        yield from ("", f"{head}# The chain", "")
        yield from _chain(report)
    yield from ("", f"{head}# How it was looked at", "")
    yield from (f"- {fact.label}: {code(fact.value)}" for fact in observation_facts(report))
    if report.unchecked:
        yield from ("", f"{head}# Not checked", "")
        yield from (f"- {prose(each.what)}: {prose(each.why)}" for each in report.unchecked)


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    where = ""
    if finding.certificate is not None and finding.certificate < len(report.chain):
        name = code(report.chain[finding.certificate].display_name, most=100)
        where = f", certificate {finding.certificate + 1} ({name})"
    values = [fact.value for fact in finding.evidence[:_MOST_FACTS]]
    summary = sentence(finding.summary, [*values, *(it.display_name for it in report.chain[:_MOST_STEPS])])
    yield f"{finding.severity.value.capitalize()} {code(finding.code)}{where}: {summary}"
    if finding.evidence:
        yield ""
    for fact in finding.evidence[:_MOST_FACTS]:
        yield f"- {prose(fact.label)}: {code(fact.value)}"
    if len(finding.evidence) > _MOST_FACTS:
        yield f"- … {len(finding.evidence) - _MOST_FACTS} more"


def _repair(repair: Repair, program: str | None) -> Iterator[str]:
    yield from _blocks(repair.blocks)
    if not repair.is_known_for_program and program is not None:
        yield from ("", f"There is no recipe for {prose(program)} here.")
    for recipe in repair.recipes:
        yield from ("", f"*{prose(recipe.program)}:*", "")
        yield from _blocks(recipe.blocks)


def _blocks(blocks: Iterable[Block]) -> Iterator[str]:
    before: Block | None = None
    for each in blocks:
        if before is not None and not (isinstance(before, Item) and isinstance(each, Item)):
            yield ""
        match each:
            case Paragraph(text=text):
                yield marked_up(text)
            case Item(text=text):
                yield f"- {marked_up(text)}"
            case CodeBlock(language=language, text=text):
                yield from block(text, language)
        before = each


def _clients(report: Report) -> Iterator[str]:
    accepting = [verdict.client for verdict in report.clients if verdict.accepts]
    if len(accepting) < len(report.clients):
        yield from _table(("Client", "Does", "Shows", "Because of", "Note"), _refusals(report))
    if accepting:
        yield from ("", f"Accepted by {', '.join(accepting)}.")


def _refusals(report: Report) -> Iterator[Sequence[str]]:
    for verdict in report.clients:
        if not verdict.accepts:
            said = f"{_STANCES[verdict.stance]} {verdict.stance.value}"
            shows = code(verdict.shows) if verdict.shows else ""
            because = code(verdict.because) if verdict.because else ""
            # Where nobody has looked, that is all there is to say.
            note = verdict.note or (verdict.basis if verdict.stance is Stance.UNKNOWN else "")
            yield verdict.client, said, shows, because, marked_up(note)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    for row in rows:
        yield f"| {' | '.join(cell(value) for value in row)} |"


def _certificate(report: Report) -> Iterator[str]:
    leaf = report.chain[0]
    for fact in certificate_facts(report, leaf):
        yield f"- {fact.label}: {code(fact.value)}"
    names, more = names_of(leaf, _MOST_NAMES)
    shown = ", ".join(code(name, most=260) for name in names) or "none"
    yield f"- Names ({len(leaf.san)}): {shown}" + (f" and {more} more" if more else "")


def _chain(report: Report) -> Iterator[str]:
    steps = list(chain_steps(report))
    for step in steps[:_MOST_STEPS]:
        number = f", sent as {step.number}" if step.number is not None else ""
        faults = f", **{', '.join(badge_of(it.code).word for it in step.faults)}**" if step.faults else ""
        name = code(step.name, most=200)
        shown = f"~~{name}~~" if step.standing is Standing.UNUSED else name
        yield f"- {shown}: {step.note}{number}{faults}"
    if len(steps) > _MOST_STEPS:
        yield f"- … {len(steps) - _MOST_STEPS} more"
