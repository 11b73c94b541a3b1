"""Chains that OpenSSL refuses to read, and what is read in the clear."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certtui.core.catalogue import Code
from certtui.core.evidence import Reached, Stage
from certtui.probe import records
from tests.probe.identities import server_identity
from tests.probe.outcomes import failure, observed
from tests.probe.servers import alert, answer, handshake_message, record, serving, tls12_flight
from tests.probe.tls13 import undecodable

LEAF, ISSUER, UNRELATED = server_identity().chain
BROKEN = LEAF.replace(b"\x30\x59\x30\x13", b"\x30\x59\x31\x13", 1)
"""The leaf with a set where its key's algorithm should be a sequence."""


@pytest.mark.parametrize("certificate", [BROKEN, LEAF + b"trailing", b"no DER at all"])
async def test_a_certificate_that_openssl_refuses_is_still_shown(certificate: bytes) -> None:
    with serving(answer(tls12_flight(certificate, ISSUER))) as port:
        seen = await observed(port)

    assert isinstance(seen, Reached)
    assert seen.chain == (certificate, ISSUER)
    assert seen.failure is not None
    assert (seen.failure.code, seen.failure.stage) == (Code.CERTIFICATE_UNDECODABLE, Stage.HANDSHAKE)


async def test_a_certificate_that_tls13_hides_is_asked_for_again_in_the_clear() -> None:
    with serving(undecodable(BROKEN, also_tls12=True)) as port:
        seen = await observed(port)

    assert isinstance(seen, Reached)
    assert seen.chain == (BROKEN,)
    assert seen.connection.protocol == "TLSv1.2"
    assert seen.failure is not None
    assert seen.failure.code is Code.CERTIFICATE_UNDECODABLE


async def test_a_certificate_that_only_tls13_sends_is_named_as_undecodable() -> None:
    with serving(undecodable(BROKEN, also_tls12=False)) as port:
        seen = await failure(port)

    assert (seen.code, seen.stage) == (Code.CERTIFICATE_UNDECODABLE, Stage.HANDSHAKE)


async def test_more_certificates_than_openssl_takes_are_named_as_the_trouble() -> None:
    with serving(answer(tls12_flight(LEAF, *(ISSUER,) * 400))) as port:
        seen = await failure(port)

    assert seen.code is Code.PROTOCOL_UNSUPPORTED
    assert "excessive message size" in seen.detail


def test_messages_are_put_together_from_records_of_any_size() -> None:
    flight = b"".join(
        record(22, bytes([byte])) for byte in handshake_message(2, b"hello") + handshake_message(14, b"")
    )

    assert records.plain_messages(flight) == (records.Message(2, b"hello"), records.Message(14, b""))


def test_nothing_is_read_after_encryption_begins() -> None:
    flight = record(22, handshake_message(2, b"hello")) + record(20, b"\x01")
    encrypted = record(22, handshake_message(11, b"\x00\x00\x00"))

    assert records.plain_messages(flight + encrypted) == (records.Message(2, b"hello"),)


def test_alerts_between_messages_are_passed_over() -> None:
    flight = alert(90) + record(22, handshake_message(14, b""))

    assert records.plain_messages(flight) == (records.Message(14, b""),)


def test_a_chain_is_read_from_the_clear() -> None:
    assert records.plain_chain(tls12_flight(LEAF, ISSUER, UNRELATED)) == (LEAF, ISSUER, UNRELATED)


def test_the_version_is_the_extension_s_where_there_is_one() -> None:
    tls13 = b"\x03\x03" + bytes(32) + b"\x00\x13\x01\x00" + b"\x00\x06\x00\x2b\x00\x02\x03\x04"

    assert records.chosen_version(record(22, handshake_message(2, tls13))) == "TLSv1.3"
    assert records.chosen_version(tls12_flight(LEAF)) == "TLSv1.2"
    assert records.chosen_version(alert(40)) is None


@given(st.binary(max_size=300))
def test_no_octets_at_all_are_too_odd_to_read(octets: bytes) -> None:
    for raw in (octets, record(22, octets), record(22, handshake_message(2, octets))):
        records.chosen_version(raw)
        records.diffie_hellman_bits(raw)
        assert sum(map(len, records.plain_chain(raw))) <= len(raw)
