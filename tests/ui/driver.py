"""Drives the explorer as a user would, in words: press, see, expect. Results are fed in, nothing is scanned."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import cast

from textual.events import Key
from textual.pilot import Pilot

from certtui.core.anchors import AnchorStore
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.labels import Labels
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.probe.scan import Engine, Inspected
from certtui.storage.history import History
from certtui.storage.history_writer import HistoryWriter
from certtui.ui.app import CerttuiApp
from certtui.ui.services import Backend, Preferences, Remembered, Services
from tests.ui.onlooker import Onlooker


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

    def cancel(self, scan: int) -> None:
        """Drop what is ready of a scan."""
        self._ready = [each for each in self._ready if each.scan != scan]

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
    "\x15": "ctrl+u",
    "\x7f": "backspace",
}


def _key(character: str) -> str:
    return _KEYS.get(character, character)


class Driver(Onlooker):
    """A user in front of the explorer."""

    def __init__(self, app: CerttuiApp, pilot: Pilot[None], engine: FedEngine) -> None:
        super().__init__(app, pilot)
        self.app = app
        self.engine = engine

    async def type(self, text: str) -> None:
        """Type a text."""
        await self.pilot.press(*map(_key, text))

    def burst(self, text: str) -> None:
        """Let keys come in at one go, as they do over a slow line."""
        for character in text:
            self.app.post_message(Key(_key(character), character))

    def burst_key(self, key: str) -> None:
        """Let a key come in by its name, without waiting for what it does."""
        self.app.post_message(Key(key, key if len(key) == 1 else None))

    @property
    def selected(self) -> str:
        """The host that the cursor is on."""
        row = self.app.session.selected
        return row.target.label if row is not None else ""


def backend_of(
    engine: FedEngine, anchors: AnchorStore, history: History | None = None
) -> Callable[[Callable[[str], None]], Backend]:
    """Return what starts the explorer's backend on an engine that is fed."""

    def start(tell: Callable[[str], None]) -> Backend:
        return Backend(
            engine=cast("Engine", engine),
            anchors=anchors,
            judge=lambda evidence, at, store: diagnose_evidence(evidence, anchors=store, now=at),
            history=history,
            writer=HistoryWriter(history, tell) if history is not None else None,
        )

    return start


NO_ANCHORS = AnchorStore((), label="no store")


@asynccontextmanager
async def explorer(
    reports: dict[Target, Report],
    *,
    size: tuple[int, int] = (80, 24),
    remembered: list[Remembered] | None = None,
    anchors: AnchorStore = NO_ANCHORS,
    history: History | None = None,
    preferences: Preferences | None = None,
    labels: Mapping[Target, Labels] | None = None,
    notes: Sequence[str] = (),
) -> AsyncIterator[Driver]:
    """Open the explorer on the targets of `reports`, notifications and tooltips on, as users have them."""
    engine = FedEngine(reports)
    app = CerttuiApp(
        targets=tuple(reports),
        services=Services(
            start=backend_of(engine, anchors, history),
            remember=lambda known: remembered.append(known) if remembered is not None else None,
        ),
        preferences=preferences,
        labels=labels,
        notes=notes,
    )
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        driver = Driver(app, pilot, engine)
        await driver.until(lambda: not app.session.waiting_count and not app.early, "all results shown")
        await pilot.pause()
        yield driver
        await asyncio.sleep(0)
