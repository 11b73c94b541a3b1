"""The time machine: what breaks at another moment or without a root, and when a path ends. Judged by OpenSSL too."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.stores import path_stores
from certtui.core.diagnosis import diagnose_chain, diagnose_evidence
from certtui.core.evidence import Evidence, Failure, Loaded, Stage, Unreachable
from certtui.core.report import Report, Verdict
from certtui.core.target import FileTarget
from certtui.core.what_if import (
    Effect,
    Outcome,
    WhatIf,
    breaking_dates,
    judge_again,
    moment_of,
    moved,
    roots_in_use,
    without,
)
from certtui.lab.pki import CA_WISH, Authority, Issued
from tests.core.examples import HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.openssl import verify_errors
from tests.core.public_roots import (
    DIGICERT_G1,
    GLOBALSIGN_R3,
    MOZILLA,
    at,
    case_of,
    leaf_of,
    path_to,
    root_with,
    stand_in,
)

DAY = timedelta(days=1)
STORE = AnchorStore([Anchor(Certificate.of(root.der)) for root in (ROOT, STRANGER)], label="two roots")


def judge(evidence: Evidence, now: datetime | None, anchors: AnchorStore) -> Report:
    return diagnose_evidence(evidence, anchors=anchors, now=now)


def report(*sent: Issued) -> Report:
    observation = Loaded(path="chain.pem", chain=tuple(each.der for each in sent))
    evidence = Evidence(
        target=FileTarget(path="chain.pem"), host=HOST, observed_at=NOW, observation=observation
    )
    return diagnose_evidence(evidence, anchors=STORE)


def unreachable() -> Report:
    failure = Failure(code=Code.REFUSED, stage=Stage.CONNECT, detail="refused")
    evidence = Evidence(
        target=FileTarget(path="a"), host=HOST, observed_at=NOW, observation=Unreachable(failure=failure)
    )
    return diagnose_evidence(evidence, anchors=STORE)


def outcome(of: Report, what_if: WhatIf) -> Outcome:
    (found,) = judge_again([of], what_if, judge, STORE)
    return found


GOOD = report(leaf(ends=200 * DAY), ISSUER)
ROOT_SHA256 = Certificate.of(ROOT.der).sha256


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_a_certificate_breaks_in_the_second_after_it_ends(seconds: int) -> None:
    moment = NOW + 200 * DAY + timedelta(seconds=seconds)
    found = outcome(GOOD, WhatIf(now=moment))
    assert (found.effect is Effect.BREAKS) == (seconds > 0)
    if seconds > 0:
        assert found.reason is not None
        assert found.reason.code is Code.LEAF_EXPIRED
    else:
        assert found.effect is Effect.WARNED
        assert found.reason is not None
        assert found.reason.code is Code.EXPIRING_SOON


@pytest.mark.parametrize("days", [-20, -5, 1, 199, 201])
def test_openssl_finds_the_same_at_that_moment(days: int, tmp_path: Path) -> None:
    moment = NOW + days * DAY
    sent = (leaf(ends=200 * DAY), ISSUER)
    effect = outcome(report(*sent), WhatIf(now=moment)).effect
    errors = verify_errors([each.der for each in sent], [ROOT.der], HOST, moment, tmp_path)
    assert (effect is Effect.BREAKS) == bool(errors)


@pytest.mark.parametrize(("seconds", "effect"), [(-1, Effect.SAME), (0, Effect.WARNED)])
def test_the_day_on_which_a_root_leaves_a_store_is_told(seconds: int, effect: Effect) -> None:
    leaves = at("2027-04-15")
    path = path_to(stand_in(GLOBALSIGN_R3), leaf_of(leaves - 150 * DAY, lasts=390 * DAY))
    assert GOOD.evidence is not None

    def judge_path(evidence: Evidence, now: datetime | None, anchors: AnchorStore) -> Report:
        # Nobody here has the root's key, so that its path is put together by hand.
        moment = now or NOW
        found = tuple(path_stores(path, case_of(path, now=moment, label=MOZILLA)))
        chain = path.certificates[:2]
        return Report(host=None, now=moment, chain=chain, paths=(path,), findings=found, evidence=evidence)

    before = judge_path(GOOD.evidence, leaves - DAY, STORE)
    what_if = WhatIf(now=leaves + timedelta(seconds=seconds))

    (found,) = judge_again([before], what_if, judge_path, STORE)

    assert [each.code for each in before.findings] == [Code.ROOT_LEAVING_STORE]
    assert found.effect is effect
    assert (found.reason.code if found.reason else None) == (
        Code.STORES_DISAGREE if effect is Effect.WARNED else None
    )


def test_an_earlier_moment_repairs_what_has_expired() -> None:
    expired = report(leaf(begins=-90 * DAY, ends=-10 * DAY), ISSUER)
    found = outcome(expired, WhatIf(now=NOW - 50 * DAY))
    assert found.effect is Effect.REPAIRED
    assert found.reason is not None
    assert found.reason.code is Code.LEAF_EXPIRED


def test_a_removed_root_breaks_what_rests_on_it_and_nothing_else() -> None:
    other = report(leaf(STRANGE_ISSUER, ends=200 * DAY), STRANGE_ISSUER)
    found = list(judge_again([other, GOOD], WhatIf(without_roots=frozenset({ROOT_SHA256})), judge, STORE))
    assert [each.effect for each in found] == [Effect.SAME, Effect.BREAKS]
    assert found[1].reason is not None
    assert found[1].reason.severity is Severity.ERROR


def test_a_way_to_another_root_saves_a_host_whose_root_is_removed() -> None:
    cross = STRANGER.intermediate("Example CA")
    both_ways = report(leaf(ends=200 * DAY), ISSUER, cross)
    assert both_ways.paths[0].last.sha256 == ROOT_SHA256
    found = outcome(both_ways, WhatIf(without_roots=frozenset({ROOT_SHA256})))
    assert found.effect is not Effect.BREAKS


def test_a_root_goes_with_all_certificates_of_its_name_and_key() -> None:
    anew = Authority.root("Example Root", now=NOW, wish=replace(CA_WISH, ends=4_000 * DAY))
    store = AnchorStore(
        [Anchor(Certificate.of(each.der), private=True) for each in (ROOT, anew, STRANGER)], label="three"
    )
    left = without(store, frozenset({ROOT_SHA256}))
    assert [anchor.certificate.der for anchor in left] == [STRANGER.der]
    assert all(anchor.private for anchor in left)
    assert left.label == "three without Example Root"
    assert without(store, frozenset({b"unknown"})) is store


def test_nothing_changes_where_nothing_is_moved() -> None:
    assert WhatIf().is_nothing
    assert outcome(GOOD, WhatIf()).effect is Effect.SAME
    assert outcome(GOOD, WhatIf(now=NOW)).effect is Effect.SAME


def test_what_was_not_seen_or_not_kept_is_not_judged() -> None:
    given = diagnose_chain([Certificate.of(leaf().der)], host=HOST, anchors=STORE, now=NOW)
    for each in (unreachable(), given):
        assert outcome(each, WhatIf(now=NOW + 9_000 * DAY)).effect is Effect.NOT_JUDGED


def test_reports_are_judged_one_at_a_time_as_they_are_asked_for() -> None:
    judged: list[Evidence] = []

    def counting(evidence: Evidence, now: datetime | None, anchors: AnchorStore) -> Report:
        judged.append(evidence)
        return judge(evidence, now, anchors)

    outcomes = judge_again([GOOD] * 10_000, WhatIf(now=NOW + DAY), counting, STORE)
    assert [each.position for each in islice(outcomes, 3)] == [0, 1, 2]
    assert len(judged) == 3


def test_the_judge_is_given_the_moment_and_the_roots_that_are_left() -> None:
    asked: list[tuple[datetime | None, int]] = []

    def noting(evidence: Evidence, now: datetime | None, anchors: AnchorStore) -> Report:
        asked.append((now, len(anchors)))
        return judge(evidence, now, anchors)

    removed = frozenset({ROOT_SHA256})
    list(judge_again([GOOD], WhatIf(now=NOW + DAY, without_roots=removed), noting, STORE))
    list(judge_again([GOOD], WhatIf(without_roots=removed), noting, STORE))
    assert asked == [(NOW + DAY, 1), (NOW, 1)]


def test_everything_that_ends_on_the_best_path_is_dated_soonest_first() -> None:
    short = ROOT.intermediate("Short CA", wish=replace(CA_WISH, ends=50 * DAY))
    found = breaking_dates(report(leaf(short, ends=80 * DAY), short))
    assert [(each.when, each.why(NOW)) for each in found] == [
        (NOW + 50 * DAY, "the intermediate Short CA ends"),
        (NOW + 80 * DAY, "the certificate ends"),
        (NOW + 3_000 * DAY, "the root Example Root ends"),
    ]
    assert found[0].why(NOW + 51 * DAY) == "the intermediate Short CA ended"
    assert breaking_dates(unreachable()) == ()


@pytest.mark.parametrize("position", [0, 1])
def test_a_host_breaks_at_its_first_breaking_date_and_not_before(position: int) -> None:
    short = ROOT.intermediate("Short CA", wish=replace(CA_WISH, ends=50 * DAY))
    host = [report(leaf(short, ends=80 * DAY), short), GOOD][position]
    first = breaking_dates(host)[0].when
    assert outcome(host, WhatIf(now=first)).effect is not Effect.BREAKS
    assert outcome(host, WhatIf(now=first + timedelta(seconds=1))).effect is Effect.BREAKS


def test_the_day_on_which_a_store_drops_the_root_is_dated_too() -> None:
    root = stand_in(DIGICERT_G1)
    anchors = AnchorStore([Anchor(root)], label=MOZILLA, is_public=True)
    # No key of a public root is at hand to sign below it: the root itself, sent alone, has no path above it.
    own = diagnose_chain([root], host=None, anchors=anchors, now=NOW)
    assert not any("Mozilla" in each.what for each in breaking_dates(own))
    best = own.paths[0]
    below = replace(
        best, links=(replace(best.links[0], certificate=Certificate.of(leaf().der)), best.links[0])
    )
    dates = breaking_dates(replace(own, paths=(below,)))
    name = root_with(DIGICERT_G1).display_name
    said = [each for each in dates if "trust" in each.what]
    assert [each.what for each in said] == [f"Mozilla's trust in the root {name}"]


def test_roots_in_use_are_counted_most_used_first() -> None:
    other = report(leaf(STRANGE_ISSUER), STRANGE_ISSUER)
    reports: Sequence[Report] = [other, GOOD, GOOD, unreachable()]
    assert [(root.display_name, count) for root, count in roots_in_use(reports)] == [
        ("Example Root", 2),
        ("Strange Root", 1),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2027-01-31", datetime(2027, 1, 31, tzinfo=UTC)),
        (" 2027-01-31T18:00+01:00 ", datetime(2027, 1, 31, 17, tzinfo=UTC)),
        ("+30d", NOW + 30 * DAY),
        ("+30", NOW + 30 * DAY),
        ("-2W", NOW - 14 * DAY),
        ("+ 6m", NOW + 180 * DAY),
        ("+1y", NOW + 365 * DAY),
        ("+99999y", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        ("-99999y", datetime(1, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, expected: datetime) -> None:
    assert moment_of(text, NOW) == expected


@pytest.mark.parametrize(
    "text", ["", "soon", "30", "+d", "2027-13-01", "+1000000d", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_moment_is_none(text: str) -> None:
    assert moment_of(text, NOW) is None


def test_the_clock_stops_at_the_end_of_the_calendar() -> None:
    last = moved(NOW, 3_000_000 * DAY)
    assert moved(last, DAY) == last
    far = outcome(GOOD, WhatIf(now=last))
    assert far.effect is Effect.BREAKS
    assert outcome(GOOD, WhatIf(now=datetime(1, 1, 1, tzinfo=UTC))).effect is Effect.BREAKS


def test_the_verdict_of_the_example_is_what_these_tests_begin_with() -> None:
    assert GOOD.verdict is Verdict.TRUSTED
    assert GOOD.findings == ()
