"""Keys whose private half is known or can be computed are recognised, and no others."""

from __future__ import annotations

import base64
import hashlib
import math
import random
import ssl
import subprocess
from functools import cache
from importlib import resources
from itertools import pairwise

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.bad_keys import (
    FERMAT_STEPS,
    MAX_MODULUS_BITS,
    debian_fingerprint,
    fermat_steps,
    find_bad_key,
    has_roca_fingerprint,
    published_keys,
    rsa_modulus,
)
from tests.core.forge import rsa_spki
from tests.requirements import needs

_DEBIAN_AMD64_PID_1000 = int(
    "BDC2EE594E00CAC0EF15BB0A79CA50300DE5918B8E18093B0101B6DF0E2EB8337A5CC9E686EA595CA66E6EA1120E6D79"
    "F3ADB76A3E2D92B8604829C4879DFCA05CD8D467FCE7DF0C4AFC32CA757F1CF641900BCADE1EF1F96E3AFDF782A96435"
    "0C313EAE92283621D8D19578F6CE27168001345AB1AA3D6463DBC12BA20CE88F81AA1C457F5BB20ABBC8B8F38091E2E1"
    "302EC2374431FE3D7248D5CBA88E503E6AAD9B7DDC809DDAC521EEBD9959681E2172A4AD255D825A21CCB1A94C40F584"
    "9EEDB3036102D4A886E2BA22CE80FDE37FA22864052DC546FAE05BA17EEC6F72140A6F900B7045C3CBB2B5D781B49EF6"
    "A885B46A5E57645D8E0CCD5054C9B465",
    16,
)
"""What `openssl genrsa 2048` made as process 1000 on a Debian of 2008, as HARICA published it."""


def _passes_fermats_test(number: int) -> bool:
    return math.gcd(number, 3 * 5 * 7 * 11 * 13) == 1 and pow(2, number - 1, number) == 1


@cache
def _primes() -> tuple[int, int]:
    """Return two primes of 512 bits."""
    numbers = rsa.generate_private_key(65537, 1024).private_numbers()
    return numbers.p, numbers.q


def _infineon_prime(seed: int) -> int:
    """Return a prime of 512 bits as Infineon's library made them (Nemec et al., CCS 2017, §2.3)."""
    product = math.prod(number for number in range(2, 354) if _is_prime(number))

    source = random.Random(seed)
    while True:
        power = pow(65537, source.getrandbits(256), product)
        number = source.getrandbits(512 - product.bit_length()) * product + power
        if number.bit_length() == 512 and _passes_fermats_test(number):
            return number


@cache
def _fresh_modulus() -> int:
    return rsa.generate_private_key(65537, 2048).public_key().public_numbers().n


def _trait(modulus: int) -> str | None:
    bad = find_bad_key(rsa_spki(modulus, 65537))
    return bad.trait if bad else None


def test_a_fresh_rsa_key_is_not_bad() -> None:
    assert _trait(_fresh_modulus()) is None


def test_a_key_of_infineons_library_is_recognised() -> None:
    modulus = _infineon_prime(1) * _infineon_prime(2)

    assert _trait(modulus) == "roca"


def test_one_prime_of_infineons_library_is_not_enough() -> None:
    modulus = _infineon_prime(1) * _primes()[0]

    assert _trait(modulus) is None


def test_powers_of_65537_modulo_each_prime_must_be_the_same_power() -> None:
    primes = [number for number in range(3, 168) if _is_prime(number)]
    others = math.prod(primes[1:])
    power = pow(65537, 12345, 3 * others)
    # Modulo 3 both 1 and 2 are powers of 65537, but only one of them is the 12345th.
    other_power = next(
        number for number in (power + others, power + 2 * others) if number % 3 not in (0, power % 3)
    )

    assert has_roca_fingerprint(power)
    assert not has_roca_fingerprint(other_power)


def _is_prime(number: int) -> bool:
    return all(number % factor for factor in range(2, math.isqrt(number) + 1))


@pytest.mark.parametrize("step", [1, 2, FERMAT_STEPS])
def test_close_primes_are_found_at_the_step_that_their_distance_says(step: int) -> None:
    assert fermat_steps(_modulus_for_step(step)) == step


def test_primes_further_apart_are_left_alone() -> None:
    assert fermat_steps(_modulus_for_step(FERMAT_STEPS + 1)) is None


def _modulus_for_step(step: int) -> int:
    """Return mean² − half², whose root lies just below mean − step + 1."""
    mean = 1 << 1023
    half = math.isqrt(2 * mean * step - mean) | 1
    return (mean - half) * (mean + half)


def test_neighbouring_primes_make_a_bad_key() -> None:
    first, _ = _primes()
    second = first + 2
    while not _passes_fermats_test(second):
        second += 2

    assert _trait(first * second) == "close-primes"


def test_the_square_of_a_prime_is_a_bad_key() -> None:
    assert _trait(_primes()[0] ** 2) == "close-primes"


@pytest.mark.parametrize(("factor", "trait"), [(2, "small-factor"), (751, "small-factor"), (757, None)])
def test_factors_below_752_are_found(factor: int, trait: str | None) -> None:
    assert _trait(factor * _fresh_modulus()) == trait


def test_a_key_of_debians_openssl_of_2008_is_recognised() -> None:
    assert _trait(_DEBIAN_AMD64_PID_1000) == "debian"


def test_a_number_beside_a_debian_key_is_not_one() -> None:
    assert _trait(_DEBIAN_AMD64_PID_1000 + 6) != "debian"


@needs("openssl")
def test_the_debian_fingerprint_is_the_hash_of_what_openssl_prints() -> None:
    pem = ssl.DER_cert_to_PEM_cert(rsa_spki(_DEBIAN_AMD64_PID_1000, 65537)).replace(
        "CERTIFICATE", "PUBLIC KEY"
    )
    printed = subprocess.run(
        ["openssl", "rsa", "-pubin", "-noout", "-modulus"],
        input=pem.encode(),
        capture_output=True,
        check=True,
    ).stdout

    assert debian_fingerprint(_DEBIAN_AMD64_PID_1000) == hashlib.sha1(printed).hexdigest()[20:]


def test_a_key_of_a_standard_is_known_to_be_published() -> None:
    x, y = "QiVI-I-3gv-17KN0RFLHKh5Vj71vc75eSOkyMsxFxbE", "bEzRDEy41bihcTnpSILImSVymTQl9BQZq36QpCpJQnI"
    key = ec.EllipticCurvePublicNumbers(_number(x), _number(y), ec.SECP256R1()).public_key()

    bad = find_bad_key(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))

    assert bad is not None
    assert bad.reason == "is public together with its private key, in RFC 9500, testECCP256"


def _number(encoded: str) -> int:
    return int.from_bytes(base64.urlsafe_b64decode(encoded + "="), "big")


def test_a_fresh_key_on_a_curve_is_not_bad() -> None:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()

    assert find_bad_key(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)) is None


def test_every_published_key_says_where_it_can_be_read() -> None:
    assert len(published_keys()) > 400
    for digest, where in published_keys().items():
        assert len(digest) == 32
        assert all(text and text.isprintable() and text.isascii() for text in where), where


def test_the_list_of_debian_keys_is_sorted_and_holds_each_once() -> None:
    octets = resources.files("certtui.knowledge").joinpath("debian_weak_keys.bin").read_bytes()
    entries = [octets[place : place + 8] for place in range(0, len(octets), 8)]

    assert len(octets) % 8 == 0
    assert all(before < after for before, after in pairwise(entries))


@pytest.mark.parametrize("bits", [256, MAX_MODULUS_BITS + 1, 200_000])
def test_moduli_of_absurd_length_are_not_examined(bits: int) -> None:
    assert _trait(1 << (bits - 1)) is None


@given(st.integers(min_value=0, max_value=1 << 2100))
def test_any_modulus_has_an_answer(modulus: int) -> None:
    assert rsa_modulus(rsa_spki(modulus, 3)) == modulus
    find_bad_key(rsa_spki(modulus, 3))


@given(st.binary(max_size=80))
def test_octets_that_are_no_key_are_no_bad_key(octets: bytes) -> None:
    assert find_bad_key(octets) is None
