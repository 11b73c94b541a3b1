"""The Report: what is known of one endpoint or chain, and what it means. Values only; it decides nothing."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from certtui.core.catalogue import BADGES, PRECEDENCE, Badge, Category, Severity, badge_of
from certtui.core.certificate import Certificate
from certtui.core.distinguished_name import Name
from certtui.core.evidence import Evidence, Reached, Unchecked, Unreachable
from certtui.core.finding import Finding
from certtui.core.paths import Path

if TYPE_CHECKING:
    from certtui.core.clients import ClientVerdict


class Verdict(StrEnum):
    """What it all comes to."""

    TRUSTED = "trusted"
    """No error was found; there may be warnings."""
    REJECTED = "rejected"
    """Mainstream clients refuse."""
    UNREACHABLE = "unreachable"
    """No certificate was seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of one endpoint or chain, and what it means."""

    host: str | None
    """The name or address that was judged, in comparable form; None if names were left unjudged."""
    now: datetime
    """The moment that validity was judged at; aware, UTC."""
    chain: tuple[Certificate, ...]
    """The certificates as sent; empty if none was seen."""
    findings: tuple[Finding, ...] = ()
    """Every fault, gravest first."""
    paths: tuple[Path, ...] = ()
    """Candidate paths from the leaf, best first; the first is what the verdict rests on."""
    unchecked: tuple[Unchecked, ...] = ()
    """What was not checked, and why."""
    evidence: Evidence | None = None
    """What was observed, where the chain was fetched or read rather than given."""

    @property
    def verdict(self) -> Verdict:
        """Trusted, rejected or unreachable."""
        if not self.chain:
            return Verdict.UNREACHABLE
        return Verdict.REJECTED if self.severity is Severity.ERROR else Verdict.TRUSTED

    @property
    def severity(self) -> Severity | None:
        """The gravest severity found, None if nothing was found."""
        return self.findings[0].severity if self.findings else None

    @property
    def badge(self) -> Category:
        """What the badge shows: the category of the worst finding that is no mere notice, else trusted."""
        worst = self.findings[0] if self.findings else None
        if not self.chain and worst is None:
            return Category.CONNECTION
        if worst is None or worst.severity is Severity.NOTICE:
            return Category.TRUSTED
        return worst.category

    @property
    def badges(self) -> tuple[Category, ...]:
        """The categories of all errors and warnings, the badge first; `(trusted,)` if there are none."""
        found = dict.fromkeys(f.category for f in self.findings if f.severity is not Severity.NOTICE)
        rest = sorted(
            (category for category in found if category is not self.badge), key=PRECEDENCE.__getitem__
        )
        return (self.badge, *rest)

    def shown_badge(self, category: Category) -> Badge:
        """Return how one of `badges` looks here: as the category's own unless none of its findings says so much."""
        shown = [badge_of(finding.code) for finding in self.findings if finding.category is category]
        return BADGES[category] if BADGES[category] in shown or not shown else shown[0]

    @property
    def best_path(self) -> Path | None:
        """The path that the verdict rests on, None if no certificate was seen."""
        return self.paths[0] if self.paths else None

    @property
    def unused(self) -> frozenset[int]:
        """Indices of certificates that were sent and that the best path does not go through."""
        if not self.paths:
            return frozenset()
        used = {link.index for link in self.paths[0].links}
        return frozenset(index for index in range(len(self.chain)) if index not in used)

    @property
    def missing_issuer(self) -> Name | None:
        """The issuer that the best path names and that was not found, None if it ends as it should."""
        best = self.best_path
        if best is None or best.anchor is not None or best.last.is_self_signed:
            return None
        return best.last.issuer

    @property
    def leaf(self) -> Certificate | None:
        """The first certificate sent."""
        return self.chain[0] if self.chain else None

    @property
    def clients(self) -> tuple[ClientVerdict, ...]:
        """What each client does with it and which code it shows first."""
        from certtui.core.clients import client_verdicts

        return client_verdicts(self.findings)

    def to_json(self) -> str:
        """Return the report as one line of JSON in ASCII, by the schema in `certtui/report`."""
        from certtui.core.document import report_document

        return json.dumps(report_document(self), ensure_ascii=True)

    @property
    def address(self) -> str | None:
        """The IP address that answered or was last tried."""
        observation = self.evidence.observation if self.evidence else None
        if isinstance(observation, Reached):
            return observation.connection.address
        return observation.address if isinstance(observation, Unreachable) else None
