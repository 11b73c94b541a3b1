"""Keys and chains for servers in tests, made once a process."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

NOW = datetime.now(UTC).replace(microsecond=0)


@dataclass(frozen=True, slots=True)
class Identity:
    """A private key and the chain to send with it."""

    key: ec.EllipticCurvePrivateKey
    certificates: tuple[x509.Certificate, ...]

    @property
    def chain(self) -> tuple[bytes, ...]:
        """The DER of the certificates, leaf first."""
        return tuple(certificate.public_bytes(Encoding.DER) for certificate in self.certificates)

    @property
    def chain_pem(self) -> bytes:
        return b"".join(certificate.public_bytes(Encoding.PEM) for certificate in self.certificates)

    @property
    def key_pem(self) -> bytes:
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _certificate(
    name: str,
    key: ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey,
    issuer: str,
    issuer_key: ec.EllipticCurvePrivateKey,
) -> x509.Certificate:
    def distinguished(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, text)])

    san = x509.SubjectAlternativeName([x509.DNSName(name), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    builder = (
        x509.CertificateBuilder()
        .subject_name(distinguished(name))
        .issuer_name(distinguished(issuer))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(days=1))
        .not_valid_after(NOW + timedelta(days=30))
        .add_extension(san, critical=False)
    )
    return builder.sign(issuer_key, hashes.SHA256())


@cache
def server_identity() -> Identity:
    """Return a leaf for `server.test` and 127.0.0.1, with an intermediate and an unrelated certificate after it."""
    key, issuer_key, root_key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(3))
    leaf = _certificate("server.test", key, "Issuer", issuer_key)
    issuer = _certificate("Issuer", issuer_key, "Root", root_key)
    unrelated = _certificate("unrelated.test", root_key, "Root", root_key)
    return Identity(key, (leaf, issuer, unrelated))


@cache
def rsa_certificate() -> bytes:
    """Return the DER of a certificate for `server.test` with an RSA key."""
    key = rsa.generate_private_key(65537, 2048)
    issuer_key = ec.generate_private_key(ec.SECP256R1())
    return _certificate("server.test", key, "Issuer", issuer_key).public_bytes(Encoding.DER)
