"""Certificate extensions in words, one line a statement; raw text. It explains, never judges."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress

from certtui.core import der, standard_wording, vendor_wording
from certtui.core.extensions import SIGNED_CERTIFICATE_TIMESTAMPS, Extension
from certtui.core.log_list import Log
from certtui.core.outline import UNREADABLE, outline

_MAX_LINES = 200
_MAX_OCTETS = 256
_MAX_NODES = 64
"""Of an unknown extension's outline; longer ones are not told, since there may be a thousand extensions."""
_OCTETS_IN_LINE = 16


def extension_lines(extension: Extension) -> tuple[str, ...]:
    """Return what an extension says, in words; its octets in hexadecimal where it cannot be decoded."""
    lines = _said(extension, _MAX_OCTETS)
    if len(lines) > _MAX_LINES:
        lines = [*lines[:_MAX_LINES], f"… {len(lines) - _MAX_LINES} more"]
    return tuple(lines)


def all_extension_lines(extension: Extension, logs: Sequence[Log] = ()) -> tuple[str, ...]:
    """Return everything that an extension says, however much; `logs` names those of its timestamps."""
    if extension.oid == SIGNED_CERTIFICATE_TIMESTAMPS:
        with suppress(der.DerError):
            return tuple(vendor_wording.timestamp_lines(extension.value, logs, has_signatures=True))
    return tuple(_said(extension, len(extension.value)))


def _said(extension: Extension, most_octets: int) -> list[str]:
    writer = standard_wording.WRITERS.get(extension.oid) or vendor_wording.WRITERS.get(extension.oid)
    try:
        if writer is not None:
            return writer(extension.value)
    except der.DerError as error:
        return [f"cannot be decoded: {error}", *_hexadecimal(extension.value, most_octets)]
    return [*_outlined(extension.value), *_hexadecimal(extension.value, most_octets)]


def _outlined(value: bytes) -> list[str]:
    """Return the ASN.1 outline of a value that nobody knows; nothing where it is no DER, says nothing or is long."""
    nodes = outline(value, most=_MAX_NODES)
    if any(node.type_name == UNREADABLE for node in nodes) or (len(nodes) == 1 and not nodes[0].value):
        return []
    return [f"{'  ' * node.depth}{node.type_name} {node.value}".rstrip() for node in nodes]


def _hexadecimal(value: bytes, most_octets: int) -> list[str]:
    shown = value[:most_octets]
    starts = range(0, len(shown), _OCTETS_IN_LINE)
    lines = [shown[start : start + _OCTETS_IN_LINE].hex(" ") for start in starts]
    if len(value) > most_octets:
        return [*lines, f"… {len(value) - most_octets} octets more"]
    return lines or ["empty"]
