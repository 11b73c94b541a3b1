"""Forms of `certtui check` for people, and the settings that stand behind the options."""

from __future__ import annotations

from pathlib import Path

import pytest

from certtui.lab import Street
from tests.cli.test_check import Run, certtui_run, check, root

__all__ = ["check", "root"]


def test_markdown_has_the_reason_and_the_repair_for_the_server(street: Street, check: Run) -> None:
    outcome = check(street.house("expired"), "--markdown", "--server", "NGINX")

    assert outcome.returncode == 1
    assert "leaf-expired" in outcome.stdout
    assert "nginx -s reload" in outcome.stdout
    assert "apachectl" not in outcome.stdout


def test_html_is_one_whole_document(street: Street, check: Run) -> None:
    outcome = check(street.house("expired"), "--html")

    assert outcome.returncode == 1
    assert outcome.stdout.startswith("<!DOCTYPE html>")
    assert outcome.stdout.rstrip().endswith("</html>")
    assert "leaf-expired" in outcome.stdout


def test_paths_names_every_file_without_making_any(tmp_path: Path) -> None:
    outcome = certtui_run("--paths")

    assert outcome.returncode == 0
    for name in ("config.toml", "state.json", "history.sqlite3"):
        assert name in outcome.stdout
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("theme = 5\n", "config.toml, line 1: theme"),
        ("\nserver = 'lighttpd'\n", "config.toml, line 2: server"),
        ("[watch]\nevry = '10m'\n", "config.toml, line 2: watch.evry"),
        ("timeout = \n", "config.toml, line 1"),
    ],
)
def test_wrong_settings_end_with_2_and_name_file_line_and_key(
    tmp_path: Path, settings: str, said: str
) -> None:
    (tmp_path / "config.toml").write_text(settings)

    outcome = certtui_run("check", "127.0.0.1:1")

    assert outcome.returncode == 2
    assert said in outcome.stderr
    assert outcome.stdout == ""


def test_explain_needs_no_settings(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("nonsense")

    assert certtui_run("explain", "leaf-expired").returncode == 0


def test_settings_stand_behind_options(street: Street, root: Path, tmp_path: Path) -> None:
    house = street.house("good")
    (tmp_path / "config.toml").write_text(f'ca_file = "{root}"\ntimeout = 3\n')
    target = ("check", house.target.label, "--connect", f"{house.address}:{house.port}")

    assert certtui_run(*target).returncode == 0
    (tmp_path / "config.toml").unlink()
    assert certtui_run(*target).returncode == 1


def test_a_settings_file_is_never_written(street: Street, check: Run, tmp_path: Path) -> None:
    text = "# mine\ntheme = 'certtui-light'\n"
    (tmp_path / "config.toml").write_text(text)
    check(street.house("good"))

    assert (tmp_path / "config.toml").read_text() == text
