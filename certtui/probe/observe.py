"""One look at one target: all the stages in order, evidence out. Nothing that a peer or a file does raises here."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from certtui.core.catalogue import Code
from certtui.core.evidence import Evidence, Failure, Observation, Reached, Unreachable
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
    if _is_hidden_by_tls13(observation):
        in_the_clear = await visit.pay(tls13=False)
        if isinstance(in_the_clear, Reached) and in_the_clear.chain:
            return in_the_clear
    return observation


def _is_hidden_by_tls13(observation: Observation) -> bool:
    """Return whether OpenSSL refused certificates that TLS 1.2 would send in the clear."""
    return isinstance(observation, Unreachable) and observation.failure.code is Code.CERTIFICATE_UNDECODABLE
