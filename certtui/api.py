"""The public interface: `diagnose` judges a chain that is given, `inspect` fetches one first."""

from __future__ import annotations

import binascii
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Category, Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_chain, diagnose_evidence
from certtui.core.evidence import RevocationData, Unchecked
from certtui.core.finding import Fact, Finding
from certtui.core.log_list import read_log_list
from certtui.core.paths import Path
from certtui.core.report import Report, Verdict

if TYPE_CHECKING:
    from certtui.core.target import Target
    from certtui.probe.settings import ProbeSettings

__all__ = [
    "Category",
    "Code",
    "Fact",
    "Finding",
    "Path",
    "Report",
    "Severity",
    "Unchecked",
    "Verdict",
    "diagnose",
    "inspect",
]

CertificateLike = bytes | x509.Certificate


def diagnose(
    chain: Sequence[CertificateLike],
    *,
    host: str | None = None,
    anchors: Sequence[CertificateLike] | AnchorStore | None = None,
    now: datetime | None = None,
    pool: Sequence[CertificateLike] = (),
    crls: Sequence[bytes] = (),
    ocsp: Sequence[bytes] = (),
    stapled_ocsp: bytes | None = None,
    ct_logs: object | None = None,
    purpose: str | None = "server",
) -> Report:
    """Return every fault of `chain`, in DER or as certificates, as sent, leaf first.

    `host` is a DNS name or an IP literal; None leaves names unjudged. `anchors` None means Mozilla's, read once.
    `now` is aware, None means this moment. `pool` holds certificates that may complete a path. `purpose` None
    leaves the extended key usage unjudged. Never touches the network and never raises on odd certificates.

    `crls` and `ocsp` are revocation lists and OCSP responses in DER; with any CRL given, a leaf that no usable one
    covers is a fault. `stapled_ocsp` None means that the server staples none. `ct_logs` is a log list (Google's
    version 3) as JSON text or parsed; None leaves the signatures and operators of timestamps unchecked.
    Certificates may be in PEM as well.

    Raises `ValueError` for a naive `now`, and for `ct_logs` that are no log list.
    """
    if now is not None and now.tzinfo is None:
        raise ValueError("now has no time zone: write datetime.now(timezone.utc) or the like")
    try:
        now = (now or datetime.now(UTC)).astimezone(UTC)
    except OverflowError:
        raise ValueError(f"now is beyond the years that can be told in UTC: {now}") from None
    return diagnose_chain(
        [_certificate(each) for each in chain],
        host=host,
        anchors=_store(anchors),
        now=now,
        pool=[_certificate(each) for each in pool],
        purpose=purpose,
        revocation=RevocationData(
            crls=tuple(crls),
            responses=tuple(ocsp),
            stapled=stapled_ocsp,
            is_staple_known=True,
            is_demanded=bool(crls),
        ),
        ct_logs=read_log_list(ct_logs) if ct_logs is not None else None,
    )


async def inspect(target: str | Target, *, settings: ProbeSettings | None = None) -> Report:
    """Return the diagnosis of what `target` serves now, against Mozilla's anchors.

    `target` is what a user would write, such as `example.com:8443`. Raises `ValueError` for a text that names no
    target; whatever a server does is in the report.
    """
    from certtui.core.target import TargetProblem, parse_target
    from certtui.probe.observe import observe
    from certtui.probe.settings import ProbeSettings

    parsed = parse_target(target) if isinstance(target, str) else target
    if isinstance(parsed, TargetProblem):
        raise ValueError(parsed.message)
    evidence = await observe(parsed, settings or ProbeSettings())
    return diagnose_evidence(evidence, anchors=_store(None))


_ARMOUR = re.compile(rb"-----BEGIN ((?:X509 )?CERTIFICATE)-----([A-Za-z0-9+/=\s]*)-----END \1-----")


def _certificate(given: CertificateLike) -> Certificate:
    if not isinstance(given, bytes):
        return Certificate.of(given.public_bytes(Encoding.DER))
    armoured = None if given[:1] == b"0" else _ARMOUR.search(given)
    if armoured is not None:
        try:
            return Certificate.of(binascii.a2b_base64(armoured[2]))
        except binascii.Error:
            pass  # then the diagnosis says that it is no certificate
    return Certificate.of(given)


def _store(anchors: Sequence[CertificateLike] | AnchorStore | None) -> AnchorStore:
    if anchors is None:
        from certtui.trust.store import default_store

        return default_store()
    if isinstance(anchors, AnchorStore):
        return anchors
    return AnchorStore.of_certificates(map(_certificate, anchors), label="the anchors given")
