"""Reports as plain lines say everything, within the width, and cannot act on a terminal."""

from __future__ import annotations

import re

import pytest

import certtui
from certtui.core.report import Report
from certtui.report.text import TextWriter
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf
from tests.core.forge import forged, tlv
from tests.report.test_json import REPORTS, each

_COLOUR = re.compile(r"\x1b\[\d+m")


@each
def test_every_finding_is_named_with_its_severity_and_its_values(report: Report) -> None:
    text = TextWriter(width=100_000).report(report)

    for finding in report.findings:
        assert f"{finding.severity} {finding.code}" in text
        assert all(f"{fact.label}: " in text for fact in finding.evidence)


@each
def test_nothing_but_printable_characters_and_line_ends_is_written(report: Report) -> None:
    text = TextWriter().report(report)

    assert {character for character in text if not character.isprintable()} <= {"\n"}


@each
def test_colour_is_written_only_where_it_is_asked_for_and_changes_no_word(report: Report) -> None:
    plain = TextWriter().report(report)
    coloured = TextWriter(in_colour=True).report(report)

    assert _COLOUR.search(coloured)
    assert _COLOUR.sub("", coloured) == plain


@pytest.mark.parametrize("width", [40, 72, 120])
def test_lines_keep_to_the_width(width: int) -> None:
    for report in REPORTS.values():
        first, *rest = TextWriter(width=width).report(report).splitlines()

        assert all(len(line) <= width for line in rest), first


def test_who_refuses_is_named_with_what_is_shown() -> None:
    text = TextWriter(width=200).report(REPORTS["rejected"])

    assert "Go refuses: x509: certificate" in text or "Go refuses" in text
    assert "GnuTLS refuses: " in text


def test_what_was_not_checked_is_said_and_a_good_host_is_not_given_more_than_it_has() -> None:
    text = TextWriter(width=200).report(REPORTS["trusted"])

    assert text.splitlines()[0].endswith("TRUSTED")
    assert "not checked: revocation, certificate transparency" in text


def test_a_name_of_thousands_of_characters_is_cut_with_a_sign() -> None:
    def edit(fields: list[bytes]) -> None:
        common_name = tlv(0x30, bytes.fromhex("0603550403") + tlv(0x0C, b"x" * 50_000))
        fields[5] = tlv(0x30, tlv(0x31, common_name))

    report = certtui.diagnose(
        [forged(leaf(), ISSUER, edit), ISSUER.der], host=HOST, anchors=[ROOT.der], now=NOW
    )
    text = TextWriter().report(report)

    assert len(text) < 5_000
    assert "…" in text
