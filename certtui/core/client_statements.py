"""What each client makes of one fault alone: the rows of `knowledge/clients.toml`, with types. It combines nothing.

Nothing is guessed: a client without a row for a code is missing from what `statements` returns.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from typing import cast

from certtui.core.catalogue import Code
from certtui.core.knowledge import KnowledgeError, table


class Stance(StrEnum):
    """What a client does."""

    ACCEPTS = "accepts"
    REJECTS = "rejects"
    DEPENDS = "depends"
    """Something that the finding doesn't tell decides; the note says what."""
    UNKNOWN = "unknown"
    """Nobody has looked, and certtui doesn't guess."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """A program that judges certificates."""

    key: str
    """Its name in `clients.toml`."""
    name: str
    version: str | None
    """The version that was measured, None for a client that is known from documents only."""
    source: str | None
    """Those documents, or the client whose engine it shares."""
    like: str | None
    """The key of the client whose engine it shares, and whose statements are its own where it has none."""
    reveals: tuple[str, ...]
    """Kinds of fault in the order in which it names one and hides the rest; empty where that is not known."""
    reveals_all: bool
    """Whether it names every fault at once."""
    stops_at: tuple[str, ...]
    """Codes that keep a client that does from naming others than those of the kinds `beside`."""
    beside: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What one client makes of one fault alone."""

    stance: Stance
    shows: str | None
    """The very text or code that it shows when it refuses."""
    basis: str
    """`measured with …` or `derived from …`: why certtui says so."""
    note: str | None = None
    """What decides where it depends, or what else a user should know."""


@cache
def clients() -> tuple[Client, ...]:
    """Return every client, in the order of `clients.toml`."""
    rows = cast("dict[str, dict[str, object]]", _facts()["clients"])
    return tuple(
        Client(
            key=key,
            name=cast("str", row["name"]),
            version=cast("str | None", row.get("measured")),
            source=cast("str | None", row.get("source")),
            like=cast("str | None", row.get("like")),
            reveals=tuple(cast("list[str]", row.get("reveals", []))),
            reveals_all=row.get("reveals") == ["all"],
            stops_at=tuple(cast("list[str]", row.get("stops_at", []))),
            beside=tuple(cast("list[str]", row.get("beside", []))),
        )
        for key, row in rows.items()
    )


@cache
def statements(
    code: Code, *, of_issuer: bool = False, traits: frozenset[str] = frozenset()
) -> Mapping[str, Statement]:
    """Return what is known about `code`, by client key; a client that is missing is unknown.

    Where clients tell cases apart, a row has parts. The one for an issuer's certificate stands in the row's place;
    those for the finding's traits are laid over it, in the order of the file, and speak for the clients they name.
    """
    row = _row(code.value)
    parts = {name: part for name, part in row.items() if _is_part(part)}
    base = parts.get(_OF_ISSUER) if of_issuer else None
    layers = [base or {name: said for name, said in row.items() if name not in parts}]
    layers += [part for name, part in parts.items() if name in traits and name != _OF_ISSUER]
    found: dict[str, Statement] = {}
    for layer in layers:
        found |= _layer(code, layer)
    # A client is called unknown where it would else take over what another one says.
    return {key: it for key, it in found.items() if it.stance is not Stance.UNKNOWN}


@cache
def traits_told_apart(code: Code) -> tuple[str, ...]:
    """Return the traits of `code` that change what some client says, in the order of `clients.toml`."""
    return tuple(name for name, part in _row(code.value).items() if _is_part(part) and name != _OF_ISSUER)


@cache
def not_judged() -> frozenset[Code]:
    """Return the codes that no client has a say in: faults of the network or of certtui."""
    return frozenset(Code(code) for code in cast("list[str]", _facts()["not_judged"]))


@cache
def kinds_of_fault() -> Mapping[Code, str]:
    """Return the kind of each fault that clients' `reveals` put in order."""
    kinds = cast("dict[str, list[str]]", _facts()["faults"])
    return {Code(code): kind for kind, codes in kinds.items() for code in codes}


_OF_ISSUER = "issuer"
"""The part of a code's row for the fault of an issuer, where clients tell the two apart."""


@cache
def _facts() -> dict[str, object]:
    return table("clients.toml")


def _row(code: str) -> dict[str, dict[str, object]]:
    """Return a code's row, or the one that it says it is like."""
    rows = cast("dict[str, dict[str, dict[str, object]]]", _facts()["codes"])
    row = rows.get(code, {})
    return dict(rows[str(row["like"])] if "like" in row else row)


def _is_part(said: object) -> bool:
    """Tell a part of a row from what a client says, which has a stance."""
    return isinstance(said, dict) and "stance" not in said


def _layer(code: Code, layer: Mapping[str, object]) -> dict[str, Statement]:
    """Read a row or a part of one; who is not named says what its engine says, or what everyone says."""
    note = cast("str | None", layer.get("note"))
    named = {key: said for key, said in layer.items() if key not in ("note", "everyone")}
    if not named.keys() <= {client.key for client in clients()}:
        raise KnowledgeError(f"clients.toml: {code.value} names unknown clients: {sorted(named)}")
    found: dict[str, Statement] = {}
    for client in clients():
        if client.key in named:
            found[client.key] = _statement(client, named[client.key], note)
        elif client.like in named:
            statement = _statement(client, named[client.like], note)
            found[client.key] = replace(statement, basis=f"derived from {client.source}")
        elif "everyone" in layer:
            found[client.key] = _statement(client, layer["everyone"], note)
    return found


def _statement(client: Client, said: object, note: str | None) -> Statement:
    """Read what `clients.toml` explains at its head: `true`, a text or a table."""
    match said:
        case True:
            fields: dict[str, str] = {"stance": Stance.ACCEPTS}
        case str():
            fields = {"stance": Stance.REJECTS, "shows": said}
        case {"stance": str()}:
            fields = cast("dict[str, str]", said)
        case _:
            raise KnowledgeError(f"clients.toml: {said!r} is no statement")
    source = fields.get("source", client.source)
    return Statement(
        stance=Stance(fields["stance"]),
        shows=fields.get("shows"),
        basis=f"derived from {source}" if source else f"measured with {client.version}",
        note=fields.get("note", note),
    )
