"""Programs that some tests run against: without one they are skipped; in CI they fail, unless a browser is missing."""

from __future__ import annotations

import os
import shutil

import pytest


def needs(*programs: str) -> pytest.MarkDecorator:
    """Return a mark that skips where a program is missing; with `CERTTUI_E2E=1` the test runs and fails instead."""
    missing = _missing(programs)
    is_demanded = os.environ.get("CERTTUI_E2E") == "1"
    return pytest.mark.skipif(bool(missing) and not is_demanded, reason=f"{', '.join(missing)} not installed")


def where_installed(*programs: str) -> pytest.MarkDecorator:
    """Return a mark that skips where a program is missing, in CI too: browsers are not to be had everywhere."""
    missing = _missing(programs)
    return pytest.mark.skipif(bool(missing), reason=f"{', '.join(missing)} not installed")


def _missing(programs: tuple[str, ...]) -> list[str]:
    return [program for program in programs if shutil.which(program) is None]
