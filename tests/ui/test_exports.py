"""What can be saved is what it says, is made only when it is chosen, and never takes another file's place."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509

import certtui
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.lab import Street
from certtui.ui.exports import MOST_PATHS, Export, exports, file_name, picture, save_new_file
from certtui.ui.screens.prompt import Mistake
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, leaf
from tests.requirements import needs


@pytest.fixture
def good() -> Report:
    """A report of a chain without a fault."""
    return certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=NOW)


def offered(report: Report, *others: Report, program: str | None = None) -> dict[str, Export]:
    """Return what can be saved of a report, by letter."""
    found = exports(report, None, all_reports=(report, *others), program=program)
    by_letter = {each.letter: each for each in found}
    assert len(by_letter) == len(found)
    return by_letter


def ders(pem: bytes) -> list[bytes]:
    """Return the certificates that another program reads in a PEM file."""
    from cryptography.hazmat.primitives.serialization import Encoding

    return [each.public_bytes(Encoding.DER) for each in x509.load_pem_x509_certificates(pem)]


def test_pem_holds_the_certificate_the_chain_as_sent_and_the_chain_repaired(good: Report) -> None:
    found = offered(certtui.diagnose([*GOOD.sent, ROOT.der], host=HOST, anchors=[ROOT.der], now=NOW))

    assert ders(found["p"].make()) == [GOOD.sent[0]]
    assert ders(found["c"].make()) == [*GOOD.sent, ROOT.der]
    assert ders(found["r"].make()) == list(GOOD.sent)


def test_the_chosen_certificate_is_saved_and_not_the_servers_own(good: Report) -> None:
    found = {each.letter: each for each in exports(good, good.chain[1], all_reports=[good], program=None)}

    assert ders(found["p"].make()) == [ISSUER.der]
    assert found["d"].make() == ISSUER.der


@needs("openssl")
def test_openssl_reads_what_is_saved_as_der(good: Report, tmp_path: Path) -> None:
    saved = save_new_file(str(tmp_path / "leaf.der"), offered(good)["d"].make())

    assert isinstance(saved, Path)
    outcome = subprocess.run(
        ["openssl", "x509", "-inform", "DER", "-in", str(saved), "-noout", "-checkend", "0"],
        capture_output=True,
        check=False,
        timeout=20,
    )
    assert outcome.stderr == b""


def test_a_chain_that_cannot_be_repaired_is_offered_with_the_reason() -> None:
    report = certtui.diagnose([leaf().der], host=HOST, anchors=[ROOT.der], now=NOW)

    repaired = offered(report)["r"]

    assert repaired.why_not == "the issuer Example CA was not found"
    assert repaired.label.endswith(": not to be had, the issuer Example CA was not found")
    assert repaired.make() == b""


def test_a_repaired_chain_that_nobody_trusts_is_not_praised() -> None:
    report = certtui.diagnose([*GOOD.sent, ROOT.der], host=HOST, anchors=[], now=NOW)

    assert offered(report)["r"].what.endswith("; its root is not trusted")


def test_each_of_several_paths_is_to_be_had_with_its_root() -> None:
    again = ROOT.intermediate("Example CA")
    report = certtui.diagnose([*GOOD.sent, again.der], host=HOST, anchors=[ROOT.der], now=NOW)
    assert len(report.paths) == 2

    found = offered(report)

    for number, path in enumerate(report.paths, start=1):
        assert ders(found[str(number)].make()) == [certificate.der for certificate in path.certificates]
        assert f"path {number} of 2" in found[str(number)].what


def test_of_very_many_paths_the_best_are_offered() -> None:
    many = [ROOT.intermediate("Example CA", key_label=None) for _ in range(MOST_PATHS + 3)]
    report = certtui.diagnose(
        [GOOD.sent[0], *(each.der for each in many)], host=HOST, anchors=[ROOT.der], now=NOW
    )

    digits = [letter for letter in offered(report) if letter.isdigit()]

    assert digits == [str(number) for number in range(1, len(digits) + 1)]
    assert len(digits) <= MOST_PATHS


def test_one_path_needs_no_choice(good: Report) -> None:
    assert "1" not in offered(good)


def test_reports_are_of_this_host_and_of_all_that_are_shown(good: Report) -> None:
    found = offered(good, good, good)

    assert len(json.loads(found["j"].make())["reports"]) == 1
    assert len(json.loads(found["J"].make())["reports"]) == 3
    assert found["m"].make().decode().startswith("# `")
    assert found["M"].make().decode().startswith("# TLS certificates of 3 hosts")
    assert b'id="host-1"' in found["h"].make()
    assert b'id="host-3"' in found["H"].make()


def test_the_chosen_server_is_told_of(street: Street, street_reports: dict[Target, Report]) -> None:
    report = street_reports[street.house("incomplete").target]

    assert "nginx -s reload" in offered(report, program="nginx")["m"].make().decode()
    assert "nginx -s reload" not in offered(report, program="Caddy")["m"].make().decode()


def test_one_host_alone_is_not_offered_twice(good: Report) -> None:
    assert not {"J", "M", "H"} & set(offered(good))


def test_where_no_host_is_selected_those_that_are_shown_are_left(good: Report) -> None:
    found = exports(None, None, all_reports=[good], program=None)

    assert [each.letter for each in found] == ["J", "M", "H"]


def test_a_picture_is_saved_as_it_was_taken() -> None:
    taken = picture("<svg>✓</svg>")

    assert taken.make() == "<svg>✓</svg>".encode()
    assert file_name(None, taken) == "certtui.svg"


def test_the_files_of_one_host_are_told_apart_by_their_names(good: Report) -> None:
    found = offered(good, good)

    names = {letter: file_name(good, each) for letter, each in found.items()}

    assert len(set(names.values())) == len(names)
    assert names["p"] == "www.example.test.pem"
    assert names["r"] == "www.example.test-fullchain.pem"
    assert names["H"] == "hosts.html"


@pytest.mark.parametrize("host", ["../../etc/passwd", "..", "a/b", "x\x1b[2J", "~root", "é" * 300, None])
def test_no_path_hides_in_the_name_of_a_file(host: str | None, good: Report) -> None:
    name = file_name(replace(good, host=host), offered(good)["p"])

    assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]*\.pem", name)
    assert len(name) < 255


def test_where_no_certificate_was_seen_the_reports_are_left(
    street: Street, street_reports: dict[Target, Report]
) -> None:
    assert set(offered(street_reports[street.house("closed").target])) == {"j", "m", "h"}


def test_every_house_of_the_street_can_be_saved_in_every_way(street_reports: dict[Target, Report]) -> None:
    for report in street_reports.values():
        for each in offered(report).values():
            assert bool(each.make()) == (each.why_not is None)


def test_looking_at_the_choices_makes_nothing() -> None:
    code = "import certtui.ui.exports, sys; print('certtui.report.html' in sys.modules)"

    outcome = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )

    assert outcome.stdout.strip() == "False"


def test_a_new_file_holds_every_octet(tmp_path: Path) -> None:
    octets = bytes(range(256)) * 1_000

    saved = save_new_file(f" {tmp_path}/new.bin ", octets)

    assert saved == tmp_path / "new.bin"
    assert saved.read_bytes() == octets


def test_what_is_there_already_stays(tmp_path: Path) -> None:
    there = tmp_path / "there.pem"
    there.write_bytes(b"mine")

    outcome = save_new_file(str(there), b"other")

    assert outcome == Mistake(f"{there} exists already: choose another name.")
    assert there.read_bytes() == b"mine"


def test_a_link_to_nowhere_is_not_followed(tmp_path: Path) -> None:
    link = tmp_path / "link.pem"
    link.symlink_to(tmp_path / "elsewhere")

    outcome = save_new_file(str(link), b"x")

    assert isinstance(outcome, Mistake)
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "/nowhere/at/all/x.pem", "~nobody-of-this-name/x.pem"])
def test_a_name_that_there_cannot_be_is_a_mistake(name: str) -> None:
    assert isinstance(save_new_file(name, b"x"), Mistake)


@pytest.mark.skipif(os.name != "posix", reason="limits of file sizes are POSIX")
def test_a_file_that_does_not_fit_is_taken_away_again(tmp_path: Path) -> None:
    path = tmp_path / "big.bin"
    code = (
        "import resource, sys; from certtui.ui.exports import save_new_file\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (10, 10))\n"
        "print(save_new_file(sys.argv[1], bytes(100)))"
    )

    outcome = subprocess.run(
        [sys.executable, "-c", code, str(path)], capture_output=True, text=True, check=True, timeout=60
    )

    assert "cannot be written" in outcome.stdout
    assert not path.exists()
