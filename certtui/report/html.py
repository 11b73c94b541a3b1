"""Reports as one HTML file that needs nothing else: no script, no request, for screens, phones and paper.

Whatever a certificate or peer says is shown as text; the file forbids the browser everything but its own style.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache
from importlib import resources

from certtui.core.catalogue import BADGES, CATALOGUE, Category, Code
from certtui.core.moments import moment
from certtui.core.report import Report, Verdict
from certtui.report.html_certificate import Catalogue
from certtui.report.html_host import badge, badges, host_section, repair_content, short_section
from certtui.report.html_text import Content, Markup, code, element, folded, joined, shown, table
from certtui.report.portrait import label_of, life_left
from certtui.report.repairs import repair_of, shared_codes

MOST_IN_FULL = 200
"""Hosts that are shown with everything; of the others only what was found, so that the file still opens."""
_SIGNS = {Verdict.TRUSTED: "✓", Verdict.REJECTED: "✗", Verdict.UNREACHABLE: "∅"}


def as_html(reports: Sequence[Report], *, made_at: datetime, program: str | None = None) -> str:
    """Return reports as one HTML document.

    `program` is the server whose recipes are told; without one only what holds for every server is.
    """
    title = label_of(reports[0]) if len(reports) == 1 else f"{len(reports)} hosts"
    body = [
        element("header", *_header(reports, title, made_at)),
        element("main", *_main(reports, program)),
        element("footer", element("p", "Made by certtui. It loads nothing and runs nothing.")),
    ]
    return f"<!DOCTYPE html>\n{_document(title, body)}\n"


def _document(title: str, body: Sequence[Markup]) -> Markup:
    style = _style()
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    # Both rules name what may be, and that is this style alone (Content Security Policy Level 3 §8.3).
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    head = (
        '<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="referrer" content="no-referrer">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{shown(f'TLS certificates: {title}', most=200)}</title>",
        f"<style>{style}</style>",
    )
    return element("html", Markup("<head>" + "".join(head) + "</head>"), element("body", *body), lang="en")


@cache
def _style() -> str:
    return resources.files("certtui.report").joinpath("html_style.css").read_text("utf-8")


def _header(reports: Sequence[Report], title: str, made_at: datetime) -> Iterator[Markup]:
    yield element("h1", "TLS certificate report" if len(reports) == 1 else f"TLS certificates of {title}")
    yield element("p", f"Made {moment(made_at)}.", class_="muted")
    if len(reports) > 1:
        yield _counts(reports)


def _counts(reports: Sequence[Report]) -> Markup:
    verdicts = Counter(report.verdict for report in reports)
    badges_shown = Counter(category for report in reports for category in report.badges)
    first: dict[Category, Report] = {}
    for report in reports:
        for category in report.badges:
            first.setdefault(category, report)
    counted = [
        element("li", element("b", str(count)), " ", f"{_SIGNS[verdict]} {verdict.value}")
        for verdict in Verdict
        if (count := verdicts[verdict])
    ]
    found = [
        element("li", badge(first[category], category), " ", element("b", str(badges_shown[category])))
        for category in BADGES
        if badges_shown[category] and category is not Category.TRUSTED
    ]
    return joined(
        (
            element("ul", *counted, class_="counts"),
            element("ul", *found, class_="counts", aria_label="hosts with each kind of fault")
            if found
            else "",
        )
    )


def _main(reports: Sequence[Report], program: str | None) -> Iterator[Markup]:
    if len(reports) > 1:
        yield _hosts(reports)
    shared = shared_codes(reports)
    catalogue = Catalogue()
    for number, report in enumerate(reports[:MOST_IN_FULL], start=1):
        yield host_section(report, number, catalogue, program, has_own_repairs=not shared)
    rest = reports[MOST_IN_FULL:]
    if rest:
        said = f"Of the other {len(rest)} hosts only what was found is told; export fewer hosts for the rest."
        yield element("p", said, class_="muted")
    for number, report in enumerate(rest, start=MOST_IN_FULL + 1):
        yield short_section(report, number)
    if shared:
        repairs = [_shared_repair(each, program) for each in shared]
        yield element("article", element("h2", "How to repair it"), *repairs, id="repairs")


def _shared_repair(code_found: Code, program: str | None) -> Markup:
    body = repair_content(repair_of(code_found, None, program), program)
    inner = element("div", body, id=f"repair-{code_found.value}", class_="folded")
    return folded(joined((CATALOGUE[code_found].title, " ", code(code_found))), inner)


def _hosts(reports: Sequence[Report]) -> Markup:
    rows: list[tuple[Content, ...]] = []
    for number, report in enumerate(reports, start=1):
        link = element("a", code(label_of(report), most=200), href=f"#host-{number}")
        leaf = report.leaf
        if leaf is None:
            rows.append((link, badges(report), "", ""))
            continue
        left = element("span", life_left(report, leaf), class_="muted row")
        expiry = joined((moment(leaf.not_after), " ", left))
        issuer = leaf.issuer.common_name or leaf.issuer.rfc4514 or "nobody"
        rows.append((link, badges(report), expiry, code(issuer, most=100)))
    return table("All hosts", ("Host", "Found", "Valid until", "Issuer"), rows)
