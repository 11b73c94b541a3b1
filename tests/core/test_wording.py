"""Extensions of RFC 5280 and of common practice are put into words, whole and one statement a line."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der, standard_wording, vendor_wording
from certtui.core.extensions import EXTENSION_NAMES, SIGNED_CERTIFICATE_TIMESTAMPS, Extension
from certtui.core.wording import all_extension_lines
from tests.core.forge import tlv
from tests.core.logs import ALPHA, SIGNED, Promise, known, logged_leaf
from tests.core.varied_certificates import every_extension, oid

_NULL = b"\x05\x00"


def _oid(dotted: str) -> bytes:
    """Return an OBJECT IDENTIFIER as cryptography encodes it."""
    written = x509.ExtendedKeyUsage([oid(dotted)]).public_bytes()
    return written[2:]


def _sequence(*contents: bytes) -> bytes:
    return tlv(der.SEQUENCE, *contents)


def _integer(value: int) -> bytes:
    return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def _lines(dotted: str, value: bytes) -> tuple[str, ...]:
    return Extension(dotted, False, value).lines


def _of(extension: x509.ExtensionType) -> tuple[str, ...]:
    return _lines(extension.oid.dotted_string, extension.public_bytes())


def test_no_extension_that_can_be_written_is_left_undecoded() -> None:
    for extension, _ in every_extension():
        assert not any("cannot be decoded" in line for line in _of(extension))


def test_general_names_of_every_kind_are_told_with_their_kind() -> None:
    lines = _of(every_extension()[0][0])

    assert lines == (
        "DNS:*.example.com",
        "IP:192.0.2.1",
        "IP:2001:db8::1",
        "email:mail@example.com",
        "URI:http://example.com/name",
        "dirName:CN=elsewhere",
        "registeredID:1.2.3.4",
        "otherName:user principal name:upn@example.com",
    )


@pytest.mark.parametrize(
    ("name", "line"),
    [
        (tlv(0xA3, b"\x01\x02"), "x400Address:01:02"),
        (
            tlv(0xA5, tlv(0xA0, tlv(0x0C, b"Acme")), tlv(0xA1, tlv(0x0C, b"me"))),
            "ediPartyName:Acme, me",
        ),
        (tlv(0xA0, _oid("1.2.3"), tlv(0xA0, _sequence(_integer(1)))), "otherName:1.2.3:02:01:01"),
        (tlv(0x89, b"?"), "tag 0x89:3f"),
        (tlv(0x87, b"abc"), "IP:malformed:616263"),
    ],
    ids=[
        "X.400",
        "EDI",
        "a name of an unknown type",
        "a kind that there is not",
        "an address of three octets",
    ],
)
def test_names_that_few_have_seen_are_told_too(name: bytes, line: str) -> None:
    assert _lines("2.5.29.17", _sequence(name)) == (line,)


def test_points_of_revocation_lists_tell_reasons_and_issuers() -> None:
    (extension,) = (each for each, _ in every_extension() if isinstance(each, x509.CRLDistributionPoints))

    assert _of(extension) == (
        "http://example.com/a.crl",
        "  only for keyCompromise, cACompromise",
        "  its issuer: dirName:CN=elsewhere",
        "below its issuer's name: CN=crl1",
    )


def test_policies_tell_their_qualifiers() -> None:
    (extension,) = (each for each, _ in every_extension() if isinstance(each, x509.CertificatePolicies))

    assert _of(extension) == (
        "domain validated (CA/Browser Forum): 2.23.140.1.2.1",
        "  CPS: http://example.com/cps",
        "  user notice by reference: Acme, notice 1, 2",
        "  user notice: the notice",
        "1.3.6.1.4.1.55555.7",
    )


def test_all_three_parts_of_an_authority_key_identifier_are_told() -> None:
    issuer = x509.DirectoryName(x509.Name([]))

    lines = _of(x509.AuthorityKeyIdentifier(b"\x01\x02", [issuer], 0x1234))

    assert lines == (
        "01:02",
        "issuer of that certificate: dirName:",
        "serial number of that certificate: 12:34",
    )


@pytest.mark.parametrize(
    ("extension", "lines"),
    [
        (
            x509.NameConstraints(
                [x509.DNSName("a.test"), x509.IPAddress(ipaddress.ip_network("10.0.0.0/8"))],
                [x509.UniformResourceIdentifier("b.test")],
            ),
            ("permitted DNS:a.test", "permitted IP:10.0.0.0/255.0.0.0", "excluded URI:b.test"),
        ),
        (
            x509.PolicyConstraints(0, 2),
            (
                "an explicit policy is required from the next certificate on",
                "policies may not be mapped after 2 more certificates",
            ),
        ),
        (x509.InhibitAnyPolicy(1), ("anyPolicy does not count after 1 more certificate",)),
        (
            x509.PrivateKeyUsagePeriod(
                datetime(2026, 1, 2, tzinfo=UTC).replace(tzinfo=None),
                datetime(2027, 1, 2, tzinfo=UTC).replace(tzinfo=None),
            ),
            (
                "its private key may sign from 2026-01-02 00:00 UTC",
                "its private key may sign until 2027-01-02 00:00 UTC",
            ),
        ),
        (
            x509.MSCertificateTemplate(oid("1.3.6.1.4.1.311.21.8.1"), 100, 4),
            ("template 1.3.6.1.4.1.311.21.8.1, version 100.4",),
        ),
        (x509.PrecertPoison(), ("a precertificate, which is no certificate to use",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_cryptography_writes_is_put_into_words(
    extension: x509.ExtensionType, lines: tuple[str, ...]
) -> None:
    assert _of(extension) == lines


_ETSI = "0.4.0.1862.1"
_PDS = _sequence(_sequence(tlv(0x16, b"https://pds.test"), tlv(0x13, b"en")))


@pytest.mark.parametrize(
    ("dotted", "value", "lines"),
    [
        (
            "2.5.29.33",
            _sequence(_sequence(_oid("2.23.140.1.2.1"), _oid("1.2.3"))),
            ("its issuer's domain validated (CA/Browser Forum) is its own 1.2.3",),
        ),
        (
            "2.5.29.9",
            _sequence(_sequence(_oid("1.3.6.1.5.5.7.9.4"), tlv(der.SET, tlv(0x13, b"CH")))),
            ("countryOfCitizenship: CH",),
        ),
        (
            "1.3.6.1.5.5.7.1.3",
            _sequence(
                _sequence(_oid(f"{_ETSI}.1")),
                _sequence(_oid(f"{_ETSI}.3"), _integer(10)),
                _sequence(_oid(f"{_ETSI}.5"), _PDS),
                _sequence(_oid(f"{_ETSI}.6"), _sequence(_oid(f"{_ETSI}.6.3"))),
                _sequence(_oid("1.2.3")),
            ),
            (
                "an EU qualified certificate",
                "years that records are kept after expiry: 10",
                "disclosure statements: https://pds.test, en",
                "purpose of the qualified certificate: website authentication",
                "1.2.3",
            ),
        ),
        ("2.16.840.1.113730.1.1", b"\x03\x02\x06\xc0", ("SSL client, SSL server",)),
        ("2.16.840.1.113730.1.13", tlv(0x16, b"a comment"), ("a comment",)),
        ("1.3.6.1.4.1.311.20.2", tlv(0x1E, "WebServer".encode("utf-16-be")), ("template WebServer",)),
        ("1.3.6.1.4.1.311.21.1", _integer(0x00030002), ("V2.3: certificate 2, key 3 of this CA",)),
        (
            "1.3.6.1.4.1.311.21.10",
            _sequence(_sequence(_oid("1.3.6.1.5.5.7.3.1"))),
            ("serverAuth (1.3.6.1.5.5.7.3.1)",),
        ),
        (
            "1.2.840.113533.7.65.0",
            _sequence(tlv(0x1B, b"V7.1"), b"\x03\x02\x04\xb0"),
            ("version V7.1", "key update allowed, PKIX certificate, enterprise"),
        ),
        (
            "1.3.6.1.5.5.7.1.7",
            _sequence(
                _sequence(
                    tlv(der.OCTET_STRING, b"\x00\x01"),
                    _sequence(
                        b"\x03\x02\x00\x0a",
                        _sequence(b"\x03\x05\x00\xc0\x00\x02\x01", b"\x03\x04\x01\xc0\x00\x02"),
                    ),
                ),
                _sequence(tlv(der.OCTET_STRING, b"\x00\x02"), _NULL),
            ),
            ("IPv4: 10.0.0.0/8", "IPv4: 192.0.2.1 to 192.0.3.255", "IPv6: those of its issuer"),
        ),
        (
            "1.3.6.1.5.5.7.1.8",
            _sequence(tlv(0xA0, _sequence(_integer(64_496), _sequence(_integer(1), _integer(9))))),
            ("autonomous system: 64496", "autonomous system: 1 to 9"),
        ),
        (
            "1.3.6.1.5.5.7.1.31",
            tlv(der.OCTET_STRING, b"\xaa" * 32),
            ("SHA-256 of the key authorization " + ":".join(["aa"] * 32),),
        ),
        ("1.2.3.4", _sequence(_integer(7)), ("SEQUENCE", "  INTEGER 7", "30 03 02 01 07")),
    ],
    ids=[
        "policy mappings",
        "directory attributes",
        "qualified certificate",
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
    assert _lines(dotted, value) == lines


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


def test_the_whole_of_an_extension_leaves_nothing_out() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName(f"host{n}.test") for n in range(1_000)])
    octets = Extension("1.2.3.4", False, b"\xab" * 1_000)

    assert len(all_extension_lines(Extension("2.5.29.17", False, names.public_bytes()))) == 1_000
    assert "".join(all_extension_lines(octets)).replace(" ", "") == "ab" * 1_000


@pytest.mark.parametrize("dotted", [*standard_wording.WRITERS, *vendor_wording.WRITERS])
def test_content_of_the_wrong_form_is_called_undecodable_and_shown(dotted: str) -> None:
    lines = _lines(dotted, b"\x3f\x01")

    assert lines[0].startswith("cannot be decoded: ")
    assert lines[1:] == ("3f 01",)


@given(
    st.sampled_from([*EXTENSION_NAMES, "1.2.3.4"]),
    st.binary(max_size=120),
    st.lists(st.sampled_from([0x30, 0x31, 0xA0, 0xA1, 0x03, 0x04, 0x02, 0x06, 0x80, 0x81]), max_size=5),
)
def test_any_nesting_of_any_octets_is_put_into_words(dotted: str, octets: bytes, tags: list[int]) -> None:
    value = octets
    for tag in tags:
        value = tlv(tag, value)

    assert all(isinstance(line, str) for line in _lines(dotted, value))
    assert all_extension_lines(Extension(dotted, False, value))


_VALUES = [(each.oid.dotted_string, each.public_bytes()) for each, _ in every_extension()]


@given(st.sampled_from(range(len(_VALUES))), st.data())
def test_a_damaged_extension_is_put_into_words_all_the_same(number: int, data: st.DataObject) -> None:
    dotted, value = _VALUES[number]
    octets = bytearray(value)
    octets[data.draw(st.integers(0, len(octets) - 1))] = data.draw(st.integers(0, 255))

    assert _lines(dotted, bytes(octets)[: data.draw(st.integers(1, len(octets)))])
