"""One certificate against the Baseline Requirements, judged by pkilint where that is installed.

It takes some tenths of a second, and pkilint half a second more to be imported: it must never run on an event loop.
What a hostile certificate may cost pkilint is not known either, so `worker` runs it in a process that can be ended.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.evidence import Unchecked
from certtui.core.finding import Fact, Finding, finding

NOT_INSTALLED = Unchecked("Baseline Requirements", "pkilint is not installed: pip install 'certtui[lint]'")
_BREACHES = frozenset({"FATAL", "ERROR"})
"""How pkilint calls a breach of a rule that the Baseline Requirements put as a must."""
_REMARKS = frozenset({"WARNING", "NOTICE"})
_OWN_FAULT = "base.unhandled_exception"
"""What pkilint calls a fault of its own, which says nothing of the certificate."""
_FACTS_AT_MOST = 40
_MESSAGE_AT_MOST = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class _Result:
    rule: str
    severity: str
    place: str
    message: str

    def as_fact(self) -> Fact:
        more = f": {self.message[:_MESSAGE_AT_MOST]}" if self.message else ""
        return Fact(self.rule, f"{self.severity.lower()} at {self.place}{more}")


def is_installed() -> bool:
    """Return whether pkilint can be used."""
    return find_spec("pkilint") is not None


def lint(octets: bytes, certificate: int | None = None) -> tuple[Finding, ...] | Unchecked:
    """Return the rules that a certificate in DER breaks: breaches in one finding, remarks in another.

    pkilint's profile for TLS servers is applied, for the kind of certificate that pkilint takes it for. The rules
    bind public CAs only; whether the certificate is one's, the caller must know.
    """
    if not is_installed():
        return NOT_INSTALLED
    try:
        results = _results(octets)
    except (
        Exception
    ) as problem:  # whatever a stranger's certificate makes of pkilint, it is about that certificate
        why = str(problem).partition("\n")[0][:_MESSAGE_AT_MOST]
        return Unchecked("Baseline Requirements", f"pkilint cannot read the certificate: {why}")
    name = Certificate.of(octets).display_name
    breaches = [result for result in results if result.severity in _BREACHES]
    remarks = [result for result in results if result.severity in _REMARKS]
    found = []
    if breaches:
        summary = f"pkilint finds that {name} breaks {_counted(breaches, 'rule')} for public CAs"
        found.append(_finding(summary, breaches, Severity.WARNING, certificate))
    if remarks:
        summary = f"pkilint has {_counted(remarks, 'remark')} on {name}"
        found.append(_finding(summary, remarks, Severity.NOTICE, certificate))
    return tuple(found)


def _counted(results: list[_Result], noun: str) -> str:
    return f"{len(results)} {noun}{'s' if len(results) != 1 else ''}"


def _finding(summary: str, results: list[_Result], severity: Severity, certificate: int | None) -> Finding:
    first = results[0].rule if len(results) == 1 else f"the first is {results[0].rule}"
    return finding(
        Code.LINT,
        f"{summary}: {first}",
        *(result.as_fact() for result in results[:_FACTS_AT_MOST]),
        Fact("judged by", _judge()),
        certificate=certificate,
        severity=severity,
    )


def _judge() -> str:
    from pkilint.cabf.serverauth.serverauth_constants import BR_VERSION

    return f"pkilint {version('pkilint')}, by the Baseline Requirements {BR_VERSION} whenever it was issued"


def _results(octets: bytes) -> list[_Result]:
    from pkilint import finding_filter, loader
    from pkilint.cabf import serverauth
    from pkilint.pkix.certificate import create_pkix_certificate_validator_container

    # It logs its own faults with their traces, which would end up on the screen.
    logging.getLogger("pkilint").disabled = True
    logging.getLogger("pkilint.validation").disabled = True
    document = loader.RFC5280CertificateDocumentLoader().load_der_document(octets, "certificate")
    kind = serverauth.determine_certificate_type(document)
    validator = create_pkix_certificate_validator_container(
        serverauth.create_decoding_validators(), serverauth.create_validators(kind)
    )
    filters = serverauth.create_serverauth_finding_filters(kind)
    outcomes, _ = finding_filter.filter_results(filters, validator.validate(document.root))
    return list(
        _distinct(
            _Result(
                rule=str(description.finding.code),
                severity=str(description.finding.severity),
                place=str(outcome.node.path),
                message=str(description.message or ""),
            )
            for outcome in outcomes
            for description in outcome.finding_descriptions
        )
    )


def _distinct(results: Iterable[_Result]) -> Iterable[_Result]:
    return (result for result in dict.fromkeys(results) if result.rule != _OWN_FAULT)
