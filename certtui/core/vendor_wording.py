"""Extensions from outside RFC 5280 in words: transparency, qualified certificates, resources, what vendors added.

One statement a line, raw text. It explains, never judges.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Sequence

from certtui.core import der, extensions
from certtui.core.general_names import general_names_words
from certtui.core.log_list import Log
from certtui.core.moments import moment
from certtui.core.oids import told, words_of
from certtui.core.primitives import STRINGS, hexadecimal, integer_words, string_words, value_words
from certtui.core.standard_wording import items_of, parts_of
from certtui.core.transparency import Timestamp, decode_timestamps

_TLS_FEATURES = {5: "status_request (must-staple)", 17: "status_request_v2"}
_HASHES = {2: "SHA-1", 3: "SHA-224", 4: "SHA-256", 5: "SHA-384", 6: "SHA-512"}
_SIGNATURES = {1: "RSA", 2: "DSA", 3: "ECDSA"}
"""Numbers of TLS's HashAlgorithm and SignatureAlgorithm (RFC 5246 §7.4.1.4.1)."""
_NETSCAPE_TYPES = (
    "SSL client",
    "SSL server",
    "S/MIME",
    "object signing",
    "reserved",
    "SSL CA",
    "S/MIME CA",
    "object signing CA",
)
_ENTRUST_FLAGS = ("key update allowed", "new extensions", "PKIX certificate", "enterprise", "web", "SET")


def timestamp_lines(value: bytes, logs: Sequence[Log] = (), *, has_signatures: bool = False) -> list[str]:
    """Return the timestamps of certificate transparency (RFC 6962 §3.3), each log by its name where `logs` has it.

    Whether their signatures verify is not said; `has_signatures` shows their octets.
    """
    found, problems = decode_timestamps(value)
    names = {log.log_id: log.description for log in logs}
    said = [f"{len(found)} timestamp{'s' if len(found) != 1 else ''}, not verified"]
    for timestamp in found:
        said += [f"log {timestamp.log_id.hex()}", f"  {_promise(timestamp)}"]
        if timestamp.log_id in names:
            said.append(f"  {names[timestamp.log_id]}")
        if timestamp.extensions:
            said.append(f"  extensions {hexadecimal(timestamp.extensions)}")
        if has_signatures:
            said.append(f"  signature {hexadecimal(timestamp.signature)}")
    return [*said, *(f"cannot be read: {problem}" for problem in problems)]


def _promise(timestamp: Timestamp) -> str:
    hash_name = _HASHES.get(timestamp.hash_algorithm, f"hash {timestamp.hash_algorithm}")
    signature = _SIGNATURES.get(timestamp.signature_algorithm, f"signature {timestamp.signature_algorithm}")
    when = f"{moment(timestamp.when)} and {timestamp.when.microsecond // 1000} ms"
    return f"version {timestamp.version + 1}, {when}, {signature} with {hash_name}"


def _statement(words: str) -> Callable[[bytes], list[str]]:
    """Return the writer of an extension whose presence says it all, and whose value is NULL."""

    def write(value: bytes) -> list[str]:
        der.root(value, 0x05)
        return [words]

    return write


def _tls_features(value: bytes) -> list[str]:
    numbers = [der.small_integer(der.content(value, e)) for e in items_of(value, der.root(value))]
    return [", ".join(_TLS_FEATURES.get(number, str(number)) for number in numbers) or "none"]


def _string(value: bytes) -> list[str]:
    string = der.read(value, 0, len(value))
    if string.tag not in STRINGS:
        raise der.DerError(f"tag 0x{string.tag:02x} where a character string should stand")
    return [string_words(string.tag, der.content(value, string)) or "empty"]


def _any_value(value: bytes) -> list[str]:
    element = der.read(value, 0, len(value))
    return [value_words(element.tag, der.content(value, element))]


def _netscape_type(value: bytes) -> list[str]:
    octets = der.content(value, der.root(value, der.BIT_STRING))
    return [", ".join(extensions.flags_set(octets, _NETSCAPE_TYPES)) or "nothing"]


def _qualified(value: bytes) -> list[str]:
    """RFC 3739 §3.2.6 and ETSI EN 319 412-5."""
    statements: list[tuple[str, list[str]]] = []
    for statement in items_of(value, der.root(value)):
        parts = parts_of(value, statement, 1)
        dotted = der.oid(der.content(value, parts[0]))
        statements.append((dotted, [text for part in parts[1:] for text in _leaves(value, part, 0)]))
    has_countries = any(dotted == _QC_LEGISLATION for dotted, _ in statements)
    return [_qualified_statement(*each, has_countries=has_countries) for each in statements] or ["none"]


def _qualified_statement(dotted: str, leaves: Sequence[str], *, has_countries: bool) -> str:
    """Return one in words: by whose law it claims to be qualified, an amount of money (ETSI EN 319 412-5 §4)."""
    name = words_of(dotted)
    if dotted == _QC_COMPLIANCE:
        name = f"{name} {'by the law of countries named here' if has_countries else 'of the EU'}"
    if dotted == _QC_LIMIT and len(leaves) == 3:
        currency, amount, exponent = leaves
        return f"{name}: {amount} × 10^{exponent} {currency}"
    return f"{name}: {', '.join(leaves)}" if leaves else name


_QC_COMPLIANCE, _QC_LIMIT, _QC_LEGISLATION = "0.4.0.1862.1.1", "0.4.0.1862.1.2", "0.4.0.1862.1.7"
_MAX_DEPTH = 6
_MAX_LEAVES = 100


def _leaves(value: bytes, element: der.Element, depth: int) -> list[str]:
    """Return the primitive values inside an element, known object identifiers by their words."""
    octets = der.content(value, element)
    if not element.tag & 0x20:
        return [words_of(der.oid(octets)) if element.tag == der.OID else value_words(element.tag, octets)]
    if depth >= _MAX_DEPTH:
        return [hexadecimal(octets)]
    found: list[str] = []
    for child in items_of(value, element):
        found += _leaves(value, child, depth + 1)
        if len(found) > _MAX_LEAVES:
            raise der.DerError(f"more than {_MAX_LEAVES} values in one statement")
    return found


def _template(value: bytes) -> list[str]:
    """MS-WCCE §2.2.2.7.7.2."""
    oid, *versions = parts_of(value, der.root(value), 1)
    numbers = ".".join(integer_words(der.content(value, number)) for number in versions)
    return [f"template {told(der.oid(der.content(value, oid)))}{f', version {numbers}' if numbers else ''}"]


def _ca_version(value: bytes) -> list[str]:
    """The renewals of a CA: of its certificate in the low half, of its key in the high one (MS-WCCE)."""
    number = der.small_integer(der.content(value, der.root(value, der.INTEGER)))
    return [
        f"V{number & 0xFFFF}.{number >> 16}: certificate {number & 0xFFFF}, key {number >> 16} of this CA"
    ]


def _application_policies(value: bytes) -> list[str]:
    names = [
        told(der.oid(der.content(value, parts_of(value, policy, 1)[0])))
        for policy in items_of(value, der.root(value))
    ]
    return names or ["none"]


def _entrust(value: bytes) -> list[str]:
    said: list[str] = []
    for part in items_of(value, der.root(value)):
        octets = der.content(value, part)
        if part.tag == der.BIT_STRING:
            said.append(", ".join(extensions.flags_set(octets, _ENTRUST_FLAGS)) or "no flags")
        else:
            said.append(f"version {value_words(part.tag, octets)}")
    return said or ["empty"]


def _addresses(value: bytes) -> list[str]:
    """RFC 3779 §2.2.3."""
    said: list[str] = []
    for family in items_of(value, der.root(value)):
        kind, choice = parts_of(value, family, 2)[:2]
        number = int.from_bytes(der.content(value, kind)[:2], "big")
        name = {1: "IPv4", 2: "IPv6"}.get(number, f"address family {number}")
        if choice.tag == 0x05:
            said.append(f"{name}: those of its issuer")
        elif choice.tag != der.SEQUENCE:
            raise der.DerError(f"tag 0x{choice.tag:02x} where addresses should stand")
        else:
            said += [f"{name}: {_block(value, block, number)}" for block in items_of(value, choice)]
    return said or ["none"]


def _block(value: bytes, block: der.Element, family: int) -> str:
    width = 128 if family == 2 else 32
    if block.tag == der.BIT_STRING:
        octets, unused = der.bits(der.content(value, block))
        return f"{_address(octets, unused, width, fill=0)}/{len(octets) * 8 - unused}"
    first, last = (der.bits(der.content(value, each)) for each in parts_of(value, block, 2)[:2])
    return f"{_address(*first, width, fill=0)} to {_address(*last, width, fill=1)}"


def _address(octets: bytes, unused: int, width: int, *, fill: int) -> str:
    """Return an address of which only the first bits are written, the others all `fill`."""
    given = len(octets) * 8 - unused
    if not 0 <= given <= width:
        raise der.DerError(f"an address of {given} bits")
    missing = width - given
    number = (int.from_bytes(octets, "big") >> unused) << missing | ((1 << missing) - 1) * fill
    return str(ipaddress.IPv4Address(number) if width == 32 else ipaddress.IPv6Address(number))


def _systems(value: bytes) -> list[str]:
    """RFC 3779 §3.2.3."""
    said: list[str] = []
    for field in items_of(value, der.root(value)):
        name = {0xA0: "autonomous system", 0xA1: "routing domain"}.get(field.tag, f"tag 0x{field.tag:02x}")
        for choice in items_of(value, field):
            if choice.tag == 0x05:
                said.append(f"{name}: those of its issuer")
                continue
            for number in items_of(value, choice):
                bounds = list(items_of(value, number)) if number.tag == der.SEQUENCE else [number]
                written = " to ".join(integer_words(der.content(value, bound)) for bound in bounds)
                said.append(f"{name}: {written}")
    return said or ["none"]


_NETSCAPE = "2.16.840.1.113730.1."
_NETSCAPE_STRINGS = (2, 3, 4, 7, 8, 12, 13)
WRITERS: dict[str, Callable[[bytes], list[str]]] = {
    extensions.TLS_FEATURE: _tls_features,
    extensions.SIGNED_CERTIFICATE_TIMESTAMPS: timestamp_lines,
    extensions.PRECERTIFICATE_POISON: _statement("a precertificate, which is no certificate to use"),
    "1.3.6.1.5.5.7.48.1.5": _statement("an OCSP responder whose own revocation is not to be checked"),
    "1.3.6.1.4.1.44363.44": _statement("may delegate credentials for TLS"),
    "1.3.6.1.5.5.7.1.3": _qualified,
    "1.3.6.1.5.5.7.1.7": _addresses,
    "1.3.6.1.5.5.7.1.28": _addresses,
    "1.3.6.1.5.5.7.1.8": _systems,
    "1.3.6.1.5.5.7.1.29": _systems,
    "1.3.6.1.5.5.7.1.31": lambda value: [f"SHA-256 of the key authorization {_any_value(value)[0]}"],
    f"{_NETSCAPE}1": _netscape_type,
    **{f"{_NETSCAPE}{number}": _string for number in _NETSCAPE_STRINGS},
    "1.2.840.113533.7.65.0": _entrust,
    "1.3.6.1.4.1.311.20.2": lambda value: [f"template {_string(value)[0]}"],
    "1.3.6.1.4.1.311.21.1": _ca_version,
    "1.3.6.1.4.1.311.21.2": lambda value: [f"SHA-1 of the CA's certificate before {_any_value(value)[0]}"],
    "1.3.6.1.4.1.311.21.7": _template,
    "1.3.6.1.4.1.311.21.10": _application_policies,
    "1.3.6.1.4.1.311.25.2": lambda value: general_names_words(value, der.root(value)) or ["none"],
}
"""Who puts the value of an extension into words, by the extension's OID."""
