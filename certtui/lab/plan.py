"""What a house of the street is before it is built, and the CAs that houses have their certificates from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from certtui.core.catalogue import Code
from certtui.core.target import HostTarget
from certtui.lab.pki import CA_WISH, Authority, Issued, Wish

DOMAIN = "demo.test"
HOSTILE = (
    "evil\x1b]0;PWNED\x07\x1b]52;c;UFdORUQ=\x07\x1b[2J\x1b[31m[red]bold[/red][/foo][@click=app.quit]x[/]"
    "\u202egnp.exe\u200b\x9b31m\r\n✓ TRUSTED\x00end"
)
"""Text that tries everything: titles, clipboard, colours, markup, bidirectional marks, newlines, C1, NUL."""


class Service(StrEnum):
    """How a house answers."""

    TLS = "TLS"
    TLS_1_0 = "TLS 1.0 only"
    CLIENT_CERTIFICATE = "TLS that demands a client certificate"
    SMTP = "SMTP with STARTTLS"
    SMTP_WITHOUT_STARTTLS = "SMTP without STARTTLS"
    HTTP = "plain HTTP"
    SILENT = "accepts and says nothing"
    DRIP = "one byte a second"
    RESET = "cuts the connection"
    NAME_REFUSED = "TLS that knows another name only"
    CLOSED = "nobody listens"
    NO_ADDRESS = "the name does not resolve"


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One house before it is built."""

    target: HostTarget
    what: str
    """What is wrong with it, in a few words."""
    expected: frozenset[Code]
    """Every finding of severity error or warning."""
    notices: frozenset[Code] = frozenset()
    chain: tuple[Issued, ...] = ()
    """What is served, as listed, its own certificate first."""
    service: Service = Service.TLS
    group: str = ""
    """The part of the street that it stands in."""
    staple: bytes | None = None
    """The OCSP response that is stapled to every handshake that asks for one."""


def plan(
    name: str, what: str, chain: tuple[Issued, ...], *expected: Code, notices: tuple[Code, ...] = ()
) -> Plan:
    """Return the plan of a house of this name, below the street's domain unless it is whole."""
    target = HostTarget(host=name if "." in name or ":" in name else f"{name}.{DOMAIN}")
    return Plan(
        target=target, what=what, expected=frozenset(expected), notices=frozenset(notices), chain=chain
    )


class Town:
    """The CAs that the houses have their certificates from."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.root = Authority.root("Demo Root", now=now)
        self.issuer = self.root.intermediate("Demo Issuing CA")
        self.stranger = Authority.root("Unknown Root", now=now)
        self.strange_issuer = self.stranger.intermediate("Unknown Issuing CA")
        expired = replace(CA_WISH, ends=timedelta(days=-5))
        self.expired_issuer = self.root.intermediate("Expired Issuing CA", wish=expired)
        self.namesake = self.root.intermediate("Demo Issuing CA", key_label="the namesake's key")
        no_ca = Wish(names=None, usages=("digital_signature", "key_cert_sign"), purposes=())
        self.no_ca = self.root.intermediate("Not A CA", wish=no_ca)
        self.short_issuer = self.root.intermediate("Short Path CA", wish=replace(CA_WISH, path_length=0))
        self.below_short = self.short_issuer.intermediate("One Too Many CA")

    def leaf(self, name: str, **changes: object) -> Issued:
        """Return a certificate of the good issuer with some things changed."""
        host = f"{name}.{DOMAIN}"
        wish = replace(Wish(names=(host,)), **changes)  # type: ignore[arg-type]
        return self.issuer.issue(host, wish)
