"""What other programs rely on: the names, the arguments and the one answer for one input."""

from __future__ import annotations

import inspect
import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from functools import cache

import pytest
from cryptography import x509
from hypothesis import given, settings
from hypothesis import strategies as st

import certtui
from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.evidence import Reached
from certtui.core.target import TargetProblem, parse_target
from certtui.lab.pki import Authority, Issued, Wish, now_to_the_second

without_deadline = settings(deadline=None)
"""For tests whose first example makes keys, which takes as long as it takes."""

NOW = now_to_the_second()
HOST = "www.example.com"


@cache
def _root() -> Authority:
    return Authority.root("Root", now=NOW)


@cache
def _issuer() -> Authority:
    return _root().intermediate("Issuer")


@cache
def _leaf() -> Issued:
    return _issuer().issue(HOST)


def _diagnose(*chain: bytes | x509.Certificate, host: str | None = HOST) -> certtui.Report:
    return certtui.diagnose(chain, host=host, anchors=[_root().certificate], now=NOW)


def _codes(report: certtui.Report) -> set[str]:
    return {finding.code.value for finding in report.findings}


def test_a_good_chain_is_trusted() -> None:
    report = _diagnose(_leaf().der, _issuer().der)

    assert report.verdict is certtui.Verdict.TRUSTED
    assert report.findings == ()
    assert report.badge is certtui.Category.TRUSTED
    assert all(client.accepts for client in report.clients)


def test_a_bad_chain_is_rejected_with_its_faults() -> None:
    report = _diagnose(_leaf().der, host="other.example.com")

    assert report.verdict == "rejected"
    assert {"host-mismatch"} < _codes(report)
    first = report.findings[0]
    assert (first.severity, first.category) == (certtui.Severity.ERROR, certtui.Category.UNTRUSTED)


def test_octets_and_certificates_give_the_same_report() -> None:
    from_octets = _diagnose(_leaf().der, _issuer().der)
    from_certificates = _diagnose(_leaf().certificate, _issuer().certificate)

    assert from_octets == from_certificates
    assert from_octets.to_json() == from_certificates.to_json()


def test_anchors_and_pool_may_be_octets_certificates_or_a_store() -> None:
    store = AnchorStore([Anchor(Certificate.of(_root().der))], label="a store")

    verdicts = {
        certtui.diagnose([_leaf().der], host=HOST, anchors=anchors, now=NOW, pool=pool).to_json()
        for anchors in ([_root().der], [_root().certificate], store)
        for pool in ([_issuer().der], [_issuer().certificate])
    }

    assert len(verdicts) == 1


def test_the_same_input_gives_the_same_json() -> None:
    assert _diagnose(_leaf().der).to_json() == _diagnose(_leaf().der).to_json()


def test_json_is_one_line_of_ascii_with_the_report_s_values() -> None:
    written = _diagnose(_leaf().der, _issuer().der).to_json()

    document = json.loads(written)
    assert written.isascii()
    assert "\n" not in written
    assert document["verdict"] == "trusted"
    assert document["chain"][0]["sha256"] == Certificate.of(_leaf().der).sha256.hex()
    assert document["chain"][0]["names"] == [{"kind": "DNS", "value": HOST}]


def test_a_now_without_a_time_zone_is_refused_with_what_to_write() -> None:
    with pytest.raises(ValueError, match=r"now has no time zone: write datetime\.now\(timezone\.utc\)"):
        certtui.diagnose([_leaf().der], now=datetime(2024, 1, 1))  # noqa: DTZ001


def test_the_same_moment_in_another_zone_gives_the_same_findings() -> None:
    elsewhere = NOW.astimezone(timezone(timedelta(hours=9)))

    there = certtui.diagnose([_leaf().der], host=HOST, anchors=[_root().der], now=elsewhere)

    assert there.findings == _diagnose(_leaf().der).findings


def test_now_decides_what_has_expired() -> None:
    later = certtui.diagnose(
        [_leaf().der, _issuer().der], host=HOST, anchors=[_root().der], now=NOW + timedelta(days=81)
    )

    assert _codes(later) == {"leaf-expired"}


def test_without_a_moment_it_is_now() -> None:
    before = datetime.now(UTC)
    report = certtui.diagnose([_leaf().der], anchors=[_root().der])

    assert before <= report.now <= datetime.now(UTC)


def test_an_empty_chain_is_unreachable() -> None:
    report = certtui.diagnose([], host=HOST, anchors=[_root().der], now=NOW)

    assert report.verdict is certtui.Verdict.UNREACHABLE
    assert report.badge is certtui.Category.CONNECTION
    assert not report.findings
    assert not report.chain
    assert report.best_path is None
    assert json.loads(report.to_json())["clients"] == []


def test_what_is_not_checked_is_said_and_why() -> None:
    unchecked = {each.what: each.why for each in _diagnose(_leaf().der).unchecked}

    assert {"revocation", "certificate transparency"} <= unchecked.keys()
    assert all(unchecked.values())


def test_without_a_host_names_are_left_unjudged() -> None:
    report = _diagnose(_leaf().der, _issuer().der, host=None)

    assert report.host is None
    assert report.verdict == "trusted"


def test_without_a_purpose_the_extended_key_usage_is_left_unjudged() -> None:
    client_only = _issuer().issue(
        HOST, Wish(names=(HOST,), purposes=(x509.ObjectIdentifier("1.3.6.1.5.5.7.3.2"),))
    )
    chain = [client_only.der, _issuer().der]

    judged = certtui.diagnose(chain, host=HOST, anchors=[_root().der], now=NOW)
    unjudged = certtui.diagnose(chain, host=HOST, anchors=[_root().der], now=NOW, purpose=None)

    assert _codes(judged) == {"eku-wrong"}
    assert _codes(unjudged) == set()


def test_without_anchors_it_is_mozilla_that_decides() -> None:
    report = certtui.diagnose([_leaf().der, _issuer().der, _root().der], host=HOST, now=NOW)

    assert "untrusted-root-sent" in _codes(report)


def test_a_finding_names_the_certificate_by_its_place_as_sent() -> None:
    old = _root().intermediate(
        "Old", wish=Wish(is_ca=True, usages=("key_cert_sign",), purposes=(), ends=-timedelta(days=1))
    )
    leaf = old.issue("a.test")

    report = certtui.diagnose([leaf.der, old.der], host="a.test", anchors=[_root().der], now=NOW)

    assert [(f.code.value, f.certificate) for f in report.findings] == [("intermediate-expired", 1)]


@without_deadline
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=3))
def test_any_octets_are_diagnosed_and_never_trusted(chain: list[bytes]) -> None:
    report = certtui.diagnose(chain, host=HOST, anchors=[_root().der], now=NOW)

    assert report.verdict == "rejected"
    assert "certificate-undecodable" in _codes(report)
    assert json.loads(report.to_json())["verdict"] == "rejected"


@without_deadline
@given(st.integers(0, 1), st.integers(0, 1 << 16), st.integers(1, 255))
def test_a_chain_with_an_octet_changed_is_diagnosed_without_an_exception(
    which: int, position: int, change: int
) -> None:
    chain = [bytearray(_leaf().der), bytearray(_issuer().der)]
    chain[which][position % len(chain[which])] ^= change

    report = _diagnose(*map(bytes, chain))

    assert report.verdict in ("trusted", "rejected")
    assert json.loads(report.to_json())["verdict"] == report.verdict


@without_deadline
@given(st.integers(0, 1), st.integers(0, 1 << 16), st.integers(1, 255))
def test_a_chain_with_any_octet_changed_is_never_trusted(which: int, position: int, change: int) -> None:
    octets = [bytearray(_leaf().der), bytearray(_issuer().der)]
    octets[which][position % len(octets[which])] ^= change

    assert _diagnose(*map(bytes, octets)).verdict == "rejected"


@without_deadline
@given(st.text(max_size=40))
def test_any_text_as_a_host_is_judged_without_an_exception(host: str) -> None:
    report = _diagnose(_leaf().der, _issuer().der, host=host)

    assert report.verdict in certtui.Verdict
    assert report.to_json()


async def test_inspecting_what_is_no_target_says_why() -> None:
    problem = parse_target("not a [host")
    assert isinstance(problem, TargetProblem)

    with pytest.raises(ValueError, match=r"' ' cannot stand in a host name") as caught:
        await certtui.inspect("not a [host")

    assert str(caught.value) == problem.message


async def test_inspecting_a_closed_port_gives_a_report_and_no_exception() -> None:
    report = await certtui.inspect("127.0.0.1:1")

    assert report.verdict is certtui.Verdict.UNREACHABLE
    assert _codes(report) == {"refused"}
    assert report.evidence is not None
    assert not isinstance(report.evidence.observation, Reached)


def test_verdicts_codes_and_severities_are_the_words_of_the_catalogue() -> None:
    assert sorted(certtui.Verdict) == ["rejected", "trusted", "unreachable"]
    assert certtui.Code("leaf-expired") is certtui.Code.LEAF_EXPIRED
    assert [str(severity) for severity in certtui.Severity] == ["error", "warning", "notice"]


@pytest.mark.parametrize("name", certtui.__all__)
def test_every_public_name_can_be_imported(name: str) -> None:
    assert getattr(certtui, name) is not None


def test_the_public_names_are_those_of_the_interface() -> None:
    from certtui import api

    assert set(certtui.__all__) == {*api.__all__, "__version__"}


def test_a_name_that_is_not_public_is_no_attribute() -> None:
    with pytest.raises(AttributeError, match="has no attribute 'no_such_name'"):
        _ = certtui.no_such_name


def test_diagnose_takes_the_arguments_that_are_promised() -> None:
    promised = [
        "chain",
        "host",
        "anchors",
        "now",
        "pool",
        "crls",
        "ocsp",
        "stapled_ocsp",
        "ct_logs",
        "purpose",
    ]

    parameters = inspect.signature(certtui.diagnose).parameters

    assert list(parameters) == promised
    assert all(parameters[name].kind is inspect.Parameter.KEYWORD_ONLY for name in promised[1:])


@pytest.mark.parametrize(
    ("statement", "unwanted"),
    [
        ("import certtui", {"textual", "rich", "OpenSSL", "cryptography", "certtui.api"}),
        ("import certtui; certtui.diagnose", {"textual", "rich", "OpenSSL"}),
        ("import certtui; certtui.inspect", {"textual", "rich", "OpenSSL"}),
    ],
)
def test_an_import_loads_no_more_than_it_needs(statement: str, unwanted: set[str]) -> None:
    code = f"{statement}; import sys; print(*sys.modules)"

    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert not set(outcome.stdout.split()) & unwanted
