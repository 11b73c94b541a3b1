"""Others are told of changes by real programs, in order, a few at once, and what goes wrong is said once."""

from __future__ import annotations

import json
import os
import queue
import shlex
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from certtui.core.catalogue import Severity
from certtui.watch.log import Change
from certtui.watch.teller import AT_ONCE, MOST_NAMED, Teller, notification_of
from tests.core.examples import NOW
from tests.watch.test_hooks import recorder, report

DEADLINE_SECONDS = 60.0
REPORT = report()


def change(number: int = 0, target: str | None = None, *, is_worse: bool = False) -> Change:
    """Return a change of a host with a number."""
    return Change(
        at=NOW,
        target=target or f"host{number}",
        sentences=(f"change {number}",),
        after=Severity.ERROR if is_worse else None,
    )


def until(is_true: Callable[[], bool], what: str) -> None:
    """Wait for what other threads and programs do."""
    deadline = time.monotonic() + DEADLINE_SECONDS
    while not is_true():
        assert time.monotonic() < deadline, f"never came true: {what}"
        time.sleep(0.01)


def hook(*command: str, tell: Callable[[str], None] = pytest.fail, most_waiting: int = 10_000) -> Teller:
    """Return a teller that runs a command."""
    return Teller(on_change=command, notify=False, tell=tell, environment={}, most_waiting=most_waiting)


def gate_of(folder: Path) -> Path:
    """Make a file that programs wait at until it is opened for them."""
    gate = folder / "gate"
    os.mkfifo(gate)
    return gate


def let_through(gate: Path) -> None:
    """Open the gate for all that wait."""
    with gate.open("w") as file:
        file.write("go\n" * 100)


def lines(file: Path) -> list[str]:
    """Return the whole lines of a file that may still be written."""
    return file.read_text().split("\n")[:-1] if file.exists() else []


def test_the_command_gets_every_change_with_both_reports(tmp_path: Path) -> None:
    log = tmp_path / "log"
    teller = hook("sh", "-c", f"cat >> {shlex.quote(str(log))}")

    for number in range(3):
        teller.put(change(number), REPORT, REPORT)

    until(lambda: len(lines(log)) == 3, "three documents")
    documents = [json.loads(each) for each in lines(log)]
    assert sorted(each["target"] for each in documents) == ["host0", "host1", "host2"]
    assert all(each["before"] == each["after"] == json.loads(REPORT.to_json()) for each in documents)


def test_commands_begin_in_the_order_of_the_changes_and_few_run_at_once(tmp_path: Path) -> None:
    gate, begun = gate_of(tmp_path), tmp_path / "begun"
    # Each waits for its own line, so that one ends at a time.
    program = (
        "import json, os, sys\n"
        "target = json.load(sys.stdin)['target']\n"
        f"fd = os.open({str(begun)!r}, os.O_WRONLY | os.O_CREAT | os.O_APPEND)\n"
        "os.write(fd, (target + '\\n').encode())\n"
        f"os.read(os.open({str(gate)!r}, os.O_RDONLY), 1)\n"
    )
    teller = hook(sys.executable, "-c", program)
    for number in range(AT_ONCE + 3):
        teller.put(change(number), None, REPORT)

    until(lambda: len(lines(begun)) == AT_ONCE, "as many as may run")
    assert sorted(lines(begun)) == [f"host{number}" for number in range(AT_ONCE)]
    with gate.open("w") as file:
        for number in range(AT_ONCE, AT_ONCE + 3):
            file.write(".")
            file.flush()
            until(lambda: f"host{number}" in lines(begun), "the next one")  # noqa: B023 - called at once
            assert len(lines(begun)) == number + 1
        file.write("." * AT_ONCE)


def test_putting_never_waits_and_of_too_many_the_oldest_go(tmp_path: Path) -> None:
    gate, begun, log = (tmp_path / name for name in ("gate", "begun", "log"))
    said: queue.Queue[str] = queue.Queue()
    script = f"echo >> {begun}; until test -e {gate}; do sleep 0.05; done; cat >> {log}"
    teller = hook("sh", "-c", script, tell=said.put, most_waiting=5)
    for number in range(AT_ONCE):
        teller.put(change(number), None, REPORT)
    until(lambda: len(lines(begun)) == AT_ONCE, "as many as may run")

    for number in range(100, 120):
        teller.put(change(number), None, REPORT)
    gate.touch()

    until(lambda: len(lines(log)) == AT_ONCE + 5, "the rest told")
    assert said.get() == "on_change has too much to do: 5 changes wait, older ones are not told"
    assert said.empty()
    assert {json.loads(each)["target"] for each in lines(log)} == {
        *(f"host{number}" for number in range(AT_ONCE)),
        *(f"host{number}" for number in range(115, 120)),
    }


def test_what_goes_wrong_again_and_again_is_told_once_until_it_goes_well(tmp_path: Path) -> None:
    said: queue.Queue[str] = queue.Queue()
    log, bad = tmp_path / "log", tmp_path / "bad"
    bad.touch()
    teller = hook("sh", "-c", f"cat >> {log}; test -e {bad} && echo no $$ && exit 3; exit 0", tell=said.put)

    for number in range(12):
        teller.put(change(number), None, REPORT)
    first = said.get(timeout=DEADLINE_SECONDS)
    until(lambda: len(lines(log)) == 12, "all told")
    hook_ = teller._hook
    assert hook_ is not None
    # Who begins the next command has the last one's place already.
    until(lambda: hook_._slots._value == AT_ONCE - 1, "all has ended")
    bad.unlink()
    teller.put(change(20), None, REPORT)
    until(lambda: len(lines(log)) == 13, "it goes well")
    until(lambda: not hook_._troubles._told, "it has gone well")
    assert said.empty()
    bad.touch()
    teller.put(change(21), None, REPORT)

    assert first.startswith("on_change ended with 3: no ")
    assert said.get(timeout=DEADLINE_SECONDS).startswith("on_change ended with 3: no ")


@pytest.mark.parametrize(
    ("command", "trouble"),
    [
        (["/nowhere/at-all"], "on_change was not run: /nowhere/at-all cannot be run"),
        (["yes"], "on_change was ended: it wrote more than"),
    ],
    ids=["missing", "endless"],
)
def test_a_command_that_does_not_run_to_its_end_is_told(command: list[str], trouble: str) -> None:
    said: queue.Queue[str] = queue.Queue()
    hook(*command, tell=said.put).put(change(), None, REPORT)

    assert said.get(timeout=DEADLINE_SECONDS).startswith(trouble)


def test_without_wishes_nobody_is_told_and_no_thread_begins() -> None:
    before = threading.active_count()
    Teller(on_change=(), notify=False, tell=pytest.fail, environment={}).put(change(), None, REPORT)
    hook("true")

    assert threading.active_count() <= before


def test_changes_that_come_together_are_one_notification(tmp_path: Path) -> None:
    log = recorder(tmp_path / "bin", "notify-send")
    all_are_in = threading.Event()
    teller = Teller(
        on_change=(),
        notify=True,
        tell=pytest.fail,
        environment={"PATH": str(tmp_path / "bin"), "DISPLAY": ":0"},
        pause=lambda _: all_are_in.wait(DEADLINE_SECONDS),
    )
    for number in range(12):
        teller.put(change(number), None, REPORT)
    all_are_in.set()

    until(log.exists, "a notification")
    until(lambda: log.read_text().endswith("]"), "the whole of it")
    *_, title, text = json.loads(log.read_text())
    assert title == "certtui: 12 hosts changed"
    assert text.startswith("host0, host1, ")
    assert text.endswith(" and 2 more")


def test_one_host_s_notification_says_what_changed() -> None:
    assert notification_of([change(1, "a"), change(2, "a")]) == ("a", "change 1 change 2")


def test_a_notification_names_first_the_hosts_that_became_worse() -> None:
    changes = [*map(change, range(20)), change(30, is_worse=True)]
    title, text = notification_of(changes)
    assert title == "21 hosts changed"
    assert text.startswith("host30, host0, ")
    assert text.endswith(f"{21 - MOST_NAMED} more")


def test_where_nothing_can_notify_it_is_told_once(tmp_path: Path) -> None:
    said: queue.Queue[str] = queue.Queue()
    taken = threading.Semaphore(0)
    teller = Teller(
        on_change=(),
        notify=True,
        tell=said.put,
        environment={"PATH": str(tmp_path)},
        pause=lambda _: taken.release(),
    )
    for number in range(3):
        teller.put(change(number), None, REPORT)
        assert taken.acquire(timeout=DEADLINE_SECONDS)

    assert said.get(timeout=DEADLINE_SECONDS).startswith("notify was not run: there is no notify-send")
    assert said.empty()


def test_a_terminal_that_cannot_be_written_to_stops_nothing(tmp_path: Path) -> None:
    said: queue.Queue[str] = queue.Queue()
    written: queue.Queue[str] = queue.Queue()

    def write(text: str) -> None:
        if said.empty():
            raise ValueError("suspended")
        written.put(text)

    teller = Teller(
        on_change=(),
        notify=True,
        tell=said.put,
        environment={"PATH": str(tmp_path), "TERM": "xterm-kitty"},
        write_to_terminal=write,
        pause=lambda _: None,
    )
    teller.put(change(1), None, REPORT)
    until(lambda: not said.empty(), "the trouble told")
    teller.put(change(2), None, REPORT)

    assert written.get(timeout=DEADLINE_SECONDS) == "\x1b]9;certtui: host2: change 2\x07"
    assert "suspended" in said.get()


_STARTER = """
import pathlib, pytest, sys, time
from certtui.watch.teller import Teller
from tests.watch.test_teller import REPORT, change

script, begun = sys.argv[1:]
teller = Teller(on_change=["sh", "-c", script], notify=False, tell=print, environment={})
teller.put(change(), None, REPORT)
while not pathlib.Path(begun).exists():
    time.sleep(0.01)
"""


def test_a_command_goes_on_when_its_starter_has_quit(tmp_path: Path) -> None:
    gate, begun, end = gate_of(tmp_path), tmp_path / "begun", tmp_path / "end"
    script = f"touch {begun}; read line < {gate}; echo late; cat > {end}.new; mv {end}.new {end}"
    quit_ = subprocess.run(
        [sys.executable, "-c", _STARTER, script, str(begun)], capture_output=True, check=False, timeout=30
    )
    assert (quit_.returncode, quit_.stdout, quit_.stderr) == (0, b"", b"")

    let_through(gate)

    until(end.exists, "the command goes on")
    assert json.loads(end.read_bytes())["target"] == "host0"
