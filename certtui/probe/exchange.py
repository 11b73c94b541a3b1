"""Moves bytes between a socket and one side of a conversation, against a deadline. It knows no protocol."""

from __future__ import annotations

import asyncio
import socket
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final, Protocol

READ_BYTES: Final = 16384
"""What one peer may have worked through before it is another's turn."""
MAX_RECEIVED_BYTES: Final = 1 << 20
"""More than any handshake takes; a peer that sends on and on is cut off here."""


class Exchange(Protocol):
    """One side of a conversation, without I/O: a preamble, a handshake, a wait for an answer."""

    finished: bool
    """Whether there is nothing more to receive."""

    def start(self) -> bytes:
        """Return what to say before anything is received."""

    def receive(self, data: bytes) -> bytes:
        """Take what the peer sent and return what to say to it."""


class Ending(Enum):
    """How a conversation came to its end."""

    FINISHED = auto()
    CLOSED = auto()
    """The peer closed its side in an orderly way."""
    RESET = auto()
    TIMED_OUT = auto()
    OVERFLOWED = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a conversation ended and how much was heard."""

    ending: Ending
    received_bytes: int
    error: str | None = None
    """What the system said, where it reset the connection."""


async def converse(sock: socket.socket, exchange: Exchange, *, deadline: float) -> Ended:
    """Run `exchange` over the non-blocking `sock` until it has finished or something ended it.

    `deadline` is a time of the running loop that no trickle of bytes moves. Bare readiness callbacks instead of
    transports or streams: a scan has little else to do than this.
    """
    conversation = _Conversation(sock, exchange)
    return await conversation.run(deadline)


class _Conversation:
    __slots__ = (
        "_deadline",
        "_ended",
        "_exchange",
        "_file_number",
        "_is_waiting_to_send",
        "_loop",
        "_received_bytes",
        "_send_error",
        "_sock",
        "_unsent",
    )

    def __init__(self, sock: socket.socket, exchange: Exchange) -> None:
        self._loop = asyncio.get_running_loop()
        self._sock = sock
        self._file_number = sock.fileno()
        """What the loop is told instead of the socket, which it would print for each failed look-up of its own."""
        self._exchange = exchange
        self._ended: asyncio.Future[Ended] = self._loop.create_future()
        self._deadline = 0.0
        self._received_bytes = 0
        self._unsent = b""
        self._send_error: str | None = None
        self._is_waiting_to_send = False

    async def run(self, deadline: float) -> Ended:
        self._deadline = deadline
        timer = self._loop.call_at(deadline, self._end, Ending.TIMED_OUT)
        self._loop.add_reader(self._file_number, self._read)
        try:
            self._send(self._exchange.start())
            return await self._ended
        finally:
            timer.cancel()
            self._loop.remove_reader(self._file_number)
            self._wait_to_send(False)

    def _read(self) -> None:
        if self._loop.time() >= self._deadline:
            # Where peers keep the loop busy, its timers come late; what a peer sends must not come before them.
            self._end(Ending.TIMED_OUT)
            return
        try:
            data = self._sock.recv(READ_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._end(Ending.RESET, error.strerror)
            return
        if not data:
            self._end(Ending.RESET if self._send_error else Ending.CLOSED, self._send_error)
            return
        self._received_bytes += len(data)
        try:
            reply = self._exchange.receive(data)
        except Exception as bug:  # a callback has no caller: the one who awaits must see it
            self._ended.set_exception(bug)
            return
        self._send(reply)
        if self._received_bytes > MAX_RECEIVED_BYTES:
            self._end(Ending.OVERFLOWED)

    def _send(self, data: bytes) -> None:
        self._unsent += data
        if self._unsent:
            self._flush()
        if self._exchange.finished and not self._unsent:
            self._end(Ending.FINISHED)

    def _flush(self) -> None:
        try:
            sent = self._sock.send(self._unsent)
        except (BlockingIOError, InterruptedError):
            sent = 0
        except OSError as error:
            # The peer is gone, but what it said last may still wait to be read; the error is told only once.
            self._send_error = error.strerror
            sent = len(self._unsent)
        self._unsent = self._unsent[sent:]
        self._wait_to_send(bool(self._unsent))

    def _resume(self) -> None:
        self._send(b"")

    def _wait_to_send(self, wanted: bool) -> None:
        if wanted and not self._is_waiting_to_send:
            self._loop.add_writer(self._file_number, self._resume)
        elif self._is_waiting_to_send and not wanted:
            self._loop.remove_writer(self._file_number)
        self._is_waiting_to_send = wanted

    def _end(self, ending: Ending, error: str | None = None) -> None:
        if not self._ended.done():
            self._ended.set_result(Ended(ending=ending, received_bytes=self._received_bytes, error=error))
