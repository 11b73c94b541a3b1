"""Keys and signature algorithms are described as cryptography describes them."""

from __future__ import annotations

import hashlib
import subprocess
from contextlib import suppress
from functools import cache

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import (
    dsa,
    ec,
    ed448,
    ed25519,
    padding,
    rsa,
    x448,
    x25519,
)
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.keys import PublicKey, describe_key, describe_signature_algorithm
from certtui.lab.pki import now_to_the_second
from tests.core.forge import tlv
from tests.requirements import needs

PSS_OID = bytes.fromhex("2a864886f70d01010a")


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


@cache
def _rsa(bits: int) -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, bits)


@pytest.mark.parametrize("bits", [1024, 2048, 2056])
def test_an_rsa_key_is_as_long_as_its_modulus(bits: int) -> None:
    described = describe_key(_spki(_rsa(bits).public_key()))

    assert (described.algorithm, described.bits, described.curve) == ("RSA", bits, None)
    assert described.label == f"RSA {bits} bits"


@pytest.mark.parametrize(
    ("curve", "name"),
    [
        (ec.SECP192R1(), "P-192"),
        (ec.SECP224R1(), "P-224"),
        (ec.SECP256R1(), "P-256"),
        (ec.SECP384R1(), "P-384"),
        (ec.SECP521R1(), "P-521"),
        (ec.SECP256K1(), "secp256k1"),
        (ec.BrainpoolP256R1(), "brainpoolP256r1"),
        (ec.BrainpoolP384R1(), "brainpoolP384r1"),
        (ec.BrainpoolP512R1(), "brainpoolP512r1"),
    ],
)
def test_an_elliptic_curve_is_named_and_measured_by_its_field(curve: ec.EllipticCurve, name: str) -> None:
    described = describe_key(_spki(ec.generate_private_key(curve).public_key()))

    assert (described.algorithm, described.bits, described.curve) == ("EC", curve.key_size, name)
    assert described.label == f"EC {name}"


@pytest.mark.parametrize(
    ("key", "name", "bits"),
    [
        (ed25519.Ed25519PrivateKey.generate().public_key(), "Ed25519", 256),
        (ed448.Ed448PrivateKey.generate().public_key(), "Ed448", 456),
        (x25519.X25519PrivateKey.generate().public_key(), "X25519", 253),
        (x448.X448PrivateKey.generate().public_key(), "X448", 448),
    ],
    ids=["Ed25519", "Ed448", "X25519", "X448"],
)
def test_a_key_of_fixed_size_is_called_by_its_name_alone(key: PublicKeyTypes, name: str, bits: int) -> None:
    described = describe_key(_spki(key))

    assert (described.algorithm, described.bits, described.label) == (name, bits, name)


def test_a_dsa_key_is_as_long_as_its_prime() -> None:
    described = describe_key(_spki(dsa.generate_private_key(1024).public_key()))

    assert (described.algorithm, described.bits, described.label) == ("DSA", 1024, "DSA 1024 bits")


def test_a_dsa_key_that_inherits_its_parameters_has_no_size() -> None:
    algorithm = tlv(der.SEQUENCE, tlv(der.OID, bytes.fromhex("2a8648ce380401")))
    spki = tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\x00\x02\x01\x05"))

    assert describe_key(spki).bits is None


def _made_by_openssl(*command: str) -> bytes:
    """Return the SubjectPublicKeyInfo of a key that an OpenSSL command makes."""
    private = subprocess.run(["openssl", *command], capture_output=True, check=True, timeout=60).stdout
    return subprocess.run(
        ["openssl", "pkey", "-pubout", "-outform", "DER"],
        input=private,
        capture_output=True,
        check=True,
        timeout=60,
    ).stdout


@needs("openssl")
def test_an_rsa_key_for_pss_alone_is_told_apart() -> None:
    spki = _made_by_openssl("genpkey", "-algorithm", "RSA-PSS", "-pkeyopt", "rsa_keygen_bits:2048")

    described = describe_key(spki)

    assert (described.algorithm, described.bits) == ("RSA-PSS", 2048)


@needs("openssl")
def test_a_curve_that_is_spelled_out_has_no_name() -> None:
    spki = _made_by_openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-param_enc", "explicit")

    described = describe_key(spki)

    assert (described.algorithm, described.bits, described.curve) == ("EC", 256, "explicit parameters")


def test_a_curve_without_a_name_keeps_its_oid() -> None:
    algorithm = tlv(
        der.SEQUENCE, tlv(der.OID, bytes.fromhex("2a8648ce3d0201")), tlv(der.OID, b"\x2a\x03\x04")
    )

    described = describe_key(tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\x00\x04")))

    assert (described.curve, described.bits) == ("1.2.3.4", None)


def test_an_algorithm_without_a_name_keeps_its_oid() -> None:
    algorithm = tlv(der.SEQUENCE, tlv(der.OID, b"\x2a\x03\x04"))

    described = describe_key(tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\x00")))

    assert (described.algorithm, described.label, described.bits) == ("1.2.3.4", "1.2.3.4", None)


def test_a_pin_is_the_hash_of_the_whole_key_info() -> None:
    spki = _spki(_rsa(1024).public_key())

    assert describe_key(spki).spki_sha256 == hashlib.sha256(spki).digest()


@pytest.mark.parametrize(
    ("spki", "what"),
    [
        (b"", "the data ends"),
        (b"\x30\x00", "without an algorithm"),
        (tlv(der.SEQUENCE, tlv(der.SEQUENCE), tlv(der.BIT_STRING, b"\x00")), "not named"),
        (
            tlv(
                der.SEQUENCE,
                tlv(der.SEQUENCE, tlv(der.OID, bytes.fromhex("2a864886f70d010101"))),
                tlv(der.BIT_STRING, b"\x00\x30\x00"),
            ),
            "without a modulus",
        ),
    ],
    ids=["nothing", "empty", "no algorithm", "no modulus"],
)
def test_what_is_no_key_is_told(spki: bytes, what: str) -> None:
    with pytest.raises(der.DerError, match=what):
        describe_key(spki)


SPKIS = [
    _spki(ec.generate_private_key(ec.SECP256R1()).public_key()),
    _spki(ed25519.Ed25519PrivateKey.generate().public_key()),
    _spki(dsa.generate_private_key(1024).public_key()),
    _spki(rsa.generate_private_key(65537, 1024).public_key()),
]


@given(st.sampled_from(SPKIS), st.integers(0, 10_000), st.integers(1, 255))
def test_a_key_with_an_octet_changed_is_described_or_refused(spki: bytes, position: int, change: int) -> None:
    changed = bytearray(spki)
    changed[position % len(spki)] ^= change

    with suppress(der.DerError):
        assert isinstance(describe_key(bytes(changed)), PublicKey)


def _signed_by_rsa(digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512, *, pss: bool) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a")])
    now = now_to_the_second()
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).serial_number(1)
    builder = builder.public_key(_rsa(2048).public_key()).not_valid_before(now).not_valid_after(now)
    scheme = padding.PSS(padding.MGF1(digest), digest.digest_size) if pss else padding.PKCS1v15()
    return builder.sign(_rsa(2048), digest, rsa_padding=scheme)


def _identifier(certificate: x509.Certificate) -> bytes:
    octets = certificate.public_bytes(Encoding.DER)
    return der.whole(octets, list(der.children(octets, der.root(octets)))[1])


@pytest.mark.parametrize(
    "digest", [hashes.SHA256(), hashes.SHA384(), hashes.SHA512()], ids=lambda d: str(d.name)
)
def test_a_pss_signature_s_hash_is_found_in_its_parameters(
    digest: hashes.SHA256 | hashes.SHA384 | hashes.SHA512,
) -> None:
    certificate = _signed_by_rsa(digest, pss=True)

    described = describe_signature_algorithm(_identifier(certificate))

    assert described.name == "RSASSA-PSS"
    assert described.oid == certificate.signature_algorithm_oid.dotted_string
    assert described.hash_name == digest.name


@pytest.mark.parametrize(
    "parameters",
    [b"", tlv(der.SEQUENCE), b"\x05\x00", tlv(der.SEQUENCE, tlv(0xA2, tlv(der.INTEGER, b"\x14")))],
    ids=["none", "empty", "null", "salt alone"],
)
def test_a_pss_signature_without_a_hash_uses_sha1(parameters: bytes) -> None:
    identifier = tlv(der.SEQUENCE, tlv(der.OID, PSS_OID), parameters)

    assert describe_signature_algorithm(identifier).hash_name == "sha1"


def test_a_pss_signature_with_an_unknown_hash_has_no_hash() -> None:
    algorithm = tlv(0xA0, tlv(der.SEQUENCE, tlv(der.OID, b"\x2a\x03\x04")))
    identifier = tlv(der.SEQUENCE, tlv(der.OID, PSS_OID), tlv(der.SEQUENCE, algorithm))

    assert describe_signature_algorithm(identifier).hash_name is None


@pytest.mark.parametrize(
    ("oid", "name", "hash_name"),
    [
        ("2a864886f70d010104", "md5WithRSAEncryption", "md5"),
        ("2a864886f70d010105", "sha1WithRSAEncryption", "sha1"),
        ("2a864886f70d01010b", "sha256WithRSAEncryption", "sha256"),
        ("2a864886f70d01010c", "sha384WithRSAEncryption", "sha384"),
        ("2a864886f70d01010d", "sha512WithRSAEncryption", "sha512"),
        ("2a8648ce3d0401", "ecdsa-with-SHA1", "sha1"),
        ("2a8648ce3d040302", "ecdsa-with-SHA256", "sha256"),
        ("2a8648ce3d040303", "ecdsa-with-SHA384", "sha384"),
        ("2a8648ce380403", "dsa-with-sha1", "sha1"),
        ("608648016503040302", "dsa-with-sha256", "sha256"),
        ("2b6570", "Ed25519", None),
        ("2b6571", "Ed448", None),
        ("2a0304", "1.2.3.4", None),
    ],
)
def test_a_signature_algorithm_has_the_name_and_the_hash_of_its_oid(
    oid: str, name: str, hash_name: str | None
) -> None:
    described = describe_signature_algorithm(tlv(der.SEQUENCE, tlv(der.OID, bytes.fromhex(oid))))

    assert (described.name, described.hash_name) == (name, hash_name)


@pytest.mark.parametrize("tag", [0xA0, 0xA1, 0xA2])
def test_an_empty_parameter_of_pss_is_told(tag: int) -> None:
    identifier = tlv(der.SEQUENCE, tlv(der.OID, PSS_OID), tlv(der.SEQUENCE, tlv(tag)))

    with pytest.raises(der.DerError):
        describe_signature_algorithm(identifier)


@pytest.mark.parametrize("identifier", [b"", b"\x30\x00", b"\x31\x00", tlv(der.SEQUENCE, b"\x05\x00")])
def test_a_signature_algorithm_without_an_oid_is_refused(identifier: bytes) -> None:
    with pytest.raises(der.DerError):
        describe_signature_algorithm(identifier)
