"""What can be found of a target: texts to search, made once for each report. It parses no query."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from certtui.core.catalogue import BADGES, Badge, Category, Severity
from certtui.core.labels import NO_LABELS, Labels
from certtui.core.moments import share_left
from certtui.core.target import HostTarget, Target

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.distinguished_name import Name
    from certtui.core.report import Report

_MOST_UNICODE_NAMES = 100
"""Each takes a while to turn into Unicode, and a certificate may hold thousands."""
_DAY_SECONDS = 86_400
WAITING = "waiting"
"""The state of a target without a report."""
FAILED = "failed"
"""The state of a target with an error or a warning."""
CHANGED = "changed"
"""The state of a target that was seen to change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeafText:
    """What can be found of one leaf, shared by all targets that send it; all texts are raw and in lower case."""

    not_before: datetime | None
    not_after: datetime | None
    subject: str
    issuer: str
    issued_by: str
    """What to sort by: the issuer's organization and common name."""
    san: str
    """Every subject alternative name on a line of its own, those with A-labels in Unicode as well."""
    key: str
    """The kind of key in short, ` rsa2048`, ` ecp256 p256`: each way to begin stands behind a space."""
    signature: str
    """The signature's algorithm without hyphens."""
    serial: str
    """The serial number in hexadecimal, without leading zeros."""


_leaves: WeakKeyDictionary[Certificate, LeafText] = WeakKeyDictionary()


def leaf_text(leaf: Certificate) -> LeafText:
    """Return what can be found of a leaf."""
    known = _leaves.get(leaf)
    if known is None:
        known = _leaves[leaf] = _read(leaf)
    return known


def _read(leaf: Certificate) -> LeafText:
    fields, issuer = leaf.fields, leaf.issuer
    return LeafText(
        not_before=fields.not_before,
        not_after=fields.not_after,
        subject=_name_text(leaf.subject),
        issuer=_name_text(issuer),
        issued_by=" ".join(filter(None, (issuer.first("O"), issuer.common_name))).lower()
        or issuer.rfc4514.lower(),
        san="\n".join(_both_forms(name.value for name in leaf.san)).lower(),
        key=_key_text(leaf.key.label),
        signature=leaf.signature_algorithm.lower().replace("-", ""),
        serial=f"{abs(fields.serial):x}" if fields.serial is not None else "",
    )


def _name_text(name: Name) -> str:
    """Return a name as RFC 4514 writes it, and its values once more where that has to escape them."""
    plain = "\n".join(value for _, value in name.attributes) if "\\" in name.rfc4514 else ""
    return f"{name.rfc4514}\n{plain}".lower() if plain else name.rfc4514.lower()


def _both_forms(names: Iterable[str]) -> list[str]:
    written = list(names)
    encoded = [name.lower() for name in written if "xn--" in name.lower()][:_MOST_UNICODE_NAMES]
    if not encoded:
        return written
    from certtui.core.names import as_unicode  # few names need it

    return written + [decoded for name in encoded if (decoded := as_unicode(name)) is not None]


@lru_cache(maxsize=256)
def _key_text(label: str) -> str:
    words = label.lower().removesuffix(" bits").replace("-", "").split()
    return "".join(f" {''.join(words[start:])}" for start in range(len(words)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Searchable:
    """What a query looks at; all texts are raw and in lower case."""

    target: Target
    report: Report | None
    labels: Labels
    leaf: LeafText | None
    name: str
    """The target's label, and in Unicode where it has A-labels."""
    states: frozenset[str]
    """The words that `is:` knows and that are true of it."""
    text: str
    """What plain words are looked for in: target, labels, badges, codes, subject and issuer."""

    @classmethod
    def of(
        cls,
        target: Target,
        report: Report | None = None,
        labels: Labels = NO_LABELS,
        *,
        has_changed: bool = False,
    ) -> Searchable:
        """Return what can be found of a target with this report, None if there is none yet."""
        leaf = leaf_text(report.leaf) if report is not None and report.leaf is not None else None
        name = _target_text(target)
        words = [name, labels.group or "", *labels.tags]
        if report is not None:
            words += [f"{report.shown_badge(badge).word} {badge}" for badge in report.badges]
            words += [finding.code for finding in report.findings]
        text = "\n".join(words).lower()
        return cls(
            target=target,
            report=report,
            labels=labels,
            leaf=leaf,
            name=name,
            states=_states(report) | {CHANGED} if has_changed else _states(report),
            text=f"{text}\n{leaf.subject}\n{leaf.issuer}" if leaf is not None else text,
        )

    @property
    def seconds_left(self) -> float | None:
        """How long the leaf is still valid at the moment of judgement, None where there is no date."""
        if self.leaf is None or self.leaf.not_after is None or self.report is None:
            return None
        return (self.leaf.not_after - self.report.now).total_seconds()

    @property
    def days_left(self) -> int | None:
        """The whole days of that; an expired leaf has fewer than 0."""
        seconds = self.seconds_left
        return math.floor(seconds / _DAY_SECONDS) if seconds is not None else None

    @property
    def life_left(self) -> float | None:
        """The share of its life that a leaf still has: 1 when it begins, below 0 once it has expired."""
        if self.leaf is None or self.report is None:
            return None
        return share_left(self.leaf.not_before, self.leaf.not_after, self.report.now)


def _target_text(target: Target) -> str:
    label = target.label.lower()
    if not isinstance(target, HostTarget) or "xn--" not in label:
        return label
    from certtui.core.names import as_unicode  # few names need it

    return f"{label}\n{as_unicode(target.host) or ''}"


def slug(word: str) -> str:
    """Return a badge's word as `is:` takes it: `WRONG NAME` is `wrong-name`."""
    letters = "".join(character if character.isalnum() else " " for character in word.lower())
    return "-".join(letters.split())


def _states(report: Report | None) -> frozenset[str]:
    if report is None:
        return frozenset((WAITING,))
    badges = tuple((badge, report.shown_badge(badge)) for badge in report.badges)
    return _states_of(badges, report.severity, report.verdict)


@lru_cache(maxsize=4096)
def _states_of(
    badges: tuple[tuple[Category, Badge], ...], severity: Severity | None, verdict: str
) -> frozenset[str]:
    """Return the words; hosts with the same badges share one set of them."""
    words = {verdict if verdict != "trusted" else "accepted"}
    for category, badge in badges:
        words |= {category.value, slug(badge.word), slug(badge.short_word)}
    if severity is not None:
        words.add(severity.value)
    if severity in (Severity.ERROR, Severity.WARNING):
        words.add(FAILED)
    return frozenset(words)


def known_states() -> frozenset[str]:
    """Return every word that `is:` may find."""
    words = {
        WAITING,
        FAILED,
        CHANGED,
        "accepted",
        "rejected",
        "unreachable",
        *(each.value for each in Severity),
    }
    for category, badge in BADGES.items():
        words |= {category.value, slug(badge.word), slug(badge.short_word)}
    return frozenset(words)
