"""Which target is to be looked at when. It looks at nothing and asks no clock: seconds come from the caller."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)

JITTER = 0.1
"""Each look comes up to this share of the period sooner or later, so that hosts and watchers do not march in step."""
MOST_TIMES = 8
"""A host that stays unreachable is asked this many times less often, at the most."""
LONGEST_DELAY = timedelta(hours=1)
"""For a host that stays unreachable no look comes later than this after its period."""


@dataclass(slots=True)
class _Plan:
    when: float
    turn: int
    failures: int = 0


class Schedule(Generic[Key]):
    """When each of many targets is due; every step costs the logarithm of their number."""

    def __init__(self, every: timedelta, *, random: Random | None = None) -> None:
        self.every = every
        self._period = every.total_seconds()
        self._random = random or Random()  # noqa: S311 - nothing secret hangs on a delay
        self._plans: dict[Key, _Plan] = {}
        self._heap: list[tuple[float, int, Key]] = []
        """When, a number that makes every entry different, and whose turn; entries of older plans are passed over."""
        self._turns = 0

    def __len__(self) -> int:
        return len(self._plans)

    def __contains__(self, key: Key) -> bool:
        return key in self._plans

    def keys(self) -> tuple[Key, ...]:
        """Return every target that is watched."""
        return tuple(self._plans)

    def add(self, keys: Iterable[Key], now: float) -> None:
        """Watch more targets, seen just now; their first looks are spread evenly over the period."""
        new = [key for key in dict.fromkeys(keys) if key not in self._plans]
        for number, key in enumerate(new, start=1):
            self._plan(key, now + self._period * number / len(new), failures=0)

    def remove(self, keys: Iterable[Key]) -> None:
        """Watch targets no longer."""
        for key in keys:
            self._plans.pop(key, None)
        self._tidy()

    def take_due(self, now: float, most: int | None = None) -> list[Key]:
        """Return the targets whose time has come, the most overdue first, at most `most` of them.

        None of them is due again before `done` or `postpone` tells how it went, or else so much later that its result
        must have been lost.
        """
        due: list[Key] = []
        while self._heap and self._heap[0][0] <= now and (most is None or len(due) < most):
            _, turn, key = heapq.heappop(self._heap)
            plan = self._plans.get(key)
            if plan is not None and plan.turn == turn:
                due.append(key)
        for key in due:
            self._plan(key, now + self._longest, failures=self._plans[key].failures)
        return due

    def done(self, key: Key, now: float, *, is_reached: bool) -> None:
        """Plan a target's next look after this one; what stays unreachable is asked half as often each time."""
        plan = self._plans.get(key)
        if plan is None:
            return
        failures = 0 if is_reached else plan.failures + 1
        self._plan(key, now + self._delay(failures) * self._jitter(), failures=failures)

    def postpone(self, keys: Iterable[Key], now: float) -> None:
        """Plan the next looks of targets whose looks were given up: a period from now, whatever went before."""
        for key in keys:
            plan = self._plans.get(key)
            if plan is not None:
                self._plan(key, now + self._period * self._jitter(), failures=plan.failures)

    @property
    def _longest(self) -> float:
        return self._delay(MOST_TIMES) * (1 + JITTER) + self._period

    def _jitter(self) -> float:
        return self._random.uniform(1 - JITTER, 1 + JITTER)

    def _delay(self, failures: int) -> float:
        times = min(1 << min(failures, MOST_TIMES), MOST_TIMES)
        return min(self._period * times, self._period + LONGEST_DELAY.total_seconds())

    def _plan(self, key: Key, when: float, *, failures: int) -> None:
        self._turns += 1
        self._plans[key] = _Plan(when, self._turns, failures)
        heapq.heappush(self._heap, (when, self._turns, key))
        self._tidy()

    def _tidy(self) -> None:
        """Build the heap anew once most of it is stale: rarely enough to cost next to nothing each time."""
        if len(self._heap) > 2 * len(self._plans) + 64:
            self._heap = [(plan.when, plan.turn, key) for key, plan in self._plans.items()]
            heapq.heapify(self._heap)
