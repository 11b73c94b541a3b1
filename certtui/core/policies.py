"""Certificate policies along a path (RFC 5280 §6.1 as RFC 9618 corrects it). It decides, others report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from certtui.core import der, extensions
from certtui.core.certificate import Certificate
from certtui.core.extensions import ANY_POLICY


@dataclass(frozen=True, slots=True)
class PolicyViolation:
    """Why the policies of a path do not hold."""

    position: int
    """Place in the path, leaf first, of the certificate where it shows."""
    what: str
    """One clause; raw text."""
    is_unreadable: bool = False
    """Whether it is that the certificate's policies cannot be read."""
    demanded_by: int | None = None
    """Place of the CA that demands an explicit policy (`requireExplicitPolicy`)."""


@dataclass(slots=True)
class _State:
    """The state variables of RFC 5280 §6.1.2; a counter is how many certificates further down a rule begins to hold."""

    explicit_policy: int
    policy_mapping: int
    inhibit_any: int
    level: dict[str, frozenset[str]]
    """The policies valid so far, each with what it may be called one certificate further down; empty once none is.

    It is the last level of the valid policy graph. Any policy suits the user, so that the levels above decide nothing
    more, and the tree that RFC 5280 describes, which hostile mappings can make grow without end, is never built.
    """
    demanded_by: int | None = None
    emptied_at: int | None = None


def policy_violation(certificates: Sequence[Certificate]) -> PolicyViolation | None:
    """Return why a path's policies do not hold, None if they do.

    `certificates` are those of a path without its anchor, leaf first. Any policy is acceptable to the user and
    none is demanded at the outset (RFC 5280 §6.1.1 (c) to (g)); so it is the CAs' own rules that are judged.
    """
    count = len(certificates)
    state = _State(count + 1, count + 1, count + 1, {ANY_POLICY: frozenset({ANY_POLICY})})
    for position in range(count - 1, -1, -1):
        certificate = certificates[position]
        try:
            _process(state, certificate, position)
            if state.explicit_policy == 0 and not state.level:
                return _unmet(state, position)
            if position:
                _prepare(state, certificate, position)
            else:
                _wrap_up(state, certificate)
        except der.DerError as error:
            return PolicyViolation(position, f"its policies cannot be read: {error}", is_unreadable=True)
    return _unmet(state, 0) if state.explicit_policy == 0 and not state.level else None


def _unmet(state: _State, position: int) -> PolicyViolation:
    emptied = position if state.emptied_at is None else state.emptied_at
    return PolicyViolation(emptied, "it holds no policy that is valid here", demanded_by=state.demanded_by)


def _process(state: _State, certificate: Certificate, position: int) -> None:
    """RFC 5280 §6.1.3 (d) and (e)."""
    if not state.level:
        return
    policies = _policies(certificate)
    expected = frozenset(policy for names in state.level.values() for policy in names)
    from_any = ANY_POLICY in state.level
    valid = {policy for policy in policies - {ANY_POLICY} if from_any or policy in expected}
    if ANY_POLICY in policies and (state.inhibit_any > 0 or (position > 0 and certificate.is_self_issued)):
        valid |= expected
    _enter(state, {policy: frozenset({policy}) for policy in valid}, position)


def _enter(state: _State, level: dict[str, frozenset[str]], position: int) -> None:
    state.level = level
    if not level and state.emptied_at is None:
        state.emptied_at = position


def _prepare(state: _State, certificate: Certificate, position: int) -> None:
    """RFC 5280 §6.1.4 (a), (b) and (h) to (j)."""
    mappings = _mappings(certificate)
    if any(ANY_POLICY in (issuer, *subjects) for issuer, subjects in mappings.items()):
        raise der.DerError("policyMappings maps anyPolicy (RFC 5280 §4.2.1.5)")
    if state.level:
        _map(state, mappings, position)
    if not certificate.is_self_issued:
        state.explicit_policy = max(0, state.explicit_policy - 1)
        state.policy_mapping = max(0, state.policy_mapping - 1)
        state.inhibit_any = max(0, state.inhibit_any - 1)
    explicit, inhibit_mapping = _constraints(certificate)
    if explicit is not None and explicit < state.explicit_policy:
        state.explicit_policy, state.demanded_by = explicit, position
    if inhibit_mapping is not None:
        state.policy_mapping = min(state.policy_mapping, inhibit_mapping)
    skip = _inhibit_any(certificate)
    if skip is not None:
        state.inhibit_any = min(state.inhibit_any, skip)


def _map(state: _State, mappings: Mapping[str, frozenset[str]], position: int) -> None:
    level = dict(state.level)
    for policy, equivalents in mappings.items():
        if state.policy_mapping == 0:
            level.pop(policy, None)
        elif policy in level or ANY_POLICY in level:
            level[policy] = equivalents
    _enter(state, level, position)


def _wrap_up(state: _State, certificate: Certificate) -> None:
    """RFC 5280 §6.1.5 (a) and (b)."""
    state.explicit_policy = max(0, state.explicit_policy - 1)
    explicit, _ = _constraints(certificate)
    if explicit == 0:
        state.explicit_policy, state.demanded_by = 0, 0


def _policies(certificate: Certificate) -> frozenset[str]:
    extension = certificate.extension(extensions.CERTIFICATE_POLICIES)
    return frozenset() if extension is None else _decoded_policies(extension.value)


def _mappings(certificate: Certificate) -> Mapping[str, frozenset[str]]:
    extension = certificate.extension(extensions.POLICY_MAPPINGS)
    return {} if extension is None else _decoded_mappings(extension.value)


@lru_cache(maxsize=256)
def _decoded_policies(value: bytes) -> frozenset[str]:
    return frozenset(extensions.decode_policies(value))


@lru_cache(maxsize=256)
def _decoded_mappings(value: bytes) -> Mapping[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for issuer, subject in extensions.decode_policy_mappings(value):
        found.setdefault(issuer, set()).add(subject)
    return {issuer: frozenset(subjects) for issuer, subjects in found.items()}


def _constraints(certificate: Certificate) -> tuple[int | None, int | None]:
    extension = certificate.extension(extensions.POLICY_CONSTRAINTS)
    return (None, None) if extension is None else extensions.decode_policy_constraints(extension.value)


def _inhibit_any(certificate: Certificate) -> int | None:
    extension = certificate.extension(extensions.INHIBIT_ANY_POLICY)
    return None if extension is None else extensions.decode_inhibit_any_policy(extension.value)
