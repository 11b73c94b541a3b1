"""Plain-text preambles that turn a connection to TLS: one small dialogue a protocol, without I/O."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Final

from certtui.core.target import Starttls
from certtui.core.text import shortened

MAX_LINE_BYTES: Final = 4096
"""RFC 5321 §4.5.3.1.5 allows 512 and IMAP capability lines run longer; nobody needs more than this."""
MAX_LINES: Final = 200

Dialogue = Generator[bytes, str, None]
"""Yields what to send (nothing to hear another line) and gets one line each time; raises `_Refused`, or ends when
TLS may begin."""


class _Refused(Exception):
    """The server does not turn to TLS; never leaves this module."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a server does not turn to TLS."""

    detail: str
    """One sentence with what it said; raw text."""
    said: str
    """The line it rests on; raw text."""


class Preamble:
    """An exchange that ends when the server is ready for TLS, or will not be."""

    def __init__(self, protocol: Starttls) -> None:
        self.finished = False
        self.refusal: Refusal | None = None
        self.leftover = b""
        """What came after the server's consent; no server that keeps to its protocol sends any."""
        self.last_line = ""
        self._buffer = bytearray()
        self._line_count = 0
        self._dialogue = _DIALOGUES[protocol]()

    def start(self) -> bytes:
        """Return what to say first: nothing, since the server greets."""
        return next(self._dialogue)

    def receive(self, data: bytes) -> bytes:
        """Take what the server sent and return what to answer."""
        self._buffer += data
        replies = b""
        while not self.finished and b"\n" in self._buffer[:MAX_LINE_BYTES]:
            line, _, rest = bytes(self._buffer).partition(b"\n")
            self._buffer[:] = rest
            replies += self._hear(line.rstrip(b"\r").decode("utf-8", errors="backslashreplace"))
        if self.finished:
            self.leftover = bytes(self._buffer)
        elif len(self._buffer) >= MAX_LINE_BYTES:
            start = self._buffer[:80].decode("utf-8", errors="backslashreplace")
            self._refuse(f"the server sends a line of more than {MAX_LINE_BYTES} bytes", start)
        return replies

    def _hear(self, line: str) -> bytes:
        self.last_line = line
        self._line_count += 1
        if self._line_count > MAX_LINES:
            self._refuse(f"the server talks on without end: more than {MAX_LINES} lines", line)
            return b""
        try:
            return self._dialogue.send(line)
        except StopIteration:
            self.finished = True
        except _Refused as refused:
            self._refuse(str(refused), line)
        return b""

    def _refuse(self, detail: str, said: str) -> None:
        self.refusal = Refusal(detail, shortened(said, 500))
        self.finished = True


def _smtp() -> Dialogue:
    """RFC 3207; EHLO with an address literal, as RFC 5321 §4.1.4 asks of a client without a name."""
    code, lines = yield from _numbered_reply(b"")
    if code != "220":
        raise _refusal("does not greet as an SMTP server", lines[0])
    code, lines = yield from _numbered_reply(b"EHLO [127.0.0.1]\r\n")
    if code != "250":
        raise _refusal("refuses EHLO", lines[0])
    if not any(line.upper().split()[:1] == ["STARTTLS"] for line in lines[1:]):
        raise _not_offered("STARTTLS", lines[1:])
    code, lines = yield from _numbered_reply(b"STARTTLS\r\n")
    if code != "220":
        raise _refusal("refuses STARTTLS", lines[0])


def _ftp() -> Dialogue:
    """RFC 4217 §4."""
    code, lines = yield from _numbered_reply(b"")
    if code != "220":
        raise _refusal("does not greet as an FTP server", lines[0])
    code, lines = yield from _numbered_reply(b"AUTH TLS\r\n")
    if code != "234":
        raise _refusal("refuses AUTH TLS", lines[0])


def _imap() -> Dialogue:
    """RFC 3501 §6.2.1."""
    greeting = yield b""
    if not greeting.upper().startswith("* OK"):
        raise _refusal("does not greet as an IMAP server that is open to TLS", greeting)
    capabilities: list[str] = []
    line = yield b"a1 CAPABILITY\r\n"
    while not line.lower().startswith("a1 "):
        if line.upper().startswith("* CAPABILITY "):
            capabilities += line.upper().split()[2:]
        line = yield b""
    if "STARTTLS" not in capabilities:
        raise _not_offered("STARTTLS", capabilities)
    line = yield b"a2 STARTTLS\r\n"
    while line.startswith("* "):
        line = yield b""
    if not line.lower().startswith("a2 ok"):
        raise _refusal("refuses STARTTLS", line)


def _pop3() -> Dialogue:
    """RFC 2595 §4; a server without CAPA (RFC 2449) may still know STLS."""
    greeting = yield b""
    if not greeting.upper().startswith("+OK"):
        raise _refusal("does not greet as a POP3 server", greeting)
    line = yield b"CAPA\r\n"
    if line.upper().startswith("+OK"):
        capabilities: list[str] = []
        while (line := (yield b"")) != ".":
            capabilities.append(line.upper())
        if "STLS" not in capabilities:
            raise _not_offered("STLS", capabilities)
    line = yield b"STLS\r\n"
    if not line.upper().startswith("+OK"):
        raise _refusal("refuses STLS", line)


def _numbered_reply(command: bytes) -> Generator[bytes, str, tuple[str, list[str]]]:
    """Send `command` and return the code and the texts of the reply (RFC 5321 §4.2.1, RFC 959 §4.2)."""
    line = yield command
    code, texts = line[:3], [line]
    if not (code.isascii() and code.isdigit() and line[3:4] in ("", " ", "-")):
        raise _refusal("answers with something that is no reply", line)
    is_last = line[3:4] != "-"
    while not is_last:
        line = yield b""
        belongs = line[:3] == code
        is_last = belongs and line[3:4] != "-"
        texts.append(line[4:] if belongs else line)
    return code, texts


def _refusal(what: str, said: str) -> _Refused:
    return _Refused(f"the server {what}: it said “{shortened(said, 200)}”")


def _not_offered(what: str, offered: list[str]) -> _Refused:
    offers = shortened(", ".join(offered), 200) or "nothing"
    return _Refused(f"the server does not offer {what}; it offers {offers}")


_DIALOGUES: dict[Starttls, Callable[[], Dialogue]] = {
    Starttls.SMTP: _smtp,
    Starttls.IMAP: _imap,
    Starttls.POP3: _pop3,
    Starttls.FTP: _ftp,
}
