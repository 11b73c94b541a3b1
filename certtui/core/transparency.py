"""Certificate transparency: timestamps that logs signed, embedded in a certificate (RFC 6962). It judges no policy."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.extensions import SIGNED_CERTIFICATE_TIMESTAMPS
from certtui.core.log_list import Log, LogList, LogState, read_log_list

__all__ = [
    "Log",
    "LogList",
    "LogState",
    "Timestamp",
    "decode_timestamps",
    "precertificate_tbs",
    "read_log_list",
    "timestamp_problems",
    "timestamps",
    "verify",
]

MAX_TIMESTAMPS = 64
"""More than this in one certificate are not read: no policy asks for more than five."""
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)
_VERSION_1 = 0
_SHA256, _RSA, _ECDSA = 4, 1, 3
"""Numbers of TLS's HashAlgorithm and SignatureAlgorithm (RFC 5246 §7.4.1.4.1)."""
_IDENTIFIERS = {
    (_SHA256, _ECDSA): bytes.fromhex("300a06082a8648ce3d040302"),
    (_SHA256, _RSA): bytes.fromhex("300d06092a864886f70d01010b0500"),
}
"""The AlgorithmIdentifiers of the two signatures that a log may make (RFC 6962 §2.1.4)."""
_TIMESTAMPS_OID = bytes.fromhex("060a2b06010401d679020402")
_EXTENSIONS_TAG = 0xA3


@dataclass(frozen=True, slots=True, kw_only=True)
class Timestamp:
    """A log's signed promise to publish a certificate (RFC 6962 §3.2)."""

    version: int
    """0 stands for version 1, the only one that is read."""
    log_id: bytes
    """SHA-256 of the log's key."""
    when: datetime
    """When the log signed, to the millisecond; aware, UTC."""
    extensions: bytes
    hash_algorithm: int
    signature_algorithm: int
    signature: bytes


def timestamps(certificate: Certificate) -> tuple[Timestamp, ...]:
    """Return the timestamps embedded in a certificate (RFC 6962 §3.3), those left out that cannot be read."""
    return _embedded(certificate)[0]


def timestamp_problems(certificate: Certificate) -> tuple[str, ...]:
    """Return what of the embedded timestamps cannot be read, one phrase each; raw text."""
    return _embedded(certificate)[1]


def _embedded(certificate: Certificate) -> tuple[tuple[Timestamp, ...], tuple[str, ...]]:
    extension = certificate.extension(SIGNED_CERTIFICATE_TIMESTAMPS)
    if extension is None:
        return (), ()
    try:
        return decode_timestamps(extension.value)
    except der.DerError as error:
        return (), (str(error),)


def decode_timestamps(value: bytes) -> tuple[tuple[Timestamp, ...], tuple[str, ...]]:
    """Return the timestamps in the extension's value, and what of it cannot be read.

    Raises `DerError` where the value is no list at all.
    """
    listed = _Reader(der.content(value, der.root(value, der.OCTET_STRING)))
    entries = _Reader(listed.vector(2))
    found: list[Timestamp] = []
    problems: list[str] = []
    if listed.rest:
        problems.append(f"{len(listed.rest)} octets follow the list")
    while entries.rest:
        number = len(found) + len(problems) + 1
        if number > MAX_TIMESTAMPS:
            problems.append(f"more than {MAX_TIMESTAMPS} timestamps")
            break
        try:
            entry = entries.vector(2)
        except der.DerError as error:
            problems.append(f"timestamp {number}: {error}")
            break
        try:
            found.append(_timestamp(entry))
        except der.DerError as error:
            problems.append(f"timestamp {number}: {error}")
    return tuple(found), tuple(problems)


class _Reader:
    """Takes fields off the front of octets, as TLS writes them (RFC 5246 §4)."""

    def __init__(self, octets: bytes) -> None:
        self.rest = octets

    def take(self, length: int) -> bytes:
        if length > len(self.rest):
            raise der.DerError(f"{len(self.rest)} octets where {length} should stand")
        taken, self.rest = self.rest[:length], self.rest[length:]
        return taken

    def number(self, length: int) -> int:
        return int.from_bytes(self.take(length), "big")

    def vector(self, length_octets: int) -> bytes:
        return self.take(self.number(length_octets))


def _timestamp(entry: bytes) -> Timestamp:
    reader = _Reader(entry)
    version = reader.number(1)
    if version != _VERSION_1:
        raise der.DerError(f"version {version + 1}, which is not known")
    timestamp = Timestamp(
        version=version,
        log_id=reader.take(32),
        when=_moment_of(reader.number(8)),
        extensions=reader.vector(2),
        hash_algorithm=reader.number(1),
        signature_algorithm=reader.number(1),
        signature=reader.vector(2),
    )
    if reader.rest:
        raise der.DerError(f"{len(reader.rest)} octets follow its signature")
    return timestamp


def _moment_of(milliseconds: int) -> datetime:
    try:
        return _EPOCH + timedelta(milliseconds=milliseconds)
    except OverflowError:
        raise der.DerError(f"{milliseconds} milliseconds since 1970 are beyond the year 9999") from None


def verify(timestamp: Timestamp, certificate: Certificate, issuer: Certificate, log: Log) -> bool | None:
    """Return whether the log signed this certificate at that time (RFC 6962 §3.2).

    None where it cannot be told: the certificate cannot be taken apart, or the log's key is not understood.
    """
    if timestamp.log_id != log.log_id:
        return False
    return _verifies(timestamp, certificate, issuer.spki, log.key)


@lru_cache(maxsize=2048)
def _verifies(timestamp: Timestamp, certificate: Certificate, issuer_spki: bytes, key: bytes) -> bool | None:
    identifier = _IDENTIFIERS.get((timestamp.hash_algorithm, timestamp.signature_algorithm))
    if identifier is None:
        return False
    try:
        precertificate = precertificate_tbs(certificate.fields.signed)
    except der.DerError:
        return None
    if not issuer_spki or len(precertificate) >= 1 << 24:
        return None
    from certtui.core.signatures import signature_verifies  # few certificates come with a log list

    signed = _signed_entry(timestamp, hashlib.sha256(issuer_spki).digest(), precertificate)
    return signature_verifies(key, identifier, signed, timestamp.signature)


def _signed_entry(timestamp: Timestamp, issuer_key_hash: bytes, precertificate: bytes) -> bytes:
    """Return what a log signs: version, kind of signature, time, kind of entry, entry, extensions."""
    milliseconds = (timestamp.when - _EPOCH) // _MILLISECOND
    certificate_timestamp, precertificate_entry = b"\x00", b"\x00\x01"
    return b"".join(
        (
            bytes((timestamp.version,)),
            certificate_timestamp,
            milliseconds.to_bytes(8, "big"),
            precertificate_entry,
            issuer_key_hash,
            len(precertificate).to_bytes(3, "big"),
            precertificate,
            len(timestamp.extensions).to_bytes(2, "big"),
            timestamp.extensions,
        )
    )


def precertificate_tbs(signed: bytes) -> bytes:
    """Return a TBSCertificate as the logs saw it: without the timestamps (RFC 6962 §3.2).

    Only lengths are written anew; every other octet stays as it is. Raises `DerError` where it cannot be read.
    """
    parts = []
    for part in der.children(signed, der.root(signed)):
        is_extensions = part.tag == _EXTENSIONS_TAG
        parts.append(_without_timestamps(signed, part) if is_extensions else der.whole(signed, part))
    return der.encode(der.SEQUENCE, *parts)


def _without_timestamps(signed: bytes, wrapper: der.Element) -> bytes:
    sequences = []
    for sequence in der.children(signed, wrapper):
        extensions = (der.whole(signed, extension) for extension in der.children(signed, sequence))
        kept = [extension for extension in extensions if not _is_timestamps(extension)]
        if kept:
            sequences.append(der.encode(der.SEQUENCE, *kept))
    return der.encode(wrapper.tag, *sequences) if sequences else b""


def _is_timestamps(extension: bytes) -> bool:
    content = der.content(extension, der.read(extension, 0, len(extension)))
    return content.startswith(_TIMESTAMPS_OID)
