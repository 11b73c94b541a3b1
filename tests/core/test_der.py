"""Any octets are read or refused, and what is read is what X.690 says."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from hypothesis import example, given
from hypothesis import strategies as st

from certtui.core import der
from tests.core.forge import tlv

UTC_TIME, GENERALIZED_TIME = der.UTC_TIME, der.GENERALIZED_TIME


def _contents(data: bytes) -> list[bytes]:
    return [der.content(data, element) for element in der.children(data, der.root(data))]


def _walk(data: bytes, element: der.Element, depth: int = 0) -> int:
    """Return how many elements there are, going into every constructed one."""
    found = 1
    if element.tag & 0x20 and depth < 40:
        for child in der.children(data, element):
            found += _walk(data, child, depth + 1)
    return found


READERS: list[Callable[[bytes], object]] = [
    lambda data: der.read(data, 0, len(data)),
    der.root,
    lambda data: list(der.children(data, der.root(data))),
    lambda data: _walk(data, der.read(data, 0, len(data))),
    der.bits,
    der.oid,
    lambda data: der.time(UTC_TIME, data),
    lambda data: der.time(GENERALIZED_TIME, data),
    lambda data: der.time(der.SEQUENCE, data),
]


@given(st.binary(max_size=200), st.sampled_from(READERS))
@example(b"", READERS[0])
@example(b"\x1f", READERS[0])
@example(b"\x30\x80\x00", READERS[0])
@example(b"\x30\xff" + b"\xff" * 127, READERS[0])
@example(b"50", READERS[6])
@example(b"20200101000000+9999", READERS[7])
@example(b"99991231235959-0001", READERS[7])
def test_octets_that_cannot_be_read_raise_der_error_alone(
    data: bytes, reader: Callable[[bytes], object]
) -> None:
    with suppress(der.DerError):
        reader(data)


@given(st.binary(max_size=100))
def test_every_octet_string_is_an_integer_a_boolean_and_a_text(octets: bytes) -> None:
    assert isinstance(der.integer(octets), int)
    assert der.boolean(octets) is (set(octets) - {0} != set())
    assert all(isinstance(der.text(tag, octets), str) for tag in range(256))


@given(st.binary(max_size=120), st.integers(0, 120), st.integers(0, 120))
def test_an_element_that_is_read_lies_within_its_limit(data: bytes, offset: int, limit: int) -> None:
    limit = min(limit, len(data))

    try:
        element = der.read(data, offset, limit)
    except der.DerError:
        return

    assert element.start == offset
    assert offset < element.content <= element.end <= element.next <= limit


@given(st.lists(st.binary(max_size=300), max_size=6))
def test_children_of_a_sequence_are_what_was_put_into_it(values: list[bytes]) -> None:
    data = tlv(der.SEQUENCE, *(tlv(der.OCTET_STRING, value) for value in values))

    assert _contents(data) == values


@given(st.integers(-(1 << 200), 1 << 200))
def test_an_integer_is_read_with_its_sign(number: int) -> None:
    octets = number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True)

    assert der.integer(octets) == number


@pytest.mark.parametrize(
    "data",
    [
        b"\x30\x80" * 200_000,
        b"\x30\x82\xff\xff" * 100_000,
        b"\x30\x80" * 31 + b"\x05\x00" * 200_000 + b"\x00\x00" * 31,
        b"\x1f" + b"\xff" * 1_000_000,
        b"\x30\x83\x0f\x42\x40" + b"\x1f" + b"\xff" * 999_999,
    ],
    ids=["nested without end", "running over", "nested and wide", "endless tag", "endless tag inside"],
)
def test_hostile_octets_are_read_or_refused_in_bounded_time(data: bytes) -> None:
    started = time.perf_counter()

    with suppress(der.DerError):
        list(der.children(data, der.read(data, 0, len(data))))

    assert time.perf_counter() - started < 20  # read again at each level they would take far longer


@pytest.mark.parametrize(
    ("data", "content"),
    [
        (b"\x04\x00", b""),
        (b"\x04\x02hi", b"hi"),
        (b"\x04\x81\x02hi", b"hi"),
        (b"\x04\x84\x00\x00\x00\x02hi", b"hi"),
        (b"\x04\x88" + bytes(7) + b"\x02hi", b"hi"),
        (b"\x04\x81\x80" + b"x" * 128, b"x" * 128),
        (b"\x1f\x81\x01\x02hi", b"hi"),
        (b"\x30\x80\x04\x02hi\x00\x00", b"\x04\x02hi"),
        (b"\x30\x80\x00\x00", b""),
        (b"\x30\x80\x30\x80\x05\x00\x00\x00\x00\x00", b"\x30\x80\x05\x00\x00\x00"),
        (b"\x24\x80\x04\x02\x00\x00\x00\x00", b"\x04\x02\x00\x00"),
    ],
)
def test_every_form_of_length_is_understood(data: bytes, content: bytes) -> None:
    element = der.read(data + b"behind", 0, len(data))

    assert der.content(data, element) == content
    assert element.next == len(data)
    assert der.whole(data, element) == data


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"", "the data ends at offset 0"),
        (b"\x30", "the data ends at offset 0"),
        (b"\x1f\x81\x81", "the data ends at offset 0"),
        (b"\x04\x03hi", "3 octets at offset 0 runs past"),
        (b"\x04\x82\x01", "runs past"),
        (b"\x04\x89" + bytes(9), "a length of 9 octets at offset 0"),
        (b"\x04\xff" + bytes(127), "a length of 127 octets"),
        (b"\x04\x80hi\x00\x00", "indefinite length at offset 0 that cannot be followed"),
        (b"\x30\x80\x05\x00", "the data ends at offset 4"),
    ],
)
def test_a_broken_element_is_told_with_its_offset(data: bytes, what: str) -> None:
    with pytest.raises(der.DerError) as caught:
        der.read(data, 0, len(data))

    assert what in str(caught.value)


def test_an_indefinite_length_must_end_before_its_container_does() -> None:
    data = b"\x30\x80\x05\x00\x00\x00"

    with pytest.raises(der.DerError, match="has no end"):
        der.read(data, 0, len(data) - 1)


@pytest.mark.parametrize(("depth", "is_read"), [(1, True), (32, True), (33, False), (500, False)])
def test_indefinite_lengths_nest_to_a_bounded_depth(depth: int, is_read: bool) -> None:
    data = b"\x30\x80" * depth + b"\x00\x00" * depth

    if is_read:
        assert der.read(data, 0, len(data)).next == len(data)
    else:
        with pytest.raises(der.DerError, match="cannot be followed"):
            der.read(data, 0, len(data))


def test_children_before_a_broken_one_are_given_before_the_error() -> None:
    data = b"\x30\x06\x02\x01\x05\x04\x09x"
    children = der.children(data, der.root(data))

    assert der.content(data, next(children)) == b"\x05"
    with pytest.raises(der.DerError, match="offset 5 runs past"):
        next(children)


def test_a_child_may_not_reach_beyond_its_parent() -> None:
    data = b"\x30\x02\x04\x04hidden"

    with pytest.raises(der.DerError, match="runs past its container"):
        list(der.children(data, der.root(data)))


def test_the_root_must_have_the_tag_that_is_expected() -> None:
    with pytest.raises(der.DerError, match="tag 0x31 where 0x30 should stand"):
        der.root(b"\x31\x00")


def test_data_behind_the_root_is_left_alone() -> None:
    assert der.root(b"\x30\x00trailing").next == 2


@pytest.mark.parametrize(
    ("octets", "year"),
    [
        (b"000101000000Z", 2000),
        (b"490101000000Z", 2049),
        (b"500101000000Z", 1950),
        (b"990101000000Z", 1999),
    ],
)
def test_two_digits_of_a_year_from_50_on_are_of_the_last_century(octets: bytes, year: int) -> None:
    assert der.time(UTC_TIME, octets) == datetime(year, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("tag", "octets", "moment"),
    [
        (UTC_TIME, b"240229123456Z", datetime(2024, 2, 29, 12, 34, 56, tzinfo=UTC)),
        (UTC_TIME, b"2402291234Z", datetime(2024, 2, 29, 12, 34, tzinfo=UTC)),
        (UTC_TIME, b"240101003000+0100", datetime(2023, 12, 31, 23, 30, tzinfo=UTC)),
        (UTC_TIME, b"231231233000-0130", datetime(2024, 1, 1, 1, 0, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20500101000000Z", datetime(2050, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"99991231235959Z", datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)),
        (GENERALIZED_TIME, b"00010101000000Z", datetime(1, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"00000101000000Z", datetime(1, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20240101000000.123Z", datetime(2024, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20240101000000,5Z", datetime(2024, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20240101000000.5+0200", datetime(2023, 12, 31, 22, tzinfo=UTC)),
        (GENERALIZED_TIME, b"20240101000000", datetime(2024, 1, 1, tzinfo=UTC)),
        (GENERALIZED_TIME, b"202401010000Z", datetime(2024, 1, 1, tzinfo=UTC)),
    ],
)
def test_times_in_every_form_are_understood(tag: int, octets: bytes, moment: datetime) -> None:
    assert der.time(tag, octets) == moment


@pytest.mark.parametrize(
    ("tag", "octets"),
    [
        (UTC_TIME, b""),
        (UTC_TIME, b"Z"),
        (UTC_TIME, b"241301000000Z"),
        (UTC_TIME, b"240230000000Z"),
        (UTC_TIME, b"240101240000Z"),
        (UTC_TIME, b"240101006000Z"),
        (UTC_TIME, b"24010100000aZ"),
        (UTC_TIME, b"240101000000ZZ"),
        (UTC_TIME, b"240101000000+01"),
        (UTC_TIME, b"2401010000\xff\xff"),
        (UTC_TIME, b"20240101000000Z"),
        (GENERALIZED_TIME, b"240101000000Z"),
        (GENERALIZED_TIME, b"99991231235959-0100"),
        (GENERALIZED_TIME, b"00010101000000+0100"),
        (GENERALIZED_TIME, b"-0010101000000Z"),
        (der.OCTET_STRING, b"240101000000Z"),
    ],
)
def test_what_is_no_time_is_refused(tag: int, octets: bytes) -> None:
    with pytest.raises(der.DerError):
        der.time(tag, octets)


@given(st.datetimes(min_value=datetime(1950, 1, 1), max_value=datetime(2049, 12, 31)))  # noqa: DTZ001
def test_both_kinds_of_time_say_the_same_moment(moment: datetime) -> None:
    moment = moment.replace(microsecond=0, tzinfo=UTC)
    digits = f"{moment:%m%d%H%M%S}Z"

    in_utc_time = der.time(UTC_TIME, f"{moment.year % 100:02d}{digits}".encode())
    in_generalized_time = der.time(GENERALIZED_TIME, f"{moment.year:04d}{digits}".encode())

    assert in_utc_time == in_generalized_time == moment


@pytest.mark.parametrize(
    ("tag", "octets", "as_demanded"),
    [
        (UTC_TIME, b"240101000000Z", True),
        (UTC_TIME, b"2401010000Z", False),
        (UTC_TIME, b"240101000000+0000", False),
        (UTC_TIME, b"24010100000 Z", False),
        (GENERALIZED_TIME, b"20240101000000Z", True),
        (GENERALIZED_TIME, b"20240101000000.1Z", False),
        (GENERALIZED_TIME, b"20240101000000", False),
        (GENERALIZED_TIME, b"240101000000Z", False),
    ],
)
def test_only_seconds_in_z_are_a_time_as_rfc_5280_demands(tag: int, octets: bytes, as_demanded: bool) -> None:
    assert der.is_der_time(tag, octets) is as_demanded


@given(
    st.integers(0, 2),
    st.integers(0, 39),
    st.lists(st.integers(0, (1 << 32) - 1), min_size=1, max_size=8),
)
@example(2, 25, [29, 17])
@example(2, 999, [3])
def test_an_object_identifier_reads_as_cryptography_writes_it(
    first: int, second: int, rest: list[int]
) -> None:
    dotted = ".".join(map(str, [first, second, *rest]))
    purposes = x509.ExtendedKeyUsage([x509.ObjectIdentifier(dotted)]).public_bytes()

    assert [der.oid(octets) for octets in _contents(purposes)] == [dotted]


@pytest.mark.parametrize(
    ("octets", "dotted"),
    [
        (b"\x55\x1d\x11", "2.5.29.17"),
        (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b", "1.2.840.113549.1.1.11"),
        (b"\x88\x37\x03", "2.999.3"),
        (b"\x00", "0.0"),
        (b"\x27", "0.39"),
        (b"\x28", "1.0"),
        (b"\x50", "2.0"),
    ],
)
def test_the_first_octets_of_an_object_identifier_are_two_arcs(octets: bytes, dotted: str) -> None:
    assert der.oid(octets) == dotted


@pytest.mark.parametrize("octets", [b"", b"\x55\x1d\x91", b"\x55" + b"\x01" * 128])
def test_a_malformed_object_identifier_is_refused(octets: bytes) -> None:
    with pytest.raises(der.DerError, match="object identifier"):
        der.oid(octets)


@pytest.mark.parametrize(
    ("octets", "bits"),
    [(b"\x00", (b"", 0)), (b"\x07\x80", (b"\x80", 7)), (b"\x00\xab\xcd", (b"\xab\xcd", 0))],
)
def test_a_bit_string_gives_its_octets_and_its_unused_bits(octets: bytes, bits: tuple[bytes, int]) -> None:
    assert der.bits(octets) == bits


@pytest.mark.parametrize("octets", [b"", b"\x08\x00", b"\xff"])
def test_a_bit_string_without_a_valid_count_is_refused(octets: bytes) -> None:
    with pytest.raises(der.DerError, match="unused bits"):
        der.bits(octets)


@pytest.mark.parametrize(
    ("tag", "octets", "text"),
    [
        (0x0C, "Zürich".encode(), "Zürich"),
        (0x0C, b"Z\xfcrich", "Z\ufffdrich"),
        (0x13, b"plain", "plain"),
        (0x14, b"Z\xfcrich", "Zürich"),
        (0x16, b"a@b", "a@b"),
        (0x1C, "語".encode("utf-32-be"), "語"),
        (0x1E, "語".encode("utf-16-be"), "語"),
        (0x1E, b"\x00a\x00", "a\ufffd"),
        (0x1E, b"\xd8\x00\x00a", "\ufffda"),
        (0x04, b"\x00\xff", "\x00\xff"),
    ],
)
def test_each_string_type_is_read_in_its_own_encoding(tag: int, octets: bytes, text: str) -> None:
    assert der.text(tag, octets) == text
