"""Reports as JSON, whole or a line each. ASCII only, so that nothing in a certificate can act on a terminal."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence

from certtui.core.document import SCHEMA_VERSION, report_document
from certtui.core.report import Report, Verdict


def as_json(reports: Sequence[Report]) -> str:
    """Return one document with all reports and a count of each verdict, indented, ending in a line feed."""
    counted = Counter(report.verdict for report in reports)
    document = {
        "schema_version": SCHEMA_VERSION,
        "summary": {verdict.value: counted[verdict] for verdict in Verdict},
        "reports": [report_document(report) for report in reports],
    }
    return _safe(json.dumps(document, indent=2)) + "\n"


def as_json_line(report: Report) -> str:
    """Return a report on one line, ending in a line feed."""
    return _safe(json.dumps(report_document(report))) + "\n"


def _safe(text: str) -> str:
    # json escapes all but ASCII and C0; DEL is the one control character that it leaves.
    return text.replace("\x7f", "\\u007f")
