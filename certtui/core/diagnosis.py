"""The diagnosis: evidence in, Report out. It must never fetch, read or ask the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from certtui.core.catalogue import Category, Severity
from certtui.core.certificate import Certificate
from certtui.core.evidence import Evidence, Unchecked
from certtui.core.finding import Finding
from certtui.core.paths import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What is known of one endpoint or chain, and what it means."""

    host: str | None
    """The name or address that was judged, None if names were left unjudged."""
    now: datetime
    """The moment that validity was judged at; aware, UTC."""
    chain: tuple[Certificate, ...]
    """The certificates as sent."""
    findings: tuple[Finding, ...]
    """Every fault, gravest first."""
    paths: tuple[Path, ...]
    """Candidate paths from the leaf, best first; the first is what the verdict rests on."""
    unchecked: tuple[Unchecked, ...]
    evidence: Evidence | None = None
    """What was observed, where the chain was fetched or read rather than given."""
