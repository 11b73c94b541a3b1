"""Memory of 1,000 results: every report of a farm scan held, as the explorer holds them."""

from __future__ import annotations

import gc
import multiprocessing
from multiprocessing.connection import Connection

from benchmarks.farm import Farm
from benchmarks.scan import scan_rate


def _resident_bytes() -> int:
    with open("/proc/self/smaps_rollup") as rollup:
        return next(int(line.split()[1]) * 1024 for line in rollup if line.startswith("Rss:"))


def _measure(farm: Farm, result: Connection) -> None:
    warm_up = Farm(folder=farm.folder, hosts=farm.hosts[:200], grabber=farm.grabber)
    scan_rate(warm_up, 50)
    gc.collect()
    before = _resident_bytes()
    _, reports = scan_rate(farm, 50)
    gc.collect()
    result.send((_resident_bytes() - before, len(reports)))


def run(farm: Farm) -> None:
    """Print how much the resident memory of a fresh process grows with the reports of the whole farm."""
    context = multiprocessing.get_context("spawn")
    here, there = context.Pipe()
    process = context.Process(target=_measure, args=(farm, there))
    process.start()
    grown, count = here.recv()
    process.join()
    per_thousand = grown / count * 1000 / 1e6
    print(f"memory: {per_thousand:.1f} MB per 1,000 hosts (goal: at most 4 MB)")
