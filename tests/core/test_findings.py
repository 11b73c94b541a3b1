"""Each finding: what triggers it, what nearly does and doesn't, and whether OpenSSL agrees."""

from __future__ import annotations

from pathlib import Path

import pytest

import certtui
from certtui.core.catalogue import Code, Severity
from tests.core.examples import GOOD, NOW, Chain, Example, examples
from tests.core.issuer_examples import issuer_examples
from tests.core.openssl import verify_errors
from tests.requirements import needs

EXAMPLES = [*examples(), *issuer_examples()]
each = pytest.mark.parametrize("example", EXAMPLES, ids=[f"{e.code}: {e.what}" for e in EXAMPLES])


def report_on(chain: Chain) -> certtui.Report:
    """Return the diagnosis of a chain."""
    return certtui.diagnose(chain.sent, host=chain.host, anchors=chain.anchors, now=NOW)


def codes(chain: Chain, *severities: Severity) -> set[Code]:
    """Return the codes found, of these severities or of all."""
    return {f.code for f in report_on(chain).findings if not severities or f.severity in severities}


def test_nothing_is_found_on_a_good_chain() -> None:
    assert report_on(GOOD).findings == ()
    assert report_on(GOOD).verdict is certtui.Verdict.TRUSTED


@each
def test_the_trigger_is_found_once_and_no_other_error_with_it(example: Example) -> None:
    found = [finding for finding in report_on(example.trigger).findings if finding.code is example.code]

    assert len(found) == 1
    assert found[0].evidence
    assert codes(example.trigger, Severity.ERROR) <= {example.code}


@each
def test_the_near_miss_is_not_found_and_is_no_error(example: Example) -> None:
    assert example.code not in codes(example.near_miss)
    assert not codes(example.near_miss, Severity.ERROR)


@each
@needs("openssl")
def test_openssl_agrees_about_the_trigger(example: Example, tmp_path: Path) -> None:
    chain = example.trigger
    errors = verify_errors(chain.sent, chain.anchors, chain.host, NOW, tmp_path, *example.options)

    assert errors & example.openssl if example.openssl else not errors


@each
@needs("openssl")
def test_openssl_accepts_the_near_miss(example: Example, tmp_path: Path) -> None:
    chain = example.near_miss

    assert not verify_errors(chain.sent, chain.anchors, chain.host, NOW, tmp_path, *example.options)
