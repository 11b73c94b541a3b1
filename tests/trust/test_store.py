"""Anchors from Mozilla, the system and the user's own files; each store read once."""

from __future__ import annotations

import ssl
from pathlib import Path

import certifi
import pytest

from certtui.core.certificate import Certificate
from certtui.trust.bundles import TrustError, read_bundle
from certtui.trust.store import default_store, load_store
from certtui.trust.system import read_keychains, read_openssl_store, windows_certificates
from tests.core.examples import ISSUER, ROOT, STRANGER


def test_mozilla_s_store_names_its_source_and_is_read_once() -> None:
    store = load_store("mozilla")

    assert len(store) > 100
    assert certifi.__version__ in store.label
    assert load_store("mozilla") is store
    assert default_store() is store


def test_the_system_s_store_names_its_place(tmp_path: Path) -> None:
    bundle = tmp_path / "ca-certificates.crt"
    bundle.write_text(ROOT.pem + STRANGER.pem)

    label, certificates = read_openssl_store(files=[str(bundle)], folders=[])

    # A Python whose OpenSSL has a list of its own reads that.
    assert label.startswith("system (")
    assert certificates


def test_an_own_ca_stands_beside_the_public_ones_and_is_marked(tmp_path: Path) -> None:
    own = tmp_path / "own.pem"
    own.write_text(ROOT.pem)

    store = load_store("mozilla", own)

    anchor = store.exact(Certificate.of(ROOT.der))
    assert anchor is not None
    assert anchor.private
    assert len(store) == len(default_store()) + 1
    assert str(own) in store.label


def test_an_own_file_that_repeats_a_public_root_makes_it_no_private_one(tmp_path: Path) -> None:
    public = read_bundle(Path(certifi.where()))[0]
    own = tmp_path / "own.pem"
    own.write_text(public.to_pem())

    anchor = load_store("mozilla", own).exact(public)

    assert anchor is not None
    assert not anchor.private


@pytest.mark.parametrize(
    "content",
    [
        ROOT.pem + ISSUER.pem,
        f"# our roots\nsubject=Example\n{ROOT.pem}\nmore text\n{ISSUER.pem}",
        f"{ROOT.key_pem}{ROOT.pem}{ISSUER.pem}",
        (ROOT.pem + ISSUER.pem).replace("\n", "\r\n"),
        ROOT.pem.rstrip() + ISSUER.pem,
        f"\ufeff{ROOT.pem}{ISSUER.pem}",
        f"01 Example Root\n{ROOT.pem}{ISSUER.pem}",
    ],
    ids=[
        "plain",
        "text between",
        "a private key beside",
        "Windows line ends",
        "joined without a line end",
        "a byte order mark",
        "text that begins as DER does",
    ],
)
def test_a_file_may_hold_several_among_other_things(content: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle.pem"
    bundle.write_bytes(content.encode())

    assert [each.der for each in read_bundle(bundle)] == [ROOT.der, ISSUER.der]


def test_a_file_may_be_der(tmp_path: Path) -> None:
    (tmp_path / "root.der").write_bytes(ROOT.der)

    assert read_bundle(tmp_path / "root.der") == (Certificate.of(ROOT.der),)


def test_of_a_folder_the_certificate_files_are_read(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(ROOT.pem)
    (tmp_path / "b.crt").write_bytes(STRANGER.der)
    (tmp_path / "notes.txt").write_text("nothing")

    assert {each.der for each in read_bundle(tmp_path)} == {ROOT.der, STRANGER.der}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "it is empty"),
        (b"garbage", "neither PEM"),
        (ROOT.key_pem.encode(), "it holds a PRIVATE KEY"),
        (ROOT.pem.encode()[:-20], "is the file cut off?"),
        ((ROOT.pem + ISSUER.pem).encode()[:-20], "2 certificates begin but only 1 end"),
        (
            b"-----BEGIN CERTIFICATE-----\n!!!!\n-----END CERTIFICATE-----\n",
            "line 1: a certificate that is no base64",
        ),
        (b"\n\n-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "line 3: not a certificate"),
    ],
)
def test_what_cannot_be_used_is_told_with_its_place(content: bytes, said: str, tmp_path: Path) -> None:
    path = tmp_path / "bad.pem"
    path.write_bytes(content)

    with pytest.raises(TrustError) as told:
        read_bundle(path)

    assert "bad.pem" in str(told.value)
    assert said in str(told.value)


def test_a_file_that_is_missing_and_a_folder_without_certificates_are_told(tmp_path: Path) -> None:
    with pytest.raises(TrustError, match=r"none\.pem: no such file"):
        read_bundle(tmp_path / "none.pem")
    with pytest.raises(TrustError, match="no file in this folder ends in"):
        read_bundle(tmp_path)


def test_a_system_without_any_list_says_what_to_use(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = ssl.DefaultVerifyPaths("", "", "SSL_CERT_FILE", "", "SSL_CERT_DIR", "")
    monkeypatch.setattr(ssl, "get_default_verify_paths", lambda: nothing)

    with pytest.raises(TrustError, match="--store mozilla or --ca-file"):
        read_openssl_store(files=[], folders=[])


def test_of_windows_roots_those_for_servers_are_taken() -> None:
    entries: list[tuple[bytes, str, bool | set[str]]] = [
        (ROOT.der, "x509_asn", True),
        (STRANGER.der, "x509_asn", {"1.3.6.1.5.5.7.3.1"}),
        (ISSUER.der, "x509_asn", {"1.3.6.1.5.5.7.3.4"}),
        (b"pkcs7", "pkcs_7_asn", True),
    ]

    assert [each.der for each in windows_certificates(entries)] == [ROOT.der, STRANGER.der]


def test_a_command_that_fails_is_told() -> None:
    with pytest.raises(TrustError, match="cannot read the keychains: no way"):
        read_keychains(("sh", "-c", "echo no way >&2; exit 3"))
