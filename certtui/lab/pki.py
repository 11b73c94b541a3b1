"""A small PKI that issues good and broken certificates alike. Its keys protect nothing and are for this only."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID, ExtensionOID, NameOID

from certtui.core import der

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
UNKNOWN_OID = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")
"""An extension that nobody knows."""
_SERVER_AUTH = (ExtendedKeyUsageOID.SERVER_AUTH,)
_ECDSA_WITH_SHA1 = bytes.fromhex("300906072a8648ce3d0401")
"""The AlgorithmIdentifier of ecdsa-with-SHA1 (RFC 3279 §2.2.3)."""
_USAGES = (
    "digital_signature",
    "content_commitment",
    "key_encipherment",
    "data_encipherment",
    "key_agreement",
    "key_cert_sign",
    "crl_sign",
    "encipher_only",
    "decipher_only",
)


class KeyKind(StrEnum):
    """The kinds of key that the PKI makes."""

    P256 = "P-256"
    RSA_1024 = "RSA 1024"
    RSA_2048 = "RSA 2048"


@cache
def key_named(label: str, kind: KeyKind = KeyKind.P256) -> PrivateKey:
    """Return the key of this name, made when first asked for and the same for the life of the process."""
    if kind is KeyKind.P256:
        return ec.generate_private_key(ec.SECP256R1())
    return rsa.generate_private_key(public_exponent=65537, key_size=int(kind.split()[1]))


def now_to_the_second() -> datetime:
    """Return the present moment as certificates can hold it."""
    return datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What a certificate should be like; the defaults make a good one."""

    names: tuple[str, ...] | None = None
    """DNS names and IP addresses; None leaves the extension out."""
    more_names: tuple[x509.GeneralName, ...] = ()
    subject: x509.Name | None = None
    begins: timedelta = timedelta(days=-10)
    """notBefore, seen from now."""
    ends: timedelta = timedelta(days=80)
    """notAfter, seen from now."""
    key: KeyKind = KeyKind.P256
    is_signed_with_sha1: bool = False
    is_ca: bool = False
    path_length: int | None = None
    has_basic_constraints: bool = True
    is_basic_constraints_critical: bool = True
    has_subject_key_id: bool = True
    has_authority_key_id: bool = True
    usages: tuple[str, ...] = ("digital_signature",)
    purposes: tuple[x509.ObjectIdentifier, ...] = _SERVER_AUTH
    ca_issuers: str | None = None
    extensions: tuple[tuple[x509.ExtensionType, bool], ...] = ()
    """More extensions, each with whether it is critical."""


CA_WISH = Wish(
    begins=timedelta(days=-400),
    ends=timedelta(days=3_000),
    is_ca=True,
    usages=("digital_signature", "key_cert_sign", "crl_sign"),
    purposes=(),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued:
    """A certificate with its private key."""

    certificate: x509.Certificate
    key: PrivateKey

    @property
    def der(self) -> bytes:
        """The certificate in DER."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def pem(self) -> str:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM).decode("ascii")

    @property
    def key_pem(self) -> str:
        """The private key in PEM, PKCS#8, unencrypted."""
        pem = self.key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        return pem.decode("ascii")


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority(Issued):
    """A CA."""

    now: datetime

    @classmethod
    def root(
        cls, name: str, *, now: datetime, wish: Wish = CA_WISH, key_label: str | None = None
    ) -> Authority:
        """Return a root of this name that signs itself."""
        key = key_named(key_label or name, wish.key)
        certificate = _sign(_named(name), key, _named(name), key, wish, now)
        return cls(certificate=certificate, key=key, now=now)

    def intermediate(self, name: str, *, wish: Wish = CA_WISH, key_label: str | None = None) -> Authority:
        """Return a CA below this one."""
        key = key_named(key_label or name, wish.key)
        certificate = _sign(_named(name), key, self.certificate.subject, self.key, wish, self.now)
        return Authority(certificate=certificate, key=key, now=self.now)

    def issue(self, name: str, wish: Wish | None = None) -> Issued:
        """Return a server's certificate, by default a good one for `name`."""
        wish = wish or Wish(names=(name,))
        key = key_named(name, wish.key)
        subject = _named(name) if wish.subject is None else wish.subject
        certificate = _sign(subject, key, self.certificate.subject, self.key, wish, self.now)
        return Issued(certificate=certificate, key=key)


def self_signed(name: str, wish: Wish, *, now: datetime) -> Issued:
    """Return a server's certificate that signs itself."""
    key = key_named(name, wish.key)
    return Issued(certificate=_sign(_named(name), key, _named(name), key, wish, now), key=key)


def raw_san(*names: tuple[int, bytes]) -> x509.UnrecognizedExtension:
    """Return a subjectAltName of names that no builder takes, each the tag of its kind and its content.

    The tags are those of GeneralName (RFC 5280 §4.2.1.6): 0x81 rfc822Name, 0x82 dNSName, 0xA4 directoryName,
    0x86 uniformResourceIdentifier.
    """
    listed = der.encode(der.SEQUENCE, *(der.encode(tag, octets) for tag, octets in names))
    return x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, listed)


def with_broken_signature(issued: Issued) -> Issued:
    """Return the certificate with one bit of its signature turned over."""
    octets = bytearray(issued.der)
    octets[-1] ^= 1
    return replace(issued, certificate=x509.load_der_x509_certificate(bytes(octets)))


def _named(name: str) -> x509.Name:
    # A commonName holds at most 64 characters (RFC 5280, ub-common-name).
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "certtui demo")]
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _general_names(names: Sequence[str]) -> list[x509.GeneralName]:
    general: list[x509.GeneralName] = []
    for name in names:
        try:
            general.append(x509.IPAddress(ipaddress.ip_address(name)))
        except ValueError:
            general.append(x509.DNSName(name))
    return general


def _sign(
    subject: x509.Name, key: PrivateKey, issuer: x509.Name, issuer_key: PrivateKey, wish: Wish, now: datetime
) -> x509.Certificate:
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + wish.begins)
        .not_valid_after(now + wish.ends)
    )
    for extension, is_critical in _extensions(key, issuer_key, wish):
        builder = builder.add_extension(extension, is_critical)
    certificate = builder.sign(issuer_key, hashes.SHA256())
    return _signed_with_sha1(certificate, issuer_key) if wish.is_signed_with_sha1 else certificate


def _signed_with_sha1(certificate: x509.Certificate, issuer_key: PrivateKey) -> x509.Certificate:
    """Return the certificate signed anew, since cryptography refuses to build one with a broken hash."""
    assert isinstance(issuer_key, ec.EllipticCurvePrivateKey), "the demo's CAs have EC keys"
    octets = certificate.tbs_certificate_bytes
    fields = [der.whole(octets, element) for element in der.children(octets, der.root(octets))]
    fields[2] = _ECDSA_WITH_SHA1
    signed = der.encode(der.SEQUENCE, *fields)
    signature = issuer_key.sign(signed, ec.ECDSA(hashes.SHA1()))  # noqa: S303 - broken on purpose
    bits = der.encode(der.BIT_STRING, b"\x00" + signature)
    return x509.load_der_x509_certificate(der.encode(der.SEQUENCE, signed, _ECDSA_WITH_SHA1, bits))


def _extensions(key: PrivateKey, issuer_key: PrivateKey, wish: Wish) -> list[tuple[x509.ExtensionType, bool]]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if wish.has_basic_constraints:
        constraints = x509.BasicConstraints(wish.is_ca, wish.path_length)
        found.append((constraints, wish.is_basic_constraints_critical))
    if wish.usages:
        usage = dict.fromkeys(_USAGES, False) | dict.fromkeys(wish.usages, True)
        found.append((x509.KeyUsage(**usage), True))
    if wish.purposes:
        found.append((x509.ExtendedKeyUsage(wish.purposes), False))
    if wish.names is not None or wish.more_names:
        names = [*_general_names(wish.names or ()), *wish.more_names]
        found.append((x509.SubjectAlternativeName(names), False))
    if wish.ca_issuers is not None:
        location = x509.UniformResourceIdentifier(wish.ca_issuers)
        access = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS, location)
        found.append((x509.AuthorityInformationAccess([access]), False))
    if wish.has_subject_key_id:
        found.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    if wish.has_authority_key_id:
        found.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    return [*found, *wish.extensions]
