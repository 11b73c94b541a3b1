"""The user's commands, with real programs: what they are given, how they end, and what they cannot do."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from certtui.watch.commands import MOST_OUTPUT_KEPT, NotRun, Ran, Stopped, run_command


def is_gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] == "Z"


def test_a_command_gets_its_input_and_says_how_it_went(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    program = (
        f"import sys; open({str(copy)!r}, 'wb').write(sys.stdin.buffer.read()); print('done'); sys.exit(3)"
    )
    outcome = run_command([sys.executable, "-c", program], b"x" * 300_000)
    assert outcome == Ran(code=3, output="done")
    assert copy.read_bytes() == b"x" * 300_000


def test_a_command_that_reads_nothing_is_no_trouble() -> None:
    assert run_command(["true"], b"x" * 300_000) == Ran(code=0)


def test_a_command_is_never_a_shell_line(tmp_path: Path) -> None:
    outcome = run_command(["echo", f"a; touch {tmp_path}/b", "$(id)"])
    assert outcome == Ran(code=0, output=f"a; touch {tmp_path}/b $(id)")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", [["/nowhere/at-all"], ["/"], ["a\0b"]], ids=["missing", "folder", "nul"])
def test_what_cannot_be_run_is_said(command: list[str]) -> None:
    outcome = run_command(command)
    assert isinstance(outcome, NotRun)
    assert "cannot be run" in outcome.why
    assert "\0" not in outcome.why


def test_no_command_at_all_is_said() -> None:
    assert run_command([]) == NotRun("no command is given")


def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    outcome = run_command(
        ["sh", "-c", f"echo begun; sleep 600 & echo $! > {pid_file}; wait"], timeout_seconds=1.0
    )
    assert outcome == Stopped(why="it took longer than 1 seconds", output="begun")
    child = int(pid_file.read_text())
    assert is_gone(child)


def test_a_command_that_does_not_listen_is_ended_all_the_same() -> None:
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    outcome = run_command([sys.executable, "-c", program], timeout_seconds=1.0)
    assert isinstance(outcome, Stopped)


def test_a_child_that_holds_the_output_open_is_not_waited_for() -> None:
    outcome = run_command(["sh", "-c", "sleep 5 & echo $!"])
    assert isinstance(outcome, Ran)
    os.kill(int(outcome.output), 9)


def test_only_the_end_of_the_output_is_kept_and_it_is_visible() -> None:
    program = r"import sys; sys.stdout.write('x' * 50000 + '\n'); sys.stderr.write('\x1b]0;title\x07end')"
    outcome = run_command([sys.executable, "-c", program])
    assert isinstance(outcome, Ran)
    assert outcome.output.endswith("\n\\u{1b}]0;title\\u{7}end")
    assert len(outcome.output) <= MOST_OUTPUT_KEPT + 20


def test_a_command_that_writes_without_end_is_ended() -> None:
    outcome = run_command(["yes"])
    assert isinstance(outcome, Stopped)
    assert outcome.why.startswith("it wrote more than")


def test_a_command_has_no_terminal() -> None:
    outcome = run_command(["sh", "-c", "echo hello > /dev/tty"])
    assert isinstance(outcome, Ran)
    assert outcome.code != 0
