"""What a room may load: checked in a fresh interpreter, since static analysis cannot see what is deferred."""

from __future__ import annotations

import subprocess
import sys

import pytest


def _loaded_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys\nprint('\\n'.join(sys.modules))"
    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    return set(outcome.stdout.split())


@pytest.mark.parametrize(
    "statement",
    [
        "import certtui; certtui.diagnose",
        "import certtui.core.diagnosis, certtui.core.document, certtui.core.remedy",
        "import certtui.report.json, certtui.report.text, certtui.report.explain",
    ],
)
def test_core_and_report_load_neither_a_screen_nor_openssl(statement: str) -> None:
    assert not _loaded_after(statement) & {"textual", "rich", "OpenSSL"}


def test_the_version_is_told_without_textual_or_cryptography() -> None:
    statement = "import certtui.cli\ntry: certtui.cli.main(['--version'])\nexcept SystemExit: pass"

    assert not _loaded_after(statement) & {"textual", "OpenSSL", "cryptography"}


def test_check_never_loads_textual() -> None:
    statement = "import certtui.cli\ntry: certtui.cli.main(['check', '127.0.0.1:1'])\nexcept SystemExit: pass"

    assert "textual" not in _loaded_after(statement)


def test_the_screen_is_ready_before_the_engine_is_loaded() -> None:
    assert not _loaded_after("import certtui.ui.app") & {"OpenSSL", "cryptography", "certtui.probe.scan"}


def test_the_import_contracts_hold() -> None:
    pytest.importorskip("importlinter", reason="import-linter is not installed")

    outcome = subprocess.run(
        [sys.executable, "-c", "from importlinter.cli import lint_imports_command as l; l(['--no-cache'])"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )

    assert outcome.returncode == 0, outcome.stdout + outcome.stderr
