"""Certificate policies along a path, by the rules of RFC 5280 §6.1 as RFC 9618 corrects them."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

from certtui.core.certificate import Certificate
from certtui.core.der import encode as element
from certtui.core.extensions import MAX_POLICY_OCTETS
from certtui.core.policies import policy_violation
from certtui.lab.pki import CA_WISH
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
    many = tuple((P, f"1.3.6.1.4.1.55555.9.{number}") for number in range(MAX_POLICY_OCTETS // 20))
    started = time.monotonic()

    refused = policy_violation(_path([replace(DEMANDING, mappings=many)], Rules(policies=(P,))))
    few = policy_violation(_path([replace(DEMANDING, mappings=many[:400])] * 3, Rules(policies=(P,))))

    assert refused is not None
    assert refused.is_unreadable
    assert few is not None
    assert time.monotonic() - started < 20


HOLDING_P, HOLDING_Q, HOLDING_R, HOLDING_ANY = (Rules(policies=(policy,)) for policy in (P, Q, R, ANY))
MAPPING = Rules(policies=(P,), mappings=((P, Q),))


@pytest.mark.parametrize(
    ("cas", "own", "holds"),
    [
        ([], Rules(explicit=0), False),
        ([], Rules(policies=(P,), explicit=0), True),
        ([], Rules(explicit=1), True),
        ([Rules(policies=(P,), explicit=2), replace(HOLDING_P, is_self_issued=True)], Rules(), True),
        ([DEMANDING, replace(HOLDING_P, explicit=5)], Rules(), False),
        ([Rules(policies=(P,), explicit=1), replace(HOLDING_P, explicit=0)], Rules(), False),
        ([replace(DEMANDING, mappings=((Q, R),))], HOLDING_R, False),
        ([replace(DEMANDING, mappings=((Q, R),))], HOLDING_P, True),
        ([DEMANDING, MAPPING], HOLDING_Q, True),
        ([DEMANDING, MAPPING], HOLDING_P, False),
        ([DEMANDING, MAPPING, Rules(policies=(Q,), mappings=((Q, R),))], HOLDING_R, True),
        ([replace(DEMANDING, inhibit_mapping=1), MAPPING], HOLDING_Q, True),
        ([replace(DEMANDING, inhibit_mapping=1), HOLDING_P, MAPPING], HOLDING_Q, False),
        (
            [replace(DEMANDING, inhibit_mapping=1), replace(HOLDING_P, is_self_issued=True), MAPPING],
            HOLDING_Q,
            True,
        ),
        (
            [replace(DEMANDING, inhibit_mapping=0), replace(HOLDING_P, inhibit_mapping=5), MAPPING],
            HOLDING_Q,
            False,
        ),
        (
            [
                replace(DEMANDING, policies=(P, Q), inhibit_mapping=0),
                Rules(policies=(P, Q), mappings=((P, R),)),
            ],
            HOLDING_Q,
            True,
        ),
        (
            [
                replace(DEMANDING, policies=(P, Q), inhibit_mapping=0),
                Rules(policies=(P, Q), mappings=((P, R),)),
            ],
            HOLDING_P,
            False,
        ),
        ([replace(DEMANDING, inhibit_any=1), HOLDING_ANY], HOLDING_P, True),
        ([replace(DEMANDING, inhibit_any=1), HOLDING_ANY], HOLDING_ANY, False),
        ([replace(DEMANDING, inhibit_any=1), replace(HOLDING_ANY, is_self_issued=True)], HOLDING_ANY, True),
        ([replace(DEMANDING, inhibit_any=0), replace(HOLDING_P, inhibit_any=5)], HOLDING_ANY, False),
        ([replace(DEMANDING, inhibit_any=0), replace(HOLDING_P, is_self_issued=True)], HOLDING_ANY, False),
        ([replace(DEMANDING, policies=(ANY,)), HOLDING_P], HOLDING_Q, False),
        ([replace(DEMANDING, policies=(ANY,)), HOLDING_ANY], HOLDING_Q, True),
        ([replace(DEMANDING, policies=(ANY, P), mappings=((P, Q),)), HOLDING_R], HOLDING_R, True),
        ([DEMANDING, HOLDING_Q], HOLDING_P, False),
        ([Rules(), replace(HOLDING_P, explicit=0)], HOLDING_P, False),
    ],
)
def test_counters_mappings_and_any_policy_work_together(cas: list[Rules], own: Rules, holds: bool) -> None:
    assert (policy_violation(_path(cas, own)) is None) is holds


def test_any_policy_of_a_self_issued_certificate_counts_above_the_end_of_a_path_only() -> None:
    renewed = replace(HOLDING_ANY, is_self_issued=True)
    leaf_first = _path([replace(DEMANDING, inhibit_any=0), renewed], HOLDING_P)

    assert policy_violation(leaf_first) is None
    assert policy_violation(leaf_first[1:]) is not None


@pytest.mark.parametrize("pair", [(ANY, P), (P, ANY), (ANY, ANY)])
def test_any_policy_may_not_be_mapped_though_none_is_demanded(pair: tuple[str, str]) -> None:
    for rules in (Rules(mappings=(pair,)), Rules(policies=(P, Q), mappings=((P, Q), pair))):
        violation = policy_violation(_path([HOLDING_P, rules], Rules()))

        assert violation is not None
        assert (violation.position, violation.is_unreadable, violation.demanded_by) == (1, True, None)


@pytest.mark.parametrize(
    ("oid", "value"),
    [
        (ExtensionOID.CERTIFICATE_POLICIES, b"\x30\x00"),
        (ExtensionOID.CERTIFICATE_POLICIES, b"\x30\x02\x30\x00"),
        (ExtensionOID.CERTIFICATE_POLICIES, b""),
        (ExtensionOID.POLICY_MAPPINGS, b"\x30\x00"),
        (ExtensionOID.POLICY_MAPPINGS, b"\x30\x02\x30\x00"),
        (ExtensionOID.POLICY_CONSTRAINTS, b"\x30\x00"),
        (ExtensionOID.POLICY_CONSTRAINTS, b"\x30\x03\x82\x01\x00"),
        (ExtensionOID.INHIBIT_ANY_POLICY, b"\x30\x00"),
    ],
    ids=["no policy", "nameless", "nothing", "no mapping", "no pair", "no constraint", "odd", "no number"],
)
def test_an_empty_or_unreadable_extension_is_told_of_where_it_stands(
    oid: x509.ObjectIdentifier, value: bytes
) -> None:
    odd = x509.UnrecognizedExtension(oid, value)
    ca = ROOT.intermediate("CA 0", wish=replace(CA_WISH, extensions=((odd, False),)))
    below = ca.intermediate("CA 1")
    path = [Certificate.of(each.der) for each in (leaf(below), below, ca)]

    violation = policy_violation(path)

    assert violation is not None
    assert (violation.position, violation.is_unreadable) == (2, True)


def test_an_empty_policies_extension_of_a_leaf_is_unreadable() -> None:
    odd = x509.UnrecognizedExtension(ExtensionOID.CERTIFICATE_POLICIES, b"\x30\x00")

    violation = policy_violation([Certificate.of(leaf(extensions=((odd, False),)).der)])

    assert violation is not None
    assert (violation.position, violation.is_unreadable) == (0, True)


@pytest.mark.parametrize(
    ("cas", "own", "position", "demanded_by"),
    [
        ([DEMANDING], HOLDING_Q, 0, 1),
        ([HOLDING_P, DEMANDING], HOLDING_Q, 0, 1),
        ([DEMANDING, replace(HOLDING_P, explicit=0)], HOLDING_Q, 0, 2),
        ([replace(DEMANDING, explicit=3), replace(HOLDING_P, explicit=0)], HOLDING_Q, 0, 1),
        ([HOLDING_P, HOLDING_Q, HOLDING_Q], replace(HOLDING_Q, explicit=0), 2, 0),
        ([Rules(policies=(P,), explicit=3), Rules(), HOLDING_P], HOLDING_P, 2, 3),
        ([replace(DEMANDING, inhibit_mapping=0), MAPPING], HOLDING_Q, 1, 2),
    ],
)
def test_the_first_that_lacks_a_policy_and_the_first_that_demands_one_are_told(
    cas: list[Rules], own: Rules, position: int, demanded_by: int
) -> None:
    violation = policy_violation(_path(cas, own))

    assert violation is not None
    assert (violation.position, violation.demanded_by) == (position, demanded_by)
    assert not violation.is_unreadable


def test_an_extension_of_the_largest_size_is_read_and_a_larger_one_is_not() -> None:
    def padded(size: int) -> bytes:
        named = _encoded(P)
        filling = size - len(element(0x30, element(0x30, named, element(0x30, bytes(1_000))))) + 1_000
        return element(0x30, element(0x30, named, element(0x30, bytes(filling))))

    def violation_of(value: bytes) -> bool:
        odd = x509.UnrecognizedExtension(ExtensionOID.CERTIFICATE_POLICIES, value)
        return policy_violation([Certificate.of(leaf(extensions=((odd, False),)).der)]) is not None

    assert len(padded(MAX_POLICY_OCTETS)) == MAX_POLICY_OCTETS
    assert not violation_of(padded(MAX_POLICY_OCTETS))
    assert violation_of(padded(MAX_POLICY_OCTETS + 1))


def test_a_path_of_mappings_that_multiply_is_judged_quickly() -> None:
    names = [f"1.3.6.1.4.1.55555.9.{number}" for number in range(30)]
    mappings = tuple((one, other) for one in names for other in names)
    growing = Rules(policies=tuple(names), mappings=mappings)
    path = _path([replace(growing, explicit=0), *[growing] * 7], Rules(policies=(names[0],)))
    started = time.monotonic()

    violation = policy_violation(path)

    assert violation is None
    assert time.monotonic() - started < 2
