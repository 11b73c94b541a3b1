"""The demo street, observed once however many rooms ask for its reports."""

from __future__ import annotations

import asyncio
from functools import cache

from certtui.core.anchors import AnchorStore
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.report import Report
from certtui.core.target import Target
from certtui.lab import Street
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings


@cache
def observed_street(street: Street, anchors: AnchorStore) -> dict[Target, Report]:
    """Return a report of every house of the street."""
    settings = ProbeSettings(routes=street.routes, timeout_seconds=2.0)

    async def observe_all() -> dict[Target, Report]:
        seen = await asyncio.gather(*(observe(target, settings) for target in street.targets))
        return {e.target: diagnose_evidence(e, anchors=anchors) for e in seen}

    return asyncio.run(observe_all())
