"""Extensions from outside RFC 5280 are put into words."""

from __future__ import annotations

import pytest
from cryptography import x509

from certtui.core import der
from certtui.core.extensions import SIGNED_CERTIFICATE_TIMESTAMPS
from certtui.core.wording import all_extension_lines
from tests.core.forge import tlv
from tests.core.logs import ALPHA, SIGNED, Promise, known, logged_leaf
from tests.core.wording_examples import NULL, integer, lines_of, oid_value, sequence

_ETSI = "0.4.0.1862.1"
_PDS = sequence(sequence(tlv(0x16, b"https://pds.test"), tlv(0x13, b"en")))


@pytest.mark.parametrize(
    ("dotted", "value", "lines"),
    [
        (
            "2.5.29.33",
            sequence(sequence(oid_value("2.23.140.1.2.1"), oid_value("1.2.3"))),
            ("its issuer's domain validated (CA/Browser Forum) is its own 1.2.3",),
        ),
        (
            "2.5.29.9",
            sequence(sequence(oid_value("1.3.6.1.5.5.7.9.4"), tlv(der.SET, tlv(0x13, b"CH")))),
            ("countryOfCitizenship: CH",),
        ),
        (
            "1.3.6.1.5.5.7.1.3",
            sequence(
                sequence(oid_value(f"{_ETSI}.1")),
                sequence(oid_value(f"{_ETSI}.3"), integer(10)),
                sequence(oid_value(f"{_ETSI}.5"), _PDS),
                sequence(oid_value(f"{_ETSI}.6"), sequence(oid_value(f"{_ETSI}.6.3"))),
                sequence(oid_value("1.2.3")),
            ),
            (
                "claims to be a qualified certificate of the EU",
                "years that records are kept after expiry: 10",
                "disclosure statements: https://pds.test, en",
                "purpose of the qualified certificate: website authentication",
                "1.2.3",
            ),
        ),
        (
            "1.3.6.1.5.5.7.1.3",
            sequence(
                sequence(oid_value(f"{_ETSI}.1")),
                sequence(oid_value(f"{_ETSI}.2"), sequence(tlv(0x13, b"EUR"), integer(10), integer(3))),
                sequence(oid_value(f"{_ETSI}.7"), sequence(tlv(0x13, b"CH"), tlv(0x13, b"TR"))),
            ),
            (
                "claims to be a qualified certificate by the law of countries named here",
                "limit of transactions: 10 × 10^3 EUR",
                "countries by whose law it is qualified: CH, TR",
            ),
        ),
        ("2.16.840.1.113730.1.1", b"\x03\x02\x06\xff", ("SSL client, SSL server",)),
        ("2.16.840.1.113730.1.13", tlv(0x16, b"a comment"), ("a comment",)),
        ("1.3.6.1.4.1.311.20.2", tlv(0x1E, "WebServer".encode("utf-16-be")), ("template WebServer",)),
        ("1.3.6.1.4.1.311.21.1", integer(0x00030002), ("V2.3: certificate 2, key 3 of this CA",)),
        (
            "1.3.6.1.4.1.311.21.10",
            sequence(sequence(oid_value("1.3.6.1.5.5.7.3.1"))),
            ("serverAuth (1.3.6.1.5.5.7.3.1)",),
        ),
        (
            "1.2.840.113533.7.65.0",
            sequence(tlv(0x1B, b"V7.1"), b"\x03\x02\x04\xb0"),
            ("version V7.1", "key update allowed, PKIX certificate, enterprise"),
        ),
        (
            "1.3.6.1.5.5.7.1.7",
            sequence(
                sequence(
                    tlv(der.OCTET_STRING, b"\x00\x01"),
                    sequence(
                        b"\x03\x02\x00\x0a",
                        sequence(b"\x03\x05\x00\xc0\x00\x02\x01", b"\x03\x04\x01\xc0\x00\x02"),
                    ),
                ),
                sequence(tlv(der.OCTET_STRING, b"\x00\x02"), NULL),
            ),
            ("IPv4: 10.0.0.0/8", "IPv4: 192.0.2.1 to 192.0.3.255", "IPv6: those of its issuer"),
        ),
        (
            "1.3.6.1.5.5.7.1.8",
            sequence(tlv(0xA0, sequence(integer(64_496), sequence(integer(1), integer(9))))),
            ("autonomous system: 64496", "autonomous system: 1 to 9"),
        ),
        (
            "1.3.6.1.5.5.7.1.31",
            tlv(der.OCTET_STRING, b"\xaa" * 32),
            ("SHA-256 of the key authorization " + ":".join(["aa"] * 32),),
        ),
        ("1.2.3.4", sequence(integer(7)), ("SEQUENCE", "  INTEGER 7", "30 03 02 01 07")),
    ],
    ids=[
        "policy mappings",
        "directory attributes",
        "qualified certificate",
        "qualified by the law of other countries",
        "Netscape type",
        "Netscape comment",
        "Microsoft template name",
        "Microsoft CA version",
        "Microsoft application policies",
        "Entrust version",
        "addresses",
        "autonomous systems",
        "ACME identifier",
        "unknown",
    ],
)
def test_what_practice_has_added_is_put_into_words(dotted: str, value: bytes, lines: tuple[str, ...]) -> None:
    assert lines_of(dotted, value) == lines


def test_a_timestamp_tells_its_log_its_time_and_its_algorithm() -> None:
    certificate = logged_leaf([Promise(ALPHA, SIGNED, b"ext")])
    extension = certificate.extension(SIGNED_CERTIFICATE_TIMESTAMPS)
    assert extension is not None

    lines = all_extension_lines(extension, known(ALPHA).logs)

    judge = x509.load_der_x509_certificate(certificate.der).extensions.get_extension_for_class(
        x509.PrecertificateSignedCertificateTimestamps
    )
    (timestamp,) = judge.value
    assert lines[:2] == ("1 timestamp, not verified", f"log {timestamp.log_id.hex()}")
    assert f"{timestamp.timestamp:%Y-%m-%d %H:%M}" in lines[2]
    assert "version 1" in lines[2]
    assert "ECDSA with SHA-256" in lines[2]
    assert known(ALPHA).logs[0].description in lines[3]
    assert lines[4:] == (f"  extensions {b'ext'.hex(':')}", f"  signature {timestamp.signature.hex(':')}")
