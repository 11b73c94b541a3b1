"""TCP: a name's addresses tried in order, against one deadline. It sends nothing."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certtui.core.catalogue import Code
from certtui.core.evidence import Failure, Stage
from certtui.core.finding import Fact

_OUR_OWN: Final = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}
"""Errors that say nothing about the peer."""


@dataclass(frozen=True, slots=True)
class Dialed:
    """An open connection; whoever gets it closes it."""

    sock: socket.socket
    """Connected and non-blocking."""
    address: str


@dataclass(frozen=True, slots=True)
class Undialed:
    """No address answered."""

    failure: Failure
    address: str
    """The last that was tried."""


async def dial(addresses: Sequence[str], port: int, *, deadline: float) -> Dialed | Undialed:
    """Return a connection to the first of `addresses` that takes one.

    Each address gets an equal share of the time left until `deadline` (a time of the running loop), so that one
    that swallows packets, as a broken IPv6 route does, leaves time for the others.
    """
    loop = asyncio.get_running_loop()
    problems: list[tuple[str, OSError]] = []
    for tried, address in enumerate(addresses):
        share = (deadline - loop.time()) / (len(addresses) - tried)
        outcome = await _connect(address, port, loop.time() + share)
        if isinstance(outcome, socket.socket):
            return Dialed(outcome, address)
        problems.append((address, outcome))
    return Undialed(_failure(problems, port), addresses[-1])


async def _connect(address: str, port: int, deadline: float) -> socket.socket | OSError:
    try:
        sock = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    except OSError as error:
        return error
    try:
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        error_number = sock.connect_ex((address, port))
        if error_number in (errno.EINPROGRESS, errno.EWOULDBLOCK):
            error_number = await _connected(sock, deadline)
    except OSError as error:
        sock.close()
        return error
    except BaseException:
        sock.close()
        raise
    if error_number == 0:
        return sock
    sock.close()
    return OSError(error_number, os.strerror(error_number))


async def _connected(sock: socket.socket, deadline: float) -> int:
    """Wait until the connection is there or refused and return its error number, 0 for none."""
    loop = asyncio.get_running_loop()
    writable: asyncio.Future[int] = loop.create_future()

    def settle(error_number: int | None = None) -> None:
        if not writable.done():
            if error_number is None:
                error_number = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            writable.set_result(error_number)

    # The number, not the socket: the loop would print the socket for each failed look-up of its own.
    file_number = sock.fileno()
    loop.add_writer(file_number, settle)
    timer = loop.call_at(deadline, settle, errno.ETIMEDOUT)
    try:
        return await writable
    finally:
        timer.cancel()
        loop.remove_writer(file_number)


def _failure(problems: Sequence[tuple[str, OSError]], port: int) -> Failure:
    """Return why no address took a connection, by what tells most: a refusal tells more than silence."""
    places = {
        number: ", ".join(f"{address} port {port}" for address, error in problems if error.errno == number)
        for number in {error.errno for _, error in problems}
    }
    facts = tuple(Fact(f"{address} port {port}", _words(error)) for address, error in problems)
    last = problems[-1][1]
    stage = Stage.CONNECT
    if refusing := places.get(errno.ECONNREFUSED):
        code = Code.REFUSED
        detail = f"{refusing} refused the connection: nothing listens, or a firewall answers for it"
    elif places.keys() & _OUR_OWN:
        code, detail = Code.INTERNAL_ERROR, f"certtui has too many connections open: {_words(last)}."
    elif cutting := places.get(errno.ECONNRESET):
        # A reset before the connection stands is a refusal to the system, so this one was made, and cut at once.
        code, stage = Code.RESET, Stage.HANDSHAKE
        detail = f"{cutting} cut the connection without a word: {os.strerror(errno.ECONNRESET)}"
    elif silent := places.get(errno.ETIMEDOUT):
        code, detail = Code.TIMEOUT, f"nobody answered at {silent}"
    else:
        code = Code.REFUSED
        detail = f"no connection to {places[last.errno]}: the system says {_words(last)}"
    return Failure(code=code, stage=stage, detail=detail, facts=facts)


def _words(error: OSError) -> str:
    return error.strerror or str(error)
