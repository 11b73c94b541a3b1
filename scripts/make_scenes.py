"""Make tests/ui/scenes.json: what was once observed of some of the demo street's houses, for pictures."""

from __future__ import annotations

import asyncio
import json
from base64 import b64encode
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from certtui.core.evidence import Connection, Evidence, Loaded, Reached, Timing
from certtui.lab import Street
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings
from certtui.storage.evidence_codec import evidence_text

SCENES = Path(__file__).parent.parent / "tests" / "ui" / "scenes.json"
NOW = datetime(2026, 11, 25, 12, tzinfo=UTC)
HOUSES = (
    "good",
    "expired",
    "expiring",
    "many-faults",
    "self-signed",
    "wrong-name",
    "incomplete",
    "misordered",
    "unrelated",
    "revoked",
    "hostile",
    "xn--bcher-kva",
    "closed",
    "mail",
)
_TIMING = Timing(resolve_seconds=0.001, connect_seconds=0.002, handshake_seconds=0.015)


def _settled(evidence: Evidence) -> Evidence:
    """Return what was observed without what differs from time to time."""
    observed = replace(evidence, observed_at=NOW)
    match evidence.observation:
        case Reached(connection=Connection() as connection) as reached:
            still = replace(connection, port=evidence_port(evidence), timing=_TIMING)
            return replace(observed, observation=replace(reached, connection=still))
    return observed


def evidence_port(evidence: Evidence) -> int:
    """Return the port that the target names, whichever the house really listens on."""
    return getattr(evidence.target, "port", 443)


def main() -> None:
    """Observe the houses and write the file."""
    with Street(NOW) as street:
        settings = ProbeSettings(routes=street.routes, timeout_seconds=3.0)

        async def observe_all() -> list[Evidence]:
            return [await observe(street.house(name).target, settings) for name in HOUSES]

        seen = list(map(_settled, asyncio.run(observe_all())))
        document = {
            "now": NOW.isoformat(),
            "root": b64encode(street.root_der).decode(),
            "houses": [
                {"evidence": evidence_text(each), "chain": [b64encode(der).decode() for der in _chain(each)]}
                for each in seen
            ],
        }
    SCENES.write_text(json.dumps(document, indent=1) + "\n")


def _chain(evidence: Evidence) -> tuple[bytes, ...]:
    observation = evidence.observation
    return observation.chain if isinstance(observation, Reached | Loaded) else ()


if __name__ == "__main__":
    main()
