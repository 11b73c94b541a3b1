"""Each kind of key that clients dispute, and each key that is no secret, against one that nearly is."""

from __future__ import annotations

from pathlib import Path as FilePath

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa, ec, ed448, ed25519, mldsa, rsa, x25519
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certtui.core import der
from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.keys import leaf_keys, path_keys
from certtui.core.checks.weakness import leaf_weakness
from certtui.core.finding import Finding
from certtui.core.paths import find_paths
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf
from tests.core.forge import rsa_spki, tlv, with_key
from tests.core.openssl import verify_errors
from tests.requirements import needs

_EC = bytes.fromhex("06072a8648ce3d0201")
_SECT283R1 = bytes.fromhex("06052b81040011")
_GOST = bytes.fromhex("06082a85030701010101")
_RSASSA_PSS = bytes.fromhex("06092a864886f70d01010a")


def _spki(key: PublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


def _on(curve: ec.EllipticCurve) -> bytes:
    return _spki(ec.generate_private_key(curve).public_key())


def _of_kind(algorithm: bytes, spki: bytes) -> bytes:
    """Return the key with another algorithm's name."""
    _, bits = der.children(spki, der.root(spki))
    return tlv(der.SEQUENCE, tlv(der.SEQUENCE, algorithm), der.whole(spki, bits))


def _explicit() -> bytes:
    """Return a key on P-256 with its curve written out (RFC 3279 §2.3.5)."""
    prime = (1 << 256) - (1 << 224) + (1 << 192) + (1 << 96) - 1
    order = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
    b = 0x5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B
    point = ec.derive_private_key(1, ec.SECP256R1()).public_key()
    generator = point.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    bits = key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)

    def number(value: int) -> bytes:
        return tlv(der.INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))

    field = tlv(der.SEQUENCE, bytes.fromhex("06072a8648ce3d0101"), number(prime))
    a_octets, b_octets = ((prime - 3).to_bytes(32, "big"), b.to_bytes(32, "big"))
    curve = tlv(der.SEQUENCE, tlv(der.OCTET_STRING, a_octets), tlv(der.OCTET_STRING, b_octets))
    parameters = tlv(
        der.SEQUENCE, number(1), field, curve, tlv(der.OCTET_STRING, generator), number(order), number(1)
    )
    algorithm = tlv(der.SEQUENCE, _EC, parameters)
    return tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, b"\x00" + bits))


def _case(*sent: bytes, anchor: bytes = ROOT.der) -> Case:
    chain = tuple(map(Certificate.of, sent))
    store = AnchorStore.of_certificates([Certificate.of(anchor)], label="test")
    paths = find_paths(chain, (), store)
    return Case(chain=chain, paths=paths, anchors=store, host=HOST, now=NOW, purpose="server")


def _leaf_with(spki: bytes) -> Case:
    return _case(with_key(leaf(), ISSUER, spki), ISSUER.der)


def _found_of_leaf(spki: bytes) -> list[Finding]:
    case = _leaf_with(spki)
    return [*leaf_keys(case), *leaf_weakness(case)]


def _found_of_issuer(spki: bytes) -> list[Finding]:
    case = _case(leaf().der, with_key(ISSUER, ROOT, spki))
    return list(path_keys(case.best, case))


ED25519 = _spki(ed25519.Ed25519PrivateKey.generate().public_key())
RSA_2048 = _spki(rsa.generate_private_key(65537, 2048).public_key())


@pytest.mark.parametrize(
    ("spki", "trait", "severity"),
    [
        (ED25519, "ed25519", Severity.WARNING),
        (_spki(ed448.Ed448PrivateKey.generate().public_key()), "ed448", Severity.WARNING),
        (_on(ec.SECP521R1()), "p-521", Severity.WARNING),
        (_of_kind(_RSASSA_PSS, RSA_2048), "rsa-pss", Severity.WARNING),
        (_spki(mldsa.MLDSA65PrivateKey.generate().public_key()), "ml-dsa", Severity.WARNING),
        (_on(ec.SECP256K1()), "secp256k1", Severity.ERROR),
        (_on(ec.BrainpoolP384R1()), "brainpool", Severity.ERROR),
        (_of_kind(_EC + _SECT283R1, _on(ec.SECP256R1())), "sect283r1", Severity.ERROR),
        (_explicit(), "explicit", Severity.ERROR),
        (_spki(x25519.X25519PrivateKey.generate().public_key()), "x25519", Severity.ERROR),
        (_of_kind(_GOST, RSA_2048), "1.2.643.7.1.1.1.1", Severity.ERROR),
    ],
    # Keys are made anew in every process, so that they are no names for tests.
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_servers_key_that_not_every_client_takes_is_reported_once(
    spki: bytes, trait: str, severity: Severity
) -> None:
    (found,) = _found_of_leaf(spki)

    assert (found.code, found.severity) == (Code.UNSUPPORTED_KEY_TYPE, severity)
    assert found.traits == {trait}
    assert found.certificate == 0
    assert found.evidence[0].value in found.summary


@pytest.mark.parametrize(
    "spki", [RSA_2048, _on(ec.SECP256R1()), _on(ec.SECP384R1())], ids=["RSA", "P-256", "P-384"]
)
def test_a_key_that_every_client_takes_is_no_finding(spki: bytes) -> None:
    assert not _found_of_leaf(spki)
    assert not _found_of_issuer(spki)


@pytest.mark.parametrize(
    "spki",
    [
        _on(ec.SECP192R1()),
        _on(ec.SECP224R1()),
        _spki(dsa.generate_private_key(2048).public_key()),
        _spki(rsa.generate_private_key(65537, 1024).public_key()),
    ],
    ids=["P-192", "P-224", "DSA", "RSA 1024"],
)
def test_a_key_that_is_too_weak_is_not_called_unsupported_too(spki: bytes) -> None:
    (found,) = _found_of_leaf(spki)

    assert found.code is Code.WEAK_KEY


def test_octets_that_are_no_key_are_left_to_another_check() -> None:
    assert not list(leaf_keys(_leaf_with(b"\x30\x00")))


def test_the_summary_names_the_certificate_and_its_key() -> None:
    (found,) = _found_of_leaf(ED25519)

    assert found.summary == (
        "the key of the certificate of www.example.test is Ed25519; "
        "public CAs may certify only RSA and EC keys on P-256, P-384 and P-521"
    )


def test_a_ca_may_have_a_key_on_p521() -> None:
    assert not _found_of_issuer(_on(ec.SECP521R1()))


def test_a_cas_key_that_some_clients_do_not_know_is_a_warning_without_what_clients_say_of_servers_keys() -> (
    None
):
    (found,) = _found_of_issuer(_on(ec.BrainpoolP256R1()))

    assert (found.code, found.severity, found.certificate) == (
        Code.UNSUPPORTED_KEY_TYPE,
        Severity.WARNING,
        1,
    )
    assert not found.traits


def test_a_cas_curve_that_is_written_out_is_an_error() -> None:
    (found,) = _found_of_issuer(_explicit())

    assert found.severity is Severity.ERROR
    assert found.traits == {"explicit"}


@needs("openssl")
def test_openssl_refuses_a_curve_that_is_written_out(tmp_path: FilePath) -> None:
    chain = (with_key(leaf(), ISSUER, _explicit()), ISSUER.der)

    assert verify_errors(chain, (ROOT.der,), HOST, NOW, tmp_path) == {94}


def _close_primes() -> bytes:
    prime = rsa.generate_private_key(65537, 2048).private_numbers().p
    return rsa_spki(prime * prime, 65537)


def test_a_servers_key_that_can_be_computed_is_reported_without_its_primes() -> None:
    spki = _close_primes()

    (found,) = _found_of_leaf(spki)

    assert (found.code, found.severity) == (Code.KNOWN_BAD_KEY, Severity.ERROR)
    assert found.traits == {"close-primes"}
    assert "Fermat" in found.summary
    assert not any(len(fact.value) > 100 for fact in found.evidence)


def test_a_cas_key_that_can_be_computed_is_reported_for_the_ca() -> None:
    (found,) = _found_of_issuer(_close_primes())

    assert (found.code, found.certificate) == (Code.KNOWN_BAD_KEY, 1)


def test_an_anchors_key_that_can_be_computed_is_reported_though_it_is_trusted() -> None:
    anchor = with_key(ROOT, ROOT, _close_primes())
    case = _case(leaf().der, ISSUER.der, anchor=anchor)

    (found,) = path_keys(case.best, case)

    assert (found.code, found.certificate) == (Code.KNOWN_BAD_KEY, None)
    assert found.summary.startswith("the key of the root Example Root ")


@pytest.mark.parametrize(("bits", "count"), [(2048, 0), (2052, 1), (2056, 0)])
def test_a_modulus_of_a_length_that_eight_does_not_divide_is_a_warning(bits: int, count: int) -> None:
    modulus = (1 << (bits - 1)) + 12_345

    found = list(leaf_weakness(_leaf_with(rsa_spki(modulus, 65537))))

    assert [each.severity for each in found] == [Severity.WARNING] * count
