"""The diagnosis as a whole: one fault one finding, the same answer for the same input, and no input that breaks it."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtendedKeyUsageOID
from hypothesis import given, settings
from hypothesis import strategies as st

import certtui
from certtui.core import der
from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import Category, Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_chain, diagnose_evidence
from certtui.core.evidence import Connection, Evidence, Failure, Reached, Stage, Timing, Unreachable
from certtui.core.paths import MAX_CHECKS, MAX_LENGTH
from certtui.core.target import HostTarget
from certtui.lab.pki import CA_WISH, Authority, Wish, self_signed, with_broken_signature
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.forge import forged, tlv

_CONNECTION = Connection(
    address="192.0.2.1",
    port=443,
    server_name=HOST,
    protocol="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    group="x25519",
    alpn=None,
    client_certificate_requested=False,
    timing=Timing(),
)


def diagnose(
    *sent: bytes, host: str | None = HOST, anchors: tuple[bytes, ...] = (ROOT.der,)
) -> certtui.Report:
    """Return the diagnosis of what was sent."""
    return certtui.diagnose(sent, host=host, anchors=anchors, now=NOW)


def observed(observation: Reached | Unreachable) -> certtui.Report:
    """Return the diagnosis of an observation of `HOST`."""
    evidence = Evidence(target=HostTarget(host=HOST), host=HOST, observed_at=NOW, observation=observation)
    anchors = AnchorStore([Anchor(Certificate.of(ROOT.der))], label="the test's own")
    return diagnose_evidence(evidence, anchors=anchors)


def codes(report: certtui.Report) -> list[Code]:
    """Return the codes found, gravest first."""
    return [finding.code for finding in report.findings]


def test_a_self_signed_leaf_is_not_also_an_unknown_issuer() -> None:
    alone = self_signed(HOST, Wish(names=(HOST,)), now=NOW)

    assert codes(diagnose(alone.der)) == [Code.SELF_SIGNED_LEAF]


def test_a_missing_intermediate_that_a_pool_holds_is_not_also_an_unknown_issuer() -> None:
    report = certtui.diagnose([leaf().der], host=HOST, anchors=[ROOT.der], now=NOW, pool=[ISSUER.der])

    assert codes(report) == [Code.CHAIN_INCOMPLETE]
    assert "Example CA" in report.findings[0].summary


def test_a_missing_intermediate_that_nothing_leads_to_is_an_unknown_issuer_that_says_what_was_tried() -> None:
    report = diagnose(leaf().der)

    assert codes(report) == [Code.UNTRUSTED_ISSUER]
    assert "neither among the certificates sent nor in the store" in report.findings[0].summary


def test_a_public_root_is_no_private_ca_and_the_user_s_own_is() -> None:
    sent = [Certificate.of(each) for each in GOOD.sent]

    def found(*, private: bool) -> list[Code]:
        store = AnchorStore([Anchor(Certificate.of(ROOT.der), private=private)], label="x")
        return codes(diagnose_chain(sent, host=HOST, anchors=store, now=NOW))

    assert found(private=False) == []
    assert found(private=True) == [Code.PRIVATE_CA]


def test_a_private_ca_is_a_notice_that_leaves_the_host_trusted() -> None:
    store = AnchorStore([Anchor(Certificate.of(ROOT.der), private=True)], label="x")

    report = diagnose_chain([Certificate.of(each) for each in GOOD.sent], host=HOST, anchors=store, now=NOW)

    assert report.badge is Category.TRUSTED
    assert report.verdict is certtui.Verdict.TRUSTED


def test_every_fault_of_a_hopeless_chain_is_named_at_once() -> None:
    wish = Wish(names=("other.test",), begins=timedelta(days=-9), ends=timedelta(days=-1), purposes=())
    hopeless = STRANGE_ISSUER.issue(HOST, replace(wish, is_signed_with_sha1=True))

    report = diagnose(hopeless.der, STRANGE_ISSUER.der, STRANGER.der)

    assert set(codes(report)) == {
        Code.LEAF_EXPIRED,
        Code.HOST_MISMATCH,
        Code.UNTRUSTED_ROOT_SENT,
        Code.WEAK_SIGNATURE,
    }
    assert report.badge is Category.UNTRUSTED


def test_names_are_left_unjudged_without_a_host_and_purposes_without_a_purpose() -> None:
    client = leaf(names=("other.test",), purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,))

    report = certtui.diagnose([client.der, ISSUER.der], host=None, anchors=[ROOT.der], now=NOW, purpose=None)

    assert report.findings == ()


def test_what_was_not_checked_is_said() -> None:
    unchecked = {each.what for each in diagnose(*GOOD.sent).unchecked}

    assert {"revocation", "certificate transparency"} <= unchecked


def test_a_failure_after_the_chain_came_is_found_beside_what_the_chain_shows() -> None:
    demanded = Failure(code=Code.CLIENT_CERTIFICATE_REQUIRED, stage=Stage.AFTER_HANDSHAKE, detail="none came")
    expired = leaf(begins=timedelta(days=-9), ends=timedelta(days=-1))

    report = observed(Reached(connection=_CONNECTION, chain=(expired.der, ISSUER.der), failure=demanded))

    assert set(codes(report)) == {Code.CLIENT_CERTIFICATE_REQUIRED, Code.LEAF_EXPIRED}
    assert report.badge is Category.EXPIRED


def test_that_a_client_certificate_was_asked_for_is_said_where_nothing_came_of_it() -> None:
    asked = replace(_CONNECTION, client_certificate_requested=True)

    report = observed(Reached(connection=asked, chain=GOOD.sent))

    assert report.findings == ()
    assert "client certificate" in {each.what for each in report.unchecked}
    assert "client certificate" not in {
        each.what for each in observed(Reached(connection=_CONNECTION, chain=GOOD.sent)).unchecked
    }


def test_a_connection_that_failed_says_nothing_of_a_certificate() -> None:
    refused = Failure(code=Code.REFUSED, stage=Stage.CONNECT, detail="nobody listens")

    report = observed(Unreachable(failure=refused))

    assert codes(report) == [Code.REFUSED]
    assert report.verdict is certtui.Verdict.UNREACHABLE


@pytest.mark.parametrize(
    ("version", "is_refused"), [("TLSv1", True), ("TLSv1.1", True), ("TLSv1.2", False), ("TLSv1.3", False)]
)
def test_a_version_that_clients_refuse_is_an_error_however_good_the_chain(
    version: str, is_refused: bool
) -> None:
    connection = replace(_CONNECTION, protocol=version)

    report = observed(Reached(connection=connection, chain=GOOD.sent))

    assert (codes(report) == [Code.PROTOCOL_UNSUPPORTED]) is is_refused
    assert (report.verdict is certtui.Verdict.REJECTED) is is_refused


def test_a_server_without_a_certificate_is_no_success() -> None:
    report = observed(Reached(connection=_CONNECTION, chain=()))

    assert codes(report) == [Code.PROTOCOL_UNSUPPORTED]
    assert "anonymous" in report.findings[0].summary


def test_names_and_constraints_without_number_cost_bounded_time() -> None:
    trees = x509.NameConstraints(None, [x509.DNSName(f"t{number}.test") for number in range(400)])
    names = tuple(f"n{number}.example.test" for number in range(480))
    cas = [
        ROOT.intermediate(
            "Example CA", wish=replace(CA_WISH, ends=timedelta(days=500 + extra), extensions=((trees, True),))
        )
        for extra in range(12)
    ]
    began = time.monotonic()

    report = diagnose(leaf(names=(HOST, *names)).der, *(ca.der for ca in cas))

    assert report.paths
    assert time.monotonic() - began < 10  # compared without a bound they take a minute


def test_namesakes_without_number_do_not_hide_the_way_to_the_anchor() -> None:
    key = ISSUER.key.public_key()
    namesakes = [
        ROOT.intermediate(
            "Example CA", wish=replace(CA_WISH, ends=timedelta(days=400 + n)), key_label=f"k{n % 3}"
        )
        for n in range(MAX_CHECKS + 10)
    ]

    report = diagnose(leaf().der, *(each.der for each in namesakes), ISSUER.der)

    assert report.best_path is not None
    assert report.best_path.is_trusted
    assert report.best_path.links[1].certificate.spki == key.public_bytes(
        Encoding.DER, PublicFormat.SubjectPublicKeyInfo
    )


def test_a_moment_in_another_zone_is_judged_and_shown_in_utc() -> None:
    ends = NOW + timedelta(hours=1)
    expiring = leaf(begins=timedelta(days=-9), ends=timedelta(hours=1))
    tokyo = timezone(timedelta(hours=9))

    report = certtui.diagnose(
        [expiring.der, ISSUER.der],
        host=HOST,
        anchors=[ROOT.der],
        now=(ends + timedelta(hours=2)).astimezone(tokyo),
    )

    (expired,) = [finding for finding in report.findings if finding.code is Code.LEAF_EXPIRED]
    assert "2026-11-25 13:00 UTC is 2 hours before now" in expired.summary
    assert {fact.label: fact.value for fact in expired.evidence}["now"] == "2026-11-25 15:00 UTC"


def test_a_zone_is_no_part_of_an_address() -> None:
    local = leaf(names=("fe80::1",))

    assert codes(diagnose(local.der, ISSUER.der, host="fe80::1%eth0")) == []


def test_a_self_signed_leaf_with_a_damaged_signature_is_still_one() -> None:
    alone = with_broken_signature(self_signed(HOST, Wish(names=(HOST,)), now=NOW))

    report = diagnose(alone.der)

    assert codes(report) == [Code.SELF_SIGNED_LEAF]
    assert "does not verify" in report.findings[0].summary


def test_a_signature_of_a_kind_that_is_not_known_is_not_said_to_be_wrong() -> None:
    def edit(fields: list[bytes]) -> None:
        fields[2] = unknown

    unknown = tlv(der.SEQUENCE, tlv(der.OID, b"\x2a\x03\x04"))
    strange = forged(leaf(), ISSUER, edit, algorithm=unknown)

    report = diagnose(strange, ISSUER.der)

    assert Code.SIGNATURE_INVALID in codes(report)
    assert "cannot be checked: 1.2.3.4" in report.findings[0].summary


def test_findings_come_gravest_first_then_by_the_badges_order() -> None:
    late = Authority.root("Late", now=NOW, wish=replace(CA_WISH, ends=timedelta(days=-1)))
    expired = late.issue(
        HOST, Wish(names=("other.test",), begins=timedelta(days=-9), ends=timedelta(days=-1))
    )

    report = diagnose(expired.der, late.der, ISSUER.der)

    severities = [finding.severity for finding in report.findings]
    assert severities == sorted(severities, key=list(Severity).index)
    assert codes(report)[0] is Code.UNTRUSTED_ROOT_SENT


@pytest.mark.parametrize(
    ("group", "protocol", "offered", "is_told"),
    [
        ("x25519", "TLSv1.3", True, True),
        ("secp256r1", "TLSv1.2", True, True),
        ("X25519MLKEM768", "TLSv1.3", True, False),
        ("x25519", "TLSv1.3", False, False),
        ("x25519", "TLSv1", True, False),
        (None, "TLSv1.3", True, False),
    ],
    ids=["classic", "classic in TLS 1.2", "hybrid", "nothing else offered", "too old anyway", "not known"],
)
def test_a_key_exchange_that_is_not_post_quantum_is_noticed(
    group: str | None, protocol: str, offered: bool, is_told: bool
) -> None:
    connection = replace(_CONNECTION, group=group, protocol=protocol, post_quantum_offered=offered)

    report = observed(Reached(connection=connection, chain=GOOD.sent))

    assert (Code.NO_POST_QUANTUM in codes(report)) is is_told


@given(st.randoms(use_true_random=False), st.integers(min_value=0, max_value=6))
def test_any_chain_shuffled_repeated_cut_and_bent_has_one_answer(chance: random.Random, bends: int) -> None:
    parts = [*GOOD.sent, ROOT.der, STRANGE_ISSUER.der, STRANGER.der]
    sent = [bytearray(chance.choice(parts)) for _ in range(chance.randint(1, 6))]
    for _ in range(bends):
        bent = chance.choice(sent)
        if bent:
            bent[chance.randrange(len(bent))] ^= 1 << chance.randrange(8)
            del bent[chance.choice([len(bent), chance.randrange(len(bent) + 1)]) :]
    octets = [bytes(each) for each in sent]

    first, second = diagnose(*octets), diagnose(*octets)

    assert first.to_json() == second.to_json()
    assert len({(f.code, f.certificate, f.summary) for f in first.findings}) == len(first.findings)
    assert {f.certificate for f in first.findings} <= {None, *range(len(octets))}


@settings(max_examples=300)
@given(which=st.sampled_from([0, 1]), bit=st.integers(min_value=0))
def test_a_bit_turned_over_in_a_signed_part_is_never_trusted(which: int, bit: int) -> None:
    octets = bytearray(GOOD.sent[which])
    signed = next(der.children(bytes(octets), der.root(bytes(octets))))
    position, mask = divmod(bit % (8 * (signed.end - signed.start)), 8)
    octets[signed.start + position] ^= 1 << mask
    sent = list(GOOD.sent)
    sent[which] = bytes(octets)

    assert diagnose(*sent).verdict is certtui.Verdict.REJECTED


def test_a_path_that_is_too_long_to_follow_is_called_that() -> None:
    issuer = ROOT
    sent: list[bytes] = []
    for number in range(MAX_LENGTH + 5):
        issuer = issuer.intermediate(f"CA {number}")
        sent.insert(0, issuer.der)

    report = diagnose(leaf(issuer).der, *sent)

    found = {finding.code: finding.summary for finding in report.findings}
    assert f"more than {MAX_LENGTH} certificates is not followed" in found[Code.UNTRUSTED_ISSUER]
    assert Code.CHAIN_UNRELATED not in found


@given(st.lists(st.binary(max_size=200), min_size=1, max_size=4))
def test_garbage_in_place_of_certificates_is_told_as_such(garbage: list[bytes]) -> None:
    report = diagnose(*garbage)

    assert Code.CERTIFICATE_UNDECODABLE in codes(report)
    assert report.verdict is certtui.Verdict.REJECTED


@given(st.datetimes(timezones=st.just(UTC)))
def test_any_moment_can_be_judged_at(moment: datetime) -> None:
    report = certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=moment)

    assert report.to_json()
