"""Embedded timestamps are read, and verified with the keys of their logs."""

from __future__ import annotations

import random
import subprocess
import time
from dataclasses import replace
from datetime import UTC, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.extensions import SIGNED_CERTIFICATE_TIMESTAMPS
from certtui.core.transparency import (
    MAX_TIMESTAMPS,
    precertificate_tbs,
    timestamp_problems,
    timestamps,
    verify,
)
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf
from tests.core.logs import (
    ALPHA,
    BETA,
    DAY,
    ENDS,
    GAMMA,
    LOGS,
    SIGNED,
    Promise,
    TestLog,
    known,
    logged,
    logged_leaf,
    promised,
    timestamp_list,
    with_timestamps,
)
from tests.requirements import needs

_SAMPLE = logged(ISSUER, HOST, promised(ALPHA, BETA))
_SAMPLE_LOGS = known(*LOGS)


def test_timestamps_are_what_cryptography_reads() -> None:
    certificate = logged_leaf(
        [Promise(ALPHA, SIGNED + timedelta(milliseconds=123), b"ext"), *promised(GAMMA)]
    )

    theirs = (
        x509.load_der_x509_certificate(certificate.der)
        .extensions.get_extension_for_class(x509.PrecertificateSignedCertificateTimestamps)
        .value
    )

    assert [
        (t.log_id, t.when, t.extensions, t.hash_algorithm, t.signature_algorithm, t.signature)
        for t in timestamps(certificate)
    ] == [
        (
            t.log_id,
            t.timestamp.replace(tzinfo=UTC),
            t.extension_bytes,
            4,
            int(t.signature_algorithm.value),
            t.signature,
        )
        for t in theirs
    ]
    assert timestamp_problems(certificate) == ()


@needs("openssl")
def test_openssl_reads_the_same_logs_and_times(tmp_path: Path) -> None:
    certificate = logged_leaf(promised(ALPHA, BETA))
    (tmp_path / "leaf.pem").write_text(certificate.to_pem())

    command = ["openssl", "x509", "-in", str(tmp_path / "leaf.pem"), "-noout", "-text"]
    text = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout

    digits = "".join(text.split()).replace(":", "").lower()
    assert all(t.log_id.hex() in digits for t in timestamps(certificate))
    assert text.count(f"Timestamp : {SIGNED:%b %d %H:%M:%S}.000 {SIGNED:%Y} GMT") == 2


@needs("openssl")
def test_openssl_verifies_the_certificate_that_carries_them(tmp_path: Path) -> None:
    files = {"leaf": logged_leaf(promised(ALPHA)).to_pem(), "ca": ISSUER.pem, "root": ROOT.pem}
    for name, pem in files.items():
        (tmp_path / name).write_text(pem)

    command = ["openssl", "verify", "-attime", str(int(NOW.timestamp()))]
    command += ["-CAfile", str(tmp_path / "root"), "-untrusted", str(tmp_path / "ca")]
    subprocess.run([*command, str(tmp_path / "leaf")], check=True, capture_output=True, timeout=20)


def test_a_certificate_without_the_extension_has_none() -> None:
    certificate = Certificate.of(leaf().der)

    assert timestamps(certificate) == ()
    assert timestamp_problems(certificate) == ()


@pytest.mark.parametrize(
    ("value", "count", "problem"),
    [
        (b"\x05\x00", 0, "tag 0x05 where 0x04 should stand"),
        (b"\x04\x00", 0, "0 octets where 2 should stand"),
        (b"\x04\x02\x00\x05", 0, "0 octets where 5 should stand"),
        (b"\x04\x04\x00\x00ab", 0, "2 octets follow the list"),
        (timestamp_list([b"\x01" + bytes(46)]), 0, "timestamp 1: version 2, which is not known"),
        (timestamp_list([bytes(46)]), 0, "timestamp 1: 1 octets where 2 should stand"),
        (timestamp_list([bytes(47) + b"x"]), 0, "timestamp 1: 1 octets follow its signature"),
        (
            timestamp_list([bytes(47), b"\x07", bytes(47)]),
            2,
            "timestamp 2: version 8, which is not known",
        ),
        (timestamp_list([bytes(33) + b"\xff" * 8 + bytes(6)]), 0, "are beyond the year 9999"),
    ],
)
def test_what_cannot_be_read_is_left_out_and_told(value: bytes, count: int, problem: str) -> None:
    certificate = Certificate.of(with_timestamps(ISSUER, HOST, value))

    assert len(timestamps(certificate)) == count
    assert [each for each in timestamp_problems(certificate) if problem in each]


def test_a_hostile_list_is_read_up_to_a_bound_in_little_time() -> None:
    value = timestamp_list([bytes(47)] * 1_300)
    certificate = Certificate.of(with_timestamps(ISSUER, HOST, value))

    begun = time.perf_counter()
    assert len(timestamps(certificate)) == MAX_TIMESTAMPS
    assert time.perf_counter() - begun < 1
    assert timestamp_problems(certificate) == (f"more than {MAX_TIMESTAMPS} timestamps",)


def test_the_extension_in_words_names_the_logs_and_what_cannot_be_read() -> None:
    value = timestamp_list([bytes(47), b"\x07"])
    certificate = Certificate.of(with_timestamps(ISSUER, HOST, value))
    extension = certificate.extension(SIGNED_CERTIFICATE_TIMESTAMPS)

    assert extension is not None
    assert extension.lines == (
        "1 timestamp, not verified",
        f"log {'00' * 32}",
        "  version 1, 1970-01-01 00:00 UTC and 0 ms, signature 0 with hash 0",
        "cannot be read: timestamp 2: version 8, which is not known",
    )


@given(st.binary(max_size=200))
def test_any_value_of_the_extension_is_read_or_told(value: bytes) -> None:
    certificate = Certificate.of(with_timestamps(ISSUER, HOST, value))

    assert timestamps(certificate) or timestamp_problems(certificate) or value[2:4] == b"\x00\x00"


@given(st.data())
def test_no_octets_make_reading_or_verifying_raise(data: st.DataObject) -> None:
    octets = bytearray(_SAMPLE)
    for _ in range(data.draw(st.integers(1, 4))):
        octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))
    certificate = Certificate.of(bytes(octets))

    for timestamp in timestamps(certificate):
        for log in _SAMPLE_LOGS.logs:
            verify(timestamp, certificate, Certificate.of(ISSUER.der), log)
    timestamp_problems(certificate)


def test_the_precertificate_is_what_cryptography_makes_of_it() -> None:
    certificate = logged_leaf(promised(ALPHA, BETA, GAMMA))

    theirs = x509.load_der_x509_certificate(certificate.der).tbs_precertificate_bytes

    assert precertificate_tbs(certificate.fields.signed) == theirs


@pytest.mark.parametrize("log", [ALPHA, GAMMA], ids=["ECDSA", "RSA"])
def test_a_timestamp_verifies_with_the_key_of_its_log(log: TestLog) -> None:
    certificate = logged_leaf([Promise(log, SIGNED, b"ext")])

    (timestamp,) = timestamps(certificate)

    assert verify(timestamp, certificate, Certificate.of(ISSUER.der), known(log).logs[0]) is True


def test_octets_that_der_would_write_otherwise_stay_as_they_are() -> None:
    certificate = logged_leaf(promised(ALPHA))
    signed = certificate.fields.signed
    odd = signed.replace(b"\x01\x01\xff", b"\x01\x01\x01")  # a BOOLEAN that is true, but not in DER

    assert odd != signed
    assert b"\x01\x01\x01" in precertificate_tbs(odd)


def test_other_extensions_are_left_and_an_empty_list_of_them_goes() -> None:
    version, serial = b"\xa0\x03\x02\x01\x02", b"\x02\x01\x01"
    embedded = bytes.fromhex("3010060a2b06010401d6790204020402")  # followed by an OCTET STRING's content
    extension = embedded + b"\x00\x00"
    alone = b"\x30\x1e" + version + serial + b"\xa3\x14\x30\x12" + extension

    assert precertificate_tbs(alone) == b"\x30\x08" + version + serial


@pytest.mark.parametrize(
    "change",
    [
        {"when": SIGNED + timedelta(milliseconds=1)},
        {"extensions": b"other"},
        {"hash_algorithm": 5},
        {"signature_algorithm": 1},
        {"signature": b""},
        {"signature": b"\x30\x00"},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_changed_timestamp_does_not_verify(change: dict[str, object]) -> None:
    certificate = logged_leaf(promised(ALPHA))
    (timestamp,) = timestamps(certificate)
    changed = replace(timestamp, **change)  # type: ignore[arg-type]

    assert verify(changed, certificate, Certificate.of(ISSUER.der), known(ALPHA).logs[0]) is False


def test_a_timestamp_does_not_verify_with_another_log_issuer_or_certificate() -> None:
    certificate, other = logged_leaf(promised(ALPHA)), logged_leaf([], ends=ENDS + DAY)
    issuer = Certificate.of(ISSUER.der)
    (timestamp,) = timestamps(certificate)
    alpha, beta = known(ALPHA, BETA).logs

    assert verify(timestamp, certificate, issuer, beta) is False
    assert verify(timestamp, certificate, issuer, replace(alpha, key=beta.key)) is False
    assert verify(timestamp, certificate, Certificate.of(ROOT.der), alpha) is False
    assert verify(timestamp, other, issuer, alpha) is False


def test_what_cannot_be_computed_is_not_said_to_be_false() -> None:
    certificate = logged_leaf(promised(ALPHA))
    (timestamp,) = timestamps(certificate)
    (log,) = known(ALPHA).logs
    nothing = Certificate.of(b"")

    assert verify(timestamp, certificate, Certificate.of(ISSUER.der), replace(log, key=b"no key")) is None
    assert verify(timestamp, nothing, Certificate.of(ISSUER.der), log) is None
    assert verify(timestamp, certificate, nothing, log) is None


def test_random_octets_in_place_of_the_certificate_raise_nothing() -> None:
    generator = random.Random(6962)

    for _ in range(200):
        certificate = Certificate.of(generator.randbytes(generator.randrange(200)))
        assert timestamps(certificate) == ()
        with pytest.raises(der.DerError):
            precertificate_tbs(certificate.fields.signed)
