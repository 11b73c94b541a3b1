"""What the user names: parses hosts, URLs, addresses, files and lists of them. It never looks anything up."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import unquote

from certtui.core.labels import NO_LABELS, Labels, listed_lines


class Starttls(StrEnum):
    """Plain-text protocols that turn to TLS on request."""

    SMTP = "smtp"
    IMAP = "imap"
    POP3 = "pop3"
    FTP = "ftp"


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTarget:
    """A server to look at."""

    host: str
    """A DNS name in lower-case A-labels, or an IP literal in canonical form without brackets."""
    port: int = 443
    starttls: Starttls | None = None

    @property
    def label(self) -> str:
        """`host:port`, with the scheme where STARTTLS is not what the port implies."""
        # RFC 6874: between brackets the sign before a zone is itself encoded.
        host = f"[{self.host.replace('%', '%25')}]" if ":" in self.host else self.host
        scheme = "" if self.starttls == STARTTLS_BY_PORT.get(self.port) else f"{self.starttls or 'tls'}://"
        return f"{scheme}{host}:{self.port}"

    @property
    def is_ip(self) -> bool:
        """Whether the host is an IP literal."""
        return _ip_literal(self.host) is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class FileTarget:
    """A file of certificates to look at."""

    path: str

    @property
    def label(self) -> str:
        """The path as given."""
        return self.path


Target = HostTarget | FileTarget
"""The closed union of what can be looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetProblem:
    """Why a text names no target: what is wrong, where, and what to do."""

    text: str
    column: int
    """1-based column of the part that is wrong."""
    message: str
    """The wrong part, what is wrong with it and what to write instead; raw text."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListProblem:
    """A bad line of a host list."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetList:
    """A parsed host list: every good line, and every bad one."""

    targets: tuple[Target, ...]
    problems: tuple[ListProblem, ...]
    labels: Mapping[Target, Labels] = field(default_factory=dict)
    """The group and tags of each target that has any."""


PORT_BY_SCHEME: dict[str, tuple[int, Starttls | None]] = {
    "https": (443, None),
    "tls": (443, None),
    "ssl": (443, None),
    "wss": (443, None),
    "smtp": (25, Starttls.SMTP),
    "submission": (587, Starttls.SMTP),
    "smtps": (465, None),
    "submissions": (465, None),
    "imap": (143, Starttls.IMAP),
    "imaps": (993, None),
    "pop3": (110, Starttls.POP3),
    "pop3s": (995, None),
    "ftp": (21, Starttls.FTP),
    "ftps": (990, None),
    "ldaps": (636, None),
}
"""Each scheme's port and the protocol to speak before TLS (IANA service names)."""

STARTTLS_BY_PORT: dict[int, Starttls] = {
    25: Starttls.SMTP,
    587: Starttls.SMTP,
    143: Starttls.IMAP,
    110: Starttls.POP3,
    21: Starttls.FTP,
}
"""Ports whose servers begin in plain text; used where no scheme says otherwise."""

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_FILE = re.compile(r"(?:\.{0,2}[/\\]|~|file://|[A-Za-z]:[/\\])|.*\.(?:pem|crt|cer|der|cert)$", re.IGNORECASE)
_LABEL = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)")
_ZONE = re.compile(r"[A-Za-z0-9._~-]{1,32}")
"""What names an interface (RFC 6874 §2)."""
_SLIP = re.compile(r"(https?|tls|smtp|imaps?|pop3s?|ftps?)(//|:/?(?=[a-z]))", re.IGNORECASE)
"""A scheme whose colon or slashes were forgotten."""
_NUMERIC_HOST = re.compile(r"(?:0x[0-9a-f]+|[0-9]+)(?:\.(?:0x[0-9a-f]+|[0-9]+))*\.?", re.IGNORECASE)


def parse_target(text: str) -> Target | TargetProblem:
    """Return the target that `text` names, or what is wrong with it.

    Understands `host`, `host:port`, URLs, `[IPv6]:port`, bare IP literals, internationalised names (turned into
    A-labels by IDNA 2008 with UTS 46 mapping) and paths: a text that starts like a path or ends in a
    certificate file's ending is a file.
    """
    stripped = text.strip()
    offset = len(text) - len(text.lstrip())
    try:
        return _parse(stripped)
    except _Wrong as wrong:
        return TargetProblem(text=text, column=offset + wrong.position + 1, message=wrong.message)


def parse_target_list(text: str) -> TargetList:
    """Return the targets of a host list: one or more a line, `#` starts a comment, blank lines are skipped.

    Groups and tags are written as `labels.listed_lines` says.
    """
    targets: dict[Target, Labels] = {}
    problems: list[ListProblem] = []
    for line in listed_lines(text):
        for start, word in line.words:
            outcome = parse_target(word)
            if isinstance(outcome, TargetProblem):
                column = start + outcome.column
                problems.append(ListProblem(line=line.number, column=column, message=outcome.message))
            else:
                targets[outcome] = targets.get(outcome, NO_LABELS).joined(line.labels)
        if line.fault is not None:
            start, message = line.fault
            problems.append(ListProblem(line=line.number, column=start + 1, message=message))
    labelled = {target: labels for target, labels in targets.items() if labels}
    return TargetList(targets=tuple(targets), problems=tuple(problems), labels=labelled)


class _Wrong(Exception):
    """A part of a target's text that cannot be understood; never leaves this module."""

    def __init__(self, position: int, message: str) -> None:
        super().__init__(message)
        self.position = position
        self.message = message


def _parse(text: str) -> Target:
    if not text:
        raise _Wrong(0, "nothing to look at: write a host such as example.com, or example.com:8443")
    slip = _SLIP.match(text)
    if slip is not None:
        raise _Wrong(slip.end(1), f"unexpected {slip.group(2)!r}: write {slip.group(1)}://")
    scheme_match = _SCHEME.match(text)
    scheme = scheme_match.group(1).lower() if scheme_match else None
    if scheme == "file":
        return FileTarget(path=unquote(text[len("file://") :].removeprefix("localhost")))
    if scheme is None and _FILE.match(text):
        return FileTarget(path=text)
    if scheme is not None and scheme not in PORT_BY_SCHEME:
        advice = "certtui only speaks TLS: did you mean https?" if scheme == "http" else _known_schemes()
        raise _Wrong(0, f"unknown scheme {scheme!r}: {advice}")
    start = scheme_match.end() if scheme_match else 0
    end = next((i for i, c in enumerate(text[start:], start) if c in "/?#"), len(text))
    start = text.rfind("@", start, end) + 1 or start
    host_text, port_text, port_at = _split_port(text[start:end], start)
    host = _parse_host(host_text, start)
    default_port, starttls = PORT_BY_SCHEME[scheme or "https"]
    # RFC 3986 §3.2.3: in a URL the port may be empty.
    has_port = bool(port_text) if scheme is not None else port_text is not None
    port = _parse_port(port_text or "", port_at) if has_port else default_port
    if scheme is None:
        starttls = STARTTLS_BY_PORT.get(port)
    return HostTarget(host=host, port=port, starttls=starttls)


def _known_schemes() -> str:
    return "use one of " + ", ".join(PORT_BY_SCHEME)


def _split_port(text: str, start: int) -> tuple[str, str | None, int]:
    if text.startswith("["):
        close = text.find("]")
        if close < 0:
            raise _Wrong(start, "the bracket of the IPv6 address is not closed: write [2001:db8::1]:443")
        rest = text[close + 1 :]
        if rest and not rest.startswith(":"):
            raise _Wrong(start + close + 1, f"unexpected {rest!r} after the address: write [2001:db8::1]:443")
        return text[: close + 1], rest[1:] if rest else None, start + close + 2
    if text.count(":") > 1:
        return text, None, start
    host, colon, port = text.partition(":")
    return host, port if colon else None, start + len(host) + 1


def _parse_port(text: str, position: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) < 65536:
        return int(text)
    raise _Wrong(position, f"bad port {text!r}: write a number from 1 to 65535")


def _parse_host(text: str, position: int) -> str:
    if text.startswith("["):
        # RFC 6874: within a URL the sign before a zone is itself encoded.
        address, sign, zone = text[1:-1].partition("%")
        literal = _ip_literal(address + sign + (zone.removeprefix("25") or zone))
        if literal is None or ":" not in literal:
            raise _Wrong(position + 1, f"bad IPv6 address {text[1:-1]!r}")
        return literal
    literal = _ip_literal(text)
    if literal is not None:
        return literal
    if ":" in text:
        host, _, ports = text.partition(":")
        if "." in host and re.fullmatch(r"[0-9:]*", ports):
            raise _Wrong(position + len(host), f"more than one port after {host!r}: write {host}:443")
        raise _Wrong(position, f"bad IPv6 address {text!r}: with a port, write [2001:db8::1]:443")
    if not text:
        raise _Wrong(position, "the host is missing: write a host such as example.com")
    if _NUMERIC_HOST.fullmatch(text):
        raise _Wrong(
            position, f"bad IPv4 address {text!r}: write four numbers from 0 to 255, as in 192.0.2.1"
        )
    return _parse_name(text, position)


def _parse_name(text: str, position: int) -> str:
    name = text.removesuffix(".").lower() if text.isascii() else _to_a_labels(text, position)
    if _NUMERIC_HOST.fullmatch(name):
        raise _Wrong(position, f"bad host name {text!r}: written in plain digits it is {name}")
    start = 0
    for label in name.split("."):
        if not _LABEL.fullmatch(label):
            reason = _label_fault(label)
            raise _Wrong(position + (start if text.isascii() else 0), f"bad host name {text!r}: {reason}")
        start += len(label) + 1
    if len(name) > 253:
        raise _Wrong(position, f"bad host name: {len(name)} characters, but a name has at most 253")
    return name


def _label_fault(label: str) -> str:
    if not label:
        return "there is an empty part between two dots"
    if len(label) > 63:
        return f"the part {label[:20]!r}… is longer than 63 characters"
    if label.startswith("-") or label.endswith("-"):
        return f"the part {label!r} starts or ends with a hyphen"
    odd = next(c for c in label if not re.match(r"[a-z0-9_-]", c))
    return f"{odd!r} cannot stand in a host name"


def _to_a_labels(text: str, position: int) -> str:
    import idna  # few names need it

    try:
        return idna.encode(text, uts46=True).decode("ascii").lower().removesuffix(".")
    except (idna.IDNAError, UnicodeError) as error:
        raise _Wrong(position, f"bad internationalised name {text!r}: {error}") from None


def _ip_literal(text: str) -> str | None:
    _, sign, zone = text.partition("%")
    if sign and not _ZONE.fullmatch(zone):
        return None
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
