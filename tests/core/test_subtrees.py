"""Names in and out of the subtrees of name constraints (RFC 5280 §4.2.1.10)."""

from __future__ import annotations

import ipaddress

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certtui.core.der import encode as element
from certtui.core.subtrees import (
    DIRECTORY,
    DNS,
    EMAIL,
    IP,
    OTHER,
    SMTP_UTF8_MAILBOX,
    URI,
    TypedName,
    is_dns,
    is_within,
)


def _dns(name: str) -> TypedName:
    return TypedName(DNS, name.encode())


def _ip(address: str) -> TypedName:
    return TypedName(IP, ipaddress.ip_address(address).packed)


def _network(network: str) -> TypedName:
    parsed = ipaddress.ip_network(network)
    return TypedName(IP, parsed.network_address.packed + parsed.netmask.packed)


def _mailbox(address: str) -> TypedName:
    text = element(0x0C, address.encode())
    return TypedName(OTHER, SMTP_UTF8_MAILBOX + element(0xA0, text))


@pytest.mark.parametrize(
    ("name", "tree", "permitted", "excluded"),
    [
        (_dns("a.example.test"), _dns("example.test"), True, True),
        (_dns("example.test"), _dns("example.test"), True, True),
        (_dns("badexample.test"), _dns("example.test"), False, False),
        (_dns("example.test"), _dns(".example.test"), False, False),
        (_dns("*.example.test"), _dns(".example.test"), True, True),
        (_dns("*.example.test"), _dns("a.example.test"), False, True),
        (_dns("*.example.test"), _dns("a.b.example.test"), False, False),
        (_dns("*.example.test"), _dns(".a.example.test"), False, False),
        (_dns("A.EXAMPLE.test"), _dns("example.TEST"), True, True),
        (_dns("a.example.test"), _dns(""), True, True),
        (_ip("10.1.2.3"), _network("10.0.0.0/8"), True, True),
        (_ip("11.1.2.3"), _network("10.0.0.0/8"), False, False),
        (_ip("::ffff:10.1.2.3"), _network("10.0.0.0/8"), False, True),
        (_ip("::ffff:11.1.2.3"), _network("10.0.0.0/8"), False, False),
        (_ip("2001:db8::1"), _network("2001:db8::/32"), True, True),
        (TypedName(EMAIL, b"a@example.test"), TypedName(EMAIL, b"example.test"), True, True),
        (TypedName(EMAIL, b"a@b.example.test"), TypedName(EMAIL, b"example.test"), False, False),
        (TypedName(EMAIL, b"a@b.example.test"), TypedName(EMAIL, b".example.test"), True, True),
        (TypedName(EMAIL, b"a@example.test"), TypedName(EMAIL, b"b@example.test"), False, False),
        (TypedName(EMAIL, b"a@x@example.test"), TypedName(EMAIL, b"example.test"), False, True),
        (TypedName(EMAIL, b"a@example.test"), TypedName(EMAIL, b""), False, True),
        (_mailbox("ü@example.test"), TypedName(EMAIL, b"example.test"), True, True),
        (_mailbox("ü@example.org"), TypedName(EMAIL, b"example.test"), False, False),
        (_mailbox("ü@example.test"), TypedName(EMAIL, b"b@example.test"), False, True),
        (_mailbox("ü@example.org"), TypedName(EMAIL, b"b@example.test"), False, False),
        (_mailbox("ü@bücher.test"), TypedName(EMAIL, b"example.test"), False, True),
        (TypedName(URI, b"https://a.example.test:8/x"), TypedName(URI, b".example.test"), True, True),
        (TypedName(URI, b"https://10.0.0.1/"), TypedName(URI, b".example.test"), False, True),
        (TypedName(URI, b"https://a.example.test/"), TypedName(URI, b""), False, True),
        (TypedName(DNS, b"a." * 2_000 + b"example.test"), _dns("example.test"), False, True),
    ],
    ids=lambda value: f"{value.octets[:40]!r}" if isinstance(value, TypedName) else "",
)
def test_a_name_lies_in_a_subtree_or_not(
    name: TypedName, tree: TypedName, permitted: bool, excluded: bool
) -> None:
    assert is_within(name, tree, excluding=False) is permitted
    assert is_within(name, tree, excluding=True) is excluded


def test_a_name_is_shown_with_its_kind() -> None:
    assert _dns("a.test").text == "DNS:a.test"
    assert _ip("10.0.0.1").text == "IP:10.0.0.1"
    assert _network("10.0.0.0/8").text == "IP:10.0.0.0/255.0.0.0"
    assert TypedName(0x88, b"\x2a").text == "registeredID:*"


def _email(address: str) -> TypedName:
    return TypedName(EMAIL, address.encode())


def _uri(uri: str) -> TypedName:
    return TypedName(URI, uri.encode())


def _directory(*organizations: str) -> TypedName:
    pairs = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, each) for each in organizations]
    return TypedName(DIRECTORY, x509.Name(pairs).public_bytes())


LONGEST = ".".join(["a" * 63] * 3 + ["a" * 56, "test"])


@pytest.mark.parametrize(
    ("name", "tree", "is_inside"),
    [
        (_dns("*.example.test"), _dns("example.test"), True),
        (_dns("*.other.test"), _dns(".example.test"), False),
        (_dns("*.a.example.test"), _dns(".example.test"), True),
        (_dns("a.example.test"), _dns(".example.test"), True),
        (_dns("badexample.test"), _dns(".example.test"), False),
        (_dns("example.test"), _dns("a.example.test"), False),
        (_dns(LONGEST), _dns("test"), True),
        (_ip("2001:db8::1"), _network("10.0.0.0/8"), False),
        (_ip("::10.1.2.3"), _network("10.0.0.0/8"), False),
        (_ip("10.1.2.3"), _network("2001:db8::/32"), False),
        (_ip("10.1.2.3"), _network("::/0"), False),
        (_ip("::ffff:10.1.2.3"), _network("::ffff:0:0/96"), True),
        (_ip("::ffff:10.1.2.3"), _network("2001:db8::/32"), False),
        (_ip("10.1.2.3"), _network("10.1.2.3/32"), True),
        (_ip("10.1.2.4"), _network("10.1.2.3/32"), False),
        (_ip("10.1.2.3"), _network("0.0.0.0/0"), True),
        (_email("a@example.test"), _email(".example.test"), False),
        (_email("a@EXAMPLE.test"), _email("example.TEST"), True),
        (_email("a@EXAMPLE.test"), _email("a@example.TEST"), True),
        (_email("A@example.test"), _email("a@example.test"), False),
        (_email("a@example.org"), _email("a@example.test"), False),
        (_email('"a@b"@example.test'), _email("example.test"), True),
        (_mailbox("ü@a.example.test"), _email(".example.test"), True),
        (_mailbox("ü@a.example.test"), _email("example.test"), False),
        (_mailbox("ü@EXAMPLE.test"), _email("example.test"), True),
        (_uri("https://a.example.test"), _uri("a.example.test"), True),
        (_uri("https://A.EXAMPLE.test?x"), _uri(".example.TEST"), True),
        (_uri("ldap://user@a.example.test:389/x@y"), _uri(".example.test"), True),
        (_uri("https://example.test/"), _uri(".example.test"), False),
        (_uri("https://a.example.test/"), _uri("example.test"), False),
        (_directory("A", "B"), _directory("A"), True),
        (_directory("A", "B"), _directory("a", "b"), True),
        (_directory("A", "B"), _directory("B"), False),
        (_directory("A"), _directory("A", "B"), False),
        (_directory("A"), _directory(), True),
        (_directory(*["A" * 60] * 50), _directory("A" * 60), True),
        (_directory(*["A" * 60] * 50), _directory("B"), False),
    ],
    ids=lambda value: f"{value.octets[:40]!r}" if isinstance(value, TypedName) else "",
)
def test_what_is_understood_lies_inside_or_outside_whatever_is_asked(
    name: TypedName, tree: TypedName, is_inside: bool
) -> None:
    assert is_within(name, tree, excluding=False) is is_inside
    assert is_within(name, tree, excluding=True) is is_inside


@pytest.mark.parametrize(
    ("name", "tree"),
    [
        (_dns("a b.example.test"), _dns("example.test")),
        (_dns("a*.example.test"), _dns("example.test")),
        (_dns("*.*.example.test"), _dns("example.test")),
        (_dns("a..example.test"), _dns("example.test")),
        (_dns("example.test."), _dns("example.test")),
        (_dns("-"), _dns("other.test")),
        (_dns(""), _dns("other.test")),
        (_dns("a" + LONGEST), _dns("test")),
        (_email("example.test"), _email("example.test")),
        (_email("@example.test"), _email("example.test")),
        (_email("a@b@example.test"), _email("other.test")),
        (_email("a" * 2_048 + "@example.test"), _email("example.test")),
        (TypedName(OTHER, SMTP_UTF8_MAILBOX), _email("example.test")),
        (TypedName(OTHER, SMTP_UTF8_MAILBOX + b"\xa0\x00"), _email("example.test")),
        (TypedName(OTHER, SMTP_UTF8_MAILBOX + b"\xa0\x05\x0c"), _email("example.test")),
        (_mailbox("ü@bücher.test"), _email("bücher.test")),
        (_mailbox("ü"), _email("ü")),
        (_mailbox("ü@example.test"), _email("")),
        (TypedName(OTHER, b"\x06\x01\x2a"), TypedName(OTHER, b"\x06\x01\x2a")),
        (_uri("urn:example.test"), _uri("example.test")),
        (_uri("https:///x"), _uri("example.test")),
        (_uri("https://[2001:db8::1]/"), _uri("example.test")),
        (_uri("https://192.0.2.1/"), _uri("192.0.2.1")),
        (_uri("https://a b.example.test/"), _uri(".example.test")),
        (_uri("//a.example.test/"), _uri(".example.test")),
        (_uri("https://a.example.test/" + "x" * 2_048), _uri(".example.test")),
        (TypedName(DIRECTORY, b"\x30\x05"), _directory("A")),
        (_directory("A"), TypedName(DIRECTORY, b"\x30\x05")),
        (TypedName(0x88, b"\x2a"), TypedName(0x88, b"\x2a")),
        (TypedName(0xA3, b""), TypedName(0xA3, b"")),
    ],
    ids=lambda value: f"{value.octets[:40]!r}",
)
def test_what_is_not_understood_is_never_permitted_and_always_excluded(
    name: TypedName, tree: TypedName
) -> None:
    assert is_within(name, tree, excluding=False) is False
    assert is_within(name, tree, excluding=True) is True


def test_a_name_of_the_greatest_length_is_understood_and_a_longer_one_is_not() -> None:
    tree = _uri(".example.test")
    fitting = _uri("https://a.example.test/".ljust(2_048, "x"))

    assert is_within(fitting, tree, excluding=False)
    assert not is_within(TypedName(URI, fitting.octets + b"x"), tree, excluding=False)


def test_a_domain_name_has_at_most_253_octets() -> None:
    assert len(LONGEST) == 253
    assert is_dns(LONGEST.encode())
    assert not is_dns(b"a." + LONGEST[1:].encode())


def test_a_name_of_any_kind_is_shown() -> None:
    assert _directory("A", "B").text == "dirName:OU=B,OU=A"
    assert _network("2001:db8::/32").text == "IP:2001:db8::/ffff:ffff::"
    assert TypedName(IP, b"\x01\x02\x03").text == "IP:010203"
    assert TypedName(0x42, b"x").text == "other:x"
