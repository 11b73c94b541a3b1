"""How the connection went, whatever the certificate is worth: what ended it, and versions that clients refuse."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from certtui.core.calendar import limits
from certtui.core.catalogue import Code
from certtui.core.evidence import Connection, Failure, Loaded, Observation, Reached, Stage, Unreachable
from certtui.core.finding import Fact, Finding, finding

_NO_CERTIFICATE = Failure(
    code=Code.PROTOCOL_UNSUPPORTED,
    stage=Stage.HANDSHAKE,
    detail="the handshake succeeded without a certificate: the server is anonymous",
)


def connection_findings(observation: Observation) -> Iterator[Finding]:
    """Yield what kept, or will keep, clients from talking to the server."""
    match observation:
        case Loaded():
            return
        case Unreachable(failure=failure):
            yield _of(failure)
        case Reached(connection=connection, chain=chain, failure=None) if chain:
            yield from _old_version(connection)
            yield from _no_post_quantum(connection)
        case Reached(failure=failure):
            yield _of(failure or _NO_CERTIFICATE)


def _no_post_quantum(connection: Connection) -> Iterator[Finding]:
    """A server that knows a hybrid group takes it from a client that puts it first, unless its own order differs."""
    group = connection.group
    is_old = connection.protocol in limits().refused_protocols
    if group is None or is_old or not connection.post_quantum_offered or "mlkem" in group.lower():
        return
    yield _chosen_group(group)


@lru_cache(maxsize=64)
def _chosen_group(group: str) -> Finding:
    """Return the finding, one for all the hosts that choose alike."""
    return finding(
        Code.NO_POST_QUANTUM,
        f"offered X25519MLKEM768 as well, the server chose {group}, so who records this today may read it one day",
        Fact("key exchange group", group),
        Fact("offered as well", "X25519MLKEM768"),
    )


def _of(failure: Failure) -> Finding:
    return finding(failure.code, failure.detail, *failure.facts)


def _old_version(connection: Connection) -> Iterator[Finding]:
    """A server takes the newest version that it knows of those offered (RFC 5246 §E.1, RFC 8446 §4.2.1)."""
    version = connection.protocol
    if version in limits().refused_protocols:
        yield finding(
            Code.PROTOCOL_UNSUPPORTED,
            f"offered everything up to TLS 1.3, the server chose {version}, which clients refuse today",
            Fact("version", version),
            Fact("least that clients take", "TLSv1.2"),
        )
