"""Texts that leave the explorer: what can be copied. It touches no widget."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from certtui.core.moments import moment
from certtui.core.text import visible

if TYPE_CHECKING:
    from certtui.core.certificate import Certificate
    from certtui.core.report import Report


@dataclass(frozen=True, slots=True)
class Copyable:
    """Something to copy."""

    letter: str
    what: str
    """Completes "Copied …"."""
    text: str


def copyables(report: Report, certificate: Certificate) -> list[Copyable]:
    """Return what can be copied of a report and one of its certificates, PEM of the certificate first; nothing empty.

    PEM is encoded anew from the DER; names are made visible, so that what is pasted cannot act on a terminal.
    """
    chain = "".join(each.to_pem() for each in report.chain)
    names = "\n".join(visible(name.value) for name in certificate.san)
    offered = [
        pem(certificate),
        Copyable("c", f"PEM of the chain as sent ({len(report.chain)})", chain),
        Copyable("f", "SHA-256 fingerprint", certificate.sha256.hex(":").upper()),
        Copyable("k", "SHA-256 of the public key (SPKI)", certificate.key.spki_sha256.hex()),
        Copyable("s", "subject", visible(certificate.subject.rfc4514)),
        Copyable("i", "issuer", visible(certificate.issuer.rfc4514)),
        Copyable("n", "names", names),
        Copyable("t", "what was found, as text", _findings(report)),
        Copyable("j", "the report as JSON", report.to_json()),
    ]
    return [item for item in offered if item.text]


def pem(certificate: Certificate) -> Copyable:
    """Return a certificate as PEM, to copy."""
    return Copyable("p", "PEM of this certificate", certificate.to_pem())


def _findings(report: Report) -> str:
    """The whole report in plain lines, as `certtui check` prints it."""
    from certtui.report.text import TextWriter  # few copy it

    return f"{TextWriter(width=100).report(report)}  judged at {moment(report.now)}\n"
