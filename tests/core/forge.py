"""Certificates that no builder makes: fields of the signed part replaced, and signed anew by the rightful issuer."""

from __future__ import annotations

from collections.abc import Callable

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from certtui.core import der
from certtui.core.der import encode as tlv
from certtui.lab.pki import Issued

__all__ = ["forged", "rsa_spki", "time", "tlv", "with_key", "with_validity"]

_ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
VALIDITY, PUBLIC_KEY = 4, 6
"""Places of fields in a TBSCertificate that begins with a version (RFC 5280 §4.1)."""


def time(text: str) -> bytes:
    """Return a UTCTime or a GeneralizedTime, by the length of its year."""
    return tlv(der.UTC_TIME if len(text) <= 13 else der.GENERALIZED_TIME, text.encode())


def forged(
    issued: Issued,
    issuer: Issued,
    edit: Callable[[list[bytes]], None],
    *,
    algorithm: bytes = _ECDSA_WITH_SHA256,
) -> bytes:
    """Return the certificate in DER with the fields of its signed part as `edit` leaves them."""
    signed = issued.certificate.tbs_certificate_bytes
    fields = [der.whole(signed, field) for field in der.children(signed, der.root(signed))]
    edit(fields)
    tbs = tlv(der.SEQUENCE, b"".join(fields))
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    signature = issuer.key.sign(tbs, ec.ECDSA(hashes.SHA256()))
    return tlv(der.SEQUENCE, tbs + algorithm + tlv(der.BIT_STRING, b"\x00" + signature))


def with_key(issued: Issued, issuer: Issued, spki: bytes) -> bytes:
    """Return the certificate with another SubjectPublicKeyInfo, whatever it holds."""

    def edit(fields: list[bytes]) -> None:
        fields[PUBLIC_KEY] = spki

    return forged(issued, issuer, edit)


def rsa_spki(modulus: int, exponent: int) -> bytes:
    """Return the SubjectPublicKeyInfo of an RSA key of these numbers."""

    def number(value: int) -> bytes:
        return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))

    algorithm = tlv(der.SEQUENCE, bytes.fromhex("06092a864886f70d0101010500"))
    key = tlv(der.SEQUENCE, number(modulus), number(exponent))
    return tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\x00" + key))


def with_validity(issued: Issued, issuer: Issued, before: str, after: str) -> bytes:
    """Return the certificate with these two times, whatever they look like."""

    def edit(fields: list[bytes]) -> None:
        fields[VALIDITY] = tlv(der.SEQUENCE, time(before) + time(after))

    return forged(issued, issuer, edit)
