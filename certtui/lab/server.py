"""The street's servers: all on loopback, in one daemon thread with one loop, nothing on disk."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from OpenSSL import SSL

from certtui.core.catalogue import Code
from certtui.core.labels import Labels
from certtui.core.target import HostTarget, Target
from certtui.lab.doors import Doors
from certtui.lab.pki import now_to_the_second
from certtui.lab.plan import DOMAIN, Plan, Service, Town
from certtui.lab.street import plans

_LOOPBACK, _LOOPBACK_6 = "127.0.0.1", "::1"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One house as it is served."""

    name: str
    target: HostTarget
    what: str
    """What is wrong with it, in a few words."""
    group: str
    """The part of the street that it stands in."""
    address: str
    port: int
    """Where it really listens; for a house where nobody listens, a port that is closed."""
    service: Service
    expected_codes: frozenset[Code]
    """Every finding of severity error or warning."""
    expected_notices: frozenset[Code]
    chain: tuple[bytes, ...]
    """The certificates in DER, as served."""


class Street:
    """The whole street, open between `start` and `close` or within a `with` block."""

    def __init__(self, now: datetime | None = None) -> None:
        self.now = now or now_to_the_second()
        """The moment that the certificates are made for."""
        self.town: Town
        self.houses: tuple[House, ...] = ()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name="certtui-street", daemon=True)
        self._doors = Doors()
        self._servers: list[asyncio.Server] = []
        self._bound: list[socket.socket] = []

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every house by the name that leads to it inside certtui."""
        return tuple(house.target for house in self.houses)

    @property
    def labels(self) -> dict[Target, Labels]:
        """The part of the street that each house stands in, as its group."""
        return {house.target: Labels(group=house.group) for house in self.houses}

    @property
    def routes(self) -> dict[tuple[str, int], tuple[str, int]]:
        """Where each house's name and port really lead; a name without a route does not resolve."""
        return {
            (house.target.host, house.target.port): (house.address, house.port)
            for house in self.houses
            if house.service is not Service.NO_ADDRESS
        }

    @property
    def root_der(self) -> bytes:
        """The root that the good houses' certificates lead to, in DER."""
        return self.town.root.der

    @property
    def root_pem(self) -> str:
        """The same in PEM."""
        return self.town.root.pem

    def house(self, name: str) -> House:
        """Return the house of this name, with or without the street's domain."""
        return next(
            house for house in self.houses if name in (house.name, house.name.removesuffix(f".{DOMAIN}"))
        )

    def start(self) -> None:
        """Build the houses and open their doors; raises `OSError` where there is no loopback to listen on."""
        self.town, planned = plans(self.now, has_ipv6=_has_ipv6())
        opened: list[tuple[socket.socket, Callable[[], asyncio.Protocol]]] = []
        houses = []
        for plan in planned:
            listening = self._listen(plan)
            houses.append(_house(plan, listening))
            if plan.service is Service.CLOSED:
                # Bound and silent it refuses, and nobody else can get its port.
                self._bound.append(listening)
            else:
                opened.append((listening, self._doors.door(plan.service, self._context(plan))))
        self.houses = tuple(houses)
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(opened), self._loop).result(timeout=10)

    def close(self) -> None:
        """Close every door and connection and end the thread."""
        for bound in self._bound:
            bound.close()
        if self._thread.is_alive():
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(timeout=5)

    def _listen(self, plan: Plan) -> socket.socket:
        address = plan.target.host if plan.target.is_ip else _LOOPBACK
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM)
        try:
            listening.bind((address, 0))
        except OSError:
            # Only Linux has all of 127.0.0.0/8; elsewhere the house stands at 127.0.0.1 all the same.
            listening.bind((_LOOPBACK, 0))
        if plan.service is not Service.CLOSED:
            listening.listen(128)
        listening.setblocking(False)
        return listening

    def _context(self, plan: Plan) -> SSL.Context:
        context = SSL.Context(SSL.TLS_SERVER_METHOD)
        # Keys and hashes that are broken on purpose are below every security level but 0.
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_min_proto_version(SSL.TLS1_VERSION)
        if plan.service is Service.TLS_1_0:
            context.set_max_proto_version(SSL.TLS1_VERSION)
        if plan.service is Service.CLIENT_CERTIFICATE:
            demand = SSL.VERIFY_PEER | SSL.VERIFY_FAIL_IF_NO_PEER_CERT
            context.set_verify(demand, lambda *_: True)
            context.add_client_ca(self.town.root.certificate)
        staple = plan.staple
        if staple is not None:
            context.set_ocsp_server_callback(lambda *_: staple)
        own, *others = plan.chain
        context.use_privatekey(own.key)
        context.use_certificate(own.certificate)
        for issued in others:
            context.add_extra_chain_cert(issued.certificate)
        return context

    async def _open(self, opened: list[tuple[socket.socket, Callable[[], asyncio.Protocol]]]) -> None:
        for listening, door in opened:
            self._servers.append(await self._loop.create_server(door, sock=listening))

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        try:
            self._loop.run_forever()
        finally:
            self._loop.run_until_complete(self._shut())
            self._loop.close()

    async def _shut(self) -> None:
        for server in self._servers:
            server.close()
        self._doors.shut()
        # One turn of the loop lets transports tell their protocols that they are closed.
        await asyncio.sleep(0)


def _house(plan: Plan, listening: socket.socket) -> House:
    address, port = listening.getsockname()[:2]
    return House(
        name=plan.target.host,
        target=plan.target,
        what=plan.what,
        group=plan.group,
        address=address,
        port=port,
        service=plan.service,
        expected_codes=plan.expected,
        expected_notices=plan.notices,
        chain=tuple(issued.der for issued in plan.chain),
    )


def _has_ipv6() -> bool:
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_STREAM) as probe:
            probe.bind((_LOOPBACK_6, 0))
    except OSError:
        return False
    return True
