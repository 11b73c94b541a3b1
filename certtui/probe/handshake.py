"""The client's side of a TLS handshake, over a memory BIO: it moves no bytes itself and trusts nothing it is sent.

The chain is kept as sent, whatever its state; nothing is verified here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from OpenSSL import SSL, crypto

from certtui.probe import records

_BIO_BYTES: Final = 16384
_CERTIFICATE_REQUESTED: Final = b"SSLv3/TLS read server certificate request"
_CLIENT_CERTIFICATE_SENT: Final = b"SSLv3/TLS write client certificate"
_HYBRID_GROUPS_SINCE: Final = 0x30500000
"""OpenSSL 3.5 offers X25519MLKEM768 unasked."""
_FATAL: Final = 2
_CERTIFICATE_LIBRARIES: Final = frozenset({"asn1 encoding routines", "x509 certificate routines"})
_CERTIFICATE_REASONS: Final = frozenset(
    {
        "cert length mismatch",
        "unable to find public key parameters",
        "unknown certificate type",
    }
)
_EMPTY_WORDS: Final = frozenset({"nested asn1 error", "ASN1 lib"})
_DIFFIE_HELLMAN_REASONS: Final = frozenset({"dh key too small", "bad dh value", "modulus too small"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What is offered to a server; each has one OpenSSL context, since making one costs a third of a handshake."""

    alpn: bool
    """Whether to offer the protocols of the web."""
    tls13: bool = True
    """Without it the server's certificates come in the clear, readable even where OpenSSL refuses them."""


@dataclass(slots=True)
class _Noted:
    """What OpenSSL tells while it works. Apart from `Handshake`, so that no cycle keeps a connection alive."""

    certificate_requested: bool = False
    client_certificate_sent: bool = False
    alert: int | None = None
    staple: bytes | None = None


@dataclass(frozen=True, slots=True)
class LocalError:
    """Why OpenSSL, not the server, gave up."""

    reasons: tuple[tuple[str, str], ...] = field(default=())
    """Library and reason of each entry of OpenSSL's error queue."""

    @property
    def is_about_a_certificate(self) -> bool:
        """Whether OpenSSL stumbled over what is inside a certificate."""
        return any(
            library in _CERTIFICATE_LIBRARIES or reason in _CERTIFICATE_REASONS
            for library, reason in self.reasons
        )

    @property
    def is_about_size(self) -> bool:
        """Whether a message, such as the list of all certificates, was longer than OpenSSL takes."""
        return any(reason == "excessive message size" for _, reason in self.reasons)

    @property
    def is_about_diffie_hellman(self) -> bool:
        """Whether OpenSSL refused the server's finite-field Diffie-Hellman parameters."""
        return any(reason in _DIFFIE_HELLMAN_REASONS for _, reason in self.reasons)

    @property
    def words(self) -> str:
        """OpenSSL's own words, the innermost cause first."""
        telling = (reason for _, reason in self.reasons if reason and reason not in _EMPTY_WORDS)
        return "; ".join(telling) or "no reason given"


class Handshake:
    """An exchange that ends when the handshake is complete, has failed, or turns out to be none."""

    def __init__(
        self, *, server_name: str | None, configuration: Configuration, first_bytes: bytes = b""
    ) -> None:
        """Begin for `server_name`; `first_bytes` are what the server sent before it was asked to."""
        self.finished = False
        self.completed = False
        """Whether TLS was established."""
        self.other_protocol: bytes | None = None
        """The first bytes, where they are not TLS."""
        self.error: LocalError | None = None
        """Why OpenSSL gave up, unless it was for an alert."""
        self._first_bytes = first_bytes
        self.post_quantum_offered = configuration.tls13 and SSL.OPENSSL_VERSION_NUMBER >= _HYBRID_GROUPS_SINCE
        """Whether X25519MLKEM768 is among the groups offered (TLS 1.3 only)."""
        self._noted = _Noted()
        self._received = bytearray()
        self._handshake_bytes = 0
        """How much of it had come when the handshake was complete."""
        self._tls = SSL.Connection(_context(configuration), None)
        self._tls.set_app_data(self._noted)
        self._tls.set_connect_state()
        self._tls.request_ocsp()
        if server_name is not None:
            self._tls.set_tlsext_host_name(server_name.encode("ascii"))

    @property
    def alert(self) -> int | None:
        """The description of the alert by which the server ended the connection, if it sent one (RFC 8446 §6)."""
        return self._noted.alert

    @property
    def certificate_requested(self) -> bool:
        """Whether the server asked for a client certificate."""
        return self._noted.certificate_requested

    @property
    def client_certificate_sent(self) -> bool:
        """Whether the empty answer to that request is on its way."""
        return self._noted.client_certificate_sent

    @property
    def is_owed_an_answer(self) -> bool:
        """Whether the server has yet to say what it makes of a client without a certificate (see `Answer`)."""
        return self.completed and self.certificate_requested and self.protocol == "TLSv1.3"

    @property
    def staple(self) -> bytes | None:
        """The OCSP response that came along, as sent."""
        return self._noted.staple

    @property
    def received(self) -> bytes:
        """All that the server sent, as it came."""
        return bytes(self._received)

    def start(self) -> bytes:
        """Return the ClientHello."""
        hello = self._advance()
        return hello + self.receive(self._first_bytes) if self._first_bytes else hello

    def receive(self, data: bytes) -> bytes:
        """Take what the server sent and return what to answer."""
        is_beginning = len(self._received) < 2
        self._received += data
        if is_beginning and not records.looks_like_tls(self.received):
            self.other_protocol = bytes(self._received)
            self.finished = True
            return b""
        self._tls.bio_write(data)
        return self._advance()

    def await_answer(self, data: bytes) -> tuple[bool, bytes]:
        """Take what came after the handshake; return whether it was an answer, and what to say to it.

        A session ticket, data and an alert are answers, as soon as their record is whole: a server sends none of
        them before it has looked at the client's last messages (RFC 8446 §4.6.1, §6.2).
        """
        self._received += data
        if data:
            self._tls.bio_write(data)
        try:
            self._tls.recv(1)
        except SSL.WantReadError:
            return records.is_whole(self._received[self._handshake_bytes :]), self._drain()
        except SSL.Error:
            pass  # the alert that caused it has been noted
        return True, self._drain()

    def goodbye(self) -> bytes:
        """Return the alert that closes an established connection politely."""
        try:
            self._tls.shutdown()
        except SSL.Error:
            pass  # the connection is past closing, which is what this was for
        return self._drain()

    def chain(self) -> tuple[bytes, ...]:
        """Return the certificates as sent, from OpenSSL or, where it refused them, from the clear bytes."""
        chain = self._tls.get_peer_cert_chain()
        if not chain:
            return records.plain_chain(self.received)
        return tuple(crypto.dump_certificate(crypto.FILETYPE_ASN1, certificate) for certificate in chain)

    @property
    def protocol(self) -> str | None:
        """The version that the server chose, None if it came to no choice."""
        # Before the end OpenSSL may not have looked at the ServerHello, and then it tells what was offered.
        return (
            self._tls.get_protocol_version_name() if self.completed else records.chosen_version(self.received)
        )

    @property
    def cipher(self) -> str | None:
        """OpenSSL's name of the cipher suite, None if it came to none."""
        return self._tls.get_cipher_name()

    @property
    def group(self) -> str | None:
        """The key exchange group, where OpenSSL tells."""
        return self._tls.get_group_name()

    @property
    def alpn(self) -> str | None:
        """The application protocol that the server chose."""
        return self._tls.get_alpn_proto_negotiated().decode("latin-1") or None

    def _advance(self) -> bytes:
        try:
            self._tls.do_handshake()
        except SSL.WantReadError:
            return self._drain()
        except SSL.ZeroReturnError:
            self.finished = True
            return b""
        except SSL.Error as error:
            self.finished = True
            if self.alert is None:
                self.error = _local_error(error)
            return self._drain()
        self.finished = self.completed = True
        self._handshake_bytes = len(self._received)
        return self._drain() if self.is_owed_an_answer else self.goodbye()

    def _drain(self) -> bytes:
        try:
            return self._tls.bio_read(_BIO_BYTES)
        except SSL.WantReadError:
            return b""
        except SSL.Error:
            return b""


class Answer:
    """An exchange that waits for what a server says to a client that has no certificate for it.

    In TLS 1.3 the client's side of the handshake is complete before the server has seen that no certificate came
    (RFC 8446 §4.4.2.4), so a handshake alone proves nothing there.
    """

    def __init__(self, handshake: Handshake) -> None:
        self.finished = False
        self._handshake = handshake

    def start(self) -> bytes:
        """Look at what came along with the end of the handshake."""
        return self.receive(b"")

    def receive(self, data: bytes) -> bytes:
        """Take what the server sent."""
        self.finished, reply = self._handshake.await_answer(data)
        return reply


def _local_error(error: SSL.Error) -> LocalError:
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return LocalError(tuple((str(library), str(reason)) for library, _, reason in queue))


@lru_cache(maxsize=8)
def _context(configuration: Configuration) -> SSL.Context:
    context = SSL.Context(SSL.TLS_CLIENT_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    if not configuration.tls13:
        context.set_max_proto_version(SSL.TLS1_2_VERSION)
    # Old and weak servers are to be shown, not refused: everything that authenticates with a certificate, at
    # OpenSSL's lowest security level, and servers that never heard of secure renegotiation (RFC 5746).
    context.set_cipher_list(b"ALL:!aNULL:!PSK:!SRP:@SECLEVEL=0")
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    context.set_verify(SSL.VERIFY_NONE)
    context.set_session_cache_mode(SSL.SESS_CACHE_OFF)
    context.set_mode(SSL.MODE_RELEASE_BUFFERS)
    context.set_info_callback(_note)
    context.set_ocsp_client_callback(_keep_staple)
    if configuration.alpn:
        context.set_alpn_protos([b"h2", b"http/1.1"])
    return context


def _note(connection: SSL.Connection, where: int, value: int) -> None:
    if where == SSL.SSL_CB_CONNECT_LOOP:
        state = connection.get_state_string()
        if state == _CERTIFICATE_REQUESTED:
            _noted(connection).certificate_requested = True
        elif state == _CLIENT_CERTIFICATE_SENT:
            _noted(connection).client_certificate_sent = True
    elif where == SSL.SSL_CB_READ_ALERT and value >> 8 == _FATAL:
        _noted(connection).alert = value & 0xFF


def _keep_staple(connection: SSL.Connection, response: bytes, _data: object) -> bool:
    _noted(connection).staple = response or None
    return True


def _noted(connection: SSL.Connection) -> _Noted:
    noted = connection.get_app_data()
    assert isinstance(noted, _Noted)
    return noted
