"""Logs of certificate transparency for tests: they sign timestamps, and stand in a list of their own."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from cryptography.x509.oid import ExtensionOID

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.der import encode as tlv
from certtui.core.log_list import LogList, read_log_list
from certtui.lab.pki import Authority, KeyKind, Wish, key_named
from tests.core.examples import HOST, ISSUER, NOW

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class TestLog:
    """A log that signs whatever it is given."""

    __test__ = False

    name: str
    operator: str
    state: str | None = "usable"
    since: datetime = datetime(2024, 1, 1, tzinfo=UTC)
    interval: tuple[datetime, datetime] | None = None
    is_tiled: bool = False
    key_kind: KeyKind = KeyKind.P256
    former_operator: tuple[str, datetime] | None = None

    @property
    def spki(self) -> bytes:
        """The log's key in DER."""
        public = key_named(self.name, self.key_kind).public_key()
        return public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)

    @property
    def log_id(self) -> bytes:
        """SHA-256 of the key."""
        return hashlib.sha256(self.spki).digest()

    def entry(self) -> dict[str, object]:
        """Return the log as a log list has it."""
        entry: dict[str, object] = {
            "description": self.name,
            "log_id": base64.b64encode(self.log_id).decode(),
            "key": base64.b64encode(self.spki).decode(),
            "mmd": 86_400,
        }
        if self.state is not None:
            entry["state"] = {self.state: {"timestamp": text(self.since)}}
        if self.interval is not None:
            begins, ends = self.interval
            entry["temporal_interval"] = {"start_inclusive": text(begins), "end_exclusive": text(ends)}
        if self.former_operator is not None:
            name, until = self.former_operator
            entry["previous_operators"] = [{"name": name, "end_time": text(until)}]
        return entry

    def sign(self, data: bytes) -> bytes:
        """Return hash and signature algorithm and the signature, as TLS writes them (RFC 5246 §4.7)."""
        key = key_named(self.name, self.key_kind)
        if isinstance(key, rsa.RSAPrivateKey):
            algorithm, signature = b"\x04\x01", key.sign(data, padding.PKCS1v15(), hashes.SHA256())
        else:
            algorithm, signature = b"\x04\x03", key.sign(data, ec.ECDSA(hashes.SHA256()))
        return algorithm + prefixed(2, signature)


def text(moment: datetime) -> str:
    """Return a moment as log lists write it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def prefixed(length_octets: int, content: bytes) -> bytes:
    """Return octets with their length before them (RFC 5246 §4.3)."""
    return len(content).to_bytes(length_octets, "big") + content


def log_list(logs: Iterable[TestLog], published: datetime) -> dict[str, object]:
    """Return a log list in Google's format, version 3."""
    by_operator: dict[str, dict[str, object]] = {}
    for log in logs:
        empty: dict[str, object] = {"name": log.operator, "email": [], "logs": [], "tiled_logs": []}
        operator = by_operator.setdefault(log.operator, empty)
        listed = operator["tiled_logs" if log.is_tiled else "logs"]
        assert isinstance(listed, list)
        listed.append(log.entry())
    return {
        "version": "93.3",
        "log_list_timestamp": text(published),
        "operators": list(by_operator.values()),
    }


@dataclass(frozen=True, slots=True)
class Promise:
    """A timestamp that a test wants embedded."""

    log: TestLog
    when: datetime
    extensions: bytes = b""
    is_forged: bool = False
    """Whether the signature is over another time."""

    def signed(self, precertificate: bytes, issuer_spki: bytes) -> bytes:
        """Return the SignedCertificateTimestamp (RFC 6962 §3.2)."""
        number = round((self.when - _EPOCH) / timedelta(milliseconds=1))
        issuer = hashlib.sha256(issuer_spki).digest()
        extensions = prefixed(2, self.extensions)
        entry = b"\x00\x01" + issuer + prefixed(3, precertificate) + extensions
        signed_number = number + 1 if self.is_forged else number
        signature = self.log.sign(b"\x00\x00" + signed_number.to_bytes(8, "big") + entry)
        return b"\x00" + self.log.log_id + number.to_bytes(8, "big") + extensions + signature


def timestamp_list(entries: Iterable[bytes]) -> bytes:
    """Return the value of the extension (RFC 6962 §3.3)."""
    return tlv(der.OCTET_STRING, prefixed(2, b"".join(prefixed(2, entry) for entry in entries)))


def logged(
    issuer: Authority, name: str, promises: Iterable[Promise], wish: Wish | None = None, serial: int = 4711
) -> bytes:
    """Return a certificate with timestamps over what it is without them.

    The same certificate is made twice by the builder of cryptography: once without the extension, whose signed
    part the logs sign, and once with it in the midst of the others.
    """
    wish = wish or Wish(names=(name,))
    bare = _build(issuer, name, wish, None, serial)
    spki = issuer.certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    entries = [promise.signed(bare.tbs_certificate_bytes, spki) for promise in promises]
    return _build(issuer, name, wish, timestamp_list(entries), serial).public_bytes(Encoding.DER)


def with_timestamps(issuer: Authority, name: str, value: bytes, wish: Wish | None = None) -> bytes:
    """Return a certificate whose extension holds these octets, whatever they are."""
    certificate = _build(issuer, name, wish or Wish(names=(name,)), value, 4711)
    return certificate.public_bytes(Encoding.DER)


def _build(issuer: Authority, name: str, wish: Wish, value: bytes | None, serial: int) -> x509.Certificate:
    template = issuer.issue(name, replace(wish, key=KeyKind.P256)).certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(template.subject)
        .issuer_name(template.issuer)
        .public_key(template.public_key())
        .serial_number(serial)
        .not_valid_before(template.not_valid_before_utc)
        .not_valid_after(template.not_valid_after_utc)
    )
    extensions = [(extension.value, extension.critical) for extension in template.extensions]
    if value is not None:
        oid = ExtensionOID.PRECERT_SIGNED_CERTIFICATE_TIMESTAMPS
        extensions.insert(2, (x509.UnrecognizedExtension(oid, value), False))
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, is_critical)
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    return builder.sign(issuer.key, hashes.SHA256())


DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
SIGNED = NOW - 9 * DAY
"""When the logs sign: after the leaf begins, before now."""
ALPHA = TestLog(name="Alpha 2027", operator="Alpha")
ALPHA_TOO = TestLog(name="Alpha 2027 h2", operator="Alpha")
BETA = TestLog(name="Beta 2027", operator="Beta")
GAMMA = TestLog(name="Gamma 2027", operator="Gamma", key_kind=KeyKind.RSA_2048)
LOGS = (ALPHA, ALPHA_TOO, BETA, GAMMA)
BEGINS, ENDS = timedelta(days=-10), timedelta(days=80)


def promised(*logs: TestLog, when: datetime = SIGNED) -> list[Promise]:
    """Return a timestamp of each log."""
    return [Promise(log, when) for log in logs]


def logged_leaf(promises: Sequence[Promise], **changes: object) -> Certificate:
    """Return a good certificate with these timestamps."""
    wish = replace(Wish(names=(HOST,)), **changes)  # type: ignore[arg-type]
    return Certificate.of(logged(ISSUER, HOST, promises, wish))


def known(*logs: TestLog, published: datetime = NOW) -> LogList:
    """Return a list of these logs."""
    return read_log_list(log_list(logs, published))
