"""Names as RFC 4514 writes them, and which of them RFC 5280 calls equal."""

from __future__ import annotations

from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.distinguished_name import comparable_attributes, comparable_name, decode_name
from tests.core.forge import tlv

UTF8, PRINTABLE, T61, IA5, UNIVERSAL, BMP = 0x0C, 0x13, 0x14, 0x16, 0x1C, 0x1E
CN, COUNTRY, ORGANIZATION, UNIT = b"\x55\x04\x03", b"\x55\x04\x06", b"\x55\x04\x0a", b"\x55\x04\x0b"


def _attribute(kind: bytes, value: bytes, tag: int = UTF8) -> bytes:
    return tlv(der.SEQUENCE, tlv(der.OID, kind), tlv(tag, value))


def _name(*attributes: bytes) -> bytes:
    """Return a name with one attribute in each relative distinguished name."""
    return tlv(der.SEQUENCE, *(tlv(der.SET, attribute) for attribute in attributes))


def _common(value: str, tag: int = UTF8) -> bytes:
    encoding = {UNIVERSAL: "utf-32-be", BMP: "utf-16-be", UTF8: "utf-8"}.get(tag, "latin-1")
    return _name(_attribute(CN, value.encode(encoding), tag))


KINDS = [
    NameOID.COMMON_NAME,
    NameOID.ORGANIZATION_NAME,
    NameOID.ORGANIZATIONAL_UNIT_NAME,
    NameOID.LOCALITY_NAME,
    NameOID.STATE_OR_PROVINCE_NAME,
    NameOID.USER_ID,
]


@st.composite
def _relative_names(draw: st.DrawFn) -> x509.RelativeDistinguishedName:
    kinds = draw(st.lists(st.sampled_from(KINDS), min_size=1, max_size=3, unique=True))
    characters = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30)
    # Longer ones cryptography does not write (RFC 5280, ub-common-name and the like, which it counts in octets).
    text = characters.filter(lambda value: len(value.encode()) <= 64)
    return x509.RelativeDistinguishedName([x509.NameAttribute(kind, draw(text)) for kind in kinds])


@given(st.lists(_relative_names(), max_size=4))
def test_a_name_is_written_as_cryptography_writes_it(relative: list[x509.RelativeDistinguishedName]) -> None:
    octets = x509.Name(relative).public_bytes()

    assert decode_name(octets).rfc4514 == _read_by_cryptography(octets).rfc4514_string()


def _read_by_cryptography(name: bytes) -> x509.Name:
    """Return the name as cryptography reads it, which it does in a certificate only."""
    algorithm = tlv(der.SEQUENCE, tlv(der.OID, b"\x2b\x65\x70"))
    validity = tlv(der.SEQUENCE, tlv(der.UTC_TIME, b"240101000000Z"), tlv(der.UTC_TIME, b"250101000000Z"))
    signed = tlv(
        der.SEQUENCE,
        tlv(0xA0, tlv(der.INTEGER, b"\x02")),
        tlv(der.INTEGER, b"\x01"),
        algorithm,
        name,
        validity,
        name,
        tlv(der.SEQUENCE, algorithm, tlv(der.BIT_STRING, bytes(33))),
    )
    octets = tlv(der.SEQUENCE, signed, algorithm, tlv(der.BIT_STRING, bytes(65)))
    return x509.load_der_x509_certificate(octets).subject


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("plain", "CN=plain"),
        ("a,b", r"CN=a\,b"),
        ("a+b", r"CN=a\+b"),
        ('say "x"', r"CN=say \"x\""),
        ("a;b", r"CN=a\;b"),
        ("<b>", r"CN=\<b\>"),
        ("a\\b", r"CN=a\\b"),
        ("a=b", "CN=a=b"),
        ("#1", r"CN=\#1"),
        ("a#1", "CN=a#1"),
        (" a", r"CN=\ a"),
        ("a ", r"CN=a\ "),
        ("  ", r"CN=\ \ "),
        (" ", r"CN=\ "),
        ("a  b", "CN=a  b"),
        ("語", "CN=語"),
    ],
)
def test_what_is_special_in_rfc_4514_is_escaped(value: str, written: str) -> None:
    assert decode_name(_common(value)).rfc4514 == written


def test_the_last_relative_name_is_written_first() -> None:
    name = _name(
        _attribute(COUNTRY, b"CH", PRINTABLE), _attribute(ORGANIZATION, b"Lab"), _attribute(CN, b"a")
    )

    assert decode_name(name).rfc4514 == "CN=a,O=Lab,C=CH"
    assert decode_name(name).attributes == (("C", "CH"), ("O", "Lab"), ("CN", "a"))


def test_an_attribute_without_a_short_name_keeps_its_oid() -> None:
    name = _name(_attribute(b"\x2a\x03\x04", b"odd"))

    assert decode_name(name).attributes == (("1.2.3.4", "odd"),)
    assert decode_name(name).rfc4514 == "1.2.3.4=odd"


def test_the_common_name_is_the_most_specific_of_several() -> None:
    name = decode_name(_name(_attribute(CN, b"first"), _attribute(CN, b"last"), _attribute(UNIT, b"unit")))

    assert name.common_name == "last"


def test_a_name_without_a_common_name_has_none() -> None:
    name = decode_name(_name(_attribute(UNIT, b"unit")))

    assert name.common_name is None
    assert name.first("OU") == "unit"


def test_a_name_without_attributes_is_empty() -> None:
    name = decode_name(b"\x30\x00")

    assert name.is_empty
    assert name.rfc4514 == ""


@pytest.mark.parametrize(
    ("octets", "tag", "value"),
    [
        (b"under_score@", PRINTABLE, "under_score@"),
        (b"Z\xfcrich", T61, "Zürich"),
        (b"\x00a\x00b", BMP, "ab"),
        (b"\xff\xfe", UTF8, "\ufffd\ufffd"),
        (b"", UTF8, ""),
    ],
)
def test_a_value_that_breaks_its_string_type_is_still_read(octets: bytes, tag: int, value: str) -> None:
    assert decode_name(_name(_attribute(CN, octets, tag))).common_name == value


@given(st.binary(max_size=120))
def test_any_octets_are_a_name_or_a_der_error(octets: bytes) -> None:
    for data in (octets, tlv(der.SEQUENCE, octets), _name(octets), _name(tlv(der.SEQUENCE, octets))):
        with suppress(der.DerError):
            decode_name(data)


@given(st.binary(max_size=120))
def test_any_octets_have_a_comparable_form(octets: bytes) -> None:
    for data in (octets, tlv(der.SEQUENCE, octets), _name(octets), _name(tlv(der.SEQUENCE, octets))):
        assert comparable_name(data) == comparable_name(data[:])


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_common("Example CA"), _common("example ca")),
        (_common("Example CA"), _common("  Example   CA ")),
        (_common("Example CA"), _common("Example CA", PRINTABLE)),
        (_common("Example CA", IA5), _common("EXAMPLE  CA", PRINTABLE)),
        (_common("Example CA", T61), _common("Example CA")),
        (_common("ZÜRICH"), _common("zürich")),
        (
            tlv(der.SEQUENCE, tlv(der.SET, _attribute(CN, b"a"), _attribute(UNIT, b"b"))),
            tlv(der.SEQUENCE, tlv(der.SET, _attribute(UNIT, b"B"), _attribute(CN, b"A"))),
        ),
        (b"\x30\x00", b"\x30\x81\x00"),
    ],
    ids=[
        "case",
        "spaces",
        "string type",
        "all three",
        "T61String",
        "case beyond ASCII",
        "order in a set",
        "length",
    ],
)
def test_names_are_equal_where_rfc_5280_says_so(one: bytes, other: bytes) -> None:
    assert comparable_name(one) == comparable_name(other)
    assert comparable_attributes(one) == comparable_attributes(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (_common("Example CA"), _common("Example CB")),
        (_common("Example CA"), _common("ExampleCA")),
        (_common("a"), _name(_attribute(ORGANIZATION, b"a"))),
        (_common("a"), _name(_attribute(CN, b"a"), _attribute(CN, b"a"))),
        (
            _name(_attribute(ORGANIZATION, b"o"), _attribute(CN, b"a")),
            _name(_attribute(CN, b"a"), _attribute(ORGANIZATION, b"o")),
        ),
        (
            _name(_attribute(ORGANIZATION, b"o"), _attribute(CN, b"a")),
            tlv(der.SEQUENCE, tlv(der.SET, _attribute(ORGANIZATION, b"o"), _attribute(CN, b"a"))),
        ),
        (_common("a\x002.5.4.10=b"), _name(_attribute(CN, b"a"), _attribute(ORGANIZATION, b"b"))),
        (_common("a"), b"\x30\x00"),
        (_name(_attribute(CN, b"\xff", 0x04)), _name(_attribute(CN, b"\xfe", 0x04))),
    ],
    ids=[
        "letter",
        "space within",
        "attribute type",
        "once more",
        "order",
        "one set or two",
        "one value that looks like two",
        "empty",
        "octets that are no string",
    ],
)
def test_names_that_differ_otherwise_are_different(one: bytes, other: bytes) -> None:
    assert comparable_name(one) != comparable_name(other)
    assert comparable_attributes(one) != comparable_attributes(other)


@given(st.text("abcABC  é", max_size=12), st.sampled_from([UTF8, PRINTABLE, IA5]))
def test_case_and_spaces_never_make_a_difference(value: str, tag: int) -> None:
    value = value if tag == UTF8 else value.replace("é", "e")
    changed = f" {value.swapcase().replace(' ', '   ')}  "

    assert comparable_name(_common(value, tag)) == comparable_name(_common(changed, tag))


@given(st.text("abcdefghij", min_size=1, max_size=8), st.text("abcdefghij", min_size=1, max_size=8))
def test_two_values_are_equal_only_where_they_are_the_same(one: str, other: str) -> None:
    assert (comparable_name(_common(one)) == comparable_name(_common(other))) is (one == other)


def test_octets_that_are_no_name_are_comparable_with_themselves_alone() -> None:
    assert comparable_name(b"junk") == b"junk"
    assert comparable_name(b"junk") != comparable_name(b"other junk")
    with pytest.raises(der.DerError):
        comparable_attributes(b"junk")
