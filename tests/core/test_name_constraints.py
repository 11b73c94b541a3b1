"""Name constraints as CAs write them, and what no CA may write (RFC 5280 §4.2.1.10)."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID, NameOID

import certtui
from certtui.core import name_constraints
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.der import DerError
from certtui.core.der import encode as element
from certtui.core.name_constraints import NameChecks
from certtui.core.subtrees import SMTP_UTF8_MAILBOX
from certtui.lab.pki import CA_WISH
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


def _excluding(base: bytes) -> bytes:
    return element(0x30, element(0xA1, element(0x30, base)))


def _of(tag: int, text: str) -> bytes:
    return element(tag, text.encode())


VIOLATED = {Code.NAME_CONSTRAINT_VIOLATED}
_OTHER_NAME = element(0xA0, b"\x06\x01\x2a", element(0xA0, element(0x0C, b"x")))
_SOME_OTHER = x509.OtherName(x509.ObjectIdentifier("1.2"), element(0x0C, b"x"))
_MAILBOX = x509.OtherName(x509.ObjectIdentifier("1.3.6.1.5.5.7.8.9"), element(0x0C, b"x@example.org"))
_COMPANY = x509.NameAttribute(NameOID.ORGANIZATION_NAME, "certtui demo")


def _subject(*attributes: x509.NameAttribute[str]) -> x509.Name:
    return x509.Name([_COMPANY, *attributes])


_MAIL = _subject(x509.NameAttribute(NameOID.EMAIL_ADDRESS, "a@example.org"))


@pytest.mark.parametrize(
    ("constraints", "changes", "expected"),
    [
        (_permitting(_of(0x82, "other.test")), {}, VIOLATED),
        (_excluding(PERMITTED), {}, VIOLATED),
        (_excluding(_of(0x82, "other.test")), {}, set()),
        (
            element(0x30, element(0xA0, element(0x30, PERMITTED)), element(0xA1, element(0x30, PERMITTED))),
            {},
            VIOLATED,
        ),
        (
            element(0x30, element(0xA0, *(element(0x30, _of(0x82, n)) for n in ("a.test", "example.test")))),
            {},
            set(),
        ),
        (_permitting(PERMITTED), {"names": (HOST, "www.other.test")}, VIOLATED),
        (_permitting(PERMITTED), {"names": (HOST, "192.0.2.1")}, set()),
        (_permitting(element(0x87, bytes(8))), {"names": (HOST, "192.0.2.1")}, set()),
        (
            _permitting(element(0x87, bytes.fromhex("0a000000ff000000"))),
            {"names": (HOST, "192.0.2.1")},
            VIOLATED,
        ),
        (_permitting(element(0x87, bytes(32))), {"names": (HOST, "192.0.2.1")}, VIOLATED),
        (_permitting(element(0xA4, x509.Name([_COMPANY]).public_bytes())), {}, set()),
        (_excluding(element(0xA4, x509.Name([_COMPANY]).public_bytes())), {}, VIOLATED),
        (_excluding(element(0xA4, x509.Name([_COMPANY]).public_bytes())), {"subject": x509.Name([])}, set()),
        (_permitting(_of(0x81, "example.test")), {"more_names": (_MAILBOX,)}, VIOLATED),
        (_permitting(_of(0x81, "example.org")), {"more_names": (_MAILBOX,)}, set()),
        (_permitting(_of(0x81, "example.test")), {"more_names": (_SOME_OTHER,)}, set()),
        (_permitting(_of(0x81, "example.test")), {"subject": _MAIL}, set()),
    ],
    ids=[
        "permitted elsewhere",
        "excluded",
        "excluded elsewhere",
        "permitted and excluded",
        "permitted by the second",
        "the second name is not",
        "an address and a domain's subtree",
        "any address",
        "another network",
        "IPv6 alone",
        "a subject that is permitted",
        "a subject that is excluded",
        "no subject",
        "a mailbox elsewhere",
        "a mailbox",
        "another otherName",
        "a mail address in the subject, beside alternative names",
    ],
)
def test_every_name_must_be_permitted_and_none_excluded(
    constraints: bytes, changes: dict[str, object], expected: set[Code]
) -> None:
    assert _errors(constraints, is_critical=True, **changes) == expected
    assert _errors(constraints, is_critical=False, **changes) == expected


def test_an_other_name_is_bound_by_critical_constraints_only() -> None:
    for constraints in (_permitting(_OTHER_NAME), _excluding(_OTHER_NAME)):
        assert _errors(constraints, more_names=(_SOME_OTHER,)) == VIOLATED
        assert _errors(constraints, is_critical=False, more_names=(_SOME_OTHER,)) == set()
        assert _errors(constraints) == set()


def _violates(constraints: bytes, subject: x509.Name, *, is_leaf: bool = True) -> bool:
    """Return whether a certificate with this subject and no alternative name violates the constraints."""
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, constraints)
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=((extension, True),)))
    certificate = Certificate.of(leaf(ca, names=None, subject=subject).der)
    found = NameChecks().first_violation(Certificate.of(ca.der), certificate, is_leaf=is_leaf)
    return found is not None


def _common(name: str) -> x509.Name:
    return _subject(x509.NameAttribute(NameOID.COMMON_NAME, name))


@pytest.mark.parametrize(
    ("subject", "base", "of_leaf", "of_ca"),
    [
        (_common("www.example.org"), PERMITTED, True, False),
        (_common("*.example.org"), PERMITTED, True, False),
        (_common("www.example.test"), PERMITTED, False, False),
        (_common("localhost"), PERMITTED, False, False),
        (_common("Example Inc. of Nowhere"), PERMITTED, False, False),
        (_common("192.0.2.1"), PERMITTED, False, False),
        (_common("192.0.2.1"), element(0x87, bytes.fromhex("0a000000ff000000")), True, False),
        (_common("2001:db8::1"), element(0x87, bytes.fromhex("0a000000ff000000")), True, False),
        (_common("10.0.0.1"), element(0x87, bytes.fromhex("0a000000ff000000")), False, False),
        (_MAIL, _of(0x81, "example.test"), True, True),
        (_MAIL, _of(0x81, "example.org"), False, False),
        (_MAIL, PERMITTED, False, False),
    ],
    ids=[
        "a host elsewhere",
        "a wildcard elsewhere",
        "a host",
        "no domain",
        "no host",
        "an address, where domains are bound",
        "an address elsewhere",
        "an IPv6 address",
        "an address",
        "a mail address elsewhere",
        "a mail address",
        "a mail address, where domains are bound",
    ],
)
def test_the_subject_is_bound_where_it_stands_in_for_alternative_names(
    subject: x509.Name, base: bytes, of_leaf: bool, of_ca: bool
) -> None:
    assert _violates(_permitting(base), subject) is of_leaf
    assert _violates(_permitting(base), subject, is_leaf=False) is of_ca


@pytest.mark.parametrize(
    "malformed",
    [
        b"",
        b"\x30\x05",
        element(0x30, element(0xA1)),
        element(0x30, *[element(0xA0, element(0x30, PERMITTED))] * 2),
        _permitting(PERMITTED, b"\x80\x02\x00\x00"),
        _permitting(PERMITTED, _ZERO + b"\x81\x01\x00"),
        _permitting(_of(0x82, "a b.test")),
        _permitting(_of(0x82, "*.example.test")),
        _permitting(element(0xA4, b"\x30\x05")),
        _permitting(element(0x87, bytes(16))),
        _permitting(element(0x87, bytes(4) + bytes.fromhex("00ff0000"))),
        _permitting(element(0x87, bytes(16) + bytes.fromhex("ffff" + "00" * 13 + "01"))),
        _excluding(element(0x89, b"x")),
        element(0x30, element(0xA0, element(0x30, PERMITTED), element(0x30))),
    ],
)
def test_constraints_that_cannot_be_read_raise(malformed: bytes) -> None:
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, malformed)
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=((extension, True),)))

    with pytest.raises(DerError):
        name_constraints.name_constraints(Certificate.of(ca.der))


@pytest.mark.parametrize(
    "base",
    [
        element(0x82),
        _of(0x82, ".example.test"),
        element(0x87, bytes.fromhex("0a000000ff000000")),
        element(0x87, bytes.fromhex("0a000000ffffffff")),
        element(0x87, bytes(4) + bytes.fromhex("fffe0000")),
        element(0x87, bytes(32)),
        element(0x81),
        element(0x86),
        element(0xA4, b"\x30\x00"),
    ],
)
def test_every_subtree_is_read_as_it_stands(base: bytes) -> None:
    extension = x509.UnrecognizedExtension(ExtensionOID.NAME_CONSTRAINTS, _excluding(base))
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=((extension, False),)))

    found = name_constraints.name_constraints(Certificate.of(ca.der))

    assert found is not None
    assert [(tree.tag, tree.octets) for tree in found.excluded] == [(base[0], base[2:])]
    assert (found.permitted, found.is_critical) == ((), False)


def test_as_many_comparisons_as_there_may_be_are_made_and_not_one_more(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    subtrees = b"".join(element(0x30, _of(0x82, f"x{n}.test")) for n in range(5))
    extension = x509.UnrecognizedExtension(
        ExtensionOID.NAME_CONSTRAINTS, element(0x30, element(0xA1, subtrees))
    )
    ca = ROOT.intermediate("Example CA", wish=replace(CA_WISH, extensions=((extension, True),)))
    subject = Certificate.of(leaf(ca, names=(HOST, "a.test", "b.test")).der)
    above = Certificate.of(ca.der)

    def verdicts(most: int) -> list[bool]:
        monkeypatch.setattr(name_constraints, "MAX_COMPARISONS", most)
        checks = NameChecks()
        asked = [(subject, True), (subject, True), (subject, False)]
        return [checks.first_violation(above, each, is_leaf=is_leaf) is None for each, is_leaf in asked]

    assert verdicts(30) == [True, True, True]
    assert verdicts(29) == [True, True, False]
    assert verdicts(14) == [False, False, False]


def _mailbox(address: str) -> bytes:
    return element(0xA0, SMTP_UTF8_MAILBOX, element(0xA0, element(0x0C, address.encode())))


def _directory(number: int) -> bytes:
    parts = [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"unit {number} {n}") for n in range(20)]
    return element(0xA4, x509.Name(parts).public_bytes())


@pytest.mark.parametrize(
    ("trees", "names"),
    [
        (
            [element(0x81, f"h{n}.test".encode()) for n in range(3_000)],
            [_mailbox(f"u@g{n}.example") for n in range(3_000)],
        ),
        ([_directory(n) for n in range(600)], [_directory(n + 1_000) for n in range(600)]),
        (
            [element(0x81, f"h{n}.test".encode()) for n in range(6_000)],
            [element(0x82, f"y{n}.example.test".encode()) for n in range(6_000)],
        ),
    ],
    ids=["mailboxes in other names", "long directory names", "names of a kind that nothing binds"],
)
def test_thousands_of_names_and_subtrees_cost_no_long_time(trees: list[bytes], names: list[bytes]) -> None:
    excluded = element(0x30, element(0xA1, *(element(0x30, tree) for tree in trees)))
    listed = element(0x30, element(0x82, HOST.encode()), *names)
    san = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, listed)
    started = time.monotonic()

    _errors(excluded, names=None, extensions=((san, False),))

    assert time.monotonic() - started < 20
