"""What a CRL says of one certificate, and whether it may be believed (RFC 5280 §6.3). Others report it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import chain

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.crl import CRL_NUMBER, PROCESSED_EXTENSIONS, Crl
from certtui.core.crl_entries import Entry
from certtui.core.distribution_points import (
    DistributionPoint,
    directory_key,
    distribution_points,
)
from certtui.core.moments import moment

_MAX_SIGNERS = 10
"""Certificates whose keys are tried for one CRL."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A certificate of a path whose revocation is in question."""

    certificate: Certificate
    above: tuple[Certificate, ...]
    """The path's certificates above it, from its issuer to the anchor."""
    others: tuple[Certificate, ...]
    """Certificates off the path that may have signed a CRL; as untrusted as the CRL itself."""
    crls: Mapping[bytes, Sequence[Crl]]
    """All CRLs at hand, by their issuers' comparable names."""
    now: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A CRL that may be believed says that the certificate is revoked."""

    crl: Crl
    signer: Certificate
    entry: Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Unlisted:
    """A CRL that may be believed does not say that the certificate is revoked."""

    crl: Crl
    signer: Certificate
    reasons: frozenset[str]
    """The reasons for revocation that it speaks for."""
    is_stale: bool
    """Whether a newer one should have been issued by now, so that it clears nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unusable:
    """A CRL that says nothing of the certificate."""

    crl: Crl
    why: str
    """One clause whose subject is the CRL; raw text."""


CrlVerdict = Listed | Unlisted | Unusable


def crl_verdicts(question: Question) -> Iterator[CrlVerdict]:
    """Yield what each complete CRL says whose issuer is one that may speak for the certificate."""
    candidates = list(_candidates(question))
    deltas = [crl for crl in candidates if crl.is_delta]
    complete = [crl for crl in candidates if not crl.is_delta]
    for crl in complete:
        verdict = _judge(crl, question)
        yield verdict if isinstance(verdict, Unusable) else _amended(verdict, deltas, question)
    for crl in () if complete else deltas:
        yield Unusable(crl=crl, why="is a delta CRL, which only amends a complete one, and there is none")


def _candidates(question: Question) -> Iterator[Crl]:
    names = dict.fromkeys((question.certificate.issuer_key, *_crl_issuers(question.certificate)))
    for name in names:
        yield from question.crls.get(name, ()) if name else ()


def _crl_issuers(certificate: Certificate) -> Iterator[bytes]:
    try:
        for point in distribution_points(certificate):
            yield from sorted(point.issuers)
    except der.DerError:
        return


def _judge(crl: Crl, question: Question) -> CrlVerdict:
    """Judge one CRL, what costs least first; its entries only once its signature is known to hold."""
    why = _malformed(crl) or _untimely(crl, question.now)
    if why:
        return Unusable(crl=crl, why=why)
    reasons = _covered_reasons(crl, question.certificate)
    if isinstance(reasons, str):
        return Unusable(crl=crl, why=reasons)
    signer = _signer(crl, question)
    if isinstance(signer, str):
        return Unusable(crl=crl, why=signer)
    entry = _entry(crl, question)
    if isinstance(entry, str):
        return Unusable(crl=crl, why=entry)
    if entry is not None and not entry.is_removal:
        return Listed(crl=crl, signer=signer, entry=entry)
    gap = _gap(crl)
    if gap is not None:
        return Unusable(crl=crl, why=gap)
    next_update = crl.fields.next_update
    is_stale = next_update is None or next_update < question.now
    return Unlisted(crl=crl, signer=signer, reasons=reasons, is_stale=is_stale)


def _malformed(crl: Crl) -> str | None:
    fields = crl.fields
    if fields.problems:
        return f"cannot be read: {fields.problems[0]}"
    if fields.version not in (1, 2):
        return f"has version {fields.version}, which is not known"
    if fields.version == 1 and fields.extensions:
        return "has extensions, which only version 2 may have (RFC 5280 §5.1.2.1)"
    if fields.signature_algorithm != fields.outer_signature_algorithm:
        return "names one signature algorithm inside its signed part and another outside"
    number = crl.extension(CRL_NUMBER)
    if number is not None and number.critical:
        return "marks its CRL number as critical, which RFC 5280 §5.2.3 forbids"
    for extension in fields.extensions:
        if extension.critical and extension.oid not in PROCESSED_EXTENSIONS:
            return f"marks {extension.name} as critical, which is not known here"
    return None


def _untimely(crl: Crl, now: datetime) -> str | None:
    this_update = crl.fields.this_update
    if this_update is not None and this_update > now:
        return f"was issued in the future: thisUpdate {moment(this_update)} is after {moment(now)}"
    return None


def _gap(crl: Crl) -> str | None:
    """Return what a CRL must say and does not, so that it can accuse but not clear."""
    if crl.fields.version == 2 and crl.extension(CRL_NUMBER) is None:
        return "has no CRL number, which RFC 5280 §5.2.3 demands"
    if crl.fields.next_update is None:
        return "does not say when the next one is due (nextUpdate), which RFC 5280 §5.1.2.5 demands"
    return None


def _covered_reasons(crl: Crl, certificate: Certificate) -> frozenset[str] | str:
    """Return the reasons that a CRL covers for a certificate, or why it does not (RFC 5280 §6.3.3 (b))."""
    scope = crl.fields.scope
    if scope.only_attribute_certificates:
        return "covers attribute certificates only"
    if scope.only_user_certificates and certificate.is_ca:
        return "covers certificates of end entities only, and this is a CA's"
    if scope.only_ca_certificates and not certificate.is_ca:
        return "covers certificates of CAs only, and this is none"
    try:
        points = distribution_points(certificate)
    except der.DerError as error:
        return f"cannot be matched with the certificate's distribution points: {error}"
    matching = [point for point in points if _matches(crl, point, certificate)]
    if matching:
        return scope.reasons & frozenset[str]().union(*(point.reasons for point in matching))
    is_by_issuer = crl.issuer_key == certificate.issuer_key
    if not is_by_issuer:
        return "is by another issuer and no indirect CRL for a distribution point that the certificate names"
    own_name = directory_key(certificate.issuer_key)
    if scope.names is None or (not points and any(name.key == own_name for name in scope.names)):
        # What no distribution point names is for all of its issuer's certificates (RFC 5280 §6.3.3).
        return scope.reasons
    named = ", ".join(name.text for name in scope.names[:3])
    return f"is for the distribution point {named} only, which the certificate does not name"


def _matches(crl: Crl, point: DistributionPoint, certificate: Certificate) -> bool:
    scope, is_by_issuer = crl.fields.scope, crl.issuer_key == certificate.issuer_key
    if not point.issuers:
        speaks = is_by_issuer
    else:
        speaks = crl.issuer_key in point.issuers and (scope.is_indirect or is_by_issuer)
    if not speaks or scope.names is None:
        return speaks
    if point.names is not None:
        keys = {name.key for name in point.names}
    else:
        keys = {directory_key(name) for name in point.issuers}
    return any(name.key in keys for name in scope.names)


def _signer(crl: Crl, question: Question) -> Certificate | str:
    """Return whose key signs a CRL, or why nobody's does who may (RFC 5280 §6.3.3 (f) and (g))."""
    refusal = ""
    tried: set[Certificate] = set()
    for signer in chain(question.above, question.others):
        if signer.subject_key != crl.issuer_key or signer == question.certificate or signer in tried:
            continue
        if len(tried) >= _MAX_SIGNERS:
            break
        tried.add(signer)
        verifies = crl.is_signed_with(signer.spki)
        if verifies:
            why = _may_not_sign(signer, question)
            if why is None:
                return signer
            refusal = why
        elif verifies is None:
            refusal = refusal or (
                f"cannot be checked: {crl.signature.name} with {signer.key.label} is not known here"
            )
    if not tried:
        return f"is signed by {crl.issuer.rfc4514}, of whom no certificate is at hand"
    return refusal or f"has a signature that does not verify with the key of {crl.issuer.rfc4514}"


def _may_not_sign(signer: Certificate, question: Question) -> str | None:
    usage = signer.key_usage
    if usage is not None and "cRLSign" not in usage:
        return f"is signed with the key of {signer.display_name}, whose key usage lacks cRLSign"
    if signer in question.above:
        return None
    if usage is None:
        return f"is signed with the key of {signer.display_name}, which is not known to be for CRLs"
    issuer = next((ca for ca in question.above if _issued(ca, signer)), None)
    if issuer is None:
        return f"is signed with the key of {signer.display_name}, which no CA of this path certifies"
    if not signer.is_valid_at(question.now):
        return f"is signed with the key of {signer.display_name}, whose certificate is not valid now"
    if _is_revoked(signer, issuer, question):
        return f"is signed with the key of {signer.display_name}, whose certificate is revoked"
    return None


def _issued(ca: Certificate, certificate: Certificate) -> bool:
    return ca.subject_key == certificate.issuer_key and certificate.is_signed_by(ca) is True


def _is_revoked(signer: Certificate, issuer: Certificate, question: Question) -> bool:
    """Whether a CRL that a CA of the path signs itself lists a certificate that signs CRLs."""
    above = question.above[question.above.index(issuer) :]
    inner = replace(question, certificate=signer, above=above, others=())
    return any(isinstance(verdict, Listed) for verdict in crl_verdicts(inner))


def _entry(crl: Crl, question: Question) -> Entry | str | None:
    """Return the entry that decides: one that revokes before one that takes a revocation back.

    A list that is in force revokes what it holds, whatever date it gives; so OpenSSL judges too.
    """
    if crl.index.problem:
        return f"cannot be relied on: {crl.index.problem}"
    serial = question.certificate.serial
    if serial is None:
        return "cannot be searched, since the certificate's serial number cannot be read"
    removal: Entry | None = None
    try:
        for entry in crl.entries_of(serial):
            if question.certificate.issuer_key not in entry.issuers:
                continue
            if not entry.is_removal:
                return entry
            removal = entry
    except der.DerError as error:
        return f"has an entry for the certificate that cannot be read: {error}"
    return removal


def _amended(verdict: Listed | Unlisted, deltas: Sequence[Crl], question: Question) -> Listed | Unlisted:
    """Return what a complete CRL says together with the newest delta CRL that amends it (RFC 5280 §5.2.4)."""
    fitting = [delta for delta in deltas if _amends(delta, verdict.crl)]
    for delta in sorted(fitting, key=lambda crl: crl.fields.number or 0, reverse=True):
        found = _judge(delta, question)
        if isinstance(found, Listed):
            return found
        if isinstance(found, Unusable) or found.is_stale:
            continue
        entry = _entry(delta, question)
        if isinstance(verdict, Listed) and not (isinstance(entry, Entry) and entry.is_removal):
            return verdict
        reasons = verdict.reasons if isinstance(verdict, Unlisted) else found.reasons
        return replace(found, reasons=reasons)
    return verdict


def _amends(delta: Crl, complete: Crl) -> bool:
    ours, base = delta.fields, complete.fields
    if ours.number is None or ours.base_number is None or base.number is None:
        return False
    return (
        ours.scope == base.scope
        and ours.authority_key_id == base.authority_key_id
        and ours.issuer == base.issuer
        and ours.base_number <= base.number < ours.number
    )
