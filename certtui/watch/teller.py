"""Tells others of changes in the background: the user's command of each, the desktop of those that come together.

Nobody waits for it: what is told is put in line, and threads of its own make the documents and run the commands.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from certtui.core.report import Report
from certtui.watch.commands import TIMEOUT_SECONDS, CommandOutcome, NotRun, Ran, Stopped, run_command
from certtui.watch.hooks import Sent, change_document, desktop_notification
from certtui.watch.log import Change

MOST_WAITING = 10_000
"""Changes in line for the user's command; of more, the oldest are not told."""
AT_ONCE = 4
"""How many of the user's commands run at once."""
TOGETHER_SECONDS = 1.0
"""Changes that come in within this time are one notification."""
MOST_NAMED = 10
"""Hosts that a notification names."""
_MOST_OUTPUT_TOLD = 200

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    change: Change
    before: Report | None
    after: Report


class Teller:
    """Tells the user's command and the desktop of changes; it never raises and never keeps the program from ending.

    Commands that run when certtui is quit go on; those still in line are not begun.
    """

    def __init__(
        self,
        *,
        on_change: Sequence[str],
        notify: bool,
        tell: Callable[[str], None],
        environment: Mapping[str, str],
        write_to_terminal: Callable[[str], object] | None = None,
        timeout_seconds: float = TIMEOUT_SECONDS,
        most_waiting: int = MOST_WAITING,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        """Take what is to be run with each change, nothing if empty, and whether the desktop is told.

        `tell` is called from a thread with raw text where something goes wrong: once for each kind of trouble, until
        all goes well again. `write_to_terminal` is called from a thread too.
        """
        self._hook = _Hook(tuple(on_change), tell, timeout_seconds, most_waiting) if on_change else None
        self._desktop = _Desktop(tell, environment, write_to_terminal, pause) if notify else None

    def put(self, change: Change, before: Report | None, after: Report) -> None:
        """Have others told of a change between two reports; return at once."""
        if self._hook is not None:
            self._hook.put(_Told(change=change, before=before, after=after))
        if self._desktop is not None:
            self._desktop.put(change)


class _Line(Generic[Item]):
    """What waits, in its order, for a thread that begins with the first of it."""

    def __init__(self, name: str, work: Callable[[], None], most: int) -> None:
        self._items: deque[Item] = deque(maxlen=most)
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=work, name=name, daemon=True)
        self._has_begun = False

    def put(self, item: Item) -> bool:
        """Add to the end; return False if the first had to go for it."""
        with self._changed:
            has_room = len(self._items) != self._items.maxlen
            self._items.append(item)
            self._changed.notify()
            if not self._has_begun:
                self._has_begun = True
                self._thread.start()
        return has_room

    def wait(self) -> None:
        """Wait until there is something."""
        with self._changed:
            self._changed.wait_for(lambda: self._items)

    def take(self) -> Item:
        """Wait for the first, and take it away."""
        with self._changed:
            self._changed.wait_for(lambda: self._items)
            return self._items.popleft()

    def take_all(self) -> list[Item]:
        """Take all that waits away."""
        with self._changed:
            items = list(self._items)
            self._items.clear()
        return items

    @property
    def is_empty(self) -> bool:
        return not self._items


class _Troubles:
    """Tells each kind of trouble once, until all is well again."""

    def __init__(self, name: str, tell: Callable[[str], None]) -> None:
        self._name = name
        self._tell = tell
        self._told: set[str] = set()
        self._lock = threading.Lock()

    def say(self, kind: str, output: str = "") -> None:
        """Tell of trouble; what a command wrote makes it no other kind, since it may name another host each time."""
        with self._lock:
            is_new = kind not in self._told
            self._told.add(kind)
        if is_new:
            end = output.strip()[-_MOST_OUTPUT_TOLD:]
            self._tell(f"{self._name} {kind}: {end}" if end else f"{self._name} {kind}")

    def take(self, outcome: CommandOutcome | Sent, *, is_last: bool) -> None:
        """Tell of what went wrong, if anything did; all is well where the last of many went well."""
        match outcome:
            case Ran(code=0) | Sent():
                if is_last:
                    with self._lock:
                        self._told.clear()
            case Ran(code=code, output=output):
                self.say(f"ended with {code}", output)
            case Stopped(why=why, output=output):
                self.say(f"was ended: {why}", output)
            case NotRun(why=why):
                self.say(f"was not run: {why}")

    def own_fault(self, bug: Exception) -> None:
        """Tell of a fault of certtui's own, which nobody else would say in a thread."""
        self.say(f"was not run: a fault of certtui's own: {bug!r}")


class _Hook:
    """Runs the user's command with each change: begun in their order, a few at once."""

    def __init__(
        self, command: tuple[str, ...], tell: Callable[[str], None], timeout_seconds: float, most_waiting: int
    ) -> None:
        self._command = command
        self._timeout_seconds = timeout_seconds
        self._most_waiting = most_waiting
        self._troubles = _Troubles("on_change", tell)
        self._slots = threading.Semaphore(AT_ONCE)
        self._line: _Line[_Told] = _Line("certtui-on-change", self._work, most_waiting)

    def put(self, told: _Told) -> None:
        """Add a change to the end of the line."""
        if not self._line.put(told):
            self._troubles.say(
                f"has too much to do: {self._most_waiting} changes wait, older ones are not told"
            )

    def _work(self) -> None:
        while True:
            self._slots.acquire()
            told = self._line.take()
            try:
                change = told.change
                document = change_document(change.target, change.sentences, told.before, told.after)
                threading.Thread(
                    target=self._run, args=(document,), name="certtui-command", daemon=True
                ).start()
            except Exception as bug:
                self._slots.release()
                self._troubles.own_fault(bug)

    def _run(self, document: bytes) -> None:
        try:
            outcome = run_command(self._command, document, timeout_seconds=self._timeout_seconds)
            self._troubles.take(outcome, is_last=self._line.is_empty)
        except Exception as bug:
            self._troubles.own_fault(bug)
        finally:
            self._slots.release()


class _Desktop:
    """Shows notifications on the desktop, one at a time."""

    def __init__(
        self,
        tell: Callable[[str], None],
        environment: Mapping[str, str],
        write_to_terminal: Callable[[str], object] | None,
        pause: Callable[[float], object],
    ) -> None:
        self._environment = environment
        self._write_to_terminal = write_to_terminal
        self._pause = pause
        self._troubles = _Troubles("notify", tell)
        self._line: _Line[Change] = _Line("certtui-notify", self._work, MOST_WAITING)

    def put(self, change: Change) -> None:
        """Add a change to those of the next notification."""
        self._line.put(change)

    def _work(self) -> None:
        while True:
            self._line.wait()
            self._pause(TOGETHER_SECONDS)
            title, text = notification_of(self._line.take_all())
            try:
                outcome = desktop_notification(
                    title,
                    text,
                    environment=self._environment,
                    write_to_terminal=self._write_to_terminal,
                )
                self._troubles.take(outcome, is_last=True)
            except Exception as bug:
                self._troubles.own_fault(bug)


def notification_of(changes: Sequence[Change]) -> tuple[str, str]:
    """Return title and text for changes that came together; raw text, the hosts that became worse first."""
    hosts = dict.fromkeys(change.target for change in sorted(changes, key=lambda each: not each.is_worse))
    if len(hosts) == 1:
        return changes[0].target, " ".join(sentence for change in changes for sentence in change.sentences)
    named = ", ".join(list(hosts)[:MOST_NAMED])
    more = f" and {len(hosts) - MOST_NAMED} more" if len(hosts) > MOST_NAMED else ""
    return f"{len(hosts)} hosts changed", f"{named}{more}"
