"""OcspResponse: a tolerant view of one OCSP response (RFC 6960 §4.2.1). It never raises, and never judges."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from itertools import islice

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.extensions import Extension
from certtui.core.keys import SignatureAlgorithm, describe_signature_algorithm
from certtui.core.revocation_syntax import (
    elements,
    expect,
    read_extensions,
    read_time,
    reason_name,
    root,
    whole_octets,
)

MAX_OCTETS = 200_000
"""Larger responses are not read; those that servers staple have a few thousand octets."""
MAX_CERTIFICATES = 20
"""Certificates in one response; further ones are not looked at."""
MAX_ANSWERS = 1_000
"""Answers in one response; a response with more is not read."""
_ENUMERATED = 0x0A
_BASIC_RESPONSE = "1.3.6.1.5.5.7.48.1.1"
_SUCCESSFUL = "successful"
_RESPONSE_STATUS = {
    0: _SUCCESSFUL,
    1: "malformedRequest",
    2: "internalError",
    3: "tryLater",
    5: "sigRequired",
    6: "unauthorized",
}
_HASHES: dict[str, Callable[[bytes], bytes]] = {
    "1.3.14.3.2.26": lambda octets: hashlib.sha1(octets, usedforsecurity=False).digest(),
    "2.16.840.1.101.3.4.2.1": lambda octets: hashlib.sha256(octets).digest(),
    "2.16.840.1.101.3.4.2.2": lambda octets: hashlib.sha384(octets).digest(),
    "2.16.840.1.101.3.4.2.3": lambda octets: hashlib.sha512(octets).digest(),
}
_KNOWN_EXTENSIONS = frozenset(
    {"1.3.6.1.5.5.7.48.1.2", "1.3.6.1.5.5.7.48.1.3", "1.3.6.1.5.5.7.48.1.6", "1.3.6.1.5.5.7.48.1.9"}
)
"""Nonce, CRL references, archive cutoff, extended revoked (RFC 6960 §4.4): none changes an answer."""


class CertificateStatus(StrEnum):
    """What a responder says of a certificate (RFC 6960 §2.2)."""

    GOOD = "good"
    REVOKED = "revoked"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One SingleResponse."""

    hash_oid: str
    issuer_name_hash: bytes
    issuer_key_hash: bytes
    serial: int
    status: CertificateStatus
    revoked_at: datetime | None = None
    reason: str | None = None
    this_update: datetime
    next_update: datetime | None
    unknown_critical: str | None = None
    """The OID of a critical extension that is not known."""

    def is_about(self, certificate: Certificate, issuer: Certificate) -> bool:
        """Return whether it speaks of this certificate by this issuer (CertID, RFC 6960 §4.1.1)."""
        digest = _HASHES.get(self.hash_oid)
        if digest is None or self.serial != certificate.serial:
            return False
        names = {certificate.fields.issuer, issuer.fields.subject}
        return self.issuer_key_hash == digest(key_bits(issuer)) and any(
            self.issuer_name_hash == digest(name) for name in names
        )


@dataclass(slots=True)
class OcspResponse:
    """One response taken apart. Empty octets and None stand for what could not be found."""

    status: str = ""
    """The responseStatus: `successful`, `tryLater` ..."""
    responder_name: bytes | None = None
    """Who signed, by name, a Name in DER; None where a key is named."""
    responder_key_hash: bytes | None = None
    """Who signed, by the SHA-1 of the key's octets."""
    produced_at: datetime | None = None
    answers: tuple[Answer, ...] = ()
    certificates: tuple[Certificate, ...] = ()
    signature_algorithm: bytes = b""
    """An AlgorithmIdentifier in DER."""
    signed: bytes = field(default=b"", repr=False)
    """The octets that the signature covers."""
    signature: bytes = field(default=b"", repr=False)
    unknown_critical: str | None = None
    """The OID of a critical extension of the response that is not known."""
    problem: str | None = None
    """Why it cannot be read; raw text."""

    @property
    def is_successful(self) -> bool:
        """Whether the responder answered the question at all (RFC 6960 §2.3)."""
        return self.status == _SUCCESSFUL

    @property
    def algorithm(self) -> SignatureAlgorithm:
        """The algorithm of the signature."""
        try:
            return describe_signature_algorithm(self.signature_algorithm)
        except der.DerError:
            return SignatureAlgorithm("", "undecodable", None)


def key_bits(certificate: Certificate) -> bytes:
    """Return the octets of the public key that identifiers are hashes of; empty if not to be found."""
    try:
        spki = certificate.spki
        parts = list(islice(elements(spki, root(spki)), 2))
        return der.bits(der.content(spki, parts[1]))[0]
    except (der.DerError, IndexError):
        return b""


@lru_cache(maxsize=256)
def read_response(octets: bytes) -> OcspResponse:
    """Return a response as far as it can be read; `problem` says what could not."""
    response = OcspResponse()
    try:
        if len(octets) > MAX_OCTETS:
            raise der.DerError(f"it has {len(octets)} octets, more than the {MAX_OCTETS} that are read")
        _take_apart(response, octets)
    except der.DerError as error:
        response.problem = str(error)
    return response


def _take_apart(response: OcspResponse, data: bytes) -> None:
    parts = elements(data, root(data))
    status = expect(next(parts, None), _ENUMERATED, "responseStatus")
    number = der.small_integer(der.content(data, status)[:16])
    response.status = _RESPONSE_STATUS.get(number, f"status {number}")
    if not response.is_successful:
        return
    wrapper = expect(next(parts, None), 0xA0, "responseBytes")
    inner = expect(next(elements(data, wrapper), None), der.SEQUENCE, "responseBytes")
    kind, octets = _exactly(data, inner, 2)
    oid = der.oid(der.content(data, expect(kind, der.OID, "responseType")))
    if oid != _BASIC_RESPONSE:
        raise der.DerError(f"a response of type {oid}, which is not known")
    _take_basic(response, der.content(data, expect(octets, der.OCTET_STRING, "response")))


def _exactly(data: bytes, parent: der.Element, count: int) -> list[der.Element]:
    parts = list(islice(elements(data, parent), count + 1))
    if len(parts) != count:
        raise der.DerError(f"{len(parts)} fields where {count} should stand")
    return parts


def _take_basic(response: OcspResponse, data: bytes) -> None:
    parts = elements(data, root(data))
    signed = expect(next(parts, None), der.SEQUENCE, "tbsResponseData")
    response.signed = der.whole(data, signed)
    response.signature_algorithm = der.whole(
        data, expect(next(parts, None), der.SEQUENCE, "signatureAlgorithm")
    )
    response.signature = whole_octets(data, next(parts, None))
    certificates = next(parts, None)
    if certificates is not None:
        response.certificates = tuple(_certificates(data, expect(certificates, 0xA0, "certs")))
    _take_signed_part(response, data, signed)


def _certificates(data: bytes, wrapper: der.Element) -> Iterator[Certificate]:
    for sequence in elements(data, wrapper):
        for element in islice(elements(data, sequence), MAX_CERTIFICATES):
            yield Certificate.of(der.whole(data, element))
        return


def _take_signed_part(response: OcspResponse, data: bytes, signed: der.Element) -> None:
    parts = list(islice(elements(data, signed), 6))
    if parts and parts[0].tag == 0xA0:
        parts.pop(0)
    if not 3 <= len(parts) <= 4:
        raise der.DerError(f"{len(parts)} fields where a responder, a time and answers should stand")
    responder, produced_at, answers, *rest = parts
    inner = next(elements(data, responder), None)
    if responder.tag == 0xA1:
        response.responder_name = der.whole(data, expect(inner, der.SEQUENCE, "responderID"))
    else:
        key = expect(inner, der.OCTET_STRING, "responderID")
        response.responder_key_hash = der.content(data, key)
    response.produced_at = read_time(data, produced_at)
    listed = list(islice(elements(data, expect(answers, der.SEQUENCE, "responses")), MAX_ANSWERS + 1))
    if len(listed) > MAX_ANSWERS:
        raise der.DerError(f"more than {MAX_ANSWERS} answers")
    response.answers = tuple(_answer(data, element) for element in listed)
    response.unknown_critical = _unknown_critical(data, rest[0]) if rest else None


def _answer(data: bytes, element: der.Element) -> Answer:
    parts = list(islice(elements(data, element), 6))
    if not 3 <= len(parts) <= 5:
        raise der.DerError(f"an answer of {len(parts)} fields")
    identifier, status, this_update, *rest = parts
    algorithm, name_hash, key_hash, serial = _exactly(data, identifier, 4)
    oid = next(elements(data, algorithm), None)
    further = {part.tag: part for part in rest}
    next_update = next(elements(data, further[0xA0]), None) if 0xA0 in further else None
    kind, revoked_at, reason = _status(data, status)
    return Answer(
        hash_oid=der.oid(der.content(data, expect(oid, der.OID, "hashAlgorithm"))),
        issuer_name_hash=der.content(data, name_hash),
        issuer_key_hash=der.content(data, key_hash),
        serial=der.integer(der.content(data, expect(serial, der.INTEGER, "serialNumber"))),
        status=kind,
        revoked_at=revoked_at,
        reason=reason,
        this_update=read_time(data, this_update),
        next_update=read_time(data, next_update) if next_update is not None else None,
        unknown_critical=_unknown_critical(data, further[0xA1]) if 0xA1 in further else None,
    )


def _status(data: bytes, element: der.Element) -> tuple[CertificateStatus, datetime | None, str | None]:
    if element.tag == 0x80:
        return CertificateStatus.GOOD, None, None
    if element.tag != 0xA1:
        return CertificateStatus.UNKNOWN, None, None
    parts = list(islice(elements(data, element), 2))
    if not parts:
        raise der.DerError("a revocation without a time")
    reason = next(elements(data, parts[1]), None) if len(parts) > 1 else None
    name = None
    if reason is not None:
        octets = der.content(data, expect(reason, _ENUMERATED, "revocationReason"))
        name = reason_name(der.small_integer(octets[:16]))
    return CertificateStatus.REVOKED, read_time(data, parts[0]), name


def _unknown_critical(data: bytes, wrapper: der.Element) -> str | None:
    sequence = expect(next(elements(data, wrapper), None), der.SEQUENCE, "the list of extensions")
    return next(filter(None, map(_if_unknown, read_extensions(data, sequence))), None)


def _if_unknown(extension: Extension) -> str | None:
    return extension.oid if extension.critical and extension.oid not in _KNOWN_EXTENSIONS else None
