"""What changed between two looks at a host is told in sentences, and what only moved with the clock is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import certtui
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.changes import changes
from certtui.core.evidence import Reached, Timing, Unreachable
from certtui.core.finding import finding
from certtui.core.moments import moment
from certtui.lab.pki import Issued, KeyKind
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.forge import forged, tlv
from tests.report.samples import _CONNECTION, every_kind, failed, observed

REPORTS = every_kind()
EXPIRED = leaf(begins=timedelta(days=-100), ends=timedelta(days=-10))
OWN = leaf()


def looked(*sent: Issued, passed: timedelta = timedelta()) -> certtui.Report:
    """Return what a look finds some time from now."""
    return certtui.diagnose(
        [each.der for each in sent], host=HOST, anchors=[ROOT.der, STRANGER.der], now=NOW + passed
    )


def gone(code: Code = Code.REFUSED) -> certtui.Report:
    """Return the report of a host that cannot be reached."""
    return observed(Unreachable(failure=failed(code)))


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_nothing_changed_when_nothing_did(name: str) -> None:
    assert changes(REPORTS[name], REPORTS[name]) == ()


@pytest.mark.parametrize("own", [OWN, EXPIRED, leaf(begins=timedelta(days=-60), ends=timedelta(days=20))])
def test_a_day_that_passed_is_no_change(own: Issued) -> None:
    assert changes(looked(own, ISSUER), looked(own, ISSUER, passed=timedelta(days=1))) == ()


def test_another_address_another_cipher_and_a_slower_answer_are_no_change() -> None:
    there = Reached(connection=_CONNECTION, chain=GOOD.sent)
    here = replace(_CONNECTION, address="192.0.2.7", cipher="another", timing=Timing(handshake_seconds=60.0))

    assert changes(observed(there), observed(replace(there, connection=here))) == ()


def test_a_renewed_certificate_is_told_with_both_serials_and_both_ends() -> None:
    old, new = leaf(begins=timedelta(days=-40), ends=timedelta(days=50)), leaf()

    told = changes(looked(old, ISSUER), looked(new, ISSUER))

    serials = (new.certificate.serial_number, old.certificate.serial_number)
    ends = (Certificate.of(new.der).not_after, Certificate.of(old.der).not_after)
    assert told == (
        f"Certificate replaced: serial {serials[0]:x}, was {serials[1]:x}.",
        f"Valid until {moment(ends[0])}, was {moment(ends[1])}.",
    )


def test_another_issuer_another_key_and_other_names_are_told() -> None:
    old = leaf(names=(HOST, "old.example.test"))
    new = leaf(
        STRANGE_ISSUER, names=(HOST.upper(), "a.test", "b.test", "c.test", "d.test"), key=KeyKind.RSA_2048
    )

    told = changes(looked(old, ISSUER), looked(new, STRANGE_ISSUER))

    assert "Issuer changed: Strange CA, was Example CA." in told
    assert "Key changed: RSA 2048 bits, was EC P-256." in told
    assert "Names gone: old.example.test." in told
    assert "Names added: a.test, b.test, c.test and 1 more." in told
    assert "Chain sent changed: other certificates beside the server's own." in told


def test_a_certificate_that_expired_between_two_looks_changes_the_verdict() -> None:
    own = leaf(begins=timedelta(days=-10), ends=timedelta(days=1))

    told = changes(looked(own, ISSUER), looked(own, ISSUER, passed=timedelta(days=2)))

    assert told == (
        "Rejected, was trusted.",
        "New: The certificate has expired (error).",
        "Gone: The certificate expires soon (warning).",
    )


def test_a_fault_that_is_mended_is_told() -> None:
    told = changes(looked(OWN), looked(OWN, ISSUER))

    assert told[0] == "Trusted, was rejected."
    assert "Chain sent changed: 2 certificates instead of 1." in told
    assert any(sentence.startswith("Gone: ") for sentence in told)


def test_certificates_in_another_order_are_told() -> None:
    second = ISSUER.intermediate("Second CA")
    own = leaf(second)

    told = changes(looked(own, second, ISSUER), looked(own, ISSUER, second))

    assert "Chain sent changed: another order." in told


def test_a_host_that_goes_and_comes_back_is_told_in_one_sentence_each() -> None:
    there = observed(Reached(connection=_CONNECTION, chain=GOOD.sent))

    assert changes(there, gone()) == ("Unreachable: The connection was refused.",)
    assert changes(gone(), there)[0] == "Reachable again: trusted."
    assert not any("refused" in sentence for sentence in changes(gone(), there))


def test_a_host_that_stays_away_for_another_reason_is_told_once() -> None:
    told = changes(gone(), gone(Code.TIMEOUT))

    assert told == (
        "New: The server did not answer in time (error).",
        "Gone: The connection was refused (error).",
    )


def test_ten_thousand_names_are_counted_rather_than_listed() -> None:
    many = leaf(names=tuple(f"a{number}.example.test" for number in range(10_000)))

    told = changes(looked(OWN, ISSUER), looked(many, ISSUER))

    assert any(sentence.endswith("and 9997 more.") for sentence in told)
    assert max(map(len, told)) < 500


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_sentences_stay_few_and_short_whatever_changed(name: str) -> None:
    for told in (changes(REPORTS["many faults"], REPORTS[name]), changes(REPORTS[name], looked(OWN, ISSUER))):
        assert len(told) <= 25
        assert all(sentence.endswith(".") and len(sentence) < 600 for sentence in told)


def weak(*numbers: int, severity: Severity = Severity.WARNING) -> certtui.Report:
    """Return a report with a finding about the keys of these certificates."""
    report = looked(OWN, ISSUER)
    found = (finding(Code.WEAK_KEY, "x", certificate=number, severity=severity) for number in numbers)
    return replace(report, findings=tuple(found))


def test_one_of_two_findings_of_a_kind_that_goes_is_told_with_its_certificate() -> None:
    title = weak(0).findings[0].title

    assert changes(weak(0, 1), weak(0)) == (f"Gone: {title}, issuer 1 (warning).",)
    assert changes(weak(0, 0), weak(0)) == (f"Gone: {title} (warning).",)
    assert changes(weak(0), weak(1)) == (f"New: {title}, issuer 1 (warning).", f"Gone: {title} (warning).")


def test_a_finding_that_becomes_graver_or_milder_is_told() -> None:
    mild, grave = weak(0, severity=Severity.NOTICE), weak(0)
    title = mild.findings[0].title

    assert changes(mild, grave) == (f"Graver: {title} (warning, was notice).",)
    assert changes(grave, mild) == (f"Milder: {title} (notice, was warning).",)


def test_another_certificate_with_the_same_serial_number_is_told_by_its_fingerprint() -> None:
    def edit(fields: list[bytes]) -> None:
        fields[1] = tlv(0x02, b"\x05")

    old, new = (forged(each, ISSUER, edit) for each in (leaf(), leaf()))
    before, after = (
        certtui.diagnose([each, ISSUER.der], host=HOST, anchors=[ROOT.der], now=NOW) for each in (old, new)
    )

    told = changes(before, after)

    first, second = (Certificate.of(each).sha256[:8].hex(":") for each in (new, old))
    assert told[0] == f"Certificate replaced: SHA-256 {first}…, was {second}…."
