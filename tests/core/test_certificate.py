"""A certificate says what cryptography and OpenSSL say of it, and goes on speaking when they refuse it."""

from __future__ import annotations

import base64
import hashlib
import ipaddress
import pickle
import subprocess
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    ExtensionOID,
    NameOID,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from certtui.core import der, extensions
from certtui.core.certificate import Certificate
from certtui.core.extensions import NameKind
from tests.core.forge import tlv
from tests.requirements import needs

without_deadline = settings(deadline=None)
"""For tests whose first example makes keys, which takes as long as it takes."""

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey | ed25519.Ed25519PrivateKey | dsa.DSAPrivateKey
BEGINS = datetime(2024, 2, 29, 12, 34, 56, tzinfo=UTC)
ENDS = datetime(2051, 3, 1, tzinfo=UTC)
SERIAL = 0x00C0FFEE_0123456789ABCDEF
OTHER_NAME = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), b"\x0c\x03upn")
SUBJECT = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Käse, Brot + Söhne"),
        x509.NameAttribute(NameOID.COMMON_NAME, "www.example.com"),
    ]
)
ISSUER = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Example CA")])
NAMES: list[x509.GeneralName] = [
    x509.DNSName("www.example.com"),
    x509.DNSName("*.example.com"),
    x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
    x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
    x509.UniformResourceIdentifier("spiffe://example.com/service"),
    x509.RFC822Name("mail@example.com"),
    OTHER_NAME,
]
KINDS = ["RSA", "RSA-PSS signature", "EC", "Ed25519", "DSA"]


def _new_key(kind: str) -> PrivateKey:
    match kind:
        case "EC":
            return ec.generate_private_key(ec.SECP256R1())
        case "Ed25519":
            return ed25519.Ed25519PrivateKey.generate()
        case "DSA":
            return dsa.generate_private_key(2048)
    return rsa.generate_private_key(65537, 2048)


@cache
def _key(kind: str) -> PrivateKey:
    """Return the one key of this kind."""
    return _new_key(kind)


def _builder(
    key: PrivateKey, subject: x509.Name = SUBJECT, issuer: x509.Name = ISSUER
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(SERIAL)
        .not_valid_before(BEGINS)
        .not_valid_after(ENDS)
    )


def _sign(builder: x509.CertificateBuilder, kind: str, *, key: PrivateKey | None = None) -> x509.Certificate:
    digest = None if kind == "Ed25519" else hashes.SHA256()
    pss = padding.PSS(padding.MGF1(hashes.SHA256()), 32) if kind == "RSA-PSS signature" else None
    return builder.sign(key or _key(kind), digest, rsa_padding=pss)


@cache
def _full(kind: str = "EC") -> x509.Certificate:
    """Return a certificate that holds everything that can be asked for, its key and signature of this kind."""
    places = [
        (AuthorityInformationAccessOID.OCSP, "http://ocsp.example.com"),
        (AuthorityInformationAccessOID.CA_ISSUERS, "http://ca.example.com/ca.cer"),
        (AuthorityInformationAccessOID.CA_ISSUERS, "ldap://ca.example.com/ca"),
    ]
    access = [x509.AccessDescription(oid, x509.UniformResourceIdentifier(url)) for oid, url in places]
    usage = dict.fromkeys(
        [
            "content_commitment",
            "data_encipherment",
            "key_agreement",
            "crl_sign",
            "encipher_only",
            "decipher_only",
        ],
        False,
    )
    key = _key(kind)
    builder = (
        _builder(key)
        .add_extension(x509.SubjectAlternativeName(NAMES), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=3), critical=True)
        .add_extension(
            x509.KeyUsage(digital_signature=True, key_encipherment=True, key_cert_sign=True, **usage),
            critical=True,
        )
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH]),
            critical=False,
        )
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier(b"\x07" * 20, None, None), critical=False)
        .add_extension(x509.AuthorityInformationAccess(access), critical=False)
    )
    return _sign(builder, kind)


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(Encoding.DER)


def _seen(certificate: x509.Certificate) -> Certificate:
    return Certificate.of(_der(certificate))


each_kind = pytest.mark.parametrize("kind", KINDS)


@each_kind
def test_the_basic_fields_are_what_cryptography_reads(kind: str) -> None:
    judge = _full(kind)

    seen = _seen(judge)

    assert seen.problems == ()
    assert not seen.is_torn
    assert seen.version == judge.version.value + 1 == 3
    assert seen.serial == judge.serial_number == SERIAL
    assert seen.subject.rfc4514 == judge.subject.rfc4514_string()
    assert seen.issuer.rfc4514 == judge.issuer.rfc4514_string()
    assert (seen.not_before, seen.not_after) == (judge.not_valid_before_utc, judge.not_valid_after_utc)
    assert seen.signature.oid == judge.signature_algorithm_oid.dotted_string
    assert seen.signature.hash_name == (
        judge.signature_hash_algorithm and judge.signature_hash_algorithm.name
    )
    assert seen.fields.signed == judge.tbs_certificate_bytes
    assert seen.fields.signature == judge.signature
    assert seen.sha256 == judge.fingerprint(hashes.SHA256())
    assert seen.sha1 == judge.fingerprint(hashes.SHA1())


@each_kind
def test_the_public_key_is_what_cryptography_reads(kind: str) -> None:
    judge = _full(kind).public_key()

    seen = _seen(_full(kind))

    assert seen.spki == judge.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    assert seen.key.bits == getattr(judge, "key_size", 256)
    assert seen.key.algorithm == kind.split("-")[0]


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("RSA", "sha256WithRSAEncryption"),
        ("RSA-PSS signature", "RSASSA-PSS"),
        ("EC", "ecdsa-with-SHA256"),
        ("Ed25519", "Ed25519"),
        ("DSA", "dsa-with-sha256"),
    ],
)
def test_the_signature_s_algorithm_is_named(kind: str, name: str) -> None:
    assert _seen(_full(kind)).signature_algorithm == name


def test_the_extensions_are_what_cryptography_reads() -> None:
    judge = _full().extensions

    seen = _seen(_full())

    assert [(e.oid, e.critical, e.value) for e in seen.extensions] == [
        (e.oid.dotted_string, e.critical, e.value.public_bytes()) for e in judge
    ]


def test_the_alternative_names_are_what_cryptography_reads() -> None:
    judge = _full().extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    seen = _seen(_full())

    def of(kind: NameKind) -> list[str]:
        return [name.value for name in seen.san if name.kind is kind]

    assert seen.has_san
    assert of(NameKind.DNS) == judge.get_values_for_type(x509.DNSName)
    assert of(NameKind.IP) == [str(ip) for ip in judge.get_values_for_type(x509.IPAddress)]
    assert of(NameKind.URI) == judge.get_values_for_type(x509.UniformResourceIdentifier)
    assert of(NameKind.EMAIL) == judge.get_values_for_type(x509.RFC822Name)
    assert len(of(NameKind.OTHER)) == len(judge.get_values_for_type(x509.OtherName)) == 1


def test_usages_and_constraints_are_what_cryptography_reads() -> None:
    judge = _full().extensions
    constraints = judge.get_extension_for_class(x509.BasicConstraints).value
    purposes = judge.get_extension_for_class(x509.ExtendedKeyUsage).value

    seen = _seen(_full())

    assert seen.basic_constraints is not None
    assert (seen.is_ca, seen.basic_constraints.path_length) == (constraints.ca, constraints.path_length)
    assert seen.key_usage == frozenset({"digitalSignature", "keyEncipherment", "keyCertSign"})
    assert seen.extended_key_usage == tuple(oid.dotted_string for oid in purposes)


def test_key_identifiers_are_what_cryptography_reads() -> None:
    judge = _full().extensions

    seen = _seen(_full())

    assert seen.subject_key_id == judge.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    assert (
        seen.authority_key_id
        == judge.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        == b"\x07" * 20
    )


def test_places_are_kept_apart_by_what_they_are_for() -> None:
    seen = _seen(_full())

    assert seen.ca_issuer_urls == ("http://ca.example.com/ca.cer", "ldap://ca.example.com/ca")
    assert seen.ocsp_urls == ("http://ocsp.example.com",)


def test_a_certificate_without_extensions_has_none_of_them() -> None:
    seen = _seen(_sign(_builder(_key("EC")), "EC"))

    assert not seen.extensions
    assert not seen.san
    assert not seen.has_san
    assert not seen.ca_issuer_urls + seen.ocsp_urls
    assert not seen.is_ca
    assert seen.basic_constraints is None
    assert seen.key_usage is None
    assert seen.extended_key_usage is None
    assert seen.subject_key_id is None
    assert seen.authority_key_id is None
    assert seen.problems == ()


def _openssl(certificate: x509.Certificate, *arguments: str) -> str:
    return subprocess.run(
        ["openssl", "x509", "-inform", "DER", *arguments],
        input=_der(certificate),
        capture_output=True,
        check=True,
        timeout=60,
        env={"LC_ALL": "C", "PATH": "/usr/bin:/bin:/usr/local/bin"},
    ).stdout.decode()


@needs("openssl")
@each_kind
def test_openssl_prints_the_same_serial_dates_and_fingerprints(kind: str) -> None:
    seen = _seen(_full(kind))
    assert seen.not_before is not None
    assert seen.not_after is not None

    printed = _openssl(_full(kind), "-noout", "-serial", "-startdate", "-enddate", "-fingerprint", "-sha256")

    assert printed.splitlines() == [
        f"serial={seen.serial:X}",
        f"notBefore={seen.not_before:%b %e %H:%M:%S %Y} GMT",
        f"notAfter={seen.not_after:%b %e %H:%M:%S %Y} GMT",
        f"sha256 Fingerprint={seen.sha256.hex(':').upper()}",
    ]
    assert seen.sha1.hex(":").upper() in _openssl(_full(kind), "-noout", "-fingerprint", "-sha1")


@needs("openssl")
def test_openssl_writes_the_same_pem() -> None:
    assert _seen(_full()).to_pem() == _openssl(_full())


@needs("openssl")
def test_openssl_calls_the_attributes_of_a_name_the_same() -> None:
    subject = x509.Name(
        [
            x509.NameAttribute(NameOID.DOMAIN_COMPONENT, "example"),
            x509.NameAttribute(NameOID.JURISDICTION_COUNTRY_NAME, "CH"),
            x509.NameAttribute(NameOID.BUSINESS_CATEGORY, "Private Organization"),
            x509.NameAttribute(NameOID.SERIAL_NUMBER, "CHE-1"),
            x509.NameAttribute(NameOID.STREET_ADDRESS, "Gasse 1"),
            x509.NameAttribute(NameOID.POSTAL_CODE, "8000"),
            x509.NameAttribute(NameOID.LOCALITY_NAME, "Zurich"),
            x509.NameAttribute(NameOID.STATE_OR_PROVINCE_NAME, "ZH"),
            x509.NameAttribute(NameOID.ORGANIZATION_IDENTIFIER, "VATCH-1"),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, "Unit"),
            x509.NameAttribute(NameOID.GIVEN_NAME, "A"),
            x509.NameAttribute(NameOID.SURNAME, "B"),
            x509.NameAttribute(NameOID.TITLE, "C"),
            x509.NameAttribute(NameOID.DN_QUALIFIER, "D"),
            x509.NameAttribute(NameOID.USER_ID, "E"),
            x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@example.com"),
        ]
    )
    certificate = _sign(_builder(_key("EC"), subject=subject), "EC")

    printed = _openssl(certificate, "-noout", "-subject", "-nameopt", "RFC2253")

    assert printed == f"subject={_seen(certificate).subject.rfc4514}\n"


def test_equal_octets_are_the_same_certificate() -> None:
    octets = _der(_full())

    assert Certificate.of(octets) is Certificate.of(bytes(bytearray(octets)))
    assert Certificate.of(octets) == Certificate.of(octets)


def test_other_octets_are_another_certificate() -> None:
    one, other = _seen(_full()), Certificate.of(_der(_full()) + b"\x00")

    assert one != other
    assert len({one, other}) == 2


def test_a_pickled_certificate_comes_back_as_the_same_object() -> None:
    certificate = _seen(_full())

    assert pickle.loads(pickle.dumps(certificate)) is certificate


def test_the_octets_of_a_certificate_and_their_digest_are_kept() -> None:
    octets = _der(_full())

    assert Certificate.of(octets).der == octets
    assert Certificate.of(octets).sha256 == hashlib.sha256(octets).digest()


@each_kind
def test_a_certificate_is_signed_by_its_issuer_and_nobody_else(kind: str) -> None:
    root = _seen(_sign(_builder(_key(kind), subject=ISSUER), kind))
    leaf = _seen(_sign(_builder(_key("EC")), kind))
    stranger_key = _new_key(kind)
    stranger = _seen(_sign(_builder(stranger_key, subject=ISSUER), kind, key=stranger_key))

    assert root.is_signed_by(root) is True
    assert leaf.is_signed_by(root) is True
    assert leaf.is_signed_by(stranger) is False


@each_kind
def test_a_broken_signature_is_nobody_s(kind: str) -> None:
    root = _seen(_sign(_builder(_key(kind), subject=ISSUER), kind))
    octets = bytearray(_der(_sign(_builder(_key("EC")), kind)))
    octets[-1] ^= 1

    assert Certificate.of(bytes(octets)).is_signed_by(root) is False


def test_who_signed_cannot_be_told_of_octets_that_are_no_certificate() -> None:
    nothing, something = Certificate.of(b"nothing"), _seen(_full())

    assert nothing.is_signed_by(something) is None
    assert something.is_signed_by(nothing) is None
    assert not nothing.is_self_signed
    assert not nothing.is_self_issued


def test_a_root_signs_itself() -> None:
    root = _seen(_sign(_builder(_key("EC"), subject=ISSUER), "EC"))

    assert root.is_self_issued
    assert root.is_self_signed


def test_the_same_name_with_another_s_signature_is_not_self_signed() -> None:
    key_rollover = _seen(_sign(_builder(_key("RSA"), subject=ISSUER), "EC"))

    assert key_rollover.is_self_issued
    assert not key_rollover.is_self_signed


@pytest.mark.parametrize(
    ("subject", "names", "shown"),
    [
        (SUBJECT, ["other.example.com"], "www.example.com"),
        (x509.Name([]), ["other.example.com"], "other.example.com"),
        (x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Lab")]), [], "O=Lab"),
        (x509.Name([]), [], "no name"),
    ],
    ids=["common name", "alternative name", "subject", "nothing"],
)
def test_a_certificate_is_called_by_the_best_name_it_has(
    subject: x509.Name, names: list[str], shown: str
) -> None:
    builder = _builder(_key("EC"), subject=subject)
    if names:
        builder = builder.add_extension(x509.SubjectAlternativeName(map(x509.DNSName, names)), critical=False)

    assert _seen(_sign(builder, "EC")).display_name == shown


PROPERTIES: list[Callable[[Certificate], object]] = [
    lambda c: c.version,
    lambda c: c.serial,
    lambda c: c.not_before,
    lambda c: c.not_after,
    lambda c: c.subject,
    lambda c: c.issuer,
    lambda c: c.subject_key,
    lambda c: c.issuer_key,
    lambda c: c.spki,
    lambda c: c.key,
    lambda c: c.key.label,
    lambda c: c.signature,
    lambda c: c.signature_algorithm,
    lambda c: c.extensions,
    lambda c: [extension.lines for extension in c.extensions],
    lambda c: c.san,
    lambda c: c.has_san,
    lambda c: c.basic_constraints,
    lambda c: c.is_ca,
    lambda c: c.key_usage,
    lambda c: c.extended_key_usage,
    lambda c: c.subject_key_id,
    lambda c: c.authority_key_id,
    lambda c: c.ca_issuer_urls,
    lambda c: c.ocsp_urls,
    lambda c: c.problems,
    lambda c: c.is_torn,
    lambda c: c.is_self_issued,
    lambda c: c.is_self_signed,
    lambda c: c.display_name,
    lambda c: c.sha1,
    lambda c: c.to_pem(),
    repr,
]


def _ask_everything(octets: bytes) -> None:
    certificate = Certificate.of(octets)
    for ask in PROPERTIES:
        ask(certificate)
    certificate.is_signed_by(_seen(_full()))


FULL_KINDS = st.sampled_from(["RSA", "EC", "Ed25519", "DSA"])


@without_deadline
@given(FULL_KINDS, st.integers(0, 1 << 20))
def test_a_bit_turned_over_anywhere_never_raises(kind: str, bit: int) -> None:
    octets = bytearray(_der(_full(kind)))
    octets[bit // 8 % len(octets)] ^= 1 << bit % 8

    _ask_everything(bytes(octets))


@without_deadline
@given(FULL_KINDS, st.lists(st.tuples(st.integers(0, 1 << 20), st.integers(0, 255)), min_size=1, max_size=20))
def test_octets_changed_anywhere_never_raise(kind: str, changes: list[tuple[int, int]]) -> None:
    octets = bytearray(_der(_full(kind)))
    for position, value in changes:
        octets[position % len(octets)] = value

    _ask_everything(bytes(octets))


@without_deadline
@given(st.sampled_from(KINDS), st.integers(0, 1 << 20))
def test_a_certificate_cut_off_anywhere_never_raises_and_says_that_it_is_torn(kind: str, length: int) -> None:
    octets = _der(_full(kind))
    octets = octets[: length % len(octets)]

    _ask_everything(octets)

    assert Certificate.of(octets).is_torn
    assert Certificate.of(octets).problems


@without_deadline
@given(st.binary(max_size=300))
def test_any_octets_at_all_are_a_certificate_of_sorts(octets: bytes) -> None:
    _ask_everything(octets)


def _without(octets: bytes, oid: str) -> dict[str, object]:
    """Return what is read of a certificate but for one extension."""
    seen = Certificate.of(octets)
    others = [extension for extension in seen.extensions if extension.oid != oid]
    return {
        "subject": seen.subject,
        "issuer": seen.issuer,
        "serial": seen.serial,
        "dates": (seen.not_before, seen.not_after),
        "key": seen.key,
        "signature": seen.signature,
        "others": others,
    }


def _place_of(extension: x509.Extension[x509.ExtensionType]) -> tuple[int, int]:
    value = extension.value.public_bytes()
    start = _der(_full()).index(value)
    return start, start + len(value)


@without_deadline
@given(st.sampled_from(list(_full().extensions)), st.data())
def test_a_bit_within_an_extension_spoils_nothing_else(
    extension: x509.Extension[x509.ExtensionType], data: st.DataObject
) -> None:
    start, end = _place_of(extension)
    octets = bytearray(_der(_full()))
    octets[data.draw(st.integers(start, end - 1))] ^= data.draw(st.integers(1, 255))

    oid = extension.oid.dotted_string

    assert _without(bytes(octets), oid) == _without(_der(_full()), oid)


@pytest.mark.parametrize(
    ("oid", "read"),
    [
        (ExtensionOID.SUBJECT_ALTERNATIVE_NAME, lambda c: c.san or None),
        (ExtensionOID.BASIC_CONSTRAINTS, lambda c: c.basic_constraints),
        (ExtensionOID.KEY_USAGE, lambda c: c.key_usage),
        (ExtensionOID.EXTENDED_KEY_USAGE, lambda c: c.extended_key_usage),
        (ExtensionOID.SUBJECT_KEY_IDENTIFIER, lambda c: c.subject_key_id),
        (ExtensionOID.AUTHORITY_KEY_IDENTIFIER, lambda c: c.authority_key_id),
    ],
    ids=lambda value: value._name if isinstance(value, x509.ObjectIdentifier) else "",
)
def test_an_extension_that_cannot_be_decoded_is_absent_and_named(
    oid: x509.ObjectIdentifier, read: Callable[[Certificate], object]
) -> None:
    builder = _builder(_key("EC")).add_extension(x509.UnrecognizedExtension(oid, b"\x30\x7f"), critical=False)

    seen = _seen(_sign(builder, "EC"))

    assert read(seen) is None
    assert len(seen.problems) == 1
    assert seen.problems[0].startswith(f"{extensions.EXTENSION_NAMES[oid.dotted_string]}: ")
    assert seen.subject.common_name == "www.example.com"
    assert not seen.is_torn


def _with_field(position: int, field: bytes) -> bytes:
    """Return a certificate with one field of its signed part replaced; the signature no longer fits."""
    octets = _der(_full())
    signed, *rest = (der.whole(octets, element) for element in der.children(octets, der.root(octets)))
    fields = [der.whole(signed, element) for element in der.children(signed, der.root(signed))]
    fields[position] = field
    return tlv(der.SEQUENCE, tlv(der.SEQUENCE, *fields), *rest)


VERSION, SERIAL_NUMBER, SUBJECT_FIELD, VALIDITY, EXTENSIONS = 0, 1, 5, 4, 7


def test_characters_that_a_printable_string_forbids_are_read() -> None:
    attribute = tlv(der.SEQUENCE, tlv(der.OID, b"\x55\x04\x03"), tlv(0x13, b"under_score*@\xff"))
    octets = _with_field(SUBJECT_FIELD, tlv(der.SEQUENCE, tlv(der.SET, attribute)))
    with pytest.raises(ValueError):
        _ = x509.load_der_x509_certificate(octets).subject

    assert Certificate.of(octets).subject.common_name == "under_score*@ÿ"


def test_a_negative_serial_number_is_read_with_its_sign() -> None:
    octets = _with_field(SERIAL_NUMBER, tlv(der.INTEGER, b"\x80\x01"))

    assert Certificate.of(octets).serial == -0x7FFF


def test_a_serial_number_of_any_length_is_read() -> None:
    octets = _with_field(SERIAL_NUMBER, tlv(der.INTEGER, b"\x7f" + b"\xff" * 4_000))

    assert Certificate.of(octets).serial == (1 << 8 * 4_001 - 1) - 1


def test_octets_behind_the_end_are_noticed_and_the_certificate_read() -> None:
    octets = _der(_full()) + b"tail"
    with pytest.raises(ValueError):
        x509.load_der_x509_certificate(octets)

    seen = Certificate.of(octets)

    assert seen.subject.common_name == "www.example.com"
    assert seen.san == _seen(_full()).san
    assert seen.problems == ("the certificate: 4 octets follow its end",)


def test_of_an_extension_that_stands_twice_the_first_is_read_and_the_second_told() -> None:
    first, second = (
        tlv(
            der.SEQUENCE,
            tlv(der.OID, b"\x55\x1d\x11"),
            tlv(der.OCTET_STRING, x509.SubjectAlternativeName([x509.DNSName(name)]).public_bytes()),
        )
        for name in ("a.test", "b.test")
    )
    octets = _with_field(EXTENSIONS, tlv(0xA3, tlv(der.SEQUENCE, first, second)))
    with pytest.raises(x509.DuplicateExtension):
        _ = x509.load_der_x509_certificate(octets).extensions

    seen = Certificate.of(octets)

    assert [name.value for name in seen.san] == ["a.test"]
    assert [extension.name for extension in seen.extensions] == ["subjectAltName", "subjectAltName"]
    assert seen.problems == ("subjectAltName: stands there more than once",)


@pytest.mark.parametrize(
    ("time", "expected", "as_demanded"),
    [
        (tlv(der.UTC_TIME, b"240101003000+0100"), datetime(2023, 12, 31, 23, 30, tzinfo=UTC), False),
        (tlv(der.UTC_TIME, b"2401010000Z"), datetime(2024, 1, 1, tzinfo=UTC), False),
        (tlv(der.GENERALIZED_TIME, b"20240101000000.5Z"), datetime(2024, 1, 1, tzinfo=UTC), False),
        (tlv(der.GENERALIZED_TIME, b"00000101000000Z"), datetime(1, 1, 1, tzinfo=UTC), True),
    ],
    ids=["offset", "no seconds", "fraction", "year 0"],
)
def test_a_time_that_cryptography_refuses_is_read(time: bytes, expected: datetime, as_demanded: bool) -> None:
    octets = _with_field(VALIDITY, tlv(der.SEQUENCE, time, tlv(der.UTC_TIME, b"300101000000Z")))
    with pytest.raises(ValueError):
        _ = x509.load_der_x509_certificate(octets).not_valid_before_utc

    seen = Certificate.of(octets)

    assert seen.not_before == expected
    assert seen.not_after == datetime(2030, 1, 1, tzinfo=UTC)
    assert seen.fields.times_are_der is as_demanded


def test_a_date_that_cannot_be_read_leaves_the_other_one() -> None:
    times = tlv(der.SEQUENCE, tlv(der.UTC_TIME, b"249901000000Z"), tlv(der.UTC_TIME, b"300101000000Z"))

    seen = Certificate.of(_with_field(VALIDITY, times))

    assert seen.not_before is None
    assert seen.not_after == datetime(2030, 1, 1, tzinfo=UTC)
    assert [problem.split(":")[0] for problem in seen.problems] == ["notBefore"]


def test_a_date_at_the_end_of_9999_is_read() -> None:
    times = tlv(
        der.SEQUENCE, tlv(der.UTC_TIME, b"240101000000Z"), tlv(der.GENERALIZED_TIME, b"99991231235959Z")
    )

    seen = Certificate.of(_with_field(VALIDITY, times))

    assert seen.not_after == datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
    assert seen.fields.times_are_der


def test_a_thousand_names_are_read_as_cryptography_reads_them() -> None:
    names = [x509.DNSName(f"host{number}.example.com") for number in range(1_000)]
    builder = _builder(_key("EC")).add_extension(x509.SubjectAlternativeName(names), critical=False)
    certificate = _sign(builder, "EC")
    judge = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value

    seen = _seen(certificate)

    assert [name.value for name in seen.san] == judge.get_values_for_type(x509.DNSName)


def test_a_certificate_without_a_version_is_of_the_first() -> None:
    octets = _with_field(VERSION, b"")

    seen = Certificate.of(octets)

    assert seen.version == 1
    assert seen.serial == SERIAL
    assert seen.subject.common_name == "www.example.com"


def test_a_version_that_cannot_be_decoded_leaves_the_rest() -> None:
    seen = Certificate.of(_with_field(VERSION, bytes.fromhex("a003020902")))

    assert seen.version is None
    assert seen.serial == SERIAL
    assert seen.subject.common_name == "www.example.com"
    assert seen.problems


def test_a_path_length_that_counts_nothing_is_undecodable() -> None:
    huge = tlv(der.SEQUENCE, tlv(der.BOOLEAN, b"\xff"), tlv(der.INTEGER, b"\x80" + b"\x00" * 3_000))
    constraints = tlv(der.SEQUENCE, tlv(der.OID, b"\x55\x1d\x13"), tlv(der.OCTET_STRING, huge))

    seen = Certificate.of(_with_field(EXTENSIONS, tlv(0xA3, tlv(der.SEQUENCE, constraints))))

    assert seen.basic_constraints is None
    assert "cannot be decoded" in seen.extensions[0].lines[0]
    assert len(seen.problems) == 1


def test_a_key_that_cannot_be_decoded_leaves_the_rest() -> None:
    seen = Certificate.of(_with_field(6, b"\x30\x00"))

    assert seen.key.algorithm == "undecodable"
    assert seen.key.bits is None
    assert seen.san == _seen(_full()).san
    assert [problem.split(":")[0] for problem in seen.problems] == ["subjectPublicKeyInfo"]


@without_deadline
@given(st.binary(min_size=1, max_size=200))
def test_pem_holds_the_octets_in_lines_of_64_characters(octets: bytes) -> None:
    first, *lines, last = Certificate.of(octets).to_pem().splitlines()

    assert (first, last) == ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----")
    assert base64.b64decode("".join(lines), validate=True) == octets
    assert all(len(line) == 64 for line in lines[:-1])
    assert 0 < len(lines[-1]) <= 64
