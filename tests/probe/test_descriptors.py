"""A scan opens no more connections than the system lets it."""

from __future__ import annotations

import json
import subprocess
import sys

_SCRIPT = """
import resource, sys
resource.setrlimit(resource.RLIMIT_NOFILE, (96, 96))
from certtui.cli import main
main(["check", *(f"127.0.0.{n}:1" for n in range(1, 201)), "--jsonl", "--concurrency", "5000"])
"""
_RAISE = """
import resource
resource.setrlimit(resource.RLIMIT_NOFILE, (96, 400))
from certtui.probe.descriptors import most_connections
print(most_connections(300), resource.getrlimit(resource.RLIMIT_NOFILE)[0], most_connections(5000))
"""


def run(script: str) -> str:
    """Run a script in a process of its own, whose limits are its own."""
    command = [sys.executable, "-c", script]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout


def test_more_hosts_than_descriptors_are_looked_at_all_the_same() -> None:
    reports = [json.loads(line) for line in run(_SCRIPT).splitlines()]

    assert len(reports) == 200
    assert {report["findings"][0]["code"] for report in reports} == {"refused"}


def test_the_soft_limit_is_raised_as_far_as_it_may_be() -> None:
    within, soft, beyond = map(int, run(_RAISE).split())

    assert (within, soft) == (300, 348)
    assert beyond == 352
