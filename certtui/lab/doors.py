"""How houses answer: one protocol for each kind of service. Every door is bounded and none keeps what it is sent."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

from OpenSSL import SSL

from certtui.lab.plan import Service

_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 13\r\nConnection: close\r\n\r\ncerttui demo\n"
_NOT_TLS = b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
_UNRECOGNIZED_NAME = bytes.fromhex("15030300020270")
"""A fatal alert 112 in a record of its own (RFC 6066 §3)."""
_MOST_OCTETS = 256 * 1024
"""A client that sends more than this is cut off."""


class Doors:
    """The doors of one street, and who stands in them."""

    def __init__(self) -> None:
        self._visitors: set[Door] = set()

    def door(self, service: Service, context: SSL.Context) -> Callable[[], asyncio.Protocol]:
        """Return what answers a connection to a house of this service."""
        kinds: dict[Service, Callable[[], Door]] = {
            Service.HTTP: lambda: Door(self._visitors, b"", _NOT_TLS),
            Service.SILENT: lambda: Door(self._visitors, b"", b""),
            Service.DRIP: lambda: DripDoor(self._visitors, b"", b""),
            Service.RESET: lambda: ResetDoor(self._visitors, b"", b""),
            Service.NAME_REFUSED: lambda: Door(self._visitors, b"", _UNRECOGNIZED_NAME),
            Service.SMTP: lambda: SmtpDoor(self._visitors, context),
            Service.SMTP_WITHOUT_STARTTLS: lambda: SmtpDoor(self._visitors, None),
        }
        return kinds.get(service, lambda: TlsDoor(self._visitors, context))

    def shut(self) -> None:
        """Cut every connection."""
        for visitor in list(self._visitors):
            visitor.cut()


class Door(asyncio.Protocol):
    """Says a greeting, then answers the first thing it hears once and closes, or stays silent."""

    def __init__(self, visitors: set[Door], greeting: bytes, answer: bytes) -> None:
        self._visitors = visitors
        self._greeting = greeting
        self._answer = answer
        self._heard = 0
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._visitors.add(self)
        if self._greeting:
            transport.write(self._greeting)

    def data_received(self, data: bytes) -> None:
        """Hear, within bounds."""
        self._heard += len(data)
        if self._heard > _MOST_OCTETS:
            self.cut()
        else:
            self.hear(data)

    def hear(self, data: bytes) -> None:
        """Answer and close."""
        if self._answer and self.transport is not None:
            self.transport.write(self._answer)
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the visitor."""
        self._visitors.discard(self)

    def cut(self) -> None:
        """End the connection at once."""
        if self.transport is not None:
            self.transport.abort()


class ResetDoor(Door):
    """Cuts the connection at the first thing it hears."""

    def hear(self, data: bytes) -> None:
        """Cut."""
        self.cut()


class DripDoor(Door):
    """Begins a long handshake record and sends a byte of it a second, for ever."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to drip."""
        super().connection_made(transport)
        record = iter(b"\x16\x03\x03\x40\x00")
        self._timer = asyncio.get_running_loop().call_later(1, self._drip, record)

    def _drip(self, octets: Iterator[int]) -> None:
        if self.transport is not None and not self.transport.is_closing():
            self.transport.write(bytes((next(octets, 0),)))
            self._timer = asyncio.get_running_loop().call_later(1, self._drip, octets)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop dripping."""
        self._timer.cancel()
        super().connection_lost(exc)


class TlsDoor(Door):
    """Does a handshake, and answers whatever is asked with a small page."""

    def __init__(self, visitors: set[Door], context: SSL.Context) -> None:
        super().__init__(visitors, b"", b"")
        self._tls = SSL.Connection(context, None)
        self._tls.set_accept_state()
        self._is_ready = False

    def hear(self, data: bytes) -> None:
        """Go on with the handshake, then with what is asked."""
        self._tls.bio_write(data)
        try:
            if not self._is_ready:
                self._tls.do_handshake()
                self._is_ready = True
            self._tls.recv(4096)
            self._tls.send(_PAGE)
            self._tls.shutdown()
            self._flush()
            if self.transport is not None:
                self.transport.close()
        except SSL.WantReadError:
            self._flush()
        except SSL.Error:
            self._flush()
            if self.transport is not None:
                self.transport.close()

    def _flush(self) -> None:
        try:
            while self.transport is not None:
                self.transport.write(self._tls.bio_read(65536))
        except SSL.WantReadError:
            return


class SmtpDoor(Door):
    """Speaks SMTP as far as STARTTLS (RFC 3207), then TLS if it has a context."""

    def __init__(self, visitors: set[Door], context: SSL.Context | None) -> None:
        super().__init__(visitors, b"220 mail.demo.test ESMTP\r\n", b"")
        self._inner = TlsDoor(visitors, context) if context is not None else None
        self._is_tls = False
        self._line = b""

    def hear(self, data: bytes) -> None:
        """Answer line by line until TLS begins."""
        if self._is_tls and self._inner is not None:
            self._inner.hear(data)
            return
        self._line += data
        while b"\n" in self._line and self.transport is not None:
            command, _, self._line = self._line.partition(b"\n")
            self.transport.write(self._reply(command.strip().upper()))

    def _reply(self, command: bytes) -> bytes:
        if command.startswith((b"EHLO", b"HELO")):
            offer = (
                b"250-mail.demo.test\r\n250-STARTTLS\r\n"
                if self._inner is not None
                else b"250-mail.demo.test\r\n"
            )
            return offer + b"250 SIZE 1000000\r\n"
        if command == b"STARTTLS" and self._inner is not None:
            self._is_tls = True
            self._inner.transport = self.transport
            return b"220 go ahead\r\n"
        return b"221 bye\r\n" if command == b"QUIT" else b"502 not implemented\r\n"
