"""A report in words, line by line, for the detail pane: findings first, then everything that is known."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.certificate import Certificate
from certtui.core.evidence import Loaded, Reached, Timing, Unreachable
from certtui.core.finding import Finding
from certtui.core.moments import duration, moment, share_left
from certtui.core.name_rows import shown_name
from certtui.core.names import as_unicode
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.core.text import shortened
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.life import life_bar
from certtui.ui.drawing.lines import Indented, Ink, Piece, line
from certtui.ui.drawing.render import SEVERITY_INK, badge_ink
from certtui.ui.rows import Row

_BLANK: Indented = (line(), 0)
_LABEL_WIDTH = 13
_MOST_NAMES = 30
_MOST_CHARACTERS = 600
_BAR_CELLS = 24


def describe(
    report: Report, certificate: Certificate | None, index: int | None, glyphs: Glyphs
) -> list[Indented]:
    """Return the detail of a report, with one of its certificates in full."""
    lines = list(_findings(report, glyphs))
    if certificate is not None:
        lines += _certificate(report, certificate, index, glyphs)
    lines += _connection(report)
    lines += _unchecked(report)
    return lines


def describe_row(row: Row) -> list[Indented]:
    """Return a host's full name, which the list may cut, and what the user's own files say of it."""
    target = row.target
    unicode_form = as_unicode(target.host) if isinstance(target, HostTarget) else None
    lines: list[Indented] = [
        (line(Piece(target.label, Ink.TITLE), Piece(f"  {unicode_form}" if unicode_form else "")), 2)
    ]
    labels = [row.labels.group or "", *(f"+{tag}" for tag in row.labels.tags)]
    said = "  ".join(filter(None, labels))
    if said:
        lines.append((line(Piece(said, Ink.MUTED)), 0))
    if row.changed_at is not None:
        lines.append(_labelled("Changed", f"{moment(row.changed_at)}; l has the log of changes"))
    return lines


def _findings(report: Report, glyphs: Glyphs) -> Iterator[Indented]:
    badge = report.shown_badge(report.badge)
    yield (
        line(Piece(f"{glyphs.badge(badge)} {badge.word}", badge_ink(report)), *_other_badges(report)),
        2,
    )
    if not report.findings:
        yield line(Piece("No fault was found.", Ink.GOOD)), 0
    for finding in report.findings:
        yield _BLANK
        yield from finding_lines(report, finding)
    yield _BLANK


def _other_badges(report: Report) -> Iterator[Piece]:
    for category in report.badges[1:]:
        yield Piece(f"  {report.shown_badge(category).word}", Ink.STRONG)


def finding_lines(report: Report, finding: Finding) -> Iterator[Indented]:
    """Yield a finding with its code, the certificate it is about and the values that were compared."""
    ink = SEVERITY_INK[finding.severity]
    where = ""
    if finding.certificate is not None and len(report.chain) > 1:
        where = f"  certificate {finding.certificate + 1}"
    yield (
        line(Piece(finding.title, ink), Piece(f"  {finding.severity} · {finding.code}{where}", Ink.MUTED)),
        2,
    )
    yield line(Piece(f"  {shortened(finding.summary, _MOST_CHARACTERS)}")), 2
    for fact in finding.evidence:
        yield line(Piece(f"  {fact.label}: ", Ink.MUTED), Piece(shortened(fact.value, _MOST_CHARACTERS))), 4


def _certificate(
    report: Report, certificate: Certificate, index: int | None, glyphs: Glyphs
) -> Iterator[Indented]:
    place = f"certificate {index + 1} of {len(report.chain)} sent" if index is not None else "not sent"
    yield line(Piece(certificate.display_name, Ink.TITLE), Piece(f"  {place}", Ink.MUTED)), 2
    yield _labelled("Subject", certificate.subject.rfc4514 or "empty")
    yield _labelled("Issuer", certificate.issuer.rfc4514 or "empty")
    serial = certificate.serial
    yield _labelled("Serial", f"{serial:x}" if serial is not None else "unreadable")
    yield from _validity(report, certificate, glyphs)
    yield from _names(certificate)
    yield _labelled("Key", certificate.key.label)
    yield _labelled("Signature", certificate.signature_algorithm)
    yield _labelled("Version", f"v{certificate.version}" if certificate.version is not None else "unreadable")
    for problem in certificate.problems:
        yield _labelled("Undecodable", problem)
    yield _BLANK
    yield from _extensions(certificate)
    yield _labelled("SHA-256", _hexadecimal(certificate.sha256))
    yield _labelled("SHA-1", _hexadecimal(certificate.sha1))
    yield _labelled("SPKI SHA-256", _hexadecimal(certificate.key.spki_sha256))
    yield _BLANK


def _validity(report: Report, certificate: Certificate, glyphs: Glyphs) -> Iterator[Indented]:
    before, after = certificate.not_before, certificate.not_after
    yield _labelled("Valid from", moment(before))
    yield _labelled("Valid until", moment(after))
    share = share_left(before, after, report.now)
    if before is None or after is None or share is None:
        return
    if share > 1:
        said = f"begins in {duration(before - report.now)}"
    elif share < 0:
        said = f"ended {duration(report.now - after)} ago"
    else:
        said = f"{duration(after - report.now)} left, {share:.0%} of its {duration(after - before)}"
    yield line(_label("Life left"), life_bar(share, _BAR_CELLS, glyphs), Piece(f" {said}")), _LABEL_WIDTH


def _names(certificate: Certificate) -> Iterator[Indented]:
    if not certificate.has_san:
        yield _labelled("Names", "no subject alternative names")
        return
    names = certificate.san
    shown = map(shown_name, names[:_MOST_NAMES])
    more = f", +{len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    yield _labelled(f"Names ({len(names)})", ", ".join(shown) + more, most=4_000)


def _extensions(certificate: Certificate) -> Iterator[Indented]:
    if certificate.extensions:
        yield line(Piece("Extensions", Ink.STRONG)), 0
    for extension in certificate.extensions:
        critical = Piece(" critical", Ink.WARNING) if extension.critical else Piece("")
        yield line(Piece(f"  {extension.name}", Ink.MUTED), critical), 2
        said = extension.lines
        for text in said[:8]:
            yield line(Piece(f"    {shortened(text, _MOST_CHARACTERS)}")), 6
        if len(said) > 8:
            yield line(Piece(f"    … {len(said) - 8} more lines", Ink.MUTED)), 6
    if certificate.extensions:
        yield _BLANK


def _connection(report: Report) -> Iterator[Indented]:
    if report.evidence is None:
        return
    match report.evidence.observation:
        case Reached(connection=connection):
            yield line(Piece("Connection", Ink.STRONG)), 0
            yield _labelled("Address", f"{connection.address} port {connection.port}")
            yield _labelled("Asked for", connection.server_name or "no server name")
            settled = [connection.protocol, connection.cipher, connection.group, connection.alpn]
            yield _labelled("Settled on", ", ".join(value for value in settled if value) or "nothing")
            if connection.client_certificate_requested:
                yield _labelled("It asked for", "a client certificate")
            yield _labelled("Took", _timing(connection.timing))
        case Unreachable(failure=failure, address=address):
            yield line(Piece("Connection", Ink.STRONG)), 0
            yield _labelled("Address", address or "none")
            yield _labelled("Ended at", failure.stage)
        case Loaded(path=path, skipped=skipped):
            yield line(Piece("File", Ink.STRONG)), 0
            yield _labelled("Path", path)
            if skipped:
                yield _labelled("Not read", ", ".join(skipped))
    yield _labelled("Observed", moment(report.evidence.observed_at))
    yield _BLANK


def _timing(timing: Timing) -> str:
    phases = (
        ("resolve", timing.resolve_seconds),
        ("connect", timing.connect_seconds),
        ("STARTTLS", timing.starttls_seconds),
        ("handshake", timing.handshake_seconds),
    )
    return (
        ", ".join(f"{name} {seconds * 1000:.0f} ms" for name, seconds in phases if seconds is not None)
        or "unknown"
    )


def _unchecked(report: Report) -> Iterator[Indented]:
    if report.unchecked:
        yield line(Piece("Not checked", Ink.STRONG)), 0
    for unchecked in report.unchecked:
        yield line(Piece(f"  {unchecked.what}: ", Ink.MUTED), Piece(unchecked.why)), 4


def _label(text: str) -> Piece:
    return Piece(f"{text:<{_LABEL_WIDTH}}", Ink.MUTED)


def _labelled(label: str, value: str, most: int = _MOST_CHARACTERS) -> Indented:
    return line(_label(label), Piece(shortened(value, most))), _LABEL_WIDTH


def _hexadecimal(octets: bytes) -> str:
    return octets.hex(":").upper()
