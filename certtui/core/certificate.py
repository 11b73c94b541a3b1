"""Certificate: a tolerant view of one DER certificate. It keeps the DER, decodes on demand and never raises."""

from __future__ import annotations

import base64
import hashlib
from datetime import datetime
from functools import lru_cache
from weakref import WeakValueDictionary

from certtui.core import der, extensions
from certtui.core.distinguished_name import Name, comparable_name, decode_name
from certtui.core.extensions import BasicConstraints, Extension, GeneralName, NameKind
from certtui.core.fields import Fields, decode_fields
from certtui.core.keys import (
    PublicKey,
    SignatureAlgorithm,
    describe_key,
    describe_signature_algorithm,
)

_EMPTY_NAME = Name((), "")
_AIA_CA_ISSUERS = "1.3.6.1.5.5.7.48.2"
_AIA_OCSP = "1.3.6.1.5.5.7.48.1"


class Certificate:
    """One certificate, shared by all who hold the same octets.

    Every property answers for itself: a field that cannot be decoded is None or empty, and `problems` says why.
    """

    __slots__ = ("__weakref__", "der", "sha256")

    der: bytes
    """The certificate exactly as it was given."""
    sha256: bytes
    """SHA-256 of the DER."""

    def __init__(self, octets: bytes, sha256: bytes) -> None:
        self.der = octets
        self.sha256 = sha256

    @classmethod
    def of(cls, octets: bytes) -> Certificate:
        """Return the certificate with these octets; equal octets give the same object."""
        digest = hashlib.sha256(octets).digest()
        known = _interned.get(digest)
        if known is None:
            known = _interned.setdefault(digest, cls(bytes(octets), digest))
        return known

    def __reduce__(self) -> tuple[object, tuple[bytes]]:
        return Certificate.of, (self.der,)

    def __eq__(self, other: object) -> bool:
        return self is other or (isinstance(other, Certificate) and self.sha256 == other.sha256)

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"<Certificate {self.sha256.hex()[:16]}>"

    @property
    def fields(self) -> Fields:
        """The certificate taken apart (RFC 5280 §4.1), kept only while in use."""
        return _fields(self)

    @property
    def sha1(self) -> bytes:
        """SHA-1 of the DER, which some tools still show as the fingerprint."""
        return hashlib.sha1(self.der, usedforsecurity=False).digest()

    @property
    def version(self) -> int | None:
        """3 for an X.509 v3 certificate."""
        return self.fields.version

    @property
    def serial(self) -> int | None:
        """The serial number."""
        return self.fields.serial

    @property
    def not_before(self) -> datetime | None:
        """When validity begins; aware, UTC."""
        return self.fields.not_before

    @property
    def not_after(self) -> datetime | None:
        """The last moment of validity; aware, UTC."""
        return self.fields.not_after

    def is_valid_at(self, moment: datetime) -> bool:
        """Return whether a moment lies within the dates; false where a date cannot be read (RFC 5280 §4.1.2.5)."""
        before, after = self.not_before, self.not_after
        return before is not None and after is not None and before <= moment <= after

    @property
    def subject(self) -> Name:
        """The subject; empty where it cannot be decoded."""
        return _name(self.fields.subject)

    @property
    def issuer(self) -> Name:
        """The issuer; empty where it cannot be decoded."""
        return _name(self.fields.issuer)

    @property
    def subject_key(self) -> bytes:
        """The subject in comparable form (RFC 5280 §7.1)."""
        return comparable_name(self.fields.subject)

    @property
    def issuer_key(self) -> bytes:
        """The issuer in comparable form (RFC 5280 §7.1)."""
        return comparable_name(self.fields.issuer)

    @property
    def spki(self) -> bytes:
        """The SubjectPublicKeyInfo in DER; empty where it cannot be found."""
        return self.fields.spki

    @property
    def key(self) -> PublicKey:
        """The public key, described."""
        try:
            return describe_key(self.spki)
        except der.DerError:
            return PublicKey("undecodable", None, None, self.spki)

    @property
    def signature(self) -> SignatureAlgorithm:
        """The algorithm of the signature on this certificate, as signed (`tbsCertificate.signature`)."""
        return _signature_algorithm(self.fields.signature_algorithm)

    @property
    def signature_algorithm(self) -> str:
        """The name of the signature's algorithm."""
        return self.signature.name

    @property
    def extensions(self) -> tuple[Extension, ...]:
        """All extensions in the certificate's order."""
        return self.fields.extensions

    def extension(self, oid: str) -> Extension | None:
        """Return the first extension with this OID."""
        return next((extension for extension in self.fields.extensions if extension.oid == oid), None)

    @property
    def san(self) -> tuple[GeneralName, ...]:
        """The subject alternative names; empty where there are none."""
        return self.fields.san or ()

    @property
    def has_san(self) -> bool:
        """Whether the certificate has a subjectAltName extension, decodable or not."""
        return self.extension(extensions.SUBJECT_ALT_NAME) is not None

    @property
    def basic_constraints(self) -> BasicConstraints | None:
        """The basicConstraints; None where there are none."""
        return self.fields.basic_constraints

    @property
    def is_ca(self) -> bool:
        """Whether basicConstraints says cA (RFC 5280 §4.2.1.9)."""
        constraints = self.fields.basic_constraints
        return constraints is not None and constraints.is_ca

    @property
    def key_usage(self) -> frozenset[str] | None:
        """The names of the keyUsage bits; None where there is no keyUsage."""
        return self.fields.key_usage

    @property
    def extended_key_usage(self) -> tuple[str, ...] | None:
        """The OIDs in extKeyUsage; None where there is none."""
        return self.fields.extended_key_usage

    @property
    def subject_key_id(self) -> bytes | None:
        """The subjectKeyIdentifier."""
        return self.fields.subject_key_id

    @property
    def authority_key_id(self) -> bytes | None:
        """The keyIdentifier in authorityKeyIdentifier."""
        return self.fields.authority_key_id

    @property
    def ca_issuer_urls(self) -> tuple[str, ...]:
        """Where the issuer's certificate is said to be (authorityInfoAccess, RFC 5280 §4.2.2.1)."""
        return self._access_urls(_AIA_CA_ISSUERS)

    @property
    def ocsp_urls(self) -> tuple[str, ...]:
        """Where OCSP is said to answer (authorityInfoAccess, RFC 5280 §4.2.2.1)."""
        return self._access_urls(_AIA_OCSP)

    def _access_urls(self, method: str) -> tuple[str, ...]:
        access = self.extension(extensions.AUTHORITY_INFO_ACCESS)
        if access is None:
            return ()
        try:
            found = extensions.decode_access_descriptions(access.value)
        except der.DerError:
            return ()
        return tuple(url for oid, url in found if oid == method)

    @property
    def problems(self) -> tuple[str, ...]:
        """What could not be decoded, one phrase each; raw text."""
        return self.fields.problems

    @property
    def is_torn(self) -> bool:
        """Whether what is absent may be there all the same, in a part that cannot be read."""
        return self.fields.is_torn

    @property
    def is_self_issued(self) -> bool:
        """Whether subject and issuer are the same name (RFC 5280 §3.2)."""
        fields = self.fields
        same = fields.subject == fields.issuer or self.subject_key == self.issuer_key
        return bool(fields.issuer) and same

    @property
    def is_self_signed(self) -> bool:
        """Whether it is self-issued and its own key verifies its signature (RFC 5280 §3.2)."""
        return self.is_self_issued and self.is_signed_by(self) is True

    @property
    def claims_to_sign_itself(self) -> bool:
        """Whether it is self-issued and its key identifiers do not name another key (RFC 5280 §4.2.1.1).

        So it is with a self-signed certificate whose signature is damaged, or of a kind that is not known here.
        """
        return self.is_self_issued and self.authority_key_id in (None, self.subject_key_id)

    def names_another_key_than(self, issuer: Certificate) -> bool:
        """Return whether its authorityKeyIdentifier is not about that certificate (RFC 5280 §4.2.1.1).

        It may name a key identifier, the certificate by its issuer and serial number, or both.
        """
        wanted, present = self.authority_key_id, issuer.subject_key_id
        if wanted is not None and present is not None and wanted != present:
            return True
        extension = self.extension(extensions.AUTHORITY_KEY_ID)
        try:
            name, serial = (
                extensions.decode_authority_certificate(extension.value) if extension else (None, None)
            )
        except der.DerError:
            return False
        is_another = serial is not None and serial != issuer.serial
        return is_another or (name is not None and comparable_name(name) != issuer.issuer_key)

    def is_signed_by(self, issuer: Certificate) -> bool | None:
        """Return whether the issuer's key verifies this certificate's signature; None where it can't be told."""
        return _is_signed_by(self, issuer)

    @property
    def display_name(self) -> str:
        """What to call it: the common name, else the first alternative name, else the subject; raw text."""
        subject = self.subject
        dns = next((name.value for name in self.san if name.kind in (NameKind.DNS, NameKind.IP)), None)
        return subject.common_name or dns or subject.rfc4514 or "no name"

    def to_pem(self) -> str:
        """Return the certificate as PEM, encoded anew from its DER (RFC 7468)."""
        encoded = base64.b64encode(self.der).decode("ascii")
        body = "\n".join(encoded[start : start + 64] for start in range(0, len(encoded), 64))
        return f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"


_interned: WeakValueDictionary[bytes, Certificate] = WeakValueDictionary()


@lru_cache(maxsize=256)
def _fields(certificate: Certificate) -> Fields:
    return decode_fields(certificate.der)


@lru_cache(maxsize=2048)
def _is_signed_by(certificate: Certificate, issuer: Certificate) -> bool | None:
    fields = certificate.fields
    if not fields.signed or not issuer.spki:
        return None
    from certtui.core.signatures import signature_verifies  # the screen is painted before this is needed

    return signature_verifies(issuer.spki, fields.signature_algorithm, fields.signed, fields.signature)


def _name(octets: bytes) -> Name:
    try:
        return decode_name(octets)
    except der.DerError:
        return _EMPTY_NAME


def _signature_algorithm(identifier: bytes) -> SignatureAlgorithm:
    try:
        return describe_signature_algorithm(identifier)
    except der.DerError:
        return SignatureAlgorithm("", "undecodable", None)
