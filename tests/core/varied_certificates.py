"""Certificates of many kinds, for whoever reads whole certificates: keys, signatures, extensions, odd encodings."""

from __future__ import annotations

import ipaddress
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID, SubjectInformationAccessOID

from certtui.core import der
from certtui.lab.street import plans
from tests.core.examples import ISSUER, NOW, leaf
from tests.core.forge import tlv

_NAME = x509.Name(
    [
        x509.NameAttribute(NameOID.COUNTRY_NAME, "CH"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, 'Acme, "Inc"'),
        x509.NameAttribute(NameOID.COMMON_NAME, "Zoë"),
        x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@example.com"),
    ]
)
_DIRECTORY = x509.DirectoryName(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "elsewhere")]))
VARIETIES = (
    "good",
    "CA",
    "RSA",
    "RSA-PSS signature",
    "P-521 with every extension",
    "Ed25519",
    "Ed448",
    "DSA",
    "dates after 2050",
)
"""What `varied_certificates` holds."""
_Key = (
    rsa.RSAPrivateKey
    | ec.EllipticCurvePrivateKey
    | ed25519.Ed25519PrivateKey
    | ed448.Ed448PrivateKey
    | dsa.DSAPrivateKey
)


def _url(path: str) -> x509.UniformResourceIdentifier:
    return x509.UniformResourceIdentifier(f"http://example.com/{path}")


def oid(dotted: str) -> x509.ObjectIdentifier:
    """Return an object identifier."""
    return x509.ObjectIdentifier(dotted)


def every_extension() -> list[tuple[x509.ExtensionType, bool]]:
    """Return one of each extension that cryptography can write and OpenSSL can read."""
    names: list[x509.GeneralName] = [
        x509.DNSName("*.example.com"),
        x509.IPAddress(ipaddress.ip_address("192.0.2.1")),
        x509.IPAddress(ipaddress.ip_address("2001:db8::1")),
        x509.RFC822Name("mail@example.com"),
        _url("name"),
        _DIRECTORY,
        x509.RegisteredID(oid("1.2.3.4")),
        x509.OtherName(oid("1.3.6.1.4.1.311.20.2.3"), tlv(0x0C, b"upn@example.com")),
    ]
    notice = x509.UserNotice(x509.NoticeReference("Acme", [1, 2]), "the notice")
    policies = [
        x509.PolicyInformation(oid("2.23.140.1.2.1"), ["http://example.com/cps", notice]),
        x509.PolicyInformation(oid("1.3.6.1.4.1.55555.7"), None),
    ]
    reasons = frozenset({x509.ReasonFlags.key_compromise, x509.ReasonFlags.ca_compromise})
    points = [
        x509.DistributionPoint([_url("a.crl")], None, reasons, [_DIRECTORY]),
        x509.DistributionPoint(
            None,
            x509.RelativeDistinguishedName([x509.NameAttribute(NameOID.COMMON_NAME, "crl1")]),
            None,
            None,
        ),
    ]
    access = [
        x509.AccessDescription(AuthorityInformationAccessOID.OCSP, _url("ocsp")),
        x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, _url("ca.cer")),
    ]
    repository = x509.AccessDescription(SubjectInformationAccessOID.CA_REPOSITORY, _url("repository"))
    permitted = [x509.DNSName("example.com"), x509.IPAddress(ipaddress.ip_network("10.0.0.0/8"))]
    return [
        (x509.SubjectAlternativeName(names), False),
        (x509.IssuerAlternativeName([_url("issuer")]), False),
        (x509.BasicConstraints(True, 3), True),
        (x509.NameConstraints(permitted, [x509.DNSName("bad.example.com"), _DIRECTORY]), True),
        (x509.CRLDistributionPoints(points), False),
        (x509.FreshestCRL([x509.DistributionPoint([_url("delta.crl")], None, None, None)]), False),
        (x509.CertificatePolicies(policies), False),
        (x509.PolicyConstraints(0, 2), True),
        (x509.InhibitAnyPolicy(1), True),
        (x509.AuthorityKeyIdentifier(b"\xab" * 20, [_DIRECTORY], 0x1234567890ABCDEF12), False),
        (x509.SubjectKeyIdentifier(b"\xcd" * 20), False),
        (x509.AuthorityInformationAccess(access), False),
        (x509.SubjectInformationAccess([repository]), False),
        (x509.TLSFeature([x509.TLSFeatureType.status_request]), False),
        (x509.OCSPNoCheck(), False),
        (x509.UnrecognizedExtension(oid("2.16.840.1.113730.1.13"), tlv(0x16, b"a comment")), False),
        (x509.UnrecognizedExtension(oid("1.2.3.4.5"), tlv(der.SEQUENCE, tlv(der.INTEGER, b"\x07"))), False),
    ]


def with_extensions(extensions: list[tuple[x509.ExtensionType, bool]], key: _Key | None = None) -> bytes:
    """Return a certificate that signs itself, with these extensions and this key."""
    return _signed(key or _key(), extensions)


@cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP521R1())


def _signed(
    key: _Key,
    extensions: list[tuple[x509.ExtensionType, bool]],
    rsa_padding: padding.PSS | None = None,
    ends: datetime = NOW,
) -> bytes:
    builder = (
        x509.CertificateBuilder()
        .subject_name(_NAME)
        .issuer_name(_NAME)
        .public_key(key.public_key())
        .serial_number(0x00F1E2D3C4B5A69788)
        .not_valid_before(datetime(1999, 1, 2, 3, 4, 5, tzinfo=UTC))
        .not_valid_after(ends + timedelta(days=1))
    )
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    is_bare = isinstance(key, ed25519.Ed25519PrivateKey | ed448.Ed448PrivateKey)
    made = builder.sign(key, None if is_bare else hashes.SHA256(), rsa_padding=rsa_padding)
    return made.public_bytes(Encoding.DER)


@cache
def varied_certificates() -> dict[str, bytes]:
    """Return certificates that OpenSSL reads, by what they are."""
    rsa_key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    pss = padding.PSS(mgf=padding.MGF1(hashes.SHA256()), salt_length=17)
    made = (
        leaf().der,
        ISSUER.der,
        _signed(rsa_key, []),
        _signed(rsa_key, [], pss),
        with_extensions(every_extension()),
        _signed(ed25519.Ed25519PrivateKey.generate(), []),
        _signed(ed448.Ed448PrivateKey.generate(), []),
        _signed(dsa.generate_private_key(1024), []),
        _signed(_key(), [], ends=datetime(2060, 5, 6, 7, 8, 9, tzinfo=UTC)),
    )
    return dict(zip(VARIETIES, made, strict=True))


@cache
def street_certificates() -> dict[str, bytes]:
    """Return every certificate of the demo street, by house and place in the chain."""
    _, houses = plans(NOW, has_ipv6=True)
    found = {
        f"{house.target.host} {place}": issued.der
        for house in houses
        for place, issued in enumerate(house.chain)
    }
    return {name: octets for name, octets in found.items() if octets}


@cache
def with_ml_dsa_key() -> bytes:
    """Return a certificate whose key and signature OpenSSL 3.0 does not know (RFC 9881)."""
    key = mldsa.MLDSA44PrivateKey.generate()
    builder = x509.CertificateBuilder(_NAME, _NAME, key.public_key(), 5, NOW, NOW + timedelta(days=1))
    return builder.sign(key, None).public_bytes(Encoding.DER)
