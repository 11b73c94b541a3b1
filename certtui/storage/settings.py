"""The user's settings: `config.toml`, which certtui reads and never writes. What an action's id may be, ui knows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from certtui.core.servers import SERVERS
from certtui.storage.places import config_file
from certtui.storage.settings_reader import SettingsReader, Table, line_of

STORES = ("mozilla", "system")
"""Where trust anchors can come from."""
CLIPBOARDS = ("auto", "native", "osc52", "off")
"""How texts can reach the clipboard."""

_MOST_OCTETS = 1_000_000
_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchSettings:
    """The table `[watch]`: how hosts are looked at again and again, and who is told of a change."""

    every: timedelta = timedelta(minutes=10)
    """How long to wait between two looks, unless the command line says."""
    bell: bool = False
    """Whether the terminal's bell rings."""
    notify: bool = False
    """Whether the desktop shows a notification."""
    on_change: tuple[str, ...] = ()
    """A program and its arguments, to be started as they are and never by a shell; empty for none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistorySettings:
    """The table `[history]`: what is kept of past looks."""

    enabled: bool = True
    """Whether anything is kept."""
    keep_days: int = 365
    """For how long after a chain was last seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
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
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The table `[keys]`: for an action's id the keys that it is to have instead of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SettingsProblem:
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
        return Settings() if path is None else _whole(file, "there is no such file")
    except OSError as error:
        return _whole(file, f"cannot be read: {error.strerror or error}")
    if len(content) > _MOST_OCTETS:
        return _whole(file, "is far too big for settings")
    return _parsed(content, file)


def _parsed(content: bytes, file: Path) -> Settings | tuple[SettingsProblem, ...]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        return (SettingsProblem(path=file, line=line, key=None, message="is not in UTF-8"),)
    try:
        document: Table = tomllib.loads(text)
        return _settled(document, text, file)
    except tomllib.TOMLDecodeError as error:
        return (_syntax(file, text, str(error)),)
    except RecursionError:
        return _whole(file, "has values within values within values, too deep to read")


def _settled(document: Table, text: str, file: Path) -> Settings | tuple[SettingsProblem, ...]:
    top = SettingsReader(document)
    settings = Settings(
        theme=top.text("theme"),
        ascii=top.flag("ascii", False),
        server=top.choice("server", tuple(SERVERS)),
        timeout=top.number("timeout", 0.1, 3600),
        concurrency=top.whole_number("concurrency", 1, 5000),
        ca_file=_beside(file, top.text("ca_file")),
        store=top.choice("store", STORES),
        clipboard=top.choice("clipboard", CLIPBOARDS) or "auto",
        watch=_watch(top.table("watch")),
        history=_history(top.table("history")),
        keys=top.table("keys").names_with_words(),
    )
    top.refuse_others()
    if not top.wrongs:
        return settings
    found = [
        SettingsProblem(path=file, line=line_of(text, it.key), key=".".join(it.key), message=it.message)
        for it in top.wrongs
    ]
    return tuple(sorted(found, key=lambda it: it.line or 0))


def _watch(table: SettingsReader) -> WatchSettings:
    usual = WatchSettings()
    read = WatchSettings(
        every=table.duration("every") or usual.every,
        bell=table.flag("bell", usual.bell),
        notify=table.flag("notify", usual.notify),
        on_change=table.words("on_change", example='["/usr/local/bin/tell", "argument"]'),
    )
    table.refuse_others()
    return read


def _history(table: SettingsReader) -> HistorySettings:
    usual = HistorySettings()
    read = HistorySettings(
        enabled=table.flag("enabled", usual.enabled),
        keep_days=table.whole_number("keep_days", 1, 36_500) or usual.keep_days,
    )
    table.refuse_others()
    return read


def _beside(file: Path, name: str | None) -> Path | None:
    if name is None:
        return None
    try:
        return file.parent / Path(name).expanduser()
    except RuntimeError:  # a home of somebody who has none
        return file.parent / name


def _syntax(file: Path, text: str, said: str) -> SettingsProblem:
    found = _AT_LINE.search(said)
    line = int(found.group(1)) if found else text.count("\n") + 1
    what = _AT_LINE.sub("", said).removesuffix(" (at end of document)")
    column = f", column {found.group(2)}" if found else ""
    return SettingsProblem(path=file, line=line, key=None, message=f"no TOML: {what}{column}")


def _whole(file: Path, message: str) -> tuple[SettingsProblem, ...]:
    return (SettingsProblem(path=file, line=None, key=None, message=message),)
