"""How the screen feels while 10,000 hosts are scanned flat out: lag of a 10 ms ticker, and from key to paint."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import cycle
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
from certtui.ui.services import Backend, Services

ROWS = 10_000
_KEYS = ("j", "j", "k", "G", "g")
_FILTERS = ("expired", "days<30", "hsot12", "!is:trusted", 'issuer:"bench', "san:host9 key:ec")
"""Words, fields, a slip that finds nothing as it is, a negation, two terms; each is typed and deleted again."""


class _Painted(CerttuiApp):
    """The explorer, which tells what it has painted when."""

    painted_at = 0.0
    painted: tuple[int | None, str] = (None, "")
    """The number of the selected row and the filter as they were painted last."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.has_painted = asyncio.Event()

    def _display(self, screen: object, renderable: object) -> None:
        super()._display(screen, renderable)  # type: ignore[arg-type]
        self.painted_at = time.perf_counter()
        selected = self.session.selected
        self.painted = (selected.number if selected is not None else None, self.session.filter_text)
        self.has_painted.set()


def _app(farm: Farm) -> _Painted:
    ports = range(1, ROWS // len(farm.hosts) + 1)
    routes = {(name, port): (address, PORT) for port in ports for address, name in farm.hosts}
    targets = [HostTarget(host=name, port=port) for name, port in routes]
    anchors = load_store("mozilla", Path(farm.root))

    def start(_: Callable[[str], None]) -> Backend:
        engine = Engine(
            ProbeSettings(routes=routes, concurrency=50), partial(diagnose_evidence, anchors=anchors)
        )
        judge = lambda evidence, at, store: diagnose_evidence(evidence, anchors=store, now=at)  # noqa: E731
        return Backend(engine=engine, anchors=anchors, judge=judge)

    return _Painted(targets=targets, services=Services(start=start, remember=lambda _: None))


async def _tick(lags: list[float]) -> None:
    while True:
        before = time.perf_counter()
        await asyncio.sleep(0.01)
        lags.append((time.perf_counter() - before - 0.01) * 1000)


async def _press(app: _Painted, key: str, is_shown: Callable[[], bool]) -> float | None:
    """Return milliseconds from a key to the paint that shows what it led to; None if it led nowhere.

    Results that come in may have moved the selected host to the very place that the key goes to.
    """
    before = time.perf_counter()
    app.post_message(events.Key(key, key if len(key) == 1 else None))
    while not is_shown():
        app.has_painted.clear()
        try:
            await asyncio.wait_for(app.has_painted.wait(), timeout=1)
        except TimeoutError:
            return None
    return (app.painted_at - before) * 1000


async def _move(app: _Painted, key: str) -> float | None:
    selected = app.painted[0]
    return await _press(app, key, lambda: app.painted[0] != selected)


def _typing() -> Iterator[str]:
    for text in cycle(_FILTERS):
        yield from text
        yield from ("backspace",) * len(text)


async def _type(app: _Painted, key: str) -> float | None:
    text = app.painted[1]
    text = text[:-1] if key == "backspace" else text + key
    return await _press(app, key, lambda: app.painted[1] == text)


async def _during(
    app: _Painted, seconds: float, keys: Iterator[str], press: Callable[[_Painted, str], Any]
) -> list[float]:
    """Return how long each key took, as long as the scan goes on."""
    times: list[float] = []
    started = time.perf_counter()
    while time.perf_counter() - started < seconds and app.session.waiting_count:
        taken = await press(app, next(keys))
        times += [taken] if taken is not None else []
        await asyncio.sleep(0.05)
    return times


async def _measure(farm: Farm, seconds: float) -> tuple[list[float], list[float], list[float], int]:
    app = _app(farm)
    lags: list[float] = []
    async with app.run_test(size=(120, 40)):
        while not app.session.waiting_count:  # noqa: ASYNC110 - the app tells nobody
            await asyncio.sleep(0.01)
        ticker = asyncio.create_task(_tick(lags))
        key_times = await _during(app, seconds / 2, cycle(_KEYS), _move)
        app.post_message(events.Key("slash", "/"))
        await asyncio.sleep(0.2)
        typing_times = await _during(app, seconds / 2, _typing(), _type)
        ticker.cancel()
        done = len(app.session) - app.session.waiting_count
        await app.action_quit()
    return lags, key_times, typing_times, done


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[int(len(values) * share)]


def run(farm: Farm, seconds: float = 12.0) -> None:
    """Print lags and key-to-paint times during a scan."""
    lags, key_times, typing_times, done = asyncio.run(_measure(farm, seconds))
    print(
        f"screen: {done} of {ROWS} results in {seconds:.0f} s; tick lag p50 {statistics.median(lags):.1f} ms, "
        f"p99 {_quantile(lags, 0.99):.1f} ms (goal: p99 at most 16 ms)"
    )
    for what, times in (("key", key_times), ("filter keystroke", typing_times)):
        print(
            f"screen: {what} to paint p50 {statistics.median(times):.1f} ms, p99 {_quantile(times, 0.99):.1f} ms, "
            f"worst {max(times):.1f} ms over {len(times)} (goal: p99 at most 50 ms)"
        )
