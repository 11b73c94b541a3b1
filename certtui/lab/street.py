"""The street: every house, what is wrong with it and what should be found. It serves nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certtui.core.catalogue import Code
from certtui.core.target import Starttls
from certtui.lab.odd_certificates import certificate_houses
from certtui.lab.pki import KeyKind, Wish, self_signed
from certtui.lab.plan import DOMAIN, Plan, Service, Town, plan


def plans(now: datetime, *, has_ipv6: bool) -> tuple[Town, list[Plan]]:
    """Return the CAs and every house of the street, judged at `now`."""
    town = Town(now)
    parts: dict[str, Iterable[Plan]] = {
        "dates and names": _dates_and_names(town),
        "trust": _trust(town),
        "installation": _installation(town),
        "odd certificates": certificate_houses(town),
        "addresses": _addresses(town, has_ipv6=has_ipv6),
        "connections": _connections(town),
    }
    return town, [replace(house, group=group) for group, houses in parts.items() for house in houses]


def _dates_and_names(town: Town) -> Iterator[Plan]:
    good = (town.leaf("good"), town.issuer)
    yield plan("good", "nothing is wrong", good)
    expired = town.leaf("expired", begins=timedelta(days=-100), ends=timedelta(days=-10))
    yield plan("expired", "expired 10 days ago", (expired, town.issuer), Code.LEAF_EXPIRED)
    early = town.leaf("not-yet-valid", begins=timedelta(days=2))
    yield plan(
        "not-yet-valid", "valid from the day after tomorrow", (early, town.issuer), Code.LEAF_NOT_YET_VALID
    )
    soon = town.leaf("expiring", begins=timedelta(days=-80), ends=timedelta(days=9, hours=12))
    yield plan("expiring", "9 of 90 days are left", (soon, town.issuer), Code.EXPIRING_SOON)
    wrong = town.leaf("wrong-name", names=("other.example", "www.other.example"))
    yield plan("wrong-name", "for other names", (wrong, town.issuer), Code.HOST_MISMATCH)
    twin = town.leaf("twin", names=(f"www.twin.{DOMAIN}",))
    yield plan("twin", "only its www. twin is covered", (twin, town.issuer), Code.SIBLING_NAME_MISSING)
    deep = town.leaf("a.b.wildcard", names=(f"*.wildcard.{DOMAIN}",))
    yield plan(f"a.b.wildcard.{DOMAIN}", "one label too deep", (deep, town.issuer), Code.WILDCARD_DEPTH)
    partial = town.leaf("web1", names=(f"web*.{DOMAIN}",))
    yield plan("web1", "a wildcard within a label", (partial, town.issuer), Code.WILDCARD_FORM)
    cn_only = town.leaf("cn-only", names=None)
    yield plan("cn-only", "a common name only", (cn_only, town.issuer), Code.SAN_MISSING)
    many = town.leaf("many-names", names=tuple(f"n{number}.many.{DOMAIN}" for number in range(500)))
    yield plan("many-names", "500 names, none of them its own", (many, town.issuer), Code.HOST_MISMATCH)
    idn = town.leaf("xn--bcher-kva")
    yield plan("xn--bcher-kva", "an internationalised name (bücher)", (idn, town.issuer))


def _trust(town: Town) -> Iterator[Plan]:
    def name(label: str) -> str:
        return f"{label}.{DOMAIN}"

    alone = self_signed(name("self-signed"), Wish(names=(name("self-signed"),)), now=town.now)
    yield plan("self-signed", "signs itself", (alone,), Code.SELF_SIGNED_LEAF)
    unknown = town.strange_issuer.issue(name("unknown-ca"))
    yield plan(
        "unknown-ca", "a root that nobody knows", (unknown, town.strange_issuer), Code.UNTRUSTED_ISSUER
    )
    sent = town.strange_issuer.issue(name("unknown-root"))
    chain = (sent, town.strange_issuer, town.stranger)
    yield plan("unknown-root", "an unknown root, sent along", chain, Code.UNTRUSTED_ROOT_SENT)
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
    yield plan(
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
    yield plan("incomplete", "its intermediate is not sent", (missing,), Code.CHAIN_INCOMPLETE)
    wrong = town.leaf("wrong-intermediate")
    yield plan(
        "wrong-intermediate",
        "the namesake of its issuer is sent",
        (wrong, town.namesake),
        Code.WRONG_INTERMEDIATE,
    )
    second = town.issuer.intermediate("Demo Issuing CA 2")
    below = second.issue(f"misordered.{DOMAIN}")
    yield plan("misordered", "sent in the wrong order", (below, town.issuer, second), Code.CHAIN_MISORDERED)
    twice = town.leaf("duplicate")
    chain = (twice, town.issuer, town.issuer)
    yield plan("duplicate", "one certificate sent twice", chain, notices=(Code.CHAIN_DUPLICATE,))
    beside = town.leaf("unrelated")
    chain = (beside, town.issuer, town.strange_issuer)
    yield plan("unrelated", "a stranger is sent along", chain, notices=(Code.CHAIN_UNRELATED,))
    rooted = town.leaf("root-sent")
    yield plan("root-sent", "the root is sent", (rooted, town.issuer, town.root), notices=(Code.ROOT_SENT,))
    old = town.expired_issuer.issue(f"old-intermediate.{DOMAIN}")
    yield plan(
        "old-intermediate", "its intermediate expired", (old, town.expired_issuer), Code.INTERMEDIATE_EXPIRED
    )


def _addresses(town: Town, *, has_ipv6: bool) -> Iterator[Plan]:
    both = town.issuer.issue("dual-stack", Wish(names=("127.0.0.1", "::1")))
    yield plan("127.0.0.1", "an IP address that it covers", (both, town.issuer))
    if has_ipv6:
        yield plan("::1", "the same over IPv6", (both, town.issuer))
    as_dns = Wish(names=None, more_names=(x509.DNSName("127.0.0.2"),))
    dns = town.issuer.issue("127.0.0.2", as_dns)
    yield plan(
        "127.0.0.2", "its IP address stands there as a DNS name", (dns, town.issuer), Code.IP_NOT_IN_SAN
    )


def _connections(town: Town) -> Iterator[Plan]:
    def served(name: str, what: str, service: Service, *expected: Code) -> Plan:
        return replace(plan(name, what, (town.leaf(name), town.issuer), *expected), service=service)

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
        mail = served(name, what, service, *expected)
        yield replace(mail, target=replace(mail.target, port=25, starttls=Starttls.SMTP))
