"""Servers that answer a ClientHello with something other than TLS: hears their first line and names what it is."""

from __future__ import annotations

from typing import Final

from certtui.core.catalogue import Code
from certtui.core.evidence import Failure, Stage
from certtui.core.finding import Fact
from certtui.core.text import shortened

_MAX_BYTES: Final = 512

_GREETINGS: Final = (
    (b"HTTP/", "plain HTTP"),
    (b"* OK", "IMAP in plain text"),
    (b"* PREAUTH", "IMAP in plain text"),
    (b"* BYE", "IMAP in plain text"),
    (b"+OK", "POP3 in plain text"),
    (b"SSH-", "SSH"),
    (b"RFB ", "VNC"),
    (b"-ERR", "plain text, as POP3 and Redis do"),
    (b"<?xml", "XML in plain text"),
    (b"<stream", "XMPP in plain text"),
    (b"<html", "HTML without even HTTP"),
    (b"<!DOCTYPE", "HTML without even HTTP"),
)
"""How first lines begin, in any case, and what they are a sign of."""


class Banner:
    """An exchange that hears a first line to its end, or as much of it as matters."""

    def __init__(self, first_bytes: bytes) -> None:
        self.finished = False
        self.heard = first_bytes

    def start(self) -> bytes:
        """Look whether the line is there already."""
        return self.receive(b"")

    def receive(self, data: bytes) -> bytes:
        """Take more of the line; there is nothing to answer."""
        self.heard = (self.heard + data)[:_MAX_BYTES]
        self.finished = b"\n" in self.heard or len(self.heard) == _MAX_BYTES
        return b""


def other_protocol_failure(heard: bytes) -> Failure:
    """Return the failure of a server that answered with something other than TLS, named where it is known."""
    line = heard.split(b"\n", 1)[0].rstrip(b"\r")
    text = shortened(line.decode("utf-8", errors="backslashreplace"), 200)
    speaks = _speaks(line)
    facts: tuple[Fact, ...] = (Fact("first bytes", text if _is_text(line) else heard[:32].hex(" ")),)
    if speaks is not None:
        facts = (*facts, Fact("speaks", speaks))
        detail = f"the server speaks {speaks} here, not TLS: it said “{text}”"
    elif _is_text(line):
        detail = f"the server does not speak TLS here: it said “{text}”"
    else:
        detail = f"the server does not speak TLS here: its answer begins with the bytes {heard[:16].hex(' ')}"
    return Failure(code=Code.NOT_TLS, stage=Stage.HANDSHAKE, detail=detail, facts=facts)


def _is_text(line: bytes) -> bool:
    try:
        return bool(line) and line.decode("utf-8").isprintable()
    except UnicodeDecodeError:
        return False


def _speaks(line: bytes) -> str | None:
    for beginning, protocol in _GREETINGS:
        if line.lower().startswith(beginning.lower()):
            return protocol
    if line[:4] in (b"220 ", b"220-", b"421 ", b"554 "):
        return "FTP in plain text" if b"ftp" in line.lower() else "SMTP in plain text"
    return None
