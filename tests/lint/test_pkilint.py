"""pkilint's word on certificates becomes findings; without pkilint the report says what was not checked."""

from __future__ import annotations

import os
import time
from datetime import timedelta
from pathlib import Path

import pytest

from certtui.checking import BAD_INPUT
from certtui.cli import main
from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_chain
from certtui.core.evidence import Unchecked
from certtui.core.finding import Finding
from certtui.core.report import Report, Verdict
from certtui.lint import pkilint, worker
from certtui.lint.worker import NO_PUBLIC_CA, Linter
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf

with_pkilint = pytest.mark.skipif(not pkilint.is_installed(), reason="pkilint not installed")
_FOR_TWO_YEARS = leaf(begins=timedelta(days=-10), ends=timedelta(days=720))


def _report(*, private: bool = False, anchored: bool = True) -> Report:
    anchor = Anchor(Certificate.of(ROOT.der), private=private)
    chain = [Certificate.of(octets) for octets in (leaf().der, ISSUER.der)]
    anchors = AnchorStore([anchor] if anchored else [], label="test")
    return diagnose_chain(chain, host=HOST, anchors=anchors, now=NOW)


def _lints(report: Report) -> list[Finding]:
    return [each for each in report.findings if each.code is Code.LINT]


@with_pkilint
def test_breaches_are_a_warning_that_names_each_rule() -> None:
    found = pkilint.lint(_FOR_TWO_YEARS.der, 0)

    assert not isinstance(found, Unchecked)
    breach = found[0]
    assert (breach.code, breach.severity, breach.certificate) == (Code.LINT, Severity.WARNING, 0)
    assert any("validity_period" in fact.label for fact in breach.evidence)
    assert breach.evidence[-1].value.startswith("pkilint ")


@with_pkilint
def test_a_rule_that_is_kept_is_not_named() -> None:
    found = pkilint.lint(leaf().der)

    assert not isinstance(found, Unchecked)
    assert not any("validity_period" in fact.label for each in found for fact in each.evidence)


@with_pkilint
def test_remarks_are_a_notice() -> None:
    found = pkilint.lint(_FOR_TWO_YEARS.der)

    assert not isinstance(found, Unchecked)
    assert {each.severity for each in found[1:]} <= {Severity.NOTICE}


@with_pkilint
@pytest.mark.parametrize("octets", [b"", b"\x30\x00", b"-----BEGIN", b"\x30\x80" * 2000])
def test_what_pkilint_cannot_read_is_not_checked(octets: bytes) -> None:
    assert isinstance(pkilint.lint(octets), Unchecked)


def test_without_pkilint_nothing_is_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pkilint, "find_spec", lambda name: None)

    assert pkilint.lint(leaf().der) == pkilint.NOT_INSTALLED


def test_without_pkilint_the_report_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "is_installed", lambda: False)

    with Linter() as linter:
        report = linter.judge(_report())

    assert pkilint.NOT_INSTALLED in report.unchecked


@pytest.fixture
def seemingly_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "is_installed", lambda: True)


@pytest.mark.usefixtures("seemingly_installed")
@pytest.mark.parametrize("report", [_report(private=True), _report(anchored=False)], ids=["private", "none"])
def test_rules_for_public_cas_are_not_applied_to_others(report: Report) -> None:
    with Linter(judge_one=_must_not_be_asked) as linter:
        judged = linter.judge(report)

    assert judged.findings == report.findings
    assert NO_PUBLIC_CA in judged.unchecked


def _must_not_be_asked(octets: bytes) -> tuple[Finding, ...]:
    raise AssertionError(octets)


@pytest.mark.usefixtures("seemingly_installed")
def test_a_certificate_that_takes_too_long_is_given_up_and_the_next_is_judged() -> None:
    with Linter(seconds_each=8.0, judge_one=_hangs_on_the_first) as linter:
        started = time.monotonic()
        judged = linter.judge(_report())

    assert time.monotonic() - started < 30
    assert any("took pkilint more than 8 seconds" in each.why for each in judged.unchecked)
    assert [each.certificate for each in _lints(judged)] == [1]


def _hangs_on_the_first(octets: bytes) -> tuple[Finding, ...]:
    if not Certificate.of(octets).is_ca:
        time.sleep(600)
    return (_finding(),)


def _finding() -> Finding:
    return Finding(code=Code.LINT, severity=Severity.WARNING, summary=f"in process {os.getpid()}")


def _reports_its_process(octets: bytes) -> tuple[Finding, ...]:
    return (_finding(),)


@pytest.mark.usefixtures("seemingly_installed")
def test_one_other_process_judges_everything_but_the_anchor_and_the_verdict_stays() -> None:
    before = _report()

    with Linter(judge_one=_reports_its_process) as linter:
        judged = linter.judge(before)

    lints = _lints(judged)
    assert [each.certificate for each in lints] == [0, 1]
    assert len({each.summary for each in lints}) == 1
    assert str(os.getpid()) not in lints[0].summary
    assert before.verdict is judged.verdict is Verdict.TRUSTED
    assert list(judged.findings) == sorted(judged.findings, key=lambda each: each.rank)


@pytest.mark.usefixtures("seemingly_installed")
def test_an_issuer_that_many_servers_send_is_judged_once() -> None:
    with Linter(judge_one=_reports_its_process) as linter:
        linter.judge(_report())
        linter.close()
        judged = linter.judge(_report())

    leaf_lint, issuer_lint = _lints(judged)
    assert leaf_lint.summary != issuer_lint.summary


@with_pkilint
def test_pkilint_judges_in_a_process_of_its_own() -> None:
    with Linter() as linter:
        judged = linter.judge(_report())

    assert {each.certificate for each in _lints(judged)} == {0, 1}


def test_check_refuses_to_lint_without_pkilint(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pkilint, "find_spec", lambda name: None)

    with pytest.raises(SystemExit) as ending:
        main(["check", "--lint", "./chain.pem"])

    assert ending.value.code == BAD_INPUT
    assert "pip install 'certtui[lint]'" in capsys.readouterr().err


@with_pkilint
def test_check_says_that_the_rules_do_not_bind_a_private_ca(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chain, root = tmp_path / "chain.pem", tmp_path / "root.pem"
    chain.write_text(leaf().pem + ISSUER.pem)
    root.write_text(ROOT.pem)

    with pytest.raises(SystemExit):
        main(["check", "--lint", "--ca-file", str(root), "--at", NOW.isoformat(), "--json", str(chain)])

    assert NO_PUBLIC_CA.why in capsys.readouterr().out
