"""A bounded, lenient DER reader: it reads whatever is readable and never recurses without end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
OID: Final = 0x06
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_MAX_DEPTH = 32
_STRING_ENCODINGS: Final = {
    0x0C: "utf-8",
    0x12: "latin-1",
    0x13: "latin-1",
    0x14: "latin-1",
    0x16: "latin-1",
    0x1A: "latin-1",
    0x1C: "utf-32-be",
    0x1E: "utf-16-be",
}


class DerError(ValueError):
    """Bytes that cannot be read as the element that belongs there; says what and at which offset."""


class Element(NamedTuple):
    """One tag-length-value of a buffer, by its offsets."""

    tag: int
    """The identifier octet; for high tag numbers only the first octet."""
    start: int
    """Where the tag stands."""
    content: int
    """Where the content begins."""
    end: int
    """Where the content ends, end-of-contents octets left out."""
    next: int
    """Where the next element begins."""


def read(data: bytes, offset: int, limit: int, depth: int = 0) -> Element:
    """Return the element at `offset`, which must end at or before `limit`.

    Lengths in more octets than needed and indefinite lengths (X.690 §8.1.3) are read too, since OpenSSL reads
    them; `DerError` says what could not be read.
    """
    try:
        tag = data[offset]
        position = offset + 1
        if tag & 0x1F == 0x1F:
            while data[position] & 0x80:
                position += 1
            position += 1
        length = data[position]
    except IndexError:
        raise DerError(f"the data ends at offset {offset} where an element should begin") from None
    position += 1
    if length == 0x80:
        return _read_indefinite(data, tag, offset, position, limit, depth)
    if length > 0x80:
        octets = length & 0x7F
        if octets > 8:
            raise DerError(f"a length of {octets} octets at offset {offset}")
        length = int.from_bytes(data[position : position + octets], "big")
        position += octets
    end = position + length
    if end > limit:
        raise DerError(f"an element of {length} octets at offset {offset} runs past its container")
    return Element(tag, offset, position, end, end)


def _read_indefinite(data: bytes, tag: int, offset: int, content: int, limit: int, depth: int) -> Element:
    if depth >= _MAX_DEPTH or not tag & 0x20:
        raise DerError(f"an indefinite length at offset {offset} that cannot be followed")
    position = content
    while data[position : position + 2] != b"\x00\x00":
        position = read(data, position, limit, depth + 1).next
    if position + 2 > limit:
        raise DerError(f"the indefinite length at offset {offset} has no end")
    return Element(tag, offset, content, position, position + 2)


def children(data: bytes, parent: Element) -> Iterator[Element]:
    """Yield the elements inside `parent`; raise `DerError` at the first that cannot be read."""
    position = parent.content
    while position < parent.end:
        element = read(data, position, parent.end)
        yield element
        position = element.next


def root(data: bytes, expected: int = SEQUENCE) -> Element:
    """Return the outermost element of `data`, which must have the tag `expected`; trailing data is ignored."""
    element = read(data, 0, len(data))
    if element.tag != expected:
        raise DerError(f"tag 0x{element.tag:02x} where 0x{expected:02x} should stand")
    return element


def content(data: bytes, element: Element) -> bytes:
    """Return the content octets of `element`."""
    return data[element.content : element.end]


def whole(data: bytes, element: Element) -> bytes:
    """Return `element` with its tag and length."""
    return data[element.start : element.next]


def encode(tag: int, *contents: bytes) -> bytes:
    """Return an element in DER: tag, length, contents."""
    octets = b"".join(contents)
    if len(octets) < 0x80:
        return bytes((tag, len(octets))) + octets
    size = len(octets).to_bytes((len(octets).bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(size))) + size + octets


def integer(octets: bytes) -> int:
    """Return the INTEGER with these content octets."""
    return int.from_bytes(octets, "big", signed=True)


def small_integer(octets: bytes) -> int:
    """Return the INTEGER with these content octets, which counts something: not negative, at most 64 bits."""
    value = integer(octets)
    if len(octets) > 9 or not octets or value < 0:
        raise DerError(f"an integer of {len(octets)} octets that counts nothing: {octets[:16].hex()}")
    return value


def boolean(octets: bytes) -> bool:
    """Return the BOOLEAN with these content octets; any non-zero octet is true, as in BER."""
    return any(octets)


def bits(octets: bytes) -> tuple[bytes, int]:
    """Return a BIT STRING's octets and the number of unused bits in the last."""
    if not octets or octets[0] > 7:
        raise DerError("a bit string without a valid count of unused bits")
    return octets[1:], octets[0]


def oid(octets: bytes) -> str:
    """Return the OBJECT IDENTIFIER with these content octets in dotted form (X.690 §8.19)."""
    if not octets or octets[-1] & 0x80 or len(octets) > 128:
        raise DerError("a malformed object identifier")
    arcs: list[int] = []
    value = 0
    for octet in octets:
        value = value << 7 | octet & 0x7F
        if not octet & 0x80:
            arcs.append(value)
            value = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(map(str, (first, arcs[0] - 40 * first, *arcs[1:])))


def text(tag: int, octets: bytes) -> str:
    """Return a character string; octets that are invalid in its encoding become U+FFFD, nothing is dropped."""
    return octets.decode(_STRING_ENCODINGS.get(tag, "latin-1"), errors="replace")


def time(tag: int, octets: bytes) -> datetime:
    """Return a UTCTime or GeneralizedTime (RFC 5280 §4.1.2.5) as an aware UTC datetime.

    Fractions of a second, missing seconds and offsets from UTC, which RFC 5280 forbids, are understood;
    `is_der_time` says whether they stand there. 50 and above is 19xx in a two-digit year.
    """
    string = octets.decode("ascii", errors="replace")
    try:
        if tag == UTC_TIME:
            century = "19" if string[:2] >= "50" else "20"
            string = century + string
        elif tag != GENERALIZED_TIME:
            raise DerError(f"tag 0x{tag:02x} where a time should stand")
        return _parse_time(string)
    except (ValueError, OverflowError, IndexError) as error:
        raise DerError(f"{octets[:32]!r} is not a time: {error}") from None


def is_der_time(tag: int, octets: bytes) -> bool:
    """Return whether a time is written as RFC 5280 §4.1.2.5 demands: with seconds, in Z, no fraction."""
    digits = 12 if tag == UTC_TIME else 14
    return len(octets) == digits + 1 and octets[:-1].isdigit() and octets.endswith(b"Z")


def _parse_time(string: str) -> datetime:
    if not string[:12].isascii() or not string[:12].isdigit():
        raise ValueError("no year, month, day, hour and minute")
    # Year 0, "since ever" in some certificates, is before the first year that datetime knows.
    fields = [max(int(string[:4]), 1), *(int(string[at : at + 2]) for at in range(4, 12, 2))]
    rest = string[12:]
    seconds = 0
    if rest[:2].isdigit() and len(rest) >= 2:
        seconds, rest = int(rest[:2]), rest[2:]
    if rest[:1] in (".", ","):
        rest = rest[1:].lstrip("0123456789")
    moment = datetime(fields[0], fields[1], fields[2], fields[3], fields[4], seconds, tzinfo=UTC)
    if rest in ("Z", ""):
        return moment
    if len(rest) == 5 and rest[0] in "+-" and rest[1:].isdigit():
        offset = timedelta(hours=int(rest[1:3]), minutes=int(rest[3:]))
        return moment - offset if rest[0] == "+" else moment + offset
    raise ValueError(f"unexpected {rest[:16]!r} at its end")
