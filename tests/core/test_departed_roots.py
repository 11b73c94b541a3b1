"""From the day on that Mozilla ends its trust in a root, its store lacks it: one second before, and after."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.stores import path_stores, unknown_root
from certtui.core.finding import Finding
from tests.core.examples import ISSUER
from tests.core.public_roots import (
    DAY,
    EPKI,
    GLOBALSIGN_R3,
    ISRG_X1,
    MOZILLA,
    SYSTEM,
    at,
    case_of,
    leaf_of,
    path_to,
    path_to_nowhere,
    stand_in,
)

LEAVES = at("2027-04-15")
SECOND = timedelta(seconds=1)
SERVER = leaf_of(at("2026-11-20"), lasts=390 * DAY)


def found(root: str, now: datetime, *others: str, label: str = MOZILLA) -> dict[Code, Finding]:
    """Return the findings on a path to a root, beside paths to other roots."""
    best = path_to(stand_in(root), SERVER)
    case = case_of(best, *(path_to(stand_in(other), SERVER) for other in others), label=label, now=now)
    return {each.code: each for each in path_stores(best, case)}


@pytest.mark.parametrize("label", [MOZILLA, SYSTEM])
def test_a_second_before_a_root_leaves_it_is_announced_and_then_the_stores_disagree(label: str) -> None:
    before, after = (
        found(GLOBALSIGN_R3, LEAVES - SECOND, label=label),
        found(GLOBALSIGN_R3, LEAVES, label=label),
    )

    assert set(before) == {Code.ROOT_LEAVING_STORE}
    assert set(after) == {Code.STORES_DISAGREE}
    assert after[Code.STORES_DISAGREE].traits == {"not-mozilla"}
    assert after[Code.STORES_DISAGREE].severity is Severity.WARNING


def test_the_day_of_the_departure_is_told_and_no_list_blamed_for_it() -> None:
    disputed = found(GLOBALSIGN_R3, LEAVES, label=SYSTEM)[Code.STORES_DISAGREE]

    assert disputed.summary == (
        "Apple, Android and Microsoft hold the root GlobalSign Root CA - R3, "
        "but Mozilla's trust in it ended on 2027-04-15"
    )
    said = next(each.value for each in disputed.evidence if each.label.startswith("Mozilla"))
    assert said.startswith("held it until 2027-04-15")


def test_a_way_to_a_root_that_stays_ends_the_dispute() -> None:
    assert found(GLOBALSIGN_R3, LEAVES, ISRG_X1) == {}


@pytest.mark.parametrize(
    ("label", "codes"),
    [("Mozilla (certifi 2027.04.14)", {Code.STORES_DISAGREE}), ("Mozilla (certifi 2027.04.15)", set())],
)
def test_a_list_of_that_day_or_later_that_has_the_root_counts_more_than_the_date(
    label: str, codes: set[Code]
) -> None:
    assert set(found(GLOBALSIGN_R3, LEAVES + DAY, label=label)) == codes


def test_a_root_that_the_table_has_though_the_calendar_let_it_go_is_held() -> None:
    assert Code.STORES_DISAGREE not in found(EPKI, at("2026-11-25"), label=SYSTEM)


@pytest.mark.parametrize(
    ("passed", "holders"), [(-SECOND, "Mozilla, Apple"), (timedelta(), "Apple, Android")]
)
def test_a_root_that_the_store_in_use_lacks_is_held_by_mozilla_until_that_day(
    passed: timedelta, holders: str
) -> None:
    path = path_to_nowhere(SERVER, Certificate.of(ISSUER.der), stand_in(GLOBALSIGN_R3))

    unknown = unknown_root(path, case_of(path, now=LEAVES + passed))

    assert unknown is not None
    assert unknown.summary.startswith(holders)
