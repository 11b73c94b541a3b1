"""Texts that leave the explorer: to the clipboard, to the pager; and words to the user. It knows no host."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import tempfile

from textual import on, work
from textual.app import SuspendNotSupported
from textual.notifications import SeverityLevel

from certtui.core.text import visible
from certtui.ui.messages import CopyAsked, PagerAsked, Trouble
from certtui.ui.typeahead import TypeAhead


class WaysOut(TypeAhead):
    """An application whose texts can be copied and read elsewhere."""

    clipboard_wish: str | None = None
    """What `CERTTUI_CLIPBOARD` says where it is not set."""

    @on(CopyAsked)
    def copy(self, event: CopyAsked) -> None:
        """Put a text on the clipboard."""
        self._copy(event.text, event.what)

    @work(group="clipboard", exclusive=True)
    async def _copy(self, text: str, what: str) -> None:
        from certtui.ui import clipboard  # it needs what starting does not

        driver = self._driver  # Textual's own copy_to_clipboard neither wraps for tmux nor says what it did
        wish = {"CERTTUI_CLIPBOARD": self.clipboard_wish} if self.clipboard_wish else {}
        outcome = await clipboard.copy(
            text,
            write_to_terminal=driver.write if driver is not None else None,
            environment={**wish, **os.environ},
            is_terminal=sys.__stdout__ is not None and sys.__stdout__.isatty(),
        )
        match outcome:
            case clipboard.Copied(how=how):
                self.announce(f"{what[:1].upper()}{what[1:]}: {how}")
            case clipboard.NotCopied(why=why):
                self.announce(why, is_problem=True)

    @on(PagerAsked)
    def read_elsewhere(self, event: PagerAsked) -> None:
        """Show a text in the user's pager, and come back when that ends."""
        text = "\n".join(visible(row) for row in event.text.splitlines()) + "\n"
        problem: str | None = None
        try:
            command = shlex.split(os.environ.get("PAGER", "")) or ["less"]
            with self.suspend():
                # Nothing may leave this block: Textual would not take the terminal back.
                problem = _page(command, text)
        except SuspendNotSupported:
            problem = "There is no pager where there is no terminal."
        except ValueError as error:  # quotes that do not end
            problem = f"PAGER cannot be understood: {error}."
        self.refresh(layout=True)
        if problem is not None:
            self.announce(problem, is_problem=True)

    @on(Trouble)
    def say_trouble(self, event: Trouble) -> None:
        """Say what went wrong in the background."""
        self.announce(event.text, is_problem=True)

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


def _page(command: list[str], text: str) -> str | None:
    """Run a pager on a text; return what went wrong, if anything did. An interrupt is for the pager.

    The text comes from a file: a pager that is left early has read enough of it.
    """
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with tempfile.TemporaryFile() as file:
            file.write(text.encode("utf-8", "replace"))
            file.seek(0)
            # LESSSECURE: a pager is no way to a shell for whoever is shown a report.
            subprocess.run(command, stdin=file, env={**os.environ, "LESSSECURE": "1"}, check=False)
    except (OSError, ValueError) as error:  # a NUL in an argument is a ValueError
        return f"The pager cannot be run: {error}. PAGER names it; e saves to a file instead."
    finally:
        signal.signal(signal.SIGINT, before)
    return None
