"""Findings of two reports are aligned by what they are about, and differ in severity or evidence."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import certtui
from certtui.core.comparison import Standing, compare
from certtui.lab.pki import CA_WISH, Authority, KeyKind
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGER, leaf
from tests.core.test_comparison import report, row, standings, titled


def test_a_finding_of_both_is_the_same_though_the_clock_moved_on() -> None:
    expired = leaf(begins=timedelta(days=-100), ends=timedelta(days=-10))
    now, later = (
        certtui.diagnose([expired.der, ISSUER.der], host=HOST, anchors=[ROOT.der], now=NOW + passed)
        for passed in (timedelta(), timedelta(days=3))
    )
    assert now.findings[0].summary != later.findings[0].summary

    comparison = compare(now, later)

    assert comparison.count == 0
    assert row(comparison, "Verdict", "Judged at").standing is Standing.NOTED


def test_evidence_that_differs_is_told_fact_by_fact() -> None:
    left = leaf(begins=timedelta(days=-100), ends=timedelta(days=-10))
    right = leaf(begins=timedelta(days=-100), ends=timedelta(days=-20))

    comparison = compare(report(left, ISSUER), report(right, ISSUER))

    found = [(each.label, each.standing) for each in titled(comparison, "Findings").rows]
    assert found == [
        ("The certificate has expired", Standing.SAME),
        ("  notAfter", Standing.CHANGED),
    ]


def test_a_finding_of_one_side_comes_with_its_severity_and_sentence() -> None:
    expired = report(leaf(begins=timedelta(days=-100), ends=timedelta(days=-10)), ISSUER)

    comparison = compare(report(*GOOD.sent), expired)

    found = row(comparison, "Findings", "The certificate has expired")
    assert found.left is None
    assert found.right == f"error: {expired.findings[0].summary}"
    assert row(comparison, "Verdict", "Verdict").standing is Standing.CHANGED
    assert row(comparison, "Clients", "curl").left == "accepts"
    assert (row(comparison, "Clients", "curl").right or "").startswith("rejects: (60)")


def test_findings_of_the_same_code_are_aligned_by_the_certificate_that_they_are_about() -> None:
    weak_root = Authority.root("Example Root", now=NOW)
    weak = weak_root.intermediate("Weak CA", wish=replace(CA_WISH, key=KeyKind.RSA_1024))
    left = report(leaf(key=KeyKind.RSA_1024), ISSUER)
    right = certtui.diagnose([leaf(weak).der, weak.der], host=HOST, anchors=[weak_root.der], now=NOW)

    rows = [each for each in titled(compare(left, right), "Findings").rows if "key" in each.label.lower()]

    assert standings(rows) == {Standing.LEFT, Standing.RIGHT}
    assert any(each.label.endswith(", issuer 1") for each in rows if each.standing is Standing.RIGHT)


def test_findings_about_certificates_that_nothing_needs_keep_their_certificate_in_any_order() -> None:
    one, other = ROOT.intermediate("Needless CA"), STRANGER.intermediate("Needless CA, the other")

    comparison = compare(report(*GOOD.sent, one, other), report(*GOOD.sent, other, one))

    assert [each.label for each in titled(comparison, "Findings").differing] == []
    assert any("not used" in each.label for each in titled(comparison, "Findings").rows)
