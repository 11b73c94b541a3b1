"""An HTML report is one file of text: it says everything, and nothing in it acts or leads out of it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

import certtui
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.core.text import visible
from certtui.report.html import MOST_IN_FULL, as_html
from certtui.report.html_certificate import Catalogue
from certtui.report.portrait import MOST_NAMES
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, leaf
from tests.report.html_reader import EMPTY, MADE_AT, read
from tests.report.samples import every_kind
from tests.report.strange_names import STRANGE, strange_report
from tests.report.test_json import REPORTS

REPORTS_OF_EVERY_KIND = {**every_kind(), "strange": strange_report(), **REPORTS}
ELEMENTS = EMPTY | {
    *("html", "head", "title", "style", "body", "header", "main", "footer", "article", "section"),
    *(
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "p",
        "span",
        "b",
        "i",
        "s",
        "strong",
        "a",
        "code",
        "pre",
        "ul",
        "ol",
        "li",
    ),
    *("dl", "dt", "dd", "div", "details", "summary"),
    *("table", "caption", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {
    *("lang", "class", "id", "href", "role", "scope", "tabindex", "aria-hidden", "aria-label", "data-label"),
    *("charset", "http-equiv", "content", "name"),
}
each = pytest.mark.parametrize("report", REPORTS_OF_EVERY_KIND.values(), ids=REPORTS_OF_EVERY_KIND.keys())


@each
def test_it_is_well_formed_and_made_of_elements_that_only_show(report: Report) -> None:
    found = read(report, program="nginx")

    assert not found.odd
    assert not found.open
    assert {name for name, _ in found.elements} <= ELEMENTS
    assert {key for _, attributes in found.elements for key in attributes} <= ATTRIBUTES


@each
def test_links_lead_to_places_in_it_and_every_place_is_there_once(report: Report) -> None:
    found = read(report, REPORTS["trusted"], report)

    places = found.of("id")
    assert len(set(places)) == len(places)
    assert {f"#{place}" for place in places} >= set(found.of("href"))


@each
def test_no_attribute_holds_anything_but_certtuis_own_words_and_numbers(report: Report) -> None:
    found = read(report)

    values = [value for name in ATTRIBUTES - {"content"} for value in found.of(name)]
    assert not [value for value in values if not re.fullmatch(r"[#A-Za-z0-9 -]*", value)]


@each
def test_every_finding_is_there_with_its_code_title_and_values(report: Report) -> None:
    text = read(report).text

    for finding in report.findings:
        assert finding.code in text
        assert finding.title in text
        for fact in finding.evidence:
            assert fact.label in text
            assert visible(fact.value)[:500] in text


@each
def test_what_was_not_checked_is_said_with_its_reason(report: Report) -> None:
    text = read(report).text

    for unchecked in report.unchecked:
        assert visible(unchecked.what) in text
        assert visible(unchecked.why) in text


@each
def test_nothing_but_printable_characters_and_line_ends_is_written(report: Report) -> None:
    written = as_html([report], made_at=MADE_AT, program="nginx")

    assert {character for character in written if not character.isprintable()} <= {"\n"}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_are_shown_as_text(name: str) -> None:
    assert f"DNS:{name}" in read(strange_report()).texts


def test_tables_name_their_columns_and_rows() -> None:
    found = read(REPORTS["trusted"], REPORTS["rejected"])

    heads = [attributes for name, attributes in found.elements if name == "th"]
    assert {attributes["scope"] for attributes in heads} == {"col", "row"}
    tables = sum(name == "table" for name, _ in found.elements)
    assert tables == sum(name == "caption" for name, _ in found.elements) > 0


def test_a_badge_has_a_sign_and_a_word() -> None:
    text = read(REPORTS["trusted"], REPORTS["rejected"]).text

    assert "✓ TRUSTED" in text
    assert "? UNTRUSTED CA" in text


def test_the_hosts_of_each_kind_are_counted() -> None:
    text = read(REPORTS["trusted"], REPORTS["rejected"], REPORTS["unreachable"]).text

    assert "1 ✓ trusted" in text
    assert "1 ✗ rejected" in text
    assert "1 ∅ unreachable" in text
    assert "∅ NO CONNECTION 1" in text


def test_an_issuer_that_is_missing_stands_in_the_chain() -> None:
    report = certtui.diagnose([leaf().der], host=HOST, anchors=[ROOT.der], now=NOW)

    found = read(report)

    assert "missing: neither sent nor in the store" in found.text
    assert "missing" in found.of("class")


def test_a_certificate_that_nothing_needs_is_struck() -> None:
    extra = ROOT.intermediate("Needless CA")
    report = certtui.diagnose([*GOOD.sent, extra.der], host=HOST, anchors=[ROOT.der], now=NOW)

    written = as_html([report], made_at=MADE_AT)

    assert "<s><code>Needless CA</code></s>" in written


def test_the_certificates_can_be_read_back_from_it() -> None:
    report = REPORTS["trusted"]

    text = read(report).text

    assert all(certificate.to_pem().strip() in text for certificate in report.chain)


def test_a_certificate_that_several_hosts_send_is_there_once() -> None:
    report = REPORTS["trusted"]

    text = read(report, report, report).text

    assert text.count(report.chain[1].to_pem().strip()) == 1


def test_of_ten_thousand_names_the_first_are_listed_and_the_rest_counted() -> None:
    names = tuple(f"n{number}.example.test" for number in range(10_000))
    report = certtui.diagnose([leaf(names=names).der, ISSUER.der], host=HOST, anchors=[ROOT.der], now=NOW)

    text = read(report).text

    assert f"DNS:n{MOST_NAMES - 1}.example.test" in text
    assert f"DNS:n{MOST_NAMES}.example.test" not in text.partition("Names (10000)")[2]
    assert f"… {10_000 - MOST_NAMES} more" in text
    assert len(text) < 50_000


def test_two_thousand_hosts_are_all_there_and_the_file_stays_small_enough_to_open() -> None:
    report = every_kind()["many faults"]
    evidence = every_kind()["a server that was reached"].evidence
    assert evidence is not None
    reports = [
        replace(report, evidence=replace(evidence, target=HostTarget(host=f"h{number}.example.test")))
        for number in range(2_000)
    ]

    written = as_html(reports, made_at=MADE_AT, program="nginx")

    assert all(
        f'href="#host-{number}"' in written and f'id="host-{number}"' in written for number in (1, 2_000)
    )
    assert f"Of the other {2_000 - MOST_IN_FULL} hosts only what was found is told" in written
    assert len(written) < 12_000_000


def test_one_input_gives_one_document() -> None:
    reports = list(REPORTS.values())

    assert as_html(reports, made_at=MADE_AT) == as_html(reports, made_at=MADE_AT)


def test_certificates_beyond_a_bound_are_shown_by_their_facts_and_it_is_said() -> None:
    report = REPORTS["trusted"]
    first, second = report.chain[:2]
    catalogue = Catalogue(most_octets=1)

    in_full = catalogue.details(report, first, "1 of 2 sent")
    in_short = catalogue.details(report, second, "2 of 2 sent")
    again = catalogue.details(report, second, "2 of 2 sent")

    assert first.to_pem().strip() in in_full
    assert "export fewer hosts" not in in_full
    assert second.to_pem().strip() not in in_short
    assert second.sha256.hex() in in_short.replace(":", "").lower()
    assert "The document is too large for the rest" in in_short
    assert 'href="#certificate-2"' in again
