"""The outline of a certificate is OpenSSL's and goes further."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from itertools import pairwise

import pytest
from cryptography import x509

from certtui.core import der
from certtui.core.outline import (
    END_OF_CONTENTS,
    UNREADABLE,
    Node,
    outline,
    path_of,
)
from certtui.core.tags import TagClass
from tests.core.forge import tlv
from tests.core.varied_certificates import (
    VARIETIES,
    street_certificates,
    varied_certificates,
    with_ml_dsa_key,
)

_ROW = re.compile(r"^ *(\d+):d=(\d+) +hl=(\d+) +l= *(\d+|inf) +(cons|prim)", re.MULTILINE)
_Row = tuple[int, int, int, int | None, bool]
_BER = {
    "indefinite lengths": bytes.fromhex("3080248004023000 0000 020105 0000"),
    "a length in more octets than needed": bytes.fromhex("30840000000302 0105"),
    "a high tag number": bytes.fromhex("3008 bf8101 00 5f20 0141"),
    "something behind the end": bytes.fromhex("3000 0500"),
}


def _judged(data: bytes) -> list[_Row]:
    """Return what `openssl asn1parse` sees: offset, depth, header, length (None if indefinite), whether constructed."""
    command = ["openssl", "asn1parse", "-inform", "DER", "-i"]
    seen = subprocess.run(command, input=data, capture_output=True, check=True, timeout=20)
    return [
        (int(at), int(depth), int(header), None if length == "inf" else int(length), kind == "cons")
        for at, depth, header, length, kind in _ROW.findall(seen.stdout.decode("utf-8", "replace"))
    ]


def _ours(nodes: tuple[Node, ...]) -> list[_Row]:
    """Return the same of an outline, without what is inside of strings: OpenSSL does not look there."""
    hidden: set[int] = set()
    rows: list[_Row] = []
    for position, node in enumerate(nodes):
        parent = nodes[node.parent] if node.parent >= 0 else None
        if parent is not None and (node.parent in hidden or not parent.is_constructed):
            hidden.add(position)
            continue
        length = None if node.is_indefinite else node.length
        rows.append((node.offset, node.depth, node.header_length, length, node.is_constructed))
    return rows


@cache
def _samples() -> dict[str, bytes]:
    return {**varied_certificates(), "ML-DSA": with_ml_dsa_key(), **_BER}


@cache
def _sample() -> tuple[Node, ...]:
    return outline(_samples()["P-521 with every extension"])


def _at(path: str) -> Node:
    found = [node for at, node in enumerate(_sample()) if " / ".join(path_of(_sample(), at)) == path]
    assert found, path
    return found[0]


@pytest.mark.parametrize("name", [*VARIETIES, "ML-DSA", *_BER])
def test_places_and_lengths_are_those_that_openssl_sees(name: str) -> None:
    data = _samples()[name]

    assert _ours(outline(data)) == _judged(data)


def test_all_certificates_of_the_demo_street_are_outlined_as_openssl_does() -> None:
    for data in set(street_certificates().values()):
        assert _ours(outline(data)) == _judged(data)


def test_children_fill_their_parent_and_nothing_is_left_out() -> None:
    data = _samples()["P-521 with every extension"]
    nodes = outline(data)

    for position, node in enumerate(nodes):
        inside = [child for child in nodes if child.parent == position]
        if inside:
            unused = (
                0 if node.is_constructed or node.number != der.BIT_STRING else 1
            )  # the count of unused bits
            assert inside[0].offset == node.content + unused
            assert inside[-1].end == node.end
            assert all(one.end == next_.offset for one, next_ in pairwise(inside))
    assert (nodes[0].offset, nodes[0].end) == (0, len(data))


@pytest.mark.parametrize(
    ("path", "type_name", "value"),
    [
        ("tbsCertificate / version", "[0] EXPLICIT", ""),
        ("tbsCertificate / serialNumber", "INTEGER", "00:f1:e2:d3:c4:b5:a6:97:88 (64 bits)"),
        ("tbsCertificate / validity / notBefore", "UTCTime", "1999-01-02 03:04:05 UTC"),
        ("tbsCertificate / issuer / commonName / value", "UTF8String", "Zoë"),
        (
            "tbsCertificate / subjectPublicKeyInfo / algorithm / parameters",
            "OBJECT IDENTIFIER",
            "P-521 (1.3.132.0.35)",
        ),
        ("tbsCertificate / extensions", "[3] EXPLICIT", ""),
        ("tbsCertificate / extensions / subjectAltName", "SEQUENCE", ""),
        ("tbsCertificate / extensions / basicConstraints / critical", "BOOLEAN", "TRUE"),
        (
            "tbsCertificate / extensions / subjectAltName / extnValue / GeneralNames / dNSName",
            "[2] IMPLICIT",
            "*.example.com",
        ),
        (
            "tbsCertificate / extensions / subjectAltName / extnValue / GeneralNames / iPAddress",
            "[7] IMPLICIT",
            "192.0.2.1",
        ),
        (
            "tbsCertificate / extensions / authorityInfoAccess / extnValue / AuthorityInfoAccess / ocsp"
            " / accessLocation",
            "[6]",
            "http://example.com/ocsp",
        ),
        (
            "tbsCertificate / extensions / cRLDistributionPoints / extnValue / CRLDistributionPoints / point"
            " / reasons",
            "[1] IMPLICIT",
            "keyCompromise, cACompromise",
        ),
        ("signatureAlgorithm / algorithm", "OBJECT IDENTIFIER", "ecdsa-with-SHA256 (1.2.840.10045.4.3.2)"),
    ],
)
def test_a_part_has_the_name_of_rfc_5280_its_type_and_its_value(
    path: str, type_name: str, value: str
) -> None:
    node = _at(path)

    assert (node.type_name, node.value) == (type_name, value)


def test_an_extension_that_nobody_knows_is_called_by_its_oid_and_looked_into() -> None:
    assert _at("tbsCertificate / extensions / 1.2.3.4.5 / extnValue / INTEGER").value == "7"


def test_modulus_and_exponent_of_a_certificate_are_named() -> None:
    nodes = outline(varied_certificates()["RSA"])
    certificate = x509.load_der_x509_certificate(varied_certificates()["RSA"])

    found = {node.field: node for node in nodes if node.field in ("modulus", "publicExponent")}

    assert found["publicExponent"].value == "65537"
    modulus = found["modulus"]
    octets = varied_certificates()["RSA"][modulus.content : modulus.end]
    key = certificate.public_key()
    assert int.from_bytes(octets, "big") == key.public_numbers().n  # type: ignore[union-attr]


def test_an_octet_string_that_holds_no_der_stays_whole() -> None:
    nodes = outline(tlv(der.SEQUENCE, tlv(der.OCTET_STRING, b"\x30\x05abc"), tlv(der.OCTET_STRING, b"text")))

    assert [(node.type_name, node.value) for node in nodes[1:]] == [
        ("OCTET STRING", "30:05:61:62:63"),
        ("OCTET STRING", "text"),
    ]


def test_the_end_of_an_indefinite_length_is_found() -> None:
    nodes = outline(_BER["indefinite lengths"])

    assert [node.type_name for node in nodes].count(END_OF_CONTENTS) == 2
    assert (nodes[0].is_indefinite, nodes[0].end) == (True, len(_BER["indefinite lengths"]) - 2)


def test_tags_of_all_classes_and_high_numbers_are_told() -> None:
    nodes = outline(_BER["a high tag number"])

    assert [(node.tag_class, node.number) for node in nodes[1:]] == [
        (TagClass.CONTEXT, 129),
        (TagClass.APPLICATION, 32),
    ]
    assert nodes[2].type_name == "[APPLICATION 32]"


def test_what_cannot_be_read_is_one_node_that_says_why() -> None:
    data = tlv(der.SEQUENCE, b"\x02\x01\x05", b"\x04\x7fabc") + b"\x05\x00"

    nodes = outline(data)

    assert [node.type_name for node in nodes] == ["SEQUENCE", "INTEGER", UNREADABLE, "NULL"]
    assert "runs past its container" in nodes[2].value
    assert data[nodes[2].offset : nodes[2].end] == b"\x04\x7fabc"


def test_a_value_that_is_not_of_its_type_says_so() -> None:
    (_, node) = outline(tlv(der.SEQUENCE, tlv(der.OID, b"\x80")))

    assert node.value == "cannot be decoded: a malformed object identifier"
