"""Name constraints of CAs: which names below them they allow (RFC 5280 §4.2.1.10). It decides, others report."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der, extensions
from certtui.core.certificate import Certificate
from certtui.core.extensions import NAME_CONSTRAINTS
from certtui.core.subtrees import (
    DIRECTORY,
    DNS,
    EDI_PARTY,
    EMAIL,
    IP,
    KIND_NAMES,
    OTHER,
    REGISTERED_ID,
    SMTP_UTF8_MAILBOX,
    X400_ADDRESS,
    TypedName,
    is_dns,
    is_within,
)

_NEVER_COMPARED = frozenset({X400_ADDRESS, EDI_PARTY, REGISTERED_ID})
"""Kinds of name that no validator compares; one that obeys a critical constraint on them can only refuse."""
MAX_COMPARISONS = 500_000
"""Names times subtrees of their kind in one diagnosis; more are not compared, which OpenSSL refuses too, but later."""


@dataclass(frozen=True, slots=True)
class NameConstraints:
    """The permitted and excluded subtrees of one CA."""

    permitted: tuple[TypedName, ...]
    excluded: tuple[TypedName, ...]
    is_critical: bool

    @property
    def never_compared(self) -> TypedName | None:
        """The first subtree that binds those who obey the extension, and that nobody can compare names with."""
        bound = (*self.permitted, *self.excluded) if self.is_critical else ()
        return next((tree for tree in bound if tree.tag in _NEVER_COMPARED), None)


@dataclass(frozen=True, slots=True)
class Violation:
    """A name that a CA does not allow, and the subtrees that decided so."""

    name: TypedName
    subtrees: tuple[TypedName, ...]
    is_excluded: bool


def name_constraints(certificate: Certificate) -> NameConstraints | None:
    """Return a CA's name constraints, None if it has none; raise `DerError` where they are malformed."""
    extension = certificate.extension(NAME_CONSTRAINTS)
    return _decode(extension.value, extension.critical) if extension is not None else None


class NameChecks:
    """The names of one diagnosis against the constraints of its CAs; each pair is compared once, and not too many."""

    def __init__(self) -> None:
        self._comparisons_left = MAX_COMPARISONS
        self._compared: dict[tuple[bytes, bool, Certificate, bool], Violation | None] = {}

    def first_violation(
        self, ca: Certificate, certificate: Certificate, *, is_leaf: bool
    ) -> Violation | None:
        """Return the first name of a certificate that a CA's constraints do not allow.

        Raises `DerError` where the constraints are malformed.
        """
        extension = ca.extension(NAME_CONSTRAINTS)
        if extension is None:
            return None
        constraints = _decode(extension.value, extension.critical)
        pair = (extension.value, extension.critical, certificate, is_leaf)
        if pair not in self._compared:
            self._compared[pair] = self._compare(constraints, list(_names(certificate, is_leaf=is_leaf)))
        return self._compared[pair]

    def _compare(self, constraints: NameConstraints, names: Sequence[TypedName]) -> Violation | None:
        excluded, permitted = _Subtrees(constraints.excluded), _Subtrees(constraints.permitted)
        is_critical = constraints.is_critical
        for name in names:
            excluding = excluded.binding(name, is_critical=is_critical)
            permitting = permitted.binding(name, is_critical=is_critical)
            self._comparisons_left -= len(excluding) + len(permitting)
            if self._comparisons_left < 0:
                return Violation(name, (), is_excluded=True)
            hit = tuple(tree for tree in excluding if is_within(name, tree, excluding=True))
            if hit:
                return Violation(name, hit, is_excluded=True)
            if permitting and not any(is_within(name, tree, excluding=False) for tree in permitting):
                return Violation(name, permitting, is_excluded=False)
        return None


class _Subtrees:
    """Subtrees by their kind."""

    def __init__(self, trees: Sequence[TypedName]) -> None:
        kinds: dict[int, list[TypedName]] = {}
        for tree in trees:
            kinds.setdefault(tree.tag, []).append(tree)
        self._of_kind = {tag: tuple(of_kind) for tag, of_kind in kinds.items()}

    def binding(self, name: TypedName, *, is_critical: bool) -> tuple[TypedName, ...]:
        """Return the subtrees that are about names of this kind.

        Mail addresses hide in otherNames (RFC 9598 §6). What can't be compared binds only where the extension is
        critical (RFC 5280 §4.2.1.10).
        """
        if name.tag != OTHER:
            return self._of_kind.get(name.tag, ())
        mail = self._of_kind.get(EMAIL, ()) if name.octets.startswith(SMTP_UTF8_MAILBOX) else ()
        return (*mail, *self._of_kind.get(OTHER, ())) if is_critical else mail


@lru_cache(maxsize=256)
def _decode(value: bytes, is_critical: bool) -> NameConstraints:
    found: dict[int, tuple[TypedName, ...]] = {}
    for element in der.children(value, der.root(value)):
        if element.tag not in (0xA0, 0xA1) or element.tag in found:
            raise der.DerError("name constraints with a field that is neither permitted nor excluded")
        found[element.tag] = tuple(_subtrees(value, element))
    if not any(found.values()):
        raise der.DerError("name constraints that name nothing (RFC 5280 §4.2.1.10)")
    return NameConstraints(found.get(0xA0, ()), found.get(0xA1, ()), is_critical)


def _subtrees(value: bytes, parent: der.Element) -> Iterator[TypedName]:
    for subtree in der.children(value, parent):
        parts = list(der.children(value, subtree))
        if not parts:
            raise der.DerError("a subtree without a base")
        base, *limits = parts
        if [limit for limit in limits if (limit.tag, der.content(value, limit)) != (0x80, b"\x00")]:
            raise der.DerError("a subtree with a minimum or a maximum (RFC 5280 §4.2.1.10)")
        tree = TypedName(base.tag, der.content(value, base))
        _check_base(tree)
        yield tree


def _check_base(tree: TypedName) -> None:
    """Raise `DerError` for a base that is none of its kind."""
    tag, octets = tree.tag, tree.octets
    if tag not in KIND_NAMES:
        raise der.DerError(f"a subtree with tag 0x{tag:02x}, which is no kind of name")
    if tag == IP:
        _check_ip_range(octets)
    elif tag == DNS and octets.lstrip(b".") and not is_dns(octets.lstrip(b".")):
        raise der.DerError(f"a DNS subtree that is no domain: {octets.decode('latin-1')}")
    elif tag == DIRECTORY and tree.attributes is None:
        raise der.DerError("a directory subtree that is no name")


def _check_ip_range(octets: bytes) -> None:
    if len(octets) not in (8, 32):
        raise der.DerError(f"an IP subtree of {len(octets)} octets where 8 or 32 should stand")
    bits = f"{int.from_bytes(octets[len(octets) // 2 :], 'big'):0{len(octets) * 4}b}"
    if "01" in bits:
        raise der.DerError(f"an IP subtree whose mask is no prefix (RFC 4632 §3.1): {octets.hex()}")


def _names(certificate: Certificate, *, is_leaf: bool) -> Iterator[TypedName]:
    """Yield what constraints are on.

    Of a certificate without subjectAltName these are the subject's emailAddress, and a leaf's common name as well,
    since a client that falls back to it would otherwise escape the constraint.
    """
    fields = certificate.fields
    subject = certificate.subject
    if not subject.is_empty:
        yield TypedName(DIRECTORY, fields.subject)
    extension = certificate.extension(extensions.SUBJECT_ALT_NAME)
    if extension is not None:
        if fields.san is not None:
            for element in der.children(extension.value, der.root(extension.value)):
                yield TypedName(element.tag, der.content(extension.value, element))
        return
    for kind, value in subject.attributes:
        octets = value.encode("utf-8", "replace")
        if kind == "emailAddress":
            yield TypedName(EMAIL, octets)
        elif is_leaf and kind == "CN":
            yield from _name_in_common_name(value)


def _name_in_common_name(common_name: str) -> Iterator[TypedName]:
    try:
        yield TypedName(IP, ipaddress.ip_address(common_name).packed)
    except ValueError:
        octets = common_name.encode("utf-8", "replace")
        if b"." in octets and is_dns(octets.removeprefix(b"*.")):
            yield TypedName(DNS, octets)
