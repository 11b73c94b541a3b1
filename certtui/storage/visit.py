"""A visit: looks at one target that all saw the same, as the history keeps them. Values only; it reads nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from certtui.core.catalogue import CATALOGUE, Badge, Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.evidence import Evidence, Unreachable
from certtui.core.finding import Finding
from certtui.core.report import Report, Verdict


@dataclass(frozen=True, slots=True)
class Noted:
    """A finding as far as it is kept: by name."""

    code: Code
    severity: Severity

    @property
    def title(self) -> str:
        """The catalogue's few plain words for the code."""
        return CATALOGUE[self.code].title


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """Consecutive looks at one target that came to the same: chain, outcome and findings."""

    evidence: Evidence
    """What the first of these looks observed, exactly, so that the report can be made again."""
    last_seen: datetime
    """When the last of these looks began; aware, UTC."""
    looks: int
    """How many looks there were."""
    verdict: Verdict
    """What it came to at the time."""
    findings: tuple[Noted, ...] = ()
    """What was found at the time, gravest first."""

    @property
    def first_seen(self) -> datetime:
        """When the first of these looks began; aware, UTC."""
        return self.evidence.observed_at

    @property
    def chain(self) -> tuple[Certificate, ...]:
        """The certificates as sent; empty if none was seen."""
        observation = self.evidence.observation
        return () if isinstance(observation, Unreachable) else tuple(map(Certificate.of, observation.chain))

    @property
    def leaf(self) -> Certificate | None:
        """The first certificate sent."""
        chain = self.chain
        return chain[0] if chain else None

    @property
    def outline(self) -> Report:
        """The report as far as it is kept: chain and findings, but no summaries, paths or values compared."""
        findings = (Finding(code=each.code, severity=each.severity, summary="") for each in self.findings)
        return Report(
            host=self.evidence.host,
            now=self.first_seen,
            chain=self.chain,
            findings=tuple(findings),
            evidence=self.evidence,
        )

    @property
    def badge(self) -> Badge:
        """The badge that it had at the time."""
        outline = self.outline
        return outline.shown_badge(outline.badge)
