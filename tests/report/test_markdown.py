"""A report for a ticket says everything, and nothing in it is markup, a link or a mention but what certtui wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.core.text import shortened, visible
from certtui.report.markdown import as_markdown
from certtui.report.markdown_text import MOST_CHARACTERS, cell, code, prose, sentence
from certtui.report.repairs import MOST_OWN_REPAIRS
from tests.report.samples import every_kind
from tests.report.strange_names import STRANGE, strange_report
from tests.report.test_json import REPORTS

PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
"""It takes HTML in Markdown for HTML, so that any shows up."""
REPORTS_OF_EVERY_KIND = {**every_kind(), "strange": strange_report(), **REPORTS}
FOREIGN = {"html_block", "html_inline", "link_open", "image", "blockquote_open", "ordered_list_open", "hr"}
TRACKED = re.compile(r"@\w|#\d|\w://|\bwww\.\w|\bGH-\d|\b(?=[a-z]*\d)[0-9a-f]{7,40}\b|\bdeadbeef\b|:\w+:")
"""What trackers make links and notifications of, in any text that is no code."""
each = pytest.mark.parametrize("report", REPORTS_OF_EVERY_KIND.values(), ids=REPORTS_OF_EVERY_KIND.keys())


def tokens(markdown: str) -> list[Token]:
    """Return every token, those within lines too."""

    def flat(found: Sequence[Token]) -> Iterator[Token]:
        for token in found:
            yield token
            yield from flat(token.children or ())

    return list(flat(PARSER.parse(markdown)))


def codes(markdown: str) -> list[str]:
    """Return the content of every code span."""
    return [token.content for token in tokens(markdown) if token.type == "code_inline"]


@each
def test_nothing_in_it_is_html_a_link_or_an_image(report: Report) -> None:
    found = {token.type for token in tokens(as_markdown([report], program="nginx"))}

    assert not found & FOREIGN


@each
def test_nothing_in_it_notifies_or_links_in_a_tracker(report: Report) -> None:
    texts = [token.content for token in tokens(as_markdown([report])) if token.type == "text"]

    assert not [text for text in texts if TRACKED.search(text)]


@each
def test_every_finding_is_there_with_its_code_and_values(report: Report) -> None:
    shown = codes(as_markdown([report]))

    for finding in report.findings:
        assert finding.code in shown
        for fact in finding.evidence:
            assert not fact.value.strip() or visible(shortened(fact.value, MOST_CHARACTERS)) in shown


@each
def test_nothing_but_printable_characters_and_line_ends_is_written(report: Report) -> None:
    written = as_markdown([report], program="nginx")

    assert {character for character in written if not character.isprintable()} <= {"\n"}


@each
def test_the_headings_are_certtuis_own(report: Report) -> None:
    levels = [token.tag for token in tokens(as_markdown([report])) if token.type == "heading_open"]

    assert levels.count("h1") == 1
    assert set(levels) <= {"h1", "h2"}


@pytest.mark.parametrize("name", STRANGE)
def test_strange_names_stand_there_as_they_are(name: str) -> None:
    shown = "\n".join(codes(as_markdown([strange_report()])))

    assert f"DNS:{name}" in shown


def test_who_refuses_stands_in_a_table_with_what_is_shown() -> None:
    written = as_markdown([REPORTS["rejected"]])

    assert "| Client | Does | Shows | Because of | Note |" in written
    assert re.search(r"\| GnuTLS \| ✗ rejects \| `.+` \|", written)


def test_what_was_not_checked_is_said_with_its_reason() -> None:
    written = as_markdown([REPORTS["trusted"]])

    assert "## Not checked" in written
    assert "- revocation: no CRL and no OCSP response was at hand" in written


def test_without_a_server_only_what_holds_for_every_server_is_told() -> None:
    report = every_kind()["many faults"]

    assert "*nginx:*" not in as_markdown([report])
    assert "*nginx:*" in as_markdown([report], program="nginx")
    assert "*Apache:*" not in as_markdown([report], program="nginx")


def test_several_hosts_start_with_a_table_of_them() -> None:
    written = as_markdown([REPORTS["trusted"], REPORTS["rejected"]])

    assert written.startswith("# TLS certificates of 2 hosts\n\n| Host | Verdict | Found | Valid until |\n")
    assert "| rejected |" in written


def test_the_repairs_of_many_hosts_are_told_once() -> None:
    reports = [every_kind()["many faults"]] * (MOST_OWN_REPAIRS + 1)

    written = as_markdown(reports, program="nginx")

    assert written.count("### `leaf-expired`") == 1
    assert "How to repair it: " not in written
    assert "server_name HOST;" in written


def test_no_host_at_all_is_a_document_too() -> None:
    assert as_markdown([]) == "# TLS certificates of 0 hosts\n"


def test_the_name_of_a_host_is_quoted() -> None:
    report = REPORTS["trusted"]
    target = HostTarget(host="www.example.test", port=8443)
    evidence = every_kind()["a server that was reached"].evidence
    assert evidence is not None

    written = as_markdown([replace(report, evidence=replace(evidence, target=target))])

    assert written.startswith("# `www.example.test:8443`: ✓ TRUSTED\n")


@given(st.text())
def test_any_text_is_one_code_span_that_holds_it(text: str) -> None:
    shown = visible(shortened(text, MOST_CHARACTERS))

    found = [token for token in tokens(f"- x: {code(text)}, y") if token.type == "code_inline"]

    assert [token.content for token in found] == ([shown] if shown.strip() else [])


@given(st.text(alphabet="|\\` a"), st.text(alphabet="|\\` b"))
def test_any_text_stays_in_its_cell(first: str, second: str) -> None:
    table = f"| a | b |\n|---|---|\n| x {cell(code(first))} | y {cell(code(second))} |\n"

    cells = [token.content for token in tokens(table) if token.type == "inline"][2:]

    assert len(cells) == 2
    assert [codes(each) for each in cells] == [[text] if text.strip() else [] for text in (first, second)]


@given(st.text())
def test_a_sentence_keeps_every_word_and_holds_nothing_but_text_and_code(text: str) -> None:
    found = tokens(f"x {prose(text)}")

    assert {token.type for token in found} <= {
        "paragraph_open",
        "paragraph_close",
        "inline",
        "text",
        "code_inline",
    }
    shown = "".join(token.content for token in found if token.type in ("text", "code_inline"))
    assert shown.split() == ["x", *visible(shortened(text, 1_000)).split()]


@given(st.lists(st.sampled_from([*STRANGE, "word", "and", "(", ").", ",", "`"]), max_size=6).map(" ".join))
def test_a_sentence_of_strange_words_is_tracked_by_nobody(text: str) -> None:
    found = tokens(f"x {sentence(text, STRANGE)}")

    assert not {token.type for token in found} & FOREIGN
    assert not [token.content for token in found if token.type == "text" and TRACKED.search(token.content)]
