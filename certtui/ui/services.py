"""What the explorer is given from outside: an engine, a memory, a history, and how the user wants things.

These are named tuples since every start defines them, and that is five times as quick as with a dataclass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import TYPE_CHECKING, NamedTuple, Protocol

from certtui.core.target import Target

if TYPE_CHECKING:
    from certtui.core.anchors import AnchorStore
    from certtui.core.certificate import Certificate
    from certtui.core.evidence import Evidence
    from certtui.core.report import Report
    from certtui.probe.scan import Engine
    from certtui.storage.history import History
    from certtui.storage.history_writer import HistoryWriter
    from certtui.ui.rows import Row

DEFAULT_PERIOD = timedelta(minutes=10)
"""How often hosts are looked at again where the user does not say."""


class Preferences(NamedTuple):
    """How the user wants the explorer to look and act, from options, settings and what is remembered."""

    no_color: bool = False
    ascii_only: bool = False
    theme: str | None = None
    order: str | None = None
    """How hosts are sorted at first, by the words of `Order`; anything else is ignored."""
    is_reversed: bool = False
    server: str | None = None
    """The program that repairs are shown for; None shows them for every one."""
    keymap: Mapping[str, str] = MappingProxyType({})
    """The user's own keys by action id, several with commas between; valid by `keymap_of`."""
    clipboard: str | None = None
    """What `CERTTUI_CLIPBOARD` says where it is not set."""
    watch_every: timedelta = DEFAULT_PERIOD
    watch_at_once: bool = False
    bell: bool = False
    notify: bool = False
    """Whether the desktop shows what changed."""
    on_change: Sequence[str] = ()
    """A program and its arguments, run with each change on its standard input; nothing if empty."""


class Remembered(NamedTuple):
    """What the next run is to know."""

    targets: tuple[Target, ...]
    order: str
    is_reversed: bool
    theme: str | None
    server: str | None


class Opener(Protocol):
    """What opens the pages that need more than the screen knows.

    It is called and not told by a message: keys that came in behind would reach the screen before the page is open.
    """

    def open_history(self, row: Row) -> None:
        """Show a host's past."""

    def open_time_machine(self) -> None:
        """Show what would break at another time, or without a root."""

    def open_log(self) -> None:
        """Show what changed."""

    def open_export(
        self,
        report: Report | None,
        certificate: Certificate | None,
        reports: Sequence[Report],
        *,
        are_marked: bool,
    ) -> None:
        """Ask what to save: of the selected host and certificate, or of all these reports."""


class Backend(NamedTuple):
    """What takes a while to make, and is made after the first paint."""

    engine: Engine
    anchors: AnchorStore
    judge: Callable[[Evidence, datetime | None, AnchorStore], Report]
    """Judges what was observed, at a moment, None for now, by a store."""
    history: History | None = None
    writer: HistoryWriter | None = None


class Services(NamedTuple):
    """How the explorer reaches what is not its own."""

    start: Callable[[Callable[[str], None]], Backend]
    """Called in a thread. It is handed what tells the user of later trouble, and may raise an exception whose text is
    fit for users."""
    remember: Callable[[Remembered], None]
    """Keeps what the next run is to know; may raise `OSError`."""
