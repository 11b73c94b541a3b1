"""Signatures verify, do not verify, or cannot be judged; the three are never mixed up."""

from __future__ import annotations

import time
from dataclasses import dataclass

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, padding, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.signatures import signature_verifies
from tests.core.forge import tlv

without_deadline = settings(deadline=None)
"""For tests whose first example makes keys, which takes as long as it takes."""

SIGNED = b"the octets that were signed"
RSA_KEY = rsa.generate_private_key(65537, 2048)
EC_KEY = ec.generate_private_key(ec.SECP256R1())
DSA_KEY = dsa.generate_private_key(1024)
ED25519_KEY = ed25519.Ed25519PrivateKey.generate()
ED448_KEY = ed448.Ed448PrivateKey.generate()


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _identifier(oid: str, *parameters: bytes) -> bytes:
    return tlv(der.SEQUENCE, tlv(der.OID, bytes.fromhex(oid)), *parameters)


RSA_SHA256 = _identifier("2a864886f70d01010b", b"\x05\x00")
RSA_MD5 = _identifier("2a864886f70d010104", b"\x05\x00")
RSA_MD2 = _identifier("2a864886f70d010102", b"\x05\x00")
ECDSA_SHA256 = _identifier("2a8648ce3d040302")
ECDSA_SHA384 = _identifier("2a8648ce3d040303")
UNKNOWN = _identifier("2a0304")
SHA256_WITHIN = _identifier("608648016503040201", b"\x05\x00")
PSS_SHA256 = _identifier(
    "2a864886f70d01010a",
    tlv(
        der.SEQUENCE,
        tlv(0xA0, SHA256_WITHIN),
        tlv(0xA1, _identifier("2a864886f70d010108", SHA256_WITHIN)),
        tlv(0xA2, tlv(der.INTEGER, b"\x20")),
    ),
)


@dataclass(frozen=True, slots=True)
class Case:
    """A signature, with what it was made by."""

    name: str
    spki: bytes
    identifier: bytes
    signature: bytes


def _pss(salt_octets: int) -> bytes:
    scheme = padding.PSS(padding.MGF1(hashes.SHA256()), salt_octets)
    return RSA_KEY.sign(SIGNED, scheme, hashes.SHA256())


_RSA, _EC, _DSA = _spki(RSA_KEY.public_key()), _spki(EC_KEY.public_key()), _spki(DSA_KEY.public_key())
_ED25519, _ED448 = _spki(ED25519_KEY.public_key()), _spki(ED448_KEY.public_key())
GOOD = [
    Case("RSA PKCS1", _RSA, RSA_SHA256, RSA_KEY.sign(SIGNED, padding.PKCS1v15(), hashes.SHA256())),
    Case("RSA MD5", _RSA, RSA_MD5, RSA_KEY.sign(SIGNED, padding.PKCS1v15(), hashes.MD5())),
    Case("RSA PSS", _RSA, PSS_SHA256, _pss(32)),
    Case("ECDSA SHA-256", _EC, ECDSA_SHA256, EC_KEY.sign(SIGNED, ec.ECDSA(hashes.SHA256()))),
    Case("ECDSA SHA-384", _EC, ECDSA_SHA384, EC_KEY.sign(SIGNED, ec.ECDSA(hashes.SHA384()))),
    Case("DSA", _DSA, _identifier("608648016503040302"), DSA_KEY.sign(SIGNED, hashes.SHA256())),
    Case("Ed25519", _ED25519, _identifier("2b6570"), ED25519_KEY.sign(SIGNED)),
    Case("Ed448", _ED448, _identifier("2b6571"), ED448_KEY.sign(SIGNED)),
]
each_good_case = pytest.mark.parametrize("case", GOOD, ids=lambda case: str(case.name))


@each_good_case
def test_a_signature_by_the_key_verifies(case: Case) -> None:
    assert signature_verifies(case.spki, case.identifier, SIGNED, case.signature) is True


@each_good_case
def test_a_signature_over_other_octets_does_not_verify(case: Case) -> None:
    assert signature_verifies(case.spki, case.identifier, SIGNED + b".", case.signature) is False


@each_good_case
def test_a_signature_with_a_bit_turned_over_does_not_verify(case: Case) -> None:
    changed = case.signature[:-1] + bytes((case.signature[-1] ^ 1,))

    assert signature_verifies(case.spki, case.identifier, SIGNED, changed) is False


@pytest.mark.parametrize(
    ("spki", "case"),
    [
        (_spki(rsa.generate_private_key(65537, 2048).public_key()), GOOD[0]),
        (_spki(ec.generate_private_key(ec.SECP256R1()).public_key()), GOOD[3]),
        (_spki(ec.generate_private_key(ec.SECP384R1()).public_key()), GOOD[3]),
        (_spki(ed25519.Ed25519PrivateKey.generate().public_key()), GOOD[6]),
        (_EC, GOOD[0]),
        (_RSA, GOOD[3]),
        (_RSA, GOOD[5]),
        (_ED25519, GOOD[0]),
        (_ED25519, GOOD[7]),
    ],
    ids=[
        "RSA",
        "EC",
        "curve",
        "Ed25519",
        "EC for RSA",
        "RSA for EC",
        "RSA for DSA",
        "Ed for RSA",
        "25519 for 448",
    ],
)
def test_a_signature_by_another_key_does_not_verify(spki: bytes, case: Case) -> None:
    assert signature_verifies(spki, case.identifier, SIGNED, case.signature) is False


def test_a_hash_other_than_the_one_named_does_not_verify() -> None:
    assert signature_verifies(_EC, ECDSA_SHA384, SIGNED, GOOD[3].signature) is False


@pytest.mark.parametrize("salt_octets", [0, 20, 32, 64])
def test_a_pss_salt_has_the_length_that_the_parameters_say(salt_octets: int) -> None:
    assert signature_verifies(_RSA, PSS_SHA256, SIGNED, _pss(salt_octets)) is (salt_octets == 32)


def test_a_pss_mask_may_have_another_hash_and_has_sha1_by_default() -> None:
    identifier = _identifier("2a864886f70d01010a", tlv(der.SEQUENCE, tlv(0xA0, SHA256_WITHIN)))
    scheme = padding.PSS(padding.MGF1(hashes.SHA1()), 20)
    signature = RSA_KEY.sign(SIGNED, scheme, hashes.SHA256())

    assert signature_verifies(_RSA, identifier, SIGNED, signature) is True
    assert signature_verifies(_RSA, PSS_SHA256, SIGNED, signature) is False


@pytest.mark.parametrize(
    ("spki", "identifier"),
    [
        (_RSA, UNKNOWN),
        (_RSA, RSA_MD2),
        (_RSA, b""),
        (_RSA, b"\x30\x00"),
        (_EC, UNKNOWN),
        (b"", RSA_SHA256),
        (b"\x30\x00", RSA_SHA256),
        (_RSA[:-1], RSA_SHA256),
        (_spki(x25519.X25519PrivateKey.generate().public_key()), UNKNOWN),
    ],
    ids=[
        "unknown algorithm",
        "hash nobody computes",
        "no algorithm",
        "empty algorithm",
        "unknown algorithm, EC",
        "no key",
        "empty key",
        "key cut off",
        "key that cannot sign",
    ],
)
def test_what_cannot_be_decided_is_neither_true_nor_false(spki: bytes, identifier: bytes) -> None:
    assert signature_verifies(spki, identifier, SIGNED, bytes(256)) is None


def test_a_modulus_too_large_to_compute_with_is_left_undecided_at_once() -> None:
    modulus = b"\x7f" + b"\xff" * 8_191
    key = tlv(der.SEQUENCE, tlv(der.INTEGER, modulus), tlv(der.INTEGER, b"\x01\x00\x01"))
    spki = tlv(
        der.SEQUENCE, _identifier("2a864886f70d010101", b"\x05\x00"), tlv(der.BIT_STRING, b"\x00", key)
    )
    started = time.perf_counter()

    outcome = signature_verifies(spki, RSA_SHA256, SIGNED, bytes(8_192))

    assert outcome is None
    assert time.perf_counter() - started < 1.0


@without_deadline
@given(st.sampled_from(GOOD), st.binary(max_size=300))
def test_any_octets_as_a_signature_are_judged_without_an_exception(case: Case, signature: bytes) -> None:
    assert signature_verifies(case.spki, case.identifier, SIGNED, signature) in (False, None)


@without_deadline
@given(st.sampled_from(GOOD), st.integers(0, 10_000), st.integers(1, 255), st.booleans())
def test_a_changed_key_or_algorithm_is_judged_without_an_exception(
    case: Case, position: int, change: int, in_key: bool
) -> None:
    changed = bytearray(case.spki if in_key else case.identifier)
    changed[position % len(changed)] ^= change
    spki, identifier = (bytes(changed), case.identifier) if in_key else (case.spki, bytes(changed))

    assert signature_verifies(spki, identifier, SIGNED, case.signature) in (True, False, None)
