"""What clients say is what was measured, and which of several faults they show first."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from certtui.core.catalogue import CATALOGUE, Code, Severity
from certtui.core.client_statements import (
    Client,
    Stance,
    clients,
    not_judged,
    statements,
    traits_told_apart,
)
from certtui.core.clients import ClientVerdict, client_verdicts, steps_to_acceptance
from certtui.core.finding import Finding, finding

NAMES = [client.name for client in clients()]
MEASURED = [client for client in clients() if client.version is not None]
JUDGED = [code for code in Code if code not in not_judged()]
ISSUER_CODES = {Code.INTERMEDIATE_EXPIRED, Code.INTERMEDIATE_NOT_YET_VALID, Code.ROOT_EXPIRED}


def _found(*codes: Code) -> tuple[Finding, ...]:
    """Return findings about the leaf, or about the chain where the code is not of the leaf, gravest first."""
    found = [finding(code, "a fault", certificate=1 if code in ISSUER_CODES else 0) for code in codes]
    return tuple(sorted(found, key=lambda each: each.rank))


def _verdicts(*codes: Code) -> dict[str, ClientVerdict]:
    return {verdict.client: verdict for verdict in client_verdicts(_found(*codes))}


def _shown(verdict: ClientVerdict) -> str:
    return verdict.shows or ""


REFERENCE: list[tuple[Code, dict[str, str]]] = [
    (
        Code.LEAF_EXPIRED,
        {
            "Chrome": "ERR_CERT_DATE_INVALID",
            "Firefox": "SEC_ERROR_EXPIRED_CERTIFICATE",
            "curl": "(60) SSL certificate problem: certificate has expired",
            "OpenSSL": "num=10:",
            "Python": "certificate has expired",
            "Go": "has expired or is not yet valid: current time … is after …",
            "Java": "validity check failed",
            "GnuTLS": "uses expired certificate",
        },
    ),
    (
        Code.LEAF_NOT_YET_VALID,
        {
            "Chrome": "ERR_CERT_DATE_INVALID",
            "Firefox": "MOZILLA_PKIX_ERROR_NOT_YET_VALID_CERTIFICATE",
            "OpenSSL": "num=9:",
            "Go": "is before",
            "GnuTLS": "not yet valid",
        },
    ),
    (
        Code.HOST_MISMATCH,
        {
            "Chrome": "ERR_CERT_COMMON_NAME_INVALID",
            "Firefox": "SSL_ERROR_BAD_CERT_DOMAIN",
            "curl": "no alternative certificate subject name matches",
            "OpenSSL": "num=62:",
            "Go": "certificate is valid for …, not …",
            "Java": "No subject alternative DNS name matching … found.",
            "GnuTLS": "does not match the expected",
        },
    ),
    (
        Code.IP_NOT_IN_SAN,
        {
            "Chrome": "ERR_CERT_COMMON_NAME_INVALID",
            "Firefox": "SSL_ERROR_BAD_CERT_DOMAIN",
            "curl": "(60)",
            "Go": "doesn't contain any IP SANs",
            "Java": "No subject alternative names matching IP address … found",
        },
    ),
    (
        Code.SELF_SIGNED_LEAF,
        {
            "Chrome": "ERR_CERT_AUTHORITY_INVALID",
            "Firefox": "MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT",
            "OpenSSL": "num=18:",
            "Go": "signed by unknown authority",
            "Java": "unable to find valid certification path",
            "GnuTLS": "issuer is unknown",
        },
    ),
    (
        Code.UNTRUSTED_ROOT_SENT,
        {
            "Chrome": "ERR_CERT_AUTHORITY_INVALID",
            "Firefox": "SEC_ERROR_UNKNOWN_ISSUER",
            "OpenSSL": "num=19:",
            "Go": "unknown authority",
        },
    ),
    (
        Code.CHAIN_INCOMPLETE,
        {
            "Chrome": "ERR_CERT_AUTHORITY_INVALID",
            "Firefox": "SEC_ERROR_UNKNOWN_ISSUER",
            "OpenSSL": "num=20:",
            "Node.js": "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
            "Go": "unknown authority",
            "Java": "path building failed",
            "GnuTLS": "issuer is unknown",
        },
    ),
    (
        Code.UNKNOWN_CRITICAL_EXTENSION,
        {
            "Chrome": "ERR_CERT_INVALID",
            "Firefox": "SEC_ERROR_UNKNOWN_CRITICAL_EXTENSION",
            "OpenSSL": "num=34:",
            "Go": "unhandled critical extension",
            "Java": "unrecognized critical extension(s)",
            "GnuTLS": "unknown critical extension",
        },
    ),
    (
        Code.WEAK_SIGNATURE,
        {
            "Chrome": "ERR_CERT_INVALID",
            "Firefox": "SEC_ERROR_CERT_SIGNATURE_ALGORITHM_DISABLED",
            "OpenSSL": "num=68:",
            "Go": "insecure algorithm",
            "GnuTLS": "insecure algorithm",
        },
    ),
    (
        Code.WEAK_KEY,
        {"curl": "(60)", "OpenSSL": "num=66:", "Python": "key too weak"},
    ),
    (
        Code.SIGNATURE_INVALID,
        {
            "Chrome": "ERR_CERT_AUTHORITY_INVALID",
            "Firefox": "SEC_ERROR_BAD_SIGNATURE",
            "curl": "(35)",
            "OpenSSL": "num=7:",
            "Go": "unknown authority (possibly",
            "Java": "signature check failed",
            "GnuTLS": "signature in the certificate is invalid",
        },
    ),
    (
        Code.EKU_WRONG,
        {
            "Chrome": "ERR_CERT_INVALID",
            "Firefox": "SEC_ERROR_INADEQUATE_CERT_TYPE",
            "OpenSSL": "num=26:",
            "Go": "incompatible key usage",
            "Java": "Extended key usage does not permit use for TLS server authentication",
            "GnuTLS": "does not match the intended purpose",
        },
    ),
    (
        Code.INTERMEDIATE_EXPIRED,
        {
            "Chrome": "ERR_CERT_DATE_INVALID",
            "Firefox": "SEC_ERROR_EXPIRED_ISSUER_CERTIFICATE",
            "OpenSSL": "num=10:",
        },
    ),
    (
        Code.NOT_TLS,
        {
            "Chrome": "ERR_SSL_PROTOCOL_ERROR",
            "Firefox": "SSL_ERROR_RX_RECORD_TOO_LONG",
            "curl": "wrong version number",
            "Go": "first record does not look like a TLS handshake",
            "Java": "Unsupported or unrecognized SSL message",
        },
    ),
]
"""Copied from the measurements: the very code or text that each client showed for one fault alone."""


@pytest.mark.parametrize(
    ("code", "client", "shown"),
    [(code, client, shown) for code, row in REFERENCE for client, shown in row.items()],
)
def test_a_client_shows_what_it_was_measured_to_show(code: Code, client: str, shown: str) -> None:
    verdict = _verdicts(code)[client]

    assert shown.lower() in _shown(verdict).lower()
    assert verdict.because is code
    assert not verdict.accepts


@pytest.mark.parametrize(
    ("code", "accepting"),
    [
        (Code.CA_AS_LEAF, {"Go"}),
        (Code.KEY_USAGE_WRONG, {"Firefox", "curl", "OpenSSL", "Python", "Go"}),
        (Code.WILDCARD_FORM, {"Java"}),
        (Code.CHAIN_MISORDERED, {"Chrome", "Firefox", "curl", "OpenSSL", "Python", "Go", "Java", "GnuTLS"}),
        (Code.LEAF_EXPIRED, set()),
    ],
)
def test_clients_accept_what_they_were_measured_to_accept(code: Code, accepting: set[str]) -> None:
    accepted = {client for client, verdict in _verdicts(code).items() if verdict.accepts}

    assert accepted - {"Node.js", "Safari", "Edge"} == accepting


@pytest.mark.parametrize("client", ["curl", "OpenSSL", "Python", "Java", "GnuTLS"])
def test_whether_a_common_name_alone_does_depends_on_the_name(client: str) -> None:
    verdict = _verdicts(Code.SAN_MISSING)[client]

    assert verdict.stance is Stance.DEPENDS
    assert verdict.note is not None
    assert "common name" in verdict.note


@pytest.mark.parametrize("client", ["Go", "Java", "GnuTLS"])
def test_whether_a_weak_key_passes_depends_on_its_kind(client: str) -> None:
    verdict = _verdicts(Code.WEAK_KEY)[client]

    assert verdict.stance is Stance.DEPENDS
    assert "Accepts a 1024-bit RSA key" in (verdict.note or "")


def test_java_s_answer_to_a_weak_hash_depends_on_the_hash() -> None:
    verdict = _verdicts(Code.WEAK_SIGNATURE)["Java"]

    assert verdict.stance is Stance.DEPENDS
    assert verdict.note is not None
    assert "SHA-1" in verdict.note


def test_chrome_fetches_a_missing_intermediate_and_others_do_not() -> None:
    verdicts = _verdicts(Code.CHAIN_INCOMPLETE)

    assert verdicts["Chrome"].stance is Stance.DEPENDS
    assert all(verdicts[name].rejects for name in ("curl", "OpenSSL", "Python", "Go", "Java", "GnuTLS"))


@pytest.mark.parametrize("code", JUDGED)
def test_every_client_has_a_verdict_on_every_code_in_a_fixed_order(code: Code) -> None:
    assert [verdict.client for verdict in client_verdicts(_found(code))] == NAMES


def test_clients_are_told_apart_by_their_names() -> None:
    assert len(NAMES) == len(set(NAMES)) >= 10


@pytest.mark.parametrize("client", clients(), ids=lambda client: str(client.key))
def test_a_client_is_measured_in_a_version_or_known_from_a_document(client: Client) -> None:
    assert (client.version is None) is (client.source is not None)
    assert client.version is None or re.search(r"\d+\.\d+", client.version)


@pytest.mark.parametrize("code", JUDGED)
@pytest.mark.parametrize("of_issuer", [False, True], ids=["leaf", "issuer"])
def test_what_is_called_measured_names_the_version(code: Code, of_issuer: bool) -> None:
    for key, statement in statements(code, of_issuer=of_issuer).items():
        version = next(client.version for client in clients() if client.key == key)

        is_measured = version is not None and statement.basis == f"measured with {version}"
        assert is_measured or re.match(r"derived from .{10,}", statement.basis)


@pytest.mark.parametrize("code", JUDGED)
def test_a_client_that_refuses_shows_something_and_one_that_accepts_nothing(code: Code) -> None:
    for statement in statements(code).values():
        assert statement.stance is not Stance.UNKNOWN
        assert (statement.stance is Stance.REJECTS) <= (statement.shows is not None)
        assert (statement.stance is Stance.ACCEPTS) <= (statement.shows is None)


@pytest.mark.parametrize("code", JUDGED)
def test_where_it_depends_the_note_says_on_what(code: Code) -> None:
    depending = [it for it in statements(code).values() if it.stance is Stance.DEPENDS]

    assert all(statement.note for statement in depending)


NOBODY_LOOKS = {Code.KNOWN_BAD_KEY}
"""An error that no client refuses: a key that others have is worth nothing all the same."""
NOT_MEASURED = {Code.LEAF_NOT_FIRST}
"""Servers refuse to start with such a file, so there was nothing to show to a client."""
REFUSED = [
    code
    for code in JUDGED
    if CATALOGUE[code].severity is Severity.ERROR and code not in NOBODY_LOOKS | NOT_MEASURED
]


@pytest.mark.parametrize("code", REFUSED)
def test_a_fault_called_an_error_is_refused_by_somebody(code: Code) -> None:
    assert any(verdict.stance in (Stance.REJECTS, Stance.DEPENDS) for verdict in _verdicts(code).values())


def test_nothing_found_is_accepted_by_everybody() -> None:
    assert all(verdict.accepts and verdict.basis for verdict in client_verdicts(()))


@pytest.mark.parametrize("code", sorted(not_judged()))
def test_what_is_no_client_s_business_changes_no_verdict(code: Code) -> None:
    assert client_verdicts(_found(code)) == client_verdicts(())
    assert _verdicts(code, Code.LEAF_EXPIRED) == _verdicts(Code.LEAF_EXPIRED)


AUTHORITY, NAME, DATE = Code.UNTRUSTED_ISSUER, Code.HOST_MISMATCH, Code.LEAF_EXPIRED
ORDER: list[tuple[str, tuple[Code, Code, Code]]] = [
    ("Chrome", (AUTHORITY, NAME, DATE)),
    ("Firefox", (AUTHORITY, NAME, DATE)),
    ("Python", (AUTHORITY, NAME, DATE)),
    ("curl", (AUTHORITY, DATE, NAME)),
    ("Java", (AUTHORITY, DATE, NAME)),
    ("Go", (DATE, NAME, AUTHORITY)),
]
"""Which of three faults at once each client shows first, and which when that one is repaired, as measured."""


@pytest.mark.parametrize(("client", "order"), ORDER, ids=[client for client, _ in ORDER])
def test_a_user_who_repairs_the_fault_that_is_shown_meets_the_next(
    client: str, order: tuple[Code, Code, Code]
) -> None:
    left = list(order)
    met = []
    while left:
        shown_first = _verdicts(*left)[client].because
        assert shown_first is not None
        met.append(shown_first)
        left.remove(shown_first)

    assert tuple(met) == order


def test_gnutls_lists_all_faults_at_once() -> None:
    shown = _shown(_verdicts(Code.SELF_SIGNED_LEAF, NAME, DATE)["GnuTLS"])

    assert "expired" in shown
    assert "issuer is unknown" in shown
    assert "does not match the expected" in shown


def test_gnutls_names_no_date_of_a_chain_that_leads_to_an_unknown_root() -> None:
    shown = _shown(_verdicts(Code.UNTRUSTED_ROOT_SENT, NAME, DATE)["GnuTLS"])

    assert "expired" not in shown
    assert "issuer is unknown" in shown
    assert "does not match the expected" in shown


def test_a_client_whose_order_is_not_known_rejects_without_naming_one() -> None:
    verdict = _verdicts(Code.LEAF_EXPIRED, Code.WEAK_SIGNATURE)["Firefox"]

    assert verdict.rejects
    assert verdict.because is None
    assert verdict.note == "Which of the faults it names first is not known."


def test_two_faults_that_look_the_same_are_shown_even_if_their_order_is_not_known() -> None:
    verdict = _verdicts(Code.UNKNOWN_CRITICAL_EXTENSION, Code.WEAK_SIGNATURE)["Chrome"]

    assert verdict.because is None
    assert verdict.shows == "net::ERR_CERT_INVALID"


def test_a_fault_nobody_has_looked_at_leaves_a_client_unknown() -> None:
    verdict = _verdicts(Code.ROOT_EXPIRED)["Safari"]

    assert verdict.stance is Stance.UNKNOWN
    assert verdict.shows is None
    assert "root-expired" in verdict.basis


def test_a_client_that_rejects_one_fault_rejects_whatever_else_there_is() -> None:
    for code in JUDGED:
        for name, verdict in _verdicts(code, Code.LEAF_EXPIRED).items():
            assert verdict.rejects, (code, name)


NOTICES = (Code.CHAIN_DUPLICATE, Code.CHAIN_UNRELATED, Code.ROOT_SENT, Code.EXPIRED_UNUSED_SENT)


def _said(verdicts: Iterable[ClientVerdict]) -> list[tuple[str, Stance, str | None, Code | None]]:
    return [(it.client, it.stance, it.shows, it.because) for it in verdicts]


@pytest.mark.parametrize("code", [code for code in JUDGED if CATALOGUE[code].severity is Severity.ERROR])
@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_changes_no_verdict_on_an_error(code: Code, notice: Code) -> None:
    assert _said(client_verdicts(_found(code, notice))) == _said(client_verdicts(_found(code)))


@pytest.mark.parametrize("notice", NOTICES)
def test_a_notice_alone_is_refused_by_nobody(notice: Code) -> None:
    verdicts = _verdicts(notice)

    assert all(verdicts[client.name].accepts for client in MEASURED)
    assert not any(verdict.rejects for verdict in verdicts.values())


def test_the_fault_of_an_issuer_is_told_apart_from_the_leaf_s() -> None:
    of_leaf = client_verdicts([finding(Code.WEAK_KEY, "weak", certificate=0)])
    of_issuer = client_verdicts([finding(Code.WEAK_KEY, "weak", certificate=1)])

    assert [_shown(it) for it in of_leaf if it.client == "OpenSSL"] == [
        "verify error:num=66:EE certificate key too weak"
    ]
    assert [_shown(it) for it in of_issuer if it.client == "OpenSSL"] == [
        "verify error:num=67:CA certificate key too weak"
    ]


def test_nobody_but_chrome_looks_for_keys_that_others_have() -> None:
    looking = {name for name, verdict in _verdicts(Code.KNOWN_BAD_KEY).items() if not verdict.accepts}

    assert looking == {"Chrome", "Edge"}


@pytest.mark.parametrize("code", JUDGED)
def test_edge_says_what_chrome_says_unless_its_own_word_is_known(code: Code) -> None:
    known = statements(code)
    chrome, edge = known.get("chrome"), known.get("edge")

    if chrome is None:
        assert edge is None
    elif edge is not None and edge.basis == "derived from Chromium, whose engine it shares":
        assert (edge.stance, edge.shows, edge.note) == (chrome.stance, chrome.shows, chrome.note)
    else:
        assert code in {Code.STORES_DISAGREE, Code.CT_INSUFFICIENT} or edge == chrome


def test_nothing_is_said_to_be_measured_with_edge() -> None:
    edge = next(client for client in clients() if client.key == "edge")

    assert edge.version is None
    assert not [code for code in JUDGED if "measured" in getattr(statements(code).get("edge"), "basis", "")]


def test_edge_reveals_faults_in_chrome_s_order() -> None:
    by_key = {client.key: client for client in clients()}

    assert by_key["edge"].reveals == by_key["chrome"].reveals
    assert NAMES.index("Edge") == NAMES.index("Chrome") + 1


def test_a_client_that_is_called_unknown_takes_nothing_over_from_its_engine() -> None:
    verdicts = _verdicts(Code.CT_INSUFFICIENT)

    assert verdicts["Chrome"].rejects
    assert verdicts["Edge"].stance is Stance.UNKNOWN


def _with_traits(code: Code, *traits: str, certificate: int = 0) -> dict[str, ClientVerdict]:
    found = finding(code, "a fault", certificate=certificate, traits=traits)
    return {verdict.client: verdict for verdict in client_verdicts([found])}


BY_TRAIT: list[tuple[Code, str, dict[str, str | None]]] = [
    (Code.STORES_DISAGREE, "not-mozilla", {"Firefox": "SEC_ERROR_UNKNOWN_ISSUER", "Safari": None}),
    (Code.STORES_DISAGREE, "not-apple", {"Firefox": None, "Safari": "This Connection Is Not Private"}),
    (Code.STORES_DISAGREE, "not-microsoft", {"Edge": "net::ERR_CERT_AUTHORITY_INVALID", "Firefox": None}),
    (Code.CA_DISTRUSTED, "chrome", {"Chrome": "net::ERR_CERT_AUTHORITY_INVALID", "curl": None}),
    (Code.CA_DISTRUSTED, "mozilla", {"Firefox": "MOZILLA_PKIX_ERROR_ISSUER_NO_LONGER_TRUSTED", "Go": None}),
    (Code.CA_DISTRUSTED, "apple", {"Safari": "This Connection Is Not Private", "GnuTLS": None}),
    (Code.UNSUPPORTED_KEY_TYPE, "ed25519", {"Firefox": "SSL_ERROR_NO_CYPHER_OVERLAP", "Go": None}),
    (Code.UNSUPPORTED_KEY_TYPE, "ed25519", {"Edge": "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH"}),
    (Code.UNSUPPORTED_KEY_TYPE, "p-521", {"Chrome": "net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH"}),
    (Code.UNSUPPORTED_KEY_TYPE, "p-521", {"Firefox": None, "Java": None}),
    (Code.UNSUPPORTED_KEY_TYPE, "secp256k1", {"curl": "(35) … sslv3 alert handshake failure"}),
    (
        Code.STRICT_PROFILE_GAP,
        "no-ski",
        {"Python": "certificate verify failed: Missing Subject Key Identifier"},
    ),
    (Code.STRICT_PROFILE_GAP, "no-ski", {"Chrome": None, "Firefox": None, "curl": None, "Go": None}),
    (Code.STRICT_PROFILE_GAP, "negative-serial", {"Python": None}),
    (Code.LIFETIME_TOO_LONG, "apple", {"Chrome": None, "Safari": "This Connection Is Not Private"}),
    (Code.WILDCARD_FORM, "public-suffix", {"Chrome": "net::ERR_CERT_COMMON_NAME_INVALID", "Firefox": None}),
    (Code.SAN_MALFORMED, "refused-whole", {"Chrome": "net::ERR_CERT_INVALID"}),
    (Code.CHAIN_TOO_BIG, "too-many", {"Chrome": None, "Go": None}),
    (Code.LIFETIME_TOO_LONG, "rule-only", {"Chrome": None, "Safari": None}),
    (Code.CT_INSUFFICIENT, "apple-only", {"Chrome": None, "Safari": "This Connection Is Not Private"}),
    (Code.LEAF_REVOKED, "stapled", {"Firefox": "SEC_ERROR_REVOKED_CERTIFICATE", "curl": None}),
]
"""What clients show for the cases of a code; None where they accept."""


@pytest.mark.parametrize(("code", "trait", "shown"), BY_TRAIT)
def test_a_trait_changes_what_a_client_says(code: Code, trait: str, shown: dict[str, str | None]) -> None:
    verdicts = _with_traits(code, trait)

    assert {client: verdicts[client].shows for client in shown} == shown
    assert all(verdicts[client].rejects is (text is not None) for client, text in shown.items())
    assert all(verdicts[client].accepts is (text is None) for client, text in shown.items())


def test_a_trait_leaves_those_alone_whom_its_part_does_not_name() -> None:
    plain, special = statements(Code.STORES_DISAGREE), {"not-mozilla"}
    laid_over = statements(Code.STORES_DISAGREE, traits=frozenset(special))

    assert {key: it for key, it in laid_over.items() if key != "firefox"} == {
        key: it for key, it in plain.items() if key != "firefox"
    }


def test_several_traits_are_laid_over_one_another() -> None:
    verdicts = _with_traits(Code.STORES_DISAGREE, "not-apple", "not-mozilla")

    assert verdicts["Firefox"].rejects
    assert verdicts["Safari"].rejects


def test_a_trait_that_no_client_minds_changes_nothing() -> None:
    assert _with_traits(Code.STORES_DISAGREE, "not-heard-of") == _with_traits(Code.STORES_DISAGREE)


def test_the_part_of_an_issuer_is_no_trait() -> None:
    assert _with_traits(Code.WEAK_KEY, "issuer") == _with_traits(Code.WEAK_KEY)
    assert "issuer" not in traits_told_apart(Code.WEAK_KEY)


EVERY_TRAIT = [(code, trait) for code in Code for trait in traits_told_apart(code)]


@pytest.mark.parametrize(("code", "trait"), EVERY_TRAIT)
def test_every_part_names_clients_that_exist_and_changes_something(code: Code, trait: str) -> None:
    with_it = statements(code, traits=frozenset({trait}))

    assert with_it != statements(code) or trait == "no-aki"
    for key, statement in with_it.items():
        version = next(client.version for client in clients() if client.key == key)
        assert statement.basis == f"measured with {version}" or statement.basis.startswith("derived from ")
        assert (statement.stance is Stance.REJECTS) <= (statement.shows is not None)
        assert (statement.stance is Stance.ACCEPTS) <= (statement.shows is None)
        assert (statement.stance is Stance.DEPENDS) <= (statement.note is not None)


def test_the_steps_of_a_client_are_what_it_shows_after_each_repair() -> None:
    findings = _found(Code.LEAF_EXPIRED, Code.HOST_MISMATCH, Code.UNTRUSTED_ISSUER, Code.WEAK_KEY)

    for client, steps in steps_to_acceptance(findings).items():
        left = findings
        for step in steps:
            verdict = next(each for each in client_verdicts(left) if each.client == client)
            assert verdict.rejects
            assert verdict.shows == step.shows
            left = tuple(each for each in left if each.code not in step.codes)
        assert not next(each for each in client_verdicts(left) if each.client == client).rejects


def test_a_client_that_refuses_nothing_has_no_steps() -> None:
    assert not any(steps_to_acceptance(_found(Code.ROOT_SENT)).values())


def test_a_client_that_names_all_at_once_has_one_step() -> None:
    (step,) = steps_to_acceptance(_found(Code.LEAF_EXPIRED, Code.HOST_MISMATCH))["GnuTLS"]

    assert set(step.codes) == {Code.LEAF_EXPIRED, Code.HOST_MISMATCH}


def test_faults_of_unknown_order_are_one_step_that_says_so() -> None:
    faults = {Code.LEAF_EXPIRED, Code.HOST_MISMATCH, Code.EKU_WRONG}

    found = steps_to_acceptance(_found(*faults))

    unknown = {
        client: [set(step.codes) for step in steps]
        for client, steps in found.items()
        if not all(step.is_order_known for step in steps)
    }
    assert unknown == {"Chrome": [faults], "Edge": [faults], "Safari": [faults]}


def test_a_single_fault_beside_what_depends_is_a_step_of_which_only_the_words_are_unknown() -> None:
    steps = steps_to_acceptance(_found(Code.WEAK_KEY, Code.IP_NOT_IN_SAN))

    (step,) = steps["Chrome"]
    assert (step.codes, step.shows, step.is_order_known) == ((Code.IP_NOT_IN_SAN,), None, True)
    (step,) = steps["curl"]
    assert (set(step.codes), step.is_order_known) == ({Code.WEAK_KEY, Code.IP_NOT_IN_SAN}, False)


def test_a_certificate_of_the_users_own_ca_that_ends_soon_depends_on_the_ca_all_the_same() -> None:
    alone, with_warning = _verdicts(Code.PRIVATE_CA), _verdicts(Code.PRIVATE_CA, Code.EXPIRING_SOON)

    for client in NAMES:
        assert with_warning[client].stance is alone[client].stance
        assert with_warning[client].shows == alone[client].shows
