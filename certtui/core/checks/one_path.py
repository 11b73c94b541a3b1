"""Chains on which a client that follows one path only goes astray, though another path is good (RFC 4158 §1.2)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case, role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.paths import MAX_LENGTH, Link, Path, Source


def misleading_order(case: Case) -> Finding | None:
    """Return that OpenSSL goes another way than the best path, to one that has faults which the best has not.

    OpenSSL takes for issuer the first certificate that bears the name and is valid now, from its own store before
    what was sent, looks at neither its signature nor its extensions while it chooses, and does not turn back
    (X509_verify_cert, build_chain).
    """
    if case.best.anchor is None or _errors(case.best):
        return None
    followed = _openssl_path(case)
    best = case.best.certificates
    if followed == best:
        return None
    astray = _first_difference(followed, best)
    faults = list(_faults(followed, case))
    if astray is None or astray not in case.chain or not faults:
        return None
    link = Link(astray, Source.SENT, case.chain.index(astray))
    return finding(
        Code.CHAIN_MISORDERED,
        f"clients with OpenSSL take certificate {case.chain.index(astray) + 1}, {role(link)}, and fail: {faults[0]}",
        Fact("path of OpenSSL", _told(followed, case)),
        Fact("path without a fault", _told(best, case)),
        *(Fact("fault", fault) for fault in faults),
        certificate=link.index,
        traits=("misleads",),
    )


def _first_difference(followed: tuple[Certificate, ...], best: tuple[Certificate, ...]) -> Certificate | None:
    return next((each for each, good in zip(followed, best, strict=False) if each != good), None)


def _told(path: tuple[Certificate, ...], case: Case) -> str:
    """Return a path in names, each with its place as sent, since namesakes are what this is about."""
    places = {certificate: f" ({index + 1})" for index, certificate in reversed(list(enumerate(case.chain)))}
    return " → ".join(each.display_name + places.get(each, "") for each in path)


def _errors(path: Path) -> list[Finding]:
    return [each for each in path.findings if each.severity is Severity.ERROR]


def _faults(followed: tuple[Certificate, ...], case: Case) -> Iterator[str]:
    """Yield what is wrong with a path; one over a key that did not sign is no candidate, and its fault is just that."""
    path = next((each for each in case.paths if each.certificates == followed), None)
    if path is not None:
        yield from (each.summary for each in _errors(path))
        if path.anchor is None:
            yield f"no anchor vouches for {path.last.display_name}"
        return
    for certificate, issuer in pairwise(followed):
        if certificate.is_signed_by(issuer) is False:
            yield f"its key did not sign {certificate.display_name}"
            return


def _openssl_path(case: Case) -> tuple[Certificate, ...]:
    """Return the certificates that OpenSSL would put together, leaf first."""
    path = [case.leaf]
    while len(path) < MAX_LENGTH and case.anchors.exact(path[-1]) is None:
        anchors = [anchor.certificate for anchor in case.anchors.named(path[-1].issuer_key)]
        issuer = _chosen(path, anchors, case) or _chosen(path, list(case.chain[1:]), case)
        if issuer is None or path[-1].is_self_issued:
            break
        path.append(issuer)
    return tuple(path)


def _chosen(path: list[Certificate], candidates: list[Certificate], case: Case) -> Certificate | None:
    """Return the first candidate that is valid now, else the one that is valid longest."""
    fitting = [each for each in candidates if each not in path and _may_issue(each, path[-1])]
    current = next((each for each in fitting if each.is_valid_at(case.now)), None)
    dated = [each for each in fitting if each.not_after is not None]
    return current or max(dated, key=lambda each: str(each.not_after), default=None)


def _may_issue(issuer: Certificate, certificate: Certificate) -> bool:
    """What X509_check_issued looks at: names, key identifiers and keyCertSign."""
    if issuer.subject_key != certificate.issuer_key:
        return False
    if certificate.names_another_key_than(issuer):
        return False
    return issuer.key_usage is None or "keyCertSign" in issuer.key_usage
