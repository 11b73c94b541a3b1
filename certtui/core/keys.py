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
_SECG = "1.3.132.0."
_ANSI_X9_62 = "1.2.840.10045.3.1."
_BRAINPOOL = "1.3.36.3.3.2.8.1.1."
CURVES: dict[str, tuple[str, int]] = {
    f"{_ANSI_X9_62}1": ("P-192", 192),
    f"{_ANSI_X9_62}2": ("prime192v2", 192),
    f"{_ANSI_X9_62}3": ("prime192v3", 192),
    f"{_ANSI_X9_62}4": ("prime239v1", 239),
    f"{_ANSI_X9_62}5": ("prime239v2", 239),
    f"{_ANSI_X9_62}6": ("prime239v3", 239),
    f"{_ANSI_X9_62}7": ("P-256", 256),
    f"{_SECG}33": ("P-224", 224),
    f"{_SECG}34": ("P-384", 384),
    f"{_SECG}35": ("P-521", 521),
    f"{_SECG}6": ("secp112r1", 112),
    f"{_SECG}7": ("secp112r2", 112),
    f"{_SECG}28": ("secp128r1", 128),
    f"{_SECG}29": ("secp128r2", 128),
    f"{_SECG}9": ("secp160k1", 160),
    f"{_SECG}8": ("secp160r1", 160),
    f"{_SECG}30": ("secp160r2", 160),
    f"{_SECG}31": ("secp192k1", 192),
    f"{_SECG}32": ("secp224k1", 224),
    f"{_SECG}10": ("secp256k1", 256),
    f"{_SECG}4": ("sect113r1", 113),
    f"{_SECG}5": ("sect113r2", 113),
    f"{_SECG}22": ("sect131r1", 131),
    f"{_SECG}23": ("sect131r2", 131),
    f"{_SECG}1": ("sect163k1", 163),
    f"{_SECG}2": ("sect163r1", 163),
    f"{_SECG}15": ("sect163r2", 163),
    f"{_SECG}24": ("sect193r1", 193),
    f"{_SECG}25": ("sect193r2", 193),
    f"{_SECG}26": ("sect233k1", 233),
    f"{_SECG}27": ("sect233r1", 233),
    f"{_SECG}3": ("sect239k1", 239),
    f"{_SECG}16": ("sect283k1", 283),
    f"{_SECG}17": ("sect283r1", 283),
    f"{_SECG}36": ("sect409k1", 409),
    f"{_SECG}37": ("sect409r1", 409),
    f"{_SECG}38": ("sect571k1", 571),
    f"{_SECG}39": ("sect571r1", 571),
    f"{_BRAINPOOL}1": ("brainpoolP160r1", 160),
    f"{_BRAINPOOL}2": ("brainpoolP160t1", 160),
    f"{_BRAINPOOL}3": ("brainpoolP192r1", 192),
    f"{_BRAINPOOL}4": ("brainpoolP192t1", 192),
    f"{_BRAINPOOL}5": ("brainpoolP224r1", 224),
    f"{_BRAINPOOL}6": ("brainpoolP224t1", 224),
    f"{_BRAINPOOL}7": ("brainpoolP256r1", 256),
    f"{_BRAINPOOL}8": ("brainpoolP256t1", 256),
    f"{_BRAINPOOL}9": ("brainpoolP320r1", 320),
    f"{_BRAINPOOL}10": ("brainpoolP320t1", 320),
    f"{_BRAINPOOL}11": ("brainpoolP384r1", 384),
    f"{_BRAINPOOL}12": ("brainpoolP384t1", 384),
    f"{_BRAINPOOL}13": ("brainpoolP512r1", 512),
    f"{_BRAINPOOL}14": ("brainpoolP512t1", 512),
}
"""Name and field size of each named curve (SEC 2, ANSI X9.62, RFC 5639)."""
_PRIME_FIELD = "1.2.840.10045.1.1"

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
    exponent: int | None = None
    """The public exponent of an RSA key."""

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
        modulus_bits, exponent = _rsa(key_bits)
        return PublicKey(algorithm, modulus_bits, None, spki, exponent)
    if algorithm == "EC":
        curve, bits = _curve(spki, parameters)
        return PublicKey(algorithm, bits, curve, spki)
    if algorithm == "DSA":
        return PublicKey(algorithm, _dsa_bits(spki, parameters), None, spki)
    return PublicKey(algorithm, _FIXED_BITS.get(algorithm), None, spki)


def _rsa(key_bits: bytes) -> tuple[int, int | None]:
    """Return the modulus's size and the public exponent (RFC 8017 §A.1.1)."""
    numbers = list(der.children(key_bits, der.root(key_bits)))
    if not numbers or numbers[0].tag != der.INTEGER:
        raise der.DerError("an RSA key without a modulus")
    modulus, *rest = (int.from_bytes(der.content(key_bits, number), "big") for number in numbers)
    return modulus.bit_length(), rest[0] if rest else None


def _curve(spki: bytes, parameters: list[der.Element]) -> tuple[str, int | None]:
    if len(parameters) < 2:
        return "explicit parameters", None
    if parameters[1].tag != der.OID:
        return "explicit parameters", _explicit_bits(spki, parameters[1])
    oid = der.oid(der.content(spki, parameters[1]))
    return CURVES.get(oid, (oid, None))


def _explicit_bits(spki: bytes, parameters: der.Element) -> int | None:
    """Return the size of the prime field that ECParameters spell out (RFC 3279 §2.3.5), None for other fields."""
    try:
        field = list(der.children(spki, parameters))[1]
        kind, prime = list(der.children(spki, field))[:2]
        if der.oid(der.content(spki, kind)) != _PRIME_FIELD:
            return None
        return int.from_bytes(der.content(spki, prime), "big").bit_length()
    except (der.DerError, IndexError, ValueError):
        return None


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
    "1.2.840.113549.1.1.15": ("sha512-224WithRSAEncryption", "sha512-224"),
    "1.2.840.113549.1.1.16": ("sha512-256WithRSAEncryption", "sha512-256"),
    "2.16.840.1.101.3.4.3.9": ("ecdsa-with-SHA3-224", "sha3-224"),
    "2.16.840.1.101.3.4.3.10": ("ecdsa-with-SHA3-256", "sha3-256"),
    "2.16.840.1.101.3.4.3.11": ("ecdsa-with-SHA3-384", "sha3-384"),
    "2.16.840.1.101.3.4.3.12": ("ecdsa-with-SHA3-512", "sha3-512"),
    "2.16.840.1.101.3.4.3.13": ("RSA-SHA3-224", "sha3-224"),
    "2.16.840.1.101.3.4.3.14": ("RSA-SHA3-256", "sha3-256"),
    "2.16.840.1.101.3.4.3.15": ("RSA-SHA3-384", "sha3-384"),
    "2.16.840.1.101.3.4.3.16": ("RSA-SHA3-512", "sha3-512"),
    "1.3.101.112": ("Ed25519", None),
    "1.3.101.113": ("Ed448", None),
    "2.16.840.1.101.3.4.3.17": ("ML-DSA-44", None),
    "2.16.840.1.101.3.4.3.18": ("ML-DSA-65", None),
    "2.16.840.1.101.3.4.3.19": ("ML-DSA-87", None),
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
