"""No octets make the outline fail or grow without bound."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core import der
from certtui.core.outline import (
    END_OF_CONTENTS,
    MAX_DEPTH,
    MAX_NODES,
    UNREADABLE,
    outline,
    path_of,
)
from tests.core.forge import tlv
from tests.core.varied_certificates import (
    every_extension,
    with_extensions,
)


@pytest.mark.parametrize(
    "data",
    [
        tlv(der.SEQUENCE, b"\x05\x00" * 500_000),
        b"\x30\x80" * 500_000,
        b"\x24\x80" * 250_000 + b"\x00\x00" * 250_000,
        b"\x1f" + b"\x81" * 1_000_000,
        tlv(der.SEQUENCE, tlv(der.INTEGER, b"\x7f" * 1_000_000)),
        tlv(der.SEQUENCE, tlv(0x0C, b"a" * 1_000_000)),
        tlv(der.SEQUENCE, tlv(der.OCTET_STRING, tlv(der.SEQUENCE, b"\x05\x00" * 400_000))),
    ],
    ids=["elements", "nesting", "nesting that ends", "a tag", "an integer", "a text", "a string"],
)
def test_a_megabyte_of_anything_gives_a_bounded_outline(data: bytes) -> None:
    nodes = outline(data)

    assert len(nodes) <= MAX_NODES
    assert max(node.depth for node in nodes) < MAX_DEPTH
    assert sum(len(node.value) for node in nodes) < 1_000_000


def test_what_is_beyond_the_bound_is_one_node() -> None:
    data = tlv(der.SEQUENCE, b"\x05\x00" * 500_000)

    last = outline(data)[-1]

    assert (last.type_name, last.end) == (UNREADABLE, len(data))
    assert last.value == f"more than {MAX_NODES} elements"


def test_nesting_beyond_the_bound_is_not_looked_into() -> None:
    data = b""
    for _ in range(MAX_DEPTH + 8):
        data = tlv(der.SEQUENCE, data)

    last = outline(data)[-1]

    assert (last.depth, last.value) == (MAX_DEPTH - 1, "nested too deep to be looked into")


_WHOLE = with_extensions(every_extension())


def _is_sound(data: bytes) -> bool:
    nodes = outline(data)
    for position, node in enumerate(nodes):
        assert 0 <= node.offset <= node.content <= node.end <= len(data)
        assert -1 <= node.parent < position
        assert path_of(nodes, position)
    return True


@given(st.integers(0, len(_WHOLE)))
def test_a_certificate_that_is_cut_off_is_outlined_as_far_as_it_goes(size: int) -> None:
    assert _is_sound(_WHOLE[:size])


@given(st.lists(st.tuples(st.integers(0, len(_WHOLE) - 1), st.integers(0, 7)), min_size=1, max_size=6))
def test_a_certificate_with_flipped_bits_is_outlined_all_the_same(flips: list[tuple[int, int]]) -> None:
    octets = bytearray(_WHOLE)
    for at, bit in flips:
        octets[at] ^= 1 << bit

    assert _is_sound(bytes(octets))


@given(st.binary(max_size=200))
def test_any_octets_are_outlined(octets: bytes) -> None:
    assert _is_sound(octets)
    assert _is_sound(tlv(der.SEQUENCE, octets))


@given(st.binary(max_size=60))
def test_an_element_that_the_reader_reads_is_where_the_outline_has_it(octets: bytes) -> None:
    data = tlv(der.SEQUENCE, octets)
    try:
        expected = [(each.start, each.content, each.end) for each in der.children(data, der.root(data))]
    except der.DerError:
        return

    nodes = [node for node in outline(data) if node.depth == 1 and node.type_name != END_OF_CONTENTS]

    assert [(node.offset, node.content, node.end) for node in nodes] == expected
