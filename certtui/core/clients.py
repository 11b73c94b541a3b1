"""What each client makes of a report's findings: accepts, rejects or depends, and which fault it names first.

What a client makes of one fault alone comes from `client_statements`; this module only combines it. Nothing is
guessed: a client that nothing is known of is `Stance.UNKNOWN`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from certtui.core.catalogue import Code, Severity
from certtui.core.client_statements import (
    Client,
    Stance,
    Statement,
    clients,
    kinds_of_fault,
    not_judged,
    statements,
)
from certtui.core.finding import Finding

__all__ = ["ClientVerdict", "Stance", "Step", "client_verdicts", "steps_to_acceptance"]


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What a client refuses for at one time; once that is mended, the next step shows."""

    codes: tuple[Code, ...]
    """The findings that it refuses for then: one, several that it names together, or several of unknown order."""
    shows: str | None
    """What it shows, None where that is not known."""
    is_order_known: bool = True
    """False where it refuses for several of which nobody knows the first.

    A single one may still stand behind what depends on circumstances: then only what it shows is not known.
    """


def client_verdicts(findings: Sequence[Finding]) -> tuple[ClientVerdict, ...]:
    """Return what every client makes of these findings, in the clients' fixed order.

    A notice is what no client refuses for, so it counts only where a client accepts all that is graver: of a
    certificate of the user's own CA that also ends soon, whether the CA is installed is still what decides.
    """
    judged = tuple(finding for finding in findings if finding.code not in not_judged())
    grave = _judged(findings)
    return tuple(_with_notices(client, grave, judged) for client in clients())


def _with_notices(client: Client, grave: Sequence[Finding], judged: Sequence[Finding]) -> ClientVerdict:
    verdict = _verdict(client, grave)
    return _verdict(client, judged) if verdict.accepts else verdict


def steps_to_acceptance(findings: Sequence[Finding]) -> Mapping[str, tuple[Step, ...]]:
    """Return by client name what it refuses for at first, and then, as one fault after the other is mended.

    A client that refuses nothing has no step. Faults that depend on something else are no step either.
    """
    judged = _judged(findings)
    return {client.name: tuple(_steps(client, judged)) for client in clients()}


def _steps(client: Client, findings: Sequence[Finding]) -> Iterator[Step]:
    left = tuple(findings)
    while True:
        verdict = _verdict(client, left)
        if not verdict.rejects:
            return
        rejecting = tuple(dict.fromkeys(it.code for it in left if _refuses(client, it)))
        if verdict.because is None:
            yield Step(codes=rejecting, shows=verdict.shows, is_order_known=len(rejecting) == 1)
            return
        named = tuple(_named_together(client, rejecting)) if client.reveals_all else (verdict.because,)
        yield Step(codes=named, shows=verdict.shows)
        left = tuple(it for it in left if it.code not in named)


def _refuses(client: Client, finding: Finding) -> bool:
    known = statements(finding.code, of_issuer=finding.certificate != 0, traits=finding.traits).get(
        client.key
    )
    return known is not None and known.stance is Stance.REJECTS


def _judged(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    judged = tuple(finding for finding in findings if finding.code not in not_judged())
    grave = tuple(finding for finding in judged if finding.severity is not Severity.NOTICE)
    return grave or judged


def _verdict(client: Client, findings: Sequence[Finding]) -> ClientVerdict:
    said: dict[Code, Statement] = {}
    silent: list[Code] = []
    for finding in findings:
        of_issuer = finding.certificate != 0
        known = statements(finding.code, of_issuer=of_issuer, traits=finding.traits).get(client.key)
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
    return [code for code in named if kinds_of_fault().get(code) in client.beside]


def _first_revealed(client: Client, codes: Sequence[Code]) -> Code | None:
    """Return the one of `codes` that the client names, None where its order among them is not known."""
    if len(codes) == 1:
        return codes[0]
    kinds = {code: kinds_of_fault().get(code) for code in codes}
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
