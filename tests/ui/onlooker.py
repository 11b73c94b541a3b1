"""What every test of the screen does: press keys, and wait until something is seen."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.app import App
from textual.pilot import Pilot

DEADLINE_SECONDS = 10.0


class Onlooker:
    """Somebody in front of a screen."""

    def __init__(self, app: App[None], pilot: Pilot[None]) -> None:
        self._app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)

    def screen(self) -> str:
        """Return what is on the screen, as text."""
        lines = (
            self._app.screen._compositor.render_strips()
        )  # the compositor is what a terminal would be sent
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
