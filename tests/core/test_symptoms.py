"""What clients show leads back to what may be wrong."""

from __future__ import annotations

import time
import tomllib
from collections.abc import Iterator
from importlib import resources
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.catalogue import CATALOGUE, Code
from certtui.core.client_statements import clients, statements, traits_told_apart
from certtui.core.symptoms import likely_codes, likely_meanings

ERRORS = cast(
    "list[dict[str, object]]",
    tomllib.loads(resources.files("certtui.knowledge").joinpath("errors.toml").read_text("utf-8"))["errors"],
)
NO_CODE = {17, 38, 40, 46, 50, 55, 56, 57, 58, 59, 60, 61, 63, 65, 69, 70, 72}
"""OpenSSL's numbers for what certtui has no finding for: proxies, Suite B, e-mail addresses, DANE and the like."""


def _shown() -> Iterator[tuple[Code, str]]:
    for code in Code:
        cases = [statements(code), statements(code, of_issuer=True)]
        cases += [statements(code, traits=frozenset({trait})) for trait in traits_told_apart(code)]
        for case in cases:
            yield from ((code, statement.shows) for statement in case.values() if statement.shows)


SHOWN = sorted(set(_shown()))


@pytest.mark.parametrize(("code", "shows"), SHOWN)
def test_what_a_client_shows_leads_back_to_its_finding(code: Code, shows: str) -> None:
    assert code in likely_codes(shows)
    assert code in likely_codes(shows.replace("…", "something else").upper())


@pytest.mark.parametrize(("code", "shows"), SHOWN)
def test_a_whole_line_with_more_around_it_is_understood(code: Code, shows: str) -> None:
    assert code in likely_codes(f"  2026-11-25 fatal:\t{shows.replace('…', 'www.example.com')} [job 77] ")


@pytest.mark.parametrize("number", [number for number in range(2, 95) if number not in NO_CODE])
@pytest.mark.parametrize(
    "written", ["{}", "error {} at 0 depth lookup", "num={}", "Verify return code: {} (no text)"]
)
def test_every_number_of_openssl_that_has_a_finding_is_known(number: int, written: str) -> None:
    assert likely_codes(written.format(number))


@pytest.mark.parametrize("number", sorted(NO_CODE - {28, 58, 59, 60}))
def test_a_number_that_means_no_finding_means_nothing(number: int) -> None:
    assert likely_codes(f"num={number}") == ()


@pytest.mark.parametrize("row", ERRORS, ids=lambda row: str(row.get("number") or row.get("texts")))
def test_every_row_leads_to_findings_by_its_texts_and_by_its_number(row: dict[str, object]) -> None:
    wanted = {Code(code) for code in cast("list[str]", row.get("codes", []))}

    for text in cast("list[str]", row.get("texts", [])):
        assert wanted <= set(likely_codes(text))
        assert likely_codes(text)
    if "number" in row:
        assert wanted <= set(likely_codes(str(row["number"])))
        assert likely_codes(str(row["number"]))


def test_every_row_names_a_client_and_no_number_stands_twice() -> None:
    numbers = [(row["client"], row["number"]) for row in ERRORS if "number" in row]

    assert {row["client"] for row in ERRORS} <= {client.name for client in clients()} | {
        "Windows",
        "other programs",
    }
    assert len(numbers) == len(set(numbers))


FIRST: list[tuple[str, Code]] = [
    ("ERR_CERT_AUTHORITY_INVALID", Code.CHAIN_INCOMPLETE),
    ("net::ERR_CERT_DATE_INVALID", Code.LEAF_EXPIRED),
    ("-202", Code.CHAIN_INCOMPLETE),
    ("net error -200", Code.HOST_MISMATCH),
    ("unable to get local issuer certificate", Code.CHAIN_INCOMPLETE),
    ("21", Code.CHAIN_INCOMPLETE),
    ("18", Code.SELF_SIGNED_LEAF),
    ("X509_V_ERR_CERT_HAS_EXPIRED", Code.LEAF_EXPIRED),
    ("SEC_ERROR_UNKNOWN_ISSUER", Code.CHAIN_INCOMPLETE),
    ("MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", Code.SELF_SIGNED_LEAF),
    ("curl: (60)", Code.HOST_MISMATCH),
    ("curl: (6) Could not resolve host: nowhere.test", Code.DNS_FAILED),
    ("curl: (60) SSL certificate problem: unable to get local issuer certificate", Code.CHAIN_INCOMPLETE),
    (
        "curl: (60) SSL: no alternative certificate subject name matches target host name 'a.b'",
        Code.HOST_MISMATCH,
    ),
    ("(_ssl.c:1000) certificate verify failed: certificate has expired", Code.LEAF_EXPIRED),
    ("Get https://a/: x509: certificate signed by unknown authority", Code.CHAIN_INCOMPLETE),
    ("x509: certificate is valid for a.test, not b.test", Code.HOST_MISMATCH),
    (
        "javax.net.ssl.SSLHandshakeException: No subject alternative DNS name matching a found.",
        Code.HOST_MISMATCH,
    ),
    ("DEPTH_ZERO_SELF_SIGNED_CERT", Code.SELF_SIGNED_LEAF),
    ("The certificate chain uses expired certificate.", Code.LEAF_EXPIRED),
    ("-67818", Code.LEAF_EXPIRED),
    ("errSecHostNameMismatch", Code.HOST_MISMATCH),
    ("Your connection is not private", Code.HOST_MISMATCH),
    ("Your connection isn’t private", Code.HOST_MISMATCH),
    ("Warning: Potential Security Risk Ahead", Code.HOST_MISMATCH),
    ("This Connection Is Not Private", Code.HOST_MISMATCH),
    ("7", Code.REFUSED),
    ("error 7 at 0 depth lookup", Code.SIGNATURE_INVALID),
    ("28", Code.TIMEOUT),
    ("62", Code.HOST_MISMATCH),
    ("64", Code.IP_NOT_IN_SAN),
]


HANDSHAKE = (
    Code.PROTOCOL_UNSUPPORTED,
    Code.CLIENT_CERTIFICATE_REQUIRED,
    Code.SNI_REFUSED,
    Code.UNSUPPORTED_KEY_TYPE,
    Code.WEAK_EPHEMERAL_KEY,
)
ANY_FAULT = likely_codes("60")
UNTRUSTED = (Code.CHAIN_INCOMPLETE, Code.UNTRUSTED_ISSUER, Code.PRIVATE_CA, Code.UNTRUSTED_ROOT_SENT)
UNTRUSTED_ROOT = (
    Code.UNTRUSTED_ROOT_SENT,
    Code.SELF_SIGNED_LEAF,
    Code.PRIVATE_CA,
    Code.UNTRUSTED_ISSUER,
)
PASTED: list[tuple[str, tuple[Code, ...]]] = [
    ("Error code: SSL_ERROR_NO_CYPHER_OVERLAP", HANDSHAKE),
    ("ERR_SSL_VERSION_OR_CIPHER_MISMATCH", HANDSHAKE),
    ("curl: (35) OpenSSL/3.0.22: error:0A000410:SSL routines::sslv3 alert handshake failure", HANDSHAKE),
    (
        "error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake failure:SSL alert number 40",
        HANDSHAKE,
    ),
    ("javax.net.ssl.SSLHandshakeException: Received fatal alert: handshake_failure", HANDSHAKE),
    ("remote error: tls: handshake failure", HANDSHAKE),
    ("*** PKI verification of server certificate failed...", ANY_FAULT),
    ("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed (_ssl.c:1007)", ANY_FAULT),
    ("Could not establish trust relationship for the SSL/TLS secure channel.", ANY_FAULT),
    ("fatal: server certificate verification failed. CAfile: none CRLfile: none", ANY_FAULT),
    ("ERROR: cannot verify a.test's certificate, issued by ‘CN=B’:", ANY_FAULT),
    ("ERROR: The certificate of ‘a.test’ is not trusted.", ANY_FAULT),
    ("ERROR: The certificate of ‘a.test’ has expired.", (Code.LEAF_EXPIRED,)),
    ("invalid peer certificate: Expired", (Code.LEAF_EXPIRED,)),
    ("its security certificate expired 3 days ago", (Code.LEAF_EXPIRED,)),
    ("invalid peer certificate: UnknownIssuer", UNTRUSTED),
    ("  Unable to locally verify the issuer's authority.", UNTRUSTED),
    ("Trust anchor for certification path not found.", UNTRUSTED),
    ("The remote certificate is invalid because of errors in the chain: UntrustedRoot", UNTRUSTED_ROOT),
    ("schannel: SEC_E_UNTRUSTED_ROOT (0x80090325)", UNTRUSTED_ROOT),
    ("0x800b0109", UNTRUSTED_ROOT),
    ("errors in the certificate chain: PartialChain", (Code.CHAIN_INCOMPLETE, Code.UNTRUSTED_ISSUER)),
    ("RemoteCertificateNameMismatch", (Code.HOST_MISMATCH,)),
    ("SEC_E_CERT_EXPIRED", (Code.LEAF_EXPIRED, Code.LEAF_NOT_YET_VALID)),
    ("schannel: CRYPT_E_NO_REVOCATION_CHECK", (Code.REVOCATION_ABSENT, Code.REVOCATION_UNREACHABLE)),
    ("x509: certificate is valid for 10.0.0.1, not 10.0.0.2", (Code.HOST_MISMATCH, Code.IP_NOT_IN_SAN)),
    (
        "(60) SSL: no alternative certificate subject name matches target ipv4 address '10.0.0.2'",
        (Code.IP_NOT_IN_SAN,),
    ),
    ("x509 certificate routines::key values mismatch", (Code.REFUSED, Code.LEAF_NOT_FIRST)),
    ("ERR_OSSL_X509_KEY_VALUES_MISMATCH", (Code.REFUSED, Code.LEAF_NOT_FIRST)),
    ("hostname 'a.test' doesn't match either of 'b.test', 'c.test'", (Code.HOST_MISMATCH,)),
    ("Certificate for <a.test> doesn't match any of the subject alternative names", (Code.HOST_MISMATCH,)),
    ('server certificate for "b.test" does not match host name "a.test"', (Code.HOST_MISMATCH,)),
    ("No subject alternative names present", (Code.SAN_MISSING, Code.IP_NOT_IN_SAN)),
    ("Algorithm constraints check failed on SHA1withRSA", (Code.WEAK_SIGNATURE, Code.WEAK_KEY)),
    ("http: server gave HTTP response to HTTPS client", (Code.NOT_TLS,)),
    ("400 No required SSL certificate was sent", (Code.CLIENT_CERTIFICATE_REQUIRED,)),
    ("psql: error: server does not support SSL, but SSL was required", (Code.STARTTLS_REFUSED,)),
    ("getaddrinfo ENOTFOUND a.test", (Code.DNS_FAILED,)),
    ("connect ETIMEDOUT 192.0.2.1:443", (Code.TIMEOUT,)),
]
"""Lines as people paste them, and the first of the findings that they lead to."""


@pytest.mark.parametrize(("text", "first"), PASTED)
def test_a_pasted_line_leads_to_what_it_may_mean(text: str, first: tuple[Code, ...]) -> None:
    assert likely_codes(text)[: len(first)] == first


def test_words_that_stand_for_any_fault_give_way_to_those_that_name_one() -> None:
    text = "[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired (_ssl.c:1007)"

    assert likely_codes(text) == likely_codes("certificate has expired")


@pytest.mark.parametrize(("text", "first"), FIRST)
def test_the_most_likely_finding_comes_first(text: str, first: Code) -> None:
    assert likely_codes(text)[0] is first
    assert likely_codes(text.upper())[0] is first


@pytest.mark.parametrize(
    ("text", "only"),
    [
        ("-67818", Code.LEAF_EXPIRED),
        ("MOZILLA_PKIX_ERROR_SELF_SIGNED_CERT", Code.SELF_SIGNED_LEAF),
        ("ERR_CERT_REVOKED …", Code.LEAF_REVOKED),
        ("certificate verify failed: Missing Subject Key Identifier", Code.STRICT_PROFILE_GAP),
        ("ERR_CERT_VALIDITY_TOO_LONG", Code.LIFETIME_TOO_LONG),
    ],
)
def test_a_text_that_stands_for_one_fault_is_sure(text: str, only: Code) -> None:
    found = likely_codes(text)

    assert found[0] is only
    assert len(found) == 1 or only is Code.LEAF_REVOKED


def test_a_code_on_a_warning_page_says_more_than_the_page_s_title() -> None:
    page = likely_codes("Your connection is not private")
    both = likely_codes("Your connection is not private NET::ERR_CERT_DATE_INVALID")

    assert Code.HOST_MISMATCH in page
    assert both == likely_codes("NET::ERR_CERT_DATE_INVALID")


def test_a_longer_text_outdoes_the_shorter_one_within_it() -> None:
    text = (
        'x509: certificate signed by unknown authority (possibly because of "x509: ECDSA verification failure" '
        'while trying to verify candidate authority certificate "A CA")'
    )

    assert Code.SELF_SIGNED_LEAF in likely_codes("x509: certificate signed by unknown authority")
    assert set(likely_codes(text)) == {Code.WRONG_INTERMEDIATE, Code.SIGNATURE_INVALID}


def test_a_client_that_lists_all_faults_is_understood_in_full() -> None:
    found = likely_codes("The certificate issuer is unknown. The certificate chain uses expired certificate.")

    assert {Code.UNTRUSTED_ISSUER, Code.LEAF_EXPIRED} <= set(found)


def test_a_meaning_names_the_clients_that_show_it() -> None:
    meanings = {meaning.code: meaning.clients for meaning in likely_meanings("SEC_ERROR_EXPIRED_CERTIFICATE")}

    assert meanings == {Code.LEAF_EXPIRED: ("Firefox",)}
    assert "Edge" in likely_meanings("ERR_CERT_DATE_INVALID")[0].clients


@pytest.mark.parametrize("text", ["is not yet valid", "host name mismatch, cert", "err_cert_date"])
def test_a_piece_of_what_a_client_shows_is_understood_if_it_says_enough(text: str) -> None:
    assert bool(likely_codes(text)) is (text != "host name mismatch, cert")


@pytest.mark.parametrize(
    "text", ["", " ", "e", "leaf", "expired", "no such thing", "…", "error", "999", "-999999", "()"]
)
def test_what_no_client_shows_means_nothing(text: str) -> None:
    assert likely_codes(text) == ()


@pytest.mark.parametrize(
    "text", ["leofcurl: (602)", "SEC_ERROR_UNKNOWN_ISSUERS", "NOT_A_SEC_ERROR_UNKNOWN_ISSUER"]
)
def test_a_name_within_another_word_is_not_that_name(text: str) -> None:
    assert likely_codes(text) == ()


@given(st.text(max_size=200))
def test_any_text_is_looked_up_without_a_fault(text: str) -> None:
    found = likely_codes(text)

    assert len(found) == len(set(found))
    assert set(found) <= set(CATALOGUE)


@pytest.mark.parametrize("piece", ["a", "x509: ", "certificate is valid for ", "0", "\x00", "(60) "])
def test_a_huge_text_is_looked_up_at_once(piece: str) -> None:
    begin = time.perf_counter()

    likely_codes(piece * 1_000_000)

    assert time.perf_counter() - begin < 2
