"""How peers are reached: deadlines, limits and where a name leads. It holds no state and does no I/O."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_PLACE = re.compile(r"\[(?P<six>[^\[\]]+)\](?::(?P<six_port>\d+))?|(?P<name>[^:\[\]\s]+)(?::(?P<port>\d+))?")
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where to connect instead of where the target's own name and port lead."""

    host: str
    """An IP literal without brackets, or a name."""
    port: int | None
    """None keeps the target's port."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeSettings:
    """Limits and detours for every target of an engine."""

    timeout_seconds: float = 15.0
    """The one deadline that nothing about a host outlives."""
    resolve_seconds: float = 5.0
    connect_seconds: float = 5.0
    """For all addresses of a name together."""
    handshake_seconds: float = 8.0
    """For TLS, and as much again for the plain-text preamble before it."""
    concurrency: int = 100
    """How many targets are open at once: silent hosts cost open slots, not work."""
    connect_to: str | None = None
    """`ADDRESS[:PORT]` to connect to instead; names are still asked for and judged as the target has them."""
    server_name: str | None = None
    """The name to ask for (SNI) and to judge by, instead of the target's own."""
    routes: Mapping[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    """Names and ports that lead somewhere inside certtui only, as the demo's do."""

    def __post_init__(self) -> None:
        if self.connect_to is not None:
            parse_place(self.connect_to)
        if self.server_name is not None and not _HOST.fullmatch(self.server_name):
            raise ValueError(
                f"bad server name {self.server_name!r}: write a DNS name, in ASCII, or an IP address"
            )
        if self.concurrency < 1:
            raise ValueError(f"bad concurrency {self.concurrency}: write a number from 1")

    def place(self, host: str, port: int) -> tuple[str, int]:
        """Return the host and port to connect to for a target's host and port."""
        if self.connect_to is not None:
            place = parse_place(self.connect_to)
            return place.host, place.port or port
        return self.routes.get((host, port), (host, port))


def parse_place(text: str) -> Place:
    """Return what `ADDRESS[:PORT]` names; an IPv6 address with a port stands in brackets.

    Raises `ValueError` that says what is wrong and what to write.
    """
    if text.count(":") > 1 and "[" not in text:
        return Place(host=text, port=None)
    match = _PLACE.fullmatch(text)
    if match is None:
        raise ValueError(f"bad address {text!r}: write 192.0.2.1, 192.0.2.1:8443 or [2001:db8::1]:8443")
    digits = match["port"] or match["six_port"]
    if digits is not None and not 0 < int(digits) < 65536:
        raise ValueError(f"bad port {digits!r}: write a number from 1 to 65535")
    return Place(host=match["six"] or match["name"], port=int(digits) if digits else None)
