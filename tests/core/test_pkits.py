"""NIST's test suite of path validation: every verdict is the one that RFC 5280 gives (see pkits/README.md)."""

from __future__ import annotations

import tarfile
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

import pytest

import certtui
from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate

NOW = datetime(2012, 1, 1, tzinfo=UTC)
OF_ITS_TIME = {Code.WEAK_KEY, Code.WEAK_SIGNATURE, Code.CHAIN_INCOMPLETE}
"""The suite is older than today's rules on keys, and its issuers are at hand but not sent."""
VALID_WITHOUT_SAYING_SO = {
    "AllCertificatesNoPoliciesTest2EE",
    "AllCertificatesSamePoliciesTest10EE",
    "AllCertificatesSamePoliciesTest13EE",
    "AllCertificatesanyPolicyTest11EE",
    "AnyPolicyTest14EE",
    "CPSPointerQualifierTest20EE",
    "DifferentPoliciesTest3EE",
    "OverlappingPoliciesTest6EE",
    "UserNoticeQualifierTest15EE",
    "UserNoticeQualifierTest16EE",
    "UserNoticeQualifierTest17EE",
    "UserNoticeQualifierTest18EE",
    "UserNoticeQualifierTest19EE",
    "inhibitAnyPolicyTest3EE",
}
"""Policy tests that fail for a user who wants certain policies; any policy suits certtui's."""
NOT_SUPPORTED = {"ValidDSAParameterInheritanceTest5EE"}
"""A DSA key that leaves its parameters to its issuer's (RFC 3279 §2.3.2): no TLS client knows these any more."""


@cache
def suite() -> dict[str, bytes]:
    """Return every file of the suite by its path."""
    with tarfile.open(Path(__file__).parent / "pkits" / "pkits.tar.xz") as archive:
        return {
            member.name: file.read()
            for member in archive
            if (file := archive.extractfile(member) if member.isfile() else None) is not None
        }


CERTIFICATES = {
    path.removeprefix("certs/").removesuffix(".crt"): octets
    for path, octets in suite().items()
    if path.endswith(".crt")
}
CRLS = [octets for path, octets in suite().items() if path.endswith(".crl")]
SUBJECTS = sorted(name for name in CERTIFICATES if name.endswith("EE"))
ISSUERS = [octets for name, octets in CERTIFICATES.items() if not name.endswith("EE")]
ANCHORS = AnchorStore.of_certificates(
    [Certificate.of(CERTIFICATES["TrustAnchorRootCertificate"])], label="the suite's root"
)


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_verdict_is_that_of_the_suite(name: str) -> None:
    report = certtui.diagnose(
        [CERTIFICATES[name]], anchors=ANCHORS, now=NOW, pool=ISSUERS, crls=CRLS, purpose=None
    )

    errors = {f.code for f in report.findings if f.severity is Severity.ERROR} - OF_ITS_TIME
    is_valid = name.startswith("Valid") or name in VALID_WITHOUT_SAYING_SO
    assert (not errors) is (is_valid and name not in NOT_SUPPORTED)
