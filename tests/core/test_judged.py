"""Which test shows each finding beside a near miss, and which independent judges look at the same certificates."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from certtui.core.catalogue import CATALOGUE, Category, Code
from tests.core.examples import examples
from tests.core.issuer_examples import issuer_examples

OPENSSL, GNUTLS, CURL = "OpenSSL", "GnuTLS", "curl"
CHROMIUM, FIREFOX = "Chromium", "Firefox"
BROWSERS = (CHROMIUM, FIREFOX)
CRYPTOGRAPHY = "cryptography"
NOBODY = ()
"""No client or tool here looks at it, or it needs a key of a public CA."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Where a finding is shown and who else judges it."""

    by: tuple[str, ...]
    where: str = "core/test_findings.py"
    """The test file with the trigger and its near miss."""


STREET = (OPENSSL, CURL, *BROWSERS)
JUDGED: dict[Code, Judged] = {
    Code.LEAF_EXPIRED: Judged(STREET),
    Code.INTERMEDIATE_EXPIRED: Judged((OPENSSL, *BROWSERS)),
    Code.ROOT_EXPIRED: Judged((OPENSSL,)),
    Code.LEAF_NOT_YET_VALID: Judged((OPENSSL, *BROWSERS)),
    Code.INTERMEDIATE_NOT_YET_VALID: Judged((OPENSSL,)),
    Code.EXPIRING_SOON: Judged((OPENSSL, *BROWSERS)),
    Code.HOST_MISMATCH: Judged(STREET),
    Code.SIBLING_NAME_MISSING: Judged((OPENSSL, *BROWSERS)),
    Code.WILDCARD_DEPTH: Judged((OPENSSL, *BROWSERS)),
    Code.WILDCARD_FORM: Judged((OPENSSL, GNUTLS, CURL)),
    Code.IP_NOT_IN_SAN: Judged((OPENSSL, *BROWSERS)),
    Code.SAN_MISSING: Judged((OPENSSL, *BROWSERS)),
    Code.SAN_MALFORMED: Judged((OPENSSL, GNUTLS), "core/test_presented_names.py"),
    Code.INTERNAL_NAME: Judged(NOBODY, "core/test_public_rules.py"),
    Code.MIXED_SCRIPT_NAME: Judged(NOBODY, "core/test_presented_names.py"),
    Code.SELF_SIGNED_LEAF: Judged(STREET),
    Code.UNTRUSTED_ROOT_SENT: Judged((OPENSSL, *BROWSERS)),
    Code.UNTRUSTED_ISSUER: Judged((OPENSSL, *BROWSERS)),
    Code.PRIVATE_CA: Judged(NOBODY, "core/test_diagnosis.py"),
    Code.STORES_DISAGREE: Judged(NOBODY, "core/test_stores.py"),
    Code.CA_DISTRUSTED: Judged(NOBODY, "core/test_stores.py"),
    Code.ROOT_LEAVING_STORE: Judged(NOBODY, "core/test_stores.py"),
    Code.INTERCEPTION_SUSPECTED: Judged(NOBODY, "core/test_stores.py"),
    Code.CHAIN_INCOMPLETE: Judged((OPENSSL, CURL, *BROWSERS)),
    Code.WRONG_INTERMEDIATE: Judged((OPENSSL, *BROWSERS)),
    Code.CHAIN_MISORDERED: Judged(STREET),
    Code.LEAF_NOT_FIRST: Judged((OPENSSL,)),
    Code.CHAIN_DUPLICATE: Judged((OPENSSL, *BROWSERS)),
    Code.CHAIN_UNRELATED: Judged((OPENSSL, *BROWSERS)),
    Code.ROOT_SENT: Judged((OPENSSL, *BROWSERS)),
    Code.CHAIN_TOO_BIG: Judged((OPENSSL,)),
    Code.EXPIRED_UNUSED_SENT: Judged((OPENSSL,)),
    Code.SNI_REFUSED: Judged((CURL, *BROWSERS), "probe/test_failures.py"),
    Code.LEAF_REVOKED: Judged((OPENSSL, *BROWSERS), "core/test_revocation.py"),
    Code.INTERMEDIATE_REVOKED: Judged((OPENSSL,), "core/test_revocation.py"),
    Code.MUST_STAPLE_MISSING: Judged(BROWSERS, "core/test_revocation.py"),
    Code.STAPLE_INVALID: Judged((OPENSSL, *BROWSERS), "core/test_revocation.py"),
    Code.REVOCATION_UNREACHABLE: Judged((OPENSSL,), "core/test_revocation.py"),
    Code.REVOCATION_ABSENT: Judged(NOBODY, "core/test_revocation.py"),
    Code.CRL_STALE: Judged((OPENSSL,), "core/test_revocation.py"),
    Code.WEAK_KEY: Judged((OPENSSL, *BROWSERS)),
    Code.KNOWN_BAD_KEY: Judged(NOBODY, "core/test_keys_checks.py"),
    Code.WEAK_SIGNATURE: Judged((OPENSSL, *BROWSERS)),
    Code.UNSUPPORTED_KEY_TYPE: Judged(NOBODY, "core/test_keys_checks.py"),
    Code.NO_POST_QUANTUM: Judged(NOBODY, "core/test_diagnosis.py"),
    Code.SIGNATURE_INVALID: Judged(STREET),
    Code.TIME_MALFORMED: Judged((OPENSSL,)),
    Code.EKU_WRONG: Judged((OPENSSL, *BROWSERS)),
    Code.KEY_USAGE_WRONG: Judged((OPENSSL, GNUTLS, *BROWSERS)),
    Code.CA_AS_LEAF: Judged((OPENSSL, *BROWSERS)),
    Code.ISSUER_NOT_CA: Judged((OPENSSL, *BROWSERS)),
    Code.PATH_LENGTH_EXCEEDED: Judged((OPENSSL, *BROWSERS)),
    Code.NAME_CONSTRAINT_VIOLATED: Judged((OPENSSL, *BROWSERS)),
    Code.POLICY_CONSTRAINT_VIOLATED: Judged((OPENSSL, *BROWSERS)),
    Code.UNKNOWN_CRITICAL_EXTENSION: Judged((OPENSSL, *BROWSERS)),
    Code.STRICT_PROFILE_GAP: Judged((OPENSSL, *BROWSERS)),
    Code.CERTIFICATE_UNDECODABLE: Judged((OPENSSL,)),
    Code.LIFETIME_TOO_LONG: Judged(NOBODY, "core/test_public_rules.py"),
    Code.CT_INSUFFICIENT: Judged((CRYPTOGRAPHY,), "core/test_path_transparency.py"),
    Code.CLIENT_AUTH_EKU: Judged(NOBODY, "core/test_public_rules.py"),
    Code.LINT: Judged(("pkilint",), "lint/test_pkilint.py"),
}

EXAMPLES = {each.code for each in (*examples(), *issuer_examples())}
_TESTS = Path(__file__).parent.parent


def test_every_finding_about_a_certificate_is_in_the_table() -> None:
    assert set(JUDGED) == {
        code for code, entry in CATALOGUE.items() if entry.category is not Category.CONNECTION
    }


@pytest.mark.parametrize("code", JUDGED)
def test_the_table_names_where_each_finding_is_shown(code: Code) -> None:
    where = JUDGED[code].where

    if where == "core/test_findings.py":
        assert code in EXAMPLES
    else:
        text = (_TESTS / where).read_text()
        assert f"Code.{code.name}" in text


def test_what_openssl_is_asked_about_is_in_the_table() -> None:
    assert {code for code in EXAMPLES if OPENSSL not in JUDGED[code].by} == set()
