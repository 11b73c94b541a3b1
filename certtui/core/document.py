"""A report as plain JSON values, by the schema in `certtui/report/report.schema.json`. It adds no judgement."""

from __future__ import annotations

from datetime import datetime

from certtui.core.certificate import Certificate
from certtui.core.clients import ClientVerdict
from certtui.core.evidence import Evidence, Failure, Loaded, Reached, Unreachable
from certtui.core.finding import Fact, Finding
from certtui.core.paths import Path
from certtui.core.report import Report

SCHEMA_VERSION = 1
"""Goes up when a field changes its meaning or goes; new fields may come at any time."""

_MOST_PATHS = 16
"""The best paths; a hostile list of certificates has hundreds, each as long as all the others."""

Json = dict[str, "Json"] | list["Json"] | str | int | float | bool | None


def report_document(report: Report) -> dict[str, Json]:
    """Return everything about a report; strings are raw, as observed."""
    evidence = report.evidence
    return {
        "schema_version": SCHEMA_VERSION,
        "target": evidence.target.label if evidence is not None else None,
        "host": report.host,
        "verdict": report.verdict,
        "badge": report.badge,
        "badges": list(report.badges),
        "badge_words": [report.shown_badge(category).word for category in report.badges],
        "severity": report.severity,
        "judged_at": _time(report.now),
        "findings": [_finding(finding) for finding in report.findings],
        "chain": [_certificate(certificate) for certificate in report.chain],
        "unused": [*sorted(report.unused)],
        "paths": [_path(path) for path in report.paths[:_MOST_PATHS]],
        "clients": [_client(verdict) for verdict in report.clients] if report.chain else [],
        "unchecked": [{"what": unchecked.what, "why": unchecked.why} for unchecked in report.unchecked],
        "connection": _connection(evidence) if evidence is not None else None,
    }


def _finding(finding: Finding) -> Json:
    return {
        "code": finding.code,
        "category": finding.category,
        "severity": finding.severity,
        "certificate": finding.certificate,
        "title": finding.title,
        "summary": finding.summary,
        "evidence": [_fact(fact) for fact in finding.evidence],
    }


def _fact(fact: Fact) -> Json:
    return {"label": fact.label, "value": fact.value}


def _certificate(certificate: Certificate) -> Json:
    return {
        "subject": certificate.subject.rfc4514,
        "issuer": certificate.issuer.rfc4514,
        # In hexadecimal, since JSON's numbers end where serial numbers begin.
        "serial": f"{certificate.serial:x}" if certificate.serial is not None else None,
        "not_before": _time(certificate.not_before),
        "not_after": _time(certificate.not_after),
        "names": [{"kind": name.kind, "value": name.value} for name in certificate.san],
        "is_ca": certificate.is_ca,
        "key": certificate.key.label,
        "signature_algorithm": certificate.signature_algorithm,
        "sha256": certificate.sha256.hex(),
        "spki_sha256": certificate.key.spki_sha256.hex(),
        "problems": list(certificate.problems),
        "pem": certificate.to_pem(),
    }


def _path(path: Path) -> Json:
    return {
        "trusted": path.is_trusted,
        "certificates": [
            {
                "subject": link.certificate.subject.rfc4514,
                "sha256": link.certificate.sha256.hex(),
                "source": link.source,
                "index": link.index,
            }
            for link in path.links
        ],
        "findings": [_finding(finding) for finding in path.findings],
    }


def _client(verdict: ClientVerdict) -> Json:
    return {
        "client": verdict.client,
        "stance": verdict.stance,
        "shows": verdict.shows,
        "because": verdict.because,
        "basis": verdict.basis,
        "note": verdict.note,
    }


def _connection(evidence: Evidence) -> Json:
    match evidence.observation:
        case Reached(connection=connection, failure=failure):
            timing = connection.timing
            return {
                "observed_at": _time(evidence.observed_at),
                "address": connection.address,
                "port": connection.port,
                "server_name": connection.server_name,
                "protocol": connection.protocol,
                "cipher": connection.cipher,
                "group": connection.group,
                "alpn": connection.alpn,
                "client_certificate_requested": connection.client_certificate_requested,
                "failure": _failure(failure),
                "seconds": {
                    "resolve": timing.resolve_seconds,
                    "connect": timing.connect_seconds,
                    "starttls": timing.starttls_seconds,
                    "handshake": timing.handshake_seconds,
                },
            }
        case Unreachable(failure=failure, address=address):
            return {
                "observed_at": _time(evidence.observed_at),
                "address": address,
                "failure": _failure(failure),
            }
        case Loaded(path=path, skipped=skipped):
            return {"observed_at": _time(evidence.observed_at), "file": path, "skipped": list(skipped)}


def _failure(failure: Failure | None) -> Json:
    if failure is None:
        return None
    return {"code": failure.code, "stage": failure.stage, "detail": failure.detail}


def _time(moment: datetime | None) -> str | None:
    return moment.isoformat().replace("+00:00", "Z") if moment is not None else None
