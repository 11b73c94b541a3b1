"""Validity dates against now: expired, not yet valid, expiring soon, malformed (RFC 5280 §4.1.2.5)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case, role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import duration, moment
from certtui.core.paths import Link, Path, Source


def leaf_validity(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the leaf's own dates."""
    yield from _malformed(case.leaf, 0)
    yield from _outside(Link(case.leaf, Source.SENT, 0), case, Code.LEAF_EXPIRED, Code.LEAF_NOT_YET_VALID)
    yield from _expiring(case)


def path_validity(path: Path, case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the dates of a path's certificates above the leaf."""
    for position, link in enumerate(path.links[1:], start=1):
        is_last = position == len(path.links) - 1
        if is_last and link.certificate.is_self_issued:
            yield from _outside(link, case, Code.ROOT_EXPIRED, Code.INTERMEDIATE_NOT_YET_VALID)
        else:
            yield from _malformed(link.certificate, link.index)
            yield from _outside(link, case, Code.INTERMEDIATE_EXPIRED, Code.INTERMEDIATE_NOT_YET_VALID)


def is_expired(certificate: Certificate, case: Case) -> bool:
    """Return whether `now` is past notAfter."""
    return certificate.not_after is not None and case.now > certificate.not_after


def _outside(link: Link, case: Case, expired: Code, not_yet: Code) -> Iterator[Finding]:
    certificate, now = link.certificate, case.now
    before, after = certificate.not_before, certificate.not_after
    if before is not None and after is not None and before > after:
        return  # dates that contradict each other are one fault, not three
    now_fact = Fact("now", moment(now))
    who = "" if link.index == 0 else f" of {role(link)}"
    if after is not None and now > after:
        yield finding(
            expired,
            f"notAfter{who} {moment(after)} is {duration(now - after)} before now",
            Fact("notAfter", moment(after)),
            now_fact,
            certificate=link.index,
        )
    if before is not None and now < before:
        yield finding(
            not_yet,
            f"notBefore{who} {moment(before)} is {duration(before - now)} after now",
            Fact("notBefore", moment(before)),
            now_fact,
            certificate=link.index,
        )


def _expiring(case: Case) -> Iterator[Finding]:
    before, after = case.leaf.not_before, case.leaf.not_after
    if before is None or after is None or not before <= case.now <= after:
        return
    left, life = after - case.now, after - before
    if left < min(float(limits().expiring_share) * life, limits().expiring_at_most):
        share = round(100 * left / life) if life else 0
        yield finding(
            Code.EXPIRING_SOON,
            f"notAfter {moment(after)} is in {duration(left)}: {share} % of its {duration(life)} are left",
            Fact("notAfter", moment(after)),
            Fact("now", moment(case.now)),
            Fact("lifetime", duration(life)),
            certificate=0,
        )


def _malformed(certificate: Certificate, index: int | None) -> Iterator[Finding]:
    fields = certificate.fields
    before, after = fields.not_before, fields.not_after
    facts = (Fact("notBefore", moment(before)), Fact("notAfter", moment(after)))
    if before is None or after is None:
        # A certificate that was taken apart so badly that nothing is left is undecodable, not ill-dated.
        if fields.issuer:
            why = next(
                (problem for problem in fields.problems if problem.startswith(("not", "validity"))), ""
            )
            yield finding(Code.TIME_MALFORMED, why or "a date cannot be read", *facts, certificate=index)
    elif before > after:
        summary = f"notBefore {moment(before)} is after notAfter {moment(after)}"
        yield finding(Code.TIME_MALFORMED, summary, *facts, certificate=index)
    elif not fields.times_are_der:
        summary = (
            "a date is written in a form that RFC 5280 forbids (seconds missing, a fraction or an offset)"
        )
        yield finding(Code.TIME_MALFORMED, summary, *facts, certificate=index, severity=Severity.WARNING)
