"""One screen alone, driven as a user would, with what it ended with and what it asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from textual import on
from textual.app import App
from textual.pilot import Pilot
from textual.screen import Screen

import certtui.ui
from certtui.ui.messages import CopyAsked
from certtui.ui.themes import FRAME
from tests.ui.onlooker import Onlooker


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


class Audience(Onlooker):
    """A user in front of the stage."""

    def __init__(self, app: Stage, pilot: Pilot[None]) -> None:
        super().__init__(app, pilot)
        self.app = app

    def line_with(self, text: str) -> str:
        """Return the first line on the screen with a text in it, empty if there is none."""
        return next((row for row in self.screen().splitlines() if text in row), "")


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
