"""Revocation lists from files: PEM, DER, several at once, and all that is none."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from certtui.probe import files
from certtui.probe.files import load_crls
from tests.core.examples import ISSUER, ROOT
from tests.core.statements import make_crl
from tests.probe.test_files import block

ONE, TWO = make_crl(ISSUER), make_crl(ROOT)
LABEL = "X509 CRL"


def _written(folder: Path, content: bytes) -> str:
    path = folder / "lists.crl"
    path.write_bytes(content)
    return str(path)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (ONE, (ONE,)),
        (block(LABEL, ONE), (ONE,)),
        (block(LABEL, ONE) + block(LABEL, TWO), (ONE, TWO)),
        (block(LABEL, TWO) + block(LABEL, ONE), (TWO, ONE)),
        (b"# lists\r\n" + block(LABEL, ONE) + b"\nissuer=CN=x\n" + block(LABEL, TWO) + b"end", (ONE, TWO)),
        (block("CERTIFICATE", ISSUER.der) + block(LABEL, ONE), (ONE,)),
        (block(LABEL, ONE).replace(b"\n", b"\r\n"), (ONE,)),
        (block(LABEL, ONE) + f"-----BEGIN {LABEL}-----\nAAAA".encode(), (ONE,)),
    ],
    ids=[
        "DER",
        "PEM",
        "two",
        "their order",
        "text between",
        "beside a certificate",
        "CRLF",
        "one not closed",
    ],
)
def test_every_list_in_a_file_is_read_in_its_order(
    tmp_path: Path, content: bytes, expected: tuple[bytes, ...]
) -> None:
    assert load_crls(_written(tmp_path, content)) == expected


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"hello",
        ISSUER.der,
        b"\x30\x00",
        b"\x30\x82",
        ONE[:-1],
        block("CERTIFICATE", ISSUER.der),
        block(LABEL, ISSUER.der),
        block(LABEL, ONE[:-1]),
        block(LABEL, ONE) + block(LABEL, ISSUER.der),
        f"-----BEGIN {LABEL}-----\nMIIBA\n-----END {LABEL}-----\n".encode(),
        block(LABEL, ONE).replace(b"\nM", b"\n", 1),
        f"-----BEGIN {LABEL}-----\nAAAA".encode(),
        f"-----BEGIN {LABEL}-----\nAAAA\n-----END CERTIFICATE-----\n".encode(),
    ],
    ids=[
        "nothing",
        "text",
        "a certificate in DER",
        "an empty sequence",
        "a sequence cut off",
        "a list cut off",
        "a certificate in PEM",
        "a certificate that is called a list",
        "a list cut off, in PEM",
        "a list beside what is none",
        "Base64 that is cut off",
        "Base64 with a character too few",
        "a block that is never closed",
        "a block that is closed as another",
    ],
)
def test_what_is_no_list_is_refused_and_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    why = load_crls(_written(tmp_path, content))

    assert isinstance(why, str)
    assert "revocation list" in why


def test_a_directory_and_nothing_are_told_apart(tmp_path: Path) -> None:
    assert load_crls(str(tmp_path)) == "this is a directory; name a file"
    assert load_crls(str(tmp_path / "absent.crl")) == "there is no such file"


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe"
    os.mkfifo(path)

    assert "not an ordinary file" in str(load_crls(str(path)))


def test_a_file_of_the_largest_size_is_read_and_a_larger_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = _written(tmp_path, ONE)

    monkeypatch.setattr(files, "MAX_FILE_BYTES", len(ONE))
    assert load_crls(path) == (ONE,)
    monkeypatch.setattr(files, "MAX_FILE_BYTES", len(ONE) - 1)
    assert "larger than" in str(load_crls(path))


def test_a_path_may_begin_at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _written(tmp_path, ONE)
    monkeypatch.setenv("HOME", str(tmp_path))

    assert load_crls("~/lists.crl") == (ONE,)
