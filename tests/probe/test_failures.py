"""Why servers that send no chain, or not all of one, could not be talked to."""

from __future__ import annotations

import asyncio
import socket
import threading
import time

import pytest
from OpenSSL import SSL

from certtui.core.catalogue import Code
from certtui.core.evidence import Reached, Stage
from certtui.probe.settings import ProbeSettings
from tests.probe.identities import rsa_certificate, server_identity
from tests.probe.outcomes import QUICK, failure, observed, reached
from tests.probe.servers import (
    Handler,
    alert,
    answer,
    handshake_message,
    record,
    reset,
    reset_after_hello,
    say,
    serving,
    speak_tls,
    stay_silent,
    tls12_flight,
    tls_context,
    warn_and_speak_tls,
)


def closed_port() -> int:
    """Return a port of loopback that nothing listens on."""
    with socket.create_server(("127.0.0.1", 0)) as reserved:
        return int(reserved.getsockname()[1])


async def test_a_port_that_nothing_listens_on_is_refused() -> None:
    seen = await failure(closed_port())

    assert (seen.code, seen.stage) == (Code.REFUSED, Stage.CONNECT)


async def test_silence_is_a_timeout_of_the_handshake() -> None:
    with serving(stay_silent) as port:
        seen = await failure(port, settings=QUICK)

    assert (seen.code, seen.stage) == (Code.TIMEOUT, Stage.HANDSHAKE)
    assert "said nothing" in seen.detail


async def test_dripping_bytes_do_not_move_the_deadline() -> None:
    def drip(connection: socket.socket) -> None:
        connection.recv(65536)
        for byte in tls12_flight(*server_identity().chain):
            connection.sendall(bytes([byte]))
            connection.settimeout(0.05)
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue

    with serving(drip) as port:
        began = time.monotonic()
        seen = await failure(port, settings=QUICK)
        took = time.monotonic() - began

    assert seen.code is Code.TIMEOUT
    assert took < 8


async def test_the_host_s_deadline_holds_even_where_its_stages_may_take_longer() -> None:
    patient = ProbeSettings(timeout_seconds=0.3, handshake_seconds=60)
    with serving(stay_silent) as port:
        began = time.monotonic()
        seen = await failure(port, settings=patient)
        took = time.monotonic() - began

    assert seen.code is Code.TIMEOUT
    assert took < 8


@pytest.mark.parametrize("handle", [reset, reset_after_hello])
async def test_a_cut_connection_is_a_reset(handle: Handler) -> None:
    with serving(handle) as port:
        seen = await failure(port)

    assert (seen.code, seen.stage) == (Code.RESET, Stage.HANDSHAKE)
    assert "cut the connection without a word" in seen.detail


async def test_a_closed_connection_is_a_reset() -> None:
    with serving(lambda connection: connection.close()) as port:
        seen = await failure(port)

    assert seen.code is Code.RESET


@pytest.mark.parametrize(
    ("handle", "speaks", "said"),
    [
        (answer(b"HTTP/1.1 400 Bad Request\r\nServer: x\r\n\r\n"), "plain HTTP", "HTTP/1.1 400 Bad Request"),
        (say(b"220 mx.test ESMTP\r\n"), "SMTP in plain text", "220 mx.test ESMTP"),
        (say(b"220 Welcome to FTP\r\n"), "FTP in plain text", "220 Welcome to FTP"),
        (say(b"* OK IMAP4rev1 ready\r\n"), "IMAP in plain text", "* OK IMAP4rev1 ready"),
        (say(b"+OK ready\r\n"), "POP3 in plain text", "+OK ready"),
        (say(b"SSH-2.0-OpenSSH_9.9\r\n"), "SSH", "SSH-2.0-OpenSSH_9.9"),
    ],
)
async def test_another_protocol_is_named_and_quoted(handle: Handler, speaks: str, said: str) -> None:
    with serving(handle) as port:
        seen = await failure(port)

    assert (seen.code, seen.stage) == (Code.NOT_TLS, Stage.HANDSHAKE)
    assert speaks in seen.detail
    assert said in seen.detail
    assert {fact.label: fact.value for fact in seen.facts} == {"first bytes": said, "speaks": speaks}


async def test_a_first_line_in_pieces_is_heard_to_its_end() -> None:
    def speak_slowly(connection: socket.socket) -> None:
        connection.sendall(b"2")
        connection.recv(65536)
        connection.sendall(b"20 mx.test ESMTP\r\n")
        stay_silent(connection)

    with serving(speak_slowly) as port:
        seen = await failure(port)

    assert "220 mx.test ESMTP" in seen.detail


async def test_garbage_is_not_tls_and_shown_in_hexadecimal() -> None:
    with serving(say(bytes(range(0x80, 0xA0)))) as port:
        seen = await failure(port)

    assert seen.code is Code.NOT_TLS
    assert "80 81 82 83" in seen.detail


async def test_a_banner_without_end_is_cut() -> None:
    with serving(say(b"x" * 10_000)) as port:
        seen = await failure(port)

    assert seen.code is Code.NOT_TLS
    assert len(seen.detail) < 400


@pytest.mark.parametrize(
    ("description", "code", "name"),
    [
        (112, Code.SNI_REFUSED, "unrecognized_name"),
        (121, Code.ECH_REQUIRED, "ech_required"),
        (70, Code.PROTOCOL_UNSUPPORTED, "protocol_version"),
        (40, Code.PROTOCOL_UNSUPPORTED, "handshake_failure"),
        (71, Code.PROTOCOL_UNSUPPORTED, "insufficient_security"),
        (80, Code.PROTOCOL_UNSUPPORTED, "internal_error"),
        (116, Code.CLIENT_CERTIFICATE_REQUIRED, "certificate_required"),
    ],
)
async def test_alerts_are_told_apart(description: int, code: Code, name: str) -> None:
    with serving(answer(alert(description))) as port:
        seen = await failure(port)

    assert (seen.code, seen.stage) == (code, Stage.HANDSHAKE)
    assert f"{name} ({description})" in seen.detail


async def test_a_warning_that_the_name_is_unknown_is_no_failure() -> None:
    with serving(warn_and_speak_tls(tls_context(highest=SSL.TLS1_2_VERSION), 112)) as port:
        seen = await reached(port)

    assert seen.chain == server_identity().chain
    assert seen.failure is None


async def test_a_refused_name_is_part_of_the_detail() -> None:
    with serving(answer(alert(112))) as port:
        seen = await failure(port)

    assert "server.test" in seen.detail


async def test_a_server_that_tls13_irritates_shows_its_chain_and_its_irritation() -> None:
    speak_tls12 = speak_tls(tls_context(highest=SSL.TLS1_2_VERSION))

    def be_old_fashioned(connection: socket.socket) -> None:
        if b"\x00\x2b\x00\x09\x08\x03\x04" not in connection.recv(65536, socket.MSG_PEEK):
            speak_tls12(connection)

    with serving(be_old_fashioned) as port:
        seen = await reached(port)

    assert seen.chain == server_identity().chain
    assert seen.connection.protocol == "TLSv1.2"
    assert seen.failure is not None
    assert seen.failure.code is Code.RESET


async def test_a_goodbye_instead_of_a_handshake_is_a_reset() -> None:
    def leave(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(record(21, b"\x01\x00"))

    with serving(leave) as port:
        seen = await failure(port)

    assert seen.code is Code.RESET


async def test_a_handshake_that_makes_no_sense_is_unsupported() -> None:
    with serving(answer(record(22, handshake_message(2, b"\x03\x03 nothing else")))) as port:
        seen = await failure(port)

    assert (seen.code, seen.stage) == (Code.PROTOCOL_UNSUPPORTED, Stage.HANDSHAKE)
    assert seen.facts[0].label == "OpenSSL says"


async def test_a_connection_cut_after_the_chain_still_shows_the_chain() -> None:
    def leave_after_chain(connection: socket.socket) -> None:
        connection.recv(65536)
        connection.sendall(tls12_flight(*server_identity().chain).removesuffix(handshake_message(14, b"")))

    with serving(leave_after_chain) as port:
        seen = await observed(port)

    assert isinstance(seen, Reached)
    assert seen.chain == server_identity().chain
    assert seen.connection.protocol == "TLSv1.2"
    assert seen.failure is not None
    assert seen.failure.code is Code.RESET


@pytest.mark.parametrize("bits", [512, 768, 1023])
async def test_a_small_diffie_hellman_prime_is_named_with_its_size(bits: int) -> None:
    prime = ((1 << bits) - 1).to_bytes((bits + 7) // 8, "big")
    parameters = b"".join(len(each).to_bytes(2, "big") + each for each in (prime, b"\x02", b"\x05"))
    key_exchange = handshake_message(12, parameters + b"\x04\x03\x00\x02\x00\x00")
    flight = tls12_flight(rsa_certificate(), cipher=0x0033, after=key_exchange)
    with serving(answer(flight)) as port:
        seen = await observed(port)

    assert isinstance(seen, Reached)
    assert seen.chain == (rsa_certificate(),)
    assert seen.failure is not None
    assert seen.failure.code is Code.WEAK_EPHEMERAL_KEY
    assert f"{bits} bits" in seen.failure.detail


async def test_more_than_a_mebibyte_of_handshake_is_cut_off() -> None:
    endless = record(22, handshake_message(2, bytes(16000))[:16000])
    flood = b"".join([record(21, b"\x01\x5a"), endless * 100])

    with serving(answer(flood)) as port:
        seen = await failure(port)

    assert seen.code is Code.PROTOCOL_UNSUPPORTED


async def test_a_look_that_is_cancelled_closes_its_connection() -> None:
    taken, left = threading.Event(), threading.Event()

    def watch(connection: socket.socket) -> None:
        taken.set()
        stay_silent(connection)
        left.set()

    with serving(watch) as port:
        task = asyncio.create_task(failure(port))
        assert await asyncio.to_thread(taken.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

        assert await asyncio.to_thread(left.wait, 5)
