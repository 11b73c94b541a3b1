"""The diagnosis: evidence in, Report out. It must never fetch, read or ask the clock."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.connection import connection_findings
from certtui.core.checks.installation import installation_findings
from certtui.core.checks.interception import interception
from certtui.core.checks.keys import leaf_keys, path_keys
from certtui.core.checks.names import name_findings
from certtui.core.checks.policies import path_policies
from certtui.core.checks.presented_names import presented_name_findings
from certtui.core.checks.profile import leaf_profile, path_profile
from certtui.core.checks.public_rules import path_public_rules, public_suffix_wildcard
from certtui.core.checks.revocation import path_revocation, unchecked_revocation
from certtui.core.checks.status import must_staple_missing, revocation_absent
from certtui.core.checks.stores import path_stores, root_of
from certtui.core.checks.strict import path_strict
from certtui.core.checks.transparency import path_transparency, unchecked_transparency
from certtui.core.checks.trust import trust_findings
from certtui.core.checks.validity import leaf_validity, path_validity
from certtui.core.checks.weakness import leaf_weakness, path_weakness
from certtui.core.evidence import Evidence, Observation, Reached, RevocationData, Unchecked, Unreachable
from certtui.core.finding import Finding
from certtui.core.log_list import LogList
from certtui.core.names import reference_identity
from certtui.core.paths import Path, find_paths
from certtui.core.report import Report

_CLIENT_CERTIFICATE = Unchecked(
    "client certificate",
    "the server asked for one; whether it insists may show only once something is requested",
)


def diagnose_chain(
    chain: Sequence[Certificate],
    *,
    host: str | None,
    anchors: AnchorStore,
    now: datetime,
    pool: Sequence[Certificate] = (),
    purpose: str | None = "server",
    revocation: RevocationData | None = None,
    ct_logs: LogList | None = None,
    evidence: Evidence | None = None,
) -> Report:
    """Return every fault of a chain as sent, leaf first, judged at `now`.

    `host` None leaves names unjudged, `purpose` None the extended key usage. The answer depends on the
    arguments alone.
    """
    reference = reference_identity(host) if host is not None else None
    now = now.astimezone(UTC)
    sent = tuple(chain)
    if not sent:
        return Report(host=reference, now=now, chain=(), evidence=evidence)
    found = find_paths(sent, pool, anchors)
    case = Case(
        chain=sent,
        paths=found,
        anchors=anchors,
        host=reference,
        now=now.replace(microsecond=0),
        purpose=purpose,
        pool=tuple(pool),
        revocation=revocation or RevocationData(),
        ct_logs=ct_logs,
    )
    judged = [replace(path, findings=tuple(_path_findings(path, case))) for path in found]
    paths = tuple(sorted(judged, key=_path_rank))
    case = replace(case, paths=paths)
    findings = _in_order((*_leaf_findings(case), *paths[0].findings, *_chain_findings(case)))
    return Report(
        host=reference,
        now=now,
        chain=sent,
        findings=findings,
        paths=paths,
        unchecked=_shared_tuple(tuple(_unchecked(case))),
        evidence=evidence,
    )


def diagnose_evidence(
    evidence: Evidence,
    *,
    anchors: AnchorStore,
    now: datetime | None = None,
    crls: Sequence[bytes] = (),
    ct_logs: LogList | None = None,
) -> Report:
    """Return the diagnosis of what was observed, at `now` or else at the moment it was observed.

    A failed connection is a finding of its own; whatever chain arrived before it failed is judged all the same.
    """
    when = now if now is not None else evidence.observed_at
    observation = evidence.observation
    chain = () if isinstance(observation, Unreachable) else observation.chain
    certificates = [Certificate.of(octets) for octets in chain]
    report = diagnose_chain(
        certificates,
        host=evidence.host,
        anchors=anchors,
        now=when,
        revocation=_revocation_data(observation, crls),
        ct_logs=ct_logs,
        evidence=_shared(evidence, certificates),
    )
    if isinstance(observation, Reached) and _may_insist_later(observation):
        report = replace(report, unchecked=(*report.unchecked, _CLIENT_CERTIFICATE))
    named = {each.code for each in report.findings}
    connection = [each for each in connection_findings(observation) if each.code not in named]
    return replace(report, findings=_in_order((*connection, *report.findings))) if connection else report


def _revocation_data(observation: Observation, crls: Sequence[bytes]) -> RevocationData:
    if not isinstance(observation, Reached):
        return RevocationData(crls=tuple(crls))
    return RevocationData(
        crls=tuple(crls),
        stapled=observation.stapled_ocsp,
        # A handshake that was broken off may have ended before the response would have come.
        is_staple_known=observation.stapled_ocsp is not None or observation.failure is None,
    )


def _may_insist_later(reached: Reached) -> bool:
    return reached.failure is None and reached.connection.client_certificate_requested


def _shared(evidence: Evidence, certificates: Sequence[Certificate]) -> Evidence:
    """Return the evidence with the octets that all hosts with the same issuers share, so that they are kept once."""
    observation = evidence.observation
    if isinstance(observation, Unreachable):
        return evidence
    chain = tuple(certificate.der for certificate in certificates)
    return replace(evidence, observation=replace(observation, chain=chain))


def _leaf_findings(case: Case) -> Iterator[Finding]:
    yield from leaf_validity(case)
    yield from name_findings(case)
    yield from leaf_profile(case)
    yield from leaf_weakness(case)
    yield from leaf_keys(case)
    yield from presented_name_findings(case)
    yield from must_staple_missing(case)


def _path_findings(path: Path, case: Case) -> Iterator[Finding]:
    yield from path_validity(path, case)
    yield from path_profile(path, case)
    yield from path_policies(path)
    yield from path_strict(path)
    yield from path_weakness(path)
    yield from path_keys(path, case)
    yield from path_revocation(path, case)
    yield from path_transparency(path, case)


def _chain_findings(case: Case) -> Iterator[Finding]:
    yield from trust_findings(case)
    yield from path_stores(case.best, case)
    intercepted = interception(case.best, case)
    if intercepted is not None:
        yield intercepted
    yield from path_public_rules(case.best, case)
    yield from public_suffix_wildcard(case)
    yield from revocation_absent(case, is_public=root_of(case.best) is not None)
    yield from installation_findings(case)


def _unchecked(case: Case) -> Iterator[Unchecked]:
    """Yield what the verdict does not rest on; shown as such, never as a pass."""
    yield from unchecked_revocation(case.best, case)
    yield from unchecked_transparency(case.best, case)


@lru_cache(maxsize=256)
def _shared_tuple(unchecked: tuple[Unchecked, ...]) -> tuple[Unchecked, ...]:
    """Return an equal tuple, the same for all the hosts that it is equal for."""
    return unchecked


def _path_rank(path: Path) -> tuple[bool, bool, int, bool, int, int]:
    """Trusted paths come first, then those with fewest errors, those sent whole, those with fewest warnings."""
    errors = sum(finding.severity is Severity.ERROR for finding in path.findings)
    warnings = sum(finding.severity is Severity.WARNING for finding in path.findings)
    return (bool(path.broken), path.anchor is None, errors, not path.is_as_sent, warnings, len(path.links))


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(dict.fromkeys(findings), key=lambda each: each.rank))
