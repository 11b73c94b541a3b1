"""The chain that a server should send instead of the one it sends, put together from the best path."""

from __future__ import annotations

from certtui.core.certificate import Certificate
from certtui.core.report import Report


def repaired_chain(report: Report) -> tuple[Certificate, ...] | str:
    """Return what to install: leaf first, each followed by its issuer, without the root (RFC 8446 §4.4.2).

    It repairs the chain, not its certificates: what has expired or is for other names stays so. Where the chain
    cannot be completed with what is known, the reason is returned; raw text.
    """
    path = report.best_path
    if path is None:
        return "no certificate was seen"
    if path.broken:
        first = path.links[min(path.broken)].certificate
        return f"the signature on {first.display_name} does not verify"
    if path.is_cut:
        return "the path is too long to follow"
    missing = report.missing_issuer
    if missing is not None:
        return f"the issuer {missing.common_name or missing.rfc4514 or 'without a name'} was not found"
    certificates = path.certificates
    if len(certificates) == 1:
        return certificates
    kept = certificates[:-1] if _is_root(path.last) else certificates
    mistaken = next((each for each in kept if _is_taken_for_root(each)), None)
    if mistaken is not None:
        return (
            f"{mistaken.display_name} is issued under its own name by another key, and its key identifiers do not say "
            "so: OpenSSL takes it for a root and looks no further"
        )
    return kept


def _is_taken_for_root(certificate: Certificate) -> bool:
    """Whether OpenSSL believes a certificate to be self-signed, whoever signed it (X509_self_signed)."""
    return certificate.is_self_issued and not certificate.names_another_key_than(certificate)


def _is_root(certificate: Certificate) -> bool:
    """Clients have roots themselves; an anchor that another CA signed may be one that only few of them know."""
    return certificate.is_self_signed or certificate.claims_to_sign_itself
