"""When targets are due: nobody is forgotten, nobody is asked too often, and all is spread out."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from certtui.watch.schedule import JITTER, LONGEST_DELAY, MOST_TIMES, Schedule

PERIOD = 600.0
EVERY = timedelta(seconds=PERIOD)


def schedule(seed: int = 1) -> Schedule[str]:
    return Schedule(EVERY, random=Random(seed))


def next_due(plan: Schedule[str]) -> float:
    """Return when the next target is due."""
    return min(each.when for each in plan._plans.values())


def test_a_single_target_is_due_a_period_after_it_was_added() -> None:
    plan = schedule()
    plan.add(["a"], 1_000.0)
    assert plan.take_due(1_000.0 + PERIOD - 1) == []
    assert plan.take_due(1_000.0 + PERIOD) == ["a"]


def test_a_long_list_is_spread_evenly_over_the_first_period() -> None:
    plan = schedule()
    plan.add([str(number) for number in range(10_000)], 0.0)
    for tenth in range(1, 11):
        assert len(plan.take_due(PERIOD * tenth / 10)) == 1_000


def test_what_is_being_looked_at_is_not_due_again_until_it_is_done() -> None:
    plan = schedule()
    plan.add(["a"], 0.0)
    assert plan.take_due(PERIOD) == ["a"]
    assert plan.take_due(4 * PERIOD) == []
    plan.done("a", 4 * PERIOD, is_reached=True)
    assert plan.take_due(4 * PERIOD + PERIOD * (1 + JITTER)) == ["a"]


def test_what_was_lost_on_the_way_is_due_again_in_the_end() -> None:
    plan = schedule()
    plan.add(["a"], 0.0)
    assert plan.take_due(PERIOD) == ["a"]
    assert plan.take_due(PERIOD + LONGEST_DELAY.total_seconds() * 2 + 2 * PERIOD) == ["a"]


@given(st.integers(0, 1_000), st.integers(0, 40))
def test_the_delay_after_a_look_lies_within_its_jitter(seed: int, failures: int) -> None:
    plan = schedule(seed)
    plan.add(["a"], 0.0)
    for _ in range(failures):
        plan.done("a", 0.0, is_reached=False)
    expected = min(PERIOD * min(2**failures, MOST_TIMES), PERIOD + LONGEST_DELAY.total_seconds())
    if failures:
        assert (1 - JITTER) * expected <= next_due(plan) <= (1 + JITTER) * expected
    plan.done("a", 0.0, is_reached=True)
    assert (1 - JITTER) * PERIOD <= next_due(plan) <= (1 + JITTER) * PERIOD


def test_looks_do_not_march_in_step() -> None:
    plan = schedule()
    plan.add(map(str, range(100)), 0.0)
    for number in range(100):
        plan.done(str(number), 0.0, is_reached=True)
    assert len({each.when for each in plan._plans.values()}) == 100


def test_what_stays_unreachable_is_asked_less_and_less_often() -> None:
    plan = schedule()
    plan.add(["down", "up"], 0.0)
    asked: Counter[str] = Counter()
    now = 0.0
    while now < 100 * PERIOD:
        now = next_due(plan)
        for key in plan.take_due(now):
            asked[key] += 1
            plan.done(key, now, is_reached=key == "up")
    assert 90 <= asked["up"] <= 111
    assert 12 <= asked["down"] <= 20


def test_a_removed_target_is_never_due_and_its_late_result_changes_nothing() -> None:
    plan = schedule()
    plan.add(["a", "b"], 0.0)
    plan.take_due(PERIOD)
    plan.remove(["a", "unknown"])
    plan.done("a", PERIOD, is_reached=True)
    assert "a" not in plan
    plan.done("b", PERIOD, is_reached=True)
    assert plan.take_due(100 * PERIOD) == ["b"]
    plan.remove(["b"])
    assert plan.take_due(1_000 * PERIOD) == []


def test_a_look_that_was_given_up_is_due_again_after_a_period() -> None:
    plan = schedule()
    plan.add(["a", "b"], 0.0)
    assert plan.take_due(PERIOD) == ["a", "b"]
    plan.postpone(["b", "unknown"], PERIOD)
    assert "unknown" not in plan
    assert plan.take_due(PERIOD + PERIOD * (1 - JITTER) - 1) == []
    assert plan.take_due(PERIOD + PERIOD * (1 + JITTER)) == ["b"]


def test_giving_up_makes_an_unreachable_host_neither_better_nor_worse() -> None:
    plan = schedule()
    plan.add(["a"], 0.0)
    for _ in range(2):
        plan.done("a", 0.0, is_reached=False)
    plan.postpone(["a"], 0.0)
    assert next_due(plan) <= PERIOD * (1 + JITTER)
    plan.done("a", 0.0, is_reached=False)
    assert next_due(plan) >= (PERIOD + LONGEST_DELAY.total_seconds()) * (1 - JITTER)


def test_at_most_so_many_are_taken_and_the_rest_stays_due() -> None:
    plan = schedule()
    plan.add(["a", "b", "c"], 0.0)
    assert plan.take_due(PERIOD, most=2) == ["a", "b"]
    assert plan.take_due(PERIOD, most=2) == ["c"]


class Watching(RuleBasedStateMachine):
    """Targets come, go and are looked at in any order."""

    def __init__(self) -> None:
        super().__init__()
        self.plan = schedule()
        self.watched: set[str] = set()
        self.now = 0.0
        self.out: dict[str, float] = {}

    @rule(keys=st.sets(st.sampled_from("abcdefgh")))
    def add(self, keys: set[str]) -> None:
        self.plan.add(keys, self.now)
        self.watched |= keys

    @rule(keys=st.sets(st.sampled_from("abcdefgh")))
    def remove(self, keys: set[str]) -> None:
        self.plan.remove(keys)
        self.watched -= keys
        for key in keys:
            self.out.pop(key, None)

    @rule(seconds=st.floats(0, 3 * PERIOD))
    def look(self, seconds: float) -> None:
        self.now += seconds
        taken = self.plan.take_due(self.now)
        assert len(taken) == len(set(taken))
        assert set(taken) <= self.watched
        for key in taken:
            assert self.now - self.out.get(key, -1e9) >= LONGEST_DELAY.total_seconds()
            self.out[key] = self.now

    @rule(is_reached=st.booleans(), key=st.sampled_from("abcdefgh"))
    def finish(self, is_reached: bool, key: str) -> None:
        self.plan.done(key, self.now, is_reached=is_reached)
        self.out.pop(key, None)

    @rule(keys=st.sets(st.sampled_from("abcdefgh")))
    def give_up(self, keys: set[str]) -> None:
        self.plan.postpone(keys, self.now)
        for key in keys:
            self.out.pop(key, None)

    @invariant()
    def everyone_watched_has_a_turn(self) -> None:
        assert len(self.plan) == len(self.watched)
        turns = {turn for _, turn, _ in self.plan._heap}
        assert all(self.plan._plans[key].turn in turns for key in self.watched)
        assert len(self.plan._heap) <= 2 * len(self.watched) + 65


TestWatching = Watching.TestCase
