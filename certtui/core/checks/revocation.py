"""Certificates that CRLs or OCSP responses at hand call revoked, or fail to clear (RFC 5280 §6.3)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from certtui.core.catalogue import Code
from certtui.core.checks.case import Case, judged_links, role
from certtui.core.checks.revocation_findings import (
    nothing_told,
    revoked_by_crl,
    revoked_by_response,
    stale_only,
    staple_facts,
)
from certtui.core.crl import crls_by_issuer
from certtui.core.crl_validation import CrlVerdict, Listed, Question, Unlisted, crl_verdicts
from certtui.core.distribution_points import ALL_REASONS
from certtui.core.evidence import Unchecked
from certtui.core.finding import Finding, finding
from certtui.core.ocsp_validation import NoGood, Told, ask_response
from certtui.core.paths import Link, Path
from certtui.core.revocation_syntax import HOLD

_NOTHING_AT_HAND = Unchecked("revocation", "no CRL and no OCSP response was at hand")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Status:
    """What is known of one certificate's revocation."""

    position: int
    link: Link
    crls: tuple[CrlVerdict, ...]
    responses: tuple[Told | NoGood, ...]
    """What OCSP responses say that are about the certificate, the stapled one first."""
    is_stapled: bool
    """Whether the first of them is the stapled one."""

    @property
    def revocation(self) -> Listed | Told | None:
        """What says that it is revoked, if anything does."""
        accusing = (verdict for verdict in self.crls if isinstance(verdict, Listed))
        listed = next((verdict for verdict in accusing if not self._is_released(verdict)), None)
        told = (said for said in self.responses if isinstance(said, Told) and said.is_revoked)
        return listed or next(told, None)

    @property
    def is_good(self) -> bool:
        """Whether it is known not to be revoked."""
        is_told = any(isinstance(said, Told) and not said.is_revoked for said in self.responses)
        return self.revocation is None and (is_told or self._reasons(with_stale=False) == ALL_REASONS)

    @property
    def lacks_freshness_only(self) -> bool:
        """Whether CRLs would clear it, were they not out of date."""
        return self._reasons(with_stale=True) == ALL_REASONS

    def _is_released(self, listed: Listed) -> bool:
        """Whether a newer CRL for all reasons no longer has what was on hold (RFC 5280 §5.3.1)."""
        since = listed.crl.fields.this_update
        if listed.entry.reason != HOLD or since is None:
            return False
        clearing = (other for other in self.crls if isinstance(other, Unlisted) and not other.is_stale)
        updates = (other.crl.fields.this_update for other in clearing if other.reasons == ALL_REASONS)
        return any(update is not None and update > since for update in updates)

    def _reasons(self, *, with_stale: bool) -> frozenset[str]:
        """Return the reasons that the CRLs at hand speak for, together (RFC 5280 §6.3.3)."""
        unlisted = [verdict for verdict in self.crls if isinstance(verdict, Unlisted)]
        return frozenset[str]().union(*(u.reasons for u in unlisted if with_stale or not u.is_stale))


def path_revocation(path: Path, case: Case) -> Iterator[Finding]:
    """Yield what is revoked in a path, what the CRLs at hand fail to clear, and a staple that is no good.

    Whoever gives CRLs asks for the check: then a leaf that nothing clears is as much an error as it is to
    `openssl verify -crl_check`. A CA is held to it only if a CRL by its issuer was given.
    """
    if case.revocation.is_empty:
        return
    for status in _statuses(path, case):
        revocation = status.revocation
        if isinstance(revocation, Listed):
            yield revoked_by_crl(status.link, _revoked_code(status), revocation, case)
        elif revocation is not None:
            is_stapled = status.is_stapled and revocation is status.responses[0]
            yield revoked_by_response(status.link, _revoked_code(status), revocation, is_stapled=is_stapled)
        elif not status.is_good and _is_demanded(status, case):
            yield _not_cleared(status, case)
    yield from _staple_invalid(path, case)


def unchecked_revocation(path: Path, case: Case) -> Iterator[Unchecked]:
    """Yield which certificates' revocation is not known and no finding tells of, each with the reason."""
    if case.revocation.is_empty:
        yield _NOTHING_AT_HAND
        return
    statuses = {status.link: status for status in _statuses(path, case)}
    for link in judged_links(path):
        status = statuses.get(link)
        if status is None:
            if not link.certificate.is_self_signed:
                yield Unchecked(f"revocation of {role(link)}", "its issuer is not known")
        elif not status.is_good and status.revocation is None and not _is_demanded(status, case):
            yield Unchecked(f"revocation of {role(link)}", _why_open(status))


def _statuses(path: Path, case: Case) -> Iterator[_Status]:
    certificates = path.certificates
    crls = crls_by_issuer(case.revocation.crls)
    for position, link in enumerate(path.links[:-1]):
        if position in path.broken:
            continue
        question = Question(
            certificate=link.certificate,
            above=certificates[position + 1 :],
            others=(*case.chain[1:], *case.pool),
            crls=crls,
            now=case.now,
        )
        staple = case.revocation.stapled
        stapled = _responses((staple,), question) if position == 0 and staple is not None else ()
        yield _Status(
            position=position,
            link=link,
            crls=tuple(crl_verdicts(question)),
            responses=(*stapled, *_responses(case.revocation.responses, question)),
            is_stapled=bool(stapled),
        )


def _responses(responses: Sequence[bytes], question: Question) -> tuple[Told | NoGood, ...]:
    """Return what those of the responses say that are about the certificate."""
    said = (ask_response(each, question.certificate, question.above[0], question.now) for each in responses)
    return tuple(
        each
        for each in said
        if isinstance(each, Told) or (isinstance(each, NoGood) and not each.is_elsewhere)
    )


def _revoked_code(status: _Status) -> Code:
    return Code.LEAF_REVOKED if status.position == 0 else Code.INTERMEDIATE_REVOKED


def _is_demanded(status: _Status, case: Case) -> bool:
    """Whether it is an error that nothing clears the certificate."""
    return bool(status.crls) or (status.position == 0 and case.revocation.is_demanded)


def _not_cleared(status: _Status, case: Case) -> Finding:
    if status.lacks_freshness_only:
        return stale_only(status.link, status.crls, case)
    faults = [said for said in status.responses if isinstance(said, NoGood)]
    return nothing_told(status.link, status.crls, faults, case)


def _why_open(status: _Status) -> str:
    faults = [said.why for said in status.responses if isinstance(said, NoGood)]
    if faults:
        return f"the OCSP response about it {faults[0]}"
    issuer = status.link.certificate.issuer.rfc4514
    return f"no CRL and no OCSP response of its issuer, {issuer}, was at hand"


def _staple_invalid(path: Path, case: Case) -> Iterator[Finding]:
    """RFC 6066 §8: the response must be about the certificate that is sent, and acceptable."""
    if case.revocation.stapled is None:
        return
    has_issuer = len(path.links) > 1 and 0 not in path.broken
    issuer = path.links[1].certificate if has_issuer else None
    said = ask_response(case.revocation.stapled, case.leaf, issuer, case.now)
    if isinstance(said, NoGood):
        yield finding(
            Code.STAPLE_INVALID,
            f"the stapled OCSP response {said.why}",
            *staple_facts(case.revocation.stapled, said),
            certificate=0,
        )
