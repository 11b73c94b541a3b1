"""Reports that never change, for pictures: what scripts/make_scenes.py once observed, judged at the same moment."""

from __future__ import annotations

import json
from base64 import b64decode
from datetime import datetime
from functools import cache
from pathlib import Path

from certtui.core.anchors import AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.storage.evidence_codec import evidence_of

_SCENES = json.loads(Path(__file__).with_name("scenes.json").read_text())
NOW = datetime.fromisoformat(_SCENES["now"])
ANCHORS = AnchorStore.of_certificates(
    [Certificate.of(b64decode(_SCENES["root"]))], label="the demo's own root"
)


@cache
def scenes() -> dict[Target, Report]:
    """Return a report of every house that was kept."""
    reports = {}
    for house in _SCENES["houses"]:
        evidence = evidence_of(house["evidence"], [b64decode(der) for der in house["chain"]])
        reports[evidence.target] = diagnose_evidence(evidence, anchors=ANCHORS, now=NOW)
    return reports
