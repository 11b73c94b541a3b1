"""Several instances, a full disk, a slow one: the history loses nothing that it said it kept and holds nobody up."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.storage.history import History, HistoryBusy, HistoryFault
from certtui.storage.history_writer import HistoryWriter
from certtui.storage.places import history_file
from tests.storage.looks import CHAIN, DAY, HOST, MINUTE, NOW, RENEWED, failed, look

DEADLINE_SECONDS = 60.0

WRITER = """
import sys
from certtui.storage.history import History
from tests.storage.looks import HOST, MINUTE, NOW, failed, look
from certtui.core.target import HostTarget

number = int(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
for turn in range(20):
    history = History.open()
    assert history.is_on, history.note
    history.record([failed(NOW + turn * MINUTE, HostTarget(host=f"h{number}-{n}.test")) for n in range(5)])
    history.record([failed(NOW + turn * MINUTE)])
    history.prune(NOW, keep_days=30)
"""


@pytest.mark.parametrize("content", [None, b"damaged"], ids=["no file yet", "a damaged file"])
def test_processes_that_write_at_once_lose_nothing(content: bytes | None) -> None:
    if content is not None:
        history_file().parent.mkdir()
        history_file().write_bytes(content)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITER, str(number)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    try:
        for writer in writers:
            assert writer.stdout is not None
            assert writer.stdout.readline() == "ready\n"
        outcomes = start_together(writers)
    finally:
        for writer in writers:
            writer.kill()

    assert outcomes == [(0, "")] * 4
    history = History.open()
    assert sum(visit.looks for visit in history.visits(HOST)) == 80
    assert [
        history.visits(HostTarget(host=f"h{number}-{n}.test"))[0].looks
        for number in range(4)
        for n in range(5)
    ] == [20] * 20
    with closing(sqlite3.connect(history_file())) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    aside = ["history.sqlite3.damaged"] if content is not None else []
    assert sorted(each.name for each in history_file().parent.iterdir()) == ["history.sqlite3", *aside]


def start_together(writers: list[subprocess.Popen[str]]) -> list[tuple[int, str]]:
    """Let all go at the same moment; return how each ended and what it complained of."""
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write("\n")
        writer.stdin.flush()
    ends = [writer.communicate(timeout=DEADLINE_SECONDS) for writer in writers]
    return [(writer.returncode, error) for writer, (_, error) in zip(writers, ends, strict=True)]


FULL = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from certtui.storage.history import History, HistoryBusy, HistoryFault
from tests.storage.looks import HOST, NOW, failed, look

history = History.open()
history.record([failed()])
resource.setrlimit(resource.RLIMIT_FSIZE, (70_000, 70_000))
try:
    history.record([look((bytes([number]) * 4000,), NOW) for number in range(200)])
except HistoryFault as fault:
    print(fault)
print(len(history.visits(HOST)))
"""


def test_a_disk_that_takes_no_more_is_told_and_what_was_kept_stays() -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL], capture_output=True, text=True, timeout=DEADLINE_SECONDS, check=True
    )

    fault, kept = done.stdout.splitlines()
    assert str(history_file()) in fault
    assert kept == "1"
    assert len(History.open().visits(HOST)) == 1


def test_what_the_writer_is_given_is_kept_by_the_time_it_closes() -> None:
    said: list[str] = []
    writer = HistoryWriter(History.open(), said.append)

    for number in range(20):
        writer.put(
            [failed(NOW + number * MINUTE), look(CHAIN if number % 2 else RENEWED, NOW + number * MINUTE)]
        )

    assert writer.close(DEADLINE_SECONDS)
    assert said == []
    assert len(History.open().visits(HOST)) == 40


def test_a_closed_writer_takes_nothing_more() -> None:
    writer = HistoryWriter(History.open(), pytest.fail)
    assert writer.close(DEADLINE_SECONDS)

    writer.put([failed()])

    assert writer.close(DEADLINE_SECONDS)
    assert History.open().visits(HOST) == ()


class FailingHistory(History):
    """A history that fails as often as it is asked."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error
        self.asked = threading.Semaphore(0)

    def record(self, reports: object) -> None:
        """Fail."""
        self.asked.release()
        raise self.error


@pytest.mark.parametrize("error", [HistoryFault("no room"), ValueError("a bug")], ids=["disk", "bug"])
def test_the_writer_tells_once_what_goes_wrong_and_goes_on(error: Exception) -> None:
    said: list[str] = []
    history = FailingHistory(error)
    writer = HistoryWriter(history, said.append)

    for _ in range(3):
        writer.put([failed()])
        assert history.asked.acquire(timeout=DEADLINE_SECONDS)

    assert writer.close(DEADLINE_SECONDS)
    assert len(said) == 1
    assert str(error) in said[0]


class SlowHistory(History):
    """A history whose disk does not answer until it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.may_answer = threading.Event()

    def record(self, reports: object) -> None:
        """Wait."""
        self.may_answer.wait(DEADLINE_SECONDS)


def test_nobody_waits_for_a_disk_that_does_not_answer() -> None:
    said: list[str] = []
    history = SlowHistory()
    writer = HistoryWriter(history, said.append)
    report: Report = failed()

    writer.put([report] * 25_000)
    is_written = writer.close(0.0)
    history.may_answer.set()

    assert not is_written
    assert len(said) == 1
    assert "too slow" in said[0]
    assert writer.close(DEADLINE_SECONDS)


@contextmanager
def locked() -> Iterator[sqlite3.Connection]:
    """Hold the file as another program does; it is let go at the end at the latest."""
    with closing(
        sqlite3.connect(history_file(), isolation_level=None, check_same_thread=False)
    ) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield connection


def test_a_lock_that_another_program_holds_is_waited_for() -> None:
    history = History.open()
    with locked() as other:
        writer = HistoryWriter(history, pytest.fail)
        writer.put([failed()])
        other.execute("COMMIT")

        assert writer.close(DEADLINE_SECONDS)
    assert len(history.visits(HOST)) == 1


def test_a_history_that_another_instance_writes_to_stays_on() -> None:
    History.open().record([failed()])
    with locked():
        history = History.open()

        assert history.is_on
        assert history.note is None
        with pytest.raises(HistoryBusy, match="another instance"):
            history.visits(HOST)

    history.record([failed(NOW + MINUTE)])
    assert history.visits(HOST)[0].looks == 2


class BusyHistory(History):
    """A history that another instance writes to for as long as it is told."""

    def __init__(self, times: int) -> None:
        super().__init__()
        self.times = times
        self.asked = threading.Semaphore(0)

    def record(self, reports: Sequence[Report]) -> None:
        """Record unless it is busy."""
        try:
            if self.times:
                self.times -= 1
                raise HistoryBusy("another instance is writing it")
            super().record(reports)
        finally:
            self.asked.release()


def test_what_could_not_be_written_is_written_in_its_order_with_what_comes_next() -> None:
    history = BusyHistory(times=2)
    writer = HistoryWriter(history, pytest.fail)

    for number, chain in enumerate([CHAIN, RENEWED, CHAIN]):
        writer.put([look(chain, NOW + number * MINUTE)])
        assert history.asked.acquire(timeout=DEADLINE_SECONDS)

    assert writer.close(DEADLINE_SECONDS)
    assert [visit.first_seen for visit in History().visits(HOST)] == [NOW + n * MINUTE for n in (2, 1, 0)]


def test_what_could_not_be_written_is_tried_once_more_at_the_end() -> None:
    history = BusyHistory(times=1)
    writer = HistoryWriter(history, pytest.fail)
    writer.put([failed()])
    assert history.asked.acquire(timeout=DEADLINE_SECONDS)

    assert writer.close(DEADLINE_SECONDS)

    assert len(History().visits(HOST)) == 1


def test_a_history_that_stays_busy_to_the_end_costs_its_looks_and_says_so() -> None:
    said: list[str] = []
    writer = HistoryWriter(BusyHistory(times=1_000), said.append)
    writer.put([failed()])

    assert writer.close(DEADLINE_SECONDS)

    assert len(said) == 1
    assert "not recorded" in said[0]


def test_what_waits_for_another_instance_is_bounded() -> None:
    said: list[str] = []
    history = BusyHistory(times=3)
    writer = HistoryWriter(history, said.append, most_waiting=2)
    for number in range(3):
        writer.put([failed(target=HostTarget(host=f"h{number}.test"))])
        assert history.asked.acquire(timeout=DEADLINE_SECONDS)

    assert writer.close(DEADLINE_SECONDS)

    assert [len(History().visits(HostTarget(host=f"h{number}.test"))) for number in range(3)] == [0, 1, 1]
    assert len(said) == 1


def test_making_a_history_touches_no_disk() -> None:
    history = History()

    assert history.path == history_file()
    assert not history_file().parent.exists()


def test_the_writer_opens_the_history_and_forgets_what_is_too_old() -> None:
    History.open().record([failed(NOW - 40 * DAY, HostTarget(host="old.test")), failed(NOW - 20 * DAY)])

    writer = HistoryWriter(History(), pytest.fail, keep_days=30, clock=lambda: NOW)

    assert writer.close(DEADLINE_SECONDS)
    history = History.open()
    assert history.visits(HostTarget(host="old.test")) == ()
    assert len(history.visits(HOST)) == 1


def test_the_writer_tells_that_a_damaged_file_was_set_aside() -> None:
    history_file().parent.mkdir()
    history_file().write_bytes(b"damaged")
    said: list[str] = []
    writer = HistoryWriter(History(), said.append, keep_days=30)
    writer.put([failed()])

    assert writer.close(DEADLINE_SECONDS)

    assert len(said) == 1
    assert "history.sqlite3.damaged" in said[0]
    assert len(History.open().visits(HOST)) == 1


def test_the_writer_tells_that_nothing_can_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CERTTUI_DATA_DIR", str(tmp_path / "file" / "below"))
    said: list[str] = []
    history = History()
    writer = HistoryWriter(history, said.append, keep_days=30)
    writer.put([failed()])

    assert writer.close(DEADLINE_SECONDS)

    assert not history.is_on
    assert len(said) == 1
    assert "no history is kept" in said[0]
