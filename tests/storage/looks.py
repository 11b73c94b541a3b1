"""Looks at servers, made by hand: evidence in every form, and reports of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import (
    Connection,
    Evidence,
    Failure,
    Loaded,
    Observation,
    Reached,
    Stage,
    Timing,
    Unreachable,
)
from certtui.core.finding import Fact
from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.lab.pki import Authority, Issued, Wish

NOW = datetime(2026, 11, 25, 12, 0, 0, 123_456, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
HOST = HostTarget(host="www.example.test")
ROOT = Authority.root("History Root", now=NOW.replace(microsecond=0))
ISSUER = ROOT.intermediate("History CA")
ANCHORS = AnchorStore([Anchor(Certificate.of(ROOT.der))], label="the tests' own root")


def leaf(*names: str) -> Issued:
    """Return a new certificate for the names, by default for the host of these tests."""
    return ISSUER.issue("www.example.test", Wish(names=names or ("www.example.test",)))


FIRST, SECOND = leaf(), leaf()
CHAIN = (FIRST.der, ISSUER.der)
RENEWED = (SECOND.der, ISSUER.der)
REFUSED = Failure(code=Code.REFUSED, stage=Stage.CONNECT, detail="connection refused")


def connection(address: str = "192.0.2.1") -> Connection:
    """Return how a connection went, with a value in every field."""
    return Connection(
        address=address,
        port=8443,
        server_name="www.example.test",
        protocol="TLSv1.3",
        cipher="TLS_AES_128_GCM_SHA256",
        group="X25519MLKEM768",
        post_quantum_offered=True,
        alpn="h2",
        client_certificate_requested=True,
        timing=Timing(
            resolve_seconds=0.1, connect_seconds=1 / 3, starttls_seconds=None, handshake_seconds=2e-7
        ),
    )


def reached(chain: Sequence[bytes] = CHAIN, **changes: object) -> Reached:
    """Return an observation of a chain."""
    fields: dict[str, object] = {"connection": connection(), "chain": tuple(chain), **changes}
    return Reached(**fields)  # type: ignore[arg-type]


def evidence(observation: Observation | None = None, when: datetime = NOW, target: Target = HOST) -> Evidence:
    """Return one look."""
    return Evidence(
        target=target,
        host=target.host if isinstance(target, HostTarget) else None,
        observed_at=when,
        observation=observation or reached(),
    )


def look(
    chain: Sequence[bytes] = CHAIN, when: datetime = NOW, target: Target = HOST, **changes: object
) -> Report:
    """Return the report of a look that saw a chain."""
    return judged(evidence(reached(chain, **changes), when, target))


def failed(when: datetime = NOW, target: Target = HOST, failure: Failure = REFUSED) -> Report:
    """Return the report of a look that saw none."""
    return judged(evidence(Unreachable(failure=failure, address="192.0.2.1"), when, target))


def judged(found: Evidence, now: datetime | None = None) -> Report:
    """Return the report of evidence."""
    return diagnose_evidence(found, anchors=ANCHORS, now=now)


EVERY_KIND: dict[str, Evidence] = {
    "reached": evidence(reached(stapled_ocsp=b"\x30\x03\x0a\x01\x00")),
    "reached without a staple or answers": evidence(
        Reached(
            connection=Connection(
                address="2001:db8::1",
                port=443,
                server_name=None,
                protocol=None,
                cipher=None,
                group=None,
                alpn=None,
                client_certificate_requested=False,
                timing=Timing(),
            ),
            chain=CHAIN,
        ),
    ),
    "an empty chain": evidence(reached((), stapled_ocsp=b"")),
    "a chain that holds one certificate twice": evidence(reached((*CHAIN, ISSUER.der, FIRST.der))),
    "no certificates at all": evidence(reached((b"", b"no certificate", b"\x30\x80" * 50))),
    "a failure after the chain": evidence(
        reached(
            failure=Failure(
                code=Code.CLIENT_CERTIFICATE_REQUIRED,
                stage=Stage.AFTER_HANDSHAKE,
                detail="\x1b]0;title\x07 “\udcff” \0 \U0001f512",
                facts=(Fact("alert", "\u202e116\n"), Fact("", "")),
            )
        )
    ),
    "unreachable": evidence(Unreachable(failure=REFUSED, address="192.0.2.1"), NOW - 400 * DAY),
    "unreachable without an address": evidence(Unreachable(failure=REFUSED)),
    "STARTTLS": evidence(reached(), target=HostTarget(host="mx.example.test", port=25, starttls=None)),
    "a file": evidence(
        Loaded(path="./a \udcff b.pem", chain=CHAIN, skipped=("PRIVATE KEY", "\x1b[31m")),
        target=FileTarget(path="./a \udcff b.pem"),
    ),
}
"""Evidence in every form, odd ones too."""
