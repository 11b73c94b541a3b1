"""Tags and lengths of DER elements, read one at a time: what an outline is made of. It looks at no content."""

from __future__ import annotations

from enum import IntEnum
from typing import Final, NamedTuple

from certtui.core import der

CONSTRUCTED: Final = 0x20
"""The bit of the identifier octet that says that an element holds others."""
INDEFINITE: Final = -1
"""Stands for a length that is not written (X.690 §8.1.3.6)."""
_MAX_TAG_OCTETS = 8
_MAX_PROBED = 64
"""How many elements of an octet string must be readable before it is taken for DER, if it has as many."""
UNIVERSAL_NAMES = {
    1: "BOOLEAN",
    2: "INTEGER",
    3: "BIT STRING",
    4: "OCTET STRING",
    5: "NULL",
    6: "OBJECT IDENTIFIER",
    7: "ObjectDescriptor",
    8: "EXTERNAL",
    9: "REAL",
    10: "ENUMERATED",
    11: "EMBEDDED PDV",
    12: "UTF8String",
    13: "RELATIVE-OID",
    16: "SEQUENCE",
    17: "SET",
    18: "NumericString",
    19: "PrintableString",
    20: "TeletexString",
    21: "VideotexString",
    22: "IA5String",
    23: "UTCTime",
    24: "GeneralizedTime",
    25: "GraphicString",
    26: "VisibleString",
    27: "GeneralString",
    28: "UniversalString",
    29: "CHARACTER STRING",
    30: "BMPString",
}
"""What X.680 calls the universal types, by tag number."""


class TagClass(IntEnum):
    """The classes of tags (X.690 §8.1.2.2)."""

    UNIVERSAL = 0
    APPLICATION = 1
    CONTEXT = 2
    PRIVATE = 3


class Header(NamedTuple):
    """Tag and length of one element."""

    tag: int
    """The identifier octet; for high tag numbers only the first."""
    number: int
    content: int
    """Where the content begins."""
    length: int
    """Octets of content, or `INDEFINITE`."""


def read_header(data: bytes, offset: int, limit: int) -> Header:
    """Return tag and length of the element at `offset`; raise `DerError` where it cannot end before `limit`.

    Unlike `der.read` it does not look for the end of an indefinite length, which would take time at every level.
    """
    try:
        tag = number = data[offset]
        position = offset + 1
        number &= 0x1F
        if number == 0x1F:
            number, position = _high_number(data, position)
        length = data[position]
    except IndexError:
        raise der.DerError(f"the data ends at offset {offset} where an element should begin") from None
    position += 1
    if length == 0x80:
        if not tag & CONSTRUCTED or position > limit:
            raise der.DerError(f"an indefinite length at offset {offset} that cannot be followed")
        return Header(tag, number, position, INDEFINITE)
    if length > 0x80:
        octets = length & 0x7F
        if octets > 8:
            raise der.DerError(f"a length of {octets} octets at offset {offset}")
        length = int.from_bytes(data[position : position + octets], "big")
        position += octets
    if position + length > limit:
        raise der.DerError(f"an element of {length} octets at offset {offset} runs past its container")
    return Header(tag, number, position, length)


def _high_number(data: bytes, position: int) -> tuple[int, int]:
    """Return a tag number written in octets of its own, and where the length begins (X.690 §8.1.2.4)."""
    start, number = position, 0
    while True:
        octet = data[position]
        number = number << 7 | octet & 0x7F
        position += 1
        if not octet & 0x80:
            return number, position
        if position - start >= _MAX_TAG_OCTETS:
            raise der.DerError(f"a tag of more than {_MAX_TAG_OCTETS} octets at offset {start}")


def holds_der(data: bytes, start: int, end: int, *, any_type: bool) -> bool:
    """Return whether octets are one element of DER, which chance makes of few.

    `any_type` counts a primitive element too, which is made more easily.
    """
    try:
        outer = read_header(data, start, end)
        if any_type and outer.length >= 0 and outer.content + outer.length == end:
            return True
        if outer.tag not in (der.SEQUENCE, der.SET) or outer.content + outer.length != end:
            return False
        position = outer.content
        for _ in range(_MAX_PROBED):
            if position >= end:
                return position == end
            inner = read_header(data, position, end)
            if inner.length == INDEFINITE:
                return False
            position = inner.content + inner.length
    except der.DerError:
        return False
    return True
