"""What a certificate demands or lacks for its revocation to be known (RFC 7633, BR §7.1.2.11.2)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core import der, extensions
from certtui.core.calendar import limits
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case, judged_links, role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import duration, moment
from certtui.core.revocation_syntax import elements, root

STATUS_REQUEST = 5
"""The TLS feature that demands a stapled response (RFC 7633 §4.2.3.1, RFC 6066 §8)."""


def must_staple_missing(case: Case) -> Iterator[Finding]:
    """Yield that a stapled response is demanded and a client that asked for one got none.

    A CA that has the feature demands it of what it issues (RFC 7633 §4.2.2).
    """
    at_hand = case.revocation
    if at_hand.stapled is not None or not at_hand.is_staple_known:
        return
    link = next((link for link in judged_links(case.best) if demands_staple(link.certificate)), None)
    if link is not None:
        yield finding(
            Code.MUST_STAPLE_MISSING,
            f"{role(link)} demands a stapled OCSP response (must-staple), but the server sends none",
            Fact("TLS feature", "status_request (5)"),
            Fact("stapled response", "none"),
            certificate=link.index,
        )


def demands_staple(certificate: Certificate) -> bool:
    """Return whether a certificate has the TLS feature status_request (must-staple, RFC 7633)."""
    extension = certificate.extension(extensions.TLS_FEATURE)
    if extension is None:
        return False
    value = extension.value
    try:
        contents = [der.content(value, element) for element in elements(value, root(value))]
    except der.DerError:
        return False
    return any(der.integer(octets[:16]) == STATUS_REQUEST for octets in contents)


def revocation_absent(case: Case, *, is_public: bool) -> Iterator[Finding]:
    """Yield that a public CA's certificate names neither a CRL nor an OCSP responder and is not short-lived.

    Private CAs are bound by no such rule, so that nothing is found where `is_public` is false.
    """
    leaf = case.leaf
    before, after = leaf.not_before, leaf.not_after
    if not is_public or before is None or after is None or leaf.is_torn or _names_a_source(leaf):
        return
    life = after - before
    limit = next(each.span for each in reversed(limits().short_lived) if before >= each.begins)
    if life > limit:
        yield finding(
            Code.REVOCATION_ABSENT,
            "the certificate names neither a CRL nor an OCSP responder, though its "
            f"{duration(life)} are more than the {duration(limit)} of a short-lived one",
            Fact("lifetime", duration(life)),
            Fact("short-lived up to", duration(limit)),
            Fact("notBefore", moment(before)),
            certificate=0,
        )


def _names_a_source(certificate: Certificate) -> bool:
    """Whether it names one, or may do so in a part that cannot be read."""
    access = certificate.extension(extensions.AUTHORITY_INFO_ACCESS)
    is_unreadable = access is not None and not certificate.ocsp_urls and not certificate.ca_issuer_urls
    has_points = certificate.extension(extensions.CRL_DISTRIBUTION_POINTS) is not None
    return has_points or bool(certificate.ocsp_urls) or is_unreadable
