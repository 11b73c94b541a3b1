"""Real reports for the screen: the demo street, observed once."""

from __future__ import annotations

import asyncio

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.lab import Street
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings


@pytest.fixture(scope="session")
def street_reports(street: Street, street_anchors: AnchorStore) -> dict[Target, Report]:
    """A report of every house of the street."""
    settings = ProbeSettings(routes=street.routes, timeout_seconds=2.0)

    async def observe_all() -> dict[Target, Report]:
        seen = await asyncio.gather(*(observe(target, settings) for target in street.targets))
        return {e.target: diagnose_evidence(e, anchors=street_anchors) for e in seen}

    return asyncio.run(observe_all())


@pytest.fixture
def few(street: Street, street_reports: dict[Target, Report]) -> dict[Target, Report]:
    """Reports of four houses: good, expired, expiring and hostile."""
    wanted = [street.house(name).target for name in ("good", "expired", "expiring", "hostile")]
    return {target: street_reports[target] for target in wanted}
