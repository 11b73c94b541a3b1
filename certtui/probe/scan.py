"""The engine: many targets at once in one daemon thread with its own loop, results in batches. It knows no screen.

Quitting never waits for a peer: all that waits does so on the loop, and the loop is told to stop.
"""

from __future__ import annotations

import asyncio
import atexit
import threading
import traceback
import weakref
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.evidence import Evidence, Failure, Loaded, Reached, Stage, Unreachable
from certtui.core.finding import Fact, finding
from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from certtui.probe.descriptors import most_connections
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings

_BATCH_SECONDS: Final = 0.02
"""How long results are gathered before they are handed over."""
_EXIT_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True)
class Inspected:
    """A target that has been looked at and judged."""

    scan: int
    """What `Engine.submit` returned for it."""
    target: Target
    report: Report


class Engine:
    """Observes and judges targets in the background; every method may be called from any thread and returns at once,
    except `wait`."""

    def __init__(self, settings: ProbeSettings, judge: Callable[[Evidence], Report]) -> None:
        self._settings = settings
        self._slots = most_connections(settings.concurrency)
        self._judge = judge
        self._changed = threading.Condition()
        # Under the condition's lock:
        self._queue: deque[tuple[int, Target]] = deque()
        self._inspected: list[Inspected] = []
        self._pending = 0
        self._last_scan = 0
        self._cancelled: set[int] = set()
        self._is_closed = False
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        # In the engine's own thread only:
        self._running: dict[asyncio.Task[Report], tuple[int, Target]] = {}
        self._batch: list[Inspected | None] = []

    @property
    def pending(self) -> int:
        """How many submitted targets have no result yet."""
        return self._pending

    def submit(self, targets: Iterable[Target]) -> int:
        """Queue `targets` behind those that wait already and return the number of their scan.

        Raises `RuntimeError` after `close`.
        """
        with self._changed:
            if self._is_closed:
                raise RuntimeError("a closed engine takes no targets")
            self._last_scan += 1
            scan = self._last_scan
            before = len(self._queue)
            self._queue.extend((scan, target) for target in targets)
            self._pending += len(self._queue) - before
            loop = self._loop or self._start()
            loop.call_soon_threadsafe(self._fill)
        return scan

    def take(self) -> tuple[Inspected, ...]:
        """Return the results since the last call, in the order they came in."""
        with self._changed:
            inspected, self._inspected = self._inspected, []
        return tuple(inspected)

    def wait(self, timeout_seconds: float) -> bool:
        """Return True as soon as there is something to take or nothing left to come, False after the timeout."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._inspected) or not self._pending, timeout_seconds)

    def cancel(self, scan: int) -> None:
        """Drop what is queued, running or not yet taken of `scan`."""
        with self._changed:
            self._cancelled.add(scan)
            kept = [queued for queued in self._queue if queued[0] != scan]
            self._pending -= len(self._queue) - len(kept)
            self._queue = deque(kept)
            self._inspected = [inspected for inspected in self._inspected if inspected.scan != scan]
            self._changed.notify_all()
            if self._loop is not None and not self._is_closed:
                self._loop.call_soon_threadsafe(self._cancel_running, scan)

    def close(self) -> None:
        """Drop everything and end the thread, without waiting for it."""
        with self._changed:
            if self._is_closed:
                return
            self._is_closed = True
            self._queue.clear()
            self._inspected.clear()
            self._pending = 0
            self._changed.notify_all()
            if self._loop is not None:
                self._loop.call_soon_threadsafe(self._loop.stop)

    def _start(self) -> asyncio.AbstractEventLoop:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._run, args=(self._loop,), name="certtui-engine", daemon=True
        )
        self._thread.start()
        _ENGINES.add(self)
        return self._loop

    def _run(self, loop: asyncio.AbstractEventLoop) -> None:
        asyncio.set_event_loop(loop)
        try:
            loop.run_forever()
            for task in self._running:
                task.cancel()
            loop.run_until_complete(asyncio.gather(*self._running, return_exceptions=True))
        finally:
            asyncio.set_event_loop(None)
            loop.close()

    def _fill(self) -> None:
        """Start what is queued while there are free slots: never more tasks than slots, however long the list."""
        while len(self._running) < self._slots:
            with self._changed:
                if not self._queue:
                    return
                scan, target = self._queue.popleft()
            task = asyncio.get_running_loop().create_task(self._inspect(target))
            self._running[task] = (scan, target)
            task.add_done_callback(self._finish)

    def _cancel_running(self, scan: int) -> None:
        for task, (its_scan, _) in self._running.items():
            if its_scan == scan:
                task.cancel()

    def _finish(self, task: asyncio.Task[Report]) -> None:
        scan, target = self._running.pop(task)
        self._batch.append(None if task.cancelled() else Inspected(scan, target, task.result()))
        self._fill()
        if not self._running:
            self._hand_over()
        elif len(self._batch) == 1:
            asyncio.get_running_loop().call_later(_BATCH_SECONDS, self._hand_over)

    def _hand_over(self) -> None:
        """Make the batch takeable: not one result at a time, since each wakes a thread that wants the interpreter."""
        batch, self._batch = self._batch, []
        with self._changed:
            if not self._is_closed:
                self._pending -= len(batch)
                self._inspected += [each for each in batch if each and each.scan not in self._cancelled]
                self._changed.notify_all()

    async def _inspect(self, target: Target) -> Report:
        evidence = await _observed(target, self._settings)
        try:
            return self._judge(evidence)
        except Exception as bug:  # our own fault is shown as ours, and the host is not lost
            return _unjudged(evidence, bug)


async def _observed(target: Target, settings: ProbeSettings) -> Evidence:
    observed_at = datetime.now(UTC)
    try:
        return await observe(target, settings)
    except Exception as bug:  # our own fault is shown as ours, and the host is not lost
        detail, fact = _confession(bug)
        failure = Failure(code=Code.INTERNAL_ERROR, stage=Stage.CONNECT, detail=detail, facts=(fact,))
        return Evidence(
            target=target,
            host=target.host if isinstance(target, HostTarget) else None,
            observed_at=observed_at,
            observation=Unreachable(failure=failure),
        )


def _unjudged(evidence: Evidence, bug: Exception) -> Report:
    detail, fact = _confession(bug)
    chain: tuple[bytes, ...] = ()
    if isinstance(evidence.observation, Reached | Loaded):
        chain = evidence.observation.chain
    return Report(
        host=evidence.host,
        now=evidence.observed_at,
        chain=tuple(map(Certificate.of, chain)),
        findings=(finding(Code.INTERNAL_ERROR, detail, fact),),
        evidence=evidence,
    )


def _confession(bug: Exception) -> tuple[str, Fact]:
    frames = traceback.extract_tb(bug.__traceback__)
    where = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "unknown"
    return f"certtui itself failed on this target: {type(bug).__name__}: {bug}", Fact("where", where)


_ENGINES: weakref.WeakSet[Engine] = weakref.WeakSet()


@atexit.register
def _end_all() -> None:
    """Give engines a moment to stop: OpenSSL must not be torn down while another thread is inside it."""
    for engine in tuple(_ENGINES):
        engine.close()
        if engine._thread is not None:
            engine._thread.join(_EXIT_SECONDS)
