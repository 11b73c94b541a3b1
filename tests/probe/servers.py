"""Real servers on loopback, each in threads of its own: scripted sockets and TLS servers."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Callable, Iterator

from cryptography import x509
from OpenSSL import SSL

from tests.probe.identities import Identity, server_identity

SECONDS = 10.0
"""No socket of a test server waits longer."""

Handler = Callable[[socket.socket], None]


@contextlib.contextmanager
def serving(
    handle: Handler, *, address: str = "127.0.0.1", connections: list[socket.socket] | None = None
) -> Iterator[int]:
    """Serve every connection with `handle` in a thread of its own and give the port; close everything at the end."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, 0), family=family, backlog=256)
    accepted = connections if connections is not None else []
    threads = []

    def converse(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, SSL.Error):
            handle(connection)
        with contextlib.suppress(OSError):
            connection.close()

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                connection, _ = listener.accept()
                connection.settimeout(SECONDS)
                accepted.append(connection)
                threads.append(threading.Thread(target=converse, args=(connection,), daemon=True))
                threads[-1].start()

    acceptor = threading.Thread(target=accept, daemon=True)
    acceptor.start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        acceptor.join(SECONDS)
        listener.close()
        for connection in accepted:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread in threads:
            thread.join(SECONDS)


def stay_silent(connection: socket.socket) -> None:
    """Take whatever comes and never answer."""
    while connection.recv(65536):
        pass


def say(*lines: bytes) -> Handler:
    """Greet with `lines` and then stay silent."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(b"".join(lines))
        stay_silent(connection)

    return handle


def answer(reply: bytes) -> Handler:
    """Wait for the client to speak first, answer with `reply`, then stay silent."""

    def handle(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(reply)
        stay_silent(connection)

    return handle


def reset(connection: socket.socket) -> None:
    """Cut the connection with a RST."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def reset_after_hello(connection: socket.socket) -> None:
    """Wait for the client to speak and cut the connection with a RST."""
    connection.recv(65536)
    reset(connection)


def record(kind: int, body: bytes) -> bytes:
    """Return `body` in one TLS record."""
    return struct.pack("!BHH", kind, 0x0303, len(body)) + body


def alert(description: int) -> bytes:
    """Return a fatal alert in the clear (RFC 8446 §6)."""
    return record(21, bytes([2, description]))


def handshake_message(kind: int, body: bytes) -> bytes:
    """Return a handshake message (RFC 5246 §7.4)."""
    return bytes([kind]) + len(body).to_bytes(3, "big") + body


def tls12_flight(*certificates: bytes, cipher: int = 0xC02B, after: bytes = b"") -> bytes:
    """Return a TLS 1.2 ServerHello and Certificate in the clear, then `after` and ServerHelloDone."""
    hello = (
        b"\x03\x03" + bytes(32) + b"\x00" + struct.pack("!HB", cipher, 0) + b"\x00\x05\xff\x01\x00\x01\x00"
    )
    entries = b"".join(len(each).to_bytes(3, "big") + each for each in certificates)
    messages = (
        handshake_message(2, hello)
        + handshake_message(11, len(entries).to_bytes(3, "big") + entries)
        + after
        + handshake_message(14, b"")
    )
    return b"".join(record(22, messages[at : at + 16384]) for at in range(0, len(messages), 16384))


def tls_context(
    identity: Identity | None = None,
    *,
    lowest: int = SSL.TLS1_2_VERSION,
    highest: int = SSL.TLS1_3_VERSION,
    demands_client_certificate: bool = False,
    staple: bytes | None = None,
    alpn: bytes | None = None,
) -> SSL.Context:
    """Return a server's context that sends `identity`'s chain."""
    identity = identity or server_identity()
    context = SSL.Context(SSL.TLS_SERVER_METHOD)
    context.set_min_proto_version(lowest)
    context.set_max_proto_version(highest)
    context.set_cipher_list(b"ALL:@SECLEVEL=0")
    context.use_privatekey(identity.key)
    context.use_certificate(identity.certificates[0])
    for certificate in identity.certificates[1:]:
        context.add_extra_chain_cert(certificate)
    if demands_client_certificate:
        context.set_verify(SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT)
        context.add_client_ca(x509.load_der_x509_certificate(identity.chain[0]))
    if staple is not None:
        response = staple
        context.set_ocsp_server_callback(lambda _connection, _data: response)
    if alpn is not None:
        chosen = alpn
        context.set_alpn_select_callback(lambda _connection, offered: chosen if chosen in offered else b"")
    return context


def speak_tls(context: SSL.Context, *, asked_names: list[bytes | None] | None = None) -> Handler:
    """Shake hands as `context` says, then wait for the client to leave."""

    def handle(connection: socket.socket) -> None:
        connection.settimeout(None)
        tls = SSL.Connection(context, connection)
        tls.set_accept_state()
        tls.do_handshake()
        if asked_names is not None:
            asked_names.append(tls.get_servername())
        while tls.recv(65536):
            pass

    return handle


def warn_and_speak_tls(context: SSL.Context, description: int) -> Handler:
    """Send an alert of the level warning in the clear, then shake hands as if nothing were wrong."""

    def handle(connection: socket.socket) -> None:
        tls = SSL.Connection(context, None)
        tls.set_accept_state()
        connection.sendall(record(21, bytes([1, description])))
        while heard := connection.recv(65536):
            tls.bio_write(heard)
            with contextlib.suppress(SSL.WantReadError):
                tls.do_handshake()
            with contextlib.suppress(SSL.WantReadError):
                connection.sendall(tls.bio_read(65536))

    return handle


def hang_up_after_own_flight(context: SSL.Context) -> Handler:
    """Send what a server of `context` says first, hear the client's reply, and leave without a word."""

    def handle(connection: socket.socket) -> None:
        tls = SSL.Connection(context, None)
        tls.set_accept_state()
        tls.bio_write(connection.recv(65536))
        with contextlib.suppress(SSL.WantReadError):
            tls.do_handshake()
        connection.sendall(tls.bio_read(65536))
        connection.recv(65536)

    return handle
