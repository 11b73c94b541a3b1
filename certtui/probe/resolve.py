"""Names to addresses, in daemon threads that quitting never waits for. It never caches and never judges a name."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections import deque
from collections.abc import Sequence
from typing import Final

from certtui.core.catalogue import Code
from certtui.core.evidence import Failure, Stage
from certtui.core.finding import Fact

MAX_THREADS: Final = 32
"""Look-ups that the system does at once. One of them can hang for as long as the system's resolver likes."""

_Answer = tuple[str, ...] | OSError


async def resolve(host: str, *, deadline: float) -> tuple[str, ...] | Failure:
    """Return the addresses of `host` in the system's order of preference (RFC 6724), or why there are none.

    `deadline` is a time of the running loop. An IP literal is its own address.
    """
    if is_ip_literal(host):
        return (host,)
    loop = asyncio.get_running_loop()
    question = _Question(host, loop)
    _RESOLVER.ask(question)
    started = loop.time()
    try:
        async with asyncio.timeout_at(deadline):
            answer = await question.answer
    except TimeoutError:
        seconds = loop.time() - started
        return Failure(
            code=Code.TIMEOUT,
            stage=Stage.RESOLVE,
            detail=f"the resolver gave no answer for {host} within {seconds:.1f} s",
        )
    return _failure(host, answer) if isinstance(answer, OSError) else answer


def is_ip_literal(host: str) -> bool:
    """Return whether `host` is an IPv4 or IPv6 address, with or without a zone."""
    if ":" in host:
        return True
    try:
        socket.inet_pton(socket.AF_INET, host)
    except OSError:
        return False
    return True


def _failure(host: str, error: OSError) -> Failure:
    return Failure(
        code=Code.DNS_FAILED,
        stage=Stage.RESOLVE,
        detail=f"{host} does not resolve: the system says {error.strerror or error}",
        facts=(Fact("name", host), Fact("resolver error", f"{error.strerror or error} ({error.errno})")),
    )


class _Question:
    """One name to look up, and the future that waits for its answer."""

    __slots__ = ("_loop", "answer", "host")

    def __init__(self, host: str, loop: asyncio.AbstractEventLoop) -> None:
        self.host = host
        self.answer: asyncio.Future[_Answer] = loop.create_future()
        self._loop = loop

    @property
    def is_abandoned(self) -> bool:
        return self.answer.done()

    def give(self, answer: _Answer) -> None:
        try:
            self._loop.call_soon_threadsafe(self._settle, answer)
        except RuntimeError:
            pass  # the loop was closed while the system looked the name up: nobody waits any more

    def _settle(self, answer: _Answer) -> None:
        if not self.answer.done():
            self.answer.set_result(answer)


class _Resolver:
    """A queue of questions and at most `MAX_THREADS` threads, each started when no idle one is left."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._questions: deque[_Question] = deque()
        self._threads = 0
        self._idle = 0

    def ask(self, question: _Question) -> None:
        with self._changed:
            self._questions.append(question)
            if self._idle >= len(self._questions) or self._threads == MAX_THREADS:
                self._changed.notify()
                return
            self._threads += 1
        threading.Thread(target=self._serve, name="certtui-resolver", daemon=True).start()

    def _serve(self) -> None:
        while True:
            question = self._next()
            if not question.is_abandoned:
                question.give(_look_up(question.host))

    def _next(self) -> _Question:
        with self._changed:
            self._idle += 1
            while not self._questions:
                self._changed.wait()
            self._idle -= 1
            return self._questions.popleft()


def _look_up(host: str) -> _Answer:
    try:
        # As bytes: a str would pass through Python's IDNA 2003 codec, which refuses labels that DNS has.
        found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError as error:
        return OSError(socket.EAI_NONAME, str(error))
    return _distinct([str(address[0]) for *_, address in found])


def _distinct(addresses: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(addresses))


_RESOLVER = _Resolver()
"""One for the process: the system's resolver is one too."""
