"""Where files are kept, and that each is written whole, for its owner alone, or not at all."""

from __future__ import annotations

import os
import stat
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from certtui.storage.places import (
    CONFIG_FILE_VARIABLE,
    DATA_FOLDER_VARIABLE,
    STATE_FOLDER_VARIABLE,
    config_file,
    data_folder,
    history_file,
    labelled_paths,
    paths_text,
    state_file,
    state_folder,
    write_atomically,
)

on_linux = pytest.mark.skipif(sys.platform != "linux", reason="other systems have their own places")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file below folders that are not there yet."""
    return tmp_path / "a" / "b" / "file.json"


def names(folder: Path) -> list[str]:
    """Return what is in a folder."""
    return sorted(entry.name for entry in folder.iterdir())


def test_the_environment_can_name_the_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CERTTUI_STATE_DIR", str(tmp_path / "elsewhere"))

    assert STATE_FOLDER_VARIABLE == "CERTTUI_STATE_DIR"
    assert state_folder() == tmp_path / "elsewhere"
    assert not (tmp_path / "elsewhere").exists()


@on_linux
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_without_a_wish_the_folder_is_the_system_s(
    value: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    if value is None:
        monkeypatch.delenv(STATE_FOLDER_VARIABLE)
    else:
        monkeypatch.setenv(STATE_FOLDER_VARIABLE, value)

    assert state_folder() == tmp_path / "xdg" / "certtui"


def test_missing_folders_are_made(path: Path) -> None:
    write_atomically(path, b"content")

    assert path.read_bytes() == b"content"
    assert names(path.parent) == ["file.json"]


def test_a_new_folder_and_a_new_file_are_for_their_owner_alone(path: Path) -> None:
    before = os.umask(0)
    try:
        write_atomically(path, b"content")
    finally:
        os.umask(before)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_file_that_others_could_read_is_closed_to_them_when_it_is_replaced(path: Path) -> None:
    path.parent.mkdir(parents=True)
    path.write_bytes(b"old")
    path.chmod(0o644)

    write_atomically(path, b"new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("call", ["fsync", "replace"])
def test_whichever_step_fails_the_old_content_stays_and_nothing_else(
    call: str, path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_atomically(path, b"old")

    def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, call, fail)
    with pytest.raises(OSError, match="the disk is full"):
        write_atomically(path, b"new")

    assert path.read_bytes() == b"old"
    assert names(path.parent) == ["file.json"]


def test_an_interrupted_write_leaves_nothing_behind(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(_: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(path, b"new")

    assert names(path.parent) == []


def test_a_place_that_is_a_folder_is_told_and_nothing_is_left_behind(path: Path) -> None:
    path.mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        write_atomically(path, b"new")

    assert names(path.parent) == ["file.json"]


def test_a_folder_below_a_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("old")

    with pytest.raises(OSError):
        write_atomically(tmp_path / "file" / "below" / "state.json", b"new")

    assert (tmp_path / "file").read_text() == "old"


def test_the_content_is_on_the_disk_before_it_takes_its_name(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append(f"{os.fstat(descriptor).st_size} octets to the disk")
        fsync(descriptor)

    def noted_replace(source: str, destination: Path) -> None:
        steps.append("renamed")
        replace(source, destination)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(os, "replace", noted_replace)
    write_atomically(path, b"content")

    assert steps == ["7 octets to the disk", "renamed"]


def test_who_reads_while_others_write_sees_one_whole_content(path: Path) -> None:
    contents = [bytes([65 + number]) * 50_000 for number in range(8)]
    write_atomically(path, contents[0])

    with ThreadPoolExecutor(4) as pool:
        writes = [pool.submit(write_atomically, path, content) for content in contents * 3]
        seen = {path.read_bytes()}
        while not all(write.done() for write in writes):
            seen.add(path.read_bytes())

    assert all(write.exception() is None for write in writes)
    assert seen <= set(contents)
    assert names(path.parent) == ["file.json"]


def test_the_environment_can_name_every_place(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CERTTUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CERTTUI_CONFIG", str(tmp_path / "own.toml"))

    assert (DATA_FOLDER_VARIABLE, CONFIG_FILE_VARIABLE) == ("CERTTUI_DATA_DIR", "CERTTUI_CONFIG")
    assert data_folder() == tmp_path / "data"
    assert config_file() == tmp_path / "own.toml"
    assert history_file() == tmp_path / "data" / "history.sqlite3"


@on_linux
@pytest.mark.parametrize("value", [None, ""], ids=["unset", "empty"])
def test_without_a_wish_data_and_settings_are_where_the_system_has_them(
    value: str | None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    for variable in (DATA_FOLDER_VARIABLE, CONFIG_FILE_VARIABLE):
        monkeypatch.delenv(variable) if value is None else monkeypatch.setenv(variable, value)

    assert data_folder() == tmp_path / "data" / "certtui"
    assert config_file() == tmp_path / "config" / "certtui" / "config.toml"


def test_the_paths_are_told_one_a_line() -> None:
    paths = dict(labelled_paths())

    assert paths == {"settings": config_file(), "remembered": state_file(), "history": history_file()}
    for line, (label, path) in zip(paths_text().splitlines(), labelled_paths(), strict=True):
        assert line.split(None, 1) == [label, str(path)]
