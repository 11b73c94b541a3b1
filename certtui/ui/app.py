"""The application: wires screen, engine, history and watch; its handlers alone change the session."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import signal
import threading
import traceback
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.text import Text
from textual import on
from textual.app import SystemCommand
from textual.screen import Screen

from certtui.core.labels import Labels
from certtui.core.target import Target
from certtui.core.text import visible
from certtui.ui.errands import Errands
from certtui.ui.messages import (
    BackendFailed,
    BackendStarted,
    ListChanged,
    OrderChanged,
    QuitAsked,
    ServerChosen,
)
from certtui.ui.screens.main import MainScreen
from certtui.ui.services import Preferences, Remembered, Services
from certtui.ui.session import Order
from certtui.ui.themes import DEFAULT, FRAME, THEMES

OWN_FAULT = 4
"""What the process ends with after a fault of certtui itself."""
_MOST_NOTES = 3
_LAST_WORDS_SECONDS = 1.0
"""How long quitting waits for the history to be written."""
_NEEDED_SOON = (
    "certtui.ui.drawing.chain",
    "certtui.ui.drawing.describe",
    "certtui.ui.screens.dialogs",
    "certtui.ui.watching",
    "certtui.core.query",
)
"""What the first paint does without."""


class CerttuiApp(Errands):
    """The explorer."""

    CSS_PATH = Path(__file__).with_name("certtui.tcss")
    TITLE = "certtui"

    def __init__(
        self,
        *,
        targets: Sequence[Target],
        services: Services,
        preferences: Preferences | None = None,
        labels: Mapping[Target, Labels] | None = None,
        notes: Sequence[str] = (),
    ) -> None:
        """Prepare the explorer on some targets; `notes` are told to the user once it is open."""
        preferences = preferences or Preferences()
        super().__init__(preferences)
        for theme in THEMES:
            self.register_theme(theme)
        wished = preferences.theme if preferences.theme in self.available_themes else DEFAULT
        # Setting it in the usual way would have the style sheet, which is yet to be read, read twice.
        self.set_reactive(CerttuiApp.theme, "ansi-dark" if preferences.no_color else wished)
        self.stylesheet.set_variables(self.get_css_variables())
        self.set_class(preferences.ascii_only, "-ascii")
        self.set_class(preferences.no_color, "-no-color")
        self.set_keymap(dict(preferences.keymap))
        self.session.add(targets, labels)
        self.session.arrange(
            order=Order(preferences.order) if preferences.order in set(Order) else None,
            is_reversed=preferences.is_reversed,
        )
        self._handlers: dict[int, Any] = {}
        """What obeyed signals before."""
        self.services = services
        self.notes = list(notes)
        self.main_screen.server = preferences.server
        self.early += self.session.rows

    def get_default_screen(self) -> MainScreen:
        """The explorer's three panes."""
        return self.main_screen

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Give themes that are not certtui's own what its style sheet asks for."""
        return FRAME

    # Beginning and end

    def on_mount(self) -> None:
        """Paint first, then start the engine."""
        self.call_after_refresh(self._begin)
        self.theme_changed_signal.subscribe(self, lambda _: self.keep())
        # The shell has written over the screen meanwhile.
        self.app_resume_signal.subscribe(self, lambda _: self.refresh(layout=True))
        self._obey_signals()

    def _obey_signals(self) -> None:
        """End when a signal asks for it, even if the terminal is gone and takes nothing more."""
        loop = asyncio.get_running_loop()

        def end(number: int, _: object) -> None:
            # What Textual still has to write may never be taken, and it would wait for that for ever.
            watchdog = threading.Timer(_LAST_WORDS_SECONDS + 1, os._exit, (128 + number,))
            watchdog.daemon = True
            watchdog.start()
            loop.call_soon_threadsafe(self._end_by, number)

        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            # Not by the loop, which may be what waits. In another thread than the first there are no signals to obey.
            with contextlib.suppress(ValueError):
                self._handlers.setdefault(number, signal.signal(number, end))

    def on_unmount(self) -> None:
        """Leave signals to whoever obeyed them before."""
        for number, handler in self._handlers.items():
            signal.signal(number, handler)

    def _end_by(self, number: int) -> None:
        """End as a shell expects of a program that a signal ended, with the terminal as it was."""
        self._close()
        self.exit(return_code=128 + number)

    def _begin(self) -> None:
        gc.enable()  # off since the start, see `certtui.cli`
        threading.Thread(target=self._make_backend, name="certtui-start", daemon=True).start()

    def _make_backend(self) -> None:
        for module in _NEEDED_SOON:
            # Here nobody waits for it; at the first report or dialog somebody would.
            importlib.import_module(module)
        try:
            backend = self.services.start(self.tell_trouble)
        except Exception as error:  # in a thread nobody else would say so, and the screen would wait for ever
            self.post_message(BackendFailed(str(error)))
        else:
            self.post_message(BackendStarted(backend))

    @on(BackendStarted)
    def begin_scan(self, event: BackendStarted) -> None:
        """Look at everything that waits, remember it, and collect results from now on."""
        self.begin_looking(event.backend)
        if self.session.targets:
            self.keep()
        if self.notes:
            count = len(self.notes)
            more = f" (and {count - _MOST_NOTES} more)" if count > _MOST_NOTES else ""
            self.announce(" · ".join(self.notes[:_MOST_NOTES]) + more, is_problem=True)

    @on(BackendFailed)
    def say_why(self, event: BackendFailed) -> None:
        """Without an engine there is nothing to do but to say so."""
        self.exit(return_code=2, message=visible(event.why))

    def _fatal_error(self) -> None:
        """Say that certtui itself failed: a traceback would show what peers sent, raw."""
        self._return_code = OWN_FAULT
        fault = self._exception
        self._exit_renderables.append(
            Text(
                f"certtui: this is a fault of certtui itself: {type(fault).__name__}: {visible(str(fault))}\n"
                "certtui: set CERTTUI_DEBUG=1 to see where, and please report it"
            )
        )
        if os.environ.get("CERTTUI_DEBUG"):
            frames = "".join(traceback.format_exception(fault)).splitlines()
            self._exit_renderables[-1:] = [Text("\n".join(map(visible, frames)))]
        self._close_messages_no_wait()

    @on(QuitAsked)
    async def leave(self) -> None:
        """Quit."""
        await self.action_quit()

    async def action_quit(self) -> None:
        """Quit at once: no peer is waited for."""
        self._close()
        self.exit()

    def _close(self) -> None:
        if self.backend is not None:
            self.backend.engine.close()
            if self.backend.writer is not None:
                self.backend.writer.close(_LAST_WORDS_SECONDS)

    def action_help_quit(self) -> None:
        """Tell those who press ctrl+c how to leave."""
        self.announce("Press q to quit, or ctrl+q from anywhere.")

    # Remembering

    @on(ListChanged)
    def list_changed(self) -> None:
        """Remember the list for next time, and watch what is on it."""
        self.watch_the_list()
        self.keep()

    @on(ServerChosen)
    def server_chosen(self, event: ServerChosen) -> None:
        """Remember what server the user runs."""
        self.main_screen.server = event.server
        self.keep()

    @on(OrderChanged)
    def keep(self) -> None:
        """Remember everything for next time."""
        if self.backend is None:
            return
        try:
            self.services.remember(
                Remembered(
                    targets=self.session.targets,
                    order=self.session.order,
                    is_reversed=self.session.is_reversed,
                    theme=None if self.preferences.no_color else self.theme,
                    server=self.main_screen.server,
                )
            )
        except OSError as error:
            self.announce(f"The list could not be remembered: {error}", is_problem=True)

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action of the screen by its name."""
        from certtui.ui.palette import commands  # it is not needed to start

        return commands(self, screen)

    def action_command_palette(self) -> None:
        """Open the palette."""
        from certtui.ui.palette import Palette  # it is not needed to start

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    def search_themes(self) -> None:
        """Open the palette on the themes."""
        from textual.theme import ThemeProvider

        from certtui.ui.palette import Palette  # it is not needed to start

        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(providers=[ThemeProvider], placeholder="Search for themes"))
