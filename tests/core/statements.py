"""CRLs and OCSP responses of every kind, good and bad, and OpenSSL as their independent judge."""

from __future__ import annotations

import re
import ssl
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from certtui.core import der
from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.revocation import path_revocation
from certtui.core.evidence import RevocationData
from certtui.core.finding import Finding
from certtui.core.paths import find_paths
from certtui.lab.pki import Issued
from tests.core.examples import ISSUER, NOW, ROOT
from tests.core.forge import tlv

DAY = timedelta(days=1)
ECDSA_WITH_SHA256 = bytes.fromhex("300a06082a8648ce3d040302")
ECDSA_WITH_SHA1 = bytes.fromhex("300906072a8648ce3d0401")
CRL_NUMBER, REASON, INVALIDITY = "551d14", "551d15", "551d18"
DELTA, SCOPE, ENTRY_ISSUER, KEY_ID = "551d1b", "551d1c", "551d1d", "551d23"
_CRL_ERROR = re.compile(r"^error (\d+) at \d+ depth lookup", re.MULTILINE)


def integer(value: int) -> bytes:
    """Return an INTEGER in DER."""
    bits = value if value >= 0 else ~value
    return tlv(der.INTEGER, value.to_bytes(bits.bit_length() // 8 + 1, "big", signed=True))


def moment(when: datetime) -> bytes:
    """Return a time as RFC 5280 §4.1.2.5 writes it."""
    if when.year < 2050:
        return tlv(der.UTC_TIME, when.strftime("%y%m%d%H%M%SZ").encode())
    return tlv(der.GENERALIZED_TIME, when.strftime("%Y%m%d%H%M%SZ").encode())


def extension(oid: str, value: bytes, *, critical: bool = False) -> bytes:
    """Return an Extension; the OID is given by its content octets."""
    flag = tlv(der.BOOLEAN, b"\xff") if critical else b""
    return tlv(der.SEQUENCE, tlv(der.OID, bytes.fromhex(oid)), flag, tlv(der.OCTET_STRING, value))


def entry(serial: int, *more: bytes, when: datetime = NOW - DAY, reason: int | None = None) -> bytes:
    """Return an entry of a CRL, with more extensions."""
    if reason is not None:
        more = (extension(REASON, tlv(0x0A, bytes((reason,)))), *more)
    return tlv(der.SEQUENCE, integer(serial), moment(when), *([tlv(der.SEQUENCE, *more)] if more else []))


def names(*general: bytes) -> bytes:
    """Return the fullName of a distribution point, as it stands in its wrapper."""
    return tlv(0xA0, tlv(0xA0, *general))


def url(text: str) -> bytes:
    """Return the GeneralName of a URL."""
    return tlv(0x86, text.encode())


def directory(issued: Issued) -> bytes:
    """Return the GeneralName of a subject."""
    return tlv(0xA4, issued.certificate.subject.public_bytes())


def scope(*fields: bytes, critical: bool = True) -> bytes:
    """Return an issuingDistributionPoint."""
    return extension(SCOPE, tlv(der.SEQUENCE, *fields), critical=critical)


def make_crl(
    issuer: Issued,
    *entries: bytes,
    begins: datetime = NOW - DAY,
    ends: datetime | None = NOW + DAY,
    number: int | None = 7,
    extensions: Sequence[bytes] = (),
    version: int | None = 1,
    signer: Issued | None = None,
    algorithm: bytes = ECDSA_WITH_SHA256,
    outer_algorithm: bytes | None = None,
    digest: hashes.HashAlgorithm | None = None,
) -> bytes:
    """Return a CRL by the subject of `issuer`, signed with its key or another's, whatever it holds."""
    key = (signer or issuer).key
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    more = [extension(CRL_NUMBER, integer(number))] if number is not None else []
    more += extensions
    tbs = tlv(
        der.SEQUENCE,
        integer(version) if version is not None else b"",
        algorithm,
        issuer.certificate.subject.public_bytes(),
        moment(begins),
        moment(ends) if ends is not None else b"",
        tlv(der.SEQUENCE, *entries) if entries else b"",
        tlv(0xA0, tlv(der.SEQUENCE, *more)) if more else b"",
    )
    signature = key.sign(tbs, ec.ECDSA(digest or hashes.SHA256()))
    bits = tlv(der.BIT_STRING, b"\x00" + signature)
    return tlv(der.SEQUENCE, tbs, outer_algorithm or algorithm, bits)


def make_response(
    subject: Issued,
    issuer: Issued = ISSUER,
    *,
    status: ocsp.OCSPCertStatus = ocsp.OCSPCertStatus.GOOD,
    begins: datetime = NOW - DAY,
    ends: datetime | None = NOW + DAY,
    revoked_at: datetime | None = None,
    reason: x509.ReasonFlags | None = None,
    digest: hashes.HashAlgorithm | None = None,
    signer: Issued | None = None,
    sent: Sequence[Issued] = (),
    encoding: ocsp.OCSPResponderEncoding = ocsp.OCSPResponderEncoding.HASH,
) -> bytes:
    """Return an OCSP response about a certificate, signed by its issuer or by another."""
    signer = signer or issuer
    if status is ocsp.OCSPCertStatus.REVOKED and revoked_at is None:
        revoked_at = NOW - DAY
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=subject.certificate,
        issuer=issuer.certificate,
        algorithm=digest or hashes.SHA1(),
        cert_status=status,
        this_update=begins,
        next_update=ends,
        revocation_time=revoked_at,
        revocation_reason=reason,
    )
    builder = builder.responder_id(encoding, signer.certificate)
    if sent:
        builder = builder.certificates([each.certificate for each in sent])
    response = builder.sign(signer.key, hashes.SHA256())
    return response.public_bytes(serialization.Encoding.DER)


def make_case(
    *sent: Issued,
    crls: Sequence[bytes] = (),
    responses: Sequence[bytes] = (),
    stapled: bytes | None = None,
    is_staple_known: bool = False,
    anchors: Sequence[Issued] = (ROOT,),
    now: datetime = NOW,
) -> Case:
    """Return a chain with what is at hand about its revocation."""
    chain = tuple(Certificate.of(each.der) for each in sent)
    store = AnchorStore.of_certificates([Certificate.of(each.der) for each in anchors], label="test")
    at_hand = RevocationData(
        is_demanded=bool(crls),
        crls=tuple(crls),
        responses=tuple(responses),
        stapled=stapled,
        is_staple_known=is_staple_known,
    )
    paths = find_paths(chain, (), store)
    return Case(chain=chain, paths=paths, anchors=store, host=None, now=now, purpose=None, revocation=at_hand)


def found_in(case: Case) -> list[Finding]:
    """Return what is found about revocation on the best path."""
    return list(path_revocation(case.best, case))


def codes_in(case: Case) -> list[Code]:
    """Return the codes of what is found."""
    return [finding.code for finding in found_in(case)]


def crl_errors(
    sent: Sequence[Issued], crls: Sequence[bytes], folder: Path, *options: str, anchor: Issued = ROOT
) -> set[int]:
    """Return the numbers of the errors that `openssl verify` tells of a chain judged with CRLs."""
    files = {"leaf": sent[:1], "sent": sent[1:], "anchors": [anchor]}
    for name, issued in files.items():
        (folder / f"{name}.pem").write_text("".join(each.pem for each in issued))
    (folder / "crls.pem").write_text("".join(_crl_pem(crl) for crl in crls))
    command = ["openssl", "verify", "-no-CApath", "-no-CAstore", "-CAfile", str(folder / "anchors.pem")]
    if len(sent) > 1:
        command += ["-untrusted", str(folder / "sent.pem")]
    command += ["-CRLfile", str(folder / "crls.pem"), "-attime", str(int(NOW.timestamp())), *options]
    outcome = subprocess.run(
        [*command, str(folder / "leaf.pem")], capture_output=True, text=True, check=False, timeout=20
    )
    errors = {int(number) for number in _CRL_ERROR.findall(outcome.stdout + outcome.stderr)}
    assert bool(errors) == bool(outcome.returncode), outcome.stderr
    return errors


def _crl_pem(crl: bytes) -> str:
    return ssl.DER_cert_to_PEM_cert(crl).replace("CERTIFICATE", "X509 CRL")
