"""Scan rate: the engine (fetch, parse, diagnose) beside the C client (fetch, parse, verify) on the same hosts."""

from __future__ import annotations

import statistics
import time
from functools import partial
from pathlib import Path

from benchmarks.farm import PORT, Farm
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.report import Report, Verdict
from certtui.core.target import HostTarget
from certtui.probe.scan import Engine
from certtui.probe.settings import ProbeSettings
from certtui.trust.store import load_store


def farm_settings(farm: Farm, concurrency: int) -> tuple[list[HostTarget], ProbeSettings]:
    """Return a target for each host of the farm, and settings under which its name resolves."""
    routes = {(name, 443): (address, PORT) for address, name in farm.hosts}
    settings = ProbeSettings(concurrency=concurrency, routes=routes)
    return [HostTarget(host=name) for _, name in farm.hosts], settings


def scan_rate(farm: Farm, concurrency: int) -> tuple[float, list[Report]]:
    """Return hosts per second of one scan of the whole farm, and the reports."""
    targets, settings = farm_settings(farm, concurrency)
    judge = partial(diagnose_evidence, anchors=load_store("mozilla", Path(farm.root)))
    engine = Engine(settings, judge)
    start = time.perf_counter()
    engine.submit(targets)
    reports: list[Report] = []
    while len(reports) < len(targets):
        engine.wait(1.0)
        reports += [inspected.report for inspected in engine.take()]
    spent = time.perf_counter() - start
    engine.close()
    refused = [report for report in reports if report.verdict is not Verdict.TRUSTED]
    if refused:
        raise SystemExit(f"{len(refused)} hosts of the farm were not trusted: {refused[0].findings[:3]}")
    return len(targets) / spent, reports


def run(farm: Farm, rounds: int = 5, concurrency: int = 50) -> None:
    """Print the rates of alternating runs and the median of their ratios."""
    ratios: list[float] = []
    scan_rate(farm, concurrency)
    for number in range(rounds):
        reference = farm.grab(concurrency)
        rate, _ = scan_rate(farm, concurrency)
        ratios.append(rate / reference)
        print(
            f"  round {number + 1}: C client {reference:.0f} hosts/s, certtui {rate:.0f} hosts/s: {ratios[-1]:.0%}"
        )
    print(f"scan rate: {statistics.median(ratios):.0%} of the C client's (goal: at least 60%)")
