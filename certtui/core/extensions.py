"""Certificate extensions: each decodes on its own from its octets (RFC 5280 §4.2). It never judges them."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass
from enum import StrEnum

from certtui.core import der
from certtui.core.distinguished_name import decode_name
from certtui.core.oids import names_of

SUBJECT_DIRECTORY_ATTRIBUTES = "2.5.29.9"
SUBJECT_KEY_ID = "2.5.29.14"
KEY_USAGE = "2.5.29.15"
PRIVATE_KEY_USAGE_PERIOD = "2.5.29.16"
SUBJECT_ALT_NAME = "2.5.29.17"
ISSUER_ALT_NAME = "2.5.29.18"
BASIC_CONSTRAINTS = "2.5.29.19"
NAME_CONSTRAINTS = "2.5.29.30"
CRL_DISTRIBUTION_POINTS = "2.5.29.31"
CERTIFICATE_POLICIES = "2.5.29.32"
POLICY_MAPPINGS = "2.5.29.33"
AUTHORITY_KEY_ID = "2.5.29.35"
POLICY_CONSTRAINTS = "2.5.29.36"
EXTENDED_KEY_USAGE = "2.5.29.37"
FRESHEST_CRL = "2.5.29.46"
INHIBIT_ANY_POLICY = "2.5.29.54"
AUTHORITY_INFO_ACCESS = "1.3.6.1.5.5.7.1.1"
SUBJECT_INFO_ACCESS = "1.3.6.1.5.5.7.1.11"
TLS_FEATURE = "1.3.6.1.5.5.7.1.24"
SIGNED_CERTIFICATE_TIMESTAMPS = "1.3.6.1.4.1.11129.2.4.2"
PRECERTIFICATE_POISON = "1.3.6.1.4.1.11129.2.4.3"

EXTENSION_NAMES: dict[str, str] = names_of("extension")

SERVER_AUTH = "1.3.6.1.5.5.7.3.1"
ANY_POLICY = "2.5.29.32.0"
ANY_EXTENDED_KEY_USAGE = "2.5.29.37.0"
PURPOSE_NAMES: dict[str, str] = names_of("purpose")

KEY_USAGE_BITS = (
    "digitalSignature",
    "nonRepudiation",
    "keyEncipherment",
    "dataEncipherment",
    "keyAgreement",
    "keyCertSign",
    "cRLSign",
    "encipherOnly",
    "decipherOnly",
)
REASON_FLAGS = (
    "unused",
    "keyCompromise",
    "cACompromise",
    "affiliationChanged",
    "superseded",
    "cessationOfOperation",
    "certificateHold",
    "privilegeWithdrawn",
    "aACompromise",
)
"""ReasonFlags (RFC 5280 §4.2.1.13)."""


class NameKind(StrEnum):
    """The kinds of GeneralName that are told apart (RFC 5280 §4.2.1.6)."""

    DNS = "DNS"
    IP = "IP"
    EMAIL = "email"
    URI = "URI"
    DIRECTORY = "dirName"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class GeneralName:
    """A GeneralName, decoded; the value is raw text."""

    kind: NameKind
    value: str


@dataclass(frozen=True, slots=True)
class BasicConstraints:
    """RFC 5280 §4.2.1.9."""

    is_ca: bool
    path_length: int | None


@dataclass(frozen=True, slots=True)
class Extension:
    """One extension as the certificate has it."""

    oid: str
    critical: bool
    value: bytes

    @property
    def name(self) -> str:
        """The extension's name, or its dotted OID."""
        return EXTENSION_NAMES.get(self.oid, self.oid)

    @property
    def lines(self) -> tuple[str, ...]:
        """What it says, in words, a line each; raw text."""
        from certtui.core.wording import extension_lines  # wording decodes with the functions below

        return extension_lines(self)


_KINDS = {
    0x81: NameKind.EMAIL,
    0x82: NameKind.DNS,
    0x86: NameKind.URI,
    0x87: NameKind.IP,
    0xA4: NameKind.DIRECTORY,
}
_OTHER_KINDS = {0xA0: "otherName", 0xA3: "x400Address", 0xA5: "ediPartyName", 0x88: "registeredID"}
MAX_NAMES = 20_000
"""More names than this in one extension are not read: the extension counts as undecodable."""


def decode_general_names(value: bytes) -> tuple[GeneralName, ...]:
    """Return the GeneralNames in a subjectAltName or the like (RFC 5280 §4.2.1.6)."""
    names: list[GeneralName] = []
    for element in der.children(value, der.root(value)):
        if len(names) >= MAX_NAMES:
            raise der.DerError(f"more than {MAX_NAMES} names")
        names.append(decode_general_name(value, element))
    return tuple(names)


def decode_general_name(data: bytes, element: der.Element) -> GeneralName:
    """Return one GeneralName."""
    octets = data[element.content : element.end]
    kind = _KINDS.get(element.tag, NameKind.OTHER)
    if kind is NameKind.IP:
        return GeneralName(kind, address_words(octets))
    if kind is NameKind.DIRECTORY:
        return GeneralName(kind, decode_name(octets).rfc4514)
    if kind is NameKind.OTHER:
        # Equal octets of different kinds are different names.
        told = _OTHER_KINDS.get(element.tag, f"tag 0x{element.tag:02x}")
        return GeneralName(kind, f"{told}:{octets.hex()}")
    return GeneralName(kind, octets.decode("latin-1"))


def address_words(octets: bytes) -> str:
    """Return an IP address; its octets, called malformed, where they are none."""
    if len(octets) in (4, 16):
        return str(ipaddress.ip_address(octets))
    return "malformed:" + octets.hex()


def decode_basic_constraints(value: bytes) -> BasicConstraints:
    """Return basicConstraints; cA defaults to false."""
    is_ca, path_length = False, None
    for element in der.children(value, der.root(value)):
        octets = der.content(value, element)
        if element.tag == der.BOOLEAN:
            is_ca = der.boolean(octets)
        elif element.tag == der.INTEGER:
            path_length = der.small_integer(octets)
    return BasicConstraints(is_ca, path_length)


def decode_key_usage(value: bytes) -> frozenset[str]:
    """Return the names of the keyUsage bits that are set (RFC 5280 §4.2.1.3)."""
    octets = der.content(value, der.root(value, der.BIT_STRING))
    return frozenset(flags_set(octets, KEY_USAGE_BITS))


def flags_set(octets: bytes, names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the bits that are set in a BIT STRING with these content octets, in order of the bits.

    Unused bits are none, whatever stands there (X.690 §11.2.1).
    """
    flags, unused = der.bits(octets)
    used = names[: max(len(flags) * 8 - unused, 0)]
    return tuple(name for at, name in enumerate(used) if flags[at // 8] & (0x80 >> at % 8))


def decode_oids(value: bytes) -> tuple[str, ...]:
    """Return the OIDs of a SEQUENCE OF OBJECT IDENTIFIER, such as extKeyUsage."""
    return tuple(der.oid(der.content(value, element)) for element in der.children(value, der.root(value)))


def decode_subject_key_id(value: bytes) -> bytes:
    """Return the keyIdentifier (RFC 5280 §4.2.1.2)."""
    return der.content(value, der.root(value, der.OCTET_STRING))


def decode_authority_key_id(value: bytes) -> bytes | None:
    """Return the keyIdentifier of an authorityKeyIdentifier, None if it holds none (RFC 5280 §4.2.1.1)."""
    for element in der.children(value, der.root(value)):
        if element.tag == 0x80:
            return der.content(value, element)
    return None


def decode_authority_certificate(value: bytes) -> tuple[bytes | None, int | None]:
    """Return the issuer, a Name in DER, and the serial number of the certificate that an authorityKeyIdentifier names.

    None for what it does not hold (authorityCertIssuer and authorityCertSerialNumber, RFC 5280 §4.2.1.1).
    """
    issuer, serial = None, None
    for element in der.children(value, der.root(value)):
        if element.tag == 0xA1:
            names = (
                each for each in der.children(value, element) if _KINDS.get(each.tag) is NameKind.DIRECTORY
            )
            issuer = next((der.content(value, name) for name in names), None)
        elif element.tag == 0x82:
            serial = der.integer(der.content(value, element))
    return issuer, serial


def decode_access_descriptions(value: bytes) -> tuple[tuple[str, str], ...]:
    """Return method OID and location of each description in authorityInfoAccess (RFC 5280 §4.2.2.1)."""
    descriptions: list[tuple[str, str]] = []
    for description in der.children(value, der.root(value)):
        parts = list(der.children(value, description))
        if len(parts) != 2:
            raise der.DerError("an access description that is no pair")
        method = der.oid(der.content(value, parts[0]))
        descriptions.append((method, decode_general_name(value, parts[1]).value))
    return tuple(descriptions)


MAX_POLICY_OCTETS = 1 << 15
"""Policies or mappings of one certificate that are longer are not read."""


def _check_policy_size(value: bytes) -> None:
    if len(value) > MAX_POLICY_OCTETS:
        raise der.DerError(f"{len(value)} octets of policies, more than are read")


def decode_policies(value: bytes) -> tuple[str, ...]:
    """Return the OIDs in certificatePolicies (RFC 5280 §4.2.1.4)."""
    _check_policy_size(value)
    oids: list[str] = []
    for policy in der.children(value, der.root(value)):
        identifier = next(der.children(value, policy), None)
        if identifier is None or identifier.tag != der.OID:
            raise der.DerError("a policy that is not named")
        oids.append(der.oid(der.content(value, identifier)))
    if not oids:
        raise der.DerError("no policy at all")
    return tuple(oids)


def decode_policy_mappings(value: bytes) -> tuple[tuple[str, str], ...]:
    """Return the pairs of issuer's and subject's policy in policyMappings (RFC 5280 §4.2.1.5)."""
    _check_policy_size(value)
    pairs: list[tuple[str, str]] = []
    for mapping in der.children(value, der.root(value)):
        policies = [der.oid(der.content(value, policy)) for policy in der.children(value, mapping)]
        if len(policies) != 2:
            raise der.DerError("a policy mapping that is no pair")
        pairs.append((policies[0], policies[1]))
    if not pairs:
        raise der.DerError("no policy mapping at all")
    return tuple(pairs)


def decode_policy_constraints(value: bytes) -> tuple[int | None, int | None]:
    """Return requireExplicitPolicy and inhibitPolicyMapping, None for one that is absent (RFC 5280 §4.2.1.11)."""
    found: dict[int, int] = {}
    for element in der.children(value, der.root(value)):
        if element.tag not in (0x80, 0x81) or element.tag in found:
            raise der.DerError(f"an unexpected element with tag 0x{element.tag:02x}")
        found[element.tag] = der.small_integer(der.content(value, element))
    if not found:
        raise der.DerError("neither requireExplicitPolicy nor inhibitPolicyMapping")
    return found.get(0x80), found.get(0x81)


def decode_inhibit_any_policy(value: bytes) -> int:
    """Return after how many certificates anyPolicy stops to count (RFC 5280 §4.2.1.14)."""
    return der.small_integer(der.content(value, der.root(value, der.INTEGER)))


def decode_crl_urls(value: bytes) -> tuple[str, ...]:
    """Return the URLs in cRLDistributionPoints (RFC 5280 §4.2.1.13)."""
    urls: list[str] = []
    for point in der.children(value, der.root(value)):
        for field in der.children(value, point):
            if field.tag != 0xA0:
                continue
            for choice in der.children(value, field):
                names = der.children(value, choice) if choice.tag == 0xA0 else ()
                urls.extend(decode_general_name(value, name).value for name in names if name.tag == 0x86)
    return tuple(urls)
