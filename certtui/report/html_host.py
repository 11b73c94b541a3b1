"""One report as a section of an HTML document. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from certtui.core.catalogue import Badge, Category, Severity, badge_of
from certtui.core.client_statements import Stance
from certtui.core.finding import Finding
from certtui.core.knowledge import Block, CodeBlock, Item, Paragraph
from certtui.core.report import Report
from certtui.report.html_certificate import Catalogue
from certtui.report.html_text import (
    Content,
    Markup,
    code,
    element,
    facts,
    folded,
    joined,
    marked_up,
    preformatted,
    table,
)
from certtui.report.portrait import (
    Standing,
    Step,
    chain_steps,
    label_of,
    observation_facts,
    verdict_sentence,
)
from certtui.report.repairs import Repair, repair_of

_MOST_FACTS = 100
_MOST_STEPS = 100
_MOST_DETAILED = 20
_STANCES = {Stance.ACCEPTS: "✓", Stance.REJECTS: "✗", Stance.DEPENDS: "~", Stance.UNKNOWN: "?"}


def badge(report: Report, category: Category) -> Markup:
    """Return a badge: a sign and a word, and a colour that only repeats how grave it is."""
    shown = report.shown_badge(category)
    severities = [it.severity for it in report.findings if it.category is category]
    grave = severities[0].value if severities else "good"
    kind = "good" if category is Category.TRUSTED else grave
    return _badge(shown, kind)


def _badge(badge: Badge, kind: str) -> Markup:
    sign = element("span", badge.glyph, aria_hidden="true")
    return element("span", sign, " ", badge.word, class_=f"badge {kind}")


def badges(report: Report) -> Markup:
    """Return all badges of a report, the gravest first."""
    return joined((badge(report, category) for category in report.badges), " ")


def host_section(
    report: Report, number: int, catalogue: Catalogue, program: str | None, *, has_own_repairs: bool
) -> Markup:
    """Return everything that is known of one host."""
    parts = [
        *_head(report),
        *(_finding(report, each, program, has_own_repair=has_own_repairs) for each in report.findings),
        *_clients(report),
        *_chain(report),
        *_certificates(report, catalogue),
        element("h3", "How it was looked at"),
        facts((fact.label, code(fact.value)) for fact in observation_facts(report)),
        *_unchecked(report),
    ]
    return element("article", *parts, id=f"host-{number}")


def short_section(report: Report, number: int) -> Markup:
    """Return what was found of one host and no more."""
    found = [element("li", _summary(each)) for each in report.findings]
    return element("article", *_head(report), element("ul", *found) if found else "", id=f"host-{number}")


def repair_content(repair: Repair, program: str | None) -> Markup:
    """Return how to repair a finding."""
    parts = list(_blocks(repair.blocks))
    if not repair.is_known_for_program and program is not None:
        parts.append(element("p", f"There is no recipe for {program} here.", class_="muted"))
    for recipe in repair.recipes:
        parts += [element("h5", recipe.program), *_blocks(recipe.blocks)]
    return joined(parts)


def _head(report: Report) -> Iterator[Markup]:
    yield element("h2", code(label_of(report), most=300))
    yield element("p", badges(report), class_="badges")
    yield element("p", verdict_sentence(report))


def _summary(finding: Finding) -> Markup:
    named = element("span", f"{finding.severity.value} ", code(finding.code), class_="muted")
    return joined((element("strong", finding.title), " ", named, ": ", finding.summary))


def _finding(report: Report, finding: Finding, program: str | None, *, has_own_repair: bool) -> Markup:
    place: Content = ""
    if finding.certificate is not None and finding.certificate < len(report.chain):
        name = code(report.chain[finding.certificate].display_name, most=200)
        place = joined((f" · certificate {finding.certificate + 1}, ", name))
    kind = element("p", f"{finding.severity.value} · ", code(finding.code), place, class_="muted")
    values = facts((it.label, code(it.value)) for it in finding.evidence[:_MOST_FACTS])
    more = len(finding.evidence) - _MOST_FACTS
    if has_own_repair:
        repair = folded(
            "How to repair it",
            element(
                "div", repair_content(repair_of(finding.code, report, program), program), class_="folded"
            ),
        )
    else:
        repair = element("p", element("a", "How to repair it", href=f"#repair-{finding.code.value}"))
    return element(
        "section",
        element("h3", finding.title),
        kind,
        element("p", finding.summary),
        values if finding.evidence else "",
        element("p", f"… {more} more values") if more > 0 else "",
        repair,
        class_=f"finding {finding.severity.value}",
    )


def _blocks(blocks: Iterable[Block]) -> Iterator[Markup]:
    items: list[Markup] = []
    for block in blocks:
        if isinstance(block, Item):
            items.append(element("li", marked_up(block.text)))
            continue
        if items:
            yield element("ul", *items)
            items = []
        match block:
            case Paragraph(text=text):
                yield element("p", marked_up(text))
            case CodeBlock(text=text):
                yield preformatted(text)
    if items:
        yield element("ul", *items)


def _clients(report: Report) -> Iterator[Markup]:
    if not report.chain or report.severity in (None, Severity.NOTICE):
        return
    yield element("h3", "Who refuses it")
    rows = []
    for verdict in report.clients:
        sign = element("span", _STANCES[verdict.stance], aria_hidden="true")
        said = element("span", sign, " ", verdict.stance.value, class_=f"stance {verdict.stance.value}")
        note = verdict.note or (verdict.basis if verdict.stance is Stance.UNKNOWN else "")
        because = element("span", code(verdict.because), class_="whole") if verdict.because else ""
        rows.append(
            (verdict.client, said, code(verdict.shows) if verdict.shows else "", because, marked_up(note))
        )
    yield table(
        "What each client does and shows first", ("Client", "Does", "Shows", "Because of", "Note"), rows
    )


def _chain(report: Report) -> Iterator[Markup]:
    steps = list(chain_steps(report))
    if not steps:
        return
    yield element("h3", "The chain")
    built = [step for step in steps if step.standing is not Standing.UNUSED]
    yield element("ol", *(_step(step) for step in built[:_MOST_STEPS]), class_="chain")
    if len(built) > _MOST_STEPS:
        yield element("p", f"… {len(built) - _MOST_STEPS} more")
    unused = [step for step in steps if step.standing is Standing.UNUSED]
    if unused:
        yield element("h4", "Sent, but not used")
        yield element("ul", *(_step(step) for step in unused[:_MOST_STEPS]), class_="chain unused")
    if len(unused) > _MOST_STEPS:
        yield element("p", f"… {len(unused) - _MOST_STEPS} more")


def _step(step: Step) -> Markup:
    name = code(step.name, most=200)
    if step.standing is Standing.UNUSED:
        name = element("s", name)
    note = step.note + (f", sent as {step.number}" if step.number is not None else "")
    faults = joined((_badge(badge_of(it.code), it.severity.value) for it in step.faults), " ")
    parts: list[Content] = [name, " ", element("span", note, class_="muted"), " ", faults]
    return element("li", *parts, class_=step.standing.name.lower())


def _certificates(report: Report, catalogue: Catalogue) -> Iterator[Markup]:
    if not report.chain:
        return
    yield element("h3", "The certificates")
    sent = dict.fromkeys(report.chain)
    for certificate in list(sent)[:_MOST_DETAILED]:
        place = report.chain.index(certificate) + 1
        yield catalogue.details(report, certificate, f"{place} of {len(report.chain)} sent")
    if len(sent) > _MOST_DETAILED:
        yield element("p", f"… {len(sent) - _MOST_DETAILED} more were sent")
    links = report.best_path.links if report.best_path is not None else ()
    for certificate in [link.certificate for link in links if link.index is None][:_MOST_DETAILED]:
        yield catalogue.details(report, certificate, "Not sent")


def _unchecked(report: Report) -> Iterator[Markup]:
    if report.unchecked:
        yield element("h3", "Not checked")
        yield element("p", "What was not checked counts as neither passed nor failed.", class_="muted")
        yield facts((each.what, each.why) for each in report.unchecked)
