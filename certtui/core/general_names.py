"""GeneralNames of every kind in words (RFC 5280 §4.2.1.6); raw text. It compares and judges none."""

from __future__ import annotations

from itertools import islice

from certtui.core import der
from certtui.core.distinguished_name import decode_name
from certtui.core.extensions import MAX_NAMES, NameKind, decode_general_name
from certtui.core.oids import words_of
from certtui.core.primitives import STRINGS, hexadecimal, string_words, value_words

OTHER_NAME, X400_ADDRESS, EDI_PARTY, REGISTERED_ID, URI = 0xA0, 0xA3, 0xA5, 0x88, 0x86


def general_name_words(data: bytes, element: der.Element) -> str:
    """Return a GeneralName with its kind: `DNS:example.com`."""
    octets = der.content(data, element)
    if element.tag == OTHER_NAME:
        return f"otherName:{_other_name(data, element)}"
    if element.tag == REGISTERED_ID:
        return f"registeredID:{value_words(der.OID, octets)}"
    if element.tag == EDI_PARTY:
        return f"ediPartyName:{_edi_party(data, element)}"
    if element.tag == X400_ADDRESS:
        return f"x400Address:{hexadecimal(octets)}"
    name = decode_general_name(data, element)
    if name.kind is NameKind.OTHER:
        return f"tag 0x{element.tag:02x}:{hexadecimal(octets)}"
    return f"{name.kind}:{name.value}"


def general_names_words(data: bytes, parent: der.Element) -> list[str]:
    """Return every name inside an element, in its order; raise `DerError` where there are too many."""
    found = [general_name_words(data, name) for name in islice(der.children(data, parent), MAX_NAMES + 1)]
    if len(found) > MAX_NAMES:
        raise der.DerError(f"more than {MAX_NAMES} names")
    return found


def location_words(data: bytes, element: der.Element) -> str:
    """Return where something is to be found: a URL by itself, any other name with its kind."""
    if element.tag == URI:
        return decode_general_name(data, element).value
    return general_name_words(data, element)


def relative_name_words(attributes: bytes) -> str:
    """Return a RelativeDistinguishedName, given the content of its SET, as RFC 4514 writes it."""
    return decode_name(der.encode(der.SEQUENCE, der.encode(der.SET, attributes))).rfc4514


def _other_name(data: bytes, element: der.Element) -> str:
    parts = list(der.children(data, element))
    if len(parts) != 2 or parts[0].tag != der.OID:
        raise der.DerError("an otherName that is no pair of type and value")
    kind = words_of(der.oid(der.content(data, parts[0])))
    value = next(der.children(data, parts[1]), None)
    return f"{kind}:{_value(data, value) if value is not None else ''}"


def _value(data: bytes, value: der.Element) -> str:
    octets = der.content(data, value)
    if value.tag in STRINGS:
        return string_words(value.tag, octets)
    return hexadecimal(octets) if value.tag & 0x20 else value_words(value.tag, octets)


def _edi_party(data: bytes, element: der.Element) -> str:
    """Return nameAssigner and partyName, of which the first may be absent."""
    said: list[str] = []
    for field in der.children(data, element):
        string = next(der.children(data, field), None) if field.tag & 0x20 else None
        said.append(_value(data, string if string is not None else field))
    return ", ".join(said)
