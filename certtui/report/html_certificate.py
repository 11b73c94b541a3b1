"""Certificates in detail as HTML, each once however many hosts send it. It judges nothing."""

from __future__ import annotations

from collections.abc import Iterator

from certtui.core.certificate import Certificate
from certtui.core.extensions import SUBJECT_ALT_NAME, Extension
from certtui.core.report import Report
from certtui.report.html_text import Markup, code, element, facts, folded, joined, preformatted
from certtui.report.portrait import certificate_facts, names_of

MOST_OCTETS_IN_FULL = 8_000_000
"""Of HTML for certificates; those beyond are shown by their facts alone, so that the file still opens."""
_MOST_EXTENSIONS = 40
_MOST_LINES = 12
_MOST_OCTETS = 64 * 1024


class Catalogue:
    """The certificates of a document, by number; whoever shows one again refers to it."""

    def __init__(self, *, most_octets: int = MOST_OCTETS_IN_FULL) -> None:
        self._numbers: dict[bytes, int] = {}
        self._octets_left = most_octets

    def details(self, report: Report, certificate: Certificate, heading: str) -> Markup:
        """Return a certificate in detail, or where it stands already."""
        known = self._numbers.get(certificate.sha256)
        if known is not None:
            target = f"#certificate-{known}"
            again = element("a", "the same certificate as above", href=target)
            return element("p", f"{heading}: ", code(certificate.display_name, most=200), " — ", again)
        number = self._numbers[certificate.sha256] = len(self._numbers) + 1
        name = element("span", heading, ": ", code(certificate.display_name, most=200))
        # The id is within: a browser opens what is folded around the place that a link leads to.
        parts = _details(report, certificate) if self._octets_left > 0 else _in_short(report, certificate)
        body = element("div", *parts, id=f"certificate-{number}", class_="folded")
        self._octets_left -= len(body.encode())
        return folded(name, body)


def _in_short(report: Report, certificate: Certificate) -> Iterator[Markup]:
    yield _facts(report, certificate)
    yield element("p", "The document is too large for the rest; export fewer hosts for it.", class_="muted")


def _facts(report: Report, certificate: Certificate) -> Markup:
    return facts((fact.label, code(fact.value)) for fact in certificate_facts(report, certificate))


def _details(report: Report, certificate: Certificate) -> Iterator[Markup]:
    yield _facts(report, certificate)
    yield _names(certificate)
    if certificate.extensions:
        yield element("h5", "Extensions")
        yield facts(_extension(each) for each in certificate.extensions[:_MOST_EXTENSIONS])
    if len(certificate.extensions) > _MOST_EXTENSIONS:
        yield element("p", f"… {len(certificate.extensions) - _MOST_EXTENSIONS} more extensions")
    yield element("h5", "PEM")
    if len(certificate.der) > _MOST_OCTETS:
        yield element("p", f"{len(certificate.der)} octets are too many to be shown here.")
    else:
        yield preformatted(certificate.to_pem())


def _names(certificate: Certificate) -> Markup:
    if not certificate.has_san:
        return element("p", "It has no subject alternative names.")
    names, more = names_of(certificate)
    items = [element("li", code(name, most=300)) for name in names]
    if more:
        items.append(element("li", f"… {more} more"))
    heading = element("h5", f"Names ({len(certificate.san)})")
    return joined((heading, element("ul", *items, class_="names")))


def _extension(extension: Extension) -> tuple[str, Markup]:
    critical = " (critical)" if extension.critical else ""
    if extension.oid == SUBJECT_ALT_NAME:
        return f"{extension.name}{critical}", element("span", "see the names above")
    said = extension.lines
    rows = [element("span", code(text), class_="row") for text in said[:_MOST_LINES]]
    if len(said) > _MOST_LINES:
        rows.append(element("span", f"… {len(said) - _MOST_LINES} more lines", class_="row"))
    return f"{extension.name}{critical}", joined(rows)
