"""Embedded timestamps are counted as browsers count them, and demanded of whom browsers demand them."""

from __future__ import annotations

import hashlib
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks import transparency as checks
from certtui.core.checks.case import Case
from certtui.core.checks.transparency import path_transparency, unchecked_transparency
from certtui.core.evidence import Unchecked
from certtui.core.finding import Finding
from certtui.core.paths import find_paths
from certtui.core.roots import Root
from certtui.core.transparency import MAX_TIMESTAMPS, LogList
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf
from tests.core.logs import (
    ALPHA,
    ALPHA_TOO,
    BEGINS,
    BETA,
    DAY,
    ENDS,
    GAMMA,
    LOGS,
    SECOND,
    SIGNED,
    Promise,
    known,
    logged,
    logged_leaf,
    promised,
    timestamp_list,
    with_timestamps,
)

ALL_STORES = frozenset({"apple", "mozilla"})
_SAMPLE = logged(ISSUER, HOST, promised(ALPHA, BETA))
_SAMPLE_LOGS = known(*LOGS)


@pytest.fixture(autouse=True)
def public(monkeypatch: pytest.MonkeyPatch) -> None:
    """The example's root is in every store."""
    _publish(monkeypatch, ALL_STORES)


def _publish(monkeypatch: pytest.MonkeyPatch, stores: frozenset[str]) -> None:
    root = Certificate.of(ROOT.der)
    row = Root(
        subject=root.fields.subject,
        name=root.subject_key,
        spki=root.spki,
        spki_sha256=hashlib.sha256(root.spki).digest(),
        certificates=(root.sha256,),
        not_before=NOW,
        not_after=NOW,
        stores=stores,
    )
    monkeypatch.setattr(checks, "public_root", lambda certificate: row if certificate == root else None)


def case_of(certificate: Certificate, logs: LogList | None = None, now: datetime = NOW) -> Case:
    """Return the case of a certificate below the example's root."""
    chain = (certificate, Certificate.of(ISSUER.der))
    anchors = AnchorStore([Anchor(Certificate.of(ROOT.der))], label="the test's own")
    return Case(
        chain=chain,
        paths=find_paths(chain, (), anchors),
        anchors=anchors,
        host=HOST,
        now=now,
        purpose="server",
        ct_logs=logs,
    )


def found(certificate: Certificate, logs: LogList | None = None, now: datetime = NOW) -> list[Finding]:
    """Return what is found of a certificate."""
    case = case_of(certificate, logs, now)
    return list(path_transparency(case.best, case))


def unchecked(certificate: Certificate, logs: LogList | None = None, now: datetime = NOW) -> list[Unchecked]:
    """Return what is not checked of a certificate."""
    case = case_of(certificate, logs, now)
    return list(unchecked_transparency(case.best, case))


def only(findings: list[Finding]) -> Finding:
    """Return the one finding, which is of the right code and about the leaf."""
    (finding,) = findings
    assert finding.code is Code.CT_INSUFFICIENT
    assert finding.certificate == 0
    return finding


def lines(finding: Finding, label: str = "timestamp") -> list[str]:
    """Return the values of the facts with this label."""
    return [fact.value for fact in finding.evidence if fact.label == label]


def test_two_are_enough_for_180_days_and_one_is_not() -> None:
    assert not found(logged_leaf(promised(ALPHA, BETA)))

    finding = only(found(logged_leaf(promised(ALPHA))))

    assert finding.severity is Severity.ERROR
    assert finding.summary == "1 timestamp is embedded, and a lifetime of 91 days needs 2"
    assert lines(finding) == [f"log {ALPHA.log_id.hex()}, 2026-11-16 12:00 UTC: counts"]


def test_more_than_180_days_need_three() -> None:
    ends = BEGINS + 180 * DAY + SECOND

    finding = only(found(logged_leaf(promised(ALPHA, BETA), ends=ends)))

    assert finding.severity is Severity.ERROR
    assert finding.summary == "2 timestamps are embedded, and a lifetime of 181 days needs 3"
    assert not found(logged_leaf(promised(ALPHA, BETA, GAMMA), ends=ends))


def test_the_second_that_apple_counts_and_others_do_not_is_a_warning() -> None:
    exactly = logged_leaf(promised(ALPHA, BETA), ends=BEGINS + 180 * DAY)

    finding = only(found(exactly))

    assert finding.severity is Severity.WARNING
    assert finding.summary.startswith("by Apple's rules 2 timestamps are embedded")
    assert finding.traits == {"apple-only"}
    assert not found(logged_leaf(promised(ALPHA, BETA), ends=BEGINS + 180 * DAY - SECOND))


def test_none_at_all_is_a_warning_since_the_handshake_may_bring_some() -> None:
    finding = only(found(Certificate.of(leaf().der)))

    assert finding.severity is Severity.WARNING
    assert "in the handshake was not looked at" in finding.summary


def test_a_list_that_cannot_be_read_is_no_timestamp_and_says_so() -> None:
    certificate = Certificate.of(with_timestamps(ISSUER, HOST, timestamp_list([b"\x07"])))

    finding = only(found(certificate))

    assert finding.severity is Severity.ERROR
    assert lines(finding, "unreadable") == ["timestamp 1: version 8, which is not known"]


def test_two_of_one_log_count_once() -> None:
    finding = only(found(logged_leaf([*promised(ALPHA), *promised(ALPHA, when=SIGNED + SECOND)])))

    assert finding.summary == "1 of 2 embedded timestamps counts, and a lifetime of 91 days needs 2"
    assert lines(finding)[1].endswith("does not count: another timestamp of this log counts already")


def test_one_from_the_future_does_not_count() -> None:
    early = logged_leaf([*promised(ALPHA), *promised(BETA, when=NOW + SECOND)])

    finding = only(found(early, known(*LOGS)))

    assert lines(finding)[1].endswith("it lies in the future, after 2026-11-25 12:00 UTC")
    assert not found(logged_leaf([*promised(ALPHA), *promised(BETA, when=NOW)]), known(*LOGS))


def test_without_a_log_list_timestamps_are_counted_whatever_they_say() -> None:
    assert not found(logged_leaf([*promised(ALPHA), *promised(BETA, when=NOW + SECOND)]))


def test_a_clock_before_the_certificate_is_not_taken_for_a_lack_of_timestamps() -> None:
    assert not found(logged_leaf(promised(ALPHA, BETA)), now=NOW - 20 * DAY)


def test_many_timestamps_are_shown_up_to_a_bound() -> None:
    finding = only(found(logged_leaf([Promise(ALPHA, SIGNED)] * 30)))

    assert len(lines(finding)) == 20
    assert lines(finding, "more timestamps") == ["10"]


def test_signatures_and_operators_are_said_not_to_be_checked() -> None:
    (said,) = unchecked(logged_leaf(promised(ALPHA, BETA)))

    assert said == Unchecked("certificate transparency", "signatures and operators: no log list was given")


def test_nothing_is_left_to_check_where_nothing_is_embedded() -> None:
    assert unchecked(Certificate.of(leaf().der)) == []


def test_two_operators_satisfy_everyone() -> None:
    certificate = logged_leaf(promised(ALPHA, GAMMA))

    assert not found(certificate, known(*LOGS))
    assert not unchecked(certificate, known(*LOGS))


def test_two_logs_of_one_operator_do_not() -> None:
    finding = only(found(logged_leaf(promised(ALPHA, ALPHA_TOO)), known(*LOGS)))

    assert finding.severity is Severity.ERROR
    assert finding.summary == "all timestamps that count are Alpha's, and two operators are needed"
    assert lines(finding)[0] == "Alpha 2027 (Alpha), 2026-11-16 12:00 UTC: counts"


def test_a_log_that_changed_hands_counts_for_who_had_it_when_it_signed() -> None:
    certificate = logged_leaf(promised(ALPHA, ALPHA_TOO))
    sold_after = replace(ALPHA_TOO, former_operator=("Delta", SIGNED + SECOND))
    sold_before = replace(ALPHA_TOO, former_operator=("Delta", SIGNED))

    assert not found(certificate, known(ALPHA, sold_after))
    assert found(certificate, known(ALPHA, sold_before))


def test_a_signature_that_does_not_verify_does_not_count() -> None:
    finding = only(
        found(logged_leaf([*promised(ALPHA), Promise(BETA, SIGNED, is_forged=True)]), known(*LOGS))
    )

    assert finding.summary == "1 of 2 embedded timestamps counts, and a lifetime of 91 days needs 2"
    assert lines(finding)[1].endswith("does not count: its signature does not verify with the log's key")


def test_a_superfluous_bad_signature_does_no_harm() -> None:
    promises = [*promised(ALPHA, BETA), Promise(GAMMA, SIGNED, is_forged=True)]

    assert not found(logged_leaf(promises), known(*LOGS))


def test_a_log_that_nobody_knows_does_not_count() -> None:
    finding = only(found(logged_leaf(promised(ALPHA, BETA)), known(ALPHA)))

    assert lines(finding)[1].startswith(f"log {BETA.log_id.hex()}, ")
    assert lines(finding)[1].endswith("does not count: the log is not in the log list")


@pytest.mark.parametrize("state", ["usable", "qualified", "readonly"])
def test_a_log_in_use_counts(state: str) -> None:
    assert not found(logged_leaf(promised(ALPHA, BETA)), known(ALPHA, replace(BETA, state=state, since=NOW)))


@pytest.mark.parametrize(
    ("state", "why"),
    [("pending", "the log is pending"), ("rejected", "the log is rejected"), (None, "never recognised")],
)
def test_a_log_not_in_use_does_not(state: str | None, why: str) -> None:
    finding = only(found(logged_leaf(promised(ALPHA, BETA)), known(ALPHA, replace(BETA, state=state))))

    assert why in lines(finding)[1]


def test_a_retired_log_counts_for_what_it_signed_before() -> None:
    certificate = logged_leaf(promised(ALPHA, BETA))
    after, before = (replace(BETA, state="retired", since=when) for when in (SIGNED + SECOND, SIGNED))

    assert not found(certificate, known(ALPHA, after))
    assert "the log was retired on" in lines(only(found(certificate, known(ALPHA, before))))[1]


def test_a_log_that_will_retire_is_in_use() -> None:
    retiring = [replace(log, state="retired", since=NOW + SECOND) for log in (ALPHA, BETA)]

    assert not found(logged_leaf(promised(ALPHA, BETA)), known(*retiring))


def test_retired_logs_alone_are_not_enough() -> None:
    retired = [replace(log, state="retired", since=NOW - DAY) for log in (ALPHA, BETA)]

    finding = only(found(logged_leaf(promised(ALPHA, BETA)), known(*retired)))

    assert "one of a log still in use is needed" in finding.summary


def test_a_log_that_had_retired_when_the_first_log_in_use_signed_does_not_count() -> None:
    backdated = [*promised(ALPHA), *promised(BETA, when=SIGNED - 2 * DAY)]
    retired = replace(BETA, state="retired", since=SIGNED - DAY)

    finding = only(found(logged_leaf(backdated), known(ALPHA, retired)))

    assert lines(finding)[1].endswith("before the certificate was issued")


def test_static_logs_alone_are_not_enough() -> None:
    static = [replace(log, is_tiled=True) for log in (ALPHA, BETA)]

    finding = only(found(logged_leaf(promised(ALPHA, BETA)), known(*static)))

    assert finding.summary.endswith("one of an RFC 6962 log is needed")
    assert not found(logged_leaf(promised(ALPHA, BETA)), known(ALPHA, static[1]))


@pytest.mark.parametrize(
    ("interval", "is_found"),
    [
        ((NOW + ENDS, NOW + ENDS + DAY), False),
        ((NOW + ENDS - DAY, NOW + ENDS), True),
        ((NOW + ENDS + SECOND, NOW + ENDS + DAY), True),
    ],
    ids=["from then", "until then", "afterwards"],
)
def test_apple_alone_wants_the_expiry_in_the_log_s_interval(
    interval: tuple[datetime, datetime], is_found: bool
) -> None:
    logs = known(ALPHA, replace(BETA, interval=interval))

    findings = found(logged_leaf(promised(ALPHA, BETA)), logs)

    assert bool(findings) is is_found
    for finding in findings:
        assert finding.severity is Severity.WARNING
        assert finding.summary.startswith("by Apple's rules 1 of 2 embedded timestamps counts")
        assert "does not count for Apple: the log takes certificates that expire" in lines(finding)[1]


def test_apple_alone_refuses_what_a_log_signed_after_it_was_closed() -> None:
    closed = known(ALPHA, replace(BETA, state="readonly", since=SIGNED - SECOND))

    finding = only(found(logged_leaf(promised(ALPHA, BETA)), closed))

    assert finding.severity is Severity.WARNING
    assert "does not count for Apple: the log has taken no more certificates" in lines(finding)[1]


def test_an_old_list_judges_no_logs_and_says_so() -> None:
    certificate = logged_leaf(promised(ALPHA, ALPHA_TOO))
    fresh, old = (known(*LOGS, published=NOW - age) for age in (70 * DAY - SECOND, 70 * DAY))

    assert found(certificate, fresh)
    assert not unchecked(certificate, fresh)
    assert not found(certificate, old)
    (said,) = unchecked(certificate, old)
    assert said.why == (
        "signatures and operators: the log list was made 70 days before the time that is judged"
    )


def test_a_list_from_long_after_judges_no_logs() -> None:
    later = known(BETA, published=NOW + 71 * DAY)

    assert not found(logged_leaf(promised(ALPHA, ALPHA_TOO)), later)
    assert "71 days after" in unchecked(logged_leaf(promised(ALPHA, ALPHA_TOO)), later)[0].why


def test_logs_are_not_judged_for_an_expired_certificate() -> None:
    expired = logged_leaf(promised(ALPHA, BETA), ends=-SECOND)

    assert not found(expired, known(GAMMA))
    assert "not valid now" in unchecked(expired, known(GAMMA))[0].why


def test_many_logs_and_timestamps_are_judged_in_little_time() -> None:
    certificate = logged_leaf([Promise(ALPHA, SIGNED + n * SECOND) for n in range(MAX_TIMESTAMPS)])
    logs = known(*LOGS)

    begun = time.perf_counter()
    assert found(certificate, logs)
    assert time.perf_counter() - begun < 2


def test_a_private_ca_owes_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(checks, "public_root", lambda _: None)

    assert not found(Certificate.of(leaf().der))
    assert "private CA" in unchecked(Certificate.of(leaf().der))[0].why


@pytest.mark.parametrize(
    ("stores", "is_found"),
    [
        ({"microsoft"}, False),
        ({"mozilla"}, True),
        ({"apple", "android"}, True),
        ({"openjdk-17.0.2"}, False),
    ],
)
def test_only_stores_of_clients_that_demand_them_count(
    stores: set[str], is_found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    _publish(monkeypatch, frozenset(stores))

    assert bool(found(Certificate.of(leaf().der))) is is_found


def test_a_path_to_nowhere_owes_none() -> None:
    case = case_of(Certificate.of(leaf().der))
    (lost,) = find_paths(case.chain, (), AnchorStore((), label="empty"))

    assert not list(path_transparency(lost, case))
    assert "no path leads" in next(unchecked_transparency(lost, case)).why


def test_none_are_demanded_of_certificates_from_before_may_2018() -> None:
    first = datetime(2018, 5, 1, tzinfo=UTC)

    def issued(when: datetime) -> Certificate:
        return Certificate.of(leaf(begins=when - NOW, ends=when - NOW + 90 * DAY).der)

    assert not found(issued(first - SECOND), now=first + DAY)
    assert "2018-05-01" in unchecked(issued(first - SECOND), now=first + DAY)[0].why
    assert found(issued(first), now=first + DAY)


def test_two_are_enough_for_a_long_certificate_from_before_april_2022() -> None:
    turn = datetime(2022, 4, 15, tzinfo=UTC)

    def issued(when: datetime) -> Certificate:
        promises = promised(ALPHA, BETA, when=when)
        return logged_leaf(promises, begins=when - NOW, ends=when - NOW + 397 * DAY)

    assert not found(issued(turn - SECOND), now=turn + DAY)
    assert found(issued(turn), now=turn + DAY)


@pytest.mark.parametrize(
    "changes",
    [
        {"purposes": (ExtendedKeyUsageOID.CLIENT_AUTH,)},
        {"is_ca": True},
        {"extensions": ((x509.PrecertPoison(), True),)},
    ],
    ids=["for clients", "a CA", "a precertificate"],
)
def test_none_are_demanded_of_what_is_no_server_s_certificate(changes: dict[str, object]) -> None:
    certificate = Certificate.of(leaf(**changes).der)  # type: ignore[arg-type]

    assert not found(certificate)
    assert "not a server's" in unchecked(certificate)[0].why


def test_a_torn_certificate_is_not_said_to_lack_them() -> None:
    octets = leaf().der
    cut = octets.replace(bytes.fromhex("0603551d23"), bytes.fromhex("067f551d23"))
    certificate = Certificate.of(cut)

    assert certificate.is_torn
    assert not found(certificate)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_octets_make_judging_raise(data: st.DataObject) -> None:
    octets = bytearray(_SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    case = case_of(Certificate.of(bytes(octets)), _SAMPLE_LOGS)

    for path in case.paths:
        list(path_transparency(path, case))
        list(unchecked_transparency(path, case))
