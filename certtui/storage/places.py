"""Where certtui's files are, and how they are written. What is in them is not known here."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import platformdirs

STATE_FOLDER_VARIABLE = "CERTTUI_STATE_DIR"
"""The environment variable that names another folder for what certtui remembers."""


def state_folder() -> Path:
    """Return the folder for what certtui remembers; it need not exist (XDG Base Directory, or the system's own)."""
    chosen = os.environ.get(STATE_FOLDER_VARIABLE)
    return Path(chosen) if chosen else platformdirs.user_state_path("certtui", appauthor=False)


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
