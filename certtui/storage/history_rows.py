"""What the history keeps, as rows of its tables: written, read and forgotten on an open connection."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from certtui.core.catalogue import Code, Severity
from certtui.core.evidence import Evidence, Reached, Unreachable
from certtui.core.report import Report, Verdict
from certtui.storage.evidence_codec import Undecodable, evidence_of, evidence_text
from certtui.storage.history_file import begin_writing
from certtui.storage.target_text import target_key
from certtui.storage.visit import Noted, Visit

MOST_VISITS = 1_000
"""Of one target that are kept and shown: a server with another certificate at each look must not fill the disk."""

_SUPPOSED = timedelta(hours=1)
"""A judgement this far from its observation is about another time: what would be, not what was."""

_UNUSED = (
    "DELETE FROM certificates WHERE NOT EXISTS (SELECT 1 FROM links WHERE links.sha256 = certificates.sha256)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look as it is written."""

    target: str
    sameness: bytes
    """A digest of what makes it another visit than the one before: chain, outcome and findings."""
    seen: str
    verdict: str
    findings: str
    evidence: str
    chain: tuple[tuple[bytes, bytes], ...]
    """Digest and octets of each certificate."""


def look_of(evidence: Evidence, report: Report) -> Look | None:
    """Return a look as it is written; None if it is one that is not kept, as `History.record` says."""
    noted = [*dict.fromkeys((each.code, each.severity) for each in report.findings)]
    is_supposed = abs(report.now - evidence.observed_at) > _SUPPOSED
    if is_supposed or any(code is Code.INTERNAL_ERROR for code, _ in noted):
        return None
    findings = json.dumps(noted)
    chain = tuple((certificate.sha256, certificate.der) for certificate in report.chain)
    outcome = [evidence.host, _outcome(evidence), report.verdict, sorted(noted)]
    digests = [digest.hex() for digest, _ in chain]
    return Look(
        target=target_key(evidence.target),
        sameness=hashlib.sha256(json.dumps([digests, outcome]).encode("ascii")).digest(),
        seen=written_moment(evidence.observed_at),
        verdict=report.verdict,
        findings=findings,
        evidence=evidence_text(evidence),
        chain=chain,
    )


def _outcome(evidence: Evidence) -> str | None:
    observation = evidence.observation
    failure = observation.failure if isinstance(observation, Reached | Unreachable) else None
    return failure.code if failure is not None else None


def written_moment(moment: datetime) -> str:
    """Return a moment so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def write(looks: Iterable[Look], connection: sqlite3.Connection) -> None:
    """Write looks, in one transaction."""
    written: set[bytes] = set()
    dropped: set[bytes] = set()
    with connection:
        begin_writing(connection)
        for look in looks:
            if _counts_on(connection, look):
                continue
            connection.executemany(
                "INSERT INTO certificates (sha256, der) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [each for each in look.chain if each[0] not in written],
            )
            written.update(digest for digest, _ in look.chain)
            _insert(connection, look)
            dropped.update(_drop_oldest(connection, look.target))
        # At the end, since a later look of these may have brought a certificate back.
        connection.executemany(f"{_UNUSED} AND sha256 = ?", [(digest,) for digest in dropped])


def _insert(connection: sqlite3.Connection, look: Look) -> None:
    cursor = connection.execute(
        "INSERT INTO visits (target, sameness, last_seen, looks, verdict, findings, evidence) "
        "VALUES (?, ?, ?, 1, ?, ?, ?)",
        (look.target, look.sameness, look.seen, look.verdict, look.findings, look.evidence),
    )
    connection.executemany(
        "INSERT INTO links (visit, position, sha256) VALUES (?, ?, ?)",
        [(cursor.lastrowid, position, digest) for position, (digest, _) in enumerate(look.chain)],
    )


def _drop_oldest(connection: sqlite3.Connection, target: str) -> set[bytes]:
    """Forget a target's visits beyond the newest `MOST_VISITS`; return the digests of their certificates."""
    too_many = connection.execute(
        "SELECT id FROM visits WHERE target = ? ORDER BY id DESC LIMIT -1 OFFSET ?", (target, MOST_VISITS)
    ).fetchall()
    dropped: set[bytes] = set()
    for visit in too_many:
        dropped.update(d for (d,) in connection.execute("SELECT sha256 FROM links WHERE visit = ?", visit))
        connection.execute("DELETE FROM visits WHERE id = ?", visit)
    return dropped


def _counts_on(connection: sqlite3.Connection, look: Look) -> bool:
    """Count a look to the last visit of its target if it saw the same; return whether it did."""
    cursor = connection.execute(
        "UPDATE visits SET looks = looks + 1, last_seen = max(last_seen, ?) WHERE sameness = ? "
        "AND id = (SELECT max(id) FROM visits WHERE target = ?)",
        (look.seen, look.sameness, look.target),
    )
    return cursor.rowcount > 0


def read(target: str, connection: sqlite3.Connection) -> tuple[Visit, ...]:
    """Return the visits of a target by its key, newest first."""
    shared: dict[bytes, bytes] = {}
    visits: list[Visit] = []
    with connection:
        connection.execute("BEGIN")
        rows = connection.execute(
            "SELECT id, evidence, last_seen, looks, verdict, findings FROM visits WHERE target = ? "
            "ORDER BY id DESC LIMIT ?",
            (target, MOST_VISITS),
        ).fetchall()
        for number, evidence, last_seen, looks, verdict, findings in rows:
            links = connection.execute(
                "SELECT der FROM links JOIN certificates USING (sha256) WHERE visit = ? ORDER BY position",
                (number,),
            )
            chain = [shared.setdefault(der, der) for (der,) in links]
            try:
                visits.append(
                    Visit(
                        evidence=evidence_of(evidence, chain),
                        last_seen=datetime.fromisoformat(last_seen),
                        looks=looks,
                        verdict=Verdict(verdict),
                        findings=_noted(findings),
                    )
                )
            except (Undecodable, ValueError):
                continue  # in words that this certtui does not know
    return tuple(visits)


def _noted(text: str) -> tuple[Noted, ...]:
    document: list[tuple[str, str]] = json.loads(text)
    codes = set(Code)
    return tuple(Noted(Code(code), Severity(severity)) for code, severity in document if code in codes)


def forget(connection: sqlite3.Connection, *, before: str) -> None:
    """Forget visits last seen before a moment, those beyond `MOST_VISITS`, and certificates that nobody refers to."""
    with connection:
        begin_writing(connection)
        connection.execute("DELETE FROM visits WHERE last_seen < ?", (before,))
        connection.execute(
            "DELETE FROM visits WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
            "(PARTITION BY target ORDER BY id DESC) AS place FROM visits) WHERE place > ?)",
            (MOST_VISITS,),
        )
        connection.execute(_UNUSED)
    # The transaction only marks pages as free. As a script, since the pragma works once for each row that is asked for
    # and has none to give.
    connection.executescript("PRAGMA incremental_vacuum")
