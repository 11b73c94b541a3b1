"""Names and the subtrees that name constraints put them in or out of (RFC 5280 §4.2.1.10). It compares, no more."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Protocol

from certtui.core import der
from certtui.core.distinguished_name import comparable_attributes, decode_name

EMAIL, DNS, DIRECTORY, URI, IP = 0x81, 0x82, 0xA4, 0x86, 0x87
OTHER, X400_ADDRESS, EDI_PARTY, REGISTERED_ID = 0xA0, 0xA3, 0xA5, 0x88
KIND_NAMES = {
    EMAIL: "email",
    DNS: "DNS",
    DIRECTORY: "dirName",
    URI: "URI",
    IP: "IP",
    OTHER: "otherName",
    X400_ADDRESS: "x400Address",
    EDI_PARTY: "ediPartyName",
    REGISTERED_ID: "registeredID",
}
SMTP_UTF8_MAILBOX = bytes.fromhex("06082b06010505070809")
"""The type of an otherName that holds a mail address outside ASCII (RFC 9598 §3)."""
_MAX_OCTETS = 2_048
"""Longer host names, addresses and URIs are not understood; comparing them would take its time."""
_DNS_SHAPE = re.compile(
    r"(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.I
)


@dataclass(frozen=True, slots=True)
class TypedName:
    """A GeneralName's tag and content octets, as certificates and constraints have them."""

    tag: int
    octets: bytes
    attributes: tuple[str, ...] | None = field(init=False, compare=False, repr=False)
    """Of a directory name its parts in comparable form; None for other kinds and for what is no name."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "attributes", _attributes(self.octets) if self.tag == DIRECTORY else None)

    @property
    def kind(self) -> str:
        """The kind of name, `DNS`."""
        return KIND_NAMES.get(self.tag, "other")

    @property
    def text(self) -> str:
        """The name as it is shown, `DNS:example.com`; raw text."""
        kind = self.kind
        if self.tag == DIRECTORY:
            return f"{kind}:{decode_name(self.octets).rfc4514}"
        if self.tag == IP:
            return f"{kind}:{_address_text(self.octets)}"
        return f"{kind}:{self.octets.decode('latin-1')}"


def is_within(name: TypedName, tree: TypedName, *, excluding: bool) -> bool:
    """Whether a name lies in a subtree. What cannot be understood counts against the certificate."""
    if len(name.octets) > _MAX_OCTETS and name.tag != DIRECTORY:
        return excluding
    if name.tag == OTHER and tree.tag == EMAIL:
        return _utf8_mailbox_within(name.octets, tree.octets, excluding=excluding)
    if name.tag == DIRECTORY:
        return _directory_within(name, tree, excluding=excluding)
    compare = _COMPARISONS.get(name.tag)
    return excluding if compare is None else compare(name.octets, tree.octets, excluding=excluding)


@lru_cache(maxsize=4096)
def is_dns(octets: bytes) -> bool:
    """Whether these octets are a domain name; underscores, which many names have, pass."""
    return len(octets) <= 253 and _DNS_SHAPE.fullmatch(octets.decode("latin-1")) is not None


def _dns_within(name: bytes, tree: bytes, *, excluding: bool) -> bool:
    """A wildcard is excluded where anything that it may stand for is, and permitted only where all of it is."""
    is_wildcard = name.startswith(b"*.")
    host, base = (name[2:] if is_wildcard else name).lower(), tree.lower()
    if not is_dns(host):
        return excluding
    if not base:
        return True
    if is_wildcard and excluding and base.endswith(b"." + host):
        return base.removesuffix(b"." + host).count(b".") == 0
    if base.startswith(b"."):
        return host.endswith(base) or (is_wildcard and host == base[1:])
    return host == base or host.endswith(b"." + base)


def _mapped_ipv4(address: bytes) -> bytes | None:
    return address[12:] if len(address) == 16 and address[:12] == bytes(10) + b"\xff\xff" else None


def _ip_within(address: bytes, tree: bytes, *, excluding: bool) -> bool:
    """An IPv4 address in the form of an IPv6 one (RFC 4291 §2.5.5.2) is excluded as what it is, and never permitted."""
    half = len(tree) // 2
    if half == 4 and excluding:
        address = _mapped_ipv4(address) or address
    if len(address) != half:
        return False
    differing = int.from_bytes(address, "big") ^ int.from_bytes(tree[:half], "big")
    return not differing & int.from_bytes(tree[half:], "big")


def _email_within(address: bytes, tree: bytes, *, excluding: bool) -> bool:
    local, at, host = address.rpartition(b"@")
    if not at or not local or (b"@" in local and not local.startswith(b'"')):
        return excluding
    if b"@" in tree:
        wanted_local, _, wanted_host = tree.rpartition(b"@")
        return local == wanted_local and host.lower() == wanted_host.lower()
    return _host_within(host, tree, excluding=excluding)


@lru_cache(maxsize=16)
def _mailbox_host(other_name: bytes) -> bytes | None:
    """Return the domain name in a SmtpUTF8Mailbox, None where there is none."""
    try:
        wrapper = der.read(other_name, len(SMTP_UTF8_MAILBOX), len(other_name))
        address = der.content(other_name, next(der.children(other_name, wrapper)))
    except (der.DerError, StopIteration):
        return None
    host = address.rpartition(b"@")[2]
    return host if is_dns(host) else None


def _utf8_mailbox_within(other_name: bytes, tree: bytes, *, excluding: bool) -> bool:
    """Constraints on mail addresses hold for the host of a SmtpUTF8Mailbox, which is in A-labels (RFC 9598 §6).

    Whether one on a single mailbox fits can't be told, which counts against the certificate.
    """
    host = _mailbox_host(other_name)
    if host is None:
        return excluding
    if b"@" in tree:
        return excluding and _host_within(host, tree.rpartition(b"@")[2], excluding=True)
    return _host_within(host, tree, excluding=excluding)


@lru_cache(maxsize=16)
def _uri_host(uri: bytes) -> bytes | None:
    """Return the domain name in a URI, None where there is none; each name meets all its subtrees in a row."""
    authority = re.match(
        rb"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:\[\]]+)(?::[0-9]*)?(?:[/?#]|$)", uri
    )
    host = authority.group(1) if authority else b""
    return host if host and not re.fullmatch(rb"[0-9.]+", host) and is_dns(host) else None


def _uri_within(uri: bytes, tree: bytes, *, excluding: bool) -> bool:
    """A constraint on URIs is on the host part, which must be a domain name (RFC 5280 §4.2.1.10)."""
    host = _uri_host(uri)
    if host is None:
        return excluding
    return _host_within(host, tree, excluding=excluding)


def _host_within(host: bytes, tree: bytes, *, excluding: bool) -> bool:
    """An empty subtree of hosts has no meaning in RFC 5280 §4.2.1.10; OpenSSL lets it permit nothing."""
    host, tree = host.lower(), tree.lower()
    if not tree:
        return excluding
    return host.endswith(tree) and len(host) > len(tree) if tree.startswith(b".") else host == tree


def _directory_within(name: TypedName, tree: TypedName, *, excluding: bool) -> bool:
    if name.attributes is None or tree.attributes is None:
        return excluding
    return name.attributes[: len(tree.attributes)] == tree.attributes


def _attributes(octets: bytes) -> tuple[str, ...] | None:
    try:
        return comparable_attributes(octets)
    except der.DerError:
        return None


def _address_text(octets: bytes) -> str:
    half = len(octets) // 2
    try:
        if len(octets) in (4, 16):
            return str(ipaddress.ip_address(octets))
        return f"{ipaddress.ip_address(octets[:half])}/{ipaddress.ip_address(octets[half:])}"
    except ValueError:
        return octets.hex()


class _Comparison(Protocol):
    """Says whether a name lies in a subtree of its kind."""

    def __call__(self, name: bytes, tree: bytes, /, *, excluding: bool) -> bool: ...


_COMPARISONS: dict[int, _Comparison] = {
    DNS: _dns_within,
    IP: _ip_within,
    EMAIL: _email_within,
    URI: _uri_within,
}
