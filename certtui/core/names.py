"""Matching a reference identity against presented ones (RFC 9525 §6). It never falls back to the common name."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from certtui.core.extensions import GeneralName, NameKind


def as_ip(host: str) -> str | None:
    """Return the canonical form of an IP literal, None for anything else."""
    if ":" not in host and not host[:1].isdigit():
        return None  # what most names are is told without an exception
    try:
        return str(ipaddress.ip_address(host.strip("[]")))
    except ValueError:
        return None


def reference_identity(host: str) -> str:
    """Return `host` as names are compared: a canonical IP literal, or lower-case A-labels without a final dot."""
    # A zone tells this machine's interfaces apart; it is no part of a name (RFC 4007 §11).
    literal = as_ip(host.strip("[]").partition("%")[0])
    if literal is not None:
        return literal
    name = host.removesuffix(".").lower()
    if name.isascii():
        return name
    import idna  # few names need it

    try:
        return idna.encode(name, uts46=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return name


def as_unicode(name: str) -> str | None:
    """Return the U-label form of a name with A-labels, None where there is none to show."""
    if "xn--" not in name:
        return None
    import idna  # few names need it

    try:
        return idna.decode(name)
    except (idna.IDNAError, UnicodeError):
        return None


def dns_name_matches(presented: str, reference: str) -> bool:
    """Return whether a presented dNSName covers the reference name (RFC 9525 §6.3).

    A wildcard is the whole leftmost label and stands for exactly one label; at least two labels must follow it,
    as browsers, OpenSSL and GnuTLS demand.
    """
    pattern = presented.lower()
    if not pattern.startswith("*."):
        return pattern == reference and "*" not in pattern
    base = pattern[2:]
    label, _, rest = reference.partition(".")
    return bool(label) and rest == base and "." in base and "*" not in base


def is_covered(reference: str, names: Iterable[GeneralName]) -> bool:
    """Return whether any presented name covers the reference identity (RFC 9525 §6.2)."""
    if as_ip(reference) is not None:
        return any(name.kind is NameKind.IP and name.value == reference for name in names)
    return any(name.kind is NameKind.DNS and dns_name_matches(name.value, reference) for name in names)


def sibling(reference: str) -> str:
    """Return the `www.` twin of a name: with it if the name lacks it, without it if the name has it."""
    return reference.removeprefix("www.") if reference.startswith("www.") else f"www.{reference}"


def disputed_wildcard(presented: str, reference: str) -> bool:
    """Return whether a wildcard in a form that RFC 9525 §6.3 rules out would otherwise cover the reference.

    Such are a part of a label (`f*.example.com`), a label that is not the leftmost, and `*.test`.
    """
    labels, wanted = presented.lower().split("."), reference.split(".")
    if "*" not in presented or len(labels) != len(wanted) or dns_name_matches(presented, reference):
        return False
    return all(_label_fits(label, other) for label, other in zip(labels, wanted, strict=True))


def _label_fits(pattern: str, label: str) -> bool:
    head, star, tail = pattern.partition("*")
    if not star:
        return pattern == label
    return label.startswith(head) and label.endswith(tail) and len(label) >= len(head) + len(tail)


def wildcard_of_another_depth(presented: str, reference: str) -> bool:
    """Return whether a wildcard's base is the reference name or one of its parents, at another depth."""
    base = presented.lower().removeprefix("*.")
    return presented.startswith("*.") and (reference == base or reference.endswith(f".{base}"))


def nearest(reference: str, names: Iterable[GeneralName]) -> str | None:
    """Return the DNS name that is most like the reference, with most labels in common from the right, if any are."""
    wanted = reference.split(".")[::-1]

    def common(name: GeneralName) -> tuple[int, int]:
        labels = name.value.lower().split(".")[::-1]
        shared = 0
        for mine, theirs in zip(labels, wanted, strict=False):
            if mine != theirs:
                break
            shared += 1
        return shared, -abs(len(labels) - len(wanted))

    close = max((name for name in names if name.kind is NameKind.DNS), key=common, default=None)
    return close.value if close is not None and common(close)[0] else None
