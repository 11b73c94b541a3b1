"""Files and folders of CA certificates, PEM or DER. Whether a certificate deserves trust is not asked here."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from pathlib import Path

from certtui.core.certificate import Certificate

_LABELS = rb"(?:X509 )?CERTIFICATE"
# Not bound to the beginning of a line: a byte order mark, or a file joined to one without a line end, may stand before.
_BLOCK = re.compile(rb"-----BEGIN (" + _LABELS + rb")-----([^-]*)-----END \1-----")
_BEGIN = re.compile(rb"-----BEGIN ([A-Z0-9 ]+)-----")
_BEGIN_CERTIFICATE = re.compile(rb"-----BEGIN " + _LABELS + rb"-----")
_ENDINGS = frozenset({".pem", ".crt", ".cer", ".der", ".cert"})
_MAX_BYTES = 64 * 1024 * 1024


class TrustError(Exception):
    """Trust anchors that cannot be used: what is wrong, and with which file.

    It is the only exception of this package; the text is raw and must pass `visible()` on its way to a screen.
    """

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(f"{place}: {problem}")
        self.place = place
        """The file, folder or store that is meant."""
        self.problem = problem
        """What is wrong with it, and what to do."""


def read_bundle(path: Path) -> tuple[Certificate, ...]:
    """Return the certificates in a file, or in every certificate file of a folder.

    Raises `TrustError` if there are none or if one of them cannot be used.
    """
    if not path.is_dir():
        return parse_bundle(_read(path), str(path))
    files = sorted(file for file in _entries(path) if file.suffix.lower() in _ENDINGS and file.is_file())
    if not files:
        endings = ", ".join(sorted(_ENDINGS))
        raise TrustError(str(path), f"no certificates: no file in this folder ends in {endings}")
    return tuple(certificate for file in files for certificate in parse_bundle(_read(file), str(file)))


def parse_bundle(data: bytes, place: str) -> tuple[Certificate, ...]:
    """Return the certificates in the content of a file, PEM (RFC 7468) or a single one in DER.

    `place` names the file in the `TrustError` that is raised where there are none or one cannot be used.
    """
    if data[:1] == b"\x30" and _BEGIN.search(data) is None:
        return (_usable(data, place),)
    certificates = tuple(_usable(der, f"{place}, line {line}") for line, der in _decoded_blocks(data, place))
    if not certificates:
        raise TrustError(place, _why_nothing(data))
    begun = len(_BEGIN_CERTIFICATE.findall(data))
    if begun > len(certificates):
        # An anchor must not be missed without a word: what it vouches for would look untrusted.
        raise TrustError(
            place, f"{begun} certificates begin but only {len(certificates)} end: is the file cut off?"
        )
    return certificates


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise TrustError(str(path), (error.strerror or str(error)).lower()) from error
    if len(data) > _MAX_BYTES:
        raise TrustError(str(path), f"more than {_MAX_BYTES >> 20} MiB, which no list of CAs needs")
    return data


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except OSError as error:
        raise TrustError(str(folder), (error.strerror or str(error)).lower()) from error


def _decoded_blocks(data: bytes, place: str) -> Iterator[tuple[int, bytes]]:
    """Yield the line and the content of each block; lines are counted only as far as the block before."""
    line, counted = 1, 0
    for block in _BLOCK.finditer(data):
        line += data.count(b"\n", counted, block.start())
        counted = block.start()
        try:
            yield line, binascii.a2b_base64(b"".join(block[2].split()), strict_mode=True)
        except binascii.Error as error:
            raise TrustError(f"{place}, line {line}", f"a certificate that is no base64: {error}") from None


def _usable(der: bytes, place: str) -> Certificate:
    certificate = Certificate.of(der)
    if not certificate.spki or certificate.subject.is_empty:
        why = certificate.problems[0] if certificate.problems else "it has no subject"
        raise TrustError(place, f"not a certificate that can be trusted: {why}")
    return certificate


def _why_nothing(data: bytes) -> str:
    if not data.strip():
        return "no certificates: it is empty"
    begun = _BEGIN.search(data)
    if begun is None:
        return "no certificates: neither PEM (-----BEGIN CERTIFICATE-----) nor DER"
    label = begun[1].decode("ascii")
    if re.fullmatch(_LABELS, begun[1]):
        return "a certificate begins but its END line is missing: is the file cut off?"
    return f"no certificates: it holds a {label}"
