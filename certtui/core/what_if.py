"""The time machine: what would become of reports at another moment, or without some roots. It fetches nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import role
from certtui.core.checks.stores import root_of
from certtui.core.distrust import departure
from certtui.core.evidence import Evidence
from certtui.core.finding import Finding
from certtui.core.report import Report, Verdict
from certtui.core.roots import stores

Judge = Callable[[Evidence, datetime | None, AnchorStore], Report]
"""Judges what was observed, at a moment, by a store."""

_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_LAST = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)
_MOST_NAMES = 3
_STEPS = {"d": timedelta(days=1), "w": timedelta(days=7), "m": timedelta(days=30), "y": timedelta(days=365)}
_STEP = re.compile(r"([+-])\s*(\d{1,5})\s*([dwmy]?)")


@dataclass(frozen=True, slots=True, kw_only=True)
class WhatIf:
    """Circumstances that are not so."""

    now: datetime | None = None
    """The moment to judge at; None leaves every report at its own."""
    without_roots: frozenset[bytes] = frozenset()
    """SHA-256 of roots that nobody trusts any more."""

    @property
    def is_nothing(self) -> bool:
        """Whether everything is as it is."""
        return self.now is None and not self.without_roots


class Effect(StrEnum):
    """What becomes of a report."""

    BREAKS = "breaks"
    """Clients would refuse what they take."""
    REPAIRED = "repaired"
    """Clients would take what they refuse."""
    WARNED = "warned"
    """There would be a warning that there was not."""
    SAME = "same"
    NOT_JUDGED = "not judged"
    """No certificate was seen, or what was observed was not kept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What becomes of one report."""

    position: int
    """Its place among the reports that were given."""
    effect: Effect
    reason: Finding | None = None
    """The finding that breaks it or warns, or the one that is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakingDate:
    """A moment after which something that a path rests on is no longer so."""

    when: datetime
    what: str
    """What ends then: `the certificate`, `the intermediate Example CA`; raw text."""

    def why(self, now: datetime) -> str:
        """Return it as a sentence, `the certificate ends`, or `ended` where it has; raw text."""
        return f"{self.what} {'ends' if self.when >= now else 'ended'}"


def without(store: AnchorStore, roots: frozenset[bytes]) -> AnchorStore:
    """Return a store without some roots, given by the SHA-256 of their certificates.

    A trust anchor is a name and a key (RFC 5280 §6.1.1), so that other certificates of the same root go with it.
    """
    gone = [anchor.certificate for anchor in store if anchor.certificate.sha256 in roots]
    if not gone:
        return store
    keys = {(certificate.subject_key, certificate.spki) for certificate in gone}
    kept = [a for a in store if (a.certificate.subject_key, a.certificate.spki) not in keys]
    names = dict.fromkeys(certificate.display_name for certificate in gone)
    said = ", ".join(names) if len(names) <= _MOST_NAMES else f"{len(names)} roots"
    return AnchorStore(kept, label=f"{store.label} without {said}", is_public=store.is_public)


def judge_again(
    reports: Sequence[Report], what_if: WhatIf, judge: Judge, anchors: AnchorStore
) -> Iterator[Outcome]:
    """Yield what becomes of each report, one at a time, so that a caller can stop between any two.

    What none of the circumstances touches is not judged anew.
    """
    store = without(anchors, what_if.without_roots)
    for position, report in enumerate(reports):
        if not report.chain or report.evidence is None:
            yield Outcome(position=position, effect=Effect.NOT_JUDGED)
        elif what_if.now is None and not _rests_on(report, store):
            yield Outcome(position=position, effect=Effect.SAME)
        else:
            after = judge(report.evidence, what_if.now or report.now, store)
            effect, reason = _effect(report, after)
            yield Outcome(position=position, effect=effect, reason=reason)


def _rests_on(report: Report, store: AnchorStore) -> bool:
    """Whether any of a report's paths ends in an anchor that a store lacks."""
    return any(path.anchor is not None and store.exact(path.last) is None for path in report.paths)


def _effect(before: Report, after: Report) -> tuple[Effect, Finding | None]:
    if before.verdict is not Verdict.REJECTED and after.verdict is Verdict.REJECTED:
        return Effect.BREAKS, _new(before, after, Severity.ERROR)
    if before.verdict is Verdict.REJECTED and after.verdict is not Verdict.REJECTED:
        return Effect.REPAIRED, _new(after, before, Severity.ERROR)
    warning = _new(before, after, Severity.WARNING) if after.severity is Severity.WARNING else None
    return (Effect.WARNED, warning) if warning is not None else (Effect.SAME, None)


def _new(old: Report, new: Report, severity: Severity) -> Finding | None:
    """Return the gravest finding that only the newer has with this severity."""
    known = {(finding.code, finding.severity) for finding in old.findings}
    grave = [finding for finding in new.findings if finding.severity is severity]
    return next((finding for finding in grave if (finding.code, finding.severity) not in known), None)


def breaking_dates(report: Report) -> tuple[BreakingDate, ...]:
    """Return when what the best path rests on ends, soonest first, past or future.

    These are the notAfter of its certificates and the day on which a root store ends its trust in its root. Another
    path may outlive it; whether one does shows only when the report is judged at that moment.
    """
    best = report.best_path
    if best is None:
        return ()
    found = []
    for position, link in enumerate(best.links):
        if link.certificate.not_after is not None:
            what = role(link) if position else "the certificate"
            found.append(BreakingDate(when=link.certificate.not_after, what=what))
    root = root_of(best)
    leaves = departure(root) if root is not None else None
    if root is not None and leaves is not None:
        store = stores().get(leaves.store)
        title = store.title if store is not None else leaves.store
        found.append(BreakingDate(when=leaves.when, what=f"{title}'s trust in the root {root.display_name}"))
    return tuple(sorted(found, key=lambda each: each.when))


def roots_in_use(reports: Sequence[Report]) -> tuple[tuple[Certificate, int], ...]:
    """Return the trust anchors of the reports' best paths, each with how many rest on it, most used first."""
    used: Counter[Certificate] = Counter()
    for report in reports:
        best = report.best_path
        if best is not None and best.anchor is not None:
            used[best.anchor.certificate] += 1
    return tuple(used.most_common())


def moment_of(text: str, now: datetime) -> datetime | None:
    """Return the moment that a text names, None if it names none.

    It is a date or time in ISO 8601, UTC unless it says otherwise, or a step from `now`: `+30d`, `-2w`, `+6m`.
    """
    text = text.strip()
    step = _STEP.fullmatch(text.lower())
    try:
        if step is not None:
            sign, count, unit = step.groups()
            return moved(now, int(f"{sign}{count}") * _STEPS[unit or "d"])
        named = datetime.fromisoformat(text)
        return named.replace(tzinfo=named.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def moved(moment: datetime, by: timedelta) -> datetime:
    """Return a moment moved by a span, as far as the calendar goes."""
    try:
        return moment + by
    except OverflowError:
        return _LAST if by > timedelta() else _FIRST
