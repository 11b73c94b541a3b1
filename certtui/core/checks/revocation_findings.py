"""Findings about revocation in words: what was found where, and how long it holds. It decides nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case, role
from certtui.core.crl import Crl, crls_by_issuer
from certtui.core.crl_validation import CrlVerdict, Listed, Unlisted, Unusable
from certtui.core.distribution_points import ALL_REASONS
from certtui.core.finding import Fact, Finding, finding
from certtui.core.keys import SignatureAlgorithm
from certtui.core.moments import duration, moment
from certtui.core.ocsp import read_response
from certtui.core.ocsp_validation import NoGood, Told
from certtui.core.paths import Link

_MAX_SHOWN = 20
"""CRLs that one finding tells of."""


def revoked_by_crl(link: Link, code: Code, listed: Listed, case: Case) -> Finding:
    """Return that a CRL lists a certificate."""
    crl, entry = listed.crl, listed.entry
    reason = entry.reason or "none given"
    since = [] if entry.invalid_since is None else [Fact("invalid since", moment(entry.invalid_since))]
    when = moment(entry.revoked_at)
    said = (
        f"was revoked at {when}" if entry.revoked_at <= case.now else f"is listed as revoked, from {when} on"
    )
    return finding(
        code,
        f"{role(link)} {said} (reason: {reason}), says {_named(crl)}",
        Fact("serial number", f"{entry.serial:x}"),
        Fact("revoked at", moment(entry.revoked_at)),
        Fact("reason", reason),
        *since,
        Fact("source", _named(crl)),
        Fact("issued", moment(crl.fields.this_update)),
        Fact("holds until", moment(crl.fields.next_update)),
        *_signature(listed.signer, crl.signature),
        certificate=link.index,
    )


def revoked_by_response(link: Link, code: Code, told: Told, *, is_stapled: bool) -> Finding:
    """Return that an OCSP response calls a certificate revoked."""
    answer = told.answer
    reason = answer.reason or "none given"
    source = f"{'the stapled' if is_stapled else 'an'} OCSP response of {told.signer.display_name}"
    return finding(
        code,
        f"{role(link)} was revoked at {moment(answer.revoked_at)} (reason: {reason}), says {source}",
        Fact("serial number", f"{answer.serial:x}"),
        Fact("revoked at", moment(answer.revoked_at)),
        Fact("reason", reason),
        Fact("source", source),
        Fact("issued", moment(answer.this_update)),
        Fact("holds until", moment(answer.next_update) if answer.next_update else "no end given"),
        *_signature(told.signer, told.response.algorithm),
        certificate=link.index,
        traits=("stapled",) if is_stapled else (),
    )


def stale_only(link: Link, verdicts: Sequence[CrlVerdict], case: Case) -> Finding:
    """Return that nothing but their age keeps CRLs from clearing a certificate."""
    stale = [verdict for verdict in verdicts if isinstance(verdict, Unlisted) and verdict.is_stale]
    crl = max(stale, key=lambda verdict: verdict.crl.fields.next_update or case.now).crl
    due = crl.fields.next_update or case.now
    return finding(
        Code.CRL_STALE,
        f"whether {role(link)} is revoked cannot be told: nextUpdate {moment(due)} of {_named(crl)} is "
        f"{duration(case.now - due)} before now",
        Fact("source", _named(crl)),
        Fact("issued", moment(crl.fields.this_update)),
        Fact("held until", moment(due)),
        Fact("now", moment(case.now)),
        *(Fact(_named(each.crl), each.why) for each in verdicts[:_MAX_SHOWN] if isinstance(each, Unusable)),
        certificate=link.index,
        severity=Severity.ERROR if case.revocation.is_demanded else None,
    )


def nothing_told(link: Link, verdicts: Sequence[CrlVerdict], faults: Sequence[NoGood], case: Case) -> Finding:
    """Return that CRLs were given and none of them clears a certificate, nor an OCSP response."""
    whys = [(_named(verdict.crl), _why(verdict)) for verdict in verdicts]
    issuer = link.certificate.issuer.rfc4514 or "an empty name"
    if not whys:
        reason = f"no CRL of its issuer, {issuer}, is among the {len(case.revocation.crls)} at hand"
    elif len(whys) == 1:
        reason = " ".join(whys[0])
    else:
        reason = f"none of {len(whys)} CRLs does; {' '.join(whys[0])}"
    unreadable = len(crls_by_issuer(case.revocation.crls).get(b"", ()))
    return finding(
        Code.REVOCATION_UNREACHABLE,
        f"whether {role(link)} is revoked cannot be told: {reason}",
        Fact("issuer", issuer),
        *(Fact(name, why) for name, why in whys[:_MAX_SHOWN]),
        *(Fact("OCSP response", fault.why) for fault in faults[:_MAX_SHOWN]),
        *([Fact("unreadable CRLs", str(unreadable))] if unreadable else ()),
        certificate=link.index,
        severity=Severity.ERROR if case.revocation.is_demanded else None,
    )


def staple_facts(octets: bytes, fault: NoGood) -> Iterator[Fact]:
    """Yield what a stapled response that is no good says."""
    yield Fact("the response", fault.why)
    response = read_response(octets)
    if response.produced_at is not None:
        yield Fact("produced", moment(response.produced_at))
    for answer in response.answers[:1]:
        yield Fact("issued", moment(answer.this_update))
        if answer.next_update is not None:
            yield Fact("holds until", moment(answer.next_update))


def _why(verdict: CrlVerdict) -> str:
    match verdict:
        case Unusable():
            return verdict.why
        case Unlisted() if verdict.is_stale:
            return f"is stale: nextUpdate {moment(verdict.crl.fields.next_update)} is before now"
        case Unlisted() if verdict.reasons != ALL_REASONS:
            return f"speaks only for {', '.join(sorted(verdict.reasons)) or 'no reason'}"
        case _:
            return "lists other certificates"


def _named(crl: Crl) -> str:
    number = crl.fields.number
    name = crl.issuer.common_name or crl.issuer.rfc4514 or "an empty name"
    return f"the CRL of {name}" if number is None else f"the CRL of {name} (number {number})"


def _signature(signer: Certificate, algorithm: SignatureAlgorithm) -> Iterator[Fact]:
    yield Fact("signed by", signer.subject.rfc4514 or "an empty name")
    is_broken = algorithm.hash_name in limits().broken_hashes
    yield Fact(
        "signature algorithm", f"{algorithm.name}, whose hash is broken" if is_broken else algorithm.name
    )
