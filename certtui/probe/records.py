"""Reads what TLS sends in the clear, from the raw bytes received. Bounded by them; it decrypts and verifies nothing."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

_CHANGE_CIPHER_SPEC: Final = 20
_ALERT: Final = 21
_HANDSHAKE: Final = 22

_SUPPORTED_VERSIONS: Final = 43
_VERSION_NAMES: Final = {
    b"\x03\x00": "SSLv3",
    b"\x03\x01": "TLSv1",
    b"\x03\x02": "TLSv1.1",
    b"\x03\x03": "TLSv1.2",
    b"\x03\x04": "TLSv1.3",
}
"""As OpenSSL spells them."""

_HEADER_BYTES: Final = 5
_MAX_RECORD_BYTES: Final = (1 << 14) + 2048


class MessageType(IntEnum):
    """Handshake messages of RFC 5246 §7.4 that are worth reading."""

    SERVER_HELLO = 2
    CERTIFICATE = 11
    SERVER_KEY_EXCHANGE = 12


@dataclass(frozen=True, slots=True)
class Message:
    """One handshake message."""

    type: int
    body: bytes


def looks_like_tls(data: bytes) -> bool:
    """Return whether `data` can be the beginning of what a TLS server says: a handshake or alert record.

    RFC 8446 §5.1: a content type, then a version whose first octet is 3 whatever the version. Neither content type
    is a printable character, so a plain-text banner never passes.
    """
    return data[:1] in (b"\x15", b"\x16") and data[1:2] in (b"", b"\x03")


def is_whole(data: bytes | bytearray) -> bool:
    """Return whether `data` holds at least one record from beginning to end, encrypted or not."""
    return len(data) >= _HEADER_BYTES + int.from_bytes(data[3:5], "big") and len(data) >= _HEADER_BYTES


def plain_messages(raw: bytes) -> tuple[Message, ...]:
    """Return the whole handshake messages at the beginning of `raw` that are not encrypted.

    Up to TLS 1.2 these are all until ChangeCipherSpec, the Certificate among them; in TLS 1.3 the ServerHello.
    """
    handshake = bytearray()
    position = 0
    while position + _HEADER_BYTES <= len(raw):
        kind = raw[position]
        length = int.from_bytes(raw[position + 3 : position + 5], "big")
        if kind not in (_HANDSHAKE, _ALERT) or length > _MAX_RECORD_BYTES:
            break
        if kind == _HANDSHAKE:
            handshake += raw[position + _HEADER_BYTES : position + _HEADER_BYTES + length]
        position += _HEADER_BYTES + length
    return _messages(bytes(handshake))


def _messages(handshake: bytes) -> tuple[Message, ...]:
    messages: list[Message] = []
    position = 0
    while position + 4 <= len(handshake):
        end = position + 4 + int.from_bytes(handshake[position + 1 : position + 4], "big")
        if end > len(handshake):
            break
        messages.append(Message(handshake[position], handshake[position + 4 : end]))
        position = end
    return tuple(messages)


def chosen_version(raw: bytes) -> str | None:
    """Return the version that a ServerHello settles on, None if there is none.

    TLS 1.3 says it in an extension (RFC 8446 §4.2.1), which stands after the session id, the cipher suite, the
    compression method and the length of all extensions.
    """
    for message in plain_messages(raw):
        if message.type == MessageType.SERVER_HELLO:
            body = message.body
            position = 34 + 1 + int.from_bytes(body[34:35], "big") + 2 + 1 + 2
            while position + 4 <= len(body):
                kind, length = struct.unpack_from("!HH", body, position)
                if kind == _SUPPORTED_VERSIONS:
                    return _VERSION_NAMES.get(body[position + 4 : position + 6])
                position += 4 + length
            return _VERSION_NAMES.get(body[:2])
    return None


def plain_chain(raw: bytes) -> tuple[bytes, ...]:
    """Return the certificates of an unencrypted Certificate message (RFC 5246 §7.4.2), exactly as sent.

    What lies between the length fields is not looked at: this works where a TLS library refuses a certificate.
    """
    for message in plain_messages(raw):
        if message.type == MessageType.CERTIFICATE:
            return _entries(message.body)
    return ()


def _entries(body: bytes) -> tuple[bytes, ...]:
    certificates: list[bytes] = []
    position = 3
    while position + 3 <= len(body):
        end = position + 3 + int.from_bytes(body[position : position + 3], "big")
        certificate = body[position + 3 : end]
        if certificate:
            certificates.append(certificate)
        position = end
    return tuple(certificates)


def diffie_hellman_bits(raw: bytes) -> int | None:
    """Return the size of the prime in an unencrypted ServerKeyExchange (RFC 5246 §7.4.3).

    Only meaningful where the cipher suite is one with finite-field Diffie-Hellman.
    """
    for message in plain_messages(raw):
        if message.type == MessageType.SERVER_KEY_EXCHANGE:
            length = int.from_bytes(message.body[:2], "big")
            return int.from_bytes(message.body[2 : 2 + length], "big").bit_length()
    return None
