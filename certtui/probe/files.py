"""Certificates from files: PEM bundles and DER. It reads ordinary files only, a bounded part, and keeps no keys."""

from __future__ import annotations

import binascii
import errno
import os
import re
import stat
from collections.abc import Iterator
from typing import Final

from certtui.core import der
from certtui.core.catalogue import Code
from certtui.core.crl import Crl
from certtui.core.evidence import Failure, Loaded, Stage, Unreachable
from certtui.core.finding import Fact

MAX_FILE_BYTES: Final = 64 << 20
"""Far more than any bundle, and more than the largest revocation lists; a file beyond it is refused unread."""

_CERTIFICATE_LABELS: Final = frozenset({"CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"})
_OTHER_DER: Final = {der.INTEGER: "a private key or a PKCS#12 file", der.OID: "a PKCS#7 file"}
"""What other files begin with inside their outermost sequence, where a certificate has a sequence."""

_MARKER = re.compile(rb"-----(BEGIN|END) ([^\r\n-]{1,64})-----")


def load(path: str) -> Loaded | Unreachable:
    """Return the certificates in the file at `path`, in its order, or why there are none.

    PEM blocks (RFC 7468) may stand between any other text; blocks that are no certificates are named and left
    unread. OpenSSL's TRUSTED CERTIFICATE carries trust settings after the certificate, which are cut off.
    """
    data = read_file(path)
    if isinstance(data, str):
        return _unreadable(path, data)
    if not data.strip():
        return _unreadable(path, "the file is empty")
    return _from_der(path, data) if _MARKER.search(data) is None else _from_pem(path, data)


def load_crls(path: str) -> tuple[bytes, ...] | str:
    """Return the certificate revocation lists in the file at `path`, PEM or DER, or in words why there are none."""
    data = read_file(path)
    if isinstance(data, str):
        return data
    if _MARKER.search(data) is None:
        if data[:1] != bytes((der.SEQUENCE,)):
            return "the file holds no revocation list: it is neither PEM nor DER"
        found: tuple[bytes, ...] = (data,)
    else:
        try:
            found = tuple(binascii.a2b_base64(body) for label, body in _blocks(data) if label == "X509 CRL")
        except binascii.Error as error:
            return f"a revocation list in the file is damaged: {error}"
    problems = (problem for each in found for problem in Crl.of(each).fields.problems)
    problem = next(problems, None)
    if problem is not None:
        return f"the file holds something else than a revocation list, or a damaged one: {problem}"
    return found or "the file holds no revocation list (X509 CRL)"


def read_file(path: str) -> bytes | str:
    """Return the file's content, or in words why it was not read."""
    try:
        # O_NONBLOCK: opening a named pipe must not wait for somebody to write to it.
        descriptor = os.open(
            os.path.expanduser(path), os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK | os.O_NOCTTY
        )
    except (OSError, ValueError) as error:
        return _why_unopened(error)
    try:
        status = os.fstat(descriptor)
        if stat.S_ISDIR(status.st_mode):
            return "this is a directory; name a file"
        if not stat.S_ISREG(status.st_mode):
            return "this is not an ordinary file but a pipe, a socket or a device, which is not read"
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        return f"the file cannot be read: the system says {error.strerror}"
    finally:
        os.close(descriptor)
    if len(data) > MAX_FILE_BYTES:
        return f"the file is larger than {MAX_FILE_BYTES >> 20} MiB, which is more than is read"
    return data


def _why_unopened(error: OSError | ValueError) -> str:
    number = error.errno if isinstance(error, OSError) else None
    if number == errno.ENOENT:
        return "there is no such file"
    if number == errno.EACCES:
        return "the file may not be read by you"
    return f"the file cannot be opened: {error.strerror if isinstance(error, OSError) else error}"


def _from_der(path: str, data: bytes) -> Loaded | Unreachable:
    if data[0] != der.SEQUENCE:
        return _unreadable(path, "the file holds no certificate: it is neither PEM nor DER")
    try:
        first = next(der.children(data, der.root(data)), None)
    except der.DerError:
        first = None  # damaged, but nothing else begins so: what is wrong with it is for the diagnosis to say
    if first is not None and first.tag in _OTHER_DER:
        return _unreadable(path, f"the file holds no certificate: it begins as {_OTHER_DER[first.tag]} does")
    return Loaded(path=path, chain=(data,))


def _from_pem(path: str, data: bytes) -> Loaded | Unreachable:
    chain: list[bytes] = []
    skipped: list[str] = []
    for label, body in _blocks(data):
        if label in _CERTIFICATE_LABELS:
            try:
                decoded = binascii.a2b_base64(body)
            except binascii.Error as error:
                skipped.append(f"{label} (damaged: {error})")
            else:
                chain.append(_certificate_alone(decoded) if label.startswith("TRUSTED") else decoded)
        else:
            skipped.append(label)
    if chain:
        return Loaded(path=path, chain=tuple(chain), skipped=tuple(skipped))
    found = f"only {', '.join(skipped)}" if skipped else "a PEM block that is never closed"
    return _unreadable(path, f"the file holds no certificate but {found}")


def _blocks(data: bytes) -> Iterator[tuple[str, memoryview]]:
    """Yield label and body of each PEM block, in one pass: a block ends at the next marker, or is none."""
    view = memoryview(data)
    opened: re.Match[bytes] | None = None
    for marker in _MARKER.finditer(data):
        if marker[1] == b"BEGIN":
            opened = marker
        elif opened is not None:
            if marker[2] == opened[2]:
                yield marker[2].decode("latin-1"), view[opened.end() : marker.start()]
            opened = None


def _certificate_alone(data: bytes) -> bytes:
    """Return the certificate of a TRUSTED CERTIFICATE, which OpenSSL's trust settings follow."""
    try:
        return der.whole(data, der.root(data))
    except der.DerError:
        return data


def _unreadable(path: str, detail: str) -> Unreachable:
    failure = Failure(
        code=Code.FILE_UNREADABLE, stage=Stage.READ_FILE, detail=detail, facts=(Fact("file", path),)
    )
    return Unreachable(failure=failure)
