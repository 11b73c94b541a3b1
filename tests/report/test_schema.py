"""The shipped schema says something: it describes every field, and refuses what lacks one or has a wrong value."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

from certtui.core.catalogue import Code
from certtui.core.report import Report
from certtui.report.json import as_json, as_json_line
from tests.report.samples import every_kind
from tests.report.test_json import REPORTS, SCHEMA

ALL = {**REPORTS, **every_kind()}
each = pytest.mark.parametrize("report", ALL.values(), ids=ALL.keys())
Document = dict[str, Any]


def one_report(report: Report) -> Document:
    """Return a document of one report, as a reader gets it."""
    document: Document = json.loads(as_json([report]))
    return document


def closed(schema: Document) -> Document:
    """Return the schema with unknown fields forbidden everywhere."""
    strict = copy.deepcopy(schema)
    for part in _parts(strict):
        if part.get("type") == "object":
            part["additionalProperties"] = False
    return strict


def _parts(value: object) -> Iterator[Document]:
    if isinstance(value, dict):
        yield value
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    for part in inner:
        yield from _parts(part)


def fits(document: Document) -> bool:
    """Return whether a document fits the schema."""
    return jsonschema.Draft202012Validator(SCHEMA).is_valid(document)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_samples_hold_every_code_and_every_verdict() -> None:
    found = {finding.code for report in ALL.values() for finding in report.findings}

    assert {report.verdict for report in ALL.values()} == {"trusted", "rejected", "unreachable"}
    assert found == set(Code)


@each
def test_every_field_that_is_written_is_described(report: Report) -> None:
    jsonschema.validate(one_report(report), closed(SCHEMA))


@each
def test_each_line_fits_the_schema_of_a_report(report: Report) -> None:
    of_a_report = {"$ref": "#/$defs/report", "$defs": SCHEMA["$defs"]}

    jsonschema.validate(json.loads(as_json_line(report)), of_a_report)


@pytest.mark.parametrize("field", SCHEMA["$defs"]["report"]["required"])
def test_a_report_that_lacks_a_field_is_refused(field: str) -> None:
    document = one_report(ALL["many faults"])

    del document["reports"][0][field]

    assert not fits(document)


@pytest.mark.parametrize(
    ("place", "field"),
    [
        *(("findings", field) for field in SCHEMA["$defs"]["finding"]["required"]),
        *(("chain", field) for field in SCHEMA["$defs"]["certificate"]["required"]),
        *(("clients", field) for field in SCHEMA["$defs"]["client"]["required"]),
        *(("paths", field) for field in SCHEMA["$defs"]["path"]["required"]),
    ],
)
def test_a_part_of_a_report_that_lacks_a_field_is_refused(place: str, field: str) -> None:
    document = one_report(ALL["many faults"])

    del document["reports"][0][place][0][field]

    assert not fits(document)


@pytest.mark.parametrize(
    ("place", "field", "wrong"),
    [
        (None, "verdict", "fine"),
        (None, "severity", "fatal"),
        (None, "schema_version", 2),
        (None, "judged_at", None),
        ("findings", "certificate", -1),
        ("findings", "severity", None),
        ("findings", "code", "Leaf Expired"),
        ("findings", "evidence", [{"label": "no value"}]),
        ("chain", "sha256", "00"),
        ("clients", "stance", "perhaps"),
    ],
)
def test_a_wrong_value_is_refused(place: str | None, field: str, wrong: object) -> None:
    document = one_report(ALL["many faults"])
    report = document["reports"][0]

    (report if place is None else report[place][0])[field] = wrong

    assert not fits(document)


def test_a_connection_is_told_with_all_that_was_negotiated() -> None:
    connection = one_report(ALL["a server that was reached"])["reports"][0]["connection"]

    assert connection["address"] == "2001:db8::1"
    assert connection["protocol"] == "TLSv1.3"
    assert connection["group"] == "X25519"
    assert connection["client_certificate_requested"] is True
    assert connection["seconds"] == {"resolve": 0.25, "connect": 0.5, "starttls": 1.0, "handshake": 2.0}


def test_moments_are_written_in_utc_with_a_z() -> None:
    report = one_report(ALL["a server that was reached"])["reports"][0]

    assert report["judged_at"] == report["connection"]["observed_at"] == "2026-11-25T12:00:00Z"
    assert report["chain"][0]["not_before"] == "2026-11-15T12:00:00Z"
