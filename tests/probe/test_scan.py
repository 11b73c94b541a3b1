"""The engine: every target answered for, in batches, and never in anybody's way."""

from __future__ import annotations

import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Evidence, Reached
from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from certtui.probe import scan
from certtui.probe.scan import Engine, Inspected
from certtui.probe.settings import ProbeSettings
from tests.probe.identities import server_identity
from tests.probe.servers import serving, speak_tls, stay_silent, tls_context

SECONDS = 10.0
ROOT = Path(__file__).parents[2]


def judge(evidence: Evidence) -> Report:
    """Return a report without a judgement."""
    return Report(host=evidence.host, now=evidence.observed_at, chain=(), evidence=evidence)


def hosts(count: int) -> list[Target]:
    """Return targets that lead wherever `connect_to` does."""
    return [HostTarget(host=f"host{number}.test") for number in range(count)]


@pytest.fixture
def engine() -> Iterator[Callable[..., Engine]]:
    """Return a function that makes engines, which are closed after the test."""
    made: list[Engine] = []

    def make(port: int, judge: Callable[[Evidence], Report] = judge, *, concurrency: int = 100) -> Engine:
        settings = ProbeSettings(connect_to=f"127.0.0.1:{port}", concurrency=concurrency)
        made.append(Engine(settings, judge))
        return made[-1]

    yield make
    for each in made:
        each.close()
        wait_for_the_end_of(each)


def is_running(engine: Engine) -> bool:
    """Return whether the engine's thread is alive."""
    return engine._thread is not None and engine._thread.is_alive()


def wait_for_the_end_of(engine: Engine) -> None:
    """Wait until the engine's thread has ended."""
    wait_until(lambda: not is_running(engine))


def wait_until(condition: Callable[[], bool]) -> None:
    """Wait for `condition`, with a deadline."""
    deadline = time.monotonic() + SECONDS
    while not condition():
        assert time.monotonic() < deadline
        threading.Event().wait(0.005)


def collect(engine: Engine) -> list[Inspected]:
    """Take everything that is to come."""
    collected: list[Inspected] = []
    while engine.wait(SECONDS):
        batch = engine.take()
        if not batch:
            return collected
        collected += batch
    raise AssertionError(f"{engine.pending} targets are still pending")


def test_every_target_comes_back_once_with_its_scan(engine: Callable[..., Engine]) -> None:
    with serving(speak_tls(tls_context())) as port:
        busy = engine(port, concurrency=7)
        first = busy.submit(hosts(20))
        second = busy.submit(hosts(3))
        results = collect(busy)

    assert first != second
    assert sorted(each.target.label for each in results if each.scan == first) == sorted(
        target.label for target in hosts(20)
    )
    assert len([each for each in results if each.scan == second]) == 3
    assert busy.pending == 0
    for each in results:
        assert each.report.evidence is not None
        assert isinstance(each.report.evidence.observation, Reached)
        assert each.report.evidence.observation.chain == server_identity().chain


def test_no_more_connections_are_open_than_the_settings_allow(engine: Callable[..., Engine]) -> None:
    lock = threading.Lock()
    now_open, most_open = 0, 0

    def count(connection: socket.socket) -> None:
        nonlocal now_open, most_open
        with lock:
            now_open += 1
            most_open = max(most_open, now_open)
        connection.recv(65536)
        with lock:
            now_open -= 1

    with serving(count) as port:
        collect_from = engine(port, concurrency=3)
        collect_from.submit(hosts(30))
        collect(collect_from)

    assert 1 <= most_open <= 3


def test_nothing_submitted_is_nothing_to_wait_for(engine: Callable[..., Engine]) -> None:
    idle = engine(1)

    assert idle.wait(0) is True
    assert idle.take() == ()
    assert not is_running(idle)


def test_waiting_ends_at_its_timeout_while_hosts_are_silent(engine: Callable[..., Engine]) -> None:
    with serving(stay_silent) as port:
        busy = engine(port)
        busy.submit(hosts(1))

        assert busy.wait(0.05) is False
        assert busy.pending == 1


def test_many_silent_hosts_cost_one_deadline_not_many() -> None:
    with serving(stay_silent) as port:
        settings = ProbeSettings(connect_to=f"127.0.0.1:{port}", timeout_seconds=0.5, concurrency=60)
        patient = Engine(settings, judge)
        began = time.monotonic()
        patient.submit(hosts(60))
        results = collect(patient)
        took = time.monotonic() - began
        patient.close()
        wait_for_the_end_of(patient)

    assert len(results) == 60
    assert took < 8


def test_a_cancelled_scan_leaves_nothing_and_the_others_go_on() -> None:
    connections: list[socket.socket] = []
    with serving(stay_silent, connections=connections) as silent, serving(speak_tls(tls_context())) as port:
        routes = {(f"host{number}.test", 443): ("127.0.0.1", silent) for number in range(50)}
        routes["good.test", 443] = ("127.0.0.1", port)
        busy = Engine(ProbeSettings(routes=routes, concurrency=10), judge)
        doomed = busy.submit(hosts(50))
        kept = busy.submit([HostTarget(host="good.test")])
        wait_until(lambda: len(connections) == 10)

        began = time.monotonic()
        busy.cancel(doomed)
        results = collect(busy)
        took = time.monotonic() - began
        busy.close()
        wait_for_the_end_of(busy)

    assert [each.scan for each in results] == [kept]
    assert busy.pending == 0
    assert took < 8
    assert len(connections) == 10


def test_results_of_a_cancelled_scan_that_were_not_taken_are_dropped(engine: Callable[..., Engine]) -> None:
    with serving(speak_tls(tls_context())) as port:
        busy = engine(port)
        doomed = busy.submit(hosts(3))
        wait_until(lambda: busy.pending == 0)
        busy.cancel(doomed)

    assert busy.take() == ()


def test_closing_returns_at_once_and_ends_the_thread_while_hosts_are_silent() -> None:
    connections: list[socket.socket] = []
    with serving(stay_silent, connections=connections) as port:
        busy = Engine(ProbeSettings(connect_to=f"127.0.0.1:{port}", concurrency=50), judge)
        busy.submit(hosts(200))
        wait_until(lambda: len(connections) == 50)

        began = time.monotonic()
        busy.close()
        closing_took = time.monotonic() - began
        wait_for_the_end_of(busy)
        ending_took = time.monotonic() - began

    assert closing_took < 5
    assert ending_took < 8
    assert (busy.pending, busy.take()) == (0, ())


def test_closing_does_not_wait_for_a_resolver_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    released, asked = threading.Event(), threading.Event()

    def hang(*_arguments: object, **_options: object) -> list[object]:
        asked.set()
        released.wait(30)
        raise socket.gaierror(socket.EAI_AGAIN, "released")

    monkeypatch.setattr(socket, "getaddrinfo", hang)
    busy = Engine(ProbeSettings(), judge)
    busy.submit(hosts(1))
    assert asked.wait(SECONDS)

    began = time.monotonic()
    busy.close()
    wait_for_the_end_of(busy)
    took = time.monotonic() - began
    released.set()

    assert took < 8


def test_a_closed_engine_takes_no_targets(engine: Callable[..., Engine]) -> None:
    closed = engine(1)
    closed.close()
    closed.close()

    with pytest.raises(RuntimeError, match="closed"):
        closed.submit(hosts(1))


def test_a_bug_in_the_judge_is_shown_as_ours_and_the_chain_is_kept(engine: Callable[..., Engine]) -> None:
    def faulty(_evidence: Evidence) -> Report:
        raise ZeroDivisionError("a bug")

    with serving(speak_tls(tls_context())) as port:
        busy = engine(port, faulty)
        busy.submit(hosts(1))
        [result] = collect(busy)

    [finding] = result.report.findings
    assert finding.code is Code.INTERNAL_ERROR
    assert "ZeroDivisionError: a bug" in finding.summary
    assert tuple(certificate.der for certificate in result.report.chain) == server_identity().chain


def test_a_bug_in_the_probe_is_shown_as_ours(
    engine: Callable[..., Engine], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def faulty(_target: Target, _settings: ProbeSettings) -> Evidence:
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(scan, "observe", faulty)
    judged: list[Evidence] = []

    def keep(evidence: Evidence) -> Report:
        judged.append(evidence)
        return judge(evidence)

    busy = engine(1, keep)
    busy.submit(hosts(1))
    [result] = collect(busy)

    assert result.target == hosts(1)[0]
    failure = getattr(judged[0].observation, "failure", None)
    assert failure is not None
    assert failure.code is Code.INTERNAL_ERROR


def test_a_program_ends_cleanly_in_the_middle_of_a_scan() -> None:
    program = f"""
import threading
from tests.probe.servers import serving, speak_tls, tls_context
from tests.probe.test_scan import Engine, ProbeSettings, hosts, judge
with serving(speak_tls(tls_context())) as port:
    engine = Engine(ProbeSettings(connect_to=f"127.0.0.1:{{port}}"), judge)
    engine.submit(hosts(5000))
    engine.wait({SECONDS})
    print("some", len(engine.take()) > 0)
"""
    began = time.monotonic()
    ended = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "some True\n", "")
    assert time.monotonic() - began < 20
