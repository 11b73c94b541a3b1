"""Reports of every kind: each finding of a chain, each failure of a connection, and a chain with many faults."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import certtui
from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.catalogue import CATALOGUE, Category, Code
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import (
    Connection,
    Evidence,
    Failure,
    Observation,
    Reached,
    Stage,
    Timing,
    Unreachable,
)
from certtui.core.finding import Fact, finding
from certtui.core.report import Report
from certtui.core.target import HostTarget, Starttls
from certtui.lab.pki import KeyKind
from certtui.lab.plan import HOSTILE
from tests.core.examples import GOOD, HOST, NOW, ROOT, STRANGE_ISSUER, Chain, chain, examples, leaf
from tests.core.issuer_examples import issuer_examples

_FAILURES = (
    *(code for code in Code if CATALOGUE[code].category is Category.CONNECTION),
    Code.SNI_REFUSED,
)
_ANCHORS = AnchorStore([Anchor(Certificate.of(ROOT.der), private=True)], label="the user's own root")
_CONNECTION = Connection(
    address="2001:db8::1",
    port=25,
    server_name=HOST,
    protocol="TLSv1.3",
    cipher="TLS_AES_256_GCM_SHA384",
    group="X25519",
    alpn=HOSTILE,
    client_certificate_requested=True,
    timing=Timing(resolve_seconds=0.25, connect_seconds=0.5, starttls_seconds=1.0, handshake_seconds=2.0),
)


def many_faults() -> Chain:
    """Return a chain that is expired, for other names, too weak and of an unknown CA, with certificates to spare."""
    own = leaf(
        STRANGE_ISSUER,
        names=("other.example",),
        key=KeyKind.RSA_1024,
        begins=timedelta(days=-100),
        ends=timedelta(days=-10),
        is_signed_with_sha1=True,
    )
    return chain(own, STRANGE_ISSUER, STRANGE_ISSUER, ROOT)


def diagnosed(shown: Chain) -> Report:
    """Return the report of a chain."""
    return certtui.diagnose(shown.sent, host=shown.host, anchors=shown.anchors, now=NOW)


def observed(observation: Observation) -> Report:
    """Return the report of what was observed of a mail server."""
    target = HostTarget(host=HOST, port=25, starttls=Starttls.SMTP)
    evidence = Evidence(target=target, host=HOST, observed_at=NOW, observation=observation)
    return diagnose_evidence(evidence, anchors=_ANCHORS)


def failed(code: Code) -> Failure:
    """Return the failure of a connection, with whatever a peer may say."""
    return Failure(
        code=code, stage=Stage.HANDSHAKE, detail=f"it said {HOSTILE}", facts=(Fact("first bytes", HOSTILE),)
    )


def told(code: Code) -> Report:
    """Return the report of a good chain to which a finding was added, with whatever a certificate may say."""
    fault = finding(code, f"it says {HOSTILE}", Fact("said", HOSTILE), certificate=0, traits=("a trait",))
    return replace(diagnosed(GOOD), findings=(fault,))


def every_kind() -> dict[str, Report]:
    """Return a report of every kind by its name."""
    shown = [*examples(), *issuer_examples()]
    untold = set(Code) - {each.code for each in shown} - set(_FAILURES)
    demanded = failed(Code.CLIENT_CERTIFICATE_REQUIRED)
    reached = Reached(connection=_CONNECTION, chain=GOOD.sent)
    unsettled = replace(
        _CONNECTION, server_name=None, protocol=None, cipher=None, group=None, alpn=None, timing=Timing()
    )
    return {
        **{f"{each.code}, {each.what}": diagnosed(each.trigger) for each in shown},
        **{f"{code}, told": told(code) for code in sorted(untold)},
        **{f"{code} in the way": observed(Unreachable(failure=failed(code))) for code in _FAILURES},
        "many faults": diagnosed(many_faults()),
        "a server that was reached": observed(reached),
        "a handshake that failed late": observed(replace(reached, failure=demanded)),
        "a connection of which little is known": observed(replace(reached, connection=unsettled)),
        "a server that sent no certificate": observed(replace(reached, chain=())),
    }
