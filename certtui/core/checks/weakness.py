"""Keys and signatures that are too weak (BR §6.1.5, §7.1.3.2)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.checks.case import Case, judged_links, role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.keys import PublicKey
from certtui.core.paths import Link, Path


def leaf_weakness(case: Case) -> Iterator[Finding]:
    """Yield the weaknesses of the leaf; a self-signature protects nothing, so its hash is not judged."""
    link = case.best.links[0]
    yield from _weak_key(link)
    if not case.leaf.is_self_signed:
        yield from _weak_signature(link)


def path_weakness(path: Path) -> Iterator[Finding]:
    """Yield the weaknesses of a path's certificates above the leaf."""
    judged = set(judged_links(path))
    for link in path.links[1:]:
        yield from _weak_key(link)
        if link in judged and not link.certificate.is_self_signed:
            yield from _weak_signature(link)


def _weak_key(link: Link) -> Iterator[Finding]:
    key = link.certificate.key
    minimum = _minimum(key)
    if minimum:
        yield finding(
            Code.WEAK_KEY,
            f"the key of {role(link)} is {key.label}; {minimum} is the least that public CAs may certify",
            Fact("key", key.label),
            Fact("minimum", minimum),
            certificate=link.index,
        )
    elif key.exponent is not None and (key.exponent < 3 or not key.exponent & 1):
        bits = key.exponent.bit_length()
        exponent = str(key.exponent) if bits <= 64 else f"an even number of {bits} bits"
        yield finding(
            Code.WEAK_KEY,
            f"the public exponent of {role(link)} is {exponent}; it must be odd and at least 3",
            Fact("key", key.label),
            Fact("public exponent", exponent),
            certificate=link.index,
        )
    elif key.algorithm.startswith("RSA") and key.bits is not None and key.bits % 8:
        yield finding(
            Code.WEAK_KEY,
            f"the modulus of {role(link)} has {key.bits} bits; public CAs may certify multiples of 8 only",
            Fact("key", key.label),
            Fact("rule", "BR §6.1.5: the size of the modulus in bits is evenly divisible by 8"),
            certificate=link.index,
            severity=Severity.WARNING,
        )


def _minimum(key: PublicKey) -> str | None:
    least = limits()
    if key.algorithm.startswith("RSA") and key.bits is not None and key.bits < least.minimum_rsa_bits:
        return f"RSA {least.minimum_rsa_bits} bits"
    if key.algorithm == "EC" and key.bits is not None and key.bits < least.minimum_curve_bits:
        return "EC P-256"
    return "RSA 2048 bits or EC P-256" if key.algorithm == "DSA" else None


def _weak_signature(link: Link) -> Iterator[Finding]:
    signature = link.certificate.signature
    if signature.hash_name in limits().broken_hashes:
        yield finding(
            Code.WEAK_SIGNATURE,
            f"{role(link)} is signed with {signature.name}, whose hash is broken; sha256 is expected",
            Fact("signature algorithm", signature.name),
            Fact("expected", "sha256 or better"),
            certificate=link.index,
        )
