"""What CRLs and OCSP responses have in common: elements, extensions, reasons. It never judges."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from certtui.core import der
from certtui.core.extensions import Extension

REASONS = {
    0: "unspecified",
    1: "keyCompromise",
    2: "cACompromise",
    3: "affiliationChanged",
    4: "superseded",
    5: "cessationOfOperation",
    6: "certificateHold",
    8: "removeFromCRL",
    9: "privilegeWithdrawn",
    10: "aACompromise",
}
"""Why a certificate was revoked, by the number of its CRLReason (RFC 5280 §5.3.1)."""
HOLD = "certificateHold"
"""The reason that may be lifted again."""
REMOVED = "removeFromCRL"
"""The reason that takes a revocation back."""
MAX_EXTENSIONS = 100
"""More extensions than this in one place are not read."""


def elements(data: bytes, parent: der.Element) -> Iterator[der.Element]:
    """Yield the elements inside `parent`; raise `DerError` at the first that cannot be read.

    Indefinite lengths are refused: what is signed is written in DER, which has none (X.690 §10.1), and
    following them through a list of millions costs too much.
    """
    position = parent.content
    while position < parent.end:
        if data[position] & 0x1F == 0x1F or data[position + 1 : position + 2] == b"\x80":
            raise der.DerError(f"a tag or a length at offset {position} that is not expected here")
        element = der.read(data, position, parent.end)
        yield element
        position = element.next


def root(data: bytes) -> der.Element:
    """Return the outermost SEQUENCE; what follows it is ignored."""
    if data[1:2] == b"\x80":
        raise der.DerError("an indefinite length where DER is demanded")
    return der.root(data)


def expect(element: der.Element | None, tag: int, what: str) -> der.Element:
    """Return the element if it has this tag; raise `DerError` that names it where not."""
    if element is None:
        raise der.DerError(f"no {what}")
    if element.tag != tag:
        raise der.DerError(f"tag 0x{element.tag:02x} where {what} should stand")
    return element


def read_extensions(data: bytes, sequence: der.Element) -> tuple[Extension, ...]:
    """Return the Extensions in a SEQUENCE OF Extension, of which none may stand twice (RFC 5280 §4.2)."""
    found: dict[str, Extension] = {}
    for element in elements(data, sequence):
        extension = _extension(data, expect(element, der.SEQUENCE, "an extension"))
        if extension.oid in found:
            raise der.DerError(f"the extension {extension.name} stands there more than once")
        if len(found) >= MAX_EXTENSIONS:
            raise der.DerError(f"more than {MAX_EXTENSIONS} extensions")
        found[extension.oid] = extension
    return tuple(found.values())


def _extension(data: bytes, element: der.Element) -> Extension:
    parts = list(elements(data, element))
    if not 2 <= len(parts) <= 3 or parts[0].tag != der.OID or parts[-1].tag != der.OCTET_STRING:
        raise der.DerError("an extension that is no OID with an octet string")
    critical = len(parts) == 3 and der.boolean(der.content(data, expect(parts[1], der.BOOLEAN, "critical")))
    return Extension(der.oid(der.content(data, parts[0])), critical, der.content(data, parts[-1]))


def whole_octets(data: bytes, element: der.Element | None) -> bytes:
    """Return the octets of a signature's BIT STRING."""
    octets, unused = der.bits(der.content(data, expect(element, der.BIT_STRING, "signature")))
    if unused:
        raise der.DerError(f"{unused} bits are left over, but signatures are whole octets")
    return octets


def reason_name(number: int) -> str:
    """Return the name of a CRLReason; a number that is not defined names itself."""
    return REASONS.get(number, f"reason {number}")


def read_time(data: bytes, element: der.Element) -> datetime:
    """Return the moment that an element holds; raise `DerError` where it holds none."""
    return der.time(element.tag, der.content(data, element)[:64])
