"""The street: every house, what is wrong with it and what should be found. It serves nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from certtui.core.catalogue import Code
from certtui.core.target import HostTarget, Starttls
from certtui.lab.pki import (
    CA_WISH,
    UNKNOWN_OID,
    Authority,
    Issued,
    KeyKind,
    Wish,
    raw_san,
    self_signed,
    with_broken_signature,
)

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


def _plan(
    name: str, what: str, chain: tuple[Issued, ...], *expected: Code, notices: tuple[Code, ...] = ()
) -> Plan:
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


def plans(now: datetime, *, has_ipv6: bool) -> tuple[Town, list[Plan]]:
    """Return the CAs and every house of the street, judged at `now`."""
    town = Town(now)
    houses = [
        *_dates_and_names(town),
        *_trust(town),
        *_installation(town),
        *_certificates(town),
        *_addresses(town, has_ipv6=has_ipv6),
        *_connections(town),
    ]
    return town, houses


def _dates_and_names(town: Town) -> Iterator[Plan]:
    good = (town.leaf("good"), town.issuer)
    yield _plan("good", "nothing is wrong", good)
    expired = town.leaf("expired", begins=timedelta(days=-100), ends=timedelta(days=-10))
    yield _plan("expired", "expired 10 days ago", (expired, town.issuer), Code.LEAF_EXPIRED)
    early = town.leaf("not-yet-valid", begins=timedelta(days=2))
    yield _plan(
        "not-yet-valid", "valid from the day after tomorrow", (early, town.issuer), Code.LEAF_NOT_YET_VALID
    )
    soon = town.leaf("expiring", begins=timedelta(days=-80), ends=timedelta(days=9, hours=12))
    yield _plan("expiring", "9 of 90 days are left", (soon, town.issuer), Code.EXPIRING_SOON)
    wrong = town.leaf("wrong-name", names=("other.example", "www.other.example"))
    yield _plan("wrong-name", "for other names", (wrong, town.issuer), Code.HOST_MISMATCH)
    twin = town.leaf("twin", names=(f"www.twin.{DOMAIN}",))
    yield _plan("twin", "only its www. twin is covered", (twin, town.issuer), Code.SIBLING_NAME_MISSING)
    deep = town.leaf("a.b.wildcard", names=(f"*.wildcard.{DOMAIN}",))
    yield _plan(f"a.b.wildcard.{DOMAIN}", "one label too deep", (deep, town.issuer), Code.WILDCARD_DEPTH)
    partial = town.leaf("web1", names=(f"web*.{DOMAIN}",))
    yield _plan("web1", "a wildcard within a label", (partial, town.issuer), Code.WILDCARD_FORM)
    cn_only = town.leaf("cn-only", names=None)
    yield _plan("cn-only", "a common name only", (cn_only, town.issuer), Code.SAN_MISSING)
    many = town.leaf("many-names", names=tuple(f"n{number}.many.{DOMAIN}" for number in range(500)))
    yield _plan("many-names", "500 names, none of them its own", (many, town.issuer), Code.HOST_MISMATCH)
    idn = town.leaf("xn--bcher-kva")
    yield _plan("xn--bcher-kva", "an internationalised name (bücher)", (idn, town.issuer))


def _trust(town: Town) -> Iterator[Plan]:
    def name(label: str) -> str:
        return f"{label}.{DOMAIN}"

    alone = self_signed(name("self-signed"), Wish(names=(name("self-signed"),)), now=town.now)
    yield _plan("self-signed", "signs itself", (alone,), Code.SELF_SIGNED_LEAF)
    unknown = town.strange_issuer.issue(name("unknown-ca"))
    yield _plan(
        "unknown-ca", "a root that nobody knows", (unknown, town.strange_issuer), Code.UNTRUSTED_ISSUER
    )
    sent = town.strange_issuer.issue(name("unknown-root"))
    chain = (sent, town.strange_issuer, town.stranger)
    yield _plan("unknown-root", "an unknown root, sent along", chain, Code.UNTRUSTED_ROOT_SENT)
    hopeless = town.strange_issuer.issue(
        name("many-faults"),
        Wish(
            names=("elsewhere.example",),
            begins=timedelta(days=-400),
            ends=timedelta(days=-35),
            key=KeyKind.RSA_1024,
            is_signed_with_sha1=True,
            purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,),
        ),
    )
    yield _plan(
        "many-faults",
        "expired, wrong name, unknown CA, weak, wrong purpose",
        (hopeless, town.strange_issuer),
        Code.LEAF_EXPIRED,
        Code.HOST_MISMATCH,
        Code.UNTRUSTED_ISSUER,
        Code.WEAK_KEY,
        Code.WEAK_SIGNATURE,
        Code.EKU_WRONG,
    )


def _installation(town: Town) -> Iterator[Plan]:
    missing = town.leaf("incomplete", ca_issuers="http://127.0.0.1:9/issuer.cer")
    yield _plan("incomplete", "its intermediate is not sent", (missing,), Code.CHAIN_INCOMPLETE)
    wrong = town.leaf("wrong-intermediate")
    yield _plan(
        "wrong-intermediate",
        "the namesake of its issuer is sent",
        (wrong, town.namesake),
        Code.WRONG_INTERMEDIATE,
    )
    second = town.issuer.intermediate("Demo Issuing CA 2")
    below = second.issue(f"misordered.{DOMAIN}")
    yield _plan("misordered", "sent in the wrong order", (below, town.issuer, second), Code.CHAIN_MISORDERED)
    twice = town.leaf("duplicate")
    chain = (twice, town.issuer, town.issuer)
    yield _plan("duplicate", "one certificate sent twice", chain, notices=(Code.CHAIN_DUPLICATE,))
    beside = town.leaf("unrelated")
    chain = (beside, town.issuer, town.strange_issuer)
    yield _plan("unrelated", "a stranger is sent along", chain, notices=(Code.CHAIN_UNRELATED,))
    rooted = town.leaf("root-sent")
    yield _plan("root-sent", "the root is sent", (rooted, town.issuer, town.root), notices=(Code.ROOT_SENT,))
    old = town.expired_issuer.issue(f"old-intermediate.{DOMAIN}")
    yield _plan(
        "old-intermediate", "its intermediate expired", (old, town.expired_issuer), Code.INTERMEDIATE_EXPIRED
    )


def _certificates(town: Town) -> Iterator[Plan]:
    weak = town.leaf("rsa-1024", key=KeyKind.RSA_1024, usages=("digital_signature", "key_encipherment"))
    yield _plan("rsa-1024", "an RSA key of 1024 bits", (weak, town.issuer), Code.WEAK_KEY)
    sha1 = town.leaf("sha-1", is_signed_with_sha1=True)
    yield _plan("sha-1", "signed with SHA-1", (sha1, town.issuer), Code.WEAK_SIGNATURE)
    client = town.leaf("client-only", purposes=(ExtendedKeyUsageOID.CLIENT_AUTH,))
    yield _plan("client-only", "for clients, not for servers", (client, town.issuer), Code.EKU_WRONG)
    usage = town.leaf("key-usage", usages=("key_agreement",))
    yield _plan("key-usage", "its key may not sign", (usage, town.issuer), Code.KEY_USAGE_WRONG)
    ca = town.leaf("ca-as-leaf", is_ca=True, usages=("digital_signature", "key_cert_sign"))
    yield _plan("ca-as-leaf", "a CA's certificate", (ca, town.issuer), Code.CA_AS_LEAF)
    signed = town.no_ca.issue(f"issuer-not-ca.{DOMAIN}")
    yield _plan("issuer-not-ca", "its issuer is no CA", (signed, town.no_ca), Code.ISSUER_NOT_CA)
    deep = town.below_short.issue(f"path-length.{DOMAIN}")
    chain = (deep, town.below_short, town.short_issuer)
    yield _plan("path-length", "one CA too many", chain, Code.PATH_LENGTH_EXCEEDED)
    unknown = (x509.UnrecognizedExtension(UNKNOWN_OID, b"\x05\x00"), True)
    critical = town.leaf("critical", extensions=(unknown,))
    yield _plan(
        "critical", "an unknown critical extension", (critical, town.issuer), Code.UNKNOWN_CRITICAL_EXTENSION
    )
    broken = with_broken_signature(town.leaf("bad-signature"))
    yield _plan(
        "bad-signature", "one bit of its signature is wrong", (broken, town.issuer), Code.SIGNATURE_INVALID
    )
    yield _hostile(town)


def _hostile(town: Town) -> Plan:
    """Every field that can hold text holds what would harm a terminal that it reached."""
    attributes = [
        x509.NameAttribute(NameOID.COMMON_NAME, HOSTILE[:64]),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, HOSTILE[:64]),
        x509.NameAttribute(NameOID.LOCALITY_NAME, HOSTILE),
    ]
    ascii_octets = HOSTILE.encode("ascii", "ignore")
    names = raw_san(
        (0x82, ascii_octets),
        (0x81, ascii_octets),
        (0x86, b"http://" + ascii_octets + b"/"),
        (0xA4, x509.Name(attributes).public_bytes()),
    )
    text = (
        x509.UnrecognizedExtension(x509.ObjectIdentifier("2.16.840.1.113730.1.13"), HOSTILE.encode()),
        False,
    )
    hostile = town.leaf(
        "hostile",
        subject=x509.Name(attributes),
        names=None,
        ca_issuers=ascii_octets.decode("ascii"),
        extensions=((names, False), text),
    )
    return _plan(
        "hostile", "escapes, markup and marks in every field", (hostile, town.issuer), Code.HOST_MISMATCH
    )


def _addresses(town: Town, *, has_ipv6: bool) -> Iterator[Plan]:
    both = town.issuer.issue("dual-stack", Wish(names=("127.0.0.1", "::1")))
    yield _plan("127.0.0.1", "an IP address that it covers", (both, town.issuer))
    if has_ipv6:
        yield _plan("::1", "the same over IPv6", (both, town.issuer))
    as_dns = Wish(names=None, more_names=(x509.DNSName("127.0.0.2"),))
    dns = town.issuer.issue("127.0.0.2", as_dns)
    yield _plan(
        "127.0.0.2", "its IP address stands there as a DNS name", (dns, town.issuer), Code.IP_NOT_IN_SAN
    )


def _connections(town: Town) -> Iterator[Plan]:
    def served(name: str, what: str, service: Service, *expected: Code) -> Plan:
        return replace(_plan(name, what, (town.leaf(name), town.issuer), *expected), service=service)

    yield served(
        "client-certificate",
        "demands a client certificate",
        Service.CLIENT_CERTIFICATE,
        Code.CLIENT_CERTIFICATE_REQUIRED,
    )
    yield served("tls-1-0", "speaks TLS 1.0 only", Service.TLS_1_0, Code.PROTOCOL_UNSUPPORTED)
    yield served("plain-http", "speaks HTTP where TLS should be", Service.HTTP, Code.NOT_TLS)
    yield served("name-refused", "knows another name only", Service.NAME_REFUSED, Code.SNI_REFUSED)
    yield served("silent", "accepts and says nothing", Service.SILENT, Code.TIMEOUT)
    yield served("drip", "sends one byte a second", Service.DRIP, Code.TIMEOUT)
    yield served("reset", "cuts the connection", Service.RESET, Code.RESET)
    yield served("closed", "nobody listens", Service.CLOSED, Code.REFUSED)
    yield served("nowhere", "its name does not resolve", Service.NO_ADDRESS, Code.DNS_FAILED)
    for name, what, service, expected in (
        ("mail", "SMTP with STARTTLS, nothing is wrong", Service.SMTP, ()),
        ("mail-plain", "SMTP without STARTTLS", Service.SMTP_WITHOUT_STARTTLS, (Code.STARTTLS_REFUSED,)),
    ):
        plan = served(name, what, service, *expected)
        yield replace(plan, target=replace(plan.target, port=25, starttls=Starttls.SMTP))
