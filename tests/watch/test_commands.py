"""The user's commands, with real programs: what they are given, how they end, and what they cannot do."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from certtui.watch.commands import MOST_OUTPUT_KEPT, Commands, NotRun, Ran, Stopped


def is_gone(pid: int) -> bool:
    """Whether a process has ended, waited for or not."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().split()[2] == "Z"


async def test_a_command_gets_its_input_and_says_how_it_went(tmp_path: Path) -> None:
    copy = tmp_path / "copy"
    program = (
        f"import sys; open({str(copy)!r}, 'wb').write(sys.stdin.buffer.read()); print('done'); sys.exit(3)"
    )
    outcome = await Commands().run([sys.executable, "-c", program], b"x" * 300_000)
    assert outcome == Ran(code=3, output="done")
    assert copy.read_bytes() == b"x" * 300_000


async def test_a_command_that_reads_nothing_is_no_trouble() -> None:
    assert await Commands().run(["true"], b"x" * 300_000) == Ran(code=0)


async def test_a_command_is_never_a_shell_line(tmp_path: Path) -> None:
    outcome = await Commands().run(["echo", f"a; touch {tmp_path}/b", "$(id)"])
    assert outcome == Ran(code=0, output=f"a; touch {tmp_path}/b $(id)")
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("command", [["/nowhere/at-all"], ["/"], ["a\0b"]], ids=["missing", "folder", "nul"])
async def test_what_cannot_be_run_is_said(command: list[str]) -> None:
    outcome = await Commands().run(command)
    assert isinstance(outcome, NotRun)
    assert "cannot be run" in outcome.why
    assert "\0" not in outcome.why


async def test_no_command_at_all_is_said() -> None:
    assert await Commands().run([]) == NotRun("no command is given")


async def test_a_command_that_takes_too_long_is_ended_with_its_children(tmp_path: Path) -> None:
    pid_file = tmp_path / "pid"
    outcome = await Commands(timeout_seconds=1.0).run(
        ["sh", "-c", f"echo begun; sleep 600 & echo $! > {pid_file}; wait"]
    )
    assert outcome == Stopped(why="it took longer than 1 seconds", output="begun")
    child = int(pid_file.read_text())
    assert is_gone(child)


async def test_a_command_that_does_not_listen_is_ended_all_the_same() -> None:
    program = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)"
    outcome = await Commands(timeout_seconds=1.0).run([sys.executable, "-c", program])
    assert isinstance(outcome, Stopped)


async def test_a_child_that_holds_the_output_open_is_not_waited_for() -> None:
    outcome = await Commands().run(["sh", "-c", "sleep 5 & echo $!"])
    assert isinstance(outcome, Ran)
    os.kill(int(outcome.output), 9)


async def test_only_the_end_of_the_output_is_kept_and_it_is_visible() -> None:
    program = r"import sys; sys.stdout.write('x' * 50000 + '\n'); sys.stderr.write('\x1b]0;title\x07end')"
    outcome = await Commands().run([sys.executable, "-c", program])
    assert isinstance(outcome, Ran)
    assert outcome.output.endswith("\n\\u{1b}]0;title\\u{7}end")
    assert len(outcome.output) <= MOST_OUTPUT_KEPT + 20


async def test_a_command_that_writes_without_end_is_ended() -> None:
    outcome = await Commands().run(["yes"])
    assert isinstance(outcome, Stopped)
    assert outcome.why.startswith("it wrote more than")


async def test_a_command_has_no_terminal() -> None:
    outcome = await Commands().run(["sh", "-c", "echo hello > /dev/tty"])
    assert isinstance(outcome, Ran)
    assert outcome.code != 0


async def test_few_run_at_once_and_those_that_wait_too_long_in_line_are_not_run(tmp_path: Path) -> None:
    commands = Commands(at_once=1, most_waiting=2)
    gate, begun = tmp_path / "gate", tmp_path / "begun"
    os.mkfifo(gate)
    first = asyncio.create_task(commands.run(["sh", "-c", f"echo > {begun}; read line < {gate}"]))
    while not begun.exists():  # noqa: ASYNC110 - the other side is a process
        await asyncio.sleep(0.01)
    waiting = [asyncio.create_task(commands.run(["echo", str(number)])) for number in range(2)]
    await asyncio.sleep(0)
    assert await commands.run(["echo", "3"]) == NotRun("2 commands are waiting already")
    assert not any(task.done() for task in (first, *waiting))
    with gate.open("w") as file:
        file.write("go\n")
    assert await asyncio.gather(*waiting) == [Ran(code=0, output="0"), Ran(code=0, output="1")]
    assert await first == Ran(code=0)


async def test_a_command_goes_on_when_nobody_waits_for_it_any_more(tmp_path: Path) -> None:
    gate, end = tmp_path / "gate", tmp_path / "end"
    os.mkfifo(gate)
    program = f"read line < {gate}; cat > {end}.new; mv {end}.new {end}"
    task = asyncio.create_task(Commands().run(["sh", "-c", program], b"input"))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

    def open_gate() -> None:
        with gate.open("w") as file:  # waits until the command reads
            file.write("go\n")

    await asyncio.to_thread(open_gate)
    while not end.exists():  # noqa: ASYNC110 - the other side is a process
        await asyncio.sleep(0.01)
    assert end.read_bytes() == b"input"


_STARTER = """
import asyncio, pathlib, sys
from certtui.watch.commands import Commands

async def main(script, begun):
    task = asyncio.create_task(Commands().run(["sh", "-c", script], b"input"))
    while not pathlib.Path(begun).exists():
        await asyncio.sleep(0.01)
    task.cancel()

asyncio.run(main(*sys.argv[1:]))
"""


def test_a_command_goes_on_when_its_starter_has_quit(tmp_path: Path) -> None:
    gate, begun, end = tmp_path / "gate", tmp_path / "begun", tmp_path / "end"
    os.mkfifo(gate)
    script = f"touch {begun}; read line < {gate}; echo late; cat > {end}.new; mv {end}.new {end}"
    quit_ = subprocess.run([sys.executable, "-c", _STARTER, script, str(begun)], check=False, timeout=30)
    assert quit_.returncode == 0
    with gate.open("w") as file:
        file.write("go\n")
    deadline = time.monotonic() + 10
    while not end.exists():
        assert time.monotonic() < deadline, "the command did not go on"
        time.sleep(0.01)
    assert end.read_bytes() == b"input"
