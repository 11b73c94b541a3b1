"""What each term of a filter finds, and that no typing on the way to it can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

import certtui
from certtui.core.catalogue import Category, Code, Severity
from certtui.core.client_statements import clients
from certtui.core.evidence import Evidence, Failure, Stage, Unreachable
from certtui.core.finding import finding
from certtui.core.labels import Labels
from certtui.core.query import parse_query
from certtui.core.report import Report
from certtui.core.searchable import Searchable, known_states, leaf_text
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.lab.pki import Authority, KeyKind
from tests.core.examples import GOOD, HOST, NOW, leaf

TARGET = HostTarget(host=HOST, port=8443)
IDN = "xn--bcher-kva.example"
REPORT = certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=NOW)
LEAF = REPORT.chain[0]
DAYS = (LEAF.not_after - NOW).days if LEAF.not_after else 0
SERIAL = f"{LEAF.serial:x}"
OCTETS = SERIAL.zfill(len(SERIAL) + len(SERIAL) % 2)


def of_codes(*codes: Code, target: Target = TARGET) -> Searchable:
    """Return what can be found of a host with these findings."""
    found = tuple(finding(code, "x", certificate=0) for code in codes)
    return Searchable.of(target, replace(REPORT, findings=found))


def finds(query: str, searchable: Searchable) -> bool:
    """Return whether a query without problems finds it."""
    parsed = parse_query(query)
    assert not parsed.problems
    return parsed.finds(searchable)


GOOD_HOST = Searchable.of(TARGET, REPORT, Labels(group="Payments team", tags=("prod", "eu")))
WAITING = Searchable.of(HostTarget(host="new.test"))
EXPIRED = of_codes(Code.LEAF_EXPIRED, Code.CHAIN_INCOMPLETE)


@pytest.mark.parametrize(
    ("query", "near_miss"),
    [
        ("www", "wwww"),
        ("WWW.Example", "www.example.org"),
        ("~wwex8443", "~8443www"),
        ('"cn=example ca"', '"cn=example  ca"'),
        ("trusted", "expired"),
        ("!expired", "!trusted"),
        ("www !mail", "www mail"),
        ('issuer:"Example CA"', "issuer:strange"),
        ("subject:example", 'subject:"example ca"'),
        ("san:WWW.example", "san:mail"),
        ("key:ec", "key:rsa"),
        ("key:P-256", "key:p384"),
        ("key:ecdsa", "key:dsa"),
        ("key:prime256v1", "key:secp384r1"),
        ("sig:ecdsa", "sig:rsa"),
        ("sig:SHA-256", "sig:sha1"),
        (f"days={DAYS}", f"days={DAYS + 1}"),
        (f"days<{DAYS + 1}", f"days<{DAYS}"),
        (f"days<={DAYS}", f"days<={DAYS - 1}"),
        (f"days>{DAYS - 1}", f"days>{DAYS}"),
        (f"days>={DAYS}d", f"days>={DAYS + 1}d"),
        ("is:trusted", "is:expired"),
        ("is:ok", "is:failed"),
        ("is:accepted", "is:rejected"),
        ("!is:failed", "!is:trusted"),
        ("group:team", "group:web"),
        ("tag:prod", "tag:rod"),
        ("tag:+eu", "tag:us"),
        ("host:example", "name:mail"),
        ("port:8443", "port:443"),
        ("serial:{serial}", "serial:00" + "f" * 40),
        ("serial:00{digits_start}", "serial:1234567890abcdef1234"),
        ("serial:{serial_start}", "serial:00:{serial_start}"),
        ("serial:{first_digits}", "serial:{across_octets}"),
        ("serial:0x{serial_start}", "serial:{serial_start}:{serial_start}:{serial_start}"),
        ("sha256:{leaf}", "sha256:0{leaf}"),
        ("sha256:{issuer_start}", "sha256:{issuer_start}0{leaf}"),
    ],
)
def test_each_term_finds_what_it_is_for_and_not_what_it_nearly_is(query: str, near_miss: str) -> None:
    # Random octets stand in no test's name, which several processes must agree upon.
    hexadecimal = {
        "serial": SERIAL,
        "serial_start": f"{OCTETS[:2].upper()}:{OCTETS[2:4]}",
        "digits_start": OCTETS[:4].lstrip("0"),
        "first_digits": f"{OCTETS[:2]}:{OCTETS[2]}",
        "across_octets": f"{OCTETS[1:3]}:{OCTETS[3:5]}:{OCTETS[5:7]}",
        "leaf": LEAF.sha256.hex(":"),
        "issuer_start": REPORT.chain[1].sha256.hex()[:6].upper(),
    }

    assert finds(query.format(**hexadecimal), GOOD_HOST)
    assert not finds(near_miss.format(**hexadecimal), GOOD_HOST)


def test_faults_are_found_by_badge_word_code_and_severity() -> None:
    for query in ("is:expired", "is:installation", "is:bad-install", "is:error", "is:failed", "is:rejected"):
        assert finds(query, EXPIRED), query
    for query in ("code:leaf-expired", "code:incomplete", "expired", "bad", '"bad install"'):
        assert finds(query, EXPIRED), query
    for query in ("is:name", "is:warning", "is:ok", "code:leaf-revoked", "is:waiting"):
        assert not finds(query, EXPIRED), query


def test_notices_make_no_badge_but_have_a_code() -> None:
    host = of_codes(Code.ROOT_SENT)

    assert finds("is:trusted is:notice code:root-sent", host)
    assert not finds("is:installation", host)


def test_a_host_without_a_report_waits_and_has_nothing_else() -> None:
    assert finds("is:waiting new !is:trusted !days<1000 !key:ec", WAITING)
    assert not finds("days>0", WAITING)


def test_the_beginning_of_a_state_finds_all_that_begin_so() -> None:
    expiring = of_codes(Code.EXPIRING_SOON)

    assert finds("is:exp", EXPIRED)
    assert finds("is:exp", expiring)
    assert finds("is:expired", EXPIRED)
    assert not finds("is:expired", expiring)


@pytest.mark.parametrize("category", list(Category), ids=str)
def test_every_category_is_a_state(category: Category) -> None:
    assert parse_query(f"is:{category}").problems == ()


def test_states_are_words_that_can_be_typed() -> None:
    assert all(state.replace("-", "").isalnum() for state in known_states())
    assert {each.value for each in Severity} <= known_states()


def test_an_expired_leaf_has_fewer_than_no_days() -> None:
    assert LEAF.not_after is not None
    an_hour_late = replace(REPORT, now=LEAF.not_after + timedelta(hours=1))
    host = Searchable.of(TARGET, an_hour_late)

    assert finds("days<0", host)
    assert not finds("days>=0", host)


def test_international_names_are_found_in_both_forms() -> None:
    chain = (leaf(names=(IDN,)).der,)
    report = certtui.diagnose(chain, host=IDN, anchors=GOOD.anchors, now=NOW)
    host = Searchable.of(HostTarget(host=IDN), report)

    for query in ("bücher", "BÜCHER", "bu\u0308cher", "san:bücher", "san:xn--bcher", "name:bücher", "xn--"):
        assert finds(query, host), query


def test_an_rsa_key_is_found_by_kind_and_size() -> None:
    authority = Authority.root("RSA Root", now=NOW)
    chain = (leaf(authority, key=KeyKind.RSA_2048).der,)
    host = Searchable.of(TARGET, certtui.diagnose(chain, host=HOST, anchors=(authority.der,), now=NOW))

    for query in ("key:rsa", "key:rsa2048", 'key:"RSA 2048 bits"', "key:2048"):
        assert finds(query, host), query
    assert not finds("key:rsa1024", host)
    assert not finds("key:rsa204", host)


@pytest.mark.parametrize(
    ("serial", "found", "near_miss"),
    [
        (0xAB, "serial:00:ab", "serial:0a:b"),
        (0x12, "serial:12", "serial:00:12"),
        (0x1020, "serial:10:2", "serial:01:02"),
        (0x1002, "serial:10:02", "serial:00:2"),
        (0x0123_4567, "serial:1:23:45", "serial:12:34"),
    ],
)
def test_a_serial_number_with_colons_is_found_by_its_octets(serial: int, found: str, near_miss: str) -> None:
    host = replace(GOOD_HOST, leaf=replace(leaf_text(LEAF), serial=f"{serial:x}"))

    assert finds(found, host)
    assert not finds(near_miss, host)


def test_a_name_with_escapes_is_found_as_it_reads() -> None:
    authority = Authority.root("Acme, Inc.", now=NOW)
    chain = (leaf(authority).der,)
    host = Searchable.of(TARGET, certtui.diagnose(chain, host=HOST, anchors=(authority.der,), now=NOW))

    assert finds('issuer:"acme, inc."', host)


def test_a_client_is_found_that_rejects() -> None:
    mismatch = of_codes(Code.HOST_MISMATCH)

    assert finds("client:curl", mismatch)
    assert not finds("client:curl", of_codes(Code.EXPIRING_SOON))
    assert not finds("client:curl", of_codes())


@pytest.mark.parametrize(
    "code", [Code.HOST_MISMATCH, Code.CHAIN_INCOMPLETE, Code.LEAF_EXPIRED, Code.ROOT_SENT]
)
def test_every_client_is_found_where_the_report_says_that_it_rejects(code: Code) -> None:
    host = of_codes(code)
    assert host.report is not None

    for client, verdict in zip(clients(), host.report.clients, strict=True):
        assert finds(f'client:"{client.name}"', host) is verdict.rejects


def test_a_file_has_no_port_and_is_found_by_its_path() -> None:
    host = Searchable.of(FileTarget(path="/etc/ssl/Site.pem"), REPORT)

    assert finds("site.pem !port:443", host)


def test_the_address_is_that_which_answered() -> None:
    failure = Failure(code=Code.REFUSED, stage=Stage.CONNECT, detail="x")
    evidence = Evidence(
        target=TARGET,
        host=HOST,
        observed_at=NOW,
        observation=Unreachable(failure=failure, address="2001:db8::7"),
    )
    host = Searchable.of(TARGET, replace(REPORT, evidence=evidence))

    assert finds("address:2001:db8:", host)
    assert finds("address:[2001:db8::7]", host)
    assert not finds("address:db8", host)
    assert not finds("address:2001", GOOD_HOST)


def test_a_report_of_no_certificate_is_found_by_its_state() -> None:
    gone = Report(host="x", now=NOW, chain=(), findings=(finding(Code.REFUSED, "x"),))

    assert finds("is:unreachable is:no-connection code:refused is:failed", Searchable.of(TARGET, gone))


def test_no_client_rejects_a_host_that_showed_no_certificate() -> None:
    gone = Report(host="x", now=NOW, chain=(), findings=(finding(Code.PROTOCOL_UNSUPPORTED, "x"),))
    assert any(verdict.rejects for verdict in gone.clients)

    assert not any(finds(f"client:{client.key}", Searchable.of(TARGET, gone)) for client in clients())
