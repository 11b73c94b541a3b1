"""Drives the explorer as a user would, in words: press, see, expect. Results are fed in, nothing is scanned."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

from textual.events import Key
from textual.pilot import Pilot

from certtui.core.report import Report
from certtui.core.target import Target
from certtui.probe.scan import Inspected
from certtui.ui.app import CerttuiApp

DEADLINE_SECONDS = 10.0


class FedEngine:
    """An engine whose results the test hands in: a stand-in for the network, which tests of the screen do without."""

    def __init__(self, reports: dict[Target, Report]) -> None:
        self.reports = reports
        self.asked: list[Target] = []
        self.is_closed = False
        self._ready: list[Inspected] = []
        self._scan = 0

    def submit(self, targets: Sequence[Target]) -> int:
        """Answer at once what there is an answer for."""
        self._scan += 1
        self.asked += targets
        known = (target for target in targets if target in self.reports)
        self._ready += [Inspected(self._scan, target, self.reports[target]) for target in known]
        return self._scan

    def take(self) -> tuple[Inspected, ...]:
        """Return what is ready."""
        ready, self._ready = tuple(self._ready), []
        return ready

    def close(self) -> None:
        """Remember that the explorer let go."""
        self.is_closed = True


_KEYS = {
    "\r": "enter",
    " ": "space",
    ":": "colon",
    ".": "full_stop",
    "-": "minus",
    "/": "slash",
    "!": "exclamation_mark",
}


def _key(character: str) -> str:
    return _KEYS.get(character, character)


class Driver:
    """A user in front of the explorer."""

    def __init__(self, app: CerttuiApp, pilot: Pilot[None], engine: FedEngine) -> None:
        self.app = app
        self.pilot = pilot
        self.engine = engine

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*map(_key, text))

    def burst(self, text: str) -> None:
        """Let keys come in at one go, as they do over a slow line."""
        for character in text:
            self.app.post_message(Key(_key(character), character))

    def screen(self) -> str:
        """Return what is on the screen, as text."""
        lines = self.app.screen._compositor.render_strips()  # the compositor is what a terminal would be sent
        return "\n".join(strip.text for strip in lines)

    async def until(self, is_true: Callable[[], bool], what: str) -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + DEADLINE_SECONDS
        while not is_true():
            assert time.monotonic() < deadline, f"never came true: {what}\n{self.screen()}"
            await self.pilot.pause(0.02)

    async def sees(self, *texts: str) -> None:
        """Wait until every text is on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.screen(), f"{text!r} on the screen")  # type: ignore[misc]

    async def no_longer_sees(self, *texts: str) -> None:
        """Wait until no text is on the screen."""
        for text in texts:
            await self.until(lambda text=text: text not in self.screen(), f"no {text!r}")  # type: ignore[misc]

    @property
    def selected(self) -> str:
        """The host that the cursor is on."""
        row = self.app.session.selected
        return row.target.label if row is not None else ""


@asynccontextmanager
async def explorer(
    reports: dict[Target, Report],
    *,
    size: tuple[int, int] = (80, 24),
    remembered: list[tuple[Target, ...]] | None = None,
    **options: bool,
) -> AsyncIterator[Driver]:
    """Open the explorer on the targets of `reports`, notifications and tooltips on, as users have them."""
    engine = FedEngine(reports)
    app = CerttuiApp(
        targets=tuple(reports),
        start_engine=lambda: engine,  # type: ignore[arg-type, return-value]
        remember=lambda targets: remembered.append(tuple(targets)) if remembered is not None else None,
        **options,
    )
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot, engine)
        await driver.until(lambda: not app.session.waiting_count and not app._early, "all results shown")
        await pilot.pause()
        yield driver
        await asyncio.sleep(0)
