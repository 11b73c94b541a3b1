"""One look at one target: all the stages in order, evidence out. Nothing that a peer or a file does raises here."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime

from certtui.core.catalogue import Code
from certtui.core.evidence import Evidence, Failure, Observation, Reached, Stage, Unreachable
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.probe.files import load
from certtui.probe.resolve import is_ip_literal, resolve
from certtui.probe.settings import ProbeSettings
from certtui.probe.visit import Visit


async def observe(target: Target, settings: ProbeSettings) -> Evidence:
    """Return what can be observed of `target`, within `settings.timeout_seconds`."""
    observed_at = datetime.now(UTC)
    host: str | None = None
    observation: Observation
    match target:
        case FileTarget():
            observation = load(target.path)
        case HostTarget():
            host = settings.server_name or target.host
            observation = await _look_at(target, settings)
    return Evidence(target=target, host=host, observed_at=observed_at, observation=observation)


async def _look_at(target: HostTarget, settings: ProbeSettings) -> Observation:
    loop = asyncio.get_running_loop()
    began = loop.time()
    deadline = began + settings.timeout_seconds
    host, port = settings.place(target.host, target.port)
    addresses = await resolve(host, deadline=min(deadline, began + settings.resolve_seconds))
    if isinstance(addresses, Failure):
        return Unreachable(failure=addresses)
    resolve_seconds = None if is_ip_literal(host) else loop.time() - began
    visit = Visit(
        target=target,
        settings=settings,
        addresses=addresses,
        port=port,
        deadline=deadline,
        resolve_seconds=resolve_seconds,
    )
    observation = await visit.pay()
    if isinstance(observation, Unreachable) and _may_fare_better_without_tls13(observation.failure):
        older = await visit.pay(tls13=False)
        if isinstance(older, Reached) and older.chain:
            return replace(older, failure=older.failure or observation.failure)
    return observation


def _may_fare_better_without_tls13(failure: Failure) -> bool:
    """Return whether a second try could show the chain: sent in the clear, or by a server that TLS 1.3 irritates.

    Whatever comes of it, the failure of the first stays in the evidence: it is what ordinary clients meet.
    """
    return failure.stage is Stage.HANDSHAKE and failure.code in (
        Code.CERTIFICATE_UNDECODABLE,
        Code.PROTOCOL_UNSUPPORTED,
        Code.RESET,
    )
