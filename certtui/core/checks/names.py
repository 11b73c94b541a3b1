"""The reference identity against the names in the leaf (RFC 9525)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.catalogue import Code, Severity
from certtui.core.checks.case import Case
from certtui.core.extensions import GeneralName, NameKind
from certtui.core.finding import Fact, Finding, finding
from certtui.core.names import (
    as_ip,
    disputed_wildcard,
    is_covered,
    nearest,
    sibling,
    wildcard_of_another_depth,
)

_SHOWN_NAMES = 20


def name_findings(case: Case) -> Iterator[Finding]:
    """Yield why the leaf does not cover the host, and whether it has subject alternative names at all."""
    names = case.leaf.san
    # A subjectAltName that can't be read or is empty is a finding of its own, and covers nothing.
    san_is_unreadable = case.leaf.is_torn or (case.leaf.has_san and not case.leaf.fields.san)
    if case.host is None or san_is_unreadable or case.leaf_sent_later is not None:
        return
    if not case.leaf.has_san:
        yield _san_missing(case.host, case.leaf.subject.common_name)
    elif is_covered(case.host, names):
        return
    elif as_ip(case.host) is not None:
        yield _ip_not_in_san(case.host, names)
    else:
        yield _mismatch(case.host, names)


def _san_missing(host: str, common_name: str | None) -> Finding:
    said = f"; its common name {common_name!r} does not count" if common_name else ""
    return finding(
        Code.SAN_MISSING,
        f"there is no subjectAltName to compare {host} with{said}",
        Fact("reference name", host),
        Fact("common name", common_name or "none"),
        certificate=0,
    )


def _ip_not_in_san(host: str, names: tuple[GeneralName, ...]) -> Finding:
    as_dns = any(name.kind is NameKind.DNS and name.value == host for name in names)
    note = "; it stands there as a DNS name, which does not count" if as_dns else ""
    return finding(
        Code.IP_NOT_IN_SAN,
        f"no iPAddress in the certificate is {host}{note}",
        *_compared(host, names),
        certificate=0,
    )


def _mismatch(host: str, names: tuple[GeneralName, ...]) -> Finding:
    dns = [name.value for name in names if name.kind is NameKind.DNS]
    twin = sibling(host)
    facts = _compared(host, names)
    if twin in (name.lower() for name in dns):
        return finding(
            Code.SIBLING_NAME_MISSING, f"the certificate covers {twin} but not {host}", *facts, certificate=0
        )
    disputed = next((name for name in dns if disputed_wildcard(name, host)), None)
    if disputed is not None:
        summary = f"{disputed} would cover {host}, but most clients refuse a wildcard of this form"
        return finding(Code.WILDCARD_FORM, summary, *facts, certificate=0, severity=Severity.ERROR)
    other_depth = next((name for name in dns if wildcard_of_another_depth(name, host)), None)
    if other_depth is not None:
        summary = f"{other_depth} stands for exactly one label, so it does not cover {host}"
        return finding(Code.WILDCARD_DEPTH, summary, *facts, certificate=0)
    close = nearest(host, names)
    others = (
        f"; nearest is {close}" if close else f"; it is for {dns[0]}" if dns else ": it names no DNS name"
    )
    if not close and len(dns) > 1:
        others += f" and {len(dns) - 1} more"
    return finding(Code.HOST_MISMATCH, f"no name in the certificate is {host}{others}", *facts, certificate=0)


def _compared(host: str, names: tuple[GeneralName, ...]) -> tuple[Fact, ...]:
    listed = [f"{name.kind}:{name.value}" for name in names[:_SHOWN_NAMES]]
    if len(names) > _SHOWN_NAMES:
        listed.append(f"… {len(names) - _SHOWN_NAMES} more")
    close = nearest(host, names)
    facts = [Fact("reference name", host), Fact("names in the certificate", ", ".join(listed) or "none")]
    return (*facts, Fact("nearest", close)) if close else tuple(facts)
