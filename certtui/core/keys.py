"""Public keys and signature algorithms: what they are. No private key ever comes here, and nothing is verified."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der

KEY_ALGORITHMS: dict[str, str] = {
    "1.2.840.113549.1.1.1": "RSA",
    "1.2.840.113549.1.1.10": "RSA-PSS",
    "1.2.840.10045.2.1": "EC",
    "1.2.840.10040.4.1": "DSA",
    "1.3.101.112": "Ed25519",
    "1.3.101.113": "Ed448",
    "1.3.101.110": "X25519",
    "1.3.101.111": "X448",
    "2.16.840.1.101.3.4.3.17": "ML-DSA-44",
    "2.16.840.1.101.3.4.3.18": "ML-DSA-65",
    "2.16.840.1.101.3.4.3.19": "ML-DSA-87",
}
CURVES: dict[str, tuple[str, int]] = {
    "1.2.840.10045.3.1.1": ("P-192", 192),
    "1.2.840.10045.3.1.7": ("P-256", 256),
    "1.3.132.0.33": ("P-224", 224),
    "1.3.132.0.34": ("P-384", 384),
    "1.3.132.0.35": ("P-521", 521),
    "1.3.132.0.10": ("secp256k1", 256),
    "1.3.36.3.3.2.8.1.1.7": ("brainpoolP256r1", 256),
    "1.3.36.3.3.2.8.1.1.11": ("brainpoolP384r1", 384),
    "1.3.36.3.3.2.8.1.1.13": ("brainpoolP512r1", 512),
}

_FIXED_BITS = {"Ed25519": 256, "Ed448": 456, "X25519": 253, "X448": 448}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A SubjectPublicKeyInfo, described (RFC 5280 §4.1.2.7)."""

    algorithm: str
    """`RSA`, `EC`, `Ed25519` ..., or the dotted OID of an algorithm that has no name here."""
    bits: int | None
    """The size that its strength is judged by: the modulus, the curve's field."""
    curve: str | None
    """The named curve of an EC key, its dotted OID, or `explicit parameters`."""
    spki: bytes
    """The SubjectPublicKeyInfo in DER."""

    @property
    def label(self) -> str:
        """`RSA 2048 bits`, `EC P-256`, `Ed25519` ..."""
        if self.curve is not None:
            return f"{self.algorithm} {self.curve}"
        if self.algorithm in _FIXED_BITS or self.bits is None:
            return self.algorithm
        return f"{self.algorithm} {self.bits} bits"

    @property
    def spki_sha256(self) -> bytes:
        """SHA-256 of the SubjectPublicKeyInfo, what pins and TLSA `3 1 1` records hold."""
        return hashlib.sha256(self.spki).digest()


@lru_cache(maxsize=256)
def describe_key(spki: bytes) -> PublicKey:
    """Return the description of a SubjectPublicKeyInfo; raise `DerError` where it is none."""
    outer = list(der.children(spki, der.root(spki)))
    if len(outer) < 2:
        raise der.DerError("a public key without an algorithm or without key bits")
    parameters = list(der.children(spki, outer[0]))
    if not parameters or parameters[0].tag != der.OID:
        raise der.DerError("a public key whose algorithm is not named")
    oid = der.oid(der.content(spki, parameters[0]))
    algorithm = KEY_ALGORITHMS.get(oid, oid)
    key_bits, _ = der.bits(der.content(spki, outer[1]))
    if algorithm in ("RSA", "RSA-PSS"):
        return PublicKey(algorithm, _modulus_bits(key_bits), None, spki)
    if algorithm == "EC":
        curve, bits = _curve(spki, parameters)
        return PublicKey(algorithm, bits, curve, spki)
    if algorithm == "DSA":
        return PublicKey(algorithm, _dsa_bits(spki, parameters), None, spki)
    return PublicKey(algorithm, _FIXED_BITS.get(algorithm), None, spki)


def _modulus_bits(key_bits: bytes) -> int:
    modulus = next(der.children(key_bits, der.root(key_bits)), None)
    if modulus is None or modulus.tag != der.INTEGER:
        raise der.DerError("an RSA key without a modulus")
    return int.from_bytes(der.content(key_bits, modulus), "big").bit_length()


def _curve(spki: bytes, parameters: list[der.Element]) -> tuple[str, int | None]:
    if len(parameters) < 2 or parameters[1].tag != der.OID:
        return "explicit parameters", None
    oid = der.oid(der.content(spki, parameters[1]))
    return CURVES.get(oid, (oid, None))


def _dsa_bits(spki: bytes, parameters: list[der.Element]) -> int | None:
    if len(parameters) < 2:
        return None
    prime = next(der.children(spki, parameters[1]), None)
    return int.from_bytes(der.content(spki, prime), "big").bit_length() if prime else None


SIGNATURE_ALGORITHMS: dict[str, tuple[str, str | None]] = {
    "1.2.840.113549.1.1.2": ("md2WithRSAEncryption", "md2"),
    "1.2.840.113549.1.1.3": ("md4WithRSAEncryption", "md4"),
    "1.2.840.113549.1.1.4": ("md5WithRSAEncryption", "md5"),
    "1.2.840.113549.1.1.5": ("sha1WithRSAEncryption", "sha1"),
    "1.3.14.3.2.29": ("sha1WithRSASignature", "sha1"),
    "1.2.840.113549.1.1.14": ("sha224WithRSAEncryption", "sha224"),
    "1.2.840.113549.1.1.11": ("sha256WithRSAEncryption", "sha256"),
    "1.2.840.113549.1.1.12": ("sha384WithRSAEncryption", "sha384"),
    "1.2.840.113549.1.1.13": ("sha512WithRSAEncryption", "sha512"),
    "1.2.840.113549.1.1.10": ("RSASSA-PSS", None),
    "1.2.840.10045.4.1": ("ecdsa-with-SHA1", "sha1"),
    "1.2.840.10045.4.3.1": ("ecdsa-with-SHA224", "sha224"),
    "1.2.840.10045.4.3.2": ("ecdsa-with-SHA256", "sha256"),
    "1.2.840.10045.4.3.3": ("ecdsa-with-SHA384", "sha384"),
    "1.2.840.10045.4.3.4": ("ecdsa-with-SHA512", "sha512"),
    "1.2.840.10040.4.3": ("dsa-with-sha1", "sha1"),
    "2.16.840.1.101.3.4.3.1": ("dsa-with-sha224", "sha224"),
    "2.16.840.1.101.3.4.3.2": ("dsa-with-sha256", "sha256"),
    "1.3.101.112": ("Ed25519", None),
    "1.3.101.113": ("Ed448", None),
}
"""Each signature algorithm's name and hash; None where the hash is in the parameters or built in."""

_PSS_HASHES = {
    "1.3.14.3.2.26": "sha1",
    "2.16.840.1.101.3.4.2.4": "sha224",
    "2.16.840.1.101.3.4.2.1": "sha256",
    "2.16.840.1.101.3.4.2.2": "sha384",
    "2.16.840.1.101.3.4.2.3": "sha512",
}


@dataclass(frozen=True, slots=True)
class SignatureAlgorithm:
    """An AlgorithmIdentifier of a signature, described."""

    oid: str
    name: str
    """The name that the standards or OpenSSL give it, or the dotted OID."""
    hash_name: str | None
    """`sha256` ...; None for algorithms with the hash built in, and for unknown ones."""
    mask_hash_name: str | None = None
    """The hash of RSASSA-PSS's mask generation function; None for other algorithms."""
    salt_octets: int | None = None
    """The length of RSASSA-PSS's salt; None for other algorithms."""


@lru_cache(maxsize=128)
def describe_signature_algorithm(identifier: bytes) -> SignatureAlgorithm:
    """Return the description of an AlgorithmIdentifier in DER; raise `DerError` where it is none."""
    parts = list(der.children(identifier, der.root(identifier)))
    if not parts or parts[0].tag != der.OID:
        raise der.DerError("a signature algorithm that is not named")
    oid = der.oid(der.content(identifier, parts[0]))
    name, hash_name = SIGNATURE_ALGORITHMS.get(oid, (oid, None))
    if name == "RSASSA-PSS":
        return _pss(identifier, parts)
    return SignatureAlgorithm(oid, name, hash_name)


def _pss(identifier: bytes, parts: list[der.Element]) -> SignatureAlgorithm:
    """Return RSASSA-PSS with its parameters, whose defaults are SHA-1 and 20 octets (RFC 4055 §3.1)."""
    hash_name: str | None = "sha1"
    mask_hash_name: str | None = "sha1"
    salt_octets = 20
    has_parameters = len(parts) > 1 and parts[1].tag == der.SEQUENCE
    for field in der.children(identifier, parts[1]) if has_parameters else ():
        inner = _first(identifier, field)
        if field.tag == 0xA0:
            hash_name = _hash(identifier, inner)
        elif field.tag == 0xA1:
            # The mask generation function is MGF1, and its parameter another hash (RFC 4055 §2.2).
            parameters = list(der.children(identifier, inner))
            mask_hash_name = _hash(identifier, parameters[1]) if len(parameters) > 1 else None
        elif field.tag == 0xA2:
            salt_octets = der.small_integer(der.content(identifier, inner))
    oid = der.oid(der.content(identifier, parts[0]))
    return SignatureAlgorithm(oid, "RSASSA-PSS", hash_name, mask_hash_name, salt_octets)


def _hash(identifier: bytes, algorithm: der.Element) -> str | None:
    oid = _first(identifier, algorithm)
    return _PSS_HASHES.get(der.oid(der.content(identifier, oid)))


def _first(identifier: bytes, parent: der.Element) -> der.Element:
    child = next(der.children(identifier, parent), None)
    if child is None:
        raise der.DerError("an empty parameter of RSASSA-PSS")
    return child
