"""The log of changes keeps the latest, newest last."""

from __future__ import annotations

import pytest

from certtui.core.catalogue import Severity
from certtui.watch.log import MOST_KEPT, Change, ChangeLog
from tests.core.examples import NOW


def change(number: int = 0, before: Severity | None = None, after: Severity | None = None) -> Change:
    return Change(at=NOW, target=f"host{number}", sentences=("something",), before=before, after=after)


def test_the_newest_change_is_last_and_the_oldest_go_first() -> None:
    log = ChangeLog()
    for number in range(MOST_KEPT + 5):
        log.add(change(number))
    assert len(log) == MOST_KEPT
    assert log.changes[0].target == "host5"
    assert log.changes[-1].target == f"host{MOST_KEPT + 4}"
    assert log.total == MOST_KEPT + 5


@pytest.mark.parametrize(
    ("before", "after", "is_worse", "is_better"),
    [
        (None, Severity.NOTICE, True, False),
        (Severity.WARNING, Severity.ERROR, True, False),
        (Severity.ERROR, Severity.ERROR, False, False),
        (Severity.ERROR, None, False, True),
        (Severity.WARNING, Severity.NOTICE, False, True),
    ],
)
def test_a_change_for_the_worse_is_told_from_one_for_the_better(
    before: Severity | None, after: Severity | None, is_worse: bool, is_better: bool
) -> None:
    made = change(before=before, after=after)
    assert (made.is_worse, made.is_better) == (is_worse, is_better)
