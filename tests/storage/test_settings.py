"""Settings are read, never written; a mistake is told with its line, its key and what is allowed."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certtui.core.servers import SERVERS
from certtui.storage.places import config_file
from certtui.storage.settings import (
    HistorySettings,
    Settings,
    SettingsProblem,
    WatchSettings,
    load_settings,
)

EVERYTHING = """
theme = "nord"
ascii = true
server = "nginx"
timeout = 7.5
concurrency = 20
ca_file = "roots/own.pem"
store = "system"
clipboard = "osc52"

[watch]
every = "1h30m"
bell = true
notify = true
on_change = ["/usr/bin/tell", "--now", ""]

[history]
enabled = false
keep_days = 30

[keys]
filter = "f3"
refresh = ["r", "f5"]
compare.swap = "x"
"timeline.choose" = "enter"
"""


@pytest.fixture
def file() -> Path:
    """The user's own file, in its folder."""
    config_file().parent.mkdir()
    return config_file()


def read(file: Path, text: str) -> Settings:
    """Return settings that must have no mistake."""
    file.write_text(text, encoding="utf-8")
    outcome = load_settings()
    assert isinstance(outcome, Settings), [str(problem) for problem in outcome]
    return outcome


def wrong(file: Path, text: str) -> tuple[SettingsProblem, ...]:
    """Return the mistakes of settings that must have some."""
    file.write_text(text, encoding="utf-8")
    outcome = load_settings()
    assert not isinstance(outcome, Settings), outcome
    return outcome


def test_without_a_file_everything_is_as_usual() -> None:
    assert load_settings() == Settings()


def test_an_empty_file_changes_nothing(file: Path) -> None:
    assert read(file, "") == Settings()


def test_every_setting_is_read(file: Path) -> None:
    assert read(file, EVERYTHING) == Settings(
        theme="nord",
        ascii=True,
        server="nginx",
        timeout=7.5,
        concurrency=20,
        ca_file=file.parent / "roots/own.pem",
        store="system",
        clipboard="osc52",
        watch=WatchSettings(
            every=timedelta(minutes=90), bell=True, notify=True, on_change=("/usr/bin/tell", "--now", "")
        ),
        history=HistorySettings(enabled=False, keep_days=30),
        keys={
            "filter": ("f3",),
            "refresh": ("r", "f5"),
            "compare.swap": ("x",),
            "timeline.choose": ("enter",),
        },
    )


def test_the_file_is_never_written(file: Path) -> None:
    read(file, EVERYTHING)

    assert file.read_text() == EVERYTHING
    assert [each.name for each in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_can_be_chosen_in_any_case(server: str, file: Path) -> None:
    assert read(file, f'server = "{server.upper()}"').server == server


def test_a_home_is_understood(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")

    assert read(file, 'ca_file = "~/own.pem"').ca_file == Path("/home/ada/own.pem")
    assert read(file, 'ca_file = "/etc/own.pem"').ca_file == Path("/etc/own.pem")
    assert read(file, 'ca_file = "~nobody-of-that-name/x"').ca_file is not None


def test_what_a_windows_editor_saves_is_read(file: Path) -> None:
    file.write_bytes(b"\xef\xbb\xbfascii = true\r\n[watch]\r\nbell = 1\r\n")

    (problem,) = load_settings()  # type: ignore[misc]

    assert (problem.line, problem.key) == (3, "watch.bell")


@pytest.mark.parametrize(
    ("text", "line", "key", "said"),
    [
        ("ascii = 1", 1, "ascii", "neither true nor false"),
        ('ascii = "true"', 1, "ascii", "without quotes"),
        ("theme = 7", 1, "theme", "write it in quotes"),
        ('theme = " "', 1, "theme", "no name"),
        ('\n\nserver = "lighttpd"', 3, "server", '"nginx"'),
        ("timeout = true", 1, "timeout", "no number from 0.1 to 3600"),
        ("timeout = 0", 1, "timeout", "no number from 0.1 to 3600"),
        ("timeout = nan", 1, "timeout", "no number"),
        ('timeout = "15s"', 1, "timeout", "no number"),
        ("concurrency = 1.5", 1, "concurrency", "no whole number from 1 to 5000"),
        ("concurrency = true", 1, "concurrency", "no whole number"),
        ('store = "windows"', 1, "store", '"mozilla", "system"'),
        ('clipboard = "on"', 1, "clipboard", '"auto", "native", "osc52", "off"'),
        ("[watch]\nevery = 10", 2, "watch.every", '"10m"'),
        ('[watch]\n# every = "1m"\nevery = "1s"', 3, "watch.every", "too short"),
        ('watch.every = "never"', 1, "watch.every", "90s, 10m"),
        ('watch = { every = "x" }', 1, "watch.every", "90s"),
        ('[watch]\non_change = "tell me"', 2, "watch.on_change", '["/usr/local/bin/tell", "argument"]'),
        ('[watch]\non_change = ["tell", 1]', 2, "watch.on_change", "no list of texts"),
        ('[watch]\non_change = ["", "x"]', 2, "watch.on_change", "no list of texts"),
        ("watch = 10", 1, "watch", "write [watch]"),
        ("[history]\nkeep_days = 0", 2, "history.keep_days", "from 1 to 36500"),
        ("[keys]\nfilter = 3", 2, "keys.filter", '["k1", "k2"]'),
        ("[keys]\nfilter = []", 2, "keys.filter", '["k1", "k2"]'),
        ("[keys]\ncompare.swap = [1]", 2, "keys.compare.swap", '["k1", "k2"]'),
        ('[keys]\n"compare.swap" = 1', 2, "keys.compare.swap", '["k1", "k2"]'),
        ('themes = "nord"', 1, "themes", "did you mean theme?"),
        ("[watch]\nbells = true", 2, "watch.bells", "did you mean bell?"),
        ("\n[wach]\nbell = true", 2, "wach", "did you mean watch?"),
        ("colour = 1", 1, "colour", "what there is: theme, ascii, server"),
    ],
)
def test_a_mistake_is_told_with_its_line_and_key_and_what_is_allowed(
    text: str, line: int, key: str, said: str, file: Path
) -> None:
    (problem,) = wrong(file, text)

    assert (problem.line, problem.key) == (line, key)
    assert said in problem.message
    assert str(problem).startswith(f"{file}, line {line}: {key}: ")


def test_all_mistakes_are_told_in_the_file_s_order(file: Path) -> None:
    problems = wrong(file, "x = 1\nascii = 2\n[watch]\nevery = 3\n[keys]\nfilter = 4\n[y]\n")

    assert [(each.line, each.key) for each in problems] == [
        (1, "x"),
        (2, "ascii"),
        (4, "watch.every"),
        (6, "keys.filter"),
        (7, "y"),
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [("ascii = yes", 1), ("a = 1\nb", 2), ("a = 1\na = 2\n", 2), ('\n\ntheme = "x', 3), ("[", 1)],
    ids=["a bare word", "no value", "twice", "an open quote", "an open bracket"],
)
def test_what_is_no_toml_is_told_with_its_line(text: str, line: int, file: Path) -> None:
    (problem,) = wrong(file, text)

    assert problem.line == line
    assert problem.key is None
    assert problem.message.startswith("no TOML: ")
    assert "(at " not in problem.message


def test_what_is_no_utf_8_is_told_with_its_line(file: Path) -> None:
    file.write_bytes(b'ascii = true\ntheme = "\xfc"\n')

    (problem,) = load_settings()  # type: ignore[misc]

    assert (problem.line, problem.message) == (2, "is not in UTF-8")


@pytest.mark.parametrize(
    "text",
    ["a = " + "[" * 100_000, "keys." + "a." * 1_200 + "a = 1", "#" * 1_000_001],
    ids=["lists", "tables", "size"],
)
def test_what_nobody_would_write_is_refused(text: str, file: Path) -> None:
    assert wrong(file, text)


def test_a_file_that_is_named_must_be_there(tmp_path: Path) -> None:
    (problem,) = load_settings(tmp_path / "other.toml")  # type: ignore[misc]

    assert problem.message == "there is no such file"
    assert str(tmp_path / "other.toml") in str(problem)


def test_a_folder_in_its_place_is_told(tmp_path: Path) -> None:
    (problem,) = load_settings(tmp_path)  # type: ignore[misc]

    assert "cannot be read" in problem.message


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(content=st.binary(max_size=200) | st.text(alphabet="[]{}=\"'.,#\n awtch", max_size=60).map(str.encode))
def test_no_content_is_fatal(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "any.toml").write_bytes(content)

    outcome = load_settings(tmp_path / "any.toml")

    assert isinstance(outcome, Settings) or outcome


def test_the_documented_settings_are_all_there_are_and_what_nothing_set_means() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text()
    example = page.partition("```toml\n")[2].partition("```")[0]
    file = config_file()
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(example)

    assert load_settings() == Settings(theme="certtui-dark", timeout=15.0, concurrency=100, store="mozilla")
    whole = example.replace("# server", "server").replace("# ca_file", "ca_file")
    file.write_text(whole.replace("# filter", "filter").replace("# refresh", "refresh"))
    settings = load_settings()
    assert isinstance(settings, Settings), settings
    assert all(name in example for name in Settings._fields)
    assert settings.server == "nginx"
    assert settings.keys == {"filter": ("ctrl+g",), "refresh": ("r", "f5")}
