"""Crl: a tolerant view of one revocation list (RFC 5280 §5). It decodes on demand and never raises."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property, lru_cache, partial
from itertools import islice
from types import MappingProxyType
from typing import TypeVar
from weakref import WeakValueDictionary

from certtui.core import der, extensions
from certtui.core.crl_entries import Entry, EntryIndex, index_entries
from certtui.core.distinguished_name import Name, comparable_name, decode_name
from certtui.core.distribution_points import Scope, decode_scope
from certtui.core.extensions import Extension
from certtui.core.keys import SignatureAlgorithm, describe_signature_algorithm
from certtui.core.revocation_syntax import elements, expect, read_extensions, read_time, root, whole_octets

CRL_NUMBER = "2.5.29.20"
DELTA_INDICATOR = "2.5.29.27"
ISSUING_POINT = "2.5.29.28"
PROCESSED_EXTENSIONS = frozenset({DELTA_INDICATOR, ISSUING_POINT, extensions.AUTHORITY_KEY_ID})
"""What may be critical in a CRL (RFC 5280 §5.2), as OpenSSL has it."""
MAX_OCTETS = 100_000_000
"""Larger CRLs are not read."""
MAX_PART = 262_144
"""Nor are an issuer's name or extensions of more octets than this."""
_MAX_FIELDS = 7
_KEPT_VERDICTS = 64
_EMPTY_NAME = Name((), "")
_Value = TypeVar("_Value")


@dataclass(slots=True)
class CrlFields:
    """A CRL taken apart, but for its entries. Empty octets and None stand for what could not be found."""

    version: int | None = None
    """2 for a CRL with extensions (RFC 5280 §5.1.2.1)."""
    signature_algorithm: bytes = b""
    """`tbsCertList.signature`, an AlgorithmIdentifier in DER."""
    outer_signature_algorithm: bytes = b""
    issuer: bytes = b""
    this_update: datetime | None = None
    next_update: datetime | None = None
    extensions: tuple[Extension, ...] = ()
    number: int | None = None
    """The crlNumber (RFC 5280 §5.2.3)."""
    base_number: int | None = None
    """The BaseCRLNumber of a delta CRL (RFC 5280 §5.2.4); None for a complete one."""
    scope: Scope = field(default_factory=Scope)
    authority_key_id: bytes | None = None
    signed_span: tuple[int, int] = (0, 0)
    """Where the octets that the signature covers begin and end."""
    entries_span: tuple[int, int] = (0, 0)
    """Where the entries begin and end."""
    signature: bytes = b""
    problems: list[str] = field(default_factory=list)
    """What could not be decoded, one phrase each; raw text. A CRL with problems must not be relied on."""


class Crl:
    """One revocation list, shared by all who hold the same octets while anyone does.

    What is found out about it is kept with it, and so for no longer than the octets, which may be many.
    """

    der: bytes
    """The CRL exactly as it was given."""
    sha256: bytes
    """SHA-256 of the DER."""

    def __init__(self, octets: bytes, sha256: bytes) -> None:
        self.der = octets
        self.sha256 = sha256
        self._verdicts: dict[bytes, bool | None] = {}

    @classmethod
    def of(cls, octets: bytes) -> Crl:
        """Return the CRL with these octets; equal octets give the same object."""
        digest = hashlib.sha256(octets).digest()
        known = _interned.get(digest)
        if known is None:
            known = _interned.setdefault(digest, cls(bytes(octets), digest))
        return known

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Crl) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Crl {self.sha256.hex()[:16]}>"

    @cached_property
    def fields(self) -> CrlFields:
        """The CRL taken apart."""
        return _decode_fields(self.der)

    @cached_property
    def index(self) -> EntryIndex:
        """Where the entries are."""
        return index_entries(self.der, *self.fields.entries_span)

    @property
    def issuer(self) -> Name:
        """The issuer; empty where it cannot be decoded."""
        try:
            return decode_name(self.fields.issuer)
        except der.DerError:
            return _EMPTY_NAME

    @property
    def issuer_key(self) -> bytes:
        """The issuer in comparable form (RFC 5280 §7.1); empty where it cannot be found."""
        return comparable_name(self.fields.issuer)

    @property
    def signature(self) -> SignatureAlgorithm:
        """The algorithm of the signature, as signed."""
        try:
            return describe_signature_algorithm(self.fields.signature_algorithm)
        except der.DerError:
            return SignatureAlgorithm("", "undecodable", None)

    @property
    def is_delta(self) -> bool:
        """Whether it only amends a complete CRL (RFC 5280 §5.2.4)."""
        return self.extension(DELTA_INDICATOR) is not None

    def extension(self, oid: str) -> Extension | None:
        """Return the CRL extension with this OID."""
        return next((extension for extension in self.fields.extensions if extension.oid == oid), None)

    def is_signed_with(self, spki: bytes) -> bool | None:
        """Return whether this key verifies the signature; None where it can't be told."""
        if spki not in self._verdicts:
            if len(self._verdicts) >= _KEPT_VERDICTS:
                self._verdicts.clear()
            self._verdicts[spki] = _verifies(self, spki)
        return self._verdicts[spki]

    def entries_of(self, serial: int) -> Iterator[Entry]:
        """Yield the entries with this serial number, for whichever issuer; read `index.problem` first."""
        return self.index.entries_of(self.der, serial, self.issuer_key)


_interned: WeakValueDictionary[bytes, Crl] = WeakValueDictionary()


@lru_cache(maxsize=8)
def crls_by_issuer(crls: tuple[bytes, ...]) -> MappingProxyType[bytes, Sequence[Crl]]:
    """Return CRLs by their issuers' comparable names, each once; those without a name are under `b""`."""
    found: dict[bytes, list[Crl]] = {}
    for crl in dict.fromkeys(map(Crl.of, crls)):
        found.setdefault(crl.issuer_key, []).append(crl)
    return MappingProxyType({name: tuple(listed) for name, listed in found.items()})


def _decode_fields(data: bytes) -> CrlFields:
    fields = CrlFields()
    if len(data) > MAX_OCTETS:
        fields.problems.append(f"it has {len(data)} octets, more than the {MAX_OCTETS} that are read")
        return fields
    try:
        _take_apart(fields, data)
    except der.DerError as error:
        fields.problems.append(str(error))
    _decode_extensions(fields)
    return fields


def _verifies(crl: Crl, spki: bytes) -> bool | None:
    fields = crl.fields
    start, end = fields.signed_span
    if not end or not spki or not fields.signature:
        return None
    from certtui.core.signatures import signature_verifies  # the screen is painted before this is needed

    return signature_verifies(spki, fields.signature_algorithm, crl.der[start:end], fields.signature)


def _take_apart(fields: CrlFields, data: bytes) -> None:
    parts = elements(data, root(data))
    signed = expect(next(parts, None), der.SEQUENCE, "tbsCertList")
    fields.signed_span = (signed.start, signed.next)
    _take_signed_part(fields, data, signed)
    algorithm = expect(next(parts, None), der.SEQUENCE, "signatureAlgorithm")
    fields.outer_signature_algorithm = _bounded(data, algorithm)
    fields.signature = whole_octets(data, next(parts, None))
    if next(parts, None) is not None:
        raise der.DerError("something follows its signature")


def _take_signed_part(fields: CrlFields, data: bytes, signed: der.Element) -> None:
    parts = list(islice(elements(data, signed), _MAX_FIELDS + 1))
    fields.version = 1
    if parts and parts[0].tag == der.INTEGER:
        fields.version = der.small_integer(der.content(data, parts.pop(0))[:16]) + 1
    if len(parts) < 3:
        raise der.DerError(
            f"{len(parts)} fields where at least an algorithm, an issuer and a time should stand"
        )
    algorithm, issuer, this_update, *rest = parts
    fields.signature_algorithm = _bounded(data, expect(algorithm, der.SEQUENCE, "signature"))
    fields.issuer = _bounded(data, expect(issuer, der.SEQUENCE, "issuer"))
    _attempt(fields, "issuer", lambda: decode_name(fields.issuer))
    fields.this_update = _attempt(fields, "thisUpdate", partial(read_time, data, this_update))
    if rest and rest[0].tag in (der.UTC_TIME, der.GENERALIZED_TIME):
        fields.next_update = _attempt(fields, "nextUpdate", partial(read_time, data, rest.pop(0)))
    if rest and rest[0].tag == der.SEQUENCE:
        entries = rest.pop(0)
        fields.entries_span = (entries.content, entries.end)
    if rest and rest[0].tag == 0xA0:
        _attempt(fields, "crlExtensions", partial(_take_extensions, fields, data, rest.pop(0)))
    if rest:
        raise der.DerError(f"tag 0x{rest[0].tag:02x} where no field of a CRL has its place")


def _bounded(data: bytes, element: der.Element) -> bytes:
    if element.next - element.start > MAX_PART:
        raise der.DerError(f"a field of {element.next - element.start} octets")
    return der.whole(data, element)


def _take_extensions(fields: CrlFields, data: bytes, wrapper: der.Element) -> None:
    octets = _bounded(data, wrapper)
    sequence = next(elements(octets, der.read(octets, 0, len(octets))), None)
    fields.extensions = read_extensions(octets, expect(sequence, der.SEQUENCE, "the list of extensions"))


def _decode_extensions(fields: CrlFields) -> None:
    for extension in fields.extensions:
        value = extension.value
        match extension.oid:
            case "2.5.29.20":
                fields.number = _attempt(fields, "crlNumber", partial(_number, value))
            case "2.5.29.27":
                fields.base_number = _attempt(fields, "deltaCRLIndicator", partial(_number, value))
            case "2.5.29.28":
                decoded = _attempt(
                    fields, "issuingDistributionPoint", partial(decode_scope, value, fields.issuer)
                )
                fields.scope = decoded or Scope()
            case extensions.AUTHORITY_KEY_ID:
                fields.authority_key_id = _attempt(
                    fields, "authorityKeyIdentifier", partial(extensions.decode_authority_key_id, value)
                )


def _number(value: bytes) -> int:
    """CRL numbers have at most 20 octets (RFC 5280 §5.2.3); a few more are understood."""
    octets = der.content(value, der.root(value, der.INTEGER))
    if not 0 < len(octets) <= 64 or der.integer(octets) < 0:
        raise der.DerError(f"an integer of {len(octets)} octets that counts nothing")
    return der.integer(octets)


def _attempt(fields: CrlFields, what: str, decode: Callable[[], _Value]) -> _Value | None:
    try:
        return decode()
    except der.DerError as error:
        fields.problems.append(f"{what}: {error}")
        return None
