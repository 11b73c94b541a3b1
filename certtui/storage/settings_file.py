"""The text of `config.toml` to settings, or to what is wrong with it. It opens no file."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from certtui.core.servers import SERVERS
from certtui.storage.settings import (
    HistorySettings,
    Settings,
    SettingsProblem,
    WatchSettings,
    whole_file,
)
from certtui.storage.settings_reader import SettingsReader, Table, line_of

STORES = ("mozilla", "system")
"""Where trust anchors can come from."""
CLIPBOARDS = ("auto", "native", "osc52", "off")
"""How texts can reach the clipboard."""

_AT_LINE = re.compile(r" \(at line (\d+), column (\d+)\)$")


def parse_settings(content: bytes, file: Path) -> Settings | tuple[SettingsProblem, ...]:
    """Return the settings in the octets of a file, or everything that is wrong with them, in the file's order."""
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
        return whole_file(file, "has values within values within values, too deep to read")


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
