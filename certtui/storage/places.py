"""Where certtui's files are, and how they are written. What is in them is not known here."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import platformdirs

STATE_FOLDER_VARIABLE = "CERTTUI_STATE_DIR"
"""The environment variable that names another folder for what certtui remembers."""
DATA_FOLDER_VARIABLE = "CERTTUI_DATA_DIR"
"""The environment variable that names another folder for what certtui collects: the history."""
CONFIG_FILE_VARIABLE = "CERTTUI_CONFIG"
"""The environment variable that names another file of settings."""

FileIdentity = tuple[int, int]
"""What tells a file from all others: its device and its number there."""

_SQLITE_COMPANIONS = ("-journal", "-wal", "-shm")


def state_folder() -> Path:
    """Return the folder for what certtui remembers; it need not exist (XDG Base Directory, or the system's own)."""
    chosen = os.environ.get(STATE_FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_state_path("certtui", appauthor=False)


def data_folder() -> Path:
    """Return the folder for what certtui collects; it need not exist (XDG Base Directory, or the system's own)."""
    chosen = os.environ.get(DATA_FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_data_path("certtui", appauthor=False)


def config_file() -> Path:
    """Return the file of the user's settings; it need not exist, and certtui never writes it."""
    chosen = os.environ.get(CONFIG_FILE_VARIABLE)
    if chosen:
        return Path(chosen).expanduser()
    return platformdirs.user_config_path("certtui", appauthor=False) / "config.toml"


def state_file() -> Path:
    """Return the file of what is remembered from one run to the next."""
    return state_folder() / "state.json"


def history_file() -> Path:
    """Return the file of past chains, an SQLite database."""
    return data_folder() / "history.sqlite3"


def labelled_paths() -> tuple[tuple[str, Path], ...]:
    """Return every file that certtui reads or writes of its own accord, each with what it is."""
    return (("settings", config_file()), ("remembered", state_file()), ("history", history_file()))


def paths_text() -> str:
    """Return the labelled paths, one a line; raw text, since a folder's name may be anything."""
    rows = labelled_paths()
    width = max(len(label) for label, _ in rows)
    return "".join(f"{label:<{width}}  {path}\n" for label, path in rows)


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file that only its owner can read, whole or not at all; raise `OSError` if that fails.

    A reader sees the old content or the new one: the new one is written beside it, reaches the disk, and then takes
    its name.
    """
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # mkstemp makes the file with mode 0600, so that there is no moment at which others can read it.
    descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def identity(path: Path) -> FileIdentity | None:
    """Return what tells a file from another one of the same name; None if there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def set_aside(path: Path, seen: FileIdentity | None = None) -> str:
    """Rename a damaged file to `….damaged`, or with a number behind that; return what was done, for a sentence.

    Several instances may want to at once: the lock is on the file itself, so that whoever comes second finds another
    file of that name, which is sound. `seen` is the file that was found to be damaged, where the caller knows.
    """
    try:
        with _locked(path) as held:
            if identity(path) != held or seen not in (None, held):
                return "another instance has set it aside"
            return f"it is kept as {_renamed(path)}"
    except OSError as error:
        return f"it could not be renamed: {error.strerror or error}"


@contextlib.contextmanager
def _locked(path: Path) -> Iterator[FileIdentity]:
    """Hold a file that nobody else may rename meanwhile; yield what tells it from others."""
    if sys.platform == "win32":
        # A file that anyone has open cannot be renamed there.
        status = path.stat()
        yield status.st_dev, status.st_ino
        return
    import fcntl

    descriptor = os.open(path, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        status = os.fstat(descriptor)
        yield status.st_dev, status.st_ino
    finally:
        os.close(descriptor)


def _renamed(path: Path) -> Path:
    aside = path.with_name(f"{path.name}.damaged")
    number = 2
    while aside.exists():
        aside = path.with_name(f"{path.name}.damaged-{number}")
        number += 1
    # A journal that stayed would be played back into the next database of this name.
    for companion in _SQLITE_COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            os.replace(path.with_name(path.name + companion), aside.with_name(aside.name + companion))
    os.replace(path, aside)
    return aside
