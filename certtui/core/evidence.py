"""What was observed about one endpoint or file, and how far it went; observation only, never judgement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from certtui.core.catalogue import Code
from certtui.core.finding import Fact
from certtui.core.target import Target


class Stage(StrEnum):
    """How far a connection had come when something happened."""

    RESOLVE = "resolve"
    CONNECT = "connect"
    STARTTLS = "starttls"
    HANDSHAKE = "handshake"
    AFTER_HANDSHAKE = "after-handshake"
    READ_FILE = "read-file"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why an endpoint could not be talked to, in the catalogue's connection codes."""

    code: Code
    stage: Stage
    detail: str
    """One sentence of what happened, with what the peer or the system said; raw text."""
    facts: tuple[Fact, ...] = ()
    """What was observed, e.g. the peer's first bytes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """Seconds that each phase took; None for a phase that was not reached or not needed."""

    resolve_seconds: float | None = None
    connect_seconds: float | None = None
    starttls_seconds: float | None = None
    handshake_seconds: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a TLS connection went."""

    address: str
    """The IP address that answered."""
    port: int
    server_name: str | None
    """The server name indication that was sent (RFC 6066 §3), None for an IP literal."""
    protocol: str | None
    """`TLSv1.3` ...; None where the handshake ended before it was settled."""
    cipher: str | None
    group: str | None
    """The key exchange group, where the library tells."""
    post_quantum_offered: bool = False
    """Whether a group that also withstands quantum computers was offered."""
    alpn: str | None
    client_certificate_requested: bool
    timing: Timing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reached:
    """A server sent a certificate chain, whether or not the handshake then succeeded."""

    connection: Connection
    chain: tuple[bytes, ...]
    """DER certificates exactly as sent, leaf first if the server kept to the protocol; may be empty."""
    failure: Failure | None = None
    """What ended the handshake after the chain arrived, e.g. a demanded client certificate."""
    stapled_ocsp: bytes | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unreachable:
    """No chain was seen."""

    failure: Failure
    address: str | None = None
    """The last IP address that was tried, if any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loaded:
    """A chain read from a file."""

    path: str
    chain: tuple[bytes, ...]
    skipped: tuple[str, ...] = ()
    """Kinds of blocks in the file that are no certificates and were not read, e.g. `PRIVATE KEY`."""


Observation = Reached | Unreachable | Loaded
"""The closed union of what can come of looking at a target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """One target, looked at once."""

    target: Target
    host: str | None
    """The reference identity to judge names by (RFC 9525 §6.1), normally the target's own host; None for a file."""
    observed_at: datetime
    """When the look began; aware, UTC."""
    observation: Observation


@dataclass(frozen=True, slots=True, kw_only=True)
class RevocationData:
    """What is at hand that may tell of revocations; all of it in DER, and as untrusted as the chain."""

    crls: tuple[bytes, ...] = ()
    responses: tuple[bytes, ...] = ()
    """OCSP responses that were given, not stapled."""
    stapled: bytes | None = None
    """The OCSP response stapled to the handshake (RFC 6066 §8)."""
    is_demanded: bool = False
    """Whether a leaf that nothing clears is refused for it, as `openssl verify -crl_check` refuses it."""
    is_staple_known: bool = False
    """Whether `stapled` None means that a client asked for a response and got none."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is at hand."""
        return not self.crls and not self.responses and self.stapled is None


@dataclass(frozen=True, slots=True)
class Unchecked:
    """Something that was not checked, and why; never a pass."""

    what: str
    why: str
