"""Evidence as JSON and back, exactly, without its chain: certificates are kept once, however often they were seen."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import UTC, datetime

from certtui.core.catalogue import Code
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
from certtui.core.target import FileTarget, HostTarget, Starttls, Target

_KINDS = {Reached: "reached", Unreachable: "unreachable", Loaded: "loaded"}


class Undecodable(Exception):
    """A text that is no evidence, or that a newer certtui wrote with words that this one does not know."""


def evidence_text(evidence: Evidence) -> str:
    """Return everything about evidence but its chain, as one line of JSON in ASCII."""
    observation = evidence.observation
    document = {
        "target": evidence.target,
        "host": evidence.host,
        "observed_at": evidence.observed_at.astimezone(UTC).isoformat(),
        "kind": _KINDS[type(observation)],
        "observation": observation,
    }
    return _ENCODER.encode(document)


def evidence_of(text: str, chain: Sequence[bytes]) -> Evidence:
    """Return the evidence that `evidence_text` was given, with its chain; raise `Undecodable` if it is none."""
    try:
        document = _Fields(json.loads(text))
        return Evidence(
            target=_target(document.fields("target")),
            host=document.text_or_none("host"),
            observed_at=datetime.fromisoformat(document.text("observed_at")).astimezone(UTC),
            observation=_observation(document, tuple(chain)),
        )
    except (ValueError, RecursionError, OverflowError) as error:
        raise Undecodable(str(error)) from None


def _written(value: object) -> object:
    """Return a value as JSON has it: an object for a dataclass, base64 for octets."""
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    names = _NAMES.get(type(value))
    if names is None:
        raise TypeError(f"{type(value).__name__} is not written")
    return {name: getattr(value, name) for name in names}


_WRITTEN_TYPES = (HostTarget, FileTarget, Reached, Unreachable, Loaded, Connection, Timing, Failure, Fact)
_NAMES: dict[type[object], list[str]] = {
    kind: [each.name for each in fields(kind) if each.name != "chain"] for kind in _WRITTEN_TYPES
}
"""What is written of each: all of it, but for the chain."""
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), default=_written)


class _Fields:
    """A JSON object whose values are asked for by name and kind; `ValueError` where one is of another kind."""

    def __init__(self, value: object) -> None:
        if not isinstance(value, dict):
            raise ValueError("not an object")
        self._values: dict[str, object] = value

    def _value(self, name: str, *kinds: type) -> object:
        value = self._values.get(name)
        if value is not None and type(value) not in kinds:
            raise ValueError(f"{name} is a {type(value).__name__}")
        return value

    def text_or_none(self, name: str) -> str | None:
        value = self._value(name, str)
        return value if isinstance(value, str) else None

    def text(self, name: str) -> str:
        value = self.text_or_none(name)
        if value is None:
            raise ValueError(f"{name} is missing")
        return value

    def number(self, name: str) -> int:
        value = self._value(name, int)
        if not isinstance(value, int):
            raise ValueError(f"{name} is missing")
        return value

    def seconds(self, name: str) -> float | None:
        value = self._value(name, int, float)
        return float(value) if isinstance(value, int | float) else None

    def is_true(self, name: str) -> bool:
        return self._value(name, bool) is True

    def octets(self, name: str) -> bytes | None:
        value = self.text_or_none(name)
        return base64.b64decode(value, validate=True) if value is not None else None

    def fields(self, name: str) -> _Fields:
        return _Fields(self._values.get(name))

    def fields_or_none(self, name: str) -> _Fields | None:
        return None if self._values.get(name) is None else self.fields(name)

    def items(self, name: str) -> list[object]:
        value = self._value(name, list)
        return value if isinstance(value, list) else []


def _target(fields: _Fields) -> Target:
    path = fields.text_or_none("path")
    if path is not None:
        return FileTarget(path=path)
    starttls = fields.text_or_none("starttls")
    return HostTarget(
        host=fields.text("host"),
        port=fields.number("port"),
        starttls=Starttls(starttls) if starttls is not None else None,
    )


def _observation(document: _Fields, chain: tuple[bytes, ...]) -> Observation:
    fields = document.fields("observation")
    match document.text("kind"):
        case "reached":
            failure = fields.fields_or_none("failure")
            return Reached(
                connection=_connection(fields.fields("connection")),
                chain=chain,
                failure=_failure(failure) if failure is not None else None,
                stapled_ocsp=fields.octets("stapled_ocsp"),
            )
        case "unreachable":
            return Unreachable(
                failure=_failure(fields.fields("failure")), address=fields.text_or_none("address")
            )
        case "loaded":
            return Loaded(
                path=fields.text("path"),
                chain=chain,
                skipped=tuple(each for each in fields.items("skipped") if isinstance(each, str)),
            )
        case kind:
            raise ValueError(f"unknown kind {kind!r}")


def _connection(fields: _Fields) -> Connection:
    timing = fields.fields("timing")
    return Connection(
        address=fields.text("address"),
        port=fields.number("port"),
        server_name=fields.text_or_none("server_name"),
        protocol=fields.text_or_none("protocol"),
        cipher=fields.text_or_none("cipher"),
        group=fields.text_or_none("group"),
        post_quantum_offered=fields.is_true("post_quantum_offered"),
        alpn=fields.text_or_none("alpn"),
        client_certificate_requested=fields.is_true("client_certificate_requested"),
        timing=Timing(
            resolve_seconds=timing.seconds("resolve_seconds"),
            connect_seconds=timing.seconds("connect_seconds"),
            starttls_seconds=timing.seconds("starttls_seconds"),
            handshake_seconds=timing.seconds("handshake_seconds"),
        ),
    )


def _failure(fields: _Fields) -> Failure:
    facts = map(_Fields, fields.items("facts"))
    return Failure(
        code=Code(fields.text("code")),
        stage=Stage(fields.text("stage")),
        detail=fields.text("detail"),
        facts=tuple(Fact(fact.text("label"), fact.text("value")) for fact in facts),
    )
