"""Where a certificate departs from the profile that strict validators demand (RFC 5280 §4, OpenSSL's x509_strict)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from certtui.core import extensions
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.case import role
from certtui.core.finding import Fact, Finding, finding
from certtui.core.paths import Link, Path


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap:
    """One departure."""

    trait: str
    """Its name in `clients.toml`."""
    what: str
    source: str
    refused_by: str


def path_strict(path: Path) -> Iterator[Finding]:
    """Yield, for each certificate of a path, where its form is one that strict validators refuse.

    Python has told OpenSSL to be strict since 3.13. A certificate that stands alone is not judged: RFC 5280 is not
    about a server's certificate that signs itself (RFC 6818 §2), and OpenSSL leaves it alone too.
    """
    if len(path.links) < 2:
        return
    for position, link in enumerate(path.links):
        is_last = position == len(path.links) - 1
        gaps = list(_gaps(link.certificate, is_leaf=position == 0, is_last=is_last))
        if not is_last and position not in path.broken:
            gaps[:0] = _against_issuer(link.certificate, path.links[position + 1].certificate)
        if gaps:
            yield _found(link, gaps)


def _found(link: Link, gaps: list[_Gap]) -> Finding:
    more = f", and {len(gaps) - 1} more" if len(gaps) > 1 else ""
    return finding(
        Code.STRICT_PROFILE_GAP,
        f"{role(link)} {gaps[0].what}{more}; {gaps[0].refused_by} refuses it",
        *(Fact(gap.what, f"against {gap.source}") for gap in gaps),
        certificate=link.index,
        traits=(gaps[0].trait,),
    )


def _gaps(certificate: Certificate, *, is_leaf: bool, is_last: bool) -> Iterator[_Gap]:
    """Yield the gaps in the order in which OpenSSL meets them; those that are other findings are left to them."""
    if certificate.is_torn:
        return
    yield from _constraints(certificate, is_leaf=is_leaf)
    yield from _names(certificate)
    yield from _key_identifiers(certificate, is_last=is_last)
    if certificate.serial is not None and certificate.serial < 0:
        yield _Gap(
            trait="negative-serial",
            what="has a negative serial number",
            source="RFC 5280 §4.1.2.2",
            refused_by="Python's cryptography",
        )


def _against_issuer(certificate: Certificate, issuer: Certificate) -> Iterator[_Gap]:
    """Measured: OpenSSL 3.0 and curl take no issuer whose identifier differs; Firefox 153 and Go compare octets."""
    if certificate.names_another_key_than(issuer):
        yield _Gap(
            trait="aki-mismatch",
            what="has an authorityKeyIdentifier that is not its issuer's",
            source="RFC 5280 §4.2.1.1",
            refused_by="OpenSSL (error 20)",
        )
    if certificate.fields.issuer != issuer.fields.subject:
        yield _Gap(
            trait="issuer-encoding",
            what="writes its issuer's name in another way than the issuer does",
            source="RFC 5280 §4.1.2.4",
            refused_by="Firefox",
        )


def _strict(trait: str, what: str, source: str, error: int) -> _Gap:
    return _Gap(
        trait=trait,
        what=what,
        source=source,
        refused_by=f"Python since 3.13 (OpenSSL's strict error {error})",
    )


def _constraints(certificate: Certificate, *, is_leaf: bool) -> Iterator[_Gap]:
    constraints, usage = certificate.basic_constraints, certificate.key_usage
    may_sign = usage is None or "keyCertSign" in usage
    if constraints is not None and constraints.path_length is not None:
        if not constraints.is_ca:
            yield _strict("path-length-of-no-ca", "limits a path though it is no CA", "RFC 5280 §4.2.1.9", 80)
        elif usage is not None and not may_sign:
            yield _strict(
                "path-length-without-sign", "limits a path without keyCertSign", "RFC 5280 §4.2.1.9", 81
            )
    if certificate.is_ca and not _is_critical(certificate, extensions.BASIC_CONSTRAINTS):
        yield _strict(
            "basic-constraints-not-critical",
            "has basicConstraints that are not critical",
            "RFC 5280 §4.2.1.9",
            89,
        )
    if certificate.is_ca and certificate.extension(extensions.KEY_USAGE) is None:
        yield _strict("no-key-usage", "is a CA's and has no keyUsage", "RFC 5280 §4.2.1.3", 92)
    if is_leaf and not certificate.is_ca and usage is not None and may_sign:
        yield _strict("sign-of-no-ca", "has keyCertSign though it is no CA", "RFC 5280 §4.2.1.9", 82)


def _names(certificate: Certificate) -> Iterator[_Gap]:
    if certificate.issuer.is_empty and certificate.fields.issuer:
        yield _strict("empty-issuer", "has an empty issuer", "RFC 5280 §4.1.2.4", 83)
    if not certificate.subject.is_empty or not certificate.fields.subject:
        return
    if certificate.is_ca or not certificate.has_san:
        yield _strict("empty-subject", "has an empty subject", "RFC 5280 §4.1.2.6", 84)
    elif not _is_critical(certificate, extensions.SUBJECT_ALT_NAME):
        yield _strict(
            "names-not-critical",
            "has an empty subject beside a subjectAltName that is not critical",
            "RFC 5280 §4.2.1.6",
            88,
        )


def _key_identifiers(certificate: Certificate, *, is_last: bool) -> Iterator[_Gap]:
    if certificate.version != 3:
        return
    if not is_last and certificate.authority_key_id is None:
        there = certificate.extension(extensions.AUTHORITY_KEY_ID) is not None
        what = (
            "has an authorityKeyIdentifier without a key identifier"
            if there
            else "has no authorityKeyIdentifier"
        )
        yield _strict("no-aki", what, "RFC 5280 §4.2.1.1", 85)
    if certificate.is_ca and certificate.extension(extensions.SUBJECT_KEY_ID) is None:
        yield _strict("no-ski", "is a CA's and has no subjectKeyIdentifier", "RFC 5280 §4.2.1.2", 86)


def _is_critical(certificate: Certificate, oid: str) -> bool:
    extension = certificate.extension(oid)
    return extension is not None and extension.critical
