"""Watching without a screen: whose turn it is, what changed, and who is told of it."""

from __future__ import annotations

import json
import queue
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from certtui.core.target import HostTarget, Target
from certtui.ui.rows import Row
from certtui.ui.services import Preferences
from certtui.ui.watching import Watching
from tests.storage.looks import CHAIN, RENEWED, look

PERIOD = timedelta(minutes=10)
HOSTS: tuple[Target, ...] = tuple(HostTarget(host=f"host{number}.test") for number in range(3))
DEADLINE_SECONDS = 60.0


class Clock:
    """A clock that is set by hand."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def watching(clock: Clock) -> Watching:
    """Return what watches with a clock of the test's own."""
    preferences = Preferences(watch_every=PERIOD)
    return Watching(preferences, tell=pytest.fail, write_to_terminal=None, environment={}, clock=clock)


def row_of(target: Target) -> Row:
    """Return the row of a host."""
    return Row(number=0, target=target)


def test_hosts_whose_looks_were_given_up_are_due_again_after_a_period() -> None:
    clock = Clock()
    watch = watching(clock)
    watch.start(HOSTS)
    clock.seconds = PERIOD.total_seconds()
    assert watch.due() == [*HOSTS]

    watch.gave_up(HOSTS[:2])

    clock.seconds += PERIOD.total_seconds() * 1.2
    assert set(watch.due()) == set(HOSTS[:2])


def test_giving_up_while_nothing_is_watched_does_nothing() -> None:
    watch = watching(Clock())

    watch.gave_up(HOSTS)

    assert watch.due() == []


def test_telling_hands_a_change_over_and_does_not_wait(tmp_path: Path) -> None:
    told = tmp_path / "told"
    program = f"import sys; open({str(told)!r}, 'w').write(sys.stdin.read()); sys.exit(3)"
    said: queue.Queue[str] = queue.Queue()
    preferences = Preferences(on_change=[sys.executable, "-c", program])
    watch = Watching(preferences, tell=said.put, write_to_terminal=None, environment={})
    before, after = look(CHAIN, target=HOSTS[0]), look(RENEWED, target=HOSTS[0])

    changed = watch.took(row_of(HOSTS[0]), before, after)
    assert changed is not None
    watch.tell(changed)

    assert said.get(timeout=DEADLINE_SECONDS) == "on_change ended with 3"
    document = json.loads(told.read_text())
    assert document["target"] == "host0.test:443"
    assert document["changes"] == list(changed.change.sentences)
