"""Two reports side by side: what is the same, what differs, and what only one of them has. It judges neither.

Whatever moves with the clock alone, such as the days that are left or how long a handshake took, is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from certtui.core.alignment import (
    Comparison,
    Row,
    Section,
    Standing,
    keys_of,
    noted,
    numbered,
    pair,
    section,
)
from certtui.core.certificate_rows import certificate_sections, places, titled_findings
from certtui.core.clients import ClientVerdict
from certtui.core.evidence import Connection, Failure, Loaded, Observation, Reached, Unreachable
from certtui.core.finding import Fact, Finding
from certtui.core.moments import moment
from certtui.core.name_rows import name_rows
from certtui.core.report import Report

__all__ = ["Comparison", "Row", "Section", "Standing", "compare"]

_MOST_FINDINGS = 200
_MOST_CERTIFICATES = 20
_FindingKey = tuple[str, str, bytes]
"""A finding's code, the label of its row, and the SHA-256 of the certificate where only that tells it apart."""
_MOVING_FACTS = frozenset({"now"})
"""Evidence that is another at every look though nothing happened."""


def compare(left: Report, right: Report) -> Comparison:
    """Return two reports aligned, section by section; sections that have nothing on either side are left out."""
    sections = (
        section("Verdict", _verdict_rows(left, right)),
        section("Findings", _finding_rows(left, right)),
        section("Chain", _chain_rows(left, right)),
        *certificate_sections(left, right),
        section("Names", name_rows(left.leaf, right.leaf)),
        section("Clients", _client_rows(left, right)),
        section("Connection", _connection_rows(left, right)),
        section("Not checked", _unchecked_rows(left, right)),
    )
    return Comparison(sections=tuple(each for each in sections if each.rows))


def _verdict_rows(left: Report, right: Report) -> Iterator[Row]:
    yield pair("Verdict", left.verdict, right.verdict)
    yield pair("Badges", _badges(left), _badges(right))
    yield noted("Judged for", left.host or "no name", right.host or "no name")
    yield noted("Judged at", moment(left.now), moment(right.now))


def _badges(report: Report) -> str:
    return ", ".join(report.shown_badge(category).word for category in report.badges)


def _finding_rows(left: Report, right: Report) -> Iterator[Row]:
    lefts, rights = _findings(left), _findings(right)
    keys = keys_of(lefts, rights)
    for key in keys[:_MOST_FINDINGS]:
        (_, label, _), _ = key
        yield from _finding_pair(label, lefts.get(key), rights.get(key))
    if len(keys) > _MOST_FINDINGS:
        yield pair("Findings in all", str(len(lefts)), str(len(rights)))


def _findings(report: Report) -> dict[tuple[_FindingKey, int], Finding]:
    """Return findings by what they are about, and which of its like each is."""
    return numbered(
        ((finding.code.value, title, _unused(finding, report)), finding)
        for title, finding in titled_findings(report)
    )


def _unused(finding: Finding, report: Report) -> bytes:
    """Return what tells certificates without a role apart: they may be sent in any order."""
    index = finding.certificate
    if index is None or index not in report.unused:
        return b""
    return report.chain[index].sha256


def _finding_pair(label: str, left: Finding | None, right: Finding | None) -> Iterator[Row]:
    if left is None or right is None:
        yield pair(label, _said(left), _said(right))
        return
    yield pair(label, left.severity, right.severity)
    lefts, rights = _facts(left), _facts(right)
    for name in keys_of(lefts, rights):
        for one, other in zip_longest(lefts.get(name, ()), rights.get(name, ())):
            if one != other:
                yield pair(f"  {name}", one, other)


def _said(finding: Finding | None) -> str | None:
    return f"{finding.severity}: {finding.summary}" if finding is not None else None


def _facts(finding: Finding) -> dict[str, list[str]]:
    by_label: dict[str, list[str]] = {}
    for fact in filter(_is_steady, finding.evidence):
        by_label.setdefault(fact.label, []).append(fact.value)
    return by_label


def _is_steady(fact: Fact) -> bool:
    return fact.label not in _MOVING_FACTS


def _chain_rows(left: Report, right: Report) -> Iterator[Row]:
    yield pair("As sent", _as_sent(left), _as_sent(right))
    yield pair("Ends in", _end(left), _end(right))


def _as_sent(report: Report) -> str | None:
    if not report.chain:
        return None
    named = places(report)[:_MOST_CERTIFICATES]
    more = ", …" if len(report.chain) > _MOST_CERTIFICATES else ""
    return f"{len(report.chain)}: {', '.join(named)}{more}"


def _end(report: Report) -> str | None:
    best = report.best_path
    if best is None:
        return None
    if best.anchor is not None:
        return f"trust anchor {best.last.display_name}"
    missing = report.missing_issuer
    if missing is not None:
        return f"nothing: {missing.common_name or missing.rfc4514 or 'an issuer without a name'} is missing"
    return f"{best.last.display_name}, not trusted"


def _client_rows(left: Report, right: Report) -> Iterator[Row]:
    """What clients make of a host that showed no certificate is not told, and so is no difference either."""
    lefts, rights = _clients(left), _clients(right)
    row = pair if lefts and rights else noted
    for name in keys_of(lefts, rights):
        yield row(name, lefts.get(name), rights.get(name))


def _clients(report: Report) -> dict[str, str]:
    return {verdict.client: _stance(verdict) for verdict in report.clients} if report.chain else {}


def _stance(verdict: ClientVerdict) -> str:
    return f"{verdict.stance}: {verdict.shows}" if verdict.shows else verdict.stance


def _connection_rows(left: Report, right: Report) -> Iterator[Row]:
    """Only two connections can differ: a file has none, and one that failed has nothing to compare with."""
    before, after = _observation(left), _observation(right)
    both_were_tried = not (_is_untried(before) or _is_untried(after))
    were_reached = isinstance(before, Reached) and isinstance(after, Reached)
    yield noted("Source", _source(left), _source(right))
    yield noted("Looked at", _observed(left), _observed(right))
    row = pair if both_were_tried else noted
    yield row("Address", _address(left), _address(right))
    yield row("Ended", _ended(before), _ended(after))
    row = pair if were_reached else noted
    lefts, rights = _settled(before), _settled(after)
    for name in keys_of(lefts, rights):
        yield row(name, lefts.get(name), rights.get(name))
    yield noted("Server name sent", _server_name(before), _server_name(after))
    yield noted("Handshake took", _took(before), _took(after))
    yield noted("Not read", _skipped(before), _skipped(after))


def _observation(report: Report) -> Observation | None:
    return report.evidence.observation if report.evidence is not None else None


def _is_untried(observation: Observation | None) -> bool:
    return observation is None or isinstance(observation, Loaded)


def _source(report: Report) -> str | None:
    return report.evidence.target.label if report.evidence is not None else None


def _observed(report: Report) -> str | None:
    return moment(report.evidence.observed_at) if report.evidence is not None else None


def _address(report: Report) -> str | None:
    observation = _observation(report)
    if isinstance(observation, Reached):
        return f"{observation.connection.address} port {observation.connection.port}"
    return report.address


def _ended(observation: Observation | None) -> str | None:
    """How the connection ended where it ended badly."""
    if isinstance(observation, Reached):
        return _failed(observation.failure) if observation.failure is not None else "as it should"
    return _failed(observation.failure) if isinstance(observation, Unreachable) else None


def _failed(failure: Failure) -> str:
    return f"at {failure.stage}: {failure.detail}"


def _settled(observation: Observation | None) -> dict[str, str]:
    if not isinstance(observation, Reached):
        return {}
    connection: Connection = observation.connection
    return {
        "Protocol": connection.protocol or "not settled",
        "Cipher": connection.cipher or "not settled",
        "Key exchange group": connection.group or "not told",
        "ALPN": connection.alpn or "none",
        "Client certificate": "asked for" if connection.client_certificate_requested else "not asked for",
        "Stapled response": "none" if observation.stapled_ocsp is None else "sent",
    }


def _server_name(observation: Observation | None) -> str | None:
    return observation.connection.server_name or "none" if isinstance(observation, Reached) else None


def _took(observation: Observation | None) -> str | None:
    seconds = observation.connection.timing.handshake_seconds if isinstance(observation, Reached) else None
    return f"{seconds * 1000:.0f} ms" if seconds is not None else None


def _skipped(observation: Observation | None) -> str | None:
    return ", ".join(observation.skipped) or None if isinstance(observation, Loaded) else None


def _unchecked_rows(left: Report, right: Report) -> Iterator[Row]:
    """Nothing is checked of a chain that was not seen; that is said by the verdict already."""
    lefts, rights = _unchecked(left), _unchecked(right)
    row = pair if left.chain and right.chain else noted
    for what in keys_of(lefts, rights):
        yield row(what, lefts.get(what), rights.get(what))


def _unchecked(report: Report) -> dict[str, str]:
    whys: dict[str, list[str]] = {}
    for each in report.unchecked:
        whys.setdefault(each.what, []).append(each.why)
    return {what: "; ".join(said) for what, said in whys.items()}
