"""What is known of public roots: their names, keys and the stores that hold them. It judges nothing.

A trust anchor is a name and a key (RFC 5280 §6.1.1), so a root that was certified anew, or across, is the same
root. The table is read when first asked for, and nothing in it is decoded before it is needed.
"""

from __future__ import annotations

import hashlib
from base64 import b64decode
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from types import MappingProxyType
from typing import cast

from certtui.core.certificate import Certificate
from certtui.core.der import DerError
from certtui.core.distinguished_name import comparable_name, decode_name
from certtui.core.knowledge import lines, table

_KEY_COLUMN = slice(65, 129)
"""Where a line has the SHA-256 of the SubjectPublicKeyInfo, behind that of the certificate."""
_SUBJECT_COLUMN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """A root store, as it was on a day."""

    key: str
    """Its name in `Root.stores`: `mozilla`, `apple`, `android`, `microsoft` ..."""
    title: str
    """What users call it."""
    version: str | None
    as_of: date
    source: str
    """Where its owner publishes it."""
    count: int
    """How many roots it held."""
    decides: bool
    """Whether it is recent enough to speak for clients of today."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """A name and a key that at least one store holds."""

    subject: bytes
    """The name in DER."""
    name: bytes
    """The name in comparable form (RFC 5280 §7.1)."""
    spki: bytes
    spki_sha256: bytes
    certificates: tuple[bytes, ...]
    """SHA-256 of every certificate of this name and key that a store holds."""
    not_before: datetime
    """When the oldest of them begins: the key is at least that old."""
    not_after: datetime
    """When the last of them ends."""
    stores: frozenset[str]
    """The stores that hold any of them."""

    @property
    def sha256(self) -> bytes:
        """SHA-256 of one certificate of this name and key, of the only one where there is one."""
        return self.certificates[0]

    @property
    def display_name(self) -> str:
        """What to call it; raw text."""
        try:
            subject = decode_name(self.subject)
        except DerError:
            return self.sha256.hex()
        if subject.first("CN") in (None, subject.first("O")):
            # GlobalSign and others tell their roots apart by the organizational unit alone.
            return subject.first("OU") or subject.rfc4514
        return subject.common_name or subject.rfc4514

    @property
    def rfc4514(self) -> str:
        """The whole name; raw text."""
        try:
            return decode_name(self.subject).rfc4514
        except DerError:
            return self.subject.hex()


def public_root(certificate: Certificate) -> Root | None:
    """Return the root with this certificate's very name and key, None if no store holds one."""
    found = _named_keys().get(hashlib.sha256(certificate.spki).hexdigest())
    if found is None:
        return None
    return next((root for root in _roots_with(found) if root.name == certificate.subject_key), None)


def roots_named(comparable_subject: bytes) -> Sequence[Root]:
    """Return the roots whose comparable subject is `comparable_subject`."""
    found = _keys_by_name().get(comparable_subject, ())
    roots = (root for key in found for root in _roots_with(_named_keys()[key]))
    return tuple(root for root in roots if root.name == comparable_subject)


@lru_cache(maxsize=256)
def signed_by_root(certificate: Certificate) -> Root | None:
    """Return the public root that signed a certificate: the issuer's name is its own, and its key verifies."""
    fields = certificate.fields
    candidates = roots_named(certificate.issuer_key) if fields.signed and fields.issuer else ()
    if not candidates:
        return None
    from certtui.core.signatures import signature_verifies  # few certificates come this far

    for root in candidates:
        if signature_verifies(root.spki, fields.signature_algorithm, fields.signed, fields.signature):
            return root
    return None


def root_of_certificate(sha256: str) -> Root | None:
    """Return the root of which a certificate has this SHA-256, in hexadecimal."""
    line = next((line for line in _lines() if line.startswith(sha256)), None)
    if line is None:
        return None
    roots = _roots_with(_named_keys()[line[_KEY_COLUMN]])
    return next(root for root in roots if bytes.fromhex(sha256) in root.certificates)


@cache
def stores() -> Mapping[str, Store]:
    """Return every store that the table knows, in the order in which they are shown."""
    rows = cast("dict[str, dict[str, object]]", table("stores.toml"))
    return MappingProxyType(
        {
            key: Store(
                key=key,
                title=cast("str", row["title"]),
                version=cast("str | None", row.get("version")),
                as_of=cast("date", row["as_of"]),
                source=cast("str", row["source"]),
                count=cast("int", row["count"]),
                decides=cast("bool", row["decides"]),
            )
            for key, row in rows.items()
        }
    )


@cache
def _lines() -> tuple[str, ...]:
    return lines("roots.tsv")


@cache
def _named_keys() -> Mapping[str, tuple[str, ...]]:
    """Return the table's lines by the hash of their key."""
    by_key: dict[str, tuple[str, ...]] = {}
    for line in _lines():
        key = line[_KEY_COLUMN]
        by_key[key] = (*by_key.get(key, ()), line)
    return by_key


@cache
def _keys_by_name() -> Mapping[bytes, tuple[str, ...]]:
    """Return the hashes of keys by the comparable name that bears them; several bear one name."""
    by_name: dict[bytes, dict[str, None]] = {}
    for line in _lines():
        subject = b64decode(line.split("\t", _SUBJECT_COLUMN + 1)[_SUBJECT_COLUMN])
        by_name.setdefault(comparable_name(subject), {})[line[_KEY_COLUMN]] = None
    return {name: tuple(keys) for name, keys in by_name.items()}


@cache
def _roots_with(of_one_key: tuple[str, ...]) -> tuple[Root, ...]:
    """Return the roots in lines of one key: one for each name that bears it."""
    by_name: dict[bytes, list[list[str]]] = {}
    for line in of_one_key:
        columns = line.split("\t")
        by_name.setdefault(comparable_name(b64decode(columns[_SUBJECT_COLUMN])), []).append(columns)
    return tuple(_root(name, rows) for name, rows in by_name.items())


def _root(name: bytes, rows: Sequence[Sequence[str]]) -> Root:
    certificates, keys, held_by, begins, ends, subjects, spkis = zip(*rows, strict=True)
    return Root(
        subject=b64decode(subjects[0]),
        name=name,
        spki=b64decode(spkis[0]),
        spki_sha256=bytes.fromhex(keys[0]),
        certificates=tuple(map(bytes.fromhex, certificates)),
        not_before=min(map(datetime.fromisoformat, begins)),
        not_after=max(map(datetime.fromisoformat, ends)),
        stores=frozenset(store for each in held_by for store in each.split(",")),
    )
