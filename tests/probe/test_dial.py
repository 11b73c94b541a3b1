"""Addresses tried in order, each with a share of the time."""

from __future__ import annotations

import asyncio
import errno
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Stage
from certtui.probe.dial import Dialed, Undialed, dial
from tests.probe.servers import serving, stay_silent


def soon(seconds: float = 5.0) -> float:
    """Return a deadline of the running loop."""
    return asyncio.get_running_loop().time() + seconds


@contextmanager
def deaf_port() -> Iterator[int]:
    """Give a port of 127.0.0.1 whose queue of connections is full: packets to it are swallowed."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        callers = [socket.socket() for _ in range(4)]
        try:
            for caller in callers:
                caller.setblocking(False)
                caller.connect_ex(("127.0.0.1", port))
            yield port
        finally:
            for caller in callers:
                caller.close()


@pytest.mark.parametrize("address", ["127.0.0.1", "::1"])
async def test_both_kinds_of_addresses_are_dialled(address: str) -> None:
    with serving(stay_silent, address=address) as port:
        outcome = await dial([address], port, deadline=soon())

        assert isinstance(outcome, Dialed)
        outcome.sock.close()
    assert outcome.address == address


async def test_the_next_address_is_tried_after_a_refusal() -> None:
    with serving(stay_silent) as port:
        outcome = await dial(["127.0.0.2", "127.0.0.1"], port, deadline=soon())

        assert isinstance(outcome, Dialed)
        outcome.sock.close()
    assert outcome.address == "127.0.0.1"


async def test_an_address_that_swallows_packets_leaves_time_for_the_next() -> None:
    with deaf_port() as port, serving_at("127.0.0.2", port):
        outcome = await dial(["127.0.0.1", "127.0.0.2"], port, deadline=soon(1))

        assert isinstance(outcome, Dialed)
        outcome.sock.close()
    assert outcome.address == "127.0.0.2"


async def test_swallowed_packets_are_a_timeout_at_the_deadline() -> None:
    with deaf_port() as port:
        began = time.monotonic()
        outcome = await dial(["127.0.0.1"], port, deadline=soon(0.2))
        took = time.monotonic() - began

    assert isinstance(outcome, Undialed)
    assert (outcome.failure.code, outcome.failure.stage) == (Code.TIMEOUT, Stage.CONNECT)
    assert took < 8


async def test_every_address_that_was_tried_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        port = reserved.getsockname()[1]

    outcome = await dial(["127.0.0.2", "127.0.0.1"], port, deadline=soon())

    assert isinstance(outcome, Undialed)
    assert outcome.failure.code is Code.REFUSED
    assert outcome.address == "127.0.0.1"
    assert [fact.label for fact in outcome.failure.facts] == [
        f"127.0.0.2 port {port}",
        f"127.0.0.1 port {port}",
    ]


async def test_an_address_is_not_said_to_refuse_what_another_refused() -> None:
    with deaf_port() as port:
        outcome = await dial(["127.0.0.1", "127.0.0.2"], port, deadline=soon(0.4))

    assert isinstance(outcome, Undialed)
    assert outcome.failure.code is Code.REFUSED
    assert outcome.failure.detail.startswith(f"127.0.0.2 port {port} refused")
    assert "127.0.0.1" not in outcome.failure.detail


@pytest.mark.parametrize(
    ("number", "code"),
    [
        (errno.ENETUNREACH, Code.REFUSED),
        (errno.ECONNRESET, Code.RESET),
        (errno.EMFILE, Code.INTERNAL_ERROR),
    ],
)
async def test_what_the_system_says_is_quoted(
    monkeypatch: pytest.MonkeyPatch, number: int, code: Code
) -> None:
    class Failing(socket.socket):
        def connect_ex(self, _address: object) -> int:
            return number

    monkeypatch.setattr(socket, "socket", Failing)

    outcome = await dial(["127.0.0.1"], 443, deadline=soon())

    assert isinstance(outcome, Undialed)
    assert outcome.failure.code is code
    assert outcome.failure.facts[0].value


@contextmanager
def serving_at(address: str, port: int) -> Iterator[None]:
    """Listen at a given address and port."""
    with socket.create_server((address, port)):
        yield
