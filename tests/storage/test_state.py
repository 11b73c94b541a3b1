"""What is remembered survives, and what was damaged stops nobody."""

from __future__ import annotations

import json
import os
import stat
from pathlib import Path

import pytest

from certtui.core.target import FileTarget, HostTarget, Starttls, Target
from certtui.storage.places import state_folder, write_atomically
from certtui.storage.state import State, load_state, save_state

TARGETS: list[Target] = [
    HostTarget(host="example.com"),
    HostTarget(host="2001:db8::1", port=8443),
    HostTarget(host="fe80::1%eth0"),
    HostTarget(host="fe80::1%25"),
    HostTarget(host="fe80::1%251"),
    HostTarget(host="mx.example.com", port=25, starttls=Starttls.SMTP),
    HostTarget(host="odd.example.com", port=2525, starttls=Starttls.SMTP),
    HostTarget(host="tls.example.com", port=25),
    HostTarget(host="xn--bcher-kva.example"),
    FileTarget(path="/srv/ssl/chain with space.pem"),
]


@pytest.fixture
def file(own_state: None) -> Path:
    """Where the state is written in this test."""
    return state_folder() / "state.json"


def test_nothing_is_remembered_at_first(file: Path) -> None:
    state = load_state()

    assert state.targets == ()
    assert state.note is None
    assert not file.exists()


def test_targets_of_every_form_come_back_in_order(file: Path) -> None:
    save_state(State(targets=tuple(TARGETS)))

    assert list(load_state().targets) == TARGETS


def test_a_file_is_remembered_by_its_whole_path(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_state(State(targets=(FileTarget(path="./chain.pem"),)))
    monkeypatch.chdir("/")

    assert load_state().targets == (FileTarget(path=str(tmp_path / "chain.pem")),)


def test_only_its_owner_can_read_what_is_remembered(file: Path) -> None:
    save_state(State(targets=tuple(TARGETS)))

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_write_that_fails_leaves_the_old_content_and_no_rest(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_state(State(targets=tuple(TARGETS)))

    def fail(_: int) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(OSError, match="the disk is full"):
        save_state(State())

    assert list(load_state().targets) == TARGETS
    assert [entry.name for entry in file.parent.iterdir()] == ["state.json"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff\xfe", b"[]", b'{"version": 1}', b"[" * 100_000],
    ids=["empty", "cut", "no UTF-8", "a list", "no hosts", "deep"],
)
def test_a_damaged_file_is_set_aside_and_the_next_run_starts_clean(content: bytes, file: Path) -> None:
    write_atomically(file, content)

    damaged = load_state()

    assert damaged.targets == ()
    assert damaged.note is not None
    assert "state.json.damaged" in damaged.note
    assert file.with_name("state.json.damaged").read_bytes() == content
    assert load_state().note is None


def test_what_was_set_aside_before_is_kept_too(file: Path) -> None:
    for content in (b"first", b"second"):
        write_atomically(file, content)
        load_state()

    assert file.with_name("state.json.damaged").read_bytes() == b"first"
    assert file.with_name("state.json.damaged-2").read_bytes() == b"second"


def test_an_entry_that_names_nothing_is_passed_over(file: Path) -> None:
    write_atomically(
        file, json.dumps({"version": 1, "hosts": ["a.test", "bad:port:x", 7, "b.test"]}).encode()
    )

    assert [target.label for target in load_state().targets] == ["a.test:443", "b.test:443"]


def test_a_folder_that_cannot_be_is_told_and_stops_nobody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CERTTUI_STATE_DIR", str(tmp_path / "file" / "below"))

    state = load_state()

    assert state.targets == ()
    assert state.note is not None
    assert "cannot read" in state.note
    with pytest.raises(OSError):
        save_state(State(targets=tuple(TARGETS)))


CHOICES = State(
    targets=(HostTarget(host="a.test"),),
    order="expiry",
    is_reversed=True,
    theme="nord",
    server="nginx",
)


def test_choices_come_back_with_the_hosts(file: Path) -> None:
    save_state(CHOICES)

    assert load_state() == CHOICES


def test_what_went_wrong_is_not_remembered(file: Path) -> None:
    save_state(State(note="the disk was full"))

    assert load_state() == State()


def test_a_file_from_before_there_were_choices_is_read(file: Path) -> None:
    write_atomically(file, b'{"version": 1, "hosts": ["a.test"]}')

    assert load_state() == State(targets=(HostTarget(host="a.test"),))


@pytest.mark.parametrize("value", [None, 1, "", [], {}, 1.5])
def test_a_choice_that_is_none_is_ignored_and_the_hosts_are_not(value: object, file: Path) -> None:
    document = {"version": 1, "hosts": ["a.test"], "new": value}
    document |= dict.fromkeys(("order", "reversed", "theme", "server"), value)
    write_atomically(file, json.dumps(document).encode())

    assert load_state() == State(targets=(HostTarget(host="a.test"),))
    assert file.exists()


def test_a_newer_certtui_s_file_is_neither_read_nor_written(file: Path) -> None:
    content = b'{"version": 99, "hosts": {"of": "tomorrow"}}'
    write_atomically(file, content)

    state = load_state()
    save_state(CHOICES)

    assert state.targets == ()
    assert "newer certtui" in (state.note or "")
    assert file.read_bytes() == content
    assert [entry.name for entry in file.parent.iterdir()] == ["state.json"]


def test_of_two_that_save_the_last_has_the_word(file: Path) -> None:
    save_state(CHOICES)
    save_state(State(targets=(HostTarget(host="b.test"),)))

    assert load_state() == State(targets=(HostTarget(host="b.test"),))
