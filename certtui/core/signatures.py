"""Whether a key verifies a signature. The only module of core that needs cryptography, which is slow to import."""

from __future__ import annotations

from functools import lru_cache

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from certtui.core import der
from certtui.core.keys import SIGNATURE_ALGORITHMS, SignatureAlgorithm, describe_signature_algorithm

_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    "md5": hashes.MD5,
    "sha1": hashes.SHA1,
    "sha224": hashes.SHA224,
    "sha256": hashes.SHA256,
    "sha384": hashes.SHA384,
    "sha512": hashes.SHA512,
    "sha512-224": hashes.SHA512_224,
    "sha512-256": hashes.SHA512_256,
    "sha3-224": hashes.SHA3_224,
    "sha3-256": hashes.SHA3_256,
    "sha3-384": hashes.SHA3_384,
    "sha3-512": hashes.SHA3_512,
}
_MAX_RSA_BITS = 16_384
"""Larger moduli are not computed with: one signature would take seconds. OpenSSL draws the line there too."""
_MAX_EXPONENT_BITS = 64
"""Nor are larger exponents: a chain of them would take as long. OpenSSL draws the line there for large moduli."""


@lru_cache(maxsize=512)
def _load(spki: bytes) -> object | None:
    try:
        return load_der_public_key(spki)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return None


def signature_verifies(spki: bytes, identifier: bytes, signed: bytes, signature: bytes) -> bool | None:
    """Return whether the key verifies the signature over `signed` (RFC 5280 §6.1.3(a)(1)).

    None where it cannot be decided: the key or the algorithm is one that cryptography does not know.
    """
    key = _load(spki)
    if isinstance(key, rsa.RSAPublicKey) and _is_too_slow(key):
        return None
    try:
        algorithm = describe_signature_algorithm(identifier)
        return _verify(key, algorithm, signed, signature)
    except InvalidSignature:
        return False
    except (der.DerError, UnsupportedAlgorithm, StopIteration, ValueError):
        return None


def _is_too_slow(key: rsa.RSAPublicKey) -> bool:
    return key.key_size > _MAX_RSA_BITS or key.public_numbers().e.bit_length() > _MAX_EXPONENT_BITS


def _pss(algorithm: SignatureAlgorithm) -> padding.PSS | None:
    if algorithm.mask_hash_name not in _HASHES or algorithm.salt_octets is None:
        return None
    mask = padding.MGF1(_HASHES[algorithm.mask_hash_name]())
    return padding.PSS(mask, min(algorithm.salt_octets, _MAX_RSA_BITS // 8))


def _verify(key: object, algorithm: SignatureAlgorithm, signed: bytes, signature: bytes) -> bool | None:
    digest = _HASHES[algorithm.hash_name]() if algorithm.hash_name in _HASHES else None
    match key:
        case ed25519.Ed25519PublicKey() | ed448.Ed448PublicKey():
            if algorithm.name not in ("Ed25519", "Ed448"):
                return False
            key.verify(signature, signed)
        case mldsa.MLDSA44PublicKey() | mldsa.MLDSA65PublicKey() | mldsa.MLDSA87PublicKey():
            if not algorithm.name.startswith("ML-DSA"):
                return False
            key.verify(signature, signed)
        case rsa.RSAPublicKey() if digest is not None and algorithm.name == "RSASSA-PSS":
            scheme = _pss(algorithm)
            if scheme is None:
                return None
            key.verify(signature, signed, scheme, digest)
        case rsa.RSAPublicKey() if digest is not None and "RSA" in algorithm.name:
            key.verify(signature, signed, padding.PKCS1v15(), digest)
        case ec.EllipticCurvePublicKey() if digest is not None and algorithm.name.startswith("ecdsa"):
            key.verify(signature, signed, ec.ECDSA(digest))
        case dsa.DSAPublicKey() if digest is not None and algorithm.name.startswith("dsa"):
            key.verify(signature, signed, digest)
        case None:
            return None
        case _:
            return False if algorithm.oid in SIGNATURE_ALGORITHMS and digest is not None else None
    return True
