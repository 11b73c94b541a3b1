"""One screen alone, driven as a user would, with what it ended with and what it asked for."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual import on
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

import certtui.ui
from certtui.ui.messages import CopyAsked
from certtui.ui.themes import FRAME

DEADLINE_SECONDS = 10.0


class Stage(App[None]):
    """An application that is nothing but the place for a screen."""

    CSS_PATH = Path(certtui.ui.__file__).with_name("certtui.tcss")

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return what certtui's style sheet asks for."""
        return FRAME

    def __init__(self, *, ascii_only: bool = False) -> None:
        super().__init__()
        self.set_class(ascii_only, "-ascii")
        self.answers: list[str | None] = []
        """What the screen ended with."""
        self.copied: list[str] = []

    @on(CopyAsked)
    def note(self, event: CopyAsked) -> None:
        """Remember what was to be copied."""
        self.copied.append(event.text)


class Audience:
    """A user in front of the stage."""

    def __init__(self, app: Stage, pilot: Pilot[None]) -> None:
        self.app = app
        self.pilot = pilot

    async def press(self, *keys: str) -> None:
        """Press keys one after the other."""
        await self.pilot.press(*keys)

    def screen(self) -> str:
        """Return what is on the screen, as text."""
        lines = self.app.screen._compositor.render_strips()  # the compositor is what a terminal would be sent
        return "\n".join(strip.text for strip in lines)

    def line_with(self, text: str) -> str:
        """Return the first line on the screen with a text in it, empty if there is none."""
        return next((row for row in self.screen().splitlines() if text in row), "")

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


@asynccontextmanager
async def on_stage(
    screen: Screen[str | None], *, size: tuple[int, int] = (80, 24), ascii_only: bool = False
) -> AsyncIterator[Audience]:
    """Open a screen alone, notifications and tooltips on, as users have them."""
    app = Stage(ascii_only=ascii_only)
    async with app.run_test(size=size, notifications=True, tooltips=True) as pilot:
        app.push_screen(screen, app.answers.append)
        await pilot.pause()
        yield Audience(app, pilot)
