"""Looks at a server of the tests and insists on the kind of outcome."""

from __future__ import annotations

from certtui.core.evidence import Failure, Observation, Reached, Unreachable
from certtui.core.target import HostTarget, Starttls
from certtui.probe.observe import observe
from certtui.probe.settings import ProbeSettings

QUICK = ProbeSettings(timeout_seconds=0.6, connect_seconds=0.5, handshake_seconds=0.4)
"""For servers that are expected to use up all the time they get."""


async def observed(
    port: int, *, settings: ProbeSettings | None = None, starttls: Starttls | None = None
) -> Observation:
    """Return what is observed of `server.test`, which is at `port` of loopback."""
    settings = settings or ProbeSettings()
    connected = ProbeSettings(
        timeout_seconds=settings.timeout_seconds,
        connect_seconds=settings.connect_seconds,
        handshake_seconds=settings.handshake_seconds,
        connect_to=f"127.0.0.1:{port}",
    )
    evidence = await observe(HostTarget(host="server.test", starttls=starttls), connected)
    return evidence.observation


async def reached(port: int, *, starttls: Starttls | None = None) -> Reached:
    """Return what a server that sends a chain is seen to do."""
    observation = await observed(port, starttls=starttls)
    assert isinstance(observation, Reached), observation
    return observation


async def failure(
    port: int, *, settings: ProbeSettings | None = None, starttls: Starttls | None = None
) -> Failure:
    """Return why a server that sends no chain could not be talked to."""
    observation = await observed(port, settings=settings, starttls=starttls)
    assert isinstance(observation, Unreachable), observation
    return observation.failure
