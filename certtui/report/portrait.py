"""What a report says in labelled values, for the documents that show it; raw text. It formats and judges nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from certtui.core.catalogue import Badge, Category, badge_of
from certtui.core.certificate import Certificate
from certtui.core.evidence import Loaded, Reached, Unreachable
from certtui.core.finding import Fact, Finding
from certtui.core.moments import duration, moment
from certtui.core.name_rows import shown_name
from certtui.core.paths import Link, Source
from certtui.core.report import Report, Verdict

MOST_NAMES = 100
"""Names of one certificate that are listed; the rest are counted."""
_VERDICTS = {
    Verdict.TRUSTED: "Trusted: no error was found.",
    Verdict.REJECTED: "Rejected: mainstream clients refuse.",
    Verdict.UNREACHABLE: "No certificate was seen.",
}


class Standing(Enum):
    """What a certificate is in the chain as built against as sent."""

    SENT = "sent"
    ADDED = "not sent"
    ANCHOR = "trusted root"
    MISSING = "missing"
    UNUSED = "not used"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One certificate of the chain as built, or one that was sent and is not part of it."""

    standing: Standing
    name: str
    number: int | None
    """Its place among the certificates as sent, 1-based; None if it was not sent."""
    note: str
    """What it is, in a few words."""
    faults: tuple[Finding, ...] = ()
    """What is wrong with it, one finding for each badge."""
    certificate: Certificate | None = None
    """None for one that was not found."""


def label_of(report: Report) -> str:
    """Return what to call a report: its target as given, else the name that was judged."""
    return report.evidence.target.label if report.evidence is not None else report.host or "chain"


def verdict_sentence(report: Report) -> str:
    """Return the verdict in a sentence."""
    warned = report.verdict is Verdict.TRUSTED and report.badge is not Category.TRUSTED
    return _VERDICTS[report.verdict] + (" There are warnings." if warned else "")


def badge_words(report: Report) -> str:
    """Return the words of all badges, the gravest first."""
    return ", ".join(report.shown_badge(category).word for category in report.badges)


def life_left(report: Report, certificate: Certificate) -> str:
    """Return how long a certificate has left, as of the moment of the report."""
    before, after = certificate.not_before, certificate.not_after
    if before is None or after is None:
        return "unreadable dates"
    if report.now < before:
        return f"begins in {duration(before - report.now)}"
    if report.now > after:
        return f"ended {duration(report.now - after)} ago"
    return f"{duration(after - report.now)} left"


def certificate_facts(report: Report, certificate: Certificate) -> Iterator[Fact]:
    """Yield the facts of a certificate that people ask for first; its names are apart."""
    serial = certificate.serial
    yield Fact("Subject", certificate.subject.rfc4514 or "empty")
    yield Fact("Issuer", certificate.issuer.rfc4514 or "empty")
    yield Fact("Serial", f"{serial:x}" if serial is not None else "unreadable")
    yield Fact("Valid from", moment(certificate.not_before))
    yield Fact("Valid until", f"{moment(certificate.not_after)}, {life_left(report, certificate)}")
    yield Fact("Key", certificate.key.label)
    yield Fact("Signature", certificate.signature_algorithm)
    yield Fact("SHA-256", certificate.sha256.hex(":").upper())
    yield Fact("SPKI SHA-256", certificate.key.spki_sha256.hex(":").upper())
    for problem in certificate.problems[:20]:
        yield Fact("Undecodable", problem)


def names_of(certificate: Certificate, most: int = MOST_NAMES) -> tuple[tuple[str, ...], int]:
    """Return the first alternative names as `DNS:name`, and how many more there are."""
    return tuple(map(shown_name, certificate.san[:most])), max(0, len(certificate.san) - most)


def observation_facts(report: Report) -> Iterator[Fact]:
    """Yield when and how it was looked at."""
    if report.host is not None:
        yield Fact("Judged for", report.host)
    yield Fact("Judged at", moment(report.now))
    if report.evidence is None:
        return
    yield Fact("Observed", moment(report.evidence.observed_at))
    match report.evidence.observation:
        case Reached(connection=connection):
            yield Fact("Address", f"{connection.address} port {connection.port}")
            yield Fact("Asked for", connection.server_name or "no server name")
            settled = [connection.protocol, connection.cipher, connection.group, connection.alpn]
            yield Fact("Settled on", ", ".join(value for value in settled if value) or "nothing")
        case Unreachable(failure=failure, address=address):
            yield Fact("Address", address or "none")
            yield Fact("Ended at", failure.stage)
        case Loaded(path=path, skipped=skipped):
            yield Fact("File", path)
            if skipped:
                yield Fact("Not read", ", ".join(skipped))


def chain_steps(report: Report) -> Iterator[Step]:
    """Yield the chain as built, leaf first, the issuer that is missing, and what was sent and is not used."""
    best = report.best_path
    for depth, link in enumerate(best.links if best is not None else ()):
        yield _step(report, link, depth)
    missing = report.missing_issuer
    if missing is not None:
        name = missing.common_name or missing.rfc4514 or "an issuer without a name"
        note = "missing: neither sent nor in the store"
        yield Step(standing=Standing.MISSING, name=name, number=None, note=note)
    for index in sorted(report.unused):
        certificate = report.chain[index]
        first = report.chain.index(certificate)
        again = f", the same as {first + 1}" if first != index else ""
        yield Step(
            standing=Standing.UNUSED,
            name=certificate.display_name,
            number=index + 1,
            note=f"not used{again}",
            certificate=certificate,
        )


def _step(report: Report, link: Link, depth: int) -> Step:
    standing, note = _standing(link, depth)
    faults: dict[Badge, Finding] = {}
    for finding in report.findings:
        if link.index is not None and finding.certificate == link.index:
            faults.setdefault(badge_of(finding.code), finding)
    return Step(
        standing=standing,
        name=link.certificate.display_name,
        number=link.index + 1 if link.index is not None else None,
        note=note,
        faults=tuple(faults.values()),
        certificate=link.certificate,
    )


def _standing(link: Link, depth: int) -> tuple[Standing, str]:
    if link.source is Source.POOL:
        return Standing.ADDED, "not sent, known from elsewhere"
    if link.source is Source.ANCHOR:
        is_sent = link.index is not None
        return Standing.ANCHOR, "trusted root, " + ("sent needlessly" if is_sent else "from the store")
    if depth and link.certificate.is_self_signed:
        return Standing.SENT, "root, not trusted"
    return Standing.SENT, "issuer" if depth else "the server's own"
