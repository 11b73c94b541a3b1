"""Certificate policies along a path, by the rules of RFC 5280 §6.1 as RFC 9618 corrects them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from certtui.core.certificate import Certificate
from certtui.core.policies import MAX_OCTETS, policy_violation
from certtui.lab.pki import CA_WISH, element
from tests.core.examples import ROOT, leaf

ANY = "2.5.29.32.0"
P, Q, R = (f"1.3.6.1.4.1.55555.7.{number}" for number in (1, 2, 3))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one certificate says about policies."""

    policies: tuple[str, ...] = ()
    mappings: tuple[tuple[str, str], ...] = ()
    explicit: int | None = None
    inhibit_mapping: int | None = None
    inhibit_any: int | None = None
    is_self_issued: bool = False


def _encoded(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    octets = bytes((first * 40 + second,))
    for arc in rest:
        groups = [arc & 0x7F]
        while arc := arc >> 7:
            groups.append(arc & 0x7F | 0x80)
        octets += bytes(reversed(groups))
    return element(0x06, octets)


def _extensions(rules: Rules) -> tuple[tuple[x509.ExtensionType, bool], ...]:
    found: list[tuple[x509.ExtensionType, bool]] = []
    if rules.policies:
        named = [x509.PolicyInformation(x509.ObjectIdentifier(each), None) for each in rules.policies]
        found.append((x509.CertificatePolicies(named), False))
    if rules.mappings:
        pairs = b"".join(element(0x30, _encoded(a), _encoded(b)) for a, b in rules.mappings)
        value = element(0x30, pairs)
        found.append((x509.UnrecognizedExtension(ExtensionOID.POLICY_MAPPINGS, value), True))
    if rules.explicit is not None or rules.inhibit_mapping is not None:
        constraints = x509.PolicyConstraints(
            require_explicit_policy=rules.explicit, inhibit_policy_mapping=rules.inhibit_mapping
        )
        found.append((constraints, True))
    if rules.inhibit_any is not None:
        found.append((x509.InhibitAnyPolicy(rules.inhibit_any), True))
    return tuple(found)


def _path(cas: Sequence[Rules], own: Rules) -> list[Certificate]:
    """Return a path without its anchor, leaf first; `cas` stand as they were issued, from the root downwards."""
    issuer = ROOT
    path: list[Certificate] = []
    for number, rules in enumerate(cas):
        name = f"CA {number - 1}" if rules.is_self_issued else f"CA {number}"
        wish = replace(CA_WISH, extensions=_extensions(rules))
        issuer = issuer.intermediate(name, wish=wish, key_label=f"policies {number}")
        path.insert(0, Certificate.of(issuer.der))
    return [Certificate.of(leaf(issuer, extensions=_extensions(own)).der), *path]


DEMANDING = Rules(policies=(P,), explicit=0)


@pytest.mark.parametrize(
    ("cas", "own", "holds"),
    [
        ([Rules()], Rules(), True),
        ([DEMANDING], Rules(policies=(P,)), True),
        ([DEMANDING], Rules(policies=(Q,)), False),
        ([DEMANDING], Rules(), False),
        ([DEMANDING], Rules(policies=(ANY,)), True),
        ([replace(DEMANDING, inhibit_any=0)], Rules(policies=(ANY,)), False),
        ([Rules(policies=(P,), explicit=1)], Rules(), False),
        ([Rules(policies=(P,), explicit=2)], Rules(), True),
        ([Rules(policies=(P,), explicit=2), Rules(policies=(P,))], Rules(), False),
        ([Rules(explicit=5)], Rules(), True),
        ([DEMANDING], Rules(policies=(P,), explicit=0), True),
        ([Rules()], Rules(explicit=0), False),
        ([replace(DEMANDING, mappings=((P, Q),))], Rules(policies=(Q,)), True),
        ([replace(DEMANDING, mappings=((P, Q),))], Rules(policies=(P,)), False),
        ([replace(DEMANDING, mappings=((P, Q), (P, R)))], Rules(policies=(R,)), True),
        ([replace(DEMANDING, policies=(ANY,), mappings=((P, Q),))], Rules(policies=(Q,)), True),
        ([replace(DEMANDING, mappings=((P, ANY),))], Rules(policies=(P,)), False),
        (
            [replace(DEMANDING, inhibit_mapping=0), Rules(policies=(P,), mappings=((P, Q),))],
            Rules(policies=(Q,)),
            False,
        ),
        (
            [replace(DEMANDING, inhibit_any=0), Rules(policies=(ANY,), is_self_issued=True)],
            Rules(policies=(P,)),
            True,
        ),
        ([replace(DEMANDING, inhibit_any=0), Rules(policies=(ANY,))], Rules(policies=(P,)), False),
    ],
)
def test_a_demanded_policy_holds_or_not(cas: list[Rules], own: Rules, holds: bool) -> None:
    assert (policy_violation(_path(cas, own)) is None) is holds


def test_who_demands_and_who_lacks_the_policy_are_told() -> None:
    violation = policy_violation(_path([DEMANDING, Rules(policies=(Q,))], Rules(policies=(Q,))))

    assert violation is not None
    assert (violation.position, violation.demanded_by) == (1, 2)


def test_thousands_of_mappings_are_refused_unread_and_hundreds_cost_little() -> None:
    many = tuple((P, f"1.3.6.1.4.1.55555.9.{number}") for number in range(MAX_OCTETS // 20))
    started = time.monotonic()

    refused = policy_violation(_path([replace(DEMANDING, mappings=many)], Rules(policies=(P,))))
    few = policy_violation(_path([replace(DEMANDING, mappings=many[:400])] * 3, Rules(policies=(P,))))

    assert refused is not None
    assert refused.is_unreadable
    assert few is not None
    assert time.monotonic() - started < 20
