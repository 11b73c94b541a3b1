"""What an OCSP response says of a certificate, and whether it may be believed (RFC 6960 §3.2)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from certtui.core.certificate import Certificate
from certtui.core.distinguished_name import comparable_name
from certtui.core.moments import moment
from certtui.core.ocsp import Answer, CertificateStatus, OcspResponse, key_bits, read_response

OCSP_SIGNING = "1.3.6.1.5.5.7.3.9"
CLOCK_TOLERANCE = timedelta(minutes=5)
"""How far a responder's clock may be ahead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A response that may be believed says whether the certificate is revoked."""

    response: OcspResponse
    answer: Answer
    signer: Certificate

    @property
    def is_revoked(self) -> bool:
        """Whether it says revoked; else it says good."""
        return self.answer.status is CertificateStatus.REVOKED


@dataclass(frozen=True, slots=True)
class NoGood:
    """A response that says nothing of the certificate, or nothing that may be believed."""

    why: str
    """One clause whose subject is the response; raw text."""
    is_elsewhere: bool = False
    """Whether it is merely about other certificates."""


@lru_cache(maxsize=512)
def ask_response(
    octets: bytes, certificate: Certificate, issuer: Certificate | None, now: datetime
) -> Told | NoGood | None:
    """Return what a response says of a certificate; None where that cannot be told without its issuer."""
    response = read_response(octets)
    if response.problem is not None:
        return NoGood(f"cannot be read: {response.problem}")
    if not response.is_successful:
        return NoGood(f"holds no answer: the responder says {response.status}")
    if all(answer.serial != certificate.serial for answer in response.answers):
        return _elsewhere(response)
    if issuer is None:
        return None
    answers = [answer for answer in response.answers if answer.is_about(certificate, issuer)]
    if not answers:
        return NoGood("is about a certificate of another issuer", is_elsewhere=True)
    unknown = response.unknown_critical or next(filter(None, (a.unknown_critical for a in answers)), None)
    if unknown is not None:
        return NoGood(f"has the critical extension {unknown}, which is not known")
    signer = _signer(response, issuer, now)
    if isinstance(signer, str):
        return NoGood(signer)
    return _weigh(response, answers, signer, now)


def _elsewhere(response: OcspResponse) -> NoGood:
    serials = ", ".join(f"{answer.serial:x}" for answer in response.answers[:3]) or "none"
    return NoGood(f"is about another certificate (serial number {serials})", is_elsewhere=True)


def _weigh(
    response: OcspResponse, answers: list[Answer], signer: Certificate, now: datetime
) -> Told | NoGood:
    """Prefer a revocation, which holds even where the answer is stale; else take the newest answer."""
    newest = max(answers, key=lambda answer: answer.this_update)
    revoked = [answer for answer in answers if answer.status is CertificateStatus.REVOKED]
    for answer in revoked:
        if answer.revoked_at is not None and answer.revoked_at <= now:
            return Told(response=response, answer=answer, signer=signer)
    if revoked:
        return NoGood(f"says revoked, but only from {moment(revoked[0].revoked_at)} on")
    if newest.status is CertificateStatus.UNKNOWN:
        return NoGood("says that the responder does not know the certificate")
    if newest.this_update > now + CLOCK_TOLERANCE:
        return NoGood(f"is from the future: thisUpdate {moment(newest.this_update)} is after {moment(now)}")
    if newest.next_update is not None and newest.next_update < now:
        return NoGood(f"is stale: nextUpdate {moment(newest.next_update)} is before {moment(now)}")
    return Told(response=response, answer=newest, signer=signer)


def _signer(response: OcspResponse, issuer: Certificate, now: datetime) -> Certificate | str:
    """Return who signed, the issuer or its delegate (RFC 6960 §4.2.2.2); else why nobody who may."""
    refusal = "is signed by a responder that is neither the issuer nor certified by it"
    for candidate in _named_as_responder(response, issuer):
        why = None if candidate.spki == issuer.spki else _may_not_respond(candidate, issuer, now)
        if why is None:
            verifies = _verifies(response, candidate)
            if verifies:
                return candidate
            why = (
                f"has a signature that does not verify with the key of {candidate.display_name}"
                if verifies is False
                else f"cannot be checked: {response.algorithm.name} with {candidate.key.label} is unknown"
            )
        refusal = why
    return refusal


def _named_as_responder(response: OcspResponse, issuer: Certificate) -> Iterator[Certificate]:
    for candidate in dict.fromkeys((issuer, *response.certificates)):
        if response.responder_name is not None:
            if candidate.subject_key == comparable_name(response.responder_name):
                yield candidate
        elif hashlib.sha1(key_bits(candidate), usedforsecurity=False).digest() == response.responder_key_hash:
            yield candidate


def _may_not_respond(responder: Certificate, issuer: Certificate, now: datetime) -> str | None:
    name = responder.display_name
    if responder.issuer_key != issuer.subject_key or responder.is_signed_by(issuer) is not True:
        return f"is signed by {name}, which {issuer.display_name} does not certify"
    if OCSP_SIGNING not in (responder.extended_key_usage or ()):
        return f"is signed by {name}, whose extended key usage does not allow OCSP signing"
    if not responder.is_valid_at(now):
        return f"is signed by {name}, whose certificate is not valid at {moment(now)}"
    return None


def _verifies(response: OcspResponse, signer: Certificate) -> bool | None:
    from certtui.core.signatures import signature_verifies  # the screen is painted before this is needed

    return signature_verifies(signer.spki, response.signature_algorithm, response.signed, response.signature)
