"""What each term of a filter finds, and that no typing on the way to it can fail."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

import certtui
from certtui.core.catalogue import Category, Code, Severity
from certtui.core.client_statements import clients
from certtui.core.evidence import Evidence, Failure, Stage, Unreachable
from certtui.core.finding import finding
from certtui.core.labels import Labels
from certtui.core.query import TERMS, parse_query
from certtui.core.query_terms import BUILDERS, is_near, is_subsequence
from certtui.core.report import Report
from certtui.core.searchable import Searchable, known_states
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.lab.pki import Authority, KeyKind
from tests.core.examples import GOOD, HOST, NOW, leaf

TARGET = HostTarget(host=HOST, port=8443)
IDN = "xn--bcher-kva.example"
REPORT = certtui.diagnose(GOOD.sent, host=HOST, anchors=GOOD.anchors, now=NOW)
LEAF = REPORT.chain[0]
DAYS = (LEAF.not_after - NOW).days if LEAF.not_after else 0
SERIAL = f"{LEAF.serial:x}"


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
        ("serial:00{serial_start}", "serial:1234567890abcdef1234"),
        ("sha256:{leaf}", "sha256:0{leaf}"),
        ("sha256:{issuer_start}", "sha256:{issuer_start}0{leaf}"),
    ],
)
def test_each_term_finds_what_it_is_for_and_not_what_it_nearly_is(query: str, near_miss: str) -> None:
    # Random octets stand in no test's name, which several processes must agree upon.
    hexadecimal = {
        "serial": SERIAL,
        "serial_start": f"{SERIAL[:2].upper()}:{SERIAL[2:4]}",
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


@pytest.mark.parametrize(
    ("query", "part"),
    [
        ("key:", "key: is not finished: write key:rsa2048"),
        ("issuer:", "write issuer:"),
        ("days<", "days< is not finished"),
        ("days<x", "'x' is no number of days: write days<30"),
        ("is:purple", "nothing is 'purple'"),
        ("is:", "is: is not finished"),
        ("client:netscape", "write one of chrome"),
        ("serial:xyz", "not hexadecimal"),
        ("port:https", "is no port"),
        ("key<rsa", "write key:rsa2048"),
        ("isuer:acme", "did you mean issuer:"),
    ],
)
def test_what_makes_no_sense_is_told(query: str, part: str) -> None:
    (problem,) = parse_query(query).problems

    assert part in problem


def test_what_is_not_finished_is_left_out_so_that_the_list_stays() -> None:
    for query in ("", "  ", "!", "~", '"', '""', "key:", "!key:", "days<", "is:purple"):
        assert parse_query(query).finds(GOOD_HOST), query
    assert not finds_with_problems("key: mail", GOOD_HOST)


def finds_with_problems(query: str, searchable: Searchable) -> bool:
    """Return whether a query finds it, whatever is wrong with it."""
    return parse_query(query).finds(searchable)


@pytest.mark.parametrize("query", ["www.example.test:8443", "foo:bar", "2001:db8::1", "https://www"])
def test_what_only_looks_like_a_field_is_a_word(query: str) -> None:
    parsed = parse_query(query)

    assert parsed.problems == ()
    assert parsed.terms[0].word == query


def test_a_loosened_query_forgives_one_slip_in_a_word() -> None:
    for slip in ("exmaple", "examlpe", "exampel", "exammple", "exanple", "exmple", "wwwexample"):
        loosened = parse_query(slip).loosened()
        assert loosened is not None
        assert loosened.finds(GOOD_HOST), slip
    for other in ("mail.example.org", "elpmaxe", "exmpalqe"):
        loosened = parse_query(other).loosened()
        assert loosened is not None
        assert not loosened.finds(GOOD_HOST), other


@pytest.mark.parametrize("query", ["", "!exmaple", "exp", "is:expired", "~exm"])
def test_only_words_of_four_letters_or_more_are_forgiven(query: str) -> None:
    assert parse_query(query).loosened() is None


def test_the_table_of_terms_names_every_field_and_its_examples_are_right() -> None:
    named = " ".join(f"{kind.term} {kind.finds}" for kind in TERMS)

    assert all(name in named for name in BUILDERS)
    for kind in TERMS:
        assert parse_query(kind.example).problems == (), kind.term
        assert parse_query(kind.example).terms, kind.term


_LETTERS = st.text(alphabet="abc.", max_size=8)


@given(_LETTERS, _LETTERS)
def test_near_is_a_subsequence_but_for_one_letter_at_most(letters: str, text: str) -> None:
    shorter = ["".join(each) for each in combinations(letters, max(0, len(letters) - 1))]

    is_expected = any(is_subsequence(each, text) for each in (letters, *shorter))
    assert is_near(letters, text) is is_expected


@given(_LETTERS, _LETTERS)
def test_a_subsequence_is_what_is_left_when_letters_are_taken_away(letters: str, text: str) -> None:
    expected = any("".join(each) == letters for each in combinations(text, len(letters)))

    assert is_subsequence(letters, text) is expected


_PIECES = st.sampled_from(
    [f"{name}{sign}" for name in (*BUILDERS, "word", "") for sign in (":", "<", ">=", "=", "")]
    + [
        "!",
        '"',
        " ",
        "~",
        "30",
        "-1",
        "x",
        "rsa",
        "é",
        "\x1b",
        "\u202e",
        "Let's",
        "*",
        "\\",
        "[",
        "(",
        "0" * 300,
    ]
)


@given(st.lists(_PIECES, max_size=6).map("".join) | st.text(max_size=40))
def test_any_text_is_a_query_whose_negation_finds_the_rest(text: str) -> None:
    parsed = parse_query(text)

    for searchable in (GOOD_HOST, WAITING, EXPIRED):
        assert parsed.finds(searchable) is all(
            term.test(searchable) is not term.is_negated for term in parsed.terms
        )
        assert parsed.matcher(searchable) is parsed.finds(searchable)
        loosened = parsed.loosened()
        assert loosened is None or loosened.loosened() is None
    for term in parsed.terms:
        turned = parse_query(f"!{term.text}" if not term.is_negated else term.text.removeprefix("!"))
        assert [each.is_negated for each in turned.terms] in ([not term.is_negated], [])
        if turned.terms and not term.text.startswith("!!"):
            assert turned.finds(GOOD_HOST) is not (term.test(GOOD_HOST) is not term.is_negated)


def test_a_report_of_no_certificate_is_found_by_its_state() -> None:
    gone = Report(host="x", now=NOW, chain=(), findings=(finding(Code.REFUSED, "x"),))

    assert finds("is:unreachable is:no-connection code:refused is:failed", Searchable.of(TARGET, gone))
