"""An HTML report is one file of text: it says everything, and nothing in it acts or leads out of it."""

from __future__ import annotations

import base64
import hashlib
import re
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

import certtui
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.core.text import visible
from certtui.report.html import MOST_IN_FULL, as_html
from certtui.report.html_text import Markup, code, element, shown
from certtui.report.portrait import MOST_NAMES
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, leaf
from tests.report.samples import every_kind
from tests.report.strange_names import STRANGE, strange_report
from tests.report.test_json import REPORTS

MADE_AT = datetime(2026, 11, 25, 13, tzinfo=UTC)
REPORTS_OF_EVERY_KIND = {**every_kind(), "strange": strange_report(), **REPORTS}
EMPTY = {"meta", "br"}
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


@dataclass
class Read(HTMLParser):
    """A document as a parser that is not certtui's own reads it."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.odd.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] != "style":
            self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        self.odd.append(data)

    def unknown_decl(self, data: str) -> None:
        self.odd.append(data)

    @property
    def text(self) -> str:
        """Everything that is shown."""
        return "".join(self.texts)

    def of(self, attribute: str) -> list[str]:
        """Return every value of an attribute."""
        return [
            value or ""
            for _, attributes in self.elements
            for key, value in attributes.items()
            if key == attribute
        ]


def read(*reports: Report, program: str | None = None) -> Read:
    """Return the document of some reports, read."""
    found = Read()
    found.feed(as_html(reports, made_at=MADE_AT, program=program))
    found.close()
    return found


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


def test_the_policy_allows_nothing_but_the_style_that_stands_in_it() -> None:
    written = as_html([REPORTS["trusted"]], made_at=MADE_AT)

    found = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in written
    assert written.index("Content-Security-Policy") < written.index("<style>")


def test_the_style_fetches_nothing() -> None:
    written = as_html([], made_at=MADE_AT)

    assert not re.search(r"url\(|@import|image-set|https?:", written)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_everything_can_be_read_in_every_scheme(scheme: str) -> None:
    written = as_html([], made_at=MADE_AT)
    found = re.findall(r":root \{(.*?)\}", written, re.DOTALL)[["light", "dark", "print"].index(scheme)]
    colours = {name: _luminance(value) for name, value in re.findall(r"--([\w-]+): (#\w+);", found)}

    pairs = [(ink, ground) for ink in ("ink", "muted", "link") for ground in ("paper", "panel")]
    pairs += [(name, f"{name}-paper") for name in ("error", "warning", "notice", "good")]
    for ink, ground in pairs:
        low, high = sorted((colours[ink], colours[ground]))
        # WCAG 2.2, 1.4.3.
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


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


@given(st.text())
def test_any_text_is_shown_as_that_text(text: str) -> None:
    found = Read()
    found.feed(f"<p>{shown(text)}</p>")
    found.close()

    assert found.text == visible(text)
    assert [name for name, _ in found.elements] == ["p"]


@given(st.text())
def test_an_attribute_holds_any_text_and_ends_where_it_ends(text: str) -> None:
    found = Read()
    found.feed(element("p", class_=text))
    found.close()

    assert [name for name, _ in found.elements] == ["p"]


def test_markup_that_was_changed_is_text_again() -> None:
    changed = code("<b>").replace("code", "i")

    assert not isinstance(changed, Markup)
    assert shown(changed) == "&lt;i&gt;&amp;lt;b&amp;gt;&lt;/i&gt;"
