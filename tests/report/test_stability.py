"""One input has one answer, to the letter: twice, in another process, and in another order of hashes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from certtui.report.json import as_json, as_json_line
from certtui.report.text import TextWriter
from tests.core.examples import NOW
from tests.report.samples import diagnosed, many_faults

_PROGRAM = """
import json, sys
from datetime import datetime
import certtui
from certtui.report.json import as_json
from certtui.report.text import TextWriter

given = json.load(sys.stdin)
sent, anchors = ([bytes.fromhex(each) for each in given[name]] for name in ("sent", "anchors"))
report = certtui.diagnose(
    sent, host=given["host"], anchors=anchors, now=datetime.fromisoformat(given["now"])
)
sys.stdout.write(as_json([report]) + TextWriter().report(report))
"""


def test_the_same_chain_gives_the_same_document_and_the_same_lines() -> None:
    chain = many_faults()

    reports = [diagnosed(chain) for _ in range(3)]

    assert len({as_json([report]) for report in reports}) == 1
    assert len({as_json_line(report) for report in reports}) == 1
    assert len({TextWriter(in_colour=True).report(report) for report in reports}) == 1


@pytest.mark.parametrize("seed", ["0", "1", "4711"])
def test_no_answer_depends_on_the_process_or_its_hashes(seed: str) -> None:
    chain = many_faults()
    given = {
        "sent": [octets.hex() for octets in chain.sent],
        "anchors": [octets.hex() for octets in chain.anchors],
        "host": chain.host,
        "now": NOW.isoformat(),
    }
    here = diagnosed(chain)

    there = subprocess.run(
        [sys.executable, "-c", _PROGRAM],
        input=json.dumps(given),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "utf-8"},
    )

    assert there.stdout == as_json([here]) + TextWriter().report(here)
