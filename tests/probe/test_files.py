"""Certificates from files: bundles, DER, and all that is no certificate."""

from __future__ import annotations

import base64
import os
import socket
import time
from pathlib import Path

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Loaded, Stage, Unreachable
from certtui.core.target import FileTarget
from certtui.probe import files
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings
from tests.probe.identities import server_identity

LEAF, ISSUER, UNRELATED = server_identity().chain


def block(label: str, content: bytes) -> bytes:
    """Return a PEM block."""
    body = base64.encodebytes(content).decode()
    return f"-----BEGIN {label}-----\n{body}-----END {label}-----\n".encode()


def loaded(path: Path) -> Loaded:
    """Load `path`, which holds certificates."""
    outcome = files.load(str(path))
    assert isinstance(outcome, Loaded), outcome
    return outcome


def detail_of(path: Path) -> str:
    """Return why `path` holds no certificate."""
    outcome = files.load(str(path))
    assert isinstance(outcome, Unreachable), outcome
    assert (outcome.failure.code, outcome.failure.stage) == (Code.FILE_UNREADABLE, Stage.READ_FILE)
    return outcome.failure.detail


def test_a_bundle_is_read_in_its_order_with_any_text_between(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(
        b"# leaf\r\n" + block("CERTIFICATE", LEAF) + b"s:/CN=Issuer\n" + block("X509 CERTIFICATE", ISSUER)
    )

    assert loaded(path).chain == (LEAF, ISSUER)


def test_windows_line_ends_and_a_byte_order_mark_are_understood(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(b"\xef\xbb\xbf" + block("CERTIFICATE", LEAF).replace(b"\n", b"\r\n"))

    assert loaded(path).chain == (LEAF,)


def test_der_is_one_certificate(tmp_path: Path) -> None:
    path = tmp_path / "leaf.der"
    path.write_bytes(LEAF)

    assert loaded(path).chain == (LEAF,)


def test_damaged_der_is_left_to_the_diagnosis(tmp_path: Path) -> None:
    path = tmp_path / "leaf.der"
    path.write_bytes(LEAF[:40])

    assert loaded(path).chain == (LEAF[:40],)


def test_private_keys_are_named_and_never_kept(tmp_path: Path) -> None:
    path = tmp_path / "all.pem"
    path.write_bytes(server_identity().key_pem + block("CERTIFICATE", LEAF))

    outcome = loaded(path)

    assert outcome.chain == (LEAF,)
    assert outcome.skipped == ("PRIVATE KEY",)
    assert server_identity().key_pem.splitlines()[1].decode() not in repr(outcome)


def test_trust_settings_after_a_certificate_are_cut_off(tmp_path: Path) -> None:
    path = tmp_path / "trusted.pem"
    path.write_bytes(block("TRUSTED CERTIFICATE", LEAF + b"\x30\x03\x0c\x01x"))

    assert loaded(path).chain == (LEAF,)


def test_a_block_with_damaged_base64_is_named_beside_the_good_ones(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(
        b"-----BEGIN CERTIFICATE-----\nMIIB5\n-----END CERTIFICATE-----\n" + block("CERTIFICATE", ISSUER)
    )

    outcome = loaded(path)

    assert outcome.chain == (ISSUER,)
    assert outcome.skipped[0].startswith("CERTIFICATE (damaged")


def test_a_block_that_is_never_closed_is_none(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(block("CERTIFICATE", LEAF).split(b"-----END")[0])

    assert "never closed" in detail_of(path)


def test_an_unclosed_block_does_not_swallow_the_next(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(block("CERTIFICATE", LEAF).split(b"-----END")[0] + block("CERTIFICATE", ISSUER))

    assert loaded(path).chain == (ISSUER,)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "empty"),
        (b" \n", "empty"),
        (b"hello\n", "neither PEM nor DER"),
        (b"\x30\x06\x02\x01\x03\x30\x01\x00", "PKCS#12"),
        (b"\x30\x0b\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02", "PKCS#7"),
        (server_identity().key_pem, "PRIVATE KEY"),
    ],
)
def test_a_file_without_certificates_says_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "file.pem"
    path.write_bytes(content)

    assert words in detail_of(path)


def test_a_missing_file_is_said_to_be_missing(tmp_path: Path) -> None:
    assert "no such file" in detail_of(tmp_path / "missing.pem")


def test_a_directory_is_said_to_be_one(tmp_path: Path) -> None:
    assert "directory" in detail_of(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_forbidden_file_is_said_to_be_so(tmp_path: Path) -> None:
    path = tmp_path / "secret.pem"
    path.write_bytes(LEAF)
    path.chmod(0)

    assert "may not be read" in detail_of(path)


def test_a_named_pipe_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "pipe.pem"
    os.mkfifo(path)

    assert "not an ordinary file" in detail_of(path)


def test_a_device_is_not_read() -> None:
    assert "not an ordinary file" in detail_of(Path("/dev/zero"))


def test_a_socket_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "socket.pem"
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))

        assert detail_of(path)


def test_a_file_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "huge.pem"
    with path.open("wb") as file:
        file.truncate(files.MAX_FILE_BYTES + 1)

    assert f"larger than {files.MAX_FILE_BYTES >> 20} MiB" in detail_of(path)


def test_a_file_of_nothing_but_beginnings_is_read_in_one_pass(tmp_path: Path) -> None:
    path = tmp_path / "hostile.pem"
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\n" * 200_000)

    began = time.process_time()
    assert "never closed" in detail_of(path)
    assert time.process_time() - began < 5


def test_a_path_with_a_null_character_is_no_crash() -> None:
    assert isinstance(files.load("a\x00b"), Unreachable)


async def test_a_file_is_a_target_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "chain.pem"
    path.write_bytes(block("CERTIFICATE", LEAF))

    evidence = await observe(FileTarget(path=str(path)), ProbeSettings())

    assert evidence.host is None
    assert evidence.observation == Loaded(path=str(path), chain=(LEAF,))
