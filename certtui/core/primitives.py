"""One DER value in words, cut to a bound whatever its size; raw text. It knows nothing of where the value stands."""

from __future__ import annotations

from typing import Final

from certtui.core import der, extensions
from certtui.core.moments import moment
from certtui.core.oids import told

ENUMERATED: Final = 0x0A
NULL: Final = 0x05
STRINGS: Final = frozenset({0x0C, 0x12, 0x13, 0x14, 0x15, 0x16, 0x19, 0x1A, 0x1B, 0x1C, 0x1E})
"""The identifier octets of character strings, NumericString to BMPString."""
_MOST_OCTETS = 256
_MOST_CHARACTERS = 1024
_MOST_DECIMAL_OCTETS = 8


def value_words(tag: int, octets: bytes) -> str:
    """Return what a primitive value says; raise `DerError` where its content is not of its type."""
    if tag == der.OID:
        return told(der.oid(octets))
    if tag in (der.INTEGER, ENUMERATED):
        return integer_words(octets)
    if tag == der.BOOLEAN:
        return "TRUE" if der.boolean(octets) else "FALSE"
    if tag == NULL:
        return hexadecimal(octets) if octets else ""
    if tag in (der.UTC_TIME, der.GENERALIZED_TIME):
        return moment(der.time(tag, octets))
    if tag == der.BIT_STRING:
        return _bits(octets)
    if tag in STRINGS:
        return string_words(tag, octets)
    return _text_or_hexadecimal(octets)


def field_words(field: str, tag: int, octets: bytes) -> str:
    """Return what a primitive element says; where only its definition tells its type, by its name."""
    match field:
        case "iPAddress":
            return extensions.address_words(octets)
        case "registeredID":
            return value_words(der.OID, octets)
        case "KeyUsage" if tag == der.BIT_STRING:
            return ", ".join(extensions.flags_set(octets, extensions.KEY_USAGE_BITS))
        case "reasons" if tag == 0x81:
            return ", ".join(extensions.flags_set(octets, extensions.REASON_FLAGS))
        case "keyIdentifier":
            return hexadecimal(octets)
        case (
            "authorityCertSerialNumber"
            | "pathLenConstraint"
            | "requireExplicitPolicy"
            | "inhibitPolicyMapping"
        ):
            return value_words(der.INTEGER, octets)
        case _:
            return value_words(tag, octets)


def integer_words(octets: bytes) -> str:
    """Return an INTEGER in decimal, in hexadecimal with its size where it is large."""
    if not octets:
        raise der.DerError("an integer without octets")
    if len(octets) <= _MOST_DECIMAL_OCTETS:
        return str(der.integer(octets))
    bits = der.integer(octets).bit_length()
    return f"{hexadecimal(octets)} ({bits} bits{', negative' if octets[0] & 0x80 else ''})"


def serial_words(octets: bytes) -> str:
    """Return the serial number with these content octets, sign and magnitude, as it is compared with others."""
    if not octets:
        raise der.DerError("an integer without octets")
    sign, magnitude = sign_and_magnitude(der.integer(octets))
    return f"{sign}{hexadecimal(magnitude)}"


def sign_and_magnitude(number: int) -> tuple[str, bytes]:
    """Return the sign of a number, empty where it has none, and its magnitude in as few octets as it needs."""
    size = (number.bit_length() + 7) // 8 or 1
    return "-" if number < 0 else "", abs(number).to_bytes(size, "big")


def string_words(tag: int, octets: bytes) -> str:
    """Return a character string, cut where it is long and never within a character."""
    said = der.text(tag, octets)
    return said if len(said) <= _MOST_CHARACTERS else f"{said[:_MOST_CHARACTERS]}… ({len(octets)} octets)"


def hexadecimal(octets: bytes) -> str:
    """Return octets in hexadecimal with colons, cut where there are many."""
    if len(octets) <= _MOST_OCTETS:
        return octets.hex(":")
    return f"{octets[:_MOST_OCTETS].hex(':')}… ({len(octets)} octets)"


def _bits(octets: bytes) -> str:
    value, unused = der.bits(octets)
    if len(value) > 4:
        return f"{hexadecimal(value)}{f', {unused} bits unused' if unused else ''}"
    written = "".join(f"{octet:08b}" for octet in value)
    return f"bits {written[: len(written) - unused] or 'none'}"


def _text_or_hexadecimal(octets: bytes) -> str:
    """Return what an implicit tag covers: text where every octet is printable ASCII (RFC 5280 §4.2.1.6)."""
    is_text = bool(octets) and all(0x20 <= octet < 0x7F for octet in octets[:_MOST_OCTETS])
    return string_words(0x16, octets) if is_text else hexadecimal(octets)
