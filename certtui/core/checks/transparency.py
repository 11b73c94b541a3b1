"""Whether logs of certificate transparency vouch for a public certificate, as browsers demand (RFC 6962).

The rules are those of Chrome (GoogleChrome/CertificateTransparency, ct_policy.md), which Firefox follows, and of
Apple (support.apple.com/103214).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache

from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.evidence import Unchecked
from certtui.core.extensions import (
    ANY_EXTENDED_KEY_USAGE,
    PRECERTIFICATE_POISON,
    SERVER_AUTH,
    SIGNED_CERTIFICATE_TIMESTAMPS,
)
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import moment
from certtui.core.paths import Path
from certtui.core.roots import public_root
from certtui.core.transparency import Log, LogState, Timestamp, timestamp_problems, timestamps, verify

_DEMANDING_STORES = frozenset({"apple", "mozilla"})
"""Stores whose clients demand timestamps; Chrome's own, which nearly all its roots share with these, is not known."""
_OPERATORS_NEEDED = 2
_SHOWN = 20
_WHAT = "certificate transparency"
_SECOND = timedelta(seconds=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Demand:
    """How many timestamps a certificate needs."""

    needed: int
    needed_by_apple: int
    """Apple counts the lifetime's last second too (RFC 5280 §4.1.2.5)."""
    days: int
    """The lifetime, rounded up."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """A timestamp and why it does not count."""

    timestamp: Timestamp
    log: Log | None
    refusal: str | None
    """Why nobody counts it."""
    apple_refusal: str | None = None
    """Why Apple alone does not count it."""

    @property
    def fact(self) -> Fact:
        """The timestamp in a line."""
        log = self.log
        operator = f" ({log.operator_at(self.timestamp.when)})" if log else ""
        name = log.description if log and log.description else f"log {self.timestamp.log_id.hex()}"
        apple = f"does not count for Apple: {self.apple_refusal}" if self.apple_refusal else "counts"
        verdict = f"does not count: {self.refusal}" if self.refusal else apple
        return Fact("timestamp", f"{name}{operator}, {moment(self.timestamp.when)}: {verdict}")


def path_transparency(path: Path, case: Case) -> Iterator[Finding]:
    """Yield that too few logs vouch for the leaf of a path that ends in a public root."""
    demand = _demand(path, case)
    if isinstance(demand, str):
        return
    leaf = path.links[0].certificate
    if leaf.extension(SIGNED_CERTIFICATE_TIMESTAMPS) is None:
        if not leaf.is_torn:
            yield _none_embedded(path, demand)
        return
    judged = _judge(path, case)
    counted = [each for each in judged if each.refusal is None]
    counted_by_apple = [each for each in counted if each.apple_refusal is None]
    shortfall = _shortfall(counted, demand.needed, demand, judged, case)
    shortfall_for_apple = _shortfall(counted_by_apple, demand.needed_by_apple, demand, judged, case)
    if shortfall is not None:
        yield _insufficient(path, shortfall, judged, demand.needed)
    elif shortfall_for_apple is not None:
        yield _insufficient(path, shortfall_for_apple, judged, demand.needed_by_apple, is_apple_alone=True)


def unchecked_transparency(path: Path, case: Case) -> Iterator[Unchecked]:
    """Yield what of certificate transparency was not judged for a path, and why."""
    demand = _demand(path, case)
    if isinstance(demand, str):
        yield _not_judged(demand)
    elif timestamps(path.links[0].certificate):
        why = _why_logs_are_not_judged(case)
        if why is not None:
            yield _not_judged(f"signatures and operators: {why}")


@lru_cache(maxsize=64)
def _not_judged(why: str) -> Unchecked:
    """Return what was not checked, one for all the hosts of which the same is to be said."""
    return Unchecked(_WHAT, why)


def _demand(path: Path, case: Case) -> _Demand | str:
    """Return what clients demand of the path's leaf, or why they demand nothing."""
    leaf = path.links[0].certificate
    if path.anchor is None or path.broken:
        return "not demanded: no path leads to a trusted root"
    root = public_root(path.anchor.certificate)
    if root is None or len(path.links) == 1:
        return "not demanded of a private CA's certificates"
    if root.stores.isdisjoint(_DEMANDING_STORES):
        return "not demanded: neither Apple nor Mozilla holds the root"
    if not _is_for_servers(leaf):
        return "not demanded: the certificate is not a server's"
    begins, ends = leaf.not_before, leaf.not_after
    if begins is None or ends is None or begins > ends:
        return "the certificate's dates cannot be read"
    since = limits().timestamps_demanded_since
    if begins < since:
        return f"not demanded of certificates issued before {since:%Y-%m-%d}"
    lifetime = ends - begins
    is_old = begins < limits().timestamps_counted_since
    return _Demand(
        2 if is_old else _needed(lifetime),
        2 if is_old else _needed(lifetime + _SECOND),
        -(-(lifetime + _SECOND) // _DAY),
    )


def _needed(lifetime: timedelta) -> int:
    return 3 if lifetime > limits().timestamps_two_up_to else 2


def _is_for_servers(leaf: Certificate) -> bool:
    """Whether it is the kind of certificate that clients demand timestamps of.

    A CA, a precertificate and a certificate for another purpose are refused for what they are.
    """
    purposes = leaf.extended_key_usage
    serves = purposes is None or not {SERVER_AUTH, ANY_EXTENDED_KEY_USAGE}.isdisjoint(purposes)
    return serves and not leaf.is_ca and leaf.extension(PRECERTIFICATE_POISON) is None


def _why_logs_are_not_judged(case: Case) -> str | None:
    if case.ct_logs is None:
        return "no log list was given"
    if not case.leaf.is_valid_at(case.now):
        return (
            "log lists leave out logs whose certificates have expired, and this certificate is not valid now"
        )
    age = case.now - case.ct_logs.published
    if abs(age) >= limits().log_list_age:
        relation = "before" if age > timedelta() else "after"
        return f"the log list was made {abs(age) // _DAY} days {relation} the time that is judged"
    return None


def _judge(path: Path, case: Case) -> tuple[_Judged, ...]:
    """Return each embedded timestamp with why it does not count, of one log the first that does."""
    leaf, issuer = path.links[0].certificate, path.links[1].certificate
    are_logs_judged = _why_logs_are_not_judged(case) is None
    logs = {log.log_id: log for log in case.ct_logs.logs} if case.ct_logs and are_logs_judged else {}
    found = [(timestamp, logs.get(timestamp.log_id)) for timestamp in timestamps(leaf)]
    judged: list[_Judged] = []
    for timestamp, log in found:
        # Without a list of logs the timestamps are only counted.
        refusal = _refusal(timestamp, log, leaf, issuer, case) if are_logs_judged else None
        judged.append(_Judged(timestamp, log, refusal, _apple_refusal(timestamp, log, leaf)))
    return _once_each(_unless_issued_after_retirement(judged, case))


def _premature(timestamp: Timestamp, case: Case) -> str | None:
    """RFC 6962 §5.2: clients refuse timestamps in the future."""
    return None if timestamp.when < case.now + _SECOND else f"it lies in the future, after {moment(case.now)}"


def _refusal(
    timestamp: Timestamp, log: Log | None, leaf: Certificate, issuer: Certificate, case: Case
) -> str | None:
    if log is None:
        return "the log is not in the log list"
    premature = _premature(timestamp, case)
    if premature is not None:
        return premature
    if verify(timestamp, leaf, issuer, log) is False:
        return "its signature does not verify with the log's key"
    if log.has_retired(case.now) and log.since is not None:
        retired = f"the log was retired on {moment(log.since)}"
        return None if timestamp.when < log.since else f"{retired}, before it signed"
    if not log.is_accepted(case.now):
        return f"the log is {log.state}" if log.state else "the log was never recognised"
    return None


def _unless_issued_after_retirement(judged: Sequence[_Judged], case: Case) -> Iterator[_Judged]:
    """A retired log counts for certificates issued before; the earliest timestamp says when (ct_policy.md)."""
    accepted = (
        each for each in judged if each.refusal is None and each.log and each.log.is_accepted(case.now)
    )
    issued = min((each.timestamp.when for each in accepted), default=None)
    for each in judged:
        retired = each.log.since if each.log and each.log.has_retired(case.now) else None
        if each.refusal is None and retired is not None and issued is not None and issued >= retired:
            why = f"the log was retired on {moment(retired)}, before the certificate was issued"
            yield _Judged(each.timestamp, each.log, why)
        else:
            yield each


def _once_each(judged: Iterator[_Judged]) -> tuple[_Judged, ...]:
    """Of several timestamps of one log one counts."""
    counted: set[bytes] = set()
    kept: list[_Judged] = []
    for each in judged:
        if each.refusal is None and each.timestamp.log_id in counted:
            each = _Judged(each.timestamp, each.log, "another timestamp of this log counts already")
        elif each.refusal is None:
            counted.add(each.timestamp.log_id)
        kept.append(each)
    return tuple(kept)


def _apple_refusal(timestamp: Timestamp, log: Log | None, leaf: Certificate) -> str | None:
    """Apple holds logs to what they announced (Security, CertificateTransparency.m, isSCTValidForLogData)."""
    if log is None or leaf.not_after is None:
        return None
    if log.state is LogState.READONLY and log.since is not None and timestamp.when > log.since:
        return f"the log has taken no more certificates since {moment(log.since)}"
    if log.begins is not None and log.ends is not None and not log.begins <= leaf.not_after < log.ends:
        window = f"from {moment(log.begins)} until before {moment(log.ends)}"
        return f"the log takes certificates that expire {window}, not on {moment(leaf.not_after)}"
    return None


def _shortfall(
    counted: Sequence[_Judged], needed: int, demand: _Demand, judged: Sequence[_Judged], case: Case
) -> str | None:
    """Return what of the demand is not met, in words that end a sentence; None if all is."""
    if len(counted) < needed:
        found = f"{len(counted)} of {len(judged)} embedded timestamps {'counts' if len(counted) == 1 else 'count'}"
        if len(counted) == len(judged):
            found = f"{len(judged)} timestamp{'s are' if len(judged) != 1 else ' is'} embedded"
        return f"{found}, and a lifetime of {demand.days} days needs {needed}"
    logs = [(each.timestamp, each.log) for each in counted if each.log is not None]
    if not logs:
        return None
    operators = {log.operator_at(timestamp.when) for timestamp, log in logs}
    if len(operators) < _OPERATORS_NEEDED:
        return f"all timestamps that count are {operators.pop()}'s, and two operators are needed"
    if not any(log.is_accepted(case.now) for _, log in logs):
        return "all timestamps that count are of retired logs, and one of a log still in use is needed"
    if all(log.is_tiled for _, log in logs):
        return "all timestamps that count are of static logs, and one of an RFC 6962 log is needed"
    return None


def _none_embedded(path: Path, demand: _Demand) -> Finding:
    """Timestamps may come in the handshake instead, so that it cannot be said that clients refuse."""
    return finding(
        Code.CT_INSUFFICIENT,
        f"no timestamp is embedded, and a lifetime of {demand.days} days needs {demand.needed}; whether the server "
        "sends them in the handshake was not looked at",
        Fact("embedded timestamps", "none"),
        Fact("needed", str(demand.needed)),
        Fact("in the handshake", "not looked at"),
        certificate=path.links[0].index,
        severity=Severity.WARNING,
        traits=("none-embedded",),
    )


def _insufficient(
    path: Path, shortfall: str, judged: Sequence[_Judged], needed: int, *, is_apple_alone: bool = False
) -> Finding:
    link = path.links[0]
    more = (Fact("more timestamps", str(len(judged) - _SHOWN)),) if len(judged) > _SHOWN else ()
    return finding(
        Code.CT_INSUFFICIENT,
        f"by Apple's rules {shortfall}" if is_apple_alone else shortfall,
        Fact("embedded timestamps", str(len(judged))),
        Fact("needed", str(needed)),
        *(each.fact for each in judged[:_SHOWN]),
        *more,
        *(Fact("unreadable", problem) for problem in timestamp_problems(link.certificate)[:_SHOWN]),
        Fact("in the handshake", "not looked at"),
        certificate=link.index,
        severity=Severity.WARNING if is_apple_alone else None,
        traits=("apple-only",) if is_apple_alone else (),
    )
