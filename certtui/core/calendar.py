"""The limits that checks apply, from `knowledge/calendar.toml`, each with its source. It judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cache
from typing import cast

from certtui.core.knowledge import table
from certtui.core.moments import midnight


@dataclass(frozen=True, slots=True, kw_only=True)
class LifetimeLimit:
    """How long certificates may be valid that begin at a moment or later."""

    begins: datetime
    span: timedelta


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
    most_certificates: int
    """A list of more certificates is refused by some clients."""
    most_octets: int
    """A list of certificates that is longer does not fit into one record."""
    lifetime_limits: tuple[LifetimeLimit, ...]
    """How long public certificates may be valid, oldest limit first."""
    refused_lifetimes: tuple[LifetimeLimit, ...]
    """The same, as far as browsers are known to refuse what is valid for longer."""
    private_lifetime_limit: tuple[LifetimeLimit, ...]
    """How long Apple's clients let certificates of any root be valid."""
    server_auth_alone: datetime
    """From when on leaves of Chrome's roots are to be for servers alone."""
    short_lived: tuple[LifetimeLimit, ...]
    """Up to which lifetime certificates need no word on revocation, oldest limit first."""
    timestamps_demanded_since: datetime
    """Public certificates that begin earlier need no timestamps of certificate transparency."""
    timestamps_counted_since: datetime
    """Of those that begin earlier two timestamps suffice, whatever their lifetime."""
    timestamps_two_up_to: timedelta
    """Beyond this lifetime three timestamps are needed."""
    log_list_age: timedelta
    """A list of logs of this age or older does not count."""
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
        most_certificates=cast("int", rows["most_certificates"]["value"]),
        most_octets=cast("int", rows["most_octets"]["value"]),
        lifetime_limits=_lifetimes(rows["lifetime_limits"]["value"]),
        refused_lifetimes=_lifetimes(rows["refused_lifetimes"]["value"]),
        private_lifetime_limit=_lifetimes(rows["private_lifetime_limit"]["value"]),
        server_auth_alone=midnight(cast("date", rows["server_auth_alone"]["value"])),
        short_lived=_lifetimes(rows["short_lived"]["value"]),
        timestamps_demanded_since=midnight(cast("date", rows["timestamps_demanded_since"]["value"])),
        timestamps_counted_since=midnight(cast("date", rows["timestamps_counted_since"]["value"])),
        timestamps_two_up_to=timedelta(days=cast("int", rows["timestamps_two_up_to_days"]["value"])),
        log_list_age=timedelta(days=cast("int", rows["log_list_days"]["value"])),
        sources={name: str(row["source"]) for name, row in rows.items()},
    )


def _lifetimes(value: object) -> tuple[LifetimeLimit, ...]:
    rows = cast("list[tuple[date, int]]", value)
    return tuple(LifetimeLimit(begins=midnight(day), span=timedelta(days=days)) for day, days in rows)
