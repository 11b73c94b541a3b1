"""The entries of a CRL (RFC 5280 §5.3): found by their offsets, decoded one by one when asked for."""

from __future__ import annotations

import re
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from certtui.core import der
from certtui.core.distinguished_name import comparable_name
from certtui.core.extensions import EXTENSION_NAMES, Extension
from certtui.core.revocation_syntax import REMOVED, elements, expect, read_extensions, read_time, reason_name

MAX_ENTRIES = 2_000_000
"""A CRL with more entries is not read."""
MAX_MARKED = 100_000
"""Nor one with more entries that hold critical extensions or name an issuer: each must be decoded."""
MAX_NAMESAKES = 1_000
"""Entries with one and the same serial number."""
REASON_CODE = "2.5.29.21"
INVALIDITY_DATE = "2.5.29.24"
CERTIFICATE_ISSUER = "2.5.29.29"
_PROCESSED = frozenset({REASON_CODE, INVALIDITY_DATE, CERTIFICATE_ISSUER})
_PADDING = b"\x00\xff"
_MARKS = re.compile(rb"\x01\x01[^\x00]\x04|\x06\x03\x55\x1d\x1d", re.DOTALL)
"""How a critical extension looks between its OID and its value, and the OID of certificateIssuer.

Either may stand elsewhere by chance, so that what holds one is decoded before anything is said of it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One entry of a CRL."""

    serial: int
    revoked_at: datetime
    reason: str | None
    """The name of the reasonCode, None where there is none."""
    invalid_since: datetime | None
    """The invalidityDate: when the key is thought to have been lost (RFC 5280 §5.3.2)."""
    issuers: frozenset[bytes]
    """The comparable names of whoever issued the certificate."""

    @property
    def is_removal(self) -> bool:
        """Whether it takes a revocation back (RFC 5280 §5.3.1)."""
        return self.reason == REMOVED


@dataclass(frozen=True, slots=True)
class EntryIndex:
    """Where each entry of a CRL begins; four octets an entry, and no object."""

    starts: array[int]
    ends: int
    """Where the last entry ends."""
    issuer_starts: array[int]
    """Where those entries begin that say whose certificates follow (certificateIssuer, RFC 5280 §5.3.3)."""
    problem: str | None = None
    """Why the CRL must not be relied on; raw text."""

    def __len__(self) -> int:
        return len(self.starts)

    def entries_of(self, data: bytes, serial: int, crl_issuer: bytes) -> Iterator[Entry]:
        """Yield the entries with this serial number; raise `DerError` where one cannot be decoded.

        The octets of the number are sought as such, and only the entries that hold them are decoded.
        """
        wanted = _integer(serial)
        found = 0
        position = data.find(wanted, self.starts[0], self.ends) if self.starts else -1
        while position >= 0:
            at = bisect_right(self.starts, position) - 1
            start = self.starts[at]
            if position == _content(data, start, self.ends):
                found += 1
                if found > MAX_NAMESAKES:
                    raise der.DerError(f"more than {MAX_NAMESAKES} entries with the serial number {serial:x}")
                yield decode_entry(data, start, self.ends, self._issuers_at(data, start, crl_issuer))
            following = self.starts[at + 1] if at + 1 < len(self.starts) else self.ends
            position = data.find(wanted, following, self.ends)

    def _issuers_at(self, data: bytes, start: int, crl_issuer: bytes) -> frozenset[bytes]:
        at = bisect_right(self.issuer_starts, start) - 1
        if at < 0:
            return frozenset({crl_issuer})
        named = _extensions(data, self.issuer_starts[at], self.ends).get(CERTIFICATE_ISSUER)
        return _directory_names(named.value) if named is not None else frozenset({crl_issuer})


def index_entries(data: bytes, start: int, end: int) -> EntryIndex:
    """Return where the entries between two offsets begin; what cannot be read is told in `problem`."""
    starts, issuer_starts = array("I"), array("I")
    try:
        _walk(data, start, end, starts)
        marked = _marked(data, starts, end)
        issuer_starts.extend(
            at for at in marked if CERTIFICATE_ISSUER in _processed_extensions(data, at, end)
        )
    except der.DerError as error:
        return EntryIndex(array("I"), end, array("I"), str(error))
    return EntryIndex(starts, end, issuer_starts)


def _walk(data: bytes, start: int, end: int, starts: array[int]) -> None:
    """Note each entry's offset. The one loop that runs over all entries does as little as it can."""
    position = start
    while position < end:
        if position + 7 > end or data[position] != der.SEQUENCE:
            raise der.DerError(f"no entry at offset {position} where one should stand")
        length = data[position + 1]
        content = position + 2
        following = content + length
        if length >= 0x80:
            if length == 0x80:
                raise der.DerError(f"an entry of indefinite length at offset {position}")
            _, _, content, ends, following = der.read(data, position, end)
            length = ends - content
        if length < 5 or data[content] != der.INTEGER:
            raise der.DerError(f"an entry without a serial number at offset {position}")
        leading = data[content + 2]
        if leading in _PADDING and data[content + 1] > 1 and leading ^ data[content + 3] < 0x80:
            raise der.DerError(f"a serial number with needless octets at offset {position}")
        starts.append(position)
        position = following
        if len(starts) > MAX_ENTRIES:
            raise der.DerError(f"more than {MAX_ENTRIES} entries")
    if position != end:
        raise der.DerError(f"the last entry runs past the end of the list at offset {end}")


def _marked(data: bytes, starts: array[int], end: int) -> list[int]:
    """Return where those entries begin that may hold a critical extension or a certificate issuer."""
    found: list[int] = []
    mark = _MARKS.search(data, starts[0], end) if starts else None
    while mark is not None:
        at = bisect_right(starts, mark.start()) - 1
        found.append(starts[at])
        if len(found) > MAX_MARKED:
            raise der.DerError(f"more than {MAX_MARKED} entries with critical extensions or issuers")
        mark = _MARKS.search(data, starts[at + 1], end) if at + 1 < len(starts) else None
    return found


def _processed_extensions(data: bytes, start: int, end: int) -> dict[str, Extension]:
    """Return an entry's extensions; raise `DerError` where one is critical and unknown (RFC 5280 §5.3)."""
    found = _extensions(data, start, end)
    for extension in found.values():
        if extension.critical and extension.oid not in _PROCESSED:
            name = EXTENSION_NAMES.get(extension.oid, extension.oid)
            raise der.DerError(f"an entry has the critical extension {name}, which is not known")
    return found


def _extensions(data: bytes, start: int, end: int) -> dict[str, Extension]:
    parts = list(elements(data, der.read(data, start, end)))
    if len(parts) < 3:
        return {}
    sequence = expect(parts[2], der.SEQUENCE, "crlEntryExtensions")
    return {extension.oid: extension for extension in read_extensions(data, sequence)}


def _integer(value: int) -> bytes:
    """Return an INTEGER in DER."""
    octets = value.to_bytes((value if value >= 0 else ~value).bit_length() // 8 + 1, "big", signed=True)
    return der.encode(der.INTEGER, octets)


def _content(data: bytes, start: int, end: int) -> int:
    """Return where an entry's content begins, which is where its serial number does."""
    return start + 2 if data[start + 1] < 0x80 else der.read(data, start, end).content


def decode_entry(data: bytes, start: int, end: int, issuers: frozenset[bytes]) -> Entry:
    """Return the entry at an offset, which is for certificates of `issuers`."""
    entry = der.read(data, start, end)
    parts = list(elements(data, entry))
    if not 2 <= len(parts) <= 3:
        raise der.DerError(f"an entry of {len(parts)} fields at offset {start}")
    found = _processed_extensions(data, start, end)
    reason, invalidity = found.get(REASON_CODE), found.get(INVALIDITY_DATE)
    return Entry(
        serial=der.integer(der.content(data, parts[0])),
        revoked_at=der.time(parts[1].tag, der.content(data, parts[1])[:64]),
        reason=_reason(reason.value) if reason is not None else None,
        invalid_since=_generalized_time(invalidity.value) if invalidity is not None else None,
        issuers=issuers,
    )


def _reason(value: bytes) -> str:
    octets = der.content(value, der.root(value, 0x0A))
    return reason_name(der.small_integer(octets[:16]))


def _generalized_time(value: bytes) -> datetime:
    return read_time(value, der.root(value, der.GENERALIZED_TIME))


def _directory_names(value: bytes) -> frozenset[bytes]:
    names = elements(value, der.root(value))
    return frozenset(comparable_name(der.content(value, name)) for name in names if name.tag == 0xA4)
