"""A connection to one host, from the dialling to the goodbye. It keeps to the host's deadline and never raises."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass, field
from typing import Final

from certtui.core.evidence import Connection, Observation, Reached, Timing, Unreachable
from certtui.core.target import HostTarget
from certtui.probe.banner import Banner
from certtui.probe.dial import Undialed, dial
from certtui.probe.exchange import Ended, Ending, converse
from certtui.probe.handshake import Answer, Configuration, Handshake
from certtui.probe.outcome import Place, handshake_failure, preamble_failure
from certtui.probe.resolve import is_ip_literal
from certtui.probe.settings import ProbeSettings
from certtui.probe.starttls import Preamble

_ANSWER_SECONDS: Final = 1.0
"""How long a server that asked for a client certificate may think about getting none, once TLS 1.3 is up."""
_BANNER_SECONDS: Final = 0.5
"""How long to wait for the rest of a first line that is not TLS."""
_PORTS_WITHOUT_HTTP: Final = frozenset(
    {465, 563, 636, 853, 989, 990, 992, 993, 994, 995, 3269, 5061, 5223, 5671, 6697, 8883}
)
"""Ports of other protocols over TLS from the start (IANA): no application protocol is offered to them."""


@dataclass(slots=True)
class _Seconds:
    """How long the stages of a visit took so far."""

    connect: float | None = None
    starttls: float | None = None
    handshake: float | None = None


@dataclass(slots=True, kw_only=True)
class Visit:
    """A host and how to get there; each `pay` is a connection of its own."""

    target: HostTarget
    settings: ProbeSettings
    addresses: tuple[str, ...]
    port: int
    deadline: float
    """A time of the running loop that nothing here outlives."""
    resolve_seconds: float | None
    _took: _Seconds = field(default_factory=_Seconds)

    @property
    def server_name(self) -> str | None:
        """The name to ask for; an IP literal is never one (RFC 6066 §3)."""
        name = self.settings.server_name or self.target.host
        return None if is_ip_literal(name) else name

    async def pay(self, *, tls13: bool = True) -> Observation:
        """Connect, hear what the server has to say, and return what was observed."""
        self._took = _Seconds()
        began = _now()
        deadline = min(self.deadline, began + self.settings.connect_seconds)
        dialed = await dial(self.addresses, self.port, deadline=deadline)
        if isinstance(dialed, Undialed):
            return Unreachable(failure=dialed.failure, address=dialed.address)
        self._took.connect = _now() - began
        try:
            return await self._talk(dialed.sock, dialed.address, tls13)
        finally:
            dialed.sock.close()

    async def _talk(self, sock: socket.socket, address: str, tls13: bool) -> Observation:
        first_bytes = b""
        if self.target.starttls is not None:
            preamble = Preamble(self.target.starttls)
            began, ended, place = await self._converse(sock, address, preamble)
            failure = preamble_failure(preamble, self.target.starttls, ended, place)
            if failure is not None:
                return Unreachable(failure=failure, address=address)
            self._took.starttls = _now() - began
            first_bytes = preamble.leftover
        return await self._shake_hands(sock, address, tls13, first_bytes)

    async def _shake_hands(
        self, sock: socket.socket, address: str, tls13: bool, first_bytes: bytes
    ) -> Observation:
        handshake = Handshake(
            server_name=self.server_name,
            configuration=Configuration(alpn=self._offers_http, tls13=tls13),
            first_bytes=first_bytes,
        )
        began, ended, place = await self._converse(sock, address, handshake)
        if handshake.other_protocol is not None:
            await self._hear_banner(sock, handshake)
        elif handshake.completed:
            self._took.handshake = _now() - began
            ended = await self._hear_answer(sock, handshake, ended)
        failure = handshake_failure(handshake, ended, place, server_name=self.server_name)
        chain = handshake.chain()
        if failure is not None and not chain:
            return Unreachable(failure=failure, address=address)
        return Reached(
            connection=self._connection(handshake, address),
            chain=chain,
            failure=failure,
            stapled_ocsp=handshake.staple,
        )

    async def _converse(
        self, sock: socket.socket, address: str, exchange: Preamble | Handshake
    ) -> tuple[float, Ended, Place]:
        began = _now()
        deadline = min(self.deadline, began + self.settings.handshake_seconds)
        ended = await converse(sock, exchange, deadline=deadline)
        return began, ended, Place(address=address, port=self.port, seconds=deadline - began)

    async def _hear_banner(self, sock: socket.socket, handshake: Handshake) -> None:
        banner = Banner(handshake.other_protocol or b"")
        await converse(sock, banner, deadline=min(self.deadline, _now() + _BANNER_SECONDS))
        handshake.other_protocol = banner.heard

    async def _hear_answer(self, sock: socket.socket, handshake: Handshake, ended: Ended) -> Ended:
        """Wait for what the server says to a missing client certificate, where it has not said it yet."""
        if not handshake.is_owed_an_answer:
            return ended
        deadline = min(self.deadline, _now() + _ANSWER_SECONDS)
        answered = await converse(sock, Answer(handshake), deadline=deadline)
        if answered.ending is Ending.FINISHED and handshake.alert is None:
            goodbye = handshake.goodbye()
            try:
                sock.send(goodbye)
            except OSError:
                pass  # the server has left first
        return answered

    def _connection(self, handshake: Handshake, address: str) -> Connection:
        return Connection(
            address=address,
            port=self.port,
            server_name=self.server_name,
            protocol=handshake.protocol,
            cipher=handshake.cipher,
            group=handshake.group,
            post_quantum_offered=handshake.post_quantum_offered,
            alpn=handshake.alpn,
            client_certificate_requested=handshake.certificate_requested,
            timing=Timing(
                resolve_seconds=self.resolve_seconds,
                connect_seconds=self._took.connect,
                starttls_seconds=self._took.starttls,
                handshake_seconds=self._took.handshake,
            ),
        )

    @property
    def _offers_http(self) -> bool:
        return self.target.starttls is None and self.target.port not in _PORTS_WITHOUT_HTTP


def _now() -> float:
    return asyncio.get_running_loop().time()
