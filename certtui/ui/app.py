"""The application: wires screen, engine and clipboard; its handlers alone change the session."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
import os
import signal
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from textual import on, work
from textual.app import SystemCommand
from textual.notifications import SeverityLevel
from textual.screen import Screen

from certtui.core.target import Target
from certtui.core.text import visible
from certtui.ui.collector import postpone_full_collections, resume_collections
from certtui.ui.keys import ACTIONS, Where
from certtui.ui.messages import (
    CopyAsked,
    EngineFailed,
    EngineStarted,
    ListChanged,
    LookAsked,
    QuitAsked,
)
from certtui.ui.render import Glyphs
from certtui.ui.screens.main import MainScreen
from certtui.ui.session import Row, Session
from certtui.ui.typeahead import TypeAhead

if TYPE_CHECKING:
    from certtui.probe.scan import Engine

_DRAINS_PER_SECOND = 10
_NEEDED_SOON = ("certtui.ui.chain", "certtui.ui.describe", "certtui.ui.screens.dialogs")
"""What the first paint does without."""


class CerttuiApp(TypeAhead):
    """The explorer."""

    CSS_PATH = Path(__file__).with_name("certtui.tcss")
    TITLE = "certtui"

    def __init__(
        self,
        *,
        targets: Sequence[Target],
        start_engine: Callable[[], Engine],
        remember: Callable[[Sequence[Target]], None],
        no_color: bool = False,
        ascii_only: bool = False,
    ) -> None:
        """Prepare the explorer.

        `start_engine` is called in a thread after the first paint, since importing the engine takes a while; it may
        raise an exception whose text is fit for users. `remember` is told the list whenever it changes.
        """
        super().__init__(ansi_color=True if no_color else None)
        if no_color:
            self.theme = "ansi-dark"
        self.set_class(ascii_only, "-ascii")
        self.session = Session()
        self.session.add(targets)
        self._start_engine = start_engine
        self._remember = remember
        self._engine: Engine | None = None
        self._main = MainScreen(self.session, Glyphs(is_ascii=ascii_only))
        self._early: list[Row] = list(self.session.rows)
        """Rows to look at as soon as there is an engine."""

    def get_default_screen(self) -> MainScreen:
        """The explorer's three panes."""
        return self._main

    def on_mount(self) -> None:
        """Paint first, then start the engine."""
        self.call_after_refresh(self._begin)
        for number in (signal.SIGTERM, getattr(signal, "SIGHUP", signal.SIGTERM)):
            # Where there are no signals to handle, there is nothing to restore after one either.
            with contextlib.suppress(NotImplementedError, ValueError, RuntimeError):
                asyncio.get_running_loop().add_signal_handler(number, self._end_by, number)

    def _end_by(self, number: int) -> None:
        """End as a shell expects of a program that a signal ended, with the terminal as it was."""
        if self._engine is not None:
            self._engine.close()
        self.exit(return_code=128 + number)

    def _begin(self) -> None:
        gc.enable()  # off since the start, see `certtui.cli`
        threading.Thread(target=self._make_engine, name="certtui-start", daemon=True).start()

    def _make_engine(self) -> None:
        for module in _NEEDED_SOON:
            importlib.import_module(
                module
            )  # here nobody waits for it; at the first report or dialog somebody would
        try:
            engine = self._start_engine()
        except Exception as error:  # in a thread nobody else would say so, and the screen would wait for ever
            self.post_message(EngineFailed(str(error)))
        else:
            self.post_message(EngineStarted(engine))

    @on(EngineStarted)
    def begin_scan(self, event: EngineStarted) -> None:
        """Look at everything that waits, remember it, and collect results from now on."""
        self._engine = event.engine
        if self.session.targets:
            self.keep_list()
        self.set_interval(1 / _DRAINS_PER_SECOND, self._drain)
        rows, self._early = self._early, []
        self._look_at(rows)

    @on(EngineFailed)
    def say_why(self, event: EngineFailed) -> None:
        """Without an engine there is nothing to do but to say so."""
        self.exit(return_code=2, message=visible(event.why))

    def _look_at(self, rows: Sequence[Row]) -> None:
        if self._engine is None:
            self._early += rows
            return
        if not self.session.waiting_count:
            self._main.scan_size = 0
        if rows:
            postpone_full_collections()
            self._main.scan_size += sum(not row.is_waiting for row in rows)
            self.session.expect(rows, self._engine.submit([row.target for row in rows]))
        self._main.show_session()

    def _drain(self) -> None:
        """Apply what has come in since the last time: at most ten repaints a second, however fast the scan is."""
        results = self._engine.take() if self._engine is not None else ()
        changed = [
            row
            for result in results
            if (row := self.session.apply(result.scan, result.target, result.report)) is not None
        ]
        if changed:
            self._main.show_session(changed=changed)
            if not self.session.waiting_count:
                resume_collections()

    @on(LookAsked)
    def look(self, event: LookAsked) -> None:
        """Have hosts looked at."""
        self._look_at(event.rows)

    @on(ListChanged)
    def keep_list(self) -> None:
        """Remember the list for next time."""
        try:
            self._remember(self.session.targets)
        except OSError as error:
            self.announce(f"The list could not be remembered: {error}", is_problem=True)

    @on(CopyAsked)
    def copy(self, event: CopyAsked) -> None:
        """Put a text on the clipboard."""
        self._copy(event.text, event.what)

    @work(group="clipboard", exclusive=True)
    async def _copy(self, text: str, what: str) -> None:
        from certtui.ui import clipboard  # it needs what starting does not

        driver = self._driver  # Textual's own copy_to_clipboard neither wraps for tmux nor says what it did
        outcome = await clipboard.copy(
            text,
            write_to_terminal=driver.write if driver is not None else None,
            environment=os.environ,
            is_terminal=sys.__stdout__ is not None and sys.__stdout__.isatty(),
        )
        match outcome:
            case clipboard.Copied(how=how):
                self.announce(f"{what[:1].upper()}{what[1:]}: {how}")
            case clipboard.NotCopied(why=why):
                self.announce(why, is_problem=True)

    def announce(self, text: str, *, is_problem: bool = False) -> None:
        """Tell the user how something that they did went."""
        self.notify(text, severity="warning" if is_problem else "information")

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Show a toast in place of the last, whoever asks for it: never as markup, and made safe to show."""
        self.clear_notifications()
        super().notify(
            visible(message), title=visible(title), severity=severity, timeout=timeout, markup=False
        )

    def action_help_quit(self) -> None:
        """Tell those who press ctrl+c how to leave."""
        self.announce("Press q to quit, or ctrl+q from anywhere.")

    @on(QuitAsked)
    async def leave(self) -> None:
        """Quit."""
        await self.action_quit()

    async def action_quit(self) -> None:
        """Quit at once: no peer is waited for."""
        if self._engine is not None:
            self._engine.close()
        self.exit()

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Every action by its name."""
        for action in ACTIONS:
            if action.where is Where.MAIN and action.name != "app.command_palette":
                run = partial(self._main.run_action, action.name)
                yield SystemCommand(action.label, f"{action.help} ({action.shown_key})", run)
        yield SystemCommand("Theme", "Change the colours", self.action_change_theme)
