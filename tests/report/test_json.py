"""Reports as JSON fit their schema, hold every finding and cannot act on a terminal."""

from __future__ import annotations

import json
import ssl
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jsonschema
import pytest

import certtui
from certtui.core.anchors import AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import Evidence, Failure, Loaded, Stage, Unreachable
from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget
from certtui.lab.pki import CA_WISH, Authority, Wish
from certtui.lab.plan import HOSTILE
from certtui.report.json import as_json, as_json_line
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, leaf

SCHEMA = json.loads((Path(certtui.__file__).parent / "report" / "report.schema.json").read_text())
NO_ANCHORS = AnchorStore([], label="none")


def hostile() -> Report:
    """Return the report of a chain whose names hold whatever could harm."""
    ca = Authority.root(HOSTILE, now=NOW)
    sent = ca.issue(HOSTILE, Wish(names=(HOST,)))
    return certtui.diagnose([sent.der, ca.der], host=HOST, anchors=[], now=NOW)


def unreachable() -> Report:
    """Return the report of a server that says something harmful instead of TLS."""
    failure = Failure(code=certtui.Code.NOT_TLS, stage=Stage.HANDSHAKE, detail=f"it said {HOSTILE}")
    evidence = Evidence(
        target=HostTarget(host=HOST),
        host=HOST,
        observed_at=NOW,
        observation=Unreachable(failure=failure, address="192.0.2.1"),
    )
    return diagnose_evidence(evidence, anchors=NO_ANCHORS)


def from_file() -> Report:
    """Return the report of a file with a harmful name."""
    path = f"./{HOSTILE}.pem"
    observation = Loaded(path=path, chain=(leaf().der, ISSUER.der), skipped=("PRIVATE KEY",))
    evidence = Evidence(target=FileTarget(path=path), host=None, observed_at=NOW, observation=observation)
    return diagnose_evidence(evidence, anchors=NO_ANCHORS)


REPORTS = {
    "trusted": certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=NOW),
    "rejected": certtui.diagnose([STRANGE_ISSUER.issue("x.test").der], host=HOST, anchors=[], now=NOW),
    "garbage": certtui.diagnose([b"garbage"], host=HOST, anchors=[], now=NOW),
    "nothing": certtui.diagnose([], host=HOST, anchors=[], now=NOW),
    "hostile": hostile(),
    "unreachable": unreachable(),
    "file": from_file(),
}
each = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS.keys())


@each
def test_a_document_fits_its_schema_and_counts_the_verdicts(report: Report) -> None:
    document = json.loads(as_json([report, report]))

    jsonschema.validate(document, SCHEMA)
    assert document["summary"][report.verdict] == 2
    assert sum(document["summary"].values()) == 2


@each
def test_a_line_is_one_line_of_the_same_report(report: Report) -> None:
    line = as_json_line(report)

    assert line.count("\n") == 1
    assert json.loads(line) == json.loads(as_json([report]))["reports"][0]
    assert json.loads(line) == json.loads(report.to_json())


@each
def test_every_finding_is_there_with_the_values_that_were_compared(report: Report) -> None:
    findings = json.loads(as_json_line(report))["findings"]

    assert [
        (each["code"], each["category"], each["severity"], each["certificate"], each["summary"])
        for each in findings
    ] == [(f.code, f.category, f.severity, f.certificate, f.summary) for f in report.findings]
    assert [[(fact["label"], fact["value"]) for fact in each["evidence"]] for each in findings] == [
        [(fact.label, fact.value) for fact in f.evidence] for f in report.findings
    ]


@each
def test_nothing_but_printable_ascii_and_line_ends_is_written(report: Report) -> None:
    text = as_json([report])

    assert text.isascii()
    assert {character for character in text if not character.isprintable()} <= {"\n"}


def test_the_chain_can_be_read_back_from_the_pem(tmp_path: Path) -> None:
    chain = json.loads(as_json_line(REPORTS["trusted"]))["chain"]

    assert tuple(ssl.PEM_cert_to_DER_cert(each["pem"]) for each in chain) == GOOD.sent
    assert [each["sha256"] for each in chain] == [Certificate.of(octets).sha256.hex() for octets in GOOD.sent]


def test_hundreds_of_paths_do_not_make_a_document_of_megabytes() -> None:
    cas = [
        ROOT.intermediate("Example CA", wish=replace(CA_WISH, ends=timedelta(days=900 + extra)))
        for extra in range(60)
    ]

    report = certtui.diagnose([leaf().der, *(ca.der for ca in cas)], host=HOST, anchors=[ROOT.der], now=NOW)

    assert len(report.paths) == 60
    assert len(json.loads(as_json_line(report))["paths"]) == 16
