"""Fixtures that all rooms share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.lab import Street

# A machine that is busy with something else must fail no test.
settings.register_profile("certtui", deadline=None)
settings.load_profile("certtui")


@pytest.fixture(autouse=True)
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes what its user's certtui keeps, nor obeys its settings."""
    monkeypatch.setenv("CERTTUI_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("CERTTUI_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("CERTTUI_CONFIG", str(tmp_path / "config.toml"))


@pytest.fixture(scope="session")
def street() -> Iterator[Street]:
    """The demo street, served."""
    with Street() as served:
        yield served


@pytest.fixture(scope="session")
def street_anchors(street: Street) -> AnchorStore:
    """The street's own root as the only anchor."""
    return AnchorStore([Anchor(Certificate.of(street.root_der))], label="the demo's own root")
