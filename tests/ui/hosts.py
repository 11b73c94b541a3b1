"""Reports of hosts that nobody had to connect to, with certificates that end when a test wants."""

from __future__ import annotations

from datetime import datetime, timedelta

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import Evidence, Loaded
from certtui.core.report import Report
from certtui.core.target import FileTarget
from certtui.lab.pki import Authority, Wish
from tests.core.examples import ISSUER, NOW, ROOT, STRANGER

DAY = timedelta(days=1)
STORE = AnchorStore([Anchor(Certificate.of(root.der)) for root in (ROOT, STRANGER)], label="two roots")
HOSTILE = "\x1b]0;PWNED\x07[red]bold[/red][/foo]\u202e.test"


def host(name: str, ends: int, issuer: Authority = ISSUER, *, life: int = 90) -> tuple[str, Report]:
    """Return a host, labelled with its name, whose certificate ends so many days from now."""
    wish = Wish(names=("www.example.test",), begins=(ends - life) * DAY, ends=ends * DAY)
    sent = (issuer.issue("www.example.test", wish).der, issuer.der)
    evidence = Evidence(
        target=FileTarget(path=name),
        host="www.example.test",
        observed_at=NOW,
        observation=Loaded(path=name, chain=sent),
    )
    return name, judge(evidence, NOW, STORE)


def judge(evidence: Evidence, now: datetime | None, anchors: AnchorStore) -> Report:
    """Judge as the explorer does."""
    return diagnose_evidence(evidence, anchors=anchors, now=now)
