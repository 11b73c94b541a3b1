"""Fixtures that the tests of the whole program share."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.fixture
def program(tmp_path: Path) -> list[str]:
    """The explorer, keeping everything in folders of its own."""
    kept = [
        f"CERTTUI_STATE_DIR={tmp_path / 'state'}",
        f"CERTTUI_DATA_DIR={tmp_path / 'data'}",
        f"CERTTUI_CONFIG={tmp_path / 'config.toml'}",
    ]
    return ["env", *kept, sys.executable, "-m", "certtui"]
