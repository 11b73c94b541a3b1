"""Files and folders of CAs are read whole or refused with a word on what, where and what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.anchors import AnchorStore
from certtui.lab.pki import Authority
from certtui.trust.bundles import TrustError, parse_bundle, read_bundle
from tests.core.examples import ISSUER, ROOT, STRANGER

PROSE = st.text(st.characters(codec="utf-8", exclude_characters="-"), max_size=40)


def refusal(path: Path) -> TrustError:
    """Return what is said of a file or folder that cannot be used."""
    with pytest.raises(TrustError) as told:
        read_bundle(path)
    return told.value


def test_a_refusal_holds_place_and_problem_apart(tmp_path: Path) -> None:
    path = tmp_path / "bad.pem"
    path.write_text("garbage")

    told = refusal(path)

    assert told.place == str(path)
    assert told.problem == "no certificates: neither PEM (-----BEGIN CERTIFICATE-----) nor DER"
    assert str(told) == f"{told.place}: {told.problem}"


def test_what_lies_below_a_file_is_told_as_the_system_says_it(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    assert refusal(tmp_path / "file" / "ca.pem").problem == "not a directory"


def test_blank_space_alone_is_as_good_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "blank.pem"
    path.write_text(" \r\n\t\n")

    assert refusal(path).problem == "no certificates: it is empty"


def test_a_file_of_absurd_size_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.pem"
    with path.open("wb") as file:
        file.truncate(64 * 1024 * 1024 + 1)

    assert refusal(path).problem.startswith("more than 64 MiB")


@pytest.mark.parametrize("label", ["TRUSTED CERTIFICATE", "CERTIFICATE REQUEST", "X509 CRL"])
def test_what_a_file_holds_instead_is_named(label: str, tmp_path: Path) -> None:
    path = tmp_path / "other.pem"
    path.write_text(ROOT.pem.replace("CERTIFICATE", label))

    assert refusal(path).problem == f"no certificates: it holds a {label}"


def test_the_old_name_of_a_certificate_s_block_is_understood() -> None:
    old = ROOT.pem.replace("CERTIFICATE", "X509 CERTIFICATE").encode()

    assert [each.der for each in parse_bundle(old, "old.pem")] == [ROOT.der]


def test_a_bad_block_is_told_with_the_line_on_which_it_begins() -> None:
    bad = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
    lines_before = f"# two comments\n# and\n{ROOT.pem}".count("\n")

    with pytest.raises(TrustError, match=rf"ca\.pem, line {lines_before + 1}: not a certificate"):
        parse_bundle(f"# two comments\n# and\n{ROOT.pem}{bad}{ISSUER.pem}".encode(), "ca.pem")


@pytest.mark.parametrize("name", ["ca.pem", "ca.CRT", "ca.cer", "ca.der", "ca.Cert"])
def test_in_a_folder_every_ending_of_certificates_counts_in_capitals_too(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(ROOT.der)

    assert [each.der for each in read_bundle(tmp_path)] == [ROOT.der]


def test_of_a_folder_only_files_are_read_and_none_below(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(ROOT.pem)
    (tmp_path / "below.pem").mkdir()
    (tmp_path / "below.pem" / "b.pem").write_text(STRANGER.pem)
    (tmp_path / "README").write_text(STRANGER.pem)

    assert [each.der for each in read_bundle(tmp_path)] == [ROOT.der]


def test_a_folder_is_read_in_the_order_of_its_names(tmp_path: Path) -> None:
    for name in "hgfedcbaijklmnop":
        (tmp_path / f"{name}.pem").write_text("garbage")

    assert refusal(tmp_path).place == str(tmp_path / "a.pem")


def test_one_bad_file_of_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(ROOT.pem)
    (tmp_path / "b.pem").write_text("garbage")

    assert refusal(tmp_path).place == str(tmp_path / "b.pem")


def test_a_folder_s_refusal_lists_the_endings_it_looks_for(tmp_path: Path) -> None:
    (tmp_path / "root.txt").write_text(ROOT.pem)

    told = refusal(tmp_path)

    assert told.place == str(tmp_path)
    assert ".cer, .cert, .crt, .der, .pem" in told.problem


def test_a_store_counts_what_a_file_repeats_once() -> None:
    certificates = parse_bundle((ROOT.pem + ISSUER.pem + ROOT.pem).encode(), "twice.pem")

    assert len(AnchorStore.of_certificates(certificates, label="twice")) == 2


@given(st.lists(st.tuples(st.sampled_from([ROOT, ISSUER, STRANGER]), PROSE), min_size=1, max_size=4))
def test_text_around_certificates_never_changes_what_is_read(parts: list[tuple[Authority, str]]) -> None:
    text = "# our roots\n" + "".join(f"{prose}\n{each.pem}{prose}" for each, prose in parts)

    assert [each.der for each in parse_bundle(text.encode(), "f")] == [each.der for each, _ in parts]


@given(st.binary(max_size=300) | st.binary(max_size=300).map(lambda octets: b"\x30" + octets))
def test_whatever_octets_are_read_give_certificates_or_a_refusal(octets: bytes) -> None:
    try:
        certificates = parse_bundle(octets, "f")
    except TrustError:
        return
    assert certificates


@given(st.integers(0, len(ROOT.der) - 1), st.integers(0, 255))
def test_a_damaged_certificate_is_refused_or_kept_exactly_as_it_is(place: int, octet: int) -> None:
    damaged = bytearray(ROOT.der)
    damaged[place] = octet

    try:
        certificates = parse_bundle(bytes(damaged), "f")
    except TrustError:
        return
    assert [each.der for each in certificates] == [bytes(damaged)]
