"""Cost of the history: 10,000 looks recorded as the explorer does, beside SQLite alone writing the same bytes."""

from __future__ import annotations

import gc
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import Connection, Evidence, Reached, Timing
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.lab.pki import Authority, Wish, now_to_the_second
from certtui.storage.evidence_codec import evidence_text
from certtui.storage.history import History
from certtui.storage.history_writer import HistoryWriter

HOSTS = 10_000
BATCH = 500
"""Looks that the screen collects at once, about."""
_CONNECTION = Connection(
    address="192.0.2.1",
    port=443,
    server_name="www.example.test",
    protocol="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    group="X25519MLKEM768",
    alpn="h2",
    client_certificate_requested=False,
    timing=Timing(resolve_seconds=0.01, connect_seconds=0.02, handshake_seconds=0.03),
)


def looks() -> list[Report]:
    """Return a look at each host, each with a leaf of its own below shared issuers.

    Leaves differ in their signatures alone: to the history they are octets.
    """
    now = now_to_the_second()
    root = Authority.root("Benchmark Root", now=now)
    issuer = root.intermediate("Benchmark CA")
    leaf = issuer.issue("www.example.test", Wish(names=("www.example.test",))).der
    anchors = AnchorStore([Anchor(Certificate.of(root.der))], label="the benchmark's")
    first = Evidence(
        target=HostTarget(host="www.example.test"),
        host="www.example.test",
        observed_at=now,
        observation=Reached(connection=_CONNECTION, chain=(leaf, issuer.der)),
    )
    report = diagnose_evidence(first, anchors=anchors)

    def of(number: int) -> Report:
        chain = (leaf[:-4] + number.to_bytes(4, "big"), issuer.der)
        seen = Reached(connection=_CONNECTION, chain=chain)
        evidence = replace(first, target=HostTarget(host=f"h{number}.example.test"), observation=seen)
        return replace(report, chain=tuple(map(Certificate.of, chain)), evidence=evidence)

    return [of(number) for number in range(HOSTS)]


def batches(reports: Sequence[Report]) -> Iterator[Sequence[Report]]:
    """Yield reports as the screen hands them over."""
    for start in range(0, len(reports), BATCH):
        yield reports[start : start + BATCH]


def history_seconds(reports: Sequence[Report], path: Path) -> float:
    """Return how long it takes until all is on the disk."""
    start = time.perf_counter()
    writer = HistoryWriter(History.open(path), print)
    for batch in batches(reports):
        writer.put(batch)
    if not writer.close(600):
        raise SystemExit("the history was not written within ten minutes")
    return time.perf_counter() - start


def sqlite_seconds(reports: Sequence[Report], path: Path) -> float:
    """Return how long SQLite takes for the same certificates and observations, in as many transactions."""
    rows = [
        (each.chain[0].sha256, each.chain[0].der, evidence_text(each.evidence))
        for each in reports
        if each.evidence
    ]
    start = time.perf_counter()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE looks (sha256 BLOB PRIMARY KEY, der BLOB, evidence TEXT)")
        for first in range(0, len(rows), BATCH):
            with connection:
                connection.executemany("INSERT INTO looks VALUES (?, ?, ?)", rows[first : first + BATCH])
    return time.perf_counter() - start


def _resident_bytes() -> int:
    with open("/proc/self/smaps_rollup") as rollup:
        return next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Rss:"))


def run(rounds: int = 5) -> None:
    """Print the time of alternating runs, the median of their ratios, and what the history costs beside time."""
    reports = looks()
    later = [
        replace(
            each, now=each.now + timedelta(minutes=10), evidence=replace(each.evidence, observed_at=each.now)
        )
        for each in reports
        if each.evidence is not None
    ]
    ratios: list[float] = []
    spans: list[float] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds):
            reference = sqlite_seconds(reports, Path(folder) / f"plain-{number}")
            spent = history_seconds(reports, Path(folder) / f"history-{number}")
            spans.append(spent)
            ratios.append(spent / reference)
            print(
                f"  round {number + 1}: SQLite alone {reference:.2f} s, history {spent:.2f} s: {ratios[-1]:.1f} times"
            )
        path = Path(folder) / "history-0"
        gc.collect()
        before = _resident_bytes()
        again = [history_seconds(later, path) for _ in range(rounds)]
        gc.collect()
        grown = (_resident_bytes() - before) / 1e6
        visits, reading = _reading(History.open(path), reports)
        size = path.stat().st_size / HOSTS
    microseconds = statistics.median(spans) / HOSTS * 1e6
    print(f"history of {HOSTS:,} hosts: {microseconds:.0f} µs a look (goal: at most 100)")
    print(f"  {statistics.median(ratios):.1f} times SQLite alone, which is handed finished rows")
    print(f"  the same looks again: {statistics.median(again):.2f} s")
    print(f"  memory grew by {grown:.1f} MB over {rounds} times {HOSTS:,} looks (goal: at most 5)")
    print(f"  {size:.0f} octets a host; the {visits} visit of a host read in {reading * 1000:.1f} ms")


def _reading(history: History, reports: Sequence[Report]) -> tuple[int, float]:
    evidence = reports[HOSTS // 2].evidence
    assert evidence is not None
    start = time.perf_counter()
    visits = history.visits(evidence.target)
    return len(visits), time.perf_counter() - start
