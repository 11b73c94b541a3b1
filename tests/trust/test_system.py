"""The system's store is what OpenSSL would use there, and its label says where that is."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from certtui.core.anchors import Anchor
from certtui.core.certificate import Certificate
from certtui.trust.bundles import TrustError
from certtui.trust.store import load_store
from certtui.trust.system import read_keychains, read_openssl_store, read_system_store
from tests.core.examples import ISSUER, ROOT, STRANGER

of_openssl = pytest.mark.skipif(
    sys.platform in ("win32", "darwin"), reason="Windows and macOS have stores of their own"
)


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file that OpenSSL is told to use, not there yet."""
    path = tmp_path / "file.pem"
    monkeypatch.setenv("SSL_CERT_FILE", str(path))
    return path


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that OpenSSL is told to use, empty."""
    path = tmp_path / "folder"
    path.mkdir()
    monkeypatch.setenv("SSL_CERT_DIR", str(path))
    return path


def read() -> tuple[str, set[bytes]]:
    """Return the label and the certificates of OpenSSL's store, without any usual place."""
    label, certificates = read_openssl_store(files=[], folders=[])
    return label, {each.der for each in certificates}


def test_file_and_folder_that_the_environment_names_are_read_and_named(file: Path, folder: Path) -> None:
    file.write_text(ROOT.pem)
    (folder / "0a1b2c3d.0").write_text(STRANGER.pem)

    assert read() == (f"system ({file}, {folder})", {ROOT.der, STRANGER.der})


def test_a_folder_that_adds_nothing_is_not_named(file: Path, folder: Path) -> None:
    file.write_text(ROOT.pem + STRANGER.pem)
    (folder / "0a1b2c3d.0").write_text(STRANGER.pem)

    label, _ = read()

    assert label == f"system ({file})"


def test_of_a_folder_only_hashed_names_are_in_the_store(file: Path, folder: Path) -> None:
    file.write_text(ROOT.pem)
    (folder / "stranger.pem").write_text(STRANGER.pem)
    (folder / "0A1B2C3D.0").write_text(STRANGER.pem)
    (folder / "0a1b2c3d.r0").write_text(STRANGER.pem)

    _, certificates = read()

    assert certificates == {ROOT.der}


def test_links_that_lead_nowhere_and_files_without_certificates_are_passed_over(
    file: Path, folder: Path
) -> None:
    (folder / "0a1b2c3d.0").symlink_to(folder / "gone.pem")
    (folder / "0a1b2c3d.1").write_text("garbage")
    (folder / "0a1b2c3d.2").write_text(ISSUER.pem)

    _, certificates = read()

    assert certificates == {ISSUER.der}


def test_two_links_to_one_file_are_one_certificate(file: Path, folder: Path) -> None:
    (folder / "root.pem").write_text(ROOT.pem)
    (folder / "0a1b2c3d.0").symlink_to("root.pem")
    (folder / "1a1b2c3d.0").symlink_to("root.pem")

    _, certificates = read_openssl_store(files=[], folders=[])

    assert [each.der for each in certificates] == [ROOT.der]


def test_where_openssl_has_none_the_first_usual_place_that_is_there_is_read(
    file: Path, folder: Path, tmp_path: Path
) -> None:
    usual, later = tmp_path / "usual.crt", tmp_path / "later.crt"
    usual.write_text(ROOT.pem)
    later.write_text(STRANGER.pem)

    label, certificates = read_openssl_store(files=["/nonexistent.crt", str(usual), str(later)], folders=[])

    assert label == f"system ({usual})"
    assert [each.der for each in certificates] == [ROOT.der]


@pytest.mark.parametrize("has_file", [True, False], ids=["the file alone", "the folder alone"])
def test_where_openssl_has_any_list_no_usual_place_is_read(
    has_file: bool, file: Path, folder: Path, tmp_path: Path
) -> None:
    (file if has_file else folder / "0a1b2c3d.0").write_text(ROOT.pem)
    usual = tmp_path / "usual"
    usual.mkdir()
    for name in ("usual.crt", "0a1b2c3d.0"):
        (usual / name).write_text(STRANGER.pem)

    _, certificates = read_openssl_store(files=[str(usual / "usual.crt")], folders=[str(usual)])

    assert [each.der for each in certificates] == [ROOT.der]


def test_a_list_that_is_there_and_cannot_be_used_is_told(file: Path, folder: Path) -> None:
    file.write_text("garbage")

    with pytest.raises(TrustError, match=r"file\.pem: no certificates: neither PEM"):
        read()


def test_nothing_anywhere_is_told_with_what_to_use_instead(file: Path, folder: Path) -> None:
    with pytest.raises(TrustError, match=r"system store: .*: use --store mozilla or --ca-file"):
        read()


@of_openssl
def test_the_system_s_store_is_openssl_s(file: Path, folder: Path) -> None:
    file.write_text(ROOT.pem)

    assert read_system_store() == (f"system ({file})", (Certificate.of(ROOT.der),))


@of_openssl
def test_an_own_ca_stands_beside_the_system_s_too(file: Path, folder: Path, tmp_path: Path) -> None:
    file.write_text(ROOT.pem)
    own = tmp_path / "own.pem"
    own.write_text(STRANGER.pem + ROOT.pem)

    store = load_store("system", own)

    assert len(store) == 2
    assert store.exact(Certificate.of(ROOT.der)) == Anchor(Certificate.of(ROOT.der))
    assert store.exact(Certificate.of(STRANGER.der)) == Anchor(Certificate.of(STRANGER.der), private=True)
    assert store.label == f"system ({file}) and {own}"


def test_what_a_command_writes_is_read() -> None:
    certificates = read_keychains((sys.executable, "-c", f"print({ROOT.pem + STRANGER.pem!r})"))

    assert [each.der for each in certificates] == [ROOT.der, STRANGER.der]


def test_a_command_that_is_not_there_is_told() -> None:
    with pytest.raises(TrustError, match=r"/nonexistent/security: cannot read the keychains: .*No such file"):
        read_keychains(("/nonexistent/security",))


def test_a_command_that_says_nothing_when_it_fails_is_told_by_its_status() -> None:
    with pytest.raises(TrustError, match="cannot read the keychains: exit status 3"):
        read_keychains((sys.executable, "-c", "raise SystemExit(3)"))


def test_a_command_that_hangs_is_given_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("certtui.trust.system._SECONDS", 0.2)

    with pytest.raises(TrustError, match=r"cannot read the keychains: .*timed out"):
        read_keychains((sys.executable, "-c", "import threading; threading.Event().wait(20)"))
