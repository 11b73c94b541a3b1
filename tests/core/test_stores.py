"""What stores and clients make of a public root: each fault with what triggers it and what nearly does."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.interception import interception
from certtui.core.checks.stores import path_stores, unknown_root
from certtui.core.finding import Finding
from certtui.lab.pki import CA_WISH, Authority, Wish, self_signed
from tests.core.examples import HOST, ISSUER, NOW, ROOT
from tests.core.public_roots import (
    CERTAINLY_R1,
    DAY,
    DIGICERT_G1,
    ENTRUST_G2,
    GLOBALSIGN_R3,
    ISRG_X1,
    MOZILLA,
    NETLOCK,
    at,
    case_of,
    leaf_of,
    path_to,
    path_to_nowhere,
    real_isrg_x1,
    stand_in,
    timestamp_list,
)

LAST_SECOND = at("2024-11-15T23:59:59")
YESTERDAY = NOW - DAY


def found(root: str, server: Certificate, *others: str, label: str = MOZILLA) -> dict[Code, Finding]:
    """Return the findings on a path to a root, beside paths to other roots."""
    best = path_to(stand_in(root), server)
    case = case_of(best, *(path_to(stand_in(other), server) for other in others), label=label)
    return {each.code: each for each in path_stores(best, case)}


def fact(of: Finding, label: str) -> str:
    """Return the value of the fact whose label begins so."""
    return next(each.value for each in of.evidence if each.label.startswith(label))


def test_nothing_is_found_on_a_root_that_all_hold() -> None:
    assert found(ISRG_X1, leaf_of(YESTERDAY)) == {}


def test_a_private_anchor_is_not_asked_about_even_if_it_is_public_elsewhere() -> None:
    path = path_to(stand_in(ENTRUST_G2), leaf_of(YESTERDAY), private=True)

    assert list(path_stores(path, case_of(path))) == []


def test_a_broken_path_is_not_asked_about() -> None:
    path = replace(path_to(stand_in(ENTRUST_G2), leaf_of(YESTERDAY)), broken=frozenset({0}))

    assert list(path_stores(path, case_of(path))) == []


# Distrust


def test_a_certificate_newer_than_a_client_takes_of_the_root_is_distrusted() -> None:
    distrusted = found(ENTRUST_G2, leaf_of(LAST_SECOND + DAY), label="x")[Code.CA_DISTRUSTED]

    assert distrusted.severity is Severity.ERROR
    assert distrusted.traits == {"chrome", "apple", "java"}
    assert "Apple (after 2024-11-15)" in distrusted.summary
    assert "2024-11-16 23:59:59 UTC" in distrusted.summary
    assert "support.apple.com/121668" in fact(distrusted, "Apple")


@pytest.mark.parametrize(
    ("issued", "refusing"),
    [
        ("2024-11-11T23:59:59", set()),
        ("2024-11-12T00:00:00", {"chrome", "java"}),
        ("2024-11-15T23:59:59", {"chrome", "java"}),
        ("2024-11-16T00:00:00", {"chrome", "java", "apple"}),
        ("2024-11-30T23:59:59", {"chrome", "java", "apple"}),
        ("2024-12-01T00:00:00", {"chrome", "java", "apple", "mozilla"}),
    ],
)
def test_each_client_has_its_own_last_second(issued: str, refusing: set[str]) -> None:
    findings = found(ENTRUST_G2, leaf_of(at(issued)), label="x")

    assert (findings[Code.CA_DISTRUSTED].traits if refusing else set()) == refusing
    assert (Code.CA_DISTRUSTED in findings) is bool(refusing)


def test_chrome_looks_at_the_earliest_timestamp() -> None:
    cutoff = at("2025-07-31T23:59:59")
    logged_before = timestamp_list(cutoff + DAY, cutoff)
    logged_after = timestamp_list(cutoff + 2 * DAY, cutoff + DAY)

    early = found(NETLOCK, leaf_of(cutoff + DAY, extensions=(logged_before,)))
    late = found(NETLOCK, leaf_of(cutoff - DAY, extensions=(logged_after,)))

    assert Code.CA_DISTRUSTED not in early
    assert late[Code.CA_DISTRUSTED].traits == {"chrome"}
    assert fact(late[Code.CA_DISTRUSTED], "earliest timestamp") == "2025-08-01 23:59:59 UTC"


def test_a_way_to_another_root_saves_from_distrust() -> None:
    server = leaf_of(YESTERDAY)

    assert Code.CA_DISTRUSTED in found(NETLOCK, server)
    assert Code.CA_DISTRUSTED not in found(NETLOCK, server, ISRG_X1)


def test_a_way_to_another_distrusted_root_saves_nothing() -> None:
    assert found(NETLOCK, leaf_of(YESTERDAY), ENTRUST_G2)[Code.CA_DISTRUSTED].traits == {"chrome"}


# Stores that disagree


def test_a_root_that_some_stores_lack_is_disputed() -> None:
    disputed = found(CERTAINLY_R1, leaf_of(YESTERDAY))[Code.STORES_DISAGREE]

    assert disputed.severity is Severity.WARNING
    assert disputed.traits == {"not-microsoft"}
    assert fact(disputed, "Microsoft") == "does not hold it (as of 2026-06-21)"
    assert fact(disputed, "Android") == "holds it (as of 2026-06-21)"
    assert fact(disputed, "Mozilla") == f"holds it ({MOZILLA}, the store in use)"
    assert fact(disputed, "OpenJDK") == "does not hold it (as of 2022-01-23, too old to count)"


def test_a_way_to_a_root_of_the_other_store_ends_the_dispute() -> None:
    assert Code.STORES_DISAGREE not in found(CERTAINLY_R1, leaf_of(YESTERDAY), ISRG_X1)


@pytest.mark.parametrize(("ends", "codes"), [(-DAY, {Code.STORES_DISAGREE}), (DAY, set())])
def test_an_expired_cross_certificate_ends_no_dispute(ends: timedelta, codes: set[Code]) -> None:
    server = leaf_of(YESTERDAY)
    crossed = ROOT.intermediate("Example CA", wish=replace(CA_WISH, ends=ends))
    best = path_to(stand_in(CERTAINLY_R1), server)
    other = path_to(stand_in(ISRG_X1), server, issuer=crossed)

    assert {each.code for each in path_stores(best, case_of(best, other, label=MOZILLA))} == codes


def test_a_store_in_use_that_is_newer_than_the_table_counts() -> None:
    certificate = stand_in(DIGICERT_G1)
    path = path_to(certificate, leaf_of(YESTERDAY))

    newer = list(path_stores(path, case_of(path, label=MOZILLA)))
    older = list(path_stores(path, case_of(path, label="Mozilla (certifi 2024.07.04)")))

    assert [each.code for each in newer] == []
    assert [each.traits for each in older if each.code is Code.STORES_DISAGREE] == [{"not-mozilla"}]
    assert fact(older[0], "Mozilla") == "does not hold it (as of 2026-06-14)"


def test_a_client_that_refuses_for_the_date_is_not_said_to_lack_the_root_too() -> None:
    findings = found(ENTRUST_G2, leaf_of(YESTERDAY), label="x")

    assert findings[Code.CA_DISTRUSTED].traits == {"chrome", "mozilla", "apple", "java"}
    assert findings[Code.STORES_DISAGREE].traits == {"not-android"}


# Roots that leave


@pytest.mark.parametrize(
    ("root", "now", "ends", "severity"),
    [
        (GLOBALSIGN_R3, "2026-11-25", "2027-04-15", Severity.WARNING),
        (GLOBALSIGN_R3, "2026-11-25", "2027-04-14", Severity.NOTICE),
        (GLOBALSIGN_R3, "2026-04-10", "2027-04-20", Severity.NOTICE),
        (GLOBALSIGN_R3, "2026-04-10", "2027-04-10", None),
        (GLOBALSIGN_R3, "2027-04-15", "2027-06-01", None),
        (ISRG_X1, "2026-11-25", "2027-02-25", None),
    ],
)
def test_a_root_that_leaves_a_store_is_announced(
    root: str, now: str, ends: str, severity: Severity | None
) -> None:
    moment, last = at(now), at(ends)
    server = leaf_of(moment - DAY, last - moment + DAY)
    path = path_to(stand_in(root), server)
    findings = list(path_stores(path, case_of(path, label=MOZILLA, now=moment)))

    announced = [each for each in findings if each.code is Code.ROOT_LEAVING_STORE]
    assert [each.severity for each in announced] == ([severity] if severity else [])
    assert all("leaves Mozilla's store on 2027-04-15" in each.summary for each in announced)


def test_a_way_to_a_root_that_stays_longer_ends_the_announcement() -> None:
    server = leaf_of(YESTERDAY, 200 * DAY)

    assert Code.ROOT_LEAVING_STORE in found(GLOBALSIGN_R3, server)
    assert Code.ROOT_LEAVING_STORE not in found(GLOBALSIGN_R3, server, ISRG_X1)


# Roots that the store in use lacks


def test_a_root_sent_that_other_stores_hold_is_named() -> None:
    path = path_to_nowhere(leaf_of(YESTERDAY), Certificate.of(ISSUER.der), stand_in(DIGICERT_G1))
    unknown = unknown_root(path, case_of(path, label=MOZILLA))

    assert unknown is not None
    assert (unknown.code, unknown.severity) == (Code.STORES_DISAGREE, Severity.ERROR)
    assert unknown.certificate == 2
    assert unknown.traits == {"not-mozilla"}
    assert unknown.summary == (
        "Apple, Android and Microsoft hold the root DigiCert Global Root CA, "
        f"but the store in use, {MOZILLA}, does not"
    )


def test_an_issuer_known_by_name_and_key_is_named() -> None:
    path = path_to_nowhere(real_isrg_x1())
    unknown = unknown_root(path, case_of(path))

    assert unknown is not None
    assert "ISRG Root X1" in unknown.summary


def test_an_issuer_known_by_name_alone_is_not_named() -> None:
    path = path_to_nowhere(leaf_of(YESTERDAY), Certificate.of(ISSUER.der))

    assert unknown_root(path, case_of(path)) is None


def test_a_broken_path_names_no_root() -> None:
    path = path_to_nowhere(leaf_of(YESTERDAY), stand_in(DIGICERT_G1))

    assert unknown_root(replace(path, broken=frozenset({0})), case_of(path)) is None


def test_a_root_that_only_old_stores_held_is_unknown() -> None:
    verisign_g5 = "9acfab7e43c8d880d06b262a94deeee4b4659989c3d0caf19baf6405e41ab7df"
    path = path_to_nowhere(leaf_of(at("2018-01-01T00:00:00")), stand_in(verisign_g5))

    assert unknown_root(path, case_of(path)) is None


def test_a_root_that_the_store_lacks_because_it_is_distrusted_is_called_so() -> None:
    path = path_to_nowhere(leaf_of(YESTERDAY), stand_in(ENTRUST_G2))
    unknown = unknown_root(path, case_of(path, label=MOZILLA))

    assert unknown is not None
    assert unknown.code is Code.CA_DISTRUSTED


# Interception


def _name(organization: str | None, common_name: str) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, common_name)]
    if organization:
        attributes.insert(0, x509.NameAttribute(NameOID.ORGANIZATION_NAME, organization))
    return x509.Name(attributes)


def _under(organization: str | None, common_name: str, subject: x509.Name | None = None) -> Finding | None:
    stranger = Authority.root("Strange Root", now=NOW)
    named = stranger.issue("ca", Wish(subject=_name(organization, common_name)))
    issuer = Authority(certificate=named.certificate, key=named.key, now=NOW)
    server = issuer.issue(HOST, Wish(names=(HOST,), subject=subject))
    path = path_to_nowhere(Certificate.of(server.der))
    return interception(path, case_of(path))


@pytest.mark.parametrize(
    ("organization", "common_name", "product"),
    [
        ("Zscaler Inc.", "Zscaler Intermediate Root CA (zscalerthree.net) (t)", "Zscaler"),
        ("Fortinet", "FG100E4Q17000000", "Fortinet FortiGate"),
        ("Cisco", "Cisco Umbrella Root CA", "Cisco Umbrella"),
        ("mitmproxy", "mitmproxy", "mitmproxy"),
        (None, "DO_NOT_TRUST_FiddlerRoot", "Fiddler"),
        ("XK72 Ltd", "Charles Proxy CA (24 Mar 2022, laptop.local)", "Charles"),
        ("Blue Coat SG-S400 Series", "192.0.2.1", "Symantec Blue Coat"),
        ("ESET, spol. s r. o.", "ESET SSL Filter CA", "ESET"),
        (None, "EDELLROOT", "Dell's eDellRoot"),
    ],
)
def test_an_inspection_product_is_known_by_its_issuer(
    organization: str | None, common_name: str, product: str
) -> None:
    suspected = _under(organization, common_name)

    assert suspected is not None
    assert suspected.code is Code.INTERCEPTION_SUSPECTED
    assert product in suspected.summary
    assert fact(suspected, "matched attribute") in (organization, common_name)
    assert fact(suspected, "known from")


@pytest.mark.parametrize(
    ("organization", "common_name"),
    [
        ("Cisco", "Cisco Internal CA"),
        ("Sophos", "Example CA"),
        ("Bitdefender", "Bitdefender Corporate CA"),
        ("Zscaler Incorporated Fans", "Example CA"),
        ("certtui demo", "mitmproxy"),
    ],
)
def test_a_name_that_is_only_like_a_products_is_no_interception(organization: str, common_name: str) -> None:
    assert _under(organization, common_name) is None


def test_the_vendors_own_page_is_no_interception() -> None:
    assert _under("Fortinet", "FortiGate CA", _name("Fortinet", "FortiGate")) is None
    assert _under("Fortinet", "FortiGate CA", _name("Example", "www.example.test")) is not None


def test_a_certificate_that_signs_itself_is_no_interception() -> None:
    alone = self_signed(HOST, Wish(names=(HOST,), subject=None), now=NOW)
    path = path_to_nowhere(Certificate.of(alone.der))

    assert interception(path, case_of(path)) is None


def test_a_path_to_a_public_root_is_no_interception() -> None:
    product = Authority.root("Strange Root", now=NOW).issue(
        "ca", Wish(subject=_name("mitmproxy", "mitmproxy"))
    )
    issuer = Authority(certificate=product.certificate, key=product.key, now=NOW)
    server = Certificate.of(issuer.issue(HOST, Wish(names=(HOST,))).der)
    public = path_to(stand_in(ISRG_X1), server)
    private = path_to(Certificate.of(issuer.der), server, private=True)

    assert interception(public, case_of(public)) is None
    assert interception(private, case_of(private)) is not None
