"""Every target comes back as it was, and what goes wrong on the way costs no more than it must."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from certtui.core.target import STARTTLS_BY_PORT, FileTarget, HostTarget, Starttls, Target, parse_target
from certtui.storage.places import state_folder, write_atomically
from certtui.storage.state import VERSION, State, load_state, save_state

LABELS = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,20}[a-z0-9])?", fullmatch=True)
NAMES = st.lists(LABELS, min_size=1, max_size=4).map(".".join).map(lambda name: f"{name}.test")
HOSTS = st.builds(
    HostTarget,
    host=NAMES | st.ip_addresses().map(str),
    port=st.sampled_from([443, 465, *STARTTLS_BY_PORT]) | st.integers(1, 65_535),
    starttls=st.none() | st.sampled_from(Starttls),
)
FILES = st.builds(
    FileTarget,
    path=st.lists(
        st.text(st.characters(codec="utf-8", exclude_characters="/\0"), min_size=1).filter(
            lambda part: part not in (".", "..")
        ),
        min_size=1,
        max_size=3,
    ).map(lambda parts: "/" + "/".join(parts)),
)
in_one_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
"""Each example writes the same file anew, so that they may share a folder."""


@pytest.fixture
def file() -> Path:
    """Where the state is written in this test."""
    return state_folder() / "state.json"


def written(hosts: object, version: object = VERSION) -> bytes:
    """Return the content of a state file."""
    return json.dumps({"version": version, "hosts": hosts}).encode()


@in_one_folder
@given(st.lists(HOSTS | FILES, max_size=5, unique=True))
def test_any_targets_come_back_in_order(targets: list[Target]) -> None:
    save_state(State(targets=tuple(targets)))

    state = load_state()

    assert list(state.targets) == targets
    assert state.note is None


@pytest.mark.parametrize(
    "typed",
    [
        "example.com",
        "Bücher.example",
        "https://example.com/path?query#part",
        "example.com.:8443",
        "[2001:DB8:0::1]:8443",
        "2001:db8::1",
        "[fe80::1%25eth0]:443",
        "192.0.2.1:993",
        "smtp://mx.example.com",
        "smtps://mx.example.com",
        "tls://mx.example.com:25",
        "imap://192.0.2.1:4143",
        "submission://[::1]",
        "/srv/a b#c%20d?.pem",
        "file:///srv/%C3%BC.pem",
        "/srv/localhost/chain.pem",
        "//srv/chain.pem",
    ],
)
def test_what_a_user_types_comes_back(typed: str) -> None:
    target = parse_target(typed)
    assert isinstance(target, HostTarget | FileTarget)

    save_state(State(targets=(target,)))

    assert load_state().targets == (target,)


def test_a_file_in_the_home_folder_is_remembered_by_its_whole_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))

    save_state(State(targets=(FileTarget(path="~/chain.pem"),)))

    assert load_state().targets == (FileTarget(path=str(tmp_path / "home" / "chain.pem")),)


def test_a_file_whose_name_is_no_text_is_left_out_alone() -> None:
    save_state(
        State(
            targets=(
                FileTarget(path="/srv/\udc80.pem"),
                HostTarget(host="a.test"),
            )
        )
    )

    assert load_state().targets == (HostTarget(host="a.test"),)


def test_nothing_to_remember_is_remembered_as_nothing(file: Path) -> None:
    save_state(State(targets=(HostTarget(host="a.test"),)))
    save_state(State())

    assert file.exists()
    assert load_state().targets == ()


def test_what_is_written_is_ascii_that_ends_in_a_line_feed(file: Path) -> None:
    save_state(State(targets=(FileTarget(path="/srv/ü\u202e\x1b.pem"),)))

    content = file.read_bytes()

    assert content.isascii()
    assert content.endswith(b"}\n")
    assert content.replace(b"\n", b"").decode("ascii").isprintable()


def test_a_host_that_is_listed_twice_comes_back_once(file: Path) -> None:
    write_atomically(file, written(["a.test", "A.TEST:443", "b.test", "https://a.test/"]))

    assert [target.label for target in load_state().targets] == ["a.test:443", "b.test:443"]


def test_fields_that_are_not_known_do_no_harm(file: Path) -> None:
    write_atomically(file, b'{"hosts": ["a.test"], "theme": "dark", "version": 1}')

    assert load_state().targets == (HostTarget(host="a.test"),)


def test_a_file_of_a_newer_version_is_kept_and_the_note_names_both_versions(file: Path) -> None:
    content = written(["a.test"], version=VERSION + 1)
    write_atomically(file, content)

    state = load_state()

    assert state.targets == ()
    assert state.note is not None
    assert f"version {VERSION + 1}, but this one knows {VERSION}" in state.note
    assert file.read_bytes() == content


@pytest.mark.parametrize("version", [None, "1", 1.5, [1]])
def test_a_version_that_is_no_number_makes_the_file_a_damaged_one(version: object, file: Path) -> None:
    write_atomically(file, written(["a.test"], version=version))

    state = load_state()

    assert state.targets == ()
    assert "not what certtui writes" in (state.note or "")


@pytest.mark.parametrize("hosts", [None, "a.test", {"a.test": 1}, 7])
def test_hosts_that_are_no_list_make_the_file_a_damaged_one(hosts: object, file: Path) -> None:
    write_atomically(file, written(hosts))

    assert "not what certtui writes" in (load_state().note or "")
    assert not file.exists()


def test_a_damaged_file_is_set_aside_beside_whatever_has_its_name(file: Path) -> None:
    write_atomically(file, b"damaged")
    file.with_name("state.json.damaged").mkdir()

    state = load_state()

    assert state.targets == ()
    assert "state.json.damaged-2" in (state.note or "")
    assert file.with_name("state.json.damaged-2").read_bytes() == b"damaged"


def test_after_a_damaged_file_the_next_session_is_remembered_beside_it(file: Path) -> None:
    write_atomically(file, b"damaged")
    load_state()

    save_state(State(targets=(HostTarget(host="a.test"),)))

    assert load_state().targets == (HostTarget(host="a.test"),)
    assert file.with_name("state.json.damaged").read_bytes() == b"damaged"


def test_a_folder_in_the_file_s_place_is_told_and_stays(file: Path) -> None:
    file.mkdir(parents=True)

    state = load_state()

    assert state.targets == ()
    assert (state.note or "").startswith(f"cannot read {file}: ")
    assert file.is_dir()


@in_one_folder
@given(content=st.binary(max_size=200))
def test_no_content_is_fatal_and_none_is_lost(content: bytes, file: Path) -> None:
    write_atomically(file, content)

    state = load_state()

    kept = {aside.read_bytes() for aside in file.parent.glob("state.json.damaged*")}
    assert state.note is None or content in kept
