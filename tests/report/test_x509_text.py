"""A certificate's text holds all that OpenSSL prints of it, and is safe to show whatever the certificate."""

from __future__ import annotations

import base64
import hashlib
import re
import ssl
import subprocess
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.extensions import SIGNED_CERTIFICATE_TIMESTAMPS
from certtui.report.x509_text import certificate_text
from tests.core.forge import tlv
from tests.core.logs import ALPHA, SIGNED, Promise, known, logged_leaf
from tests.core.varied_certificates import (
    VARIETIES,
    every_extension,
    street_certificates,
    varied_certificates,
    with_extensions,
    with_ml_dsa_key,
)

_HEXADECIMAL = re.compile(r"^ +((?:[0-9a-f]{2}:)+(?:[0-9a-f]{2})?)$", re.MULTILINE)
_DATE = re.compile(r"Not (?:Before|After ?): (\w+ +\d+ \S+ \d+) GMT")
_IDENTIFIER = re.compile(r"(?:keyid:)?((?:[0-9A-F]{2}:){7,}[0-9A-F]{2})")
_PLACE = re.compile(r"(?:URI|CPS): ?([^\s,]+)")
_NAME = re.compile(r"(?:DNS|email|IP Address|IP):([^,\n]+)")
_ALGORITHM = re.compile(r"Exponent: (\d+)|Salt Length: 0x(\w+)|Serial Number: (\d+)")
_POLICY = re.compile(r"Policy: ([\d.]+)")


def _judged(data: bytes) -> str:
    command = ["openssl", "x509", "-inform", "DER", "-noout", "-text"]
    seen = subprocess.run(command, input=data, capture_output=True, check=True, timeout=20)
    return seen.stdout.decode("utf-8", "replace")


def _blocks(text: str) -> list[str]:
    """Return runs of lines of hexadecimal, such as a modulus, each as one word."""
    blocks: list[str] = []
    end = -2
    for found in _HEXADECIMAL.finditer(text):
        digits = found.group(1).replace(":", "")
        if found.start() == end + 1 and blocks:
            blocks[-1] += digits
        else:
            blocks.append(digits)
        end = found.end()
    return blocks


def _plain(text: str) -> str:
    return re.sub(r"[\s:]", "", text).lower()


def _missing(data: bytes) -> list[str]:
    """Return what OpenSSL prints and our text does not hold."""
    judge, text = _judged(data), certificate_text(Certificate.of(data))
    ours = _plain(text)
    wanted = [*_blocks(judge), *_IDENTIFIER.findall(judge), *_PLACE.findall(judge), *_POLICY.findall(judge)]
    # OpenSSL writes IPv6 addresses in a form of its own; the others are written as everywhere.
    wanted += [name for name in _NAME.findall(judge) if name.count(":") < 2]
    wanted += [group for found in _ALGORITHM.findall(judge) for group in found if group]
    missing = [each for each in wanted if _plain(each) not in ours]
    for date in _DATE.findall(judge):
        when = datetime.strptime(date, "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
        if f"{when:%Y-%m-%d %H:%M:%S} UTC" not in text:
            missing.append(date)
    return missing


@pytest.mark.parametrize("name", VARIETIES)
def test_nothing_that_openssl_prints_is_missing(name: str) -> None:
    assert _missing(varied_certificates()[name]) == []


def test_nothing_that_openssl_prints_of_the_demo_street_is_missing() -> None:
    for data in set(street_certificates().values()):
        assert _missing(data) == []


def test_the_judge_sees_what_it_looks_for() -> None:
    judge = _judged(varied_certificates()["P-521 with every extension"])

    assert len(_blocks(judge)) == 3  # serial number, point, signature
    assert len(_DATE.findall(judge)) == 2
    assert len(_IDENTIFIER.findall(judge)) >= 3
    assert len(_PLACE.findall(judge)) >= 7


def test_the_pem_at_the_end_is_the_certificate() -> None:
    data = varied_certificates()["RSA"]

    text = certificate_text(Certificate.of(data))

    assert ssl.PEM_cert_to_DER_cert(text[text.index("-----BEGIN") :]) == data


def test_fingerprints_and_pins_are_those_of_the_octets() -> None:
    data = varied_certificates()["good"]
    spki = Certificate.of(data).spki

    text = certificate_text(Certificate.of(data))

    assert hashlib.sha256(data).hexdigest() in _plain(text)
    assert hashlib.sha1(data).hexdigest() in _plain(text)
    assert hashlib.sha256(spki).hexdigest() in text
    assert base64.b64encode(hashlib.sha256(spki).digest()).decode() in text


def test_extensions_are_named_with_their_oid_and_source_and_whether_they_are_critical() -> None:
    text = certificate_text(Certificate.of(varied_certificates()["P-521 with every extension"]))

    assert "        subjectAltName (2.5.29.17, RFC 5280 §4.2.1.6):\n            DNS:*.example.com\n" in text
    assert "        basicConstraints (2.5.29.19, RFC 5280 §4.2.1.9): critical\n" in text
    assert "        1.2.3.4.5:\n            SEQUENCE\n" in text


def test_times_are_told_as_they_are_stored_too() -> None:
    text = certificate_text(Certificate.of(varied_certificates()["dates after 2050"]))

    assert "Not Before: 1999-01-02 03:04:05 UTC (UTCTime 990102030405Z)" in text
    assert "Not After: 2060-05-07 07:08:09 UTC (GeneralizedTime 20600507070809Z)" in text


def test_parameters_of_rsassa_pss_are_told() -> None:
    text = certificate_text(Certificate.of(varied_certificates()["RSA-PSS signature"]))

    assert text.count("Hash Algorithm: sha256\n") == 2
    assert text.count("Mask Algorithm: MGF1 with sha256\n") == 2
    assert text.count("Salt Length: 17 octets (0x11)\n") == 2


def test_a_key_that_openssl_does_not_know_is_shown_whole() -> None:
    data = with_ml_dsa_key()
    key = x509.load_der_x509_certificate(data).public_key()

    text = certificate_text(Certificate.of(data))

    assert "Public Key: ML-DSA-44" in text
    assert key.public_bytes_raw().hex() in _plain(text)  # type: ignore[union-attr]


def test_logs_are_named_where_they_are_known() -> None:
    certificate = logged_leaf([Promise(ALPHA, SIGNED, b"")])
    assert certificate.extension(SIGNED_CERTIFICATE_TIMESTAMPS) is not None

    text = certificate_text(certificate, logs=known(ALPHA).logs)

    assert known(ALPHA).logs[0].description in text


def test_thousands_of_names_are_all_there() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName(f"host{n}.test") for n in range(3_000)])

    text = certificate_text(Certificate.of(with_extensions([(names, False)])))

    assert text.count("DNS:host") == 3_000


def test_rows_of_octets_fit_eighty_columns() -> None:
    for name in ("RSA", "DSA", "Ed448", "good"):
        assert (
            max(map(len, certificate_text(Certificate.of(varied_certificates()[name])).splitlines())) <= 132
        )
        rows = _HEXADECIMAL.findall(certificate_text(Certificate.of(varied_certificates()[name])))
        assert max(map(len, rows)) <= 60


def test_a_hostile_certificate_is_written_in_printable_characters() -> None:
    hostile = next(data for name, data in street_certificates().items() if name.startswith("hostile"))

    text = certificate_text(Certificate.of(hostile))

    assert "\\u{1b}]0;PWNED\\u{7}" in text
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("data", [b"", b"\x30\x00", b"no certificate", tlv(0x30, b"\x02\x01")])
def test_what_is_no_certificate_is_called_unreadable(data: bytes) -> None:
    text = certificate_text(Certificate.of(data))

    assert "Serial Number: unreadable" in text
    assert "Not After: unreadable" in text
    assert "Cannot be decoded" in text


def test_a_serial_number_of_a_megabyte_is_written_without_decimal_digits() -> None:
    whole = tlv(0x30, tlv(0x30, tlv(0x02, b"\x7f" * 100_000), *[tlv(0x30)] * 5))

    text = certificate_text(Certificate.of(whole))

    assert "Serial Number: 100000 octets" in text


_WHOLE = with_extensions(every_extension())


@given(st.integers(0, len(_WHOLE)), st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 7))))
def test_a_damaged_certificate_is_written_all_the_same(size: int, flips: list[tuple[int, int]]) -> None:
    octets = bytearray(_WHOLE)
    for at, bit in flips:
        octets[at] ^= 1 << bit

    text = certificate_text(Certificate.of(bytes(octets)[:size]))

    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize("unused", [1, 4])
def test_a_signature_that_is_no_whole_number_of_octets_is_shown_as_openssl_shows_it(unused: int) -> None:
    whole = varied_certificates()["good"]
    parts = [der.whole(whole, each) for each in der.children(whole, der.root(whole))]
    data = tlv(0x30, *parts[:2], tlv(0x03, bytes((unused,)) + b"\xab\xcd\xe0"))
    assert Certificate.of(data).fields.signature == b""

    text = certificate_text(Certificate.of(data))

    bits = "1 bit" if unused == 1 else f"{unused} bits"
    assert f"    Signature Value: {bits} unused\n        ab:cd:e0\n" in text
    assert "ab:cd:e0" in _judged(data)
