"""Everything that a certificate says, as text like that of `openssl x509 -text`. It judges nothing."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.distinguished_name import Name
from certtui.core.extensions import Extension
from certtui.core.keys import SignatureAlgorithm, describe_signature_algorithm
from certtui.core.log_list import Log
from certtui.core.moments import duration
from certtui.core.oids import known_oids
from certtui.core.primitives import sign_and_magnitude
from certtui.core.text import visible
from certtui.core.wording import all_extension_lines
from certtui.report.key_text import key_entries
from certtui.report.text_entries import Entry, hexadecimal_rows

_UNIQUE_IDS = {0x81: "Issuer Unique ID", 0x82: "Subject Unique ID"}


def certificate_text(certificate: Certificate, *, logs: Sequence[Log] = ()) -> str:
    """Return a certificate in full, its PEM at the end; every string is made safe to show.

    `logs` names those whose timestamps the certificate holds.
    """
    return "\n".join(visible(entry.text) for entry in certificate_entries(certificate, logs=logs)) + "\n"


def certificate_entries(certificate: Certificate, *, logs: Sequence[Log] = ()) -> Iterator[Entry]:
    """Yield the text line by line, label and value apart; raw text."""
    fields = certificate.fields
    yield Entry(0, "Certificate")
    version = certificate.version
    yield Entry(1, "Version", f"{version} (0x{version - 1:x})" if version is not None else "unreadable")
    yield from _serial(certificate.serial)
    yield from _algorithm(1, certificate.signature)
    yield Entry(1, "Issuer", _name(certificate.issuer))
    yield from _validity(certificate)
    yield Entry(1, "Subject", _name(certificate.subject))
    yield from key_entries(certificate.key)
    yield from _unique_ids(fields.signed)
    yield from _extensions(certificate.extensions, logs)
    yield from _outer_algorithm(fields.outer_signature_algorithm)
    yield from _signature(certificate)
    yield from _fingerprints(certificate)
    if certificate.problems:
        yield Entry(1, "Cannot be decoded")
        yield from (Entry(2, "", problem) for problem in certificate.problems)
    yield from (Entry(0, "", row) for row in certificate.to_pem().splitlines())


def _serial(serial: int | None) -> Iterator[Entry]:
    if serial is None:
        yield Entry(1, "Serial Number", "unreadable")
        return
    sign, octets = sign_and_magnitude(serial)
    if len(octets) > _MOST_SERIAL_OCTETS:
        yield Entry(1, "Serial Number", f"{len(octets)} octets{', negative' if sign else ''}")
        yield from hexadecimal_rows(2, octets)
        return
    yield Entry(1, "Serial Number", f"{serial} ({sign}0x{octets.hex()})")
    yield Entry(2, "", f"{sign}{octets.hex(':')}")


_MOST_SERIAL_OCTETS = 64
"""More octets are not written in decimal, which takes time that grows with their square."""


def _algorithm(depth: int, algorithm: SignatureAlgorithm) -> Iterator[Entry]:
    yield Entry(depth, "Signature Algorithm", _named(algorithm))
    if algorithm.salt_octets is not None:
        yield Entry(depth + 1, "Hash Algorithm", algorithm.hash_name or "unknown")
        yield Entry(depth + 1, "Mask Algorithm", f"MGF1 with {algorithm.mask_hash_name or 'unknown'}")
        yield Entry(
            depth + 1, "Salt Length", f"{algorithm.salt_octets} octets (0x{algorithm.salt_octets:02X})"
        )


def _named(algorithm: SignatureAlgorithm) -> str:
    return f"{algorithm.name} ({algorithm.oid})" if algorithm.name != algorithm.oid else algorithm.oid


def _outer_algorithm(identifier: bytes) -> Iterator[Entry]:
    try:
        yield from _algorithm(1, describe_signature_algorithm(identifier))
    except der.DerError:
        yield Entry(1, "Signature Algorithm", "undecodable")


def _signature(certificate: Certificate) -> Iterator[Entry]:
    """Yield the signature's octets, those of one too that is no whole number of octets and verifies nothing."""
    octets, unused = certificate.fields.signature, 0
    if not octets:
        octets, unused = _stored_signature(certificate.der)
    yield Entry(1, "Signature Value", f"{unused} bit{'s' if unused != 1 else ''} unused" if unused else "")
    yield from hexadecimal_rows(2, octets)


def _stored_signature(data: bytes) -> tuple[bytes, int]:
    """Return the octets of signatureValue and how many bits of the last are unused; none where it is no bit string."""
    try:
        parts = list(islice(der.children(data, der.root(data)), 3))
        return der.bits(der.content(data, parts[2])) if parts[2].tag == der.BIT_STRING else (b"", 0)
    except (der.DerError, IndexError):
        return b"", 0


def _name(name: Name) -> str:
    return name.rfc4514 or "empty"


def _validity(certificate: Certificate) -> Iterator[Entry]:
    before, after = certificate.not_before, certificate.not_after
    stored = _stored_times(certificate.fields.signed)
    yield Entry(1, "Validity")
    yield Entry(2, "Not Before", _time(before, stored[0]))
    yield Entry(2, "Not After", _time(after, stored[1]))
    if before is not None and after is not None:
        sign = "-" if after < before else ""
        seconds = int((after - before).total_seconds())
        yield Entry(2, "Duration", f"{sign}{duration(after - before)} ({seconds} seconds)")


def _time(when: datetime | None, stored: str) -> str:
    written = f"{when:%Y-%m-%d %H:%M:%S} UTC" if when is not None else "unreadable"
    # strftime does not fill years before 1000 with zeros everywhere.
    return f"{written.rjust(23, '0') if when is not None else written}{f' ({stored})' if stored else ''}"


def _stored_times(signed: bytes) -> tuple[str, str]:
    """Return notBefore and notAfter as the certificate writes them, empty where they cannot be found."""
    try:
        fields = [each for each in der.children(signed, der.root(signed)) if each.tag != 0xA0]
        times = list(der.children(signed, fields[3]))[:2]
    except (der.DerError, IndexError):
        return "", ""
    kinds = {der.UTC_TIME: "UTCTime", der.GENERALIZED_TIME: "GeneralizedTime"}
    written = [
        f"{kinds.get(time.tag, f'tag 0x{time.tag:02x}')} {der.content(signed, time)[:64].decode('latin-1')}"
        for time in times
    ]
    return (written[0], written[1]) if len(written) == 2 else ("", "")


def _unique_ids(signed: bytes) -> Iterator[Entry]:
    """RFC 5280 §4.1.2.8."""
    try:
        found = [each for each in der.children(signed, der.root(signed)) if each.tag in _UNIQUE_IDS]
    except der.DerError:
        return
    for element in found:
        yield Entry(1, _UNIQUE_IDS[element.tag])
        yield from hexadecimal_rows(2, der.content(signed, element)[1:])


def _extensions(extensions: Sequence[Extension], logs: Sequence[Log]) -> Iterator[Entry]:
    if not extensions:
        return
    yield Entry(1, "Extensions")
    for extension in extensions:
        yield Entry(2, _called(extension), is_critical=extension.critical)
        yield from (Entry(3, "", statement) for statement in all_extension_lines(extension, logs))


def _called(extension: Extension) -> str:
    known = known_oids().get(extension.oid)
    return f"{known.name} ({known.dotted}, {known.source})" if known is not None else extension.oid


def _fingerprints(certificate: Certificate) -> Iterator[Entry]:
    pin = certificate.key.spki_sha256
    yield Entry(1, "Fingerprints")
    yield Entry(2, "SHA-256")
    yield from hexadecimal_rows(3, certificate.sha256)
    yield Entry(2, "SHA-1")
    yield from hexadecimal_rows(3, certificate.sha1)
    yield Entry(1, "Public Key Pins")
    yield Entry(2, "SHA-256", pin.hex())
    yield Entry(2, "pin-sha256", base64.b64encode(pin).decode("ascii"))
