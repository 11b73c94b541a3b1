"""Each target's past chains, without duplicates, in an SQLite database. It judges nothing and waits for no network.

Several instances may write at once: each call opens the file anew, and each transaction is short.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

from certtui.core.catalogue import Code, Severity
from certtui.core.evidence import Evidence, Reached, Unreachable
from certtui.core.report import Report, Verdict
from certtui.core.target import Target
from certtui.storage.evidence_codec import Undecodable, evidence_of, evidence_text
from certtui.storage.history_file import READER_SECONDS, WRITER_SECONDS, Foreign, Newer, connect, is_damage
from certtui.storage.places import history_file, identity, set_aside
from certtui.storage.target_text import target_key
from certtui.storage.visit import Noted, Visit

MOST_VISITS = 1_000
"""Of one target that are kept and shown: a server with another certificate at each look must not fill the disk."""

_SUPPOSED = timedelta(hours=1)
"""A judgement this far from its observation is about another time: what would be, not what was."""

Answer = TypeVar("Answer")


class HistoryFault(Exception):
    """The history could not be read or written; its text says why, raw."""


class History:
    """The history in one file. Every method may be called from any thread; none keeps the file open."""

    def __init__(self, path: Path, *, is_on: bool = True, note: str | None = None) -> None:
        self.path = path
        self.is_on = is_on
        """Whether anything is kept; where not, every method does nothing and finds nothing."""
        self.note = note
        """What went wrong with the file and what was done about it; raw text."""

    @classmethod
    def open(cls, path: Path | None = None) -> History:
        """Return the history at `path`, by default in the user's data folder; it never raises.

        A damaged file, or another program's, is renamed to `….damaged` and a new one begun. A newer certtui's is
        left alone, and where no file can be made nothing is kept; `note` says so.
        """
        history = cls(path or history_file())
        try:
            history._run(lambda _: None)
        except HistoryFault as fault:
            history.is_on = False
            history.note = f"no history is kept: {fault}"
        return history

    def record(self, reports: Sequence[Report]) -> None:
        """Keep what was observed, in one transaction; raise `HistoryFault` if it cannot be written.

        A look that saw what the last one of its target saw only counts on. Reports without evidence, those that are
        about another time, and those that certtui failed to make are passed over.
        """
        looks = [_look(report.evidence, report) for report in reports if report.evidence is not None]
        if looks := [look for look in looks if look is not None]:
            self._run(partial(_write, looks))

    def visits(self, target: Target) -> tuple[Visit, ...]:
        """Return what is kept of a target, newest first; raise `HistoryFault` if it cannot be read."""
        return self._run(partial(_read, target_key(target)), READER_SECONDS) or ()

    def prune(self, now: datetime, keep_days: int) -> None:
        """Forget what was last seen longer ago, and certificates that nothing refers to any more.

        Of each target at most the newest `MOST_VISITS` stay. Raises `HistoryFault` if that cannot be written.
        """
        self._run(partial(_forget, before=_written(now - timedelta(days=keep_days))))

    def close(self) -> None:
        """Keep and find nothing more."""
        self.is_on = False

    def _run(
        self, work: Callable[[sqlite3.Connection], Answer], busy_seconds: float = WRITER_SECONDS
    ) -> Answer | None:
        """Do work on a connection; None where nothing is kept. On a damaged file, do it again on a new one."""
        if not self.is_on:
            return None
        for is_last in (False, False, True):
            before = identity(self.path)
            try:
                return self._try(work, busy_seconds)
            except (sqlite3.Error, Foreign) as error:
                # Another instance may have put a new file in its place meanwhile.
                is_same = before in (None, identity(self.path))
                if is_last or (is_same and not is_damage(error)):
                    raise HistoryFault(self._sentence(error)) from error
                if is_same:
                    done = set_aside(self.path, before)
                    self.note = f"{self.path} is no history that can be read ({error}); {done}"
        raise AssertionError("the last attempt returns or raises")

    def _try(self, work: Callable[[sqlite3.Connection], Answer], busy_seconds: float) -> Answer:
        try:
            with closing(connect(self.path, busy_seconds)) as connection:
                return work(connection)
        except Newer:
            raise HistoryFault(f"{self.path} was written by a newer certtui and is left as it is") from None
        except OSError as error:
            raise HistoryFault(self._sentence(error.strerror or error)) from error

    def _sentence(self, reason: object) -> str:
        return f"{self.path}: {reason}"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Look:
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


def _look(evidence: Evidence, report: Report) -> _Look | None:
    noted = [*dict.fromkeys((each.code, each.severity) for each in report.findings)]
    is_supposed = abs(report.now - evidence.observed_at) > _SUPPOSED
    if is_supposed or any(code is Code.INTERNAL_ERROR for code, _ in noted):
        return None
    findings = json.dumps(noted)
    chain = tuple((certificate.sha256, certificate.der) for certificate in report.chain)
    outcome = [evidence.host, _outcome(evidence), report.verdict, sorted(noted)]
    digests = [digest.hex() for digest, _ in chain]
    return _Look(
        target=target_key(evidence.target),
        sameness=hashlib.sha256(json.dumps([digests, outcome]).encode("ascii")).digest(),
        seen=_written(evidence.observed_at),
        verdict=report.verdict,
        findings=findings,
        evidence=evidence_text(evidence),
        chain=chain,
    )


def _outcome(evidence: Evidence) -> str | None:
    observation = evidence.observation
    failure = observation.failure if isinstance(observation, Reached | Unreachable) else None
    return failure.code if failure is not None else None


def _written(moment: datetime) -> str:
    """Return a moment so that texts sort as moments do."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _write(looks: Iterable[_Look], connection: sqlite3.Connection) -> None:
    written: set[bytes] = set()
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        for look in looks:
            if _counts_on(connection, look):
                continue
            connection.executemany(
                "INSERT INTO certificates (sha256, der) VALUES (?, ?) ON CONFLICT DO NOTHING",
                [each for each in look.chain if each[0] not in written],
            )
            written.update(digest for digest, _ in look.chain)
            cursor = connection.execute(
                "INSERT INTO visits (target, sameness, last_seen, looks, verdict, findings, evidence) "
                "VALUES (?, ?, ?, 1, ?, ?, ?)",
                (look.target, look.sameness, look.seen, look.verdict, look.findings, look.evidence),
            )
            connection.executemany(
                "INSERT INTO links (visit, position, sha256) VALUES (?, ?, ?)",
                [(cursor.lastrowid, position, digest) for position, (digest, _) in enumerate(look.chain)],
            )


def _counts_on(connection: sqlite3.Connection, look: _Look) -> bool:
    """Count a look to the last visit of its target if it saw the same; return whether it did."""
    cursor = connection.execute(
        "UPDATE visits SET looks = looks + 1, last_seen = max(last_seen, ?) WHERE sameness = ? "
        "AND id = (SELECT max(id) FROM visits WHERE target = ?)",
        (look.seen, look.sameness, look.target),
    )
    return cursor.rowcount > 0


def _read(target: str, connection: sqlite3.Connection) -> tuple[Visit, ...]:
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


def _forget(connection: sqlite3.Connection, *, before: str) -> None:
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("DELETE FROM visits WHERE last_seen < ?", (before,))
        connection.execute(
            "DELETE FROM visits WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER "
            "(PARTITION BY target ORDER BY id DESC) AS place FROM visits) WHERE place > ?)",
            (MOST_VISITS,),
        )
        connection.execute("DELETE FROM certificates WHERE sha256 NOT IN (SELECT sha256 FROM links)")
    # The transaction only marks pages as free. As a script, since the pragma works once for each row that is asked for
    # and has none to give.
    connection.executescript("PRAGMA incremental_vacuum")
