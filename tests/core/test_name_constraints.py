"""Name constraints as CAs write them, and what no CA may write (RFC 5280 §4.2.1.10)."""

from __future__ import annotations

from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID

import certtui
from certtui.core import name_constraints
from certtui.core.catalogue import Code, Severity
from certtui.lab.pki import CA_WISH, element
from tests.core.examples import HOST, NOW, ROOT, leaf

_ZERO, _ONE = b"\x80\x01\x00", b"\x80\x01\x01"


def _errors(constraints: bytes, *, is_critical: bool = True, **changes: object) -> set[Code]:
    """Return the errors of a chain whose CA has these constraints."""
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, constraints)
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=((extension, is_critical),)))
    sent = [leaf(ca, **changes).der, ca.der]
    report = certtui.diagnose(sent, host=HOST, anchors=[ROOT.der], now=NOW)
    return {finding.code for finding in report.findings if finding.severity is Severity.ERROR}


def _permitting(base: bytes, limits: bytes = b"") -> bytes:
    return element(0x30, element(0xA0, element(0x30, base, limits)))


PERMITTED = element(0x82, b"example.test")


def test_a_permitted_name_is_no_fault() -> None:
    assert _errors(_permitting(PERMITTED)) == set()
    assert _errors(_permitting(PERMITTED, _ZERO)) == set()


@pytest.mark.parametrize(
    "malformed",
    [
        element(0x30),
        element(0x30, element(0xA0)),
        element(0x30, element(0xA0, element(0x30))),
        _permitting(PERMITTED, _ONE),
        _permitting(PERMITTED, b"\x81\x01\x05"),
        _permitting(element(0x42, b"example.test")),
        _permitting(element(0x87, bytes.fromhex("0a000000ff00ff00"))),
        _permitting(element(0x87, bytes.fromhex("0a0000"))),
        element(0x30, element(0xA2, element(0x30, PERMITTED))),
    ],
    ids=["nothing", "no subtree", "no base", "minimum", "maximum", "tag", "mask", "length", "field"],
)
def test_constraints_that_rfc_5280_does_not_know_are_refused(malformed: bytes) -> None:
    assert _errors(malformed) == {Code.CERTIFICATE_UNDECODABLE}


@pytest.mark.parametrize("tag", [0x88, 0xA3, 0xA5])
def test_what_nobody_compares_binds_only_where_it_is_critical(tag: int) -> None:
    constraints = _permitting(element(tag, b"\x2a"))

    assert _errors(constraints) == {Code.NAME_CONSTRAINT_VIOLATED}
    assert _errors(constraints, is_critical=False) == set()


def test_too_many_comparisons_are_refused_and_said_to_be_that(monkeypatch: pytest.MonkeyPatch) -> None:
    subtrees = b"".join(element(0x30, element(0x82, f"x{n}.example.test".encode())) for n in range(20))
    constraints = element(0x30, element(0xA1, subtrees))
    names = (HOST, *(f"y{n}.example.test" for n in range(20)))

    assert _errors(constraints, names=names) == set()
    monkeypatch.setattr(name_constraints, "MAX_COMPARISONS", 100)
    assert _errors(constraints, names=names) == {Code.NAME_CONSTRAINT_VIOLATED}


def test_names_of_another_kind_than_the_subtrees_cost_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(name_constraints, "MAX_COMPARISONS", 10)
    subtrees = b"".join(element(0x30, element(0x86, f".x{n}.test".encode())) for n in range(20))

    assert _errors(element(0x30, element(0xA1, subtrees))) == set()
