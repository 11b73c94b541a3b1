"""What was sent against what a server should send: order, duplicates, strangers, roots (RFC 8446 §4.4.2)."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.calendar import limits
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.one_path import misleading_order
from certtui.core.checks.trust import wrong_issuer
from certtui.core.checks.validity import is_expired
from certtui.core.finding import Fact, Finding, finding
from certtui.core.moments import moment


def installation_findings(case: Case) -> Iterator[Finding]:
    """Yield what is wrong with the list as sent, whatever the certificates in it are worth."""
    yield from _leaf_not_first(case)
    yield from _too_big(case)
    yield from _duplicates(case)
    misleading = misleading_order(case)
    yield from _misordered(case) if misleading is None else [misleading]
    yield from _unneeded(case)


def used_indices(case: Case) -> frozenset[int]:
    """Return which certificates as sent the best path goes through; a duplicate is not used."""
    return frozenset(link.index for link in case.best.links if link.index is not None)


def _leaf_not_first(case: Case) -> Iterator[Finding]:
    index = case.leaf_sent_later
    if index is not None:
        first, later = case.leaf.display_name, case.chain[index].display_name
        yield finding(
            Code.LEAF_NOT_FIRST,
            f"the first certificate is the CA {first}; the server's own, {later}, is certificate {index + 1}",
            Fact("first", case.leaf.subject.rfc4514 or "an empty name"),
            Fact(f"certificate {index + 1}", case.chain[index].subject.rfc4514 or later),
            certificate=0,
        )


def _too_big(case: Case) -> Iterator[Finding]:
    octets = sum(len(certificate.der) for certificate in case.chain)
    count, least = len(case.chain), limits()
    if count > least.most_certificates:
        yield finding(
            Code.CHAIN_TOO_BIG,
            f"{count} certificates are sent; Java takes {least.most_certificates}",
            Fact("certificates", str(count)),
            Fact("octets", str(octets)),
            severity=Severity.WARNING,
            traits=("too-many",),
        )
    elif octets > least.most_octets:
        yield finding(
            Code.CHAIN_TOO_BIG,
            f"the certificates sent have {octets} octets, more than one TLS record holds ({least.most_octets})",
            Fact("octets", str(octets)),
            Fact("certificates", str(count)),
        )


def _duplicates(case: Case) -> Iterator[Finding]:
    first: dict[Certificate, int] = {}
    for index, certificate in enumerate(case.chain):
        earlier = first.setdefault(certificate, index)
        if earlier != index:
            yield finding(
                Code.CHAIN_DUPLICATE,
                f"certificate {index + 1} is certificate {earlier + 1} again: {certificate.display_name}",
                Fact("SHA-256", certificate.sha256.hex()),
                Fact("octets wasted", str(len(certificate.der))),
                certificate=index,
            )


def _misordered(case: Case) -> Iterator[Finding]:
    """Each certificate should directly certify the one before it (RFC 5246 §7.4.2, RFC 8446 §4.4.2)."""
    order = [link.index for link in case.best.links if link.index is not None]
    if order == sorted(order):
        return
    names = [case.chain[index].display_name for index in order]
    yield finding(
        Code.CHAIN_MISORDERED,
        f"sent in the order {_numbers(sorted(order))}, but the path goes {_numbers(order)}",
        Fact("as sent", " → ".join(case.chain[index].display_name for index in sorted(order))),
        Fact("as needed", " → ".join(names)),
    )


def _numbers(indices: list[int]) -> str:
    return ", ".join(str(index + 1) for index in indices)


def _unneeded(case: Case) -> Iterator[Finding]:
    if case.leaf_sent_later is not None or case.best.is_cut:
        return  # what is needed shows only in a path that begins at the server's own certificate and has an end
    used = used_indices(case)
    namesake = wrong_issuer(case)
    on_some_path = {link.certificate for path in case.paths for link in path.links}
    seen: set[Certificate] = set()
    for index, certificate in enumerate(case.chain):
        if certificate in seen:
            continue
        seen.add(certificate)
        if index and certificate.is_self_signed and case.anchors.of(certificate) is not None:
            yield _root_sent(index, certificate)
        elif index in used or (namesake is not None and index == namesake[0]):
            continue  # what stands in an issuer's place is the wrong intermediate, not a stranger
        elif certificate not in on_some_path:
            yield _unrelated(index, certificate)
        elif is_expired(certificate, case):
            yield _expired_unused(index, certificate, case)


def _root_sent(index: int, certificate: Certificate) -> Finding:
    return finding(
        Code.ROOT_SENT,
        f"{certificate.display_name} is a trusted root; clients have it, so {len(certificate.der)} octets are wasted",
        Fact("octets wasted", str(len(certificate.der))),
        certificate=index,
    )


def _unrelated(index: int, certificate: Certificate) -> Finding:
    return finding(
        Code.CHAIN_UNRELATED,
        f"no path from the server's certificate goes through {certificate.display_name}",
        Fact("subject", certificate.subject.rfc4514 or "an empty name"),
        Fact("octets wasted", str(len(certificate.der))),
        certificate=index,
    )


def _expired_unused(index: int, certificate: Certificate, case: Case) -> Finding:
    return finding(
        Code.EXPIRED_UNUSED_SENT,
        f"{certificate.display_name} expired {moment(certificate.not_after)}; the path does without it",
        Fact("notAfter", moment(certificate.not_after)),
        Fact("now", moment(case.now)),
        certificate=index,
    )
