"""Names in and out of the subtrees of name constraints (RFC 5280 §4.2.1.10)."""

from __future__ import annotations

import ipaddress

import pytest

from certtui.core.subtrees import DNS, EMAIL, IP, OTHER, SMTP_UTF8_MAILBOX, URI, TypedName, is_within
from certtui.lab.pki import element


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
