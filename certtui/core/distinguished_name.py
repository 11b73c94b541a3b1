"""Distinguished names: decoded for people, normalised for comparison. It never judges a name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der

ATTRIBUTE_NAMES: dict[str, str] = {
    "2.5.4.3": "CN",
    "2.5.4.4": "SN",
    "2.5.4.5": "serialNumber",
    "2.5.4.6": "C",
    "2.5.4.7": "L",
    "2.5.4.8": "ST",
    "2.5.4.9": "street",
    "2.5.4.10": "O",
    "2.5.4.11": "OU",
    "2.5.4.12": "title",
    "2.5.4.15": "businessCategory",
    "2.5.4.17": "postalCode",
    "2.5.4.42": "GN",
    "2.5.4.46": "dnQualifier",
    "2.5.4.97": "organizationIdentifier",
    "0.9.2342.19200300.100.1.1": "UID",
    "0.9.2342.19200300.100.1.25": "DC",
    "1.2.840.113549.1.9.1": "emailAddress",
    "1.3.6.1.4.1.311.60.2.1.1": "jurisdictionL",
    "1.3.6.1.4.1.311.60.2.1.2": "jurisdictionST",
    "1.3.6.1.4.1.311.60.2.1.3": "jurisdictionC",
}
"""Short names of attribute types (RFC 4514 §3, RFC 4519, EV guidelines)."""

_ESCAPES = {character: f"\\{character}" for character in '",+;<>\\'} | {"\x00": "\\00"}
"""RFC 4514 §2.4."""
_FOLDED_TAGS = frozenset({0x0C, 0x12, 0x13, 0x14, 0x16, 0x1A, 0x1C, 0x1E})
"""Character strings of every type compare as texts, without regard to case and runs of spaces, as OpenSSL does."""


@dataclass(frozen=True, slots=True)
class Name:
    """A distinguished name (RFC 5280 §4.1.2.4); values are raw text as the certificate has them."""

    attributes: tuple[tuple[str, str], ...]
    """Type and value of each attribute, in the certificate's order."""
    rfc4514: str
    """The whole name as RFC 4514 writes it, last attribute first."""

    @property
    def common_name(self) -> str | None:
        """The last commonName, the most specific where there are several."""
        return self.first("CN")

    @property
    def is_empty(self) -> bool:
        """Whether the name has no attributes."""
        return not self.attributes

    def first(self, kind: str) -> str | None:
        """Return the value of the most specific attribute of this kind."""
        return next((value for name, value in reversed(self.attributes) if name == kind), None)


@lru_cache(maxsize=512)
def decode_name(data: bytes) -> Name:
    """Return the Name in these DER octets; raise `DerError` where they are none."""
    groups = [
        [(ATTRIBUTE_NAMES.get(oid, oid), der.text(tag, octets)) for oid, tag, octets in group]
        for group in _relative_names(data)
    ]
    written = ["+".join(f"{kind}={_escape(value)}" for kind, value in group) for group in groups]
    return Name(
        attributes=tuple(pair for group in groups for pair in group),
        rfc4514=",".join(reversed(written)),
    )


@lru_cache(maxsize=2048)
def comparable_name(data: bytes) -> bytes:
    """Return octets that are equal for names that RFC 5280 §7.1 calls equal.

    Strings are compared without regard to case, string type and runs of spaces; everything else octet by octet.
    A name that cannot be decoded is comparable only with its own octets.
    """
    try:
        return _together(comparable_attributes(data)).encode("utf-8", "surrogatepass")
    except der.DerError:
        return data


def comparable_attributes(data: bytes) -> tuple[str, ...]:
    """Return one text for each relative distinguished name, equal where RFC 5280 §7.1 calls them equal.

    Raises `DerError` where the octets are no name.
    """
    return tuple(
        _together(sorted(f"{oid}={_fold(tag, octets)}" for oid, tag, octets in group))
        for group in _relative_names(data)
    )


def _together(texts: Iterable[str]) -> str:
    """Return texts as one, each behind its length, so that no text can look like two."""
    return "".join(f"{len(text)}:{text}" for text in texts)


def _fold(tag: int, octets: bytes) -> str:
    if tag in _FOLDED_TAGS:
        return " ".join(der.text(tag, octets).casefold().split())
    return f"{tag}:{octets.hex()}"


@lru_cache(maxsize=512)
def _relative_names(data: bytes) -> tuple[tuple[tuple[str, int, bytes], ...], ...]:
    groups: list[tuple[tuple[str, int, bytes], ...]] = []
    for relative in der.children(data, der.root(data)):
        group: list[tuple[str, int, bytes]] = []
        for attribute in der.children(data, relative):
            parts = list(der.children(data, attribute))
            if len(parts) != 2 or parts[0].tag != der.OID:
                raise der.DerError("an attribute that is no pair of type and value")
            kind = der.oid(der.content(data, parts[0]))
            group.append((kind, parts[1].tag, der.content(data, parts[1])))
        groups.append(tuple(group))
    return tuple(groups)


def _escape(value: str) -> str:
    escaped = "".join(_ESCAPES.get(character, character) for character in value)
    if value[:1] in (" ", "#"):
        escaped = "\\" + escaped
    if value.endswith(" ") and len(value) > 1:
        escaped = escaped[:-1] + "\\ "
    return escaped
