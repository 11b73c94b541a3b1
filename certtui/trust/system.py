"""The operating system's own store. What each system gives is said in the store's label, no more."""

from __future__ import annotations

import re
import ssl
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from certtui.core.certificate import Certificate
from certtui.trust.bundles import TrustError, parse_bundle, read_bundle

_FILES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Arch, Gentoo, Alpine
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/pki/tls/certs/ca-bundle.crt",  # older Fedora, RHEL
    "/etc/ssl/ca-bundle.pem",  # openSUSE
    "/etc/ssl/cert.pem",  # Alpine, FreeBSD, OpenBSD
    "/usr/local/share/certs/ca-root-nss.crt",  # FreeBSD's ca_root_nss
)
"""Where systems keep their list, for a Python whose OpenSSL looks elsewhere."""

_FOLDERS = ("/etc/ssl/certs", "/system/etc/security/cacerts")
_HASHED = re.compile(r"[0-9a-f]{8}\.\d+")
"""How OpenSSL finds a certificate in a folder (openssl-rehash); files with other names there are not in the store."""

_KEYCHAINS = (
    "/System/Library/Keychains/SystemRootCertificates.keychain",
    "/Library/Keychains/System.keychain",
)
_SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
_SECONDS = 20.0

System = tuple[str, tuple[Certificate, ...]]
"""A label that says where the certificates come from, and the certificates."""


def read_system_store() -> System:
    """Return the certificates that the operating system trusts; raise `TrustError` if it has no list.

    On Windows that is the ROOT store, which only holds the roots that Windows has fetched so far. On macOS it is
    the system's keychains; trust settings that a user changed are not read.
    """
    if sys.platform == "win32":
        entries = ssl.enum_certificates("ROOT")
        return "Windows ROOT store, as fetched so far", windows_certificates(entries)
    if sys.platform == "darwin":
        label = "macOS system keychains, trust settings not read"
        return label, read_keychains(("/usr/bin/security", "find-certificate", "-a", "-p", *_KEYCHAINS))
    return read_openssl_store()


def read_openssl_store(files: Iterable[str] = _FILES, folders: Iterable[str] = _FOLDERS) -> System:
    """Return what OpenSSL uses by default, `SSL_CERT_FILE` and `SSL_CERT_DIR` included, else the usual places."""
    default = ssl.get_default_verify_paths()
    found = _first([default.cafile, *files]), _first([default.capath, *folders])
    if default.cafile or default.capath:
        found = _first([default.cafile]), _first([default.capath])
    certificates, places = _gather(*found)
    if not certificates:
        certificates, places = _gather(_first(files), _first(folders))
    if not certificates:
        raise TrustError(
            "system store", "no list of CAs in the usual places: use --store mozilla or --ca-file"
        )
    return f"system ({', '.join(places)})", tuple(certificates)


def _gather(file: Path | None, folder: Path | None) -> tuple[dict[Certificate, None], list[str]]:
    certificates: dict[Certificate, None] = {}
    places: list[str] = []
    for place, read in ((file, read_bundle), (folder, _hashed_certificates)):
        if place is None:
            continue
        new = dict.fromkeys(read(place))
        if new.keys() - certificates.keys():
            places.append(str(place))
        certificates |= new
    return certificates, places


def _first(paths: Iterable[str | None]) -> Path | None:
    return next((Path(path) for path in paths if path and Path(path).exists()), None)


def _hashed_certificates(folder: Path) -> Iterator[Certificate]:
    """Yield what OpenSSL would find; like it, pass over entries that lead nowhere or hold no certificate."""
    if not folder.is_dir():
        return
    real = {entry.resolve() for entry in folder.iterdir() if _HASHED.fullmatch(entry.name)}
    for file in sorted(real):
        try:
            yield from read_bundle(file)
        except TrustError:
            continue


def windows_certificates(
    entries: Iterable[tuple[bytes, str, bool | Iterable[str]]],
) -> tuple[Certificate, ...]:
    """Return those of `ssl.enum_certificates` that Windows trusts for servers."""
    return tuple(
        Certificate.of(der)
        for der, encoding, purposes in entries
        if encoding == "x509_asn" and (purposes if isinstance(purposes, bool) else _SERVER_AUTH in purposes)
    )


def read_keychains(command: tuple[str, ...]) -> tuple[Certificate, ...]:
    """Return the certificates that a command writes as PEM; raise `TrustError` if it fails."""
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True)
    except subprocess.CalledProcessError as error:
        said = error.stderr.decode("utf-8", "replace").strip() or f"exit status {error.returncode}"
        raise TrustError(command[0], f"cannot read the keychains: {said}") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise TrustError(command[0], f"cannot read the keychains: {error}") from error
    return parse_bundle(done.stdout, command[0])
