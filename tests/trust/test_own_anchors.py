"""The user's own CA beside a store: what is read once, what is tried again, and what it makes of a diagnosis."""

from __future__ import annotations

from pathlib import Path

import certifi
import pytest

import certtui
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.trust.bundles import TrustError, read_bundle
from certtui.trust.store import StoreKind, default_store, load_store
from tests.core.examples import GOOD, HOST, NOW, ROOT, STRANGER


def test_mozilla_s_store_is_labelled_with_its_source_and_version() -> None:
    assert default_store().label == f"Mozilla (certifi {certifi.__version__})"


def test_mozilla_s_store_holds_every_certificate_of_certifi_and_none_is_private() -> None:
    store = default_store()

    anchors = [store.exact(certificate) for certificate in read_bundle(Path(certifi.where()))]

    assert len(anchors) == len(store)
    assert all(anchor is not None and not anchor.private for anchor in anchors)


def test_a_store_with_an_own_ca_is_read_once_too(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(ROOT.pem)

    store = load_store(StoreKind.MOZILLA, own)
    own.unlink()

    assert load_store("mozilla", own) is store


def test_a_file_that_could_not_be_used_is_read_again_when_it_is_repaired(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text("garbage")
    with pytest.raises(TrustError):
        load_store("mozilla", own)
    own.write_text(ROOT.pem)

    store = load_store("mozilla", own)

    assert store.exact(Certificate.of(ROOT.der)) is not None


def test_an_own_ca_never_changes_the_store_without_it(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(ROOT.pem)

    load_store("mozilla", own)

    assert default_store().exact(Certificate.of(ROOT.der)) is None


def test_an_own_folder_counts_each_certificate_once(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(ROOT.pem + STRANGER.pem)
    (tmp_path / "b.pem").write_text(ROOT.pem)

    store = load_store("mozilla", tmp_path)

    assert len(store) == len(default_store()) + 2


def test_a_kind_of_store_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="'windows' is not a valid StoreKind"):
        load_store("windows")


def test_what_only_an_own_ca_vouches_for_is_trusted_and_said_so(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(ROOT.pem)

    with_it = certtui.diagnose(GOOD.sent, host=HOST, anchors=load_store("mozilla", own), now=NOW)
    without = certtui.diagnose(GOOD.sent, host=HOST, anchors=default_store(), now=NOW)

    assert with_it.verdict == "trusted"
    assert [finding.code for finding in with_it.findings] == [Code.PRIVATE_CA]
    assert without.verdict == "rejected"
