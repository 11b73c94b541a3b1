"""Distribution points: which CRLs a certificate names, which certificates a CRL is for."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der, extensions
from certtui.core.certificate import Certificate
from certtui.core.distinguished_name import comparable_name, decode_name
from certtui.core.revocation_syntax import elements, root

ALL_REASONS = frozenset(extensions.REASON_FLAGS[1:])
"""The reasons that CRLs can be divided by (RFC 5280 §4.2.1.13)."""
MAX_NAMES = 1_000
"""Names in one extension; more are not read."""
_DIRECTORY_NAME = 0xA4


@dataclass(frozen=True, slots=True)
class PointName:
    """One name of a distribution point."""

    key: bytes
    """Comparable: equal where the names are."""
    text: str
    """As people read it; raw text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DistributionPoint:
    """One of the places that a certificate names for its revocation (RFC 5280 §4.2.1.13)."""

    names: tuple[PointName, ...] | None
    """None where the point has no name of its own."""
    reasons: frozenset[str] = ALL_REASONS
    issuers: frozenset[bytes] = frozenset()
    """Who issues the CRL, in comparable form; empty where it is the certificate's issuer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What a CRL is for (issuingDistributionPoint, RFC 5280 §5.2.5); by default all of its issuer."""

    names: tuple[PointName, ...] | None = None
    only_user_certificates: bool = False
    only_ca_certificates: bool = False
    only_attribute_certificates: bool = False
    reasons: frozenset[str] = ALL_REASONS
    is_indirect: bool = False


def directory_key(name: bytes) -> bytes:
    """Return the key that a distinguished name in comparable form has among the names of points."""
    return bytes((_DIRECTORY_NAME,)) + name


def distribution_points(certificate: Certificate) -> tuple[DistributionPoint, ...]:
    """Return the points that a certificate names; raise `DerError` where they cannot be read."""
    extension = certificate.extension(extensions.CRL_DISTRIBUTION_POINTS)
    return () if extension is None else _points(extension.value, certificate.fields.issuer)


@lru_cache(maxsize=256)
def _points(value: bytes, issuer: bytes) -> tuple[DistributionPoint, ...]:
    points: list[DistributionPoint] = []
    for sequence in elements(value, root(value)):
        points.append(_point(value, sequence, issuer))
        if len(points) > MAX_NAMES:
            raise der.DerError(f"more than {MAX_NAMES} distribution points")
    return tuple(points)


def _point(value: bytes, sequence: der.Element, issuer: bytes) -> DistributionPoint:
    fields = {element.tag: element for element in elements(value, sequence)}
    issuers = (
        [element for element in elements(value, fields[0xA2]) if element.tag == _DIRECTORY_NAME]
        if 0xA2 in fields
        else []
    )
    crl_issuers = [der.content(value, element) for element in issuers]
    # A relative name continues the CRL issuer's name, of which there can then be only one.
    base = crl_issuers[0] if crl_issuers else issuer
    return DistributionPoint(
        names=_point_names(value, fields[0xA0], base) if 0xA0 in fields else None,
        reasons=_reasons(der.content(value, fields[0x81])) if 0x81 in fields else ALL_REASONS,
        issuers=frozenset(map(comparable_name, crl_issuers)),
    )


def decode_scope(value: bytes, issuer: bytes) -> Scope:
    """Return the scope in an issuingDistributionPoint of a CRL by `issuer`, a Name in DER."""
    fields = {element.tag: element for element in elements(value, root(value))}
    unknown = fields.keys() - {0xA0, 0x81, 0x82, 0x83, 0x84, 0x85}
    if unknown:
        raise der.DerError(f"an unknown field with tag 0x{min(unknown):02x} in the scope")

    def flag(tag: int) -> bool:
        return tag in fields and der.boolean(der.content(value, fields[tag]))

    return Scope(
        names=_point_names(value, fields[0xA0], issuer) if 0xA0 in fields else None,
        only_user_certificates=flag(0x81),
        only_ca_certificates=flag(0x82),
        only_attribute_certificates=flag(0x85),
        reasons=_reasons(der.content(value, fields[0x83])) if 0x83 in fields else ALL_REASONS,
        is_indirect=flag(0x84),
    )


def _reasons(octets: bytes) -> frozenset[str]:
    return ALL_REASONS & set(extensions.flags_set(octets, extensions.REASON_FLAGS))


def _point_names(value: bytes, wrapper: der.Element, base: bytes) -> tuple[PointName, ...]:
    choice = next(elements(value, wrapper), None)
    if choice is not None and choice.tag == 0xA1:
        relative = _relative_name(base, der.content(value, choice))
        key = directory_key(comparable_name(relative))
        return (PointName(key, decode_name(relative).rfc4514),)
    if choice is None or choice.tag != 0xA0:
        raise der.DerError("a distribution point that is named in no known way")
    names: list[PointName] = []
    for element in elements(value, choice):
        names.append(_point_name(value, element))
        if len(names) > MAX_NAMES:
            raise der.DerError(f"more than {MAX_NAMES} names")
    return tuple(names)


def _point_name(value: bytes, element: der.Element) -> PointName:
    octets = der.content(value, element)
    text = extensions.decode_general_name(value, element).value
    if element.tag == _DIRECTORY_NAME:
        return PointName(directory_key(comparable_name(octets)), text)
    return PointName(bytes((element.tag,)) + octets, text)


def _relative_name(base: bytes, attributes: bytes) -> bytes:
    """Return the Name that has one relative name more than `base` (nameRelativeToCRLIssuer)."""
    return der.encode(der.SEQUENCE, der.content(base, der.root(base)), der.encode(der.SET, attributes))
