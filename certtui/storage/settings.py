"""The user's settings: `config.toml`, which certtui reads and never writes. What an action's id may be, ui knows.

The values are named tuples, since every start defines them, and that is five times as quick as with a dataclass.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from types import MappingProxyType
from typing import NamedTuple

from certtui.storage.places import config_file

_MOST_OCTETS = 1_000_000


class WatchSettings(NamedTuple):
    """The table `[watch]`: how hosts are looked at again and again, and who is told of a change."""

    every: timedelta = timedelta(minutes=10)
    """How long to wait between two looks, unless the command line says."""
    bell: bool = False
    """Whether the terminal's bell rings."""
    notify: bool = False
    """Whether the desktop shows a notification."""
    on_change: tuple[str, ...] = ()
    """A program and its arguments, to be started as they are and never by a shell; empty for none."""


class HistorySettings(NamedTuple):
    """The table `[history]`: what is kept of past looks."""

    enabled: bool = True
    """Whether anything is kept."""
    keep_days: int = 365
    """For how long after a chain was last seen."""


class Settings(NamedTuple):
    """What the user has settled; None leaves it to certtui, or to what it remembers."""

    theme: str | None = None
    """The colours, by the name that the list of themes gives them."""
    ascii: bool = False
    """Whether signs and frames are plain ASCII."""
    server: str | None = None
    """The program that repairs are shown for, as `certtui.core.servers` writes it."""
    timeout: float | None = None
    """Seconds for one host, all in all."""
    concurrency: int | None = None
    """How many hosts to look at at once."""
    ca_file: Path | None = None
    """A file of trust anchors beside the store's; a relative path starts at the settings' folder."""
    store: str | None = None
    """`mozilla` or `system`."""
    clipboard: str = "auto"
    """`auto`, `native` for the system's commands, `osc52` for the terminal, or `off`."""
    watch: WatchSettings = WatchSettings()
    """The table `[watch]`."""
    history: HistorySettings = HistorySettings()
    """The table `[history]`."""
    keys: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """The table `[keys]`: for an action's id the keys that it is to have instead of its own."""


class SettingsProblem(NamedTuple):
    """A mistake in the settings: where it is and what is allowed."""

    path: Path
    line: int | None
    """1-based; None where the fault is the file's as a whole."""
    key: str | None
    """`watch.every`; None where it is no key's."""
    message: str
    """What is wrong and what to write instead; raw text."""

    def __str__(self) -> str:
        place = f"{self.path}, line {self.line}" if self.line is not None else str(self.path)
        return f"{place}: {self.key}: {self.message}" if self.key is not None else f"{place}: {self.message}"


def load_settings(path: Path | None = None) -> Settings | tuple[SettingsProblem, ...]:
    """Return the settings in a file, or everything that is wrong with it, in the file's order.

    Without a path it is the user's own file, which need not exist.
    """
    file = path if path is not None else config_file()
    try:
        with file.open("rb") as opened:
            content = opened.read(_MOST_OCTETS + 1)
    except FileNotFoundError:
        return Settings() if path is None else whole_file(file, "there is no such file")
    except OSError as error:
        return whole_file(file, f"cannot be read: {error.strerror or error}")
    if len(content) > _MOST_OCTETS:
        return whole_file(file, "is far too big for settings")
    from certtui.storage.settings_file import parse_settings  # most users have no such file

    return parse_settings(content, file)


def whole_file(file: Path, message: str) -> tuple[SettingsProblem, ...]:
    """Return that a file cannot be used as it is."""
    return (SettingsProblem(path=file, line=None, key=None, message=message),)
