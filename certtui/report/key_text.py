"""A public key with all its numbers, in lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core import der
from certtui.core.keys import PublicKey
from certtui.core.oids import told
from certtui.report.text_entries import Entry, hexadecimal_rows

_MOST_EXPONENT_OCTETS = 64
_DSA_PARAMETERS = ("P", "Q", "G")


def key_entries(key: PublicKey) -> Iterator[Entry]:
    """Yield a SubjectPublicKeyInfo's algorithm and numbers (RFC 5280 §4.1.2.7); its octets where they are no key."""
    yield Entry(1, "Subject Public Key Info")
    try:
        algorithm, bits = _parts(key.spki)
        lines = [Entry(2, "Public Key Algorithm", told(algorithm)), Entry(2, "Public Key", _size(key))]
        lines += _numbers(key, bits)
    except der.DerError as error:
        lines = [Entry(2, "Public Key", f"cannot be decoded: {error}"), *hexadecimal_rows(3, key.spki)]
    yield from lines


def _parts(spki: bytes) -> tuple[str, bytes]:
    """Return the OID of the algorithm and the key's octets."""
    parts = list(der.children(spki, der.root(spki)))
    name = next(der.children(spki, parts[0]), None) if len(parts) > 1 else None
    if name is None:
        raise der.DerError("a public key without an algorithm or without key bits")
    return der.oid(der.content(spki, name)), der.bits(der.content(spki, parts[1]))[0]


def _size(key: PublicKey) -> str:
    return f"{key.label} ({key.bits} bit)" if key.bits is not None else key.label


def _numbers(key: PublicKey, bits: bytes) -> list[Entry]:
    if key.algorithm in ("RSA", "RSA-PSS"):
        return _rsa(bits)
    if key.algorithm == "DSA":
        return _dsa(key.spki, bits)
    if key.algorithm == "EC":
        return [*_curve(key), Entry(2, "Point"), *hexadecimal_rows(3, bits)]
    return [Entry(2, "Octets"), *hexadecimal_rows(3, bits)]


def _rsa(bits: bytes) -> list[Entry]:
    """RFC 8017 §A.1.1."""
    modulus, exponent = _integers(bits, der.root(bits), 2)[:2]
    return [Entry(2, "Modulus"), *hexadecimal_rows(3, modulus), *_exponent(exponent)]


def _exponent(octets: bytes) -> list[Entry]:
    if len(octets) > _MOST_EXPONENT_OCTETS:
        return [Entry(2, "Exponent"), *hexadecimal_rows(3, octets)]
    number = der.integer(octets)
    return [Entry(2, "Exponent", f"{number} ({hex(number)})")]


def _dsa(spki: bytes, bits: bytes) -> list[Entry]:
    """RFC 3279 §2.3.2."""
    lines = [Entry(2, "Y"), *hexadecimal_rows(3, der.content(bits, der.root(bits, der.INTEGER)))]
    parameters = _parameters(spki)
    numbers = _integers(spki, parameters, 3) if parameters is not None else []
    for name, number in zip(_DSA_PARAMETERS, numbers, strict=False):
        lines += [Entry(2, name), *hexadecimal_rows(3, number)]
    return lines


def _integers(data: bytes, parent: der.Element, least: int) -> list[bytes]:
    found = [der.content(data, number) for number in der.children(data, parent)]
    if len(found) < least:
        raise der.DerError(f"{len(found)} numbers where {least} should stand")
    return found


def _parameters(spki: bytes) -> der.Element | None:
    algorithm = next(der.children(spki, der.root(spki)))
    parts = list(der.children(spki, algorithm))
    return parts[1] if len(parts) > 1 else None


def _curve(key: PublicKey) -> list[Entry]:
    """Return the named curve, or the octets of parameters that spell one out (RFC 5480 §2.1.1)."""
    parameters = _parameters(key.spki)
    if parameters is None:
        return [Entry(2, "Curve", key.curve or "none")]
    if parameters.tag == der.OID:
        return [Entry(2, "Curve", told(der.oid(der.content(key.spki, parameters))))]
    rows = hexadecimal_rows(3, der.whole(key.spki, parameters))
    return [Entry(2, "Curve", key.curve or "none"), Entry(2, "Parameters"), *rows]
