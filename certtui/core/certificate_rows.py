"""The certificates of two reports, aligned by the role that each has in its path. It judges nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from certtui.core.alignment import Row, Section, keys_of, numbered, pair, same, section
from certtui.core.certificate import Certificate
from certtui.core.extensions import SUBJECT_ALT_NAME, Extension
from certtui.core.finding import Finding
from certtui.core.moments import moment
from certtui.core.name_rows import name_key
from certtui.core.report import Report

OWN = "Server's own certificate"
ROOT = "Root"
UNUSED = "Sent, not used"
NOT_USED = "not used"
_MOST_ROLES = 16
_MOST_UNUSED = 50
_MOST_EXTENSIONS = 60


def roles(report: Report) -> dict[str, Certificate]:
    """Return the certificates of the best path by what they are in it: the server's own, issuers, the root."""
    best = report.best_path
    if best is None:
        return {OWN: report.chain[0]} if report.chain else {}
    found: dict[str, Certificate] = {}
    last = len(best.links) - 1
    for position, link in enumerate(best.links):
        if position == 0:
            found[OWN] = link.certificate
        elif position == last and (best.anchor is not None or link.certificate.is_self_signed):
            found[ROOT] = link.certificate
        else:
            found[f"Issuer {position}"] = link.certificate
    return found


def places(report: Report) -> list[str]:
    """Return what each certificate as sent is; one that the best path does not go through is `not used`."""
    known = {certificate: name.lower() for name, certificate in roles(report).items()}
    return [known.get(certificate, NOT_USED) for certificate in report.chain]


def titled_findings(report: Report) -> Iterator[tuple[str, Finding]]:
    """Yield each finding with what to call it: its title, and the certificate's role where it is not the server's."""
    known = places(report)
    for finding in report.findings:
        index = finding.certificate
        is_plain = index is None or index >= len(known) or known[index] == OWN.lower()
        yield finding.title if is_plain or index is None else f"{finding.title}, {known[index]}", finding


def certificate_sections(left: Report, right: Report) -> Iterator[Section]:
    """Yield a section for each role that either path has, then one for what was sent in vain."""
    lefts, rights = roles(left), roles(right)
    names = sorted(keys_of(lefts, rights), key=_order)
    shown = names if len(names) <= _MOST_ROLES else [*names[: _MOST_ROLES - 1], names[-1]]
    for name in shown:
        yield section(name, _certificate_rows(lefts.get(name), rights.get(name)))
    if len(names) > len(shown):
        rows = [pair("Issuers not shown", f"{len(lefts)} in all", f"{len(rights)} in all")]
        yield section("Further issuers", rows)
    yield section(UNUSED, _unused_rows(left, right))


def _order(role: str) -> tuple[int, int]:
    if role in (OWN, ROOT):
        return (0, 0) if role == OWN else (2, 0)
    return (1, int(role.rsplit(" ", 1)[1]))


def _certificate_rows(left: Certificate | None, right: Certificate | None) -> Iterator[Row]:
    if left is None or right is None:
        yield pair("Certificate", _told(left), _told(right))
        return
    if left == right:
        yield same("Same certificate", _told(left) or "")
        return
    yield pair("Subject", left.subject.rfc4514 or "empty", right.subject.rfc4514 or "empty")
    yield pair("Issuer", left.issuer.rfc4514 or "empty", right.issuer.rfc4514 or "empty")
    yield pair("Serial", _serial(left), _serial(right))
    yield pair("Valid from", moment(left.not_before), moment(right.not_before))
    yield pair("Valid until", moment(left.not_after), moment(right.not_after))
    yield pair("Key", left.key.label, right.key.label)
    yield pair("Signature", left.signature_algorithm, right.signature_algorithm)
    yield pair("Version", _version(left), _version(right))
    yield pair("Undecodable", _problems(left), _problems(right))
    yield from _extension_rows(left, right)
    yield pair("SPKI SHA-256", left.key.spki_sha256.hex(), right.key.spki_sha256.hex())
    yield pair("SHA-256", left.sha256.hex(), right.sha256.hex())


def _told(certificate: Certificate | None) -> str | None:
    """A certificate in one sentence, for where there is none to compare it with."""
    if certificate is None:
        return None
    issuer = certificate.issuer.common_name or certificate.issuer.rfc4514 or "nobody"
    return (
        f"{certificate.display_name[:200]}, issued by {issuer[:200]}, "
        f"valid until {moment(certificate.not_after)}, SHA-256 {certificate.sha256.hex()}"
    )


def _serial(certificate: Certificate) -> str:
    return f"{certificate.serial:x}" if certificate.serial is not None else "unreadable"


def _version(certificate: Certificate) -> str:
    return f"v{certificate.version}" if certificate.version is not None else "unreadable"


def _problems(certificate: Certificate) -> str | None:
    return "; ".join(certificate.problems) or None


def _extension_rows(left: Certificate, right: Certificate) -> Iterator[Row]:
    lefts = numbered((each.oid, each) for each in left.extensions)
    rights = numbered((each.oid, each) for each in right.extensions)
    keys = keys_of(lefts, rights)
    for key in keys[:_MOST_EXTENSIONS]:
        before, after = lefts.get(key), rights.get(key)
        known = before or after
        assert known is not None
        words, other_words = _words(before), _words(after)
        reads_alike = words == other_words and before != after
        if (
            before is not None
            and after is not None
            and reads_alike
            and not _is_told_by_names(key, left, right)
        ):
            words, other_words = f"{words} ({_octets(before)})", f"{other_words} ({_octets(after)})"
        yield pair(known.name, words, other_words)
    if len(keys) > _MOST_EXTENSIONS:
        yield pair("Extensions in all", str(len(lefts)), str(len(rights)))


def _words(extension: Extension | None) -> str | None:
    if extension is None:
        return None
    critical = "critical; " if extension.critical else ""
    # The alternative names have a section of their own.
    said = "see Names" if extension.oid == SUBJECT_ALT_NAME else "; ".join(extension.lines)
    return f"{critical}{said}"


def _is_told_by_names(key: tuple[str, int], left: Certificate, right: Certificate) -> bool:
    return key[0] == SUBJECT_ALT_NAME and set(map(name_key, left.san)) != set(map(name_key, right.san))


def _octets(extension: Extension) -> str:
    """What tells extensions apart that read alike, such as the same names in another order."""
    return f"{len(extension.value)} octets, SHA-256 {hashlib.sha256(extension.value).hexdigest()}"


def _unused_rows(left: Report, right: Report) -> Iterator[Row]:
    lefts, rights = _unused(left), _unused(right)
    keys = keys_of(lefts, rights)
    for key in keys[:_MOST_UNUSED]:
        yield pair("Certificate", _told(lefts.get(key)), _told(rights.get(key)))
    if len(keys) > _MOST_UNUSED:
        yield pair("In all", str(len(lefts)), str(len(rights)))


def _unused(report: Report) -> dict[bytes, Certificate]:
    return {report.chain[index].sha256: report.chain[index] for index in sorted(report.unused)}
