"""Each extension is read as cryptography wrote it, and every one can be put into words."""

from __future__ import annotations

import ipaddress
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.x509.oid import (
    AuthorityInformationAccessOID,
    ExtendedKeyUsageOID,
    ExtensionOID,
    NameOID,
)
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der, extensions
from certtui.core.extensions import (
    EXTENSION_NAMES,
    KEY_USAGE_BITS,
    BasicConstraints,
    Extension,
    GeneralName,
    NameKind,
)
from tests.core.forge import tlv

USAGE_ARGUMENTS = {
    "digital_signature": "digitalSignature",
    "content_commitment": "nonRepudiation",
    "key_encipherment": "keyEncipherment",
    "data_encipherment": "dataEncipherment",
    "key_agreement": "keyAgreement",
    "key_cert_sign": "keyCertSign",
    "crl_sign": "cRLSign",
    "encipher_only": "encipherOnly",
    "decipher_only": "decipherOnly",
}


def _lines(extension: x509.ExtensionType) -> tuple[str, ...]:
    return Extension(extension.oid.dotted_string, False, extension.public_bytes()).lines


def test_every_kind_of_general_name_is_told_apart() -> None:
    directory = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a, b")])
    names = x509.SubjectAlternativeName(
        [
            x509.DNSName("*.example.com"),
            x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
            x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
            x509.RFC822Name("mail@example.com"),
            x509.UniformResourceIdentifier("spiffe://example.com/service"),
            x509.DirectoryName(directory),
            x509.OtherName(x509.ObjectIdentifier("1.3.6.1.4.1.311.20.2.3"), tlv(0x0C, b"upn")),
            x509.RegisteredID(x509.ObjectIdentifier("1.2.3.4")),
        ]
    )

    decoded = extensions.decode_general_names(names.public_bytes())

    assert decoded[:6] == (
        GeneralName(NameKind.DNS, "*.example.com"),
        GeneralName(NameKind.IP, "192.0.2.1"),
        GeneralName(NameKind.IP, "2001:db8::1"),
        GeneralName(NameKind.EMAIL, "mail@example.com"),
        GeneralName(NameKind.URI, "spiffe://example.com/service"),
        GeneralName(NameKind.DIRECTORY, directory.rfc4514_string()),
    )
    assert [name.kind for name in decoded[6:]] == [NameKind.OTHER, NameKind.OTHER]
    assert tlv(0x0C, b"upn").hex() in decoded[6].value


@given(
    st.lists(st.ip_addresses(), max_size=5), st.lists(st.from_regex(r"[a-z0-9.*_-]{1,60}", fullmatch=True))
)
def test_names_and_addresses_come_out_as_they_went_in(
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address], hosts: list[str]
) -> None:
    names = x509.SubjectAlternativeName([*map(x509.DNSName, hosts), *map(x509.IPAddress, addresses)])

    decoded = extensions.decode_general_names(names.public_bytes())

    assert [name.value for name in decoded] == [*hosts, *map(str, addresses)]


@pytest.mark.parametrize("octets", [b"", b"\x7f\x00\x01", bytes(5), bytes(8), bytes(17)])
def test_an_address_of_a_wrong_length_is_called_malformed(octets: bytes) -> None:
    (name,) = extensions.decode_general_names(tlv(der.SEQUENCE, tlv(0x87, octets)))

    assert name == GeneralName(NameKind.IP, f"malformed:{octets.hex()}")


def test_octets_beyond_ascii_in_a_name_are_kept() -> None:
    (name,) = extensions.decode_general_names(tlv(der.SEQUENCE, tlv(0x82, b"caf\xe9\x00.test")))

    assert name == GeneralName(NameKind.DNS, "café\x00.test")


@pytest.mark.parametrize(
    ("count", "is_read"), [(extensions.MAX_NAMES, True), (extensions.MAX_NAMES + 1, False)]
)
def test_names_are_read_up_to_a_bound(count: int, is_read: bool) -> None:
    value = tlv(der.SEQUENCE, tlv(0x82, b"a.test") * count)

    if is_read:
        assert len(extensions.decode_general_names(value)) == count
    else:
        with pytest.raises(der.DerError, match="more than"):
            extensions.decode_general_names(value)


@pytest.mark.parametrize(
    ("constraints", "expected"),
    [
        (x509.BasicConstraints(ca=False, path_length=None), BasicConstraints(False, None)),
        (x509.BasicConstraints(ca=True, path_length=None), BasicConstraints(True, None)),
        (x509.BasicConstraints(ca=True, path_length=0), BasicConstraints(True, 0)),
        (x509.BasicConstraints(ca=True, path_length=300), BasicConstraints(True, 300)),
    ],
)
def test_basic_constraints_are_what_was_written(
    constraints: x509.BasicConstraints, expected: BasicConstraints
) -> None:
    assert extensions.decode_basic_constraints(constraints.public_bytes()) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("3003010101", BasicConstraints(True, None)),
        ("3003010100", BasicConstraints(False, None)),
        ("3003020105", BasicConstraints(False, 5)),
    ],
    ids=["true that is not 0xff", "false that is spelled out", "length without cA"],
)
def test_basic_constraints_that_are_no_der_are_understood(value: str, expected: BasicConstraints) -> None:
    assert extensions.decode_basic_constraints(bytes.fromhex(value)) == expected


@given(st.sets(st.sampled_from(sorted(USAGE_ARGUMENTS)), min_size=1))
def test_key_usage_bits_have_the_names_of_rfc_5280(wanted: set[str]) -> None:
    if wanted & {"encipher_only", "decipher_only"}:
        wanted = wanted | {"key_agreement"}
    usage = x509.KeyUsage(**{name: name in wanted for name in USAGE_ARGUMENTS})

    decoded = extensions.decode_key_usage(usage.public_bytes())

    assert decoded == {USAGE_ARGUMENTS[name] for name in wanted}


def test_key_usage_without_bits_allows_nothing() -> None:
    assert extensions.decode_key_usage(b"\x03\x01\x00") == frozenset()
    assert Extension(extensions.KEY_USAGE, True, b"\x03\x01\x00").lines == ("nothing",)


def test_purposes_are_read_in_order() -> None:
    usage = x509.ExtendedKeyUsage(
        [ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH, x509.ObjectIdentifier("1.2.3.4")]
    )

    assert extensions.decode_oids(usage.public_bytes()) == (
        "1.3.6.1.5.5.7.3.2",
        extensions.SERVER_AUTH,
        "1.2.3.4",
    )


@pytest.mark.parametrize(
    "key_id", [b"", b"\x01" * 20, b"\xff" * 32, b"\x00" * 200], ids=["empty", "20", "32", "200"]
)
def test_key_identifiers_are_read_at_any_length(key_id: bytes) -> None:
    subject = x509.SubjectKeyIdentifier(key_id)
    authority = x509.AuthorityKeyIdentifier(key_id, None, None)

    assert extensions.decode_subject_key_id(subject.public_bytes()) == key_id
    assert extensions.decode_authority_key_id(authority.public_bytes()) == key_id


def test_an_authority_that_is_named_by_issuer_and_serial_has_no_key_identifier() -> None:
    issuer = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a")]))
    authority = x509.AuthorityKeyIdentifier(None, [issuer], 5)

    assert extensions.decode_authority_key_id(authority.public_bytes()) is None
    assert _lines(authority) == (
        "no key identifier",
        "issuer of that certificate: dirName:CN=a",
        "serial number of that certificate: 05",
    )


def test_access_descriptions_keep_method_and_place() -> None:
    access = x509.AuthorityInformationAccess(
        [
            x509.AccessDescription(
                AuthorityInformationAccessOID.OCSP, x509.UniformResourceIdentifier("http://ocsp.test")
            ),
            x509.AccessDescription(
                AuthorityInformationAccessOID.CA_ISSUERS,
                x509.UniformResourceIdentifier("http://ca.test/a.cer"),
            ),
        ]
    )

    assert extensions.decode_access_descriptions(access.public_bytes()) == (
        ("1.3.6.1.5.5.7.48.1", "http://ocsp.test"),
        ("1.3.6.1.5.5.7.48.2", "http://ca.test/a.cer"),
    )
    assert _lines(access) == ("OCSP: http://ocsp.test", "CA issuers: http://ca.test/a.cer")


def test_urls_of_revocation_lists_are_found_wherever_they_stand() -> None:
    relative = x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "a")])
    first, second, third = (x509.UniformResourceIdentifier(f"http://crl.test/{n}") for n in "123")
    points = x509.CRLDistributionPoints(
        [
            x509.DistributionPoint([first, second], None, None, None),
            x509.DistributionPoint(None, relative, None, None),
            x509.DistributionPoint([x509.DirectoryName(x509.Name([])), third], None, None, None),
            x509.DistributionPoint(None, None, None, [x509.DirectoryName(x509.Name([]))]),
        ]
    )

    assert extensions.decode_crl_urls(points.public_bytes()) == (first.value, second.value, third.value)


@pytest.mark.parametrize(
    ("extension", "lines"),
    [
        (
            x509.SubjectAlternativeName([x509.DNSName("a.test"), x509.RFC822Name("a@b")]),
            ("DNS:a.test", "email:a@b"),
        ),
        (x509.SubjectAlternativeName([]), ("none",)),
        (x509.BasicConstraints(ca=False, path_length=None), ("not a CA",)),
        (x509.BasicConstraints(ca=True, path_length=2), ("a CA, at most 2 intermediates below",)),
        (x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), ("serverAuth",)),
        (x509.SubjectKeyIdentifier(b"\x01\xab"), ("01:ab",)),
        (x509.TLSFeature([x509.TLSFeatureType.status_request]), ("status_request (must-staple)",)),
        (
            x509.CertificatePolicies([x509.PolicyInformation(x509.ObjectIdentifier("2.23.140.1.2.1"), None)]),
            ("domain validated (CA/Browser Forum): 2.23.140.1.2.1",),
        ),
        (x509.OCSPNoCheck(), ("an OCSP responder whose own revocation is not to be checked",)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_extension_says_in_words_what_it_holds(
    extension: x509.ExtensionType, lines: tuple[str, ...]
) -> None:
    assert _lines(extension) == lines


def test_usages_are_listed_in_the_order_of_their_bits() -> None:
    usage = x509.KeyUsage(**{name: not name.endswith("_only") for name in USAGE_ARGUMENTS})

    assert _lines(usage) == (", ".join(KEY_USAGE_BITS[:7]),)


def test_an_extension_that_cannot_be_decoded_says_so_and_shows_its_octets() -> None:
    lines = Extension(extensions.SUBJECT_ALT_NAME, False, b"\x30\x05\x82\x09abc").lines

    assert lines[0].startswith("cannot be decoded: ")
    assert lines[1] == "30 05 82 09 61 62 63"


def test_an_extension_nobody_knows_shows_its_octets_up_to_a_bound() -> None:
    lines = Extension("1.2.3.4", True, b"\xab" * 300).lines

    assert lines[-1] == "… 44 octets more"
    assert "".join(lines[:-1]).replace(" ", "") == "ab" * 256
    assert Extension("1.2.3.4", True, b"").lines == ("empty",)


def test_thousands_of_names_are_shown_in_part() -> None:
    names = x509.SubjectAlternativeName([x509.DNSName(f"host{n}.test") for n in range(1_000)])

    lines = _lines(names)

    assert lines[0] == "DNS:host0.test"
    assert lines[-1] == "… 800 more"
    assert len(lines) == 201


@pytest.mark.parametrize(
    ("oid", "name"),
    [
        (ExtensionOID.SUBJECT_ALTERNATIVE_NAME, "subjectAltName"),
        (ExtensionOID.AUTHORITY_INFORMATION_ACCESS, "authorityInfoAccess"),
        (ExtensionOID.CRL_DISTRIBUTION_POINTS, "cRLDistributionPoints"),
        (ExtensionOID.TLS_FEATURE, "tlsFeature"),
        (x509.ObjectIdentifier("1.2.3.4"), "1.2.3.4"),
    ],
)
def test_an_extension_is_called_by_its_name_where_it_has_one(oid: x509.ObjectIdentifier, name: str) -> None:
    assert Extension(oid.dotted_string, False, b"").name == name


DECODERS = [
    extensions.decode_general_names,
    extensions.decode_basic_constraints,
    extensions.decode_key_usage,
    extensions.decode_oids,
    extensions.decode_subject_key_id,
    extensions.decode_authority_key_id,
    extensions.decode_access_descriptions,
    extensions.decode_crl_urls,
]


@given(st.binary(max_size=100))
def test_any_octets_are_decoded_or_refused_by_every_decoder(octets: bytes) -> None:
    for decode in DECODERS:
        for value in (octets, tlv(der.SEQUENCE, octets), tlv(der.SEQUENCE, tlv(der.SEQUENCE, octets))):
            with suppress(der.DerError):
                decode(value)


@given(st.sampled_from([*EXTENSION_NAMES, "1.2.3.4"]), st.binary(max_size=300))
def test_any_octets_of_any_extension_are_put_into_words(oid: str, octets: bytes) -> None:
    for value in (octets, tlv(der.SEQUENCE, octets), tlv(der.SEQUENCE, tlv(der.SEQUENCE, octets))):
        assert Extension(oid, False, value).lines
