"""The repaired chain is what OpenSSL builds a path from, and nothing that it does not need."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

import certtui
from certtui.core.anchors import AnchorStore
from certtui.core.repaired_chain import repaired_chain
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.lab import Street
from certtui.lab.pki import CA_WISH
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, leaf
from tests.core.openssl import verify_errors
from tests.observed import observed_street
from tests.requirements import needs

BUILDING = {2, 18, 19, 20, 21}
"""What OpenSSL says where it finds no path to an anchor (x509_vfy.h)."""
CHAIN_ONLY = ("misordered", "duplicate", "unrelated", "root-sent", "good")
"""Houses of which nothing but the chain is at fault, if anything."""
NOT_REPAIRABLE = ("incomplete", "wrong-intermediate", "unknown-ca", "many-faults", "bad-signature", "closed")


@pytest.fixture(scope="module")
def street_reports(street: Street, street_anchors: AnchorStore) -> dict[Target, Report]:
    """A report of every house of the street."""
    return observed_street(street, street_anchors)


@needs("openssl")
def test_openssl_builds_a_path_from_every_repaired_chain_of_the_street(
    street_reports: dict[Target, Report], tmp_path: Path
) -> None:
    repaired = 0
    for report in street_reports.values():
        chain = repaired_chain(report)
        if isinstance(chain, str):
            continue
        assert report.best_path is not None
        root = report.best_path.last

        errors = verify_errors(
            [certificate.der for certificate in chain],
            [root.der],
            report.host or HOST,
            report.now,
            tmp_path,
        )

        assert not errors & BUILDING, report.host
        repaired += 1

    assert repaired > 30


@needs("openssl")
@pytest.mark.parametrize("name", CHAIN_ONLY)
def test_where_only_the_chain_was_at_fault_openssl_accepts_what_is_repaired(
    name: str, street: Street, street_reports: dict[Target, Report], tmp_path: Path
) -> None:
    report = street_reports[street.house(name).target]
    chain = repaired_chain(report)

    assert not isinstance(chain, str)
    sent = [certificate.der for certificate in chain]
    assert not verify_errors(sent, [street.root_der], report.host or "", report.now, tmp_path)


@pytest.mark.parametrize("name", NOT_REPAIRABLE)
def test_a_chain_that_lacks_something_is_not_claimed_to_be_repaired(
    name: str, street: Street, street_reports: dict[Target, Report]
) -> None:
    reason = repaired_chain(street_reports[street.house(name).target])

    assert isinstance(reason, str)
    assert reason


def test_each_certificate_is_followed_by_its_issuer_and_none_is_needless(
    street_reports: dict[Target, Report],
) -> None:
    for report in street_reports.values():
        chain = repaired_chain(report)
        if isinstance(chain, str):
            continue

        assert chain[0] == report.leaf
        assert len(set(chain)) == len(chain)
        assert all(a.is_signed_by(b) for a, b in pairwise(chain))
        assert len(chain) == 1 or not chain[-1].is_self_signed


def test_an_issuer_that_was_not_sent_but_is_at_hand_is_put_in() -> None:
    own = leaf()
    report = certtui.diagnose([own.der], host=HOST, anchors=[ROOT.der], now=NOW, pool=[ISSUER.der])

    chain = repaired_chain(report)

    assert not isinstance(chain, str)
    assert [certificate.der for certificate in chain] == [own.der, ISSUER.der]


def test_the_missing_issuer_is_named() -> None:
    report = certtui.diagnose([leaf().der], host=HOST, anchors=[ROOT.der], now=NOW)

    assert repaired_chain(report) == "the issuer Example CA was not found"


def test_a_root_that_is_not_trusted_is_left_out_as_any_root_is() -> None:
    own = leaf(STRANGE_ISSUER)
    sent = [own.der, STRANGE_ISSUER.der, STRANGER.der]
    report = certtui.diagnose(sent, host=HOST, anchors=[ROOT.der], now=NOW)

    chain = repaired_chain(report)

    assert not isinstance(chain, str)
    assert [certificate.der for certificate in chain] == sent[:2]


def test_an_anchor_that_another_ca_signed_is_sent() -> None:
    report = certtui.diagnose([leaf().der, ISSUER.der], host=HOST, anchors=[ISSUER.der], now=NOW)

    chain = repaired_chain(report)

    assert not isinstance(chain, str)
    assert chain[-1].der == ISSUER.der


def test_a_certificate_that_signs_itself_stays_alone(
    street: Street, street_reports: dict[Target, Report]
) -> None:
    report = street_reports[street.house("self-signed").target]

    assert repaired_chain(report) == report.chain


def test_a_good_chain_stays_as_it_is() -> None:
    report = certtui.diagnose(GOOD.sent, host=GOOD.host, anchors=GOOD.anchors, now=NOW)

    assert repaired_chain(report) == report.chain


@needs("openssl")
@pytest.mark.parametrize("has_subject_key_id", [True, False], ids=["with its key identifier", "without"])
@pytest.mark.parametrize("has_authority_key_id", [True, False], ids=["with its issuer's", "without"])
def test_a_rolled_over_ca_that_openssl_takes_for_a_root_is_not_claimed_to_be_repaired(
    has_subject_key_id: bool, has_authority_key_id: bool, tmp_path: Path
) -> None:
    wish = replace(CA_WISH, has_subject_key_id=has_subject_key_id, has_authority_key_id=has_authority_key_id)
    rolled = ROOT.intermediate("Example Root", wish=wish, key_label="the next key")
    own = leaf(rolled)
    report = certtui.diagnose([own.der, rolled.der], host=HOST, anchors=[ROOT.der], now=NOW)

    chain = repaired_chain(report)

    errors = verify_errors([own.der, rolled.der], [ROOT.der], HOST, NOW, tmp_path)
    assert isinstance(chain, str) == bool(errors & BUILDING)
    assert isinstance(chain, str) != (has_subject_key_id and has_authority_key_id)
    if isinstance(chain, str):
        assert chain.startswith("Example Root is issued under its own name by another key")
