"""Certificate extensions in words, one line a statement; raw text. It explains, never judges."""

from __future__ import annotations

from collections.abc import Callable

from certtui.core import der, extensions
from certtui.core.extensions import Extension
from certtui.core.transparency import decode_timestamps

_MAX_LINES = 200
_POLICIES = {
    "2.5.29.32.0": "any policy",
    "2.23.140.1.1": "extended validation (CA/Browser Forum)",
    "2.23.140.1.2.1": "domain validated (CA/Browser Forum)",
    "2.23.140.1.2.2": "organization validated (CA/Browser Forum)",
    "2.23.140.1.2.3": "individual validated (CA/Browser Forum)",
}
_ACCESS_METHODS = {"1.3.6.1.5.5.7.48.1": "OCSP", "1.3.6.1.5.5.7.48.2": "CA issuers"}
_TLS_FEATURES = {5: "status_request (must-staple)", 17: "status_request_v2"}


def extension_lines(extension: Extension) -> tuple[str, ...]:
    """Return what an extension says, in words; its octets in hexadecimal where it cannot be decoded."""
    writer = _WRITERS.get(extension.oid, _hexadecimal)
    try:
        lines = writer(extension.value)
    except der.DerError as error:
        lines = [f"cannot be decoded: {error}", *_hexadecimal(extension.value)]
    if len(lines) > _MAX_LINES:
        lines = [*lines[:_MAX_LINES], f"… {len(lines) - _MAX_LINES} more"]
    return tuple(lines)


def _hexadecimal(value: bytes) -> list[str]:
    shown = value[:256].hex(" ")
    lines = [shown[start : start + 48].strip() for start in range(0, len(shown), 48)]
    return [*lines, f"… {len(value) - 256} octets more"] if len(value) > 256 else lines or ["empty"]


def _names(value: bytes) -> list[str]:
    return [f"{name.kind}:{name.value}" for name in extensions.decode_general_names(value)] or ["none"]


def _basic_constraints(value: bytes) -> list[str]:
    constraints = extensions.decode_basic_constraints(value)
    limit = (
        "" if constraints.path_length is None else f", at most {constraints.path_length} intermediates below"
    )
    return [f"{'a CA' if constraints.is_ca else 'not a CA'}{limit}"]


def _key_usage(value: bytes) -> list[str]:
    usage = extensions.decode_key_usage(value)
    return [", ".join(name for name in extensions.KEY_USAGE_BITS if name in usage) or "nothing"]


def _extended_key_usage(value: bytes) -> list[str]:
    return [
        ", ".join(extensions.PURPOSE_NAMES.get(oid, oid) for oid in extensions.decode_oids(value))
        or "nothing"
    ]


def _authority_key_id(value: bytes) -> list[str]:
    key_id = extensions.decode_authority_key_id(value)
    return [key_id.hex(":") if key_id is not None else "no key identifier"]


def _access(value: bytes) -> list[str]:
    found = extensions.decode_access_descriptions(value)
    return [f"{_ACCESS_METHODS.get(method, method)}: {location}" for method, location in found] or ["none"]


def _policies(value: bytes) -> list[str]:
    oids = extensions.decode_policies(value)
    return [f"{_POLICIES[oid]}: {oid}" if oid in _POLICIES else oid for oid in oids] or ["none"]


def _tls_features(value: bytes) -> list[str]:
    numbers = [der.small_integer(der.content(value, e)) for e in der.children(value, der.root(value))]
    return [", ".join(_TLS_FEATURES.get(number, str(number)) for number in numbers) or "none"]


def _timestamps(value: bytes) -> list[str]:
    """The list is counted only; whether its signatures verify is not said (RFC 6962 §3.3)."""
    found, problems = decode_timestamps(value)
    return [
        f"{len(found)} timestamp{'s' if len(found) != 1 else ''}, not verified",
        *(f"log {timestamp.log_id.hex()}" for timestamp in found),
        *(f"cannot be read: {problem}" for problem in problems),
    ]


_WRITERS: dict[str, Callable[[bytes], list[str]]] = {
    extensions.SUBJECT_ALT_NAME: _names,
    "2.5.29.18": _names,
    extensions.BASIC_CONSTRAINTS: _basic_constraints,
    extensions.KEY_USAGE: _key_usage,
    extensions.EXTENDED_KEY_USAGE: _extended_key_usage,
    extensions.SUBJECT_KEY_ID: lambda value: [extensions.decode_subject_key_id(value).hex(":")],
    extensions.AUTHORITY_KEY_ID: _authority_key_id,
    extensions.AUTHORITY_INFO_ACCESS: _access,
    extensions.CRL_DISTRIBUTION_POINTS: lambda value: list(extensions.decode_crl_urls(value)) or ["none"],
    extensions.CERTIFICATE_POLICIES: _policies,
    extensions.TLS_FEATURE: _tls_features,
    extensions.SIGNED_CERTIFICATE_TIMESTAMPS: _timestamps,
}
