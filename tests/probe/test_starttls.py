"""The plain-text preambles: SMTP, IMAP, POP3 and FTP, kept to and broken."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest

from certtui.core.catalogue import Code
from certtui.core.evidence import Stage
from certtui.core.target import Starttls
from certtui.probe.starttls import MAX_LINE_BYTES, Preamble
from tests.probe.identities import server_identity
from tests.probe.outcomes import QUICK, failure, reached
from tests.probe.servers import Handler, say, serving, speak_tls, stay_silent, tls_context

SMTP_OFFER = b"250-mx.test greets you\r\n250-SIZE 1000\r\n250-STARTTLS\r\n250 HELP\r\n"

Script = Sequence[tuple[bytes, bytes]]
"""What the client says, and what the server answers."""

SCRIPTS: dict[Starttls, tuple[bytes, Script]] = {
    Starttls.SMTP: (
        b"220-mx.test ESMTP\r\n220 really\r\n",
        [(b"EHLO [127.0.0.1]\r\n", SMTP_OFFER), (b"STARTTLS\r\n", b"220 go ahead\r\n")],
    ),
    Starttls.IMAP: (
        b"* OK IMAP4rev1 ready\r\n",
        [
            (b"a1 CAPABILITY\r\n", b"* CAPABILITY IMAP4rev1 STARTTLS\r\na1 OK done\r\n"),
            (b"a2 STARTTLS\r\n", b"a2 OK begin\r\n"),
        ],
    ),
    Starttls.POP3: (
        b"+OK ready <1@x>\r\n",
        [(b"CAPA\r\n", b"+OK list\r\nTOP\r\nSTLS\r\n.\r\n"), (b"STLS\r\n", b"+OK begin\r\n")],
    ),
    Starttls.FTP: (b"220 FTP ready\r\n", [(b"AUTH TLS\r\n", b"234 begin\r\n")]),
}
"""How each protocol goes when all is well."""


def hear(preamble: Preamble, data: bytes, *, at_once: bool) -> bytes:
    """Give `data` to `preamble` whole or byte by byte and return what it says."""
    if at_once:
        return preamble.receive(data)
    return b"".join(preamble.receive(bytes([byte])) for byte in data)


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("protocol", list(Starttls))
def test_a_server_that_offers_tls_is_taken_at_its_word(protocol: Starttls, at_once: bool) -> None:
    greeting, script = SCRIPTS[protocol]
    preamble = Preamble(protocol)

    assert preamble.start() == b""
    said = hear(preamble, greeting, at_once=at_once)
    for command, reply in script:
        assert said == command
        assert not preamble.finished
        said = hear(preamble, reply, at_once=at_once)

    assert said == b""
    assert preamble.finished
    assert preamble.refusal is None
    assert preamble.leftover == b""


@pytest.mark.parametrize(
    ("protocol", "replies", "said"),
    [
        (Starttls.SMTP, [b"554 go away\r\n"], "554 go away"),
        (Starttls.SMTP, [b"HTTP/1.1 400 Bad Request\r\n"], "HTTP/1.1 400 Bad Request"),
        (Starttls.SMTP, [b"220 hi\r\n", b"502 what\r\n"], "502 what"),
        (Starttls.SMTP, [b"220 hi\r\n", b"250-mx.test\r\n250 SIZE 10\r\n"], "SIZE 10"),
        (Starttls.SMTP, [b"220 hi\r\n", b"250-mx.test\r\n250 XSTARTTLS\r\n"], "XSTARTTLS"),
        (Starttls.SMTP, [b"220 hi\r\n", SMTP_OFFER, b"454 no TLS today\r\n"], "454 no TLS today"),
        (Starttls.IMAP, [b"* BYE overloaded\r\n"], "* BYE overloaded"),
        (Starttls.IMAP, [b"* PREAUTH hello\r\n"], "* PREAUTH hello"),
        (Starttls.IMAP, [b"* OK hi\r\n", b"* CAPABILITY IMAP4rev1\r\na1 OK\r\n"], "IMAP4REV1"),
        (Starttls.IMAP, [b"* OK hi\r\n", b"* CAPABILITY STARTTLS\r\na1 OK\r\n", b"a2 NO\r\n"], "a2 NO"),
        (Starttls.POP3, [b"-ERR busy\r\n"], "-ERR busy"),
        (Starttls.POP3, [b"+OK\r\n", b"+OK\r\nTOP\r\n.\r\n"], "TOP"),
        (Starttls.POP3, [b"+OK\r\n", b"-ERR what\r\n", b"-ERR never\r\n"], "-ERR never"),
        (Starttls.FTP, [b"421 busy\r\n"], "421 busy"),
        (Starttls.FTP, [b"220 hi\r\n", b"500 what\r\n"], "500 what"),
    ],
)
def test_a_server_that_does_not_turn_to_tls_is_quoted(
    protocol: Starttls, replies: list[bytes], said: str
) -> None:
    preamble = Preamble(protocol)
    preamble.start()

    for reply in replies:
        assert not preamble.finished
        preamble.receive(reply)

    assert preamble.finished
    assert preamble.refusal is not None
    assert said in preamble.refusal.detail


def test_pop3_without_capabilities_is_still_asked() -> None:
    preamble = Preamble(Starttls.POP3)
    preamble.start()

    assert preamble.receive(b"+OK\r\n-ERR what is CAPA\r\n") == b"CAPA\r\nSTLS\r\n"
    preamble.receive(b"+OK\r\n")

    assert preamble.finished
    assert preamble.refusal is None


def test_lines_longer_than_any_protocol_allows_are_refused() -> None:
    preamble = Preamble(Starttls.SMTP)
    preamble.start()

    preamble.receive(b"220 " + b"x" * 10_000 + b"\r\n")

    assert preamble.refusal is not None
    assert str(MAX_LINE_BYTES) in preamble.refusal.detail
    assert len(preamble.refusal.said) < 500


@pytest.mark.parametrize(
    ("protocol", "opening", "line"),
    [
        (Starttls.SMTP, b"", b"220-and another thing\r\n"),
        (Starttls.IMAP, b"* OK\r\n", b"* 1 EXISTS\r\n"),
        (Starttls.POP3, b"+OK\r\n+OK\r\n", b"TOP\r\n"),
        (Starttls.FTP, b"", b"220-and another thing\r\n"),
    ],
)
def test_banners_without_end_are_refused(protocol: Starttls, opening: bytes, line: bytes) -> None:
    preamble = Preamble(protocol)
    preamble.start()

    preamble.receive(opening + line * 1000)

    assert preamble.refusal is not None
    assert "without end" in preamble.refusal.detail


def play(greeting: bytes, script: Script, then: Handler) -> Handler:
    """Return a server that keeps to `script` and then goes on as `then`."""

    def handle(connection: socket.socket) -> None:
        connection.sendall(greeting)
        for command, reply in script:
            heard = b""
            while heard != command:
                heard += connection.recv(1)
            connection.sendall(reply)
        then(connection)

    return handle


@pytest.mark.parametrize("protocol", list(Starttls))
async def test_the_chain_is_fetched_after_the_preamble(protocol: Starttls) -> None:
    with serving(play(*SCRIPTS[protocol], speak_tls(tls_context()))) as port:
        seen = await reached(port, starttls=protocol)

    assert seen.chain == server_identity().chain
    assert seen.connection.timing.starttls_seconds is not None


async def test_a_refusal_is_a_finding_of_its_own() -> None:
    with serving(play(b"220 hi\r\n", [(b"EHLO [127.0.0.1]\r\n", b"250 mx.test\r\n")], stay_silent)) as port:
        seen = await failure(port, starttls=Starttls.SMTP)

    assert (seen.code, seen.stage) == (Code.STARTTLS_REFUSED, Stage.STARTTLS)
    assert "does not offer STARTTLS" in seen.detail


async def test_a_server_that_does_not_greet_is_a_timeout_of_the_preamble() -> None:
    with serving(stay_silent) as port:
        seen = await failure(port, settings=QUICK, starttls=Starttls.SMTP)

    assert (seen.code, seen.stage) == (Code.TIMEOUT, Stage.STARTTLS)
    assert "no greeting" in seen.detail


async def test_a_server_that_hangs_up_is_quoted() -> None:
    def greet_and_leave(connection: socket.socket) -> None:
        connection.sendall(b"220-mx.test is closing\r\n")

    with serving(greet_and_leave) as port:
        seen = await failure(port, starttls=Starttls.SMTP)

    assert (seen.code, seen.stage) == (Code.RESET, Stage.STARTTLS)
    assert "mx.test is closing" in seen.detail


async def test_plain_text_after_the_consent_is_not_tls() -> None:
    greeting, [*script, (command, reply)] = SCRIPTS[Starttls.SMTP]
    with serving(play(greeting, [*script, (command, reply + b"250 more\r\n")], stay_silent)) as port:
        seen = await failure(port, starttls=Starttls.SMTP)

    assert seen.code is Code.NOT_TLS
    assert "250 more" in seen.detail


async def test_an_endless_stream_instead_of_a_greeting_is_refused() -> None:
    with serving(say(b"x" * 1_000_000)) as port:
        seen = await failure(port, starttls=Starttls.IMAP)

    assert seen.code is Code.STARTTLS_REFUSED
