"""Certificates that are not what their place in the chain demands (RFC 5280 §4.2, §6.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from certtui.core import der, extensions
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case, judged_links, role
from certtui.core.extensions import ANY_EXTENDED_KEY_USAGE, PURPOSE_NAMES, SERVER_AUTH
from certtui.core.finding import Fact, Finding, finding
from certtui.core.name_constraints import MAX_COMPARISONS, Violation, name_constraints
from certtui.core.paths import Link, Path, Source

PROCESSED_EXTENSIONS = frozenset(
    {
        extensions.KEY_USAGE,
        extensions.SUBJECT_ALT_NAME,
        extensions.BASIC_CONSTRAINTS,
        extensions.NAME_CONSTRAINTS,
        extensions.CERTIFICATE_POLICIES,
        extensions.POLICY_MAPPINGS,
        extensions.POLICY_CONSTRAINTS,
        extensions.EXTENDED_KEY_USAGE,
        extensions.INHIBIT_ANY_POLICY,
    }
)
"""Extensions that mainstream validators process, so that marking them critical breaks nothing.

Not among them are those that RFC 5280 §4.2 says must not be critical, such as authorityInfoAccess: OpenSSL refuses.
"""

_SERVER_USAGES = frozenset({"digitalSignature", "keyEncipherment", "keyAgreement"})
"""What OpenSSL wants one of in the key usage of a server's certificate."""


def leaf_profile(case: Case) -> Iterator[Finding]:
    """Yield what keeps the leaf from being a server's certificate."""
    link = case.best.links[0]
    yield from _undecodable(link)
    if case.purpose is not None:
        yield from _extended_key_usage(link)
        if not case.leaf.is_ca:
            yield from _leaf_key_usage(link)
        elif case.leaf_sent_later is None:
            yield _ca_as_leaf(case)
    yield from _unknown_critical(link)


def path_profile(path: Path, case: Case) -> Iterator[Finding]:
    """Yield what keeps a path's certificates above the leaf from being CAs of this path."""
    judged = list(judged_links(path))
    for link in path.links[1:]:
        if link in judged:
            yield from _undecodable(link)
        yield from _unknown_critical(link)
        yield from _issuer_not_ca(link)
        yield from _ca_key_usage(link)
        if case.purpose is not None:
            yield from _extended_key_usage(link)
    yield from _path_length(path)
    yield from _name_constraints(path, case)
    for position in sorted(path.broken):
        yield _signature_invalid(path.links[position], path.links[position + 1])
    for link in judged:
        yield from _algorithms_differ(link)


def _undecodable(link: Link) -> Iterator[Finding]:
    problems = [
        p for p in link.certificate.problems if not p.startswith(("notBefore", "notAfter", "validity"))
    ]
    if problems:
        yield finding(
            Code.CERTIFICATE_UNDECODABLE,
            f"a part of {role(link)} cannot be decoded: {problems[0]}",
            *(Fact("undecodable", problem) for problem in problems),
            certificate=link.index,
        )


def _unknown_critical(link: Link) -> Iterator[Finding]:
    for extension in link.certificate.extensions:
        if extension.critical and extension.oid not in PROCESSED_EXTENSIONS:
            yield finding(
                Code.UNKNOWN_CRITICAL_EXTENSION,
                f"{role(link)} marks {extension.name} as critical, which clients do not act on",
                Fact(
                    "extension",
                    f"{extension.name} ({extension.oid})"
                    if extension.name != extension.oid
                    else extension.oid,
                ),
                certificate=link.index,
                traits=("crl-distribution-points",)
                if extension.oid == extensions.CRL_DISTRIBUTION_POINTS
                else (),
            )


def _extended_key_usage(link: Link) -> Iterator[Finding]:
    purposes = link.certificate.extended_key_usage
    if purposes is None or SERVER_AUTH in purposes:
        return
    if ANY_EXTENDED_KEY_USAGE in purposes:
        yield finding(
            Code.EKU_WRONG,
            f"the extended key usage of {role(link)} is anyExtendedKeyUsage without serverAuth, which not all take",
            Fact("extended key usage", "anyExtendedKeyUsage"),
            Fact("needed", "serverAuth"),
            certificate=link.index,
            severity=Severity.WARNING,
            traits=("any-only",),
        )
        return
    named = ", ".join(PURPOSE_NAMES.get(oid, oid) for oid in purposes) or "nothing"
    yield finding(
        Code.EKU_WRONG,
        f"the extended key usage of {role(link)} allows {named}, not serverAuth",
        Fact("extended key usage", named),
        Fact("needed", "serverAuth"),
        certificate=link.index,
    )


def _leaf_key_usage(link: Link) -> Iterator[Finding]:
    """TLS 1.3 and (EC)DHE sign with the leaf's key, which needs digitalSignature (RFC 5280 §4.2.1.3)."""
    usage = link.certificate.key_usage
    if usage is None or "digitalSignature" in usage:
        return
    yield finding(
        Code.KEY_USAGE_WRONG,
        f"the key usage of {role(link)} is {_listed(usage)}; a TLS server's key needs digitalSignature",
        Fact("key usage", _listed(usage)),
        Fact("needed", "digitalSignature"),
        certificate=link.index,
        severity=None if usage.isdisjoint(_SERVER_USAGES) else Severity.WARNING,
    )


def _ca_key_usage(link: Link) -> Iterator[Finding]:
    usage = link.certificate.key_usage
    if usage is not None and "keyCertSign" not in usage:
        yield finding(
            Code.KEY_USAGE_WRONG,
            f"the key usage of {role(link)} is {_listed(usage)}; signing certificates needs keyCertSign",
            Fact("key usage", _listed(usage)),
            Fact("needed", "keyCertSign"),
            certificate=link.index,
        )


def _listed(usage: frozenset[str]) -> str:
    return ", ".join(name for name in extensions.KEY_USAGE_BITS if name in usage) or "empty"


def _ca_as_leaf(case: Case) -> Finding:
    usage = case.leaf.key_usage
    cannot_serve = usage is not None and not usage & _SERVER_USAGES
    severity = Severity.ERROR if cannot_serve else None
    if case.leaf_is_self_signed:
        # Self-signed certificates often say cA; being self-signed is what clients refuse them for.
        severity = Severity.NOTICE
    more = f", and its key usage is {_listed(usage)}" if usage is not None and cannot_serve else ""
    return finding(
        Code.CA_AS_LEAF,
        f"basicConstraints says cA, so this is a CA's certificate, not a server's{more}",
        Fact("basicConstraints", "cA: true"),
        Fact("key usage", "absent" if usage is None else _listed(usage)),
        certificate=0,
        severity=severity,
    )


def _issuer_not_ca(link: Link) -> Iterator[Finding]:
    certificate = link.certificate
    if certificate.is_ca or (link.source is Source.ANCHOR and certificate.version == 1):
        # A trust anchor of the time before v3 cannot say that it is a CA; being trusted says it.
        return
    if certificate.version is not None and certificate.version < 3:
        said = f"is an X.509 v{certificate.version} certificate, which cannot say that it is a CA"
    elif certificate.basic_constraints is None:
        if certificate.extension(extensions.BASIC_CONSTRAINTS) is not None:
            return  # that it cannot be decoded is a finding of its own
        said = "has no basicConstraints"
    else:
        said = "has basicConstraints without cA"
    yield finding(
        Code.ISSUER_NOT_CA,
        f"{role(link)} {said}, yet it signed another certificate",
        Fact("basicConstraints", "cA: false" if certificate.basic_constraints else "absent"),
        Fact("needed", "cA: true"),
        certificate=link.index,
    )


def _path_length(path: Path) -> Iterator[Finding]:
    """Self-issued intermediates do not count (RFC 5280 §4.2.1.9, §6.1.4 (l))."""
    below = 0
    for link in path.links[1:]:
        constraints = link.certificate.basic_constraints
        allowed = constraints.path_length if constraints is not None and constraints.is_ca else None
        if allowed is not None and below > allowed:
            yield finding(
                Code.PATH_LENGTH_EXCEEDED,
                f"{role(link)} allows {allowed} intermediates below it, but {below} are there",
                Fact("pathLenConstraint", str(allowed)),
                Fact("intermediates below", str(below)),
                certificate=link.index,
            )
        if not link.certificate.is_self_issued:
            below += 1


def _name_constraints(path: Path, case: Case) -> Iterator[Finding]:
    """Each CA's constraints hold for all below it, self-issued intermediates left out (RFC 5280 §6.1.4 (g))."""
    for position, link in enumerate(path.links[1:], start=1):
        try:
            yield from _never_compared(link)
            yield from _names_below(path.links[:position], link, case)
        except der.DerError as error:
            if link.certificate.problems:
                continue  # that a part cannot be decoded is told already
            yield finding(
                Code.CERTIFICATE_UNDECODABLE,
                f"the name constraints of {role(link)} cannot be read: {error}",
                Fact("undecodable", f"nameConstraints: {error}"),
                certificate=link.index,
            )


def _never_compared(ca: Link) -> Iterator[Finding]:
    constraints = name_constraints(ca.certificate)
    tree = constraints.never_compared if constraints is not None else None
    if tree is not None:
        yield finding(
            Code.NAME_CONSTRAINT_VIOLATED,
            f"{role(ca)} has a critical constraint on {tree.kind}, a kind of name that validators cannot compare",
            Fact("constraint", tree.kind),
            certificate=ca.index,
        )


def _names_below(below: Sequence[Link], ca: Link, case: Case) -> Iterator[Finding]:
    for position, subject in enumerate(below):
        is_leaf = position == 0
        if is_leaf or not subject.certificate.is_self_issued:
            violation = case.names.first_violation(ca.certificate, subject.certificate, is_leaf=is_leaf)
            if violation is not None:
                yield _name_constraint_violated(ca, subject, violation)


def _name_constraint_violated(ca: Link, subject: Link, violation: Violation) -> Finding:
    if not violation.subtrees:
        return finding(
            Code.NAME_CONSTRAINT_VIOLATED,
            f"{role(subject)} has so many names, and {role(ca)} so many name constraints, that they are not compared",
            Fact("first name", violation.name.text),
            Fact("compared at most", str(MAX_COMPARISONS)),
            certificate=subject.index,
        )
    trees = ", ".join(tree.text for tree in violation.subtrees)
    how = f"excludes {trees}" if violation.is_excluded else f"permits only {trees}"
    return finding(
        Code.NAME_CONSTRAINT_VIOLATED,
        f"{role(subject)} holds {violation.name.text}, but {role(ca)} {how}",
        Fact("name", violation.name.text),
        Fact("excluded" if violation.is_excluded else "permitted", trees),
        certificate=subject.index,
    )


def _signature_invalid(link: Link, issuer: Link) -> Finding:
    algorithm = link.certificate.signature_algorithm
    verifies = link.certificate.is_signed_by(issuer.certificate)
    return finding(
        Code.SIGNATURE_INVALID,
        f"the signature on {role(link)} does not verify with the key of {role(issuer)}"
        if verifies is False
        else f"the signature on {role(link)} cannot be checked: {algorithm} with {issuer.certificate.key.label} "
        "is not known here, and what a client cannot check it refuses",
        Fact("signature algorithm", algorithm),
        Fact("key of the issuer", issuer.certificate.key.label),
        *_key_ids(link.certificate, issuer.certificate),
        certificate=link.index,
    )


def _key_ids(certificate: Certificate, issuer: Certificate) -> Iterator[Fact]:
    if certificate.authority_key_id is not None:
        yield Fact("authority key identifier", certificate.authority_key_id.hex())
    if issuer.subject_key_id is not None:
        yield Fact("subject key identifier of the issuer", issuer.subject_key_id.hex())


def _algorithms_differ(link: Link) -> Iterator[Finding]:
    """RFC 5280 §4.1.1.2: the algorithm outside the signed part must be the one inside it."""
    fields = link.certificate.fields
    if fields.outer_signature_algorithm and fields.outer_signature_algorithm != fields.signature_algorithm:
        yield finding(
            Code.SIGNATURE_INVALID,
            f"{role(link)} names one signature algorithm inside its signed part and another outside",
            Fact("inside", fields.signature_algorithm.hex()),
            Fact("outside", fields.outer_signature_algorithm.hex()),
            certificate=link.index,
        )
