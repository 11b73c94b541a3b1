"""Fixtures of the probe's tests."""

from __future__ import annotations

import os
import shutil

import pytest


@pytest.fixture
def openssl() -> str:
    """Return where the openssl program is; without it the test is skipped, except where tools are required."""
    program = shutil.which("openssl")
    if program is None:
        if os.environ.get("CERTTUI_E2E"):
            pytest.fail("the openssl program is missing")
        pytest.skip("needs the openssl program")
    return program
