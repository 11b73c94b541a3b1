"""Candidate paths: every way to an anchor, the best one first, within bounds whatever is sent."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta

import certtui
from certtui.core.anchors import AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.paths import MAX_PATHS, Path, Source, find_paths
from certtui.lab.pki import CA_WISH, Authority, Issued
from tests.core.examples import HOST, ISSUER, NOW, ROOT, STRANGER, leaf


def paths(
    *sent: Issued, pool: tuple[Issued, ...] = (), anchors: tuple[Issued, ...] = (ROOT,)
) -> tuple[Path, ...]:
    """Return the paths over these certificates."""

    def read(certificates: tuple[Issued, ...]) -> list[Certificate]:
        return [Certificate.of(each.der) for each in certificates]

    return find_paths(
        read(sent), read(pool), AnchorStore.of_certificates(read(anchors), label="the test's own")
    )


def names(path: Path) -> list[str]:
    """Return what the certificates of a path are called, leaf first."""
    return [link.certificate.display_name for link in path.links]


def test_nothing_sent_has_no_path() -> None:
    assert paths() == ()


def test_a_chain_in_order_has_one_path_to_its_anchor() -> None:
    (only,) = paths(leaf(), ISSUER)

    assert names(only) == [HOST, "Example CA", "Example Root"]
    assert [link.source for link in only.links] == [Source.SENT, Source.SENT, Source.ANCHOR]
    assert only.is_trusted


def test_a_cross_certificate_opens_a_second_path() -> None:
    cross = STRANGER.intermediate("Example CA")

    found = paths(leaf(), ISSUER, cross, anchors=(ROOT, STRANGER))

    assert {names(path)[-1] for path in found} == {"Example Root", "Strange Root"}
    assert all(path.is_trusted for path in found)


def test_a_pool_completes_what_was_not_sent() -> None:
    (only,) = paths(leaf(), pool=(ISSUER,))

    assert only.is_trusted
    assert only.links[1].source is Source.POOL
    assert not only.is_as_sent


def test_of_several_keys_under_one_name_the_one_that_verifies_is_followed() -> None:
    namesakes = [ROOT.intermediate("Example CA", key_label=f"key {number}") for number in range(5)]

    (only,) = paths(leaf(), *namesakes, ISSUER)

    assert only.links[1].index == 6
    assert only.is_trusted


def test_cas_that_certify_each_other_end_the_search() -> None:
    one = Authority.root("One", now=NOW)
    two = Authority.root("Two", now=NOW)
    one_by_two, two_by_one = two.intermediate("One"), one.intermediate("Two")

    found = paths(leaf(one), one_by_two, two_by_one)

    assert found
    assert not any(path.is_trusted for path in found)
    assert all(len(path.links) <= 4 for path in found)


def test_many_cross_certificates_cost_bounded_time() -> None:
    layers = [Authority.root(f"Layer {number}", now=NOW) for number in range(8)]
    crosses = [
        upper.intermediate(f"Layer {number}", wish=replace(CA_WISH, ends=timedelta(days=500 + extra)))
        for number in range(7)
        for upper in (layers[number + 1],)
        for extra in range(4)
    ]
    began = time.monotonic()

    found = paths(leaf(layers[0]), *crosses)

    assert 0 < len(found) <= MAX_PATHS
    assert time.monotonic() - began < 10  # 4 to the power of 7 paths would take far longer


def test_the_best_of_several_paths_decides_and_the_others_keep_their_faults() -> None:
    old = Authority.root("Strange Root", now=NOW, wish=replace(CA_WISH, ends=timedelta(days=-1)))
    cross = STRANGER.intermediate("Example CA")

    report = certtui.diagnose(
        [leaf().der, cross.der, ISSUER.der], host=HOST, anchors=[old.der, ROOT.der], now=NOW
    )

    assert report.verdict is certtui.Verdict.TRUSTED
    assert report.best_path is not None
    assert names(report.best_path)[-1] == "Example Root"
    assert "root-expired" not in {finding.code for finding in report.findings}
    others = [finding.code for path in report.paths[1:] for finding in path.findings]
    assert "root-expired" in others
