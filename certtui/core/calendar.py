"""The limits that checks apply, from `knowledge/calendar.toml`, each with its source. It judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from functools import cache
from typing import cast

from certtui.core.knowledge import table


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What checks compare certificates with."""

    minimum_rsa_bits: int
    """RSA keys below this are weak."""
    minimum_curve_bits: int
    """Elliptic curves over a field below this are weak."""
    broken_hashes: frozenset[str]
    """Hashes that no signature below an anchor may use, named as `keys.SignatureAlgorithm.hash_name` names them."""
    refused_protocols: frozenset[str]
    """Versions that clients refuse, named as `evidence.Connection.protocol` names them."""
    expiring_share: Fraction
    """A certificate with less than this share of its lifetime left expires soon."""
    expiring_at_most: timedelta
    """No certificate expires soon when more than this is left of it."""
    sources: Mapping[str, str]
    """Where each limit comes from, by the name of its field."""


@cache
def limits() -> Limits:
    """Return the limits in force."""
    rows = cast("dict[str, dict[str, object]]", table("calendar.toml"))
    numerator, denominator = cast("list[int]", rows["expiring_share"]["value"])
    return Limits(
        minimum_rsa_bits=cast("int", rows["minimum_rsa_bits"]["value"]),
        minimum_curve_bits=cast("int", rows["minimum_curve_bits"]["value"]),
        broken_hashes=frozenset(cast("list[str]", rows["broken_hashes"]["value"])),
        refused_protocols=frozenset(cast("list[str]", rows["refused_protocols"]["value"])),
        expiring_share=Fraction(numerator, denominator),
        expiring_at_most=timedelta(days=cast("int", rows["expiring_at_most_days"]["value"])),
        sources={name: str(row["source"]) for name, row in rows.items()},
    )
