"""Each way to a root, and what each store makes of it."""

from __future__ import annotations

from datetime import timedelta

from certtui.core.paths import Path
from certtui.core.report import Report
from certtui.core.trust_matrix import Trust, Way, trust_matrix
from tests.core.examples import NOW
from tests.core.public_roots import (
    CERTAINLY_R1,
    DIGICERT_G1,
    ENTRUST_G2,
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


def ways(*paths: Path) -> tuple[Way, ...]:
    """Return the ways of a report with these paths, best first."""
    return trust_matrix(Report(host=None, now=NOW, chain=paths[0].certificates[:2], paths=paths))


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


def test_a_root_that_will_leave_a_store_is_dated() -> None:
    (way,) = ways(path_to(stand_in(GLOBALSIGN_R3), SERVER))

    mozilla = next(opinion for opinion in way.opinions if opinion.who == "Mozilla")
    assert mozilla.trust in (Trust.LEAVES, Trust.LACKS)
    assert "on 20" in mozilla.detail


def test_each_path_is_a_way_of_its_own_and_the_first_is_the_one_taken() -> None:
    found = ways(path_to(stand_in(ISRG_X1), SERVER), path_to(stand_in(DIGICERT_G1), SERVER))

    assert [way.is_taken for way in found] == [True, False]
    assert len({way.root for way in found}) == 2


def test_an_anchor_of_the_users_own_is_no_public_root() -> None:
    from certtui.core.certificate import Certificate
    from tests.core.examples import ROOT

    (way,) = ways(path_to(Certificate.of(ROOT.der), SERVER, private=True))

    assert not way.is_public
    assert way.in_use == "trusted by your own CA file"


def test_a_path_that_ends_nowhere_names_the_issuer_that_it_lacks() -> None:
    (way,) = ways(path_to_nowhere(SERVER))

    assert way.root == SERVER.issuer.common_name
    assert way.in_use == "ends in no anchor of the store in use"
