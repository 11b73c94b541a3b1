"""The view of a CRL: what it says, what it bears, and that nothing makes it raise or take long."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.crl import Crl, crls_by_issuer
from certtui.core.crl_entries import index_entries
from tests.core.examples import ISSUER, NOW, ROOT
from tests.core.forge import tlv
from tests.core.statements import (
    DAY,
    DELTA,
    ENTRY_ISSUER,
    INVALIDITY,
    KEY_ID,
    directory,
    entry,
    extension,
    integer,
    make_crl,
    names,
    scope,
    url,
)


def entry_problem(*entries: bytes) -> str | None:
    """Return what is wrong with the entries of a CRL that holds these."""
    crl = Crl.of(make_crl(ISSUER, *entries))
    assert not crl.fields.problems
    return crl.index.problem


def test_it_reads_what_cryptography_writes() -> None:
    builder = (
        x509.CertificateRevocationListBuilder()
        .issuer_name(ISSUER.certificate.subject)
        .last_update(NOW - DAY)
        .next_update(NOW + DAY)
        .add_extension(x509.CRLNumber(2**150), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(ISSUER.key.public_key()), critical=False
        )
        .add_revoked_certificate(
            x509.RevokedCertificateBuilder()
            .serial_number(2**158 + 1)
            .revocation_date(NOW - DAY)
            .add_extension(x509.CRLReason(x509.ReasonFlags.key_compromise), critical=False)
            .add_extension(x509.InvalidityDate(datetime(2026, 1, 2)), critical=False)  # noqa: DTZ001
            .build()
        )
    )
    octets = builder.sign(ISSUER.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)

    crl = Crl.of(octets)
    found = list(crl.entries_of(2**158 + 1))

    assert crl.fields.problems == []
    assert (crl.fields.version, crl.fields.number) == (2, 2**150)
    assert (crl.fields.this_update, crl.fields.next_update) == (NOW - DAY, NOW + DAY)
    assert crl.issuer.common_name == "Example CA"
    assert crl.issuer_key == Certificate.of(ISSUER.der).subject_key
    assert crl.fields.authority_key_id == Certificate.of(ISSUER.der).subject_key_id
    assert crl.is_signed_with(Certificate.of(ISSUER.der).spki) is True
    assert crl.is_signed_with(Certificate.of(ROOT.der).spki) is False
    assert [(e.reason, e.revoked_at, e.invalid_since) for e in found] == [
        ("keyCompromise", NOW - DAY, datetime(2026, 1, 2, tzinfo=UTC))
    ]


@given(st.sets(st.integers(min_value=-(2**160), max_value=2**160), min_size=2, max_size=30))
def test_every_serial_number_is_found_and_no_other(serials: set[int]) -> None:
    absent, *listed = sorted(serials, key=abs)
    crl = Crl.of(make_crl(ISSUER, *map(entry, listed)))

    assert crl.index.problem is None
    assert all([e.serial for e in crl.entries_of(serial)] == [serial] for serial in listed)
    assert list(crl.entries_of(absent)) == []


def test_a_serial_number_inside_another_is_not_found() -> None:
    crl = Crl.of(make_crl(ISSUER, entry(0x0201050201), entry(0x020105), entry(2**2000)))

    assert list(crl.entries_of(5)) == []
    assert len(list(crl.entries_of(0x020105))) == 1
    assert len(list(crl.entries_of(2**2000))) == 1


def test_an_issuer_that_an_entry_names_is_that_of_those_that_follow() -> None:
    named = extension(ENTRY_ISSUER, tlv(der.SEQUENCE, directory(ROOT)), critical=True)
    crl = Crl.of(make_crl(ISSUER, entry(1), entry(2, named), entry(3)))
    own, other = Certificate.of(ISSUER.der).subject_key, Certificate.of(ROOT.der).subject_key

    issuers = [next(crl.entries_of(serial)).issuers for serial in (1, 2, 3)]

    assert issuers == [frozenset({own}), frozenset({other}), frozenset({other})]


def test_the_scope_is_read_field_by_field() -> None:
    fields = (
        names(url("http://a.test/1.crl"), directory(ROOT)),
        tlv(0x81, b"\xff"),
        tlv(0x83, b"\x00\x60"),
        tlv(0x84, b"\xff"),
    )

    read = Crl.of(make_crl(ISSUER, extensions=[scope(*fields)])).fields.scope

    assert [name.text for name in read.names or ()] == [
        "http://a.test/1.crl",
        "CN=Example Root,O=certtui demo",
    ]
    assert (read.only_user_certificates, read.only_ca_certificates, read.is_indirect) == (True, False, True)
    assert read.reasons == {"keyCompromise", "cACompromise"}


def test_a_delta_names_its_base() -> None:
    crl = Crl.of(make_crl(ISSUER, number=9, extensions=[extension(DELTA, integer(7), critical=True)]))

    assert crl.is_delta
    assert (crl.fields.number, crl.fields.base_number) == (9, 7)


def test_times_after_2049_and_version_1_are_read() -> None:
    late = datetime(2055, 1, 1, tzinfo=UTC)

    fields = Crl.of(make_crl(ISSUER, ends=late, version=None, number=None)).fields

    assert (fields.version, fields.next_update, fields.problems) == (1, late, [])


def test_an_unknown_critical_extension_of_any_entry_is_a_problem_of_the_whole() -> None:
    assert "1.2.3.4" in str(
        entry_problem(entry(1), entry(2, extension("2a0304", b"\x05\x00", critical=True)))
    )
    assert entry_problem(entry(1), entry(2, extension("2a0304", b"\x05\x00"))) is None
    assert entry_problem(entry(1, reason=1), entry(2, reason=1)) is None


@pytest.mark.parametrize(
    "listed",
    [
        tlv(der.SEQUENCE),
        tlv(der.SET, integer(1)),
        tlv(der.SEQUENCE, tlv(der.INTEGER, b"\x00\x01"), b"\x17\x0d260101000000Z"),
        b"\x30\x80\x02\x01\x01\x17\x0d260101000000Z\x00\x00",
        b"\x30\x84\x00\x00\x00\x01\x02",
        b"\x30\x7f\x02\x01\x01\x00\x00",
    ],
    ids=["empty", "set", "padded", "indefinite", "short", "torn"],
)
def test_entries_that_are_none_are_told_not_raised(listed: bytes) -> None:
    assert entry_problem(entry(1), listed) is not None
    assert index_entries(listed, 0, len(listed)).problem is not None


def test_an_entry_that_cannot_be_decoded_is_an_error_of_the_reader_only_when_asked_for() -> None:
    bad = tlv(der.SEQUENCE, integer(2), tlv(der.UTC_TIME, b"never"))
    crl = Crl.of(make_crl(ISSUER, entry(1), bad))

    assert len(list(crl.entries_of(1))) == 1
    with pytest.raises(der.DerError):
        list(crl.entries_of(2))


@pytest.mark.parametrize(
    ("octets", "problem"),
    [
        (b"", "the data ends"),
        (b"-----BEGIN X509 CRL-----", "runs past"),
        (b"\x30\x80\x00\x00", "indefinite"),
        (make_crl(ISSUER)[:-1], "runs past"),
        (make_crl(ISSUER, extensions=[extension(KEY_ID, b"\x30\x00")] * 2), "more than once"),
        (make_crl(ISSUER, extensions=[extension("551d1c", b"\x04\x00")]), "issuingDistributionPoint"),
        (make_crl(ISSUER, extensions=[scope(tlv(0x99, b""))]), "unknown field"),
        (make_crl(ISSUER, extensions=[extension("2a0304", bytes(300_000))]), "a field of"),
        (ISSUER.der, "tag 0x"),
    ],
    ids=["nothing", "PEM", "indefinite", "torn", "twice", "no scope", "odd scope", "huge", "certificate"],
)
def test_what_cannot_be_read_is_a_problem(octets: bytes, problem: str) -> None:
    problems = Crl.of(octets).fields.problems

    assert problems
    assert problem in problems[0]


def test_what_follows_a_crl_is_ignored() -> None:
    octets = make_crl(ISSUER)

    assert Crl.of(octets + b"\n").fields.problems == []


GOOD = make_crl(
    ISSUER,
    *(entry(serial, reason=1) for serial in range(1, 4)),
    entry(5, extension(INVALIDITY, b"\x18\x0f20260101000000Z")),
    extensions=[scope(names(url("http://a.test/")), tlv(0x84, b"\xff"))],
)


@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=4),
    st.integers(0, len(GOOD)),
)
def test_no_damage_makes_it_raise(changes: list[tuple[int, int]], length: int) -> None:
    damaged = bytearray(GOOD)
    for position, octet in changes:
        damaged[position] = octet

    for octets in (bytes(damaged), bytes(damaged[:length])):
        crl = Crl.of(octets)
        assert isinstance(crl.fields.problems, list)
        assert crl.issuer is not None
        assert crl.is_signed_with(Certificate.of(ISSUER.der).spki) in (True, False, None)
        for serial in (1, 5) if crl.index.problem is None else ():
            try:
                list(crl.entries_of(serial))
            except der.DerError:
                continue


@given(st.binary(max_size=200))
def test_no_garbage_makes_it_raise(octets: bytes) -> None:
    crl = Crl.of(octets)

    assert crl.fields.problems
    assert len(crl.index) == 0


def seconds_to_index(listed: bytes) -> float:
    """Return the least of three tries to index these entries."""
    spent = []
    for _ in range(3):
        begun = time.perf_counter()
        index_entries(listed, 0, len(listed))
        spent.append(time.perf_counter() - begun)
    return min(spent)


def test_ten_thousand_entries_take_far_less_than_fifty_milliseconds() -> None:
    listed = b"".join(entry(2**150 + serial * 2**90, reason=1) for serial in range(10_000))

    assert seconds_to_index(listed) < 0.05


@pytest.mark.parametrize(
    "listed",
    [
        b"\x30\x05" * 400_000,
        b"\x30\x80" * 400_000,
        entry(1) * 50_000,
        entry(0x0101FF0401) * 20_000,
        b"\x30\x84\x00\x00\x00\x05\x02\x01\x01\x17\x00" * 50_000,
    ],
    ids=["torn", "indefinite", "alike", "marked", "long lengths"],
)
def test_hostile_entries_take_time_in_proportion_to_their_number(listed: bytes) -> None:
    assert seconds_to_index(listed) < 2


def test_a_serial_number_in_very_many_entries_is_given_up() -> None:
    crl = Crl.of(make_crl(ISSUER, *[entry(1, reason=8)] * 1_500))

    with pytest.raises(der.DerError, match="more than 1000"):
        list(crl.entries_of(1))


def test_equal_octets_are_one_object_for_as_long_as_it_is_held() -> None:
    octets = make_crl(ISSUER)

    assert Crl.of(octets) is Crl.of(bytes(bytearray(octets)))


def test_crls_are_told_apart_by_issuer_each_once() -> None:
    one, two = make_crl(ISSUER), make_crl(ROOT)

    found = crls_by_issuer((one, two, bytes(bytearray(one)), b"garbage"))

    assert {name: len(listed) for name, listed in found.items()} == {
        Certificate.of(ISSUER.der).subject_key: 1,
        Certificate.of(ROOT.der).subject_key: 1,
        b"": 1,
    }
