"""The least of a TLS 1.3 server: it sends any octets as its certificates, which no TLS library would.

RFC 8446 with X25519, TLS_AES_128_GCM_SHA256 and no HelloRetryRequest; it stops after its Certificate message.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import socket
import struct

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.probe.servers import Handler, handshake_message, record, stay_silent, tls12_flight

_X25519 = 29
_SUPPORTED_VERSIONS = b"\x00\x2b"


def undecodable(certificate: bytes, *, also_tls12: bool) -> Handler:
    """Return a server that sends `certificate` encrypted where TLS 1.3 is offered, else in the clear or not at all."""

    def handle(connection: socket.socket) -> None:
        hello = connection.recv(65536)[5:]
        if _SUPPORTED_VERSIONS in hello and b"\x03\x04" in _extension(hello, 43):
            connection.sendall(_tls13_flight(hello, certificate))
        elif also_tls12:
            connection.sendall(tls12_flight(certificate))
        else:
            connection.sendall(record(21, b"\x02\x46"))
        stay_silent(connection)

    return handle


def _extension(hello: bytes, wanted: int) -> bytes:
    position = 38 + 1 + hello[38]
    position += 2 + int.from_bytes(hello[position : position + 2], "big")
    position += 1 + hello[position] + 2
    while position < len(hello):
        kind, length = struct.unpack_from("!HH", hello, position)
        if kind == wanted:
            return hello[position + 4 : position + 4 + length]
        position += 4 + length
    return b""


def _client_share(hello: bytes) -> bytes:
    shares = _extension(hello, 51)
    position = 2
    while position < len(shares):
        group, length = struct.unpack_from("!HH", shares, position)
        if group == _X25519:
            return shares[position + 4 : position + 4 + length]
        position += 4 + length
    raise ValueError("the client offers no X25519 share")


def _tls13_flight(hello: bytes, certificate: bytes) -> bytes:
    key = X25519PrivateKey.generate()
    share = key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    session_id = hello[39 : 39 + hello[38]]
    extensions = b"\x00\x2b\x00\x02\x03\x04" + struct.pack("!HHHH", 51, 36, _X25519, 32) + share
    server_hello = handshake_message(
        2,
        b"\x03\x03" + os.urandom(32) + bytes([len(session_id)]) + session_id
        + b"\x13\x01\x00" + len(extensions).to_bytes(2, "big") + extensions,
    )  # fmt: skip
    secret = key.exchange(X25519PublicKey.from_public_bytes(_client_share(hello)))
    traffic = _server_traffic_secret(secret, hashlib.sha256(hello + server_hello).digest())
    entry = len(certificate).to_bytes(3, "big") + certificate + b"\x00\x00"
    messages = handshake_message(8, b"\x00\x00")
    messages += handshake_message(11, b"\x00" + len(entry).to_bytes(3, "big") + entry)
    return record(22, server_hello) + record(20, b"\x01") + _encrypted(traffic, messages)


def _server_traffic_secret(shared: bytes, transcript: bytes) -> bytes:
    """RFC 8446 §7.1, without a pre-shared key."""
    early = hmac.digest(bytes(32), bytes(32), "sha256")
    derived = _expand(early, b"derived", hashlib.sha256().digest(), 32)
    handshake = hmac.digest(derived, shared, "sha256")
    return _expand(handshake, b"s hs traffic", transcript, 32)


def _expand(secret: bytes, label: bytes, context: bytes, length: int) -> bytes:
    label = b"tls13 " + label
    info = struct.pack("!HB", length, len(label)) + label + bytes([len(context)]) + context
    return hmac.digest(secret, info + b"\x01", "sha256")[:length]


def _encrypted(traffic: bytes, messages: bytes) -> bytes:
    inner = messages + b"\x16"
    header = struct.pack("!BHH", 23, 0x0303, len(inner) + 16)
    key, nonce = _expand(traffic, b"key", b"", 16), _expand(traffic, b"iv", b"", 12)
    return header + AESGCM(key).encrypt(nonce, inner, header)
