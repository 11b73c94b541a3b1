"""Keys whose private half is published or can be computed from the public one. It looks at public keys only.

Every method here is published, and each is cheap: none looks for long, whatever key a stranger sends.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import NamedTuple

from certtui.core import der
from certtui.core.finding import Fact
from certtui.core.keys import describe_key
from certtui.core.knowledge import lines, octets

SMALL_FACTOR_LIMIT = 752
"""No prime below this may divide an RSA modulus (BR §6.1.6, NIST SP 800-89 §5.3.3)."""
FERMAT_STEPS = 100
"""How far Fermat's method is followed; keys that were found weak to it fell within the first few steps."""
MAX_MODULUS_BITS = 16_384
"""Longer moduli are not examined: no client takes them (OpenSSL stops here), and they would cost time."""
MIN_MODULUS_BITS = 512
"""Shorter moduli are not examined: anybody can factor them, which is said of them as weak keys."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BadKey:
    """Why a private key is no secret."""

    trait: str
    """`published`, `debian`, `small-factor`, `close-primes` or `roca`."""
    reason: str
    """What follows the name of the key in a sentence."""
    evidence: tuple[Fact, ...]
    """What was found, by which method, from which source; never anything of the private key."""


@lru_cache(maxsize=128)
def find_bad_key(spki: bytes) -> BadKey | None:
    """Return why the private key of this SubjectPublicKeyInfo is no secret, None where no method finds anything."""
    return _published(spki) or _computable(spki)


def _computable(spki: bytes) -> BadKey | None:
    modulus = rsa_modulus(spki)
    if modulus is None or not MIN_MODULUS_BITS <= modulus.bit_length() <= MAX_MODULUS_BITS:
        return None
    return _debian(modulus) or _small_factor(modulus) or _close_primes(modulus) or _roca(modulus)


def rsa_modulus(spki: bytes) -> int | None:
    """Return the modulus of an RSA key (RFC 8017 §A.1.1), None where it is none or cannot be decoded."""
    try:
        if not describe_key(spki).algorithm.startswith("RSA"):
            return None
        octets, _ = der.bits(der.content(spki, list(der.children(spki, der.root(spki)))[1]))
        number = next(der.children(octets, der.root(octets)))
        return int.from_bytes(der.content(octets, number), "big")
    except (der.DerError, IndexError, StopIteration):
        return None


class Publication(NamedTuple):
    """Where a private key can be read."""

    publisher: str
    """A program with its version, or a standard."""
    place: str
    """The file or the section."""


@cache
def published_keys() -> dict[bytes, Publication]:
    """Return the keys that were published together with their private halves, by the SHA-256 of their SPKI."""
    found: dict[bytes, Publication] = {}
    for row in lines("published_keys.tsv"):
        digest, publisher, place = row.split("\t")
        found[bytes.fromhex(digest)] = Publication(publisher, place)
    return found


def _published(spki: bytes) -> BadKey | None:
    digest = hashlib.sha256(spki).digest()
    where = published_keys().get(digest)
    if where is None:
        return None
    return BadKey(
        trait="published",
        reason=f"is public together with its private key, in {where.publisher}, {where.place}",
        evidence=(
            Fact("private key published in", f"{where.publisher}, {where.place}"),
            Fact("SHA-256 of the public key", digest.hex()),
        ),
    )


_DEBIAN_OCTETS = 8
"""How much of each fingerprint the shipped list keeps."""


@cache
def _debian_list() -> bytes:
    """Return the fingerprints of all keys of 2048 bits that OpenSSL's own commands could make, sorted.

    `scripts/make_debian_weak_keys.c` makes the list by running Debian's generator of that time for every process id.
    """
    return octets("debian_weak_keys.bin")


def debian_fingerprint(modulus: int) -> str:
    """Return what Debian's openssl-blacklist knows a key by: the last 20 digits of a SHA-1 over its modulus."""
    line = f"Modulus={modulus:X}\n".encode()
    return hashlib.sha1(line, usedforsecurity=False).hexdigest()[-20:]


def _debian(modulus: int) -> BadKey | None:
    """CVE-2008-0166: the process id was all that told one key from another; DSA-1571, USN-612."""
    if modulus.bit_length() != 2048:
        return None
    fingerprint = debian_fingerprint(modulus)
    wanted, listed = bytes.fromhex(fingerprint)[-_DEBIAN_OCTETS:], _debian_list()

    def entry(place: int) -> bytes:
        return listed[place * _DEBIAN_OCTETS : (place + 1) * _DEBIAN_OCTETS]

    if entry(bisect_left(range(len(listed) // _DEBIAN_OCTETS), wanted, key=entry)) != wanted:
        return None
    return BadKey(
        trait="debian",
        reason="is one of the few that Debian's OpenSSL could make from 2006 to 2008 (CVE-2008-0166)",
        evidence=(
            Fact("method", "looked up among the keys that the flawed random numbers lead to, DSA-1571"),
            Fact("fingerprint (openssl-blacklist)", fingerprint),
        ),
    )


@cache
def _primes_below(limit: int) -> tuple[int, ...]:
    return tuple(n for n in range(2, limit) if all(n % factor for factor in range(2, math.isqrt(n) + 1)))


@cache
def _small_primes_product() -> int:
    return math.prod(_primes_below(SMALL_FACTOR_LIMIT))


def _small_factor(modulus: int) -> BadKey | None:
    common = math.gcd(modulus % _small_primes_product(), _small_primes_product())
    if common == 1:
        return None
    factor = next(prime for prime in _primes_below(SMALL_FACTOR_LIMIT) if common % prime == 0)
    return BadKey(
        trait="small-factor",
        reason=f"has a modulus that {factor} divides; a sound one has two large prime factors and no other",
        evidence=(
            Fact("smallest factor", str(factor)),
            Fact("method", f"division by every prime below {SMALL_FACTOR_LIMIT}, BR §6.1.6"),
        ),
    )


_SQUARES_MOD_64 = frozenset(number * number % 64 for number in range(64))
_SQUARES_MOD_3465 = frozenset(number * number % 3465 for number in range(3465))
"""3465 = 9 · 5 · 7 · 11: of the numbers that are no squares few are squares modulo all of these and 64."""


def fermat_steps(modulus: int) -> int | None:
    """Return the step at which Fermat's method factors an odd modulus, None within `FERMAT_STEPS`.

    With p and q close, their mean is just above √n, and mean² − n is the square of half their difference.
    """
    mean = math.isqrt(modulus)
    if mean * mean == modulus:
        return 0
    mean += 1
    rest = mean * mean - modulus
    for step in range(1, FERMAT_STEPS + 1):
        may_be_square = rest & 63 in _SQUARES_MOD_64 and rest % 3465 in _SQUARES_MOD_3465
        if may_be_square and math.isqrt(rest) ** 2 == rest:
            return step
        rest += 2 * mean + 1
        mean += 1
    return None


def _close_primes(modulus: int) -> BadKey | None:
    step = fermat_steps(modulus)
    if step is None:
        return None
    found = f"at step {step}" if step else "at once, since they are equal"
    return BadKey(
        trait="close-primes",
        reason=f"has two primes so close together that Fermat's method finds them {found} (CVE-2022-26320)",
        evidence=(
            Fact("steps of Fermat's method", str(step)),
            Fact(
                "method", f"Fermat's factorization, at most {FERMAT_STEPS} steps; fermatattack.secvuln.info"
            ),
        ),
    )


_ROCA_GENERATOR = 65_537
_ROCA_PRIMES_BELOW = 168
"""The primes that the modulus of the smallest such keys is built on: 2 to 167; larger keys use these and more."""


class _Logarithms(NamedTuple):
    prime: int
    order: int
    """How many numbers are powers of the generator modulo `prime`."""
    exponents: dict[int, int]


@cache
def _roca_tables() -> tuple[_Logarithms, ...]:
    return tuple(_logarithms(prime) for prime in _primes_below(_ROCA_PRIMES_BELOW)[1:])


def _logarithms(prime: int) -> _Logarithms:
    exponents: dict[int, int] = {}
    power = 1
    while power not in exponents:
        exponents[power] = len(exponents)
        power = power * _ROCA_GENERATOR % prime
    return _Logarithms(prime, len(exponents), exponents)


def has_roca_fingerprint(modulus: int) -> bool:
    """Return whether one power of 65537 is congruent to `modulus` modulo every prime from 3 to 167 (CVE-2017-15361).

    Infineon's primes are k·M + (65537^a mod M), M a product of the first primes, so that their product is a power
    of 65537 modulo M too; of other numbers one in 2^154 is (Nemec et al., CCS 2017, §3).
    """
    exponent, period = 0, 1
    for prime, order, exponents in _roca_tables():
        here = exponents.get(modulus % prime)
        shared = math.gcd(period, order)
        if here is None or (here - exponent) % shared:
            return False
        # The Chinese remainder theorem: the least exponent that is right for this prime and all before it.
        turns = (here - exponent) // shared * pow(period // shared, -1, order // shared) % (order // shared)
        exponent += period * turns
        period *= order // shared
    return True


def _roca(modulus: int) -> BadKey | None:
    if not has_roca_fingerprint(modulus):
        return None
    return BadKey(
        trait="roca",
        reason="bears the mark of Infineon's flawed library, whose primes can be computed (CVE-2017-15361)",
        evidence=(
            Fact("modulus", "a power of 65537 modulo every prime from 3 to 167"),
            Fact("method", "fingerprint of Nemec et al., The Return of Coppersmith's Attack, CCS 2017"),
        ),
    )
