"""Plain lines lose nothing where they are wrapped or made safe, and colour repeats how grave it is."""

from __future__ import annotations

import os

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import Evidence, Loaded
from certtui.core.report import Report
from certtui.core.target import FileTarget
from certtui.core.text import visible
from certtui.lab.plan import HOSTILE
from certtui.report.json import as_json_line
from certtui.report.text import TextWriter
from tests.core.examples import GOOD, NOW
from tests.report.samples import every_kind
from tests.report.test_json import REPORTS

ALL = {**REPORTS, **every_kind()}
each = pytest.mark.parametrize("report", ALL.values(), ids=ALL.keys())


def without_spaces(text: str) -> str:
    """Return what is left of a text however it was wrapped."""
    return "".join(text.split())


def of_file(path: str) -> Report:
    """Return the report of a good chain in a file of this name."""
    evidence = Evidence(
        target=FileTarget(path=path),
        host=None,
        observed_at=NOW,
        observation=Loaded(path=path, chain=GOOD.sent),
    )
    return diagnose_evidence(evidence, anchors=AnchorStore([], label="none"))


@each
@pytest.mark.parametrize("width", [40, 80])
def test_wrapping_loses_nothing_of_what_was_found(report: Report, width: int) -> None:
    text = without_spaces(TextWriter(width=width).report(report))

    for finding in report.findings:
        place = f", certificate {finding.certificate + 1}" if finding.certificate is not None else ""
        head = f"{finding.severity} {finding.code}{place}: {visible(finding.summary)}"
        assert without_spaces(head) in text
        for fact in finding.evidence:
            assert without_spaces(f"{visible(fact.label)}: {visible(fact.value)}") in text


@each
@pytest.mark.parametrize("in_colour", [False, True])
def test_nothing_but_colour_can_act_on_a_terminal(report: Report, in_colour: bool) -> None:
    text = TextWriter(in_colour=in_colour).report(report)

    for code in ("\x1b[31m", "\x1b[33m", "\x1b[32m", "\x1b[2m", "\x1b[0m"):
        text = text.replace(code, "") if in_colour else text
    assert text.replace("\n", "").isprintable()


@each
@pytest.mark.parametrize("width", [40, 57])
def test_all_lines_but_the_first_keep_to_the_width(report: Report, width: int) -> None:
    _, *rest = TextWriter(width=width).report(report).splitlines()

    assert [line for line in rest if len(line) > width] == []


@each
def test_a_report_ends_in_one_line_feed_and_has_no_blank_line(report: Report) -> None:
    text = TextWriter().report(report)

    assert text.endswith("\n")
    assert all(line.strip() for line in text[:-1].split("\n"))


def test_a_width_that_is_too_small_counts_as_40() -> None:
    report = ALL["many faults"]

    assert TextWriter(width=1).report(report) == TextWriter(width=40).report(report)


@pytest.mark.parametrize(
    ("name", "code"),
    [("many faults", "31"), ("expiring-soon, 29 of 89 days left, against 31 of 91", "33"), ("trusted", "32")],
)
def test_the_first_line_has_the_colour_of_the_gravest_finding(name: str, code: str) -> None:
    first, *_ = TextWriter(in_colour=True).report(ALL[name]).splitlines()

    assert f": \x1b[{code}m" in first
    assert first.endswith("\x1b[0m")


def test_a_notice_is_dim_and_leaves_the_host_green() -> None:
    report = ALL["root-sent, the anchor is sent, against is not"]

    first, *rest = TextWriter(in_colour=True).report(report).splitlines()

    assert "\x1b[32m" in first
    assert any(line.startswith("\x1b[2m  notice root-sent") for line in rest)


def test_all_badges_are_named_the_gravest_first() -> None:
    first, *_ = TextWriter().report(ALL["many faults"]).splitlines()

    assert first.endswith(": UNTRUSTED CA, EXPIRED, WRONG NAME, WEAK CRYPTO")


def test_a_certificate_is_counted_from_one_as_people_do() -> None:
    text = TextWriter(width=500).report(ALL["many faults"])

    assert "error leaf-expired, certificate 1: " in text
    assert "notice chain-duplicate, certificate 3: " in text


@pytest.mark.parametrize(
    "path", [HOSTILE, "\udc80\udcff.pem", "日本.pem", " \t.pem"], ids=["hostile", "no text", "wide", "blank"]
)
def test_a_file_of_any_name_is_named_safely(path: str) -> None:
    report = of_file(path)

    first, *_ = TextWriter().report(report).splitlines()

    assert first.startswith(f"{visible(path)}: ")
    assert first.isprintable()


def test_a_file_name_that_is_no_text_comes_back_from_json() -> None:
    name = os.fsdecode(b"\x80\xff.pem")

    line = as_json_line(of_file(name))

    assert line.isascii()
    assert r"\udc80\udcff.pem" in line


def test_delete_is_spelled_out_like_every_other_control_character() -> None:
    report = of_file("a\x7fb.pem")

    assert r"a\u{7f}b.pem" in TextWriter().report(report)
    assert r'"a\u007fb.pem"' in as_json_line(report)


@pytest.mark.parametrize("name", ["trusted", "a server that was reached", "a handshake that failed late"])
def test_a_certificate_is_named_with_its_issuer_and_its_life(name: str) -> None:
    text = TextWriter(width=500).report(ALL[name])

    assert "issued by Example CA, 2026-11-15 12:00 UTC to 2027-02-13 12:00 UTC" in text


def test_a_host_without_a_certificate_has_no_line_for_one() -> None:
    text = TextWriter(width=500).report(ALL["refused in the way"])

    assert "issued by" not in text
    assert "refuses" not in text
    assert "error refused: " in text
