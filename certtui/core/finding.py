"""A finding: one fault, named once, with the values that were compared. It must never hold presentation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from certtui.core.catalogue import CATALOGUE, SEVERITIES, Category, Code, Severity, precedence


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value, as observed; the text is raw and must pass `visible()` on its way to a screen."""

    label: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One fault of one endpoint or certificate."""

    code: Code
    severity: Severity
    certificate: int | None = None
    """Index of the certificate as sent, or None for the endpoint, the chain or a certificate not sent."""
    summary: str
    """One sentence that compares the values, e.g. `notAfter … is 10 days before now`; raw text."""
    evidence: tuple[Fact, ...] = ()
    """The compared values, one by one."""
    traits: frozenset[str] = frozenset()
    """Which of the code's cases this is, where clients tell them apart: the names of its parts in `clients.toml`."""

    @property
    def category(self) -> Category:
        """The category that the catalogue gives this finding's code."""
        return CATALOGUE[self.code].category

    @property
    def title(self) -> str:
        """The catalogue's few plain words for this finding's code."""
        return CATALOGUE[self.code].title

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sorts findings, gravest first, then by the catalogue's precedence, then by position in the chain."""
        position = -1 if self.certificate is None else self.certificate
        return (SEVERITIES.index(self.severity), precedence(self.code), position)


def finding(
    code: Code,
    summary: str,
    *evidence: Fact,
    certificate: int | None = None,
    severity: Severity | None = None,
    traits: Iterable[str] = (),
) -> Finding:
    """Make a finding with the catalogue's severity unless the context gives another."""
    return Finding(
        code=code,
        severity=severity or CATALOGUE[code].severity,
        certificate=certificate,
        summary=summary,
        evidence=evidence,
        traits=frozenset(traits),
    )
