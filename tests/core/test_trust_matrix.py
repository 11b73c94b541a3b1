"""Each way to a root, and what each store makes of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

import pytest

from certtui.core.certificate import Certificate
from certtui.core.distrust import cutoffs
from certtui.core.knowledge import table
from certtui.core.paths import Path
from certtui.core.report import Report
from certtui.core.roots import root_of_certificate, stores
from certtui.core.trust_matrix import Trust, Way, trust_matrix
from tests.core.examples import ISSUER, NOW, ROOT, leaf
from tests.core.forge import with_validity
from tests.core.public_roots import (
    CERTAINLY_R1,
    DIGICERT_G1,
    ENTRUST_G2,
    EPKI,
    GLOBALSIGN_R3,
    ISRG_X1,
    at,
    leaf_of,
    path_to,
    path_to_nowhere,
    root_with,
    stand_in,
)

SERVER = leaf_of(NOW - timedelta(days=1))


def ways(*paths: Path, now: datetime = NOW) -> tuple[Way, ...]:
    """Return the ways of a report with these paths, best first."""
    return trust_matrix(Report(host=None, now=now, chain=paths[0].certificates[:2], paths=paths))


def _sha256_with_cutoffs() -> list[str]:
    rows = cast("dict[str, list[dict[str, list[str]]]]", table("distrust.toml"))["cutoff"]
    return [sha256 for row in rows for sha256 in row["roots"]]


def trust_by(way: Way) -> dict[str, Trust]:
    """Return what each store says, by the first word of its name."""
    return {opinion.who.partition(" ")[0]: opinion.trust for opinion in way.opinions}


def test_a_root_that_all_hold_is_held_by_all_stores_of_today() -> None:
    (way,) = ways(path_to(stand_in(ISRG_X1), SERVER))

    said = trust_by(way)
    assert way.is_public
    assert {said["Apple"], said["Android"], said["Microsoft"]} == {Trust.HOLDS}
    assert said["Mozilla"] is Trust.LEAVES
    assert said["OpenJDK"] is Trust.OUTDATED


def test_a_root_that_a_store_lacks_is_said_to_be_lacking_there() -> None:
    (way,) = ways(path_to(stand_in(CERTAINLY_R1), SERVER))

    lacking = {"mozilla", "apple", "android", "microsoft"} - root_with(CERTAINLY_R1).stores
    said = trust_by(way)
    assert lacking
    assert all(said[store.capitalize()] is Trust.LACKS for store in lacking)


def test_a_client_that_takes_none_so_new_refuses_with_its_day() -> None:
    (way,) = ways(path_to(stand_in(ENTRUST_G2), leaf_of(at("2026-01-01"))))

    refusing = [opinion for opinion in way.opinions if opinion.trust is Trust.REFUSES]
    assert refusing
    assert all("takes no certificate newer than 20" in opinion.detail for opinion in refusing)


@pytest.mark.parametrize(
    ("now", "trust", "detail"),
    [
        ("2027-04-14T23:59:59", Trust.LEAVES, "leaves on 2027-04-15"),
        ("2027-04-15T00:00:00", Trust.LACKS, "left on 2027-04-15"),
    ],
)
def test_a_root_that_leaves_a_store_is_dated(now: str, trust: Trust, detail: str) -> None:
    (way,) = ways(path_to(stand_in(GLOBALSIGN_R3), SERVER), now=at(now))

    mozilla = next(opinion for opinion in way.opinions if opinion.who == "Mozilla")
    assert mozilla.trust is trust
    assert mozilla.detail.startswith(detail)


def test_a_list_that_is_younger_than_a_departure_by_age_counts_more() -> None:
    root = root_with(EPKI)
    (way,) = ways(path_to(stand_in(EPKI), SERVER))

    mozilla = next(opinion for opinion in way.opinions if opinion.who == "Mozilla")
    assert "mozilla" in root.stores
    assert mozilla.trust is Trust.HOLDS
    assert mozilla.detail.startswith(
        "was to leave on 2025-04-15, by the age of its key, but was there as of 20"
    )


def cut_offs(root: str, server: Certificate) -> dict[str, tuple[Trust, str]]:
    """Return what cut-offs make of a certificate, by the client's name."""
    (way,) = ways(path_to(stand_in(root), server))
    found = (each for each in way.opinions if each.who.endswith("'s cut-off"))
    return {each.who.partition("'")[0]: (each.trust, each.detail) for each in found}


def test_a_cut_off_says_nothing_of_whether_the_client_holds_the_root() -> None:
    found = cut_offs(ENTRUST_G2, leaf_of(at("2020-01-01")))

    assert {"Chrome", "Java"} <= found.keys()
    assert {trust for trust, _ in found.values()} == {Trust.TAKES}
    assert all(detail.endswith("this one is not newer") for _, detail in found.values())


def test_a_certificate_of_the_last_second_is_not_newer() -> None:
    trust, detail = cut_offs(ENTRUST_G2, leaf_of(at("2024-11-15T23:59:59")))["Apple"]

    assert (trust, detail.rpartition("; ")[2]) == (Trust.TAKES, "this one is not newer")
    assert cut_offs(ENTRUST_G2, leaf_of(at("2024-11-16T00:00:00")))["Apple"][0] is Trust.REFUSES


def test_a_client_whose_list_lacks_the_root_has_no_cut_off_to_tell() -> None:
    lacking = next(
        (root, cutoff.client)
        for sha256 in _sha256_with_cutoffs()
        if (root := root_of_certificate(sha256)) is not None
        for cutoff in cutoffs(root)
        if cutoff.client.value in stores() and cutoff.client.value not in root.stores
    )
    root, client = lacking

    found = cut_offs(root.sha256.hex(), leaf_of(at("2020-01-01")))

    assert client.shown not in found


def test_a_date_that_cannot_be_read_is_neither_taken_nor_refused() -> None:
    unreadable = Certificate.of(with_validity(leaf(), ISSUER, "no date", "30000101000000Z"))
    assert unreadable.not_before is None

    found = cut_offs(ENTRUST_G2, unreadable)

    assert {trust for trust, _ in found.values()} == {Trust.UNDATED}
    assert not any("this one" in detail for _, detail in found.values())


def test_each_path_is_a_way_of_its_own_and_the_first_is_the_one_taken() -> None:
    found = ways(path_to(stand_in(ISRG_X1), SERVER), path_to(stand_in(DIGICERT_G1), SERVER))

    assert [way.is_taken for way in found] == [True, False]
    assert len({way.root for way in found}) == 2


def test_an_anchor_of_the_users_own_is_no_public_root() -> None:
    (way,) = ways(path_to(Certificate.of(ROOT.der), SERVER, private=True))

    assert not way.is_public
    assert way.in_use == "trusted by your own CA file"


def test_a_path_that_ends_nowhere_names_the_issuer_that_it_lacks() -> None:
    (way,) = ways(path_to_nowhere(SERVER))

    assert way.root == SERVER.issuer.common_name
    assert not way.is_whole
    assert way.in_use == "ends in no anchor of the store in use"
