"""Folders of a test's own for everything that is kept."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def own_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what its user's certtui has collected or is told."""
    monkeypatch.setenv("CERTTUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CERTTUI_CONFIG", str(tmp_path / "config" / "config.toml"))
