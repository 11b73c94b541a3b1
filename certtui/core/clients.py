"""What each client makes of a report's findings: accepts, rejects or depends, and which fault it names first.

The facts are rows of `knowledge/clients.toml`; this module only combines them. Nothing is guessed: a client
without a row for a code is `Stance.UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import cast

from certtui.core.catalogue import Code, Severity
from certtui.core.finding import Finding
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
    """Those documents."""
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ClientVerdict:
    """What one client makes of all findings together."""

    client: str
    """The client's name, e.g. `Firefox`."""
    stance: Stance
    shows: str | None
    """What it shows first, None where it shows nothing or where that is not known."""
    because: Code | None
    """The finding that it names first."""
    basis: str
    note: str | None = None

    @property
    def accepts(self) -> bool:
        """Whether the client is known to accept."""
        return self.stance is Stance.ACCEPTS

    @property
    def rejects(self) -> bool:
        """Whether the client is known to reject."""
        return self.stance is Stance.REJECTS


def client_verdicts(findings: Sequence[Finding]) -> tuple[ClientVerdict, ...]:
    """Return what every client makes of these findings, in the clients' fixed order.

    A notice is what no client refuses for, so it counts only where there is nothing graver.
    """
    judged = tuple(finding for finding in findings if finding.code not in not_judged())
    grave = tuple(finding for finding in judged if finding.severity is not Severity.NOTICE)
    judged = grave or judged
    return tuple(_verdict(client, judged) for client in clients())


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
            reveals=tuple(cast("list[str]", row.get("reveals", []))),
            reveals_all=row.get("reveals") == ["all"],
            stops_at=tuple(cast("list[str]", row.get("stops_at", []))),
            beside=tuple(cast("list[str]", row.get("beside", []))),
        )
        for key, row in rows.items()
    )


@cache
def statements(code: Code, *, of_issuer: bool = False) -> Mapping[str, Statement]:
    """Return what is known about `code`, by client key; a client that is missing is unknown.

    Some clients say something else where the fault is not the server's own certificate's but an issuer's.
    """
    row = _row(code.value)
    special = row.pop(_OF_ISSUER, None)
    if of_issuer and isinstance(special, dict):
        row = special
    note = cast("str | None", row.pop("note", None))
    if "everyone" in row:
        row = dict.fromkeys((client.key for client in clients()), row["everyone"])
    by_key = {client.key: client for client in clients()}
    if not row.keys() <= by_key.keys():
        raise KnowledgeError(f"clients.toml: {code.value} names unknown clients: {sorted(row)}")
    return {key: _statement(by_key[key], said, note) for key, said in row.items()}


@cache
def not_judged() -> frozenset[Code]:
    """Return the codes that no client has a say in: faults of the network or of certtui."""
    return frozenset(Code(code) for code in cast("list[str]", _facts()["not_judged"]))


_OF_ISSUER = "issuer"
"""The part of a code's row for the fault of an issuer, where clients tell the two apart."""


@cache
def _facts() -> dict[str, object]:
    return table("clients.toml")


@cache
def _kind_of_fault() -> dict[Code, str]:
    kinds = cast("dict[str, list[str]]", _facts()["faults"])
    return {Code(code): kind for kind, codes in kinds.items() for code in codes}


def _row(code: str) -> dict[str, object]:
    """Return a code's row, or the one that it says it is like."""
    rows = cast("dict[str, dict[str, object]]", _facts()["codes"])
    row = rows.get(code, {})
    return dict(rows[str(row["like"])] if "like" in row else row)


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


def _verdict(client: Client, findings: Sequence[Finding]) -> ClientVerdict:
    said: dict[Code, Statement] = {}
    silent: list[Code] = []
    for finding in findings:
        known = statements(finding.code, of_issuer=finding.certificate != 0).get(client.key)
        if known is None:
            # A notice is what no client refuses, so one that nobody looked at says nothing against the host.
            silent += [finding.code] if finding.severity is not Severity.NOTICE else []
        elif finding.code not in said or known.stance is Stance.REJECTS:
            said[finding.code] = known
    rejecting = {code: it for code, it in said.items() if it.stance is Stance.REJECTS}
    depending = {code: it for code, it in said.items() if it.stance is Stance.DEPENDS}
    if rejecting:
        return _rejection(client, rejecting, [*silent, *depending])
    if depending:
        code, statement = next(iter(depending.items()))
        return _said(client, code, statement)
    if silent:
        return _silence(client, silent)
    return _acceptance(client, tuple(said.values()))


def _silence(client: Client, silent: Sequence[Code]) -> ClientVerdict:
    named = ", ".join(dict.fromkeys(silent))
    return ClientVerdict(
        client=client.name,
        stance=Stance.UNKNOWN,
        shows=None,
        because=None,
        basis=f"nobody has looked at {named}",
    )


def _acceptance(client: Client, said: Sequence[Statement]) -> ClientVerdict:
    return ClientVerdict(
        client=client.name,
        stance=Stance.ACCEPTS,
        shows=None,
        because=None,
        basis=_joined(it.basis for it in said) or "nothing was found that it refuses",
        note=_joined(it.note for it in said if it.note) or None,
    )


def _rejection(
    client: Client, rejecting: Mapping[Code, Statement], undecided: Sequence[Code]
) -> ClientVerdict:
    """Return the rejection, naming the fault that the client reveals first where that is known."""
    if client.reveals_all:
        named = _named_together(client, rejecting)
        shown = [rejecting[code].shows or "" for code in named]
        first = named[0]
        together = Statement(
            stance=Stance.REJECTS,
            shows="; ".join(filter(None, dict.fromkeys(shown))) or None,
            basis=rejecting[first].basis,
        )
        return _said(client, first, together)
    shown_first = _first_revealed(client, [*rejecting, *undecided])
    if shown_first is not None and shown_first in rejecting:
        return _said(client, shown_first, rejecting[shown_first])
    same = {statement.shows for statement in rejecting.values()}
    return ClientVerdict(
        client=client.name,
        stance=Stance.REJECTS,
        shows=same.pop() if len(same) == 1 and not undecided else None,
        because=None,
        basis=_joined(statement.basis for statement in rejecting.values()),
        note="Which of the faults it names first is not known.",
    )


def _named_together(client: Client, codes: Iterable[Code]) -> list[Code]:
    named = list(codes)
    if not any(code in client.stops_at for code in named):
        return named
    return [code for code in named if _kind_of_fault().get(code) in client.beside]


def _first_revealed(client: Client, codes: Sequence[Code]) -> Code | None:
    """Return the one of `codes` that the client names, None where its order among them is not known."""
    if len(codes) == 1:
        return codes[0]
    kinds = {code: _kind_of_fault().get(code) for code in codes}
    ranks = {code: client.reveals.index(kind) for code, kind in kinds.items() if kind in client.reveals}
    if len(ranks) < len(codes):
        return None
    first = min(ranks.values())
    candidates = [code for code, rank in ranks.items() if rank == first]
    return candidates[0] if len(candidates) == 1 else None


def _said(client: Client, code: Code, statement: Statement) -> ClientVerdict:
    return ClientVerdict(
        client=client.name,
        stance=statement.stance,
        shows=statement.shows,
        because=code,
        basis=statement.basis,
        note=statement.note,
    )


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
