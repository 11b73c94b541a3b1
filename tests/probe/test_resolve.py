"""Names to addresses, whatever the system's resolver does."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Failure, Stage
from certtui.probe import resolve as resolver
from certtui.probe.resolve import resolve


def soon(seconds: float = 5.0) -> float:
    """Return a deadline of the running loop."""
    return asyncio.get_running_loop().time() + seconds


@pytest.fixture
def stuck(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Make the system's resolver hang on every name until the test is over."""
    released = threading.Event()

    def hang(_host: object, *_arguments: object, **_options: object) -> list[object]:
        released.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "released")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    yield
    released.set()


@pytest.mark.parametrize("literal", ["192.0.2.1", "2001:db8::1", "fe80::1%lo"])
async def test_an_ip_literal_is_its_own_address(literal: str, stuck: None) -> None:
    assert await resolve(literal, deadline=soon()) == (literal,)


async def test_a_name_has_the_addresses_that_the_system_gives() -> None:
    addresses = await resolve("localhost", deadline=soon())

    assert not isinstance(addresses, Failure)
    assert set(addresses) <= {"127.0.0.1", "::1"}
    assert len(set(addresses)) == len(addresses) >= 1


@pytest.mark.parametrize(
    ("number", "words"),
    [(socket.EAI_NONAME, "Name or service not known"), (socket.EAI_AGAIN, "Temporary failure")],
)
async def test_what_the_resolver_says_is_quoted(
    monkeypatch: pytest.MonkeyPatch, number: int, words: str
) -> None:
    def fail(*_arguments: object, **_options: object) -> list[object]:
        raise socket.gaierror(number, words)

    monkeypatch.setattr(socket, "getaddrinfo", fail)

    outcome = await resolve("gone.test", deadline=soon())

    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.stage) == (Code.DNS_FAILED, Stage.RESOLVE)
    assert "gone.test" in outcome.detail
    assert words in outcome.detail


async def test_a_resolver_that_hangs_is_a_timeout(stuck: None) -> None:
    outcome = await resolve("slow.test", deadline=soon(0.1))

    assert isinstance(outcome, Failure)
    assert (outcome.code, outcome.stage) == (Code.TIMEOUT, Stage.RESOLVE)


async def test_threads_that_hang_are_few_however_many_names_are_asked_for(stuck: None) -> None:
    names = [f"{number}.slow.test" for number in range(resolver.MAX_THREADS * 3)]
    deadline = soon(0.3)

    outcomes = await asyncio.gather(*(resolve(name, deadline=deadline) for name in names))

    assert all(isinstance(outcome, Failure) for outcome in outcomes)
    threads = [thread for thread in threading.enumerate() if thread.name == "certtui-resolver"]
    assert 0 < len(threads) <= resolver.MAX_THREADS
    assert all(thread.daemon for thread in threads)


async def test_a_name_that_dns_cannot_hold_does_not_resolve() -> None:
    outcome = await resolve("é" * 10, deadline=soon())

    assert isinstance(outcome, Failure)
    assert outcome.code is Code.DNS_FAILED


def test_an_answer_that_comes_after_the_loop_is_closed_is_dropped(stuck: None) -> None:
    outcome = asyncio.run(_given_up())

    assert isinstance(outcome, Failure)


async def _given_up() -> object:
    return await resolve("late.test", deadline=soon(0.05))
