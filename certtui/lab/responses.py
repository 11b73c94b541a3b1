"""OCSP responses of the lab's CAs (RFC 6960)."""

from __future__ import annotations

from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp

from certtui.lab.pki import Authority, Issued

LASTS = timedelta(days=7)


def ocsp_response(
    about: Issued, issuer: Authority, now: datetime, *, revoked_at: datetime | None = None
) -> bytes:
    """Return the issuer's own word on a certificate in DER, good for a week from an hour before `now`."""
    status = ocsp.OCSPCertStatus.GOOD if revoked_at is None else ocsp.OCSPCertStatus.REVOKED
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=about.certificate,
        issuer=issuer.certificate,
        algorithm=hashes.SHA1(),  # noqa: S303 - what responders use to name certificates (RFC 5019 §2.1.1)
        cert_status=status,
        this_update=now - timedelta(hours=1),
        next_update=now + LASTS,
        revocation_time=revoked_at,
        revocation_reason=None if revoked_at is None else x509.ReasonFlags.key_compromise,
    )
    signed = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, issuer.certificate).sign(
        issuer.key, hashes.SHA256()
    )
    return signed.public_bytes(serialization.Encoding.DER)
