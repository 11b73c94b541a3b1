"""Rules for certificates of public CAs, and what of them clients ask of every CA (Baseline Requirements)."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import islice

from certtui.core.calendar import LifetimeLimit, limits
from certtui.core.catalogue import Code, Severity
from certtui.core.checks.case import Case
from certtui.core.checks.stores import root_of
from certtui.core.extensions import NameKind
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import duration, moment
from certtui.core.names import as_ip, disputed_wildcard, dns_name_matches, is_covered
from certtui.core.paths import Path
from certtui.core.public_suffixes import has_public_suffix, is_public_suffix

CLIENT_AUTH = "1.3.6.1.5.5.7.3.2"
_SECOND = timedelta(seconds=1)
_SHOWN_NAMES = 20
_MAX_NAMES = 1_000
"""More names than this are not looked at."""
_HOST_NAME = re.compile(r"[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")


def path_public_rules(path: Path, case: Case) -> Iterator[Finding]:
    """Yield the rules for public CAs that the leaf of a path breaks, and Apple's for all others."""
    if path.anchor is None or path.broken or len(path.links) < 2 or case.purpose is None or case.leaf.is_ca:
        return
    if root_of(path) is None:
        yield from _private_lifetime(case)
        return
    yield from _lifetime(case)
    yield from _internal_names(case)
    yield from _client_auth(case)


def public_suffix_wildcard(case: Case) -> Iterator[Finding]:
    """Yield that a wildcard stands for a whole public suffix, such as `*.co.uk` (BR §3.2.2.6).

    Chrome lets no such wildcard cover anything, whoever issued it.
    """
    reference = case.host or ""
    named = [name for name in _dns_names(case) if name.startswith("*.") and is_public_suffix(name[2:])]
    # A form that no host name matches is named where names are compared.
    wildcards = [name for name in named if not disputed_wildcard(name, reference)]
    if not wildcards:
        return
    others = [name for name in case.leaf.san if name.value.lower() not in wildcards]
    needed = any(dns_name_matches(name, reference) for name in wildcards) and not is_covered(
        reference, others
    )
    is_public = root_of(case.best) is not None
    yield finding(
        Code.WILDCARD_FORM,
        f"{wildcards[0]} covers all that is registered under {wildcards[0][2:]}, so Chrome lets it cover nothing",
        Fact("wildcards", _listed(wildcards)),
        Fact("reference name", reference or "none"),
        certificate=0,
        severity=Severity.WARNING if needed or is_public else Severity.NOTICE,
        traits=("public-suffix",),
    )


def _lifetime(case: Case) -> Iterator[Finding]:
    """Both notBefore and notAfter belong to the validity period (RFC 5280 §4.1.2.5), so it has a second more."""
    before, after = case.leaf.not_before, case.leaf.not_after
    limit = _in_force(limits().lifetime_limits, before)
    if before is None or after is None or limit is None or after - before + _SECOND <= limit.span:
        return
    refused = _in_force(limits().refused_lifetimes, before)
    is_refused = refused is not None and after - before + _SECOND > refused.span
    yield _too_long(
        before,
        after,
        limit,
        who="public CAs may issue",
        source=limits().sources["lifetime_limits"],
        severity=Severity.ERROR if is_refused else Severity.WARNING,
        trait="browsers" if is_refused else "rule-only",
    )


def _private_lifetime(case: Case) -> Iterator[Finding]:
    before, after = case.leaf.not_before, case.leaf.not_after
    limit = _in_force(limits().private_lifetime_limit, before)
    # Apple does not say that the last second counts here, and certificates of just so many days are common.
    if before is None or after is None or limit is None or after - before <= limit.span:
        return
    yield _too_long(
        before,
        after,
        limit,
        who="Apple's clients accept, of a private CA too,",
        source=limits().sources["private_lifetime_limit"],
        severity=Severity.WARNING,
        trait="apple",
    )


def _in_force(rows: Sequence[LifetimeLimit], before: datetime | None) -> LifetimeLimit | None:
    begun = [row for row in rows if before is not None and row.begins <= before]
    return begun[-1] if begun else None


def _too_long(
    before: datetime,
    after: datetime,
    limit: LifetimeLimit,
    *,
    who: str,
    source: str,
    severity: Severity,
    trait: str,
) -> Finding:
    span = after - before + _SECOND
    over = f"{duration(span - limit.span)} more than" if span > limit.span else "more than"
    return finding(
        Code.LIFETIME_TOO_LONG,
        f"valid for {duration(span)}, {over} the {limit.span.days} days that {who} since {limit.begins:%Y-%m-%d}",
        Fact("notBefore", moment(before)),
        Fact("notAfter", moment(after)),
        Fact("limit", f"{limit.span.days} days of 86,400 seconds; source: {source}"),
        certificate=0,
        severity=severity,
        traits=(trait,),
    )


def _internal_names(case: Case) -> Iterator[Finding]:
    """BR §4.2.2 and §7.1.2.7.12: no internal names, no reserved addresses."""
    names = [name for name in _dns_names(case) if not has_public_suffix(name.removeprefix("*."))]
    addresses = [name.value for name in islice(case.leaf.san, _MAX_NAMES) if name.kind is NameKind.IP]
    reserved = [address for address in addresses if _is_reserved(address)]
    found = [*names, *reserved]
    if not found:
        return
    why = "ends in no public suffix" if names else "is an address that is not unique on the internet"
    facts = [("names without a public suffix", names), ("reserved addresses", reserved)]
    yield finding(
        Code.INTERNAL_NAME,
        f"{found[0]} {why}, so nobody can prove that it is theirs"
        + (f"; {len(found) - 1} more are like it" if len(found) > 1 else ""),
        *(Fact(label, _listed(values)) for label, values in facts if values),
        certificate=0,
    )


def _is_reserved(address: str) -> bool:
    try:
        return not ipaddress.ip_address(address).is_global
    except ValueError:
        return False


def _client_auth(case: Case) -> Iterator[Finding]:
    if CLIENT_AUTH not in (case.leaf.extended_key_usage or ()):
        return
    alone = limits().server_auth_alone
    yield finding(
        Code.CLIENT_AUTH_EKU,
        f"clientAuth is allowed too; from {alone:%Y-%m-%d} on Chrome wants new public certificates without it",
        Fact("extended key usage", "clientAuth"),
        Fact("notBefore", moment(case.leaf.not_before)),
        Fact("rule", limits().sources["server_auth_alone"]),
        certificate=0,
    )


def _dns_names(case: Case) -> list[str]:
    """Return the DNS names that are written as such, in lower case, each once; what is malformed is another fault."""
    values = (name.value.lower() for name in islice(case.leaf.san, _MAX_NAMES) if name.kind is NameKind.DNS)
    return [
        value
        for value in dict.fromkeys(values)
        if len(value) <= 253 and _HOST_NAME.fullmatch(value.removeprefix("*.")) and as_ip(value) is None
    ]


def _listed(values: Sequence[str]) -> str:
    more = f" … {len(values) - _SHOWN_NAMES} more" if len(values) > _SHOWN_NAMES else ""
    return ", ".join(values[:_SHOWN_NAMES]) + more
