"""How the screen feels while 10,000 hosts are scanned flat out: lag of a 10 ms ticker, and from key to paint."""

from __future__ import annotations

import asyncio
import statistics
import time
from functools import partial
from pathlib import Path
from typing import Any

from textual import events

from benchmarks.farm import PORT, Farm
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.target import HostTarget
from certtui.probe.scan import Engine
from certtui.probe.settings import ProbeSettings
from certtui.trust.store import load_store
from certtui.ui.app import CerttuiApp
from certtui.ui.widgets.panes import HostsPane

ROWS = 10_000
_KEYS = ("j", "j", "k", "G", "g")


class _Painted(CerttuiApp):
    """The explorer, which tells when it has painted."""

    painted_at = 0.0

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.painted = asyncio.Event()

    def _display(self, screen: object, renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        self.painted_at = time.perf_counter()
        self.painted.set()


def _app(farm: Farm) -> _Painted:
    ports = range(1, ROWS // len(farm.hosts) + 1)
    routes = {(name, port): (address, PORT) for port in ports for address, name in farm.hosts}
    targets = [HostTarget(host=name, port=port) for name, port in routes]
    judge = partial(diagnose_evidence, anchors=load_store("mozilla", Path(farm.root)))

    def start() -> Engine:
        return Engine(ProbeSettings(routes=routes, concurrency=50), judge)

    return _Painted(targets=targets, start_engine=start, remember=lambda _: None)


async def _tick(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append((time.perf_counter() - before - 0.01) * 1000)


async def _press(app: _Painted, key: str) -> float:
    """Return milliseconds from a key to the paint that shows where it led."""
    pane = app.screen.query_one(HostsPane)
    before, cursor = time.perf_counter(), pane.cursor
    app.post_message(events.Key(key, key))
    while pane.cursor == cursor or app.painted_at < before:
        app.painted.clear()
        await asyncio.wait_for(app.painted.wait(), timeout=5)
    return (app.painted_at - before) * 1000


async def _measure(farm: Farm, seconds: float) -> tuple[list[float], list[float], int]:
    app = _app(farm)
    lags: list[float] = []
    key_times: list[float] = []
    async with app.run_test(size=(120, 40)):
        while not app.session.waiting_count:  # noqa: ASYNC110 - the app tells nobody
            await asyncio.sleep(0.01)
        ticker = asyncio.create_task(_tick(lags))
        started = time.perf_counter()
        while time.perf_counter() - started < seconds and app.session.waiting_count:
            key_times.append(await _press(app, _KEYS[len(key_times) % len(_KEYS)]))
            await asyncio.sleep(0.1)
        ticker.cancel()
        done = len(app.session) - app.session.waiting_count
        await app.action_quit()
    return lags, key_times, done


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def run(farm: Farm, seconds: float = 8.0) -> None:
    """Print lags and key-to-paint times during a scan."""
    lags, key_times, done = asyncio.run(_measure(farm, seconds))
    print(
        f"screen: {done} of {ROWS} results in {seconds:.0f} s; tick lag p50 {statistics.median(lags):.1f} ms, "
        f"p99 {_quantile(lags, 0.99):.1f} ms (goal: p99 at most 16 ms)"
    )
    print(
        f"screen: key to paint p50 {statistics.median(key_times):.1f} ms, p99 {_quantile(key_times, 0.99):.1f} ms "
        f"over {len(key_times)} keys"
    )
