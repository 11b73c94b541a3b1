"""Name constraints of CAs: which names below them they allow (RFC 5280 §4.2.1.10). It decides, others report."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der, extensions
from certtui.core.certificate import Certificate
from certtui.core.distinguished_name import comparable_attributes, decode_name
from certtui.core.extensions import NAME_CONSTRAINTS

_EMAIL, _DNS, _DIRECTORY, _URI, _IP = 0x81, 0x82, 0xA4, 0x86, 0x87
KIND_NAMES = {_EMAIL: "email", _DNS: "DNS", _DIRECTORY: "dirName", _URI: "URI", _IP: "IP"}
_DNS_SHAPE = re.compile(
    r"(?:[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", re.I
)
MAX_COMPARISONS = 200_000
"""Names times subtrees in one diagnosis; what would take more is refused unread, as OpenSSL refuses it too."""


@dataclass(frozen=True, slots=True)
class TypedName:
    """A GeneralName's tag and content octets, as certificates and constraints have them."""

    tag: int
    octets: bytes

    @property
    def text(self) -> str:
        """The name as it is shown, `DNS:example.com`; raw text."""
        kind = KIND_NAMES.get(self.tag, "other")
        if self.tag == _DIRECTORY:
            return f"{kind}:{decode_name(self.octets).rfc4514}"
        if self.tag == _IP:
            return f"{kind}:{_address_text(self.octets)}"
        return f"{kind}:{self.octets.decode('latin-1')}"


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """The permitted and excluded subtrees of one CA."""

    permitted: tuple[TypedName, ...]
    excluded: tuple[TypedName, ...]


@dataclass(frozen=True, slots=True)
class Violation:
    """A name that a CA does not allow, and the subtrees that decided so."""

    name: TypedName
    subtrees: tuple[TypedName, ...]
    is_excluded: bool


def name_constraints(certificate: Certificate) -> NameConstraints | None:
    """Return a CA's name constraints, None if it has none; raise `DerError` where they are malformed."""
    extension = certificate.extension(NAME_CONSTRAINTS)
    return _decode(extension.value) if extension is not None else None


class NameChecks:
    """The names of one diagnosis against the constraints of its CAs; each pair is compared once, and not too many."""

    def __init__(self) -> None:
        self._comparisons_left = MAX_COMPARISONS
        self._compared: dict[tuple[Certificate, Certificate, bool], Violation | None] = {}

    def first_violation(
        self, ca: Certificate, certificate: Certificate, *, is_leaf: bool
    ) -> Violation | None:
        """Return the first name of a certificate that a CA's constraints do not allow.

        Raises `DerError` where the constraints are malformed.
        """
        constraints = name_constraints(ca)
        if constraints is None:
            return None
        pair = (ca, certificate, is_leaf)
        if pair not in self._compared:
            self._compared[pair] = self._compare(constraints, list(_names(certificate, is_leaf=is_leaf)))
        return self._compared[pair]

    def _compare(self, constraints: NameConstraints, names: Sequence[TypedName]) -> Violation | None:
        self._comparisons_left -= len(names) * (len(constraints.permitted) + len(constraints.excluded))
        if self._comparisons_left < 0 and names:
            return Violation(names[0], (), is_excluded=True)
        return _first_violation(constraints, names)


def _first_violation(constraints: NameConstraints, names: Iterable[TypedName]) -> Violation | None:
    for name in names:
        excluding = [tree for tree in constraints.excluded if tree.tag == name.tag]
        hit = tuple(tree for tree in excluding if _within(name, tree, excluding=True))
        if hit:
            return Violation(name, hit, is_excluded=True)
        permitting = tuple(tree for tree in constraints.permitted if tree.tag == name.tag)
        if permitting and not any(_within(name, tree, excluding=False) for tree in permitting):
            return Violation(name, permitting, is_excluded=False)
    return None


@lru_cache(maxsize=256)
def _decode(value: bytes) -> NameConstraints:
    permitted: tuple[TypedName, ...] = ()
    excluded: tuple[TypedName, ...] = ()
    for element in der.children(value, der.root(value)):
        if element.tag == 0xA0:
            permitted = tuple(_subtrees(value, element))
        elif element.tag == 0xA1:
            excluded = tuple(_subtrees(value, element))
        else:
            raise der.DerError("name constraints with a field that is neither permitted nor excluded")
    return NameConstraints(permitted, excluded)


def _subtrees(value: bytes, parent: der.Element) -> Iterator[TypedName]:
    for subtree in der.children(value, parent):
        base = next(der.children(value, subtree), None)
        if base is None:
            raise der.DerError("a subtree without a base")
        octets = der.content(value, base)
        if base.tag == _IP and len(octets) not in (8, 32):
            raise der.DerError(f"an IP subtree of {len(octets)} octets where 8 or 32 should stand")
        if base.tag == _DNS and octets.lstrip(b".") and not _is_dns(octets.lstrip(b".")):
            raise der.DerError(f"a DNS subtree that is no domain: {octets.decode('latin-1')}")
        if base.tag == _DIRECTORY:
            comparable_attributes(octets)
        yield TypedName(base.tag, octets)


def _names(certificate: Certificate, *, is_leaf: bool) -> Iterator[TypedName]:
    """Yield what constraints are on.

    Of a certificate without subjectAltName these are the subject's emailAddress, and a leaf's common name as well,
    since a client that falls back to it would otherwise escape the constraint.
    """
    fields = certificate.fields
    subject = certificate.subject
    if not subject.is_empty:
        yield TypedName(_DIRECTORY, fields.subject)
    extension = certificate.extension(extensions.SUBJECT_ALT_NAME)
    if extension is not None:
        if fields.san is not None:
            for element in der.children(extension.value, der.root(extension.value)):
                yield TypedName(element.tag, der.content(extension.value, element))
        return
    for kind, value in subject.attributes:
        octets = value.encode("utf-8", "replace")
        if kind == "emailAddress":
            yield TypedName(_EMAIL, octets)
        elif is_leaf and kind == "CN" and b"." in octets and _is_dns(octets):
            yield TypedName(_DNS, octets)


def _within(name: TypedName, tree: TypedName, *, excluding: bool) -> bool:
    """Whether a name lies in a subtree. What cannot be understood counts against the certificate."""
    match name.tag:
        case 0x82:
            return _dns_within(name.octets, tree.octets, excluding=excluding)
        case 0x87:
            return _ip_within(name.octets, tree.octets)
        case 0x81:
            return _email_within(name.octets, tree.octets, excluding=excluding)
        case 0x86:
            return _uri_within(name.octets, tree.octets, excluding=excluding)
        case 0xA4:
            return _directory_within(name.octets, tree.octets, excluding=excluding)
        case _:
            return excluding


@lru_cache(maxsize=4096)
def _is_dns(octets: bytes) -> bool:
    return len(octets) <= 253 and _DNS_SHAPE.fullmatch(octets.decode("latin-1")) is not None


def _dns_within(name: bytes, tree: bytes, *, excluding: bool) -> bool:
    """A wildcard is excluded where anything that it may stand for is, and permitted only where all of it is."""
    is_wildcard = name.startswith(b"*.")
    host, base = (name[2:] if is_wildcard else name).lower(), tree.lower()
    if not _is_dns(host):
        return excluding
    if not base:
        return True
    if is_wildcard and excluding and base.lstrip(b".").endswith(b"." + host):
        return base.lstrip(b".").removesuffix(b"." + host).count(b".") == 0
    if base.startswith(b"."):
        return host.endswith(base) or (is_wildcard and host == base[1:])
    return host == base or host.endswith(b"." + base)


def _ip_within(address: bytes, tree: bytes) -> bool:
    half = len(tree) // 2
    if len(address) != half:
        return False
    return all(
        a & mask == base & mask for a, base, mask in zip(address, tree[:half], tree[half:], strict=True)
    )


def _email_within(address: bytes, tree: bytes, *, excluding: bool) -> bool:
    local, at, host = address.rpartition(b"@")
    if not at or not local:
        return excluding
    if b"@" in tree:
        wanted_local, _, wanted_host = tree.rpartition(b"@")
        return local == wanted_local and host.lower() == wanted_host.lower()
    return _host_within(host, tree)


def _uri_within(uri: bytes, tree: bytes, *, excluding: bool) -> bool:
    """A constraint on URIs is on the host part, which must be a domain name (RFC 5280 §4.2.1.10)."""
    authority = re.match(
        rb"[A-Za-z][A-Za-z0-9+.-]*://(?:[^/?#@]*@)?([^/?#:\[\]]+)(?::[0-9]*)?(?:[/?#]|$)", uri
    )
    host = authority.group(1) if authority else b""
    if not host or re.fullmatch(rb"[0-9.]+", host) or not _is_dns(host):
        return excluding
    return _host_within(host, tree)


def _host_within(host: bytes, tree: bytes) -> bool:
    host, tree = host.lower(), tree.lower()
    return (
        host.endswith(tree) and len(host) > len(tree) if tree.startswith(b".") else host == tree or not tree
    )


def _directory_within(name: bytes, tree: bytes, *, excluding: bool) -> bool:
    try:
        attributes, base = comparable_attributes(name), comparable_attributes(tree)
    except der.DerError:
        return excluding
    return attributes[: len(base)] == base


def _address_text(octets: bytes) -> str:
    half = len(octets) // 2
    try:
        if len(octets) in (4, 16):
            return str(ipaddress.ip_address(octets))
        return f"{ipaddress.ip_address(octets[:half])}/{ipaddress.ip_address(octets[half:])}"
    except ValueError:
        return octets.hex()
