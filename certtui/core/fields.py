"""The fields of a certificate (RFC 5280 §4.1), each found and decoded on its own; it must never raise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TypeVar

from certtui.core import der, extensions
from certtui.core.distinguished_name import decode_name
from certtui.core.extensions import BasicConstraints, Extension, GeneralName
from certtui.core.keys import describe_key

_MAX_EXTENSIONS = 1_000
_Value = TypeVar("_Value")


@dataclass(slots=True)
class Fields:
    """A certificate taken apart. Empty octets and None stand for what could not be found."""

    version: int | None = None
    serial: int | None = None
    signature_algorithm: bytes = b""
    """`tbsCertificate.signature`, an AlgorithmIdentifier in DER."""
    outer_signature_algorithm: bytes = b""
    """`signatureAlgorithm`, which must equal the one that is signed (RFC 5280 §4.1.1.2)."""
    issuer: bytes = b""
    subject: bytes = b""
    not_before: datetime | None = None
    not_after: datetime | None = None
    times_are_der: bool = True
    """Whether both times are written as RFC 5280 §4.1.2.5 demands."""
    spki: bytes = b""
    extensions: tuple[Extension, ...] = ()
    signed: bytes = b""
    """The octets that the signature covers."""
    signature: bytes = b""
    san: tuple[GeneralName, ...] | None = None
    basic_constraints: BasicConstraints | None = None
    key_usage: frozenset[str] | None = None
    extended_key_usage: tuple[str, ...] | None = None
    subject_key_id: bytes | None = None
    authority_key_id: bytes | None = None
    is_torn: bool = False
    """Whether fields or extensions may be missing because what holds them cannot be read."""
    problems: tuple[str, ...] = ()
    noted: list[str] = field(default_factory=list, repr=False)


def decode_fields(data: bytes) -> Fields:
    """Return the fields of a DER certificate, as far as they can be read; `problems` says what could not."""
    fields = Fields()
    try:
        _take_apart(fields, data)
    except der.DerError as error:
        fields.is_torn = True
        fields.noted.append(f"the certificate: {error}")
    _decode_extensions(fields)
    fields.problems = tuple(fields.noted)
    return fields


def _take_apart(fields: Fields, data: bytes) -> None:
    outer = der.root(data)
    parts = der.children(data, outer)
    signed = next(parts, None)
    if signed is None or signed.tag != der.SEQUENCE:
        raise der.DerError("no tbsCertificate")
    fields.signed = der.whole(data, signed)
    try:
        _take_signed_part(fields, data, signed)
    except der.DerError as error:
        fields.is_torn = True
        fields.noted.append(f"tbsCertificate: {error}")
    algorithm, signature = next(parts, None), next(parts, None)
    if algorithm is None or signature is None:
        raise der.DerError("no signature")
    fields.outer_signature_algorithm = der.whole(data, algorithm)
    _attempt(fields, "signatureValue", lambda: _take_signature(fields, data, signature))
    if next(parts, None) is not None:
        fields.noted.append("the certificate: something follows its signature")
    if outer.next != len(data):
        fields.noted.append(f"the certificate: {len(data) - outer.next} octets follow its end")


def _take_signed_part(fields: Fields, data: bytes, signed: der.Element) -> None:
    parts = list(der.children(data, signed))
    fields.version = 1
    if parts and parts[0].tag == 0xA0:
        fields.version = _attempt(fields, "version", partial(_version, data, parts.pop(0)))
    if len(parts) < 6:
        raise der.DerError(f"{len(parts)} fields where at least 6 should stand")
    serial, algorithm, issuer, validity, subject, spki = parts[:6]
    fields.serial = _attempt(fields, "serialNumber", partial(_serial, data, serial))
    fields.signature_algorithm = der.whole(data, algorithm)
    fields.issuer = der.whole(data, issuer)
    fields.subject = der.whole(data, subject)
    fields.spki = der.whole(data, spki)
    _attempt(fields, "issuer", lambda: decode_name(fields.issuer))
    _attempt(fields, "subject", lambda: decode_name(fields.subject))
    _attempt(fields, "subjectPublicKeyInfo", lambda: describe_key(fields.spki))
    _attempt(fields, "validity", lambda: _take_validity(fields, data, validity))
    if fields.version is not None and fields.version > 3:
        fields.noted.append(f"version: there is no X.509 v{fields.version}")
    for part in parts[6:]:
        if part.tag == 0xA3:
            _attempt(fields, "extensions", partial(_take_extensions, fields, data, part))
    if fields.extensions and fields.version in (1, 2):
        fields.noted.append(f"extensions: X.509 v{fields.version} has none (RFC 5280 §4.1.2.9)")


def _version(data: bytes, wrapper: der.Element) -> int | None:
    version = next(der.children(data, wrapper), None)
    return der.small_integer(der.content(data, version)) + 1 if version else None


def _serial(data: bytes, serial: der.Element) -> int:
    if serial.tag != der.INTEGER:
        raise der.DerError(f"tag 0x{serial.tag:02x} where an integer should stand")
    return der.integer(der.content(data, serial))


def _take_signature(fields: Fields, data: bytes, signature: der.Element) -> None:
    if signature.tag != der.BIT_STRING:
        raise der.DerError(f"tag 0x{signature.tag:02x} where a bit string should stand")
    octets, unused = der.bits(der.content(data, signature))
    if unused:
        raise der.DerError(f"{unused} bits are left over, but signatures are whole octets")
    fields.signature = octets


def _take_validity(fields: Fields, data: bytes, validity: der.Element) -> None:
    times = list(der.children(data, validity))
    if len(times) != 2:
        raise der.DerError(f"{len(times)} times where two should stand")
    contents = [(time.tag, der.content(data, time)) for time in times]
    fields.times_are_der = all(der.is_der_time(tag, octets) for tag, octets in contents)
    fields.not_before = _attempt(fields, "notBefore", lambda: der.time(*contents[0]))
    fields.not_after = _attempt(fields, "notAfter", lambda: der.time(*contents[1]))


def _take_extensions(fields: Fields, data: bytes, wrapper: der.Element) -> None:
    found: list[Extension] = []
    fields.is_torn = True
    try:
        for sequence in der.children(data, wrapper):
            for element in der.children(data, sequence):
                if len(found) >= _MAX_EXTENSIONS:
                    raise der.DerError(f"more than {_MAX_EXTENSIONS} extensions")
                found.append(_extension(data, element))
        fields.is_torn = False
    finally:
        fields.extensions = tuple(found)


def _extension(data: bytes, element: der.Element) -> Extension:
    parts = list(der.children(data, element))
    if len(parts) < 2 or parts[0].tag != der.OID or parts[-1].tag != der.OCTET_STRING:
        raise der.DerError("an extension that is no OID with an octet string")
    critical = len(parts) > 2 and parts[1].tag == der.BOOLEAN and der.boolean(der.content(data, parts[1]))
    return Extension(der.oid(der.content(data, parts[0])), critical, der.content(data, parts[-1]))


_DECODERS: dict[str, tuple[str, Callable[[bytes], object]]] = {
    extensions.SUBJECT_ALT_NAME: ("san", extensions.decode_general_names),
    extensions.BASIC_CONSTRAINTS: ("basic_constraints", extensions.decode_basic_constraints),
    extensions.KEY_USAGE: ("key_usage", extensions.decode_key_usage),
    extensions.EXTENDED_KEY_USAGE: ("extended_key_usage", extensions.decode_oids),
    extensions.SUBJECT_KEY_ID: ("subject_key_id", extensions.decode_subject_key_id),
    extensions.AUTHORITY_KEY_ID: ("authority_key_id", extensions.decode_authority_key_id),
}
_READABLE: dict[str, Callable[[bytes], object]] = {
    extensions.AUTHORITY_INFO_ACCESS: extensions.decode_access_descriptions,
    extensions.CRL_DISTRIBUTION_POINTS: extensions.decode_crl_urls,
    extensions.CERTIFICATE_POLICIES: extensions.decode_policies,
    extensions.POLICY_MAPPINGS: extensions.decode_policy_mappings,
    extensions.POLICY_CONSTRAINTS: extensions.decode_policy_constraints,
    extensions.INHIBIT_ANY_POLICY: extensions.decode_inhibit_any_policy,
}
"""Extensions that must be readable, though nothing is kept of them."""


def _decode_extensions(fields: Fields) -> None:
    """Decode the first of each kind; more than one of a kind is forbidden (RFC 5280 §4.2)."""
    seen: set[str] = set()
    for extension in fields.extensions:
        if extension.oid in seen:
            fields.noted.append(f"{extension.name}: stands there more than once")
        elif extension.oid in _DECODERS:
            attribute, decode = _DECODERS[extension.oid]
            decoded = _attempt(fields, extension.name, partial(decode, extension.value))
            setattr(fields, attribute, decoded)
            if decoded is not None:
                _attempt(fields, extension.name, partial(_check_end, extension.value))
        elif extension.oid in _READABLE:
            _attempt(fields, extension.name, partial(_READABLE[extension.oid], extension.value))
        seen.add(extension.oid)


def _check_end(value: bytes) -> None:
    """Browsers refuse what OpenSSL overlooks: octets behind the value that an extension holds."""
    left_over = len(value) - der.read(value, 0, len(value)).next
    if left_over:
        raise der.DerError(f"{left_over} octets follow its end")


def _attempt(fields: Fields, what: str, decode: Callable[[], _Value]) -> _Value | None:
    try:
        return decode()
    except der.DerError as error:
        fields.noted.append(f"{what}: {error}")
        return None
