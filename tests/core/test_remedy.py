"""Pages are filled in for one host, and nothing that a stranger wrote gets into a command."""

from __future__ import annotations

import re
import subprocess
from functools import cache
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import example, given
from hypothesis import strategies as st

from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.diagnosis import diagnose_evidence
from certtui.core.evidence import (
    Connection,
    Evidence,
    Failure,
    Loaded,
    Observation,
    Reached,
    Stage,
    Timing,
    Unreachable,
)
from certtui.core.knowledge import CodeBlock, Item, Page, Paragraph, page
from certtui.core.remedy import NOTHING_KNOWN, PLACEHOLDER, PLACEHOLDERS, Values, fill, fill_text, values_of
from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget, Starttls, Target
from certtui.lab.pki import Authority, Issued, Wish, now_to_the_second
from tests.requirements import needs

NOW = now_to_the_second()
HOSTILE = [
    "$(touch pwned)",
    "`touch pwned`",
    "a.test; touch pwned",
    "a.test\ntouch pwned",
    "a.test\r\ntouch pwned",
    'a.test" -x "',
    "a.test' -x '",
    "a.test && touch pwned",
    "a.test|touch pwned",
    "a.test>pwned",
    "${IFS}touch",
    "-rf.test",
    "--help",
    "a.test\\",
    "a.test #",
    "~root",
    "a.test\x00b",
    "a.test\x1b[2J",
    "fe80::1%$(touch pwned)",
    "*.$(touch pwned)",
    "?",
    "",
    "{port}",
    "a.test{b,c}",
    "ａ.test",
    "a..test",
    "١.٢.٣.٤",
]
"""What must stand in no command, whatever the quoting around it."""

each_hostile_text = pytest.mark.parametrize("text", HOSTILE, ids=ascii)


@cache
def _root() -> Authority:
    return Authority.root("Example CA", now=NOW)


def _connection(address: str, port: int) -> Connection:
    return Connection(
        address=address,
        port=port,
        server_name=None,
        protocol="TLSv1.3",
        cipher=None,
        group=None,
        alpn=None,
        client_certificate_requested=False,
        timing=Timing(),
    )


def _report(target: Target, observation: Observation) -> Report:
    host = target.host if isinstance(target, HostTarget) else None
    evidence = Evidence(target=target, host=host, observed_at=NOW, observation=observation)
    return diagnose_evidence(evidence, anchors=AnchorStore([], label="none"))


def _reached(target: HostTarget, issued: Issued, address: str = "192.0.2.7") -> Report:
    return _report(target, Reached(connection=_connection(address, target.port), chain=(issued.der,)))


def _refused(target: Target) -> Report:
    failure = Failure(code=Code.REFUSED, stage=Stage.CONNECT, detail="refused")
    return _report(target, Unreachable(failure=failure, address="192.0.2.7"))


ORDINARY = _reached(HostTarget(host="www.example.com"), _root().issue("www.example.com"))
MAIL = _reached(
    HostTarget(host="mx.example.com", port=25, starttls=Starttls.SMTP), _root().issue("mx.example.com")
)
ADDRESS = _reached(HostTarget(host="192.0.2.1", port=8443), _root().issue("192.0.2.1"), "192.0.2.1")
ADDRESS_6 = _reached(HostTarget(host="2001:db8::1"), _root().issue("2001:db8::1"), "2001:db8::1")
WILDCARD = _reached(
    HostTarget(host="a.example.com"),
    _root().issue("w", Wish(names=("*.example.com", "example.com", "192.0.2.9"))),
)
NAMELESS = _reached(HostTarget(host="www.example.com"), _root().issue("n", Wish(subject=x509.Name([]))))
FILE = _report(FileTarget(path="./$(x).pem"), Loaded(path="./$(x).pem", chain=(_root().issue("f.test").der,)))
UNREACHABLE = _refused(HostTarget(host="down.example.com"))
REPORTS = {
    "host": ORDINARY,
    "mail": MAIL,
    "IPv4": ADDRESS,
    "IPv6": ADDRESS_6,
    "wildcard": WILDCARD,
    "nameless": NAMELESS,
    "file": FILE,
    "unreachable": UNREACHABLE,
}
each_report = pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)


def _blocks(filled: Page) -> list[Paragraph | Item | CodeBlock]:
    return [
        block
        for section in filled.sections
        for blocks in (section.blocks, *(recipe.blocks for recipe in section.recipes))
        for block in blocks
    ]


def _prose_and_code(values: Values) -> list[str]:
    return [block.text for code in Code for block in _blocks(fill(page(code), values))]


def _commands(values: Values) -> set[str]:
    return {
        block.text
        for code in Code
        for block in _blocks(fill(page(code), values))
        if isinstance(block, CodeBlock) and block.language == "sh"
    }


def _code(values: Values) -> list[str]:
    """Return every block that is there to be copied, whatever its language."""
    return [
        block.text
        for code in Code
        for block in _blocks(fill(page(code), values))
        if isinstance(block, CodeBlock)
    ]


@each_report
def test_no_placeholder_is_left_for_any_report(report: Report) -> None:
    assert not [text for text in _prose_and_code(values_of(report)) if PLACEHOLDER.search(text)]
    assert not [text for text in _code(values_of(report)) if "None" in text]


def test_a_page_keeps_its_shape_when_it_is_filled() -> None:
    for code in Code:
        before, after = page(code), fill(page(code), values_of(ORDINARY))

        assert [type(block) for block in _blocks(before)] == [type(block) for block in _blocks(after)]
        assert (before.code, before.title) == (after.code, after.title)


@pytest.mark.parametrize("name", sorted(PLACEHOLDERS))
def test_every_placeholder_has_a_neutral_word_where_nothing_is_known(name: str) -> None:
    filled = fill_text(f"{{{name}}}", NOTHING_KNOWN)

    assert filled
    assert "{" not in filled


@pytest.mark.parametrize(
    ("report", "placeholder", "filled"),
    [
        (ORDINARY, "{host}", "www.example.com"),
        (ORDINARY, "{port}", "443"),
        (ORDINARY, "{address}", "192.0.2.7"),
        (ORDINARY, "{endpoint}", "www.example.com:443"),
        (ORDINARY, "{issuer}", "“Example CA”"),
        (ORDINARY, "{names}", "www.example.com"),
        (ORDINARY, "{s_client}", "openssl s_client -connect www.example.com:443 -servername www.example.com"),
        (ORDINARY, "{verify_name}", "-verify_hostname www.example.com"),
        (
            MAIL,
            "{s_client}",
            "openssl s_client -connect mx.example.com:25 -servername mx.example.com -starttls smtp",
        ),
        (ADDRESS, "{s_client}", "openssl s_client -connect 192.0.2.1:8443 -noservername"),
        (ADDRESS, "{verify_name}", "-verify_ip 192.0.2.1"),
        (ADDRESS, "{names_for_openssl}", "IP:192.0.2.1"),
        (ADDRESS, "{names_for_certbot}", "--ip-address 192.0.2.1"),
        (ADDRESS_6, "{endpoint}", "[2001:db8::1]:443"),
        (ADDRESS_6, "{site}", "[2001:db8::1]"),
        (ORDINARY, "{site}", "www.example.com"),
        (ORDINARY, "{for_curl}", "https://www.example.com:443/"),
        (MAIL, "{for_curl}", "--ssl-reqd smtp://mx.example.com:25/"),
        (WILDCARD, "{names}", "*.example.com example.com 192.0.2.9"),
        (WILDCARD, "{names_for_openssl}", "DNS:*.example.com,DNS:example.com,IP:192.0.2.9"),
        (FILE, "{host}", "HOST"),
        (FILE, "{endpoint}", "HOST:PORT"),
        (FILE, "{names}", "f.test"),
        (UNREACHABLE, "{host}", "down.example.com"),
        (UNREACHABLE, "{address}", "192.0.2.7"),
        (UNREACHABLE, "{issuer}", "the CA"),
    ],
)
def test_a_placeholder_becomes_what_the_report_knows(report: Report, placeholder: str, filled: str) -> None:
    assert fill_text(placeholder, values_of(report)) == filled


def test_a_common_name_is_cut_to_what_it_may_hold_between_labels() -> None:
    long = Values(host=f"{'a' * 40}.{'b' * 40}.example.com")

    assert fill_text("{common_name}", long) == f"{'b' * 40}.example.com"
    assert fill_text("{common_name}", Values(host="a.test")) == "a.test"


def test_a_wildcard_reaches_certbot_in_quotes() -> None:
    assert fill_text("{names_for_certbot}", values_of(WILDCARD), "sh") == (
        "-d '*.example.com' -d example.com --ip-address 192.0.2.9"
    )


def test_the_host_that_was_asked_for_is_among_the_names_of_a_new_certificate() -> None:
    values = Values(host="new.example.com", names=("old.example.com",))

    assert fill_text("{names}", values) == "new.example.com old.example.com"


def test_a_name_that_stands_twice_is_asked_for_once() -> None:
    values = Values(host="a.test", names=("A.test", "a.test", "b.test"))

    assert fill_text("{names}", values) == "a.test b.test"


def test_hundreds_of_names_do_not_get_into_a_command() -> None:
    values = Values(host="a.test", names=tuple(f"host{number}.test" for number in range(300)))

    assert fill_text("{names}", values) == "a.test NAME"


@pytest.mark.parametrize("port", [None, 0, -1, 65_536])
def test_a_port_that_cannot_be_is_not_written(port: int | None) -> None:
    assert fill_text("{port}", Values(port=port)) == "PORT"


@each_hostile_text
def test_a_hostile_name_leaves_no_trace_on_any_page(text: str) -> None:
    hostile = Values(host=text, port=443, address=text, names=("good.test", text))

    assert _prose_and_code(hostile) == _prose_and_code(Values(port=443, names=("good.test",)))


@each_hostile_text
def test_a_hostile_issuer_leaves_no_trace_in_anything_to_copy(text: str) -> None:
    assert _code(Values(issuer=text)) == _code(NOTHING_KNOWN)


@each_hostile_text
def test_a_hostile_host_and_its_certificate_leave_no_trace_in_a_command(text: str) -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text.replace("\x00", "") or "x")])
    hostile_ca = Authority.root("x", now=NOW)
    name = x509.DNSName(text) if text.isascii() else x509.UniformResourceIdentifier("urn:x")
    issued = hostile_ca.issue("leaf", Wish(names=("good.test",), more_names=(name,), subject=subject))
    evidence = Evidence(
        target=HostTarget(host=text, port=443),
        host=None,
        observed_at=NOW,
        observation=Reached(connection=_connection(text, 443), chain=(issued.der,)),
    )
    report = diagnose_evidence(evidence, anchors=AnchorStore([], label="none"))

    assert _code(values_of(report)) == _code(Values(port=443, names=("good.test",)))


@pytest.mark.parametrize(
    "text", ["`x`", "$(x)", "a; b", "a|b", "a\nb", 'a"b', "{host}", "\x1b[2J", "Zürich", "x" * 65]
)
def test_an_issuer_that_is_not_plain_words_is_not_named(text: str) -> None:
    assert fill_text("{issuer}", Values(issuer=text)) == "the CA"


@given(st.text(max_size=70))
def test_an_issuer_is_named_in_plain_characters_alone(issuer: str) -> None:
    assert re.fullmatch(r"the CA|“[A-Za-z0-9 .,'&()-]+”", fill_text("{issuer}", Values(issuer=issuer)))


def test_an_issuer_is_named_outside_of_code_alone() -> None:
    texts = [text for code in Code for text in (block.text for block in _blocks(page(code)))]

    assert any("{issuer}" in text for text in texts)
    assert not [span for text in texts for span in re.findall(r"`[^`]*`", text) if "{issuer}" in span]


@pytest.mark.parametrize("issuer", ["R13", "Let's Encrypt", "Sectigo RSA (2021), Inc.", "AT&T"])
def test_an_ordinary_issuer_is_named_in_prose(issuer: str) -> None:
    assert fill_text("{issuer}", Values(issuer=issuer)) == f"“{issuer}”"


@given(st.text(max_size=40))
@example("a\nb")
def test_any_text_is_either_a_name_or_replaced(text: str) -> None:
    host = fill_text("{host}", Values(host=text), "sh")

    assert host in ("HOST", text)
    assert re.fullmatch(r"[A-Za-z0-9_.:-]+", host)
    assert not host.startswith("-")


@given(st.lists(st.text("ab.*-_$`'\"; \n\\", max_size=12), max_size=5))
def test_names_are_made_of_harmless_characters_alone(names: list[str]) -> None:
    filled = fill_text("{names_for_openssl}", Values(names=tuple(names)), "sh")

    assert re.fullmatch(r"[A-Za-z0-9_.:,*-]+", filled)


def test_a_value_that_looks_like_a_placeholder_is_not_filled_in_again() -> None:
    assert fill_text("{issuer}", Values(issuer="{host}", host="a.test")) == "the CA"
    assert fill_text("{host} {nothing known}", Values(host="a.test")) == "a.test {nothing known}"


@needs("bash")
@pytest.mark.parametrize(
    "values", [NOTHING_KNOWN, *map(values_of, REPORTS.values())], ids=["nothing", *REPORTS]
)
def test_every_filled_command_is_what_bash_can_parse(values: Values) -> None:
    broken = {}
    for command in _commands(values):
        outcome = subprocess.run(
            ["bash", "-n"], input=command, capture_output=True, text=True, check=False, timeout=10
        )
        if outcome.returncode or outcome.stderr:
            broken[command] = outcome.stderr

    assert not broken


@needs("bash")
def test_a_shell_reads_names_as_they_are(tmp_path: Path) -> None:
    (tmp_path / "x.example.com").touch()
    command = fill_text("printf '%s\\n' {names}", values_of(WILDCARD), "sh")

    outcome = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=True, timeout=10, cwd=tmp_path
    )

    assert outcome.stdout.splitlines() == ["*.example.com", "example.com", "192.0.2.9"]


@needs("openssl", "bash")
def test_a_request_that_a_page_offers_asks_for_the_names(tmp_path: Path) -> None:
    key, request = tmp_path / "server.key", tmp_path / "server.csr"
    key.write_text(_root().key_pem)
    offered = next(
        command for command in _commands(values_of(WILDCARD)) if command.startswith("openssl req -new -key")
    )

    subprocess.run(
        ["bash", "-c", offered.splitlines()[0]], check=True, capture_output=True, timeout=60, cwd=tmp_path
    )

    asked = x509.load_pem_x509_csr(request.read_bytes())
    names = asked.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["*.example.com", "example.com"]
    assert [str(ip) for ip in names.get_values_for_type(x509.IPAddress)] == ["192.0.2.9"]


def test_a_certificate_given_without_evidence_fills_what_it_knows() -> None:
    leaf = Certificate.of(_root().issue("given.test").der)

    values = values_of(Report(host="given.test", now=NOW, chain=(leaf,)))

    assert (values.host, values.names, values.issuer) == ("given.test", ("given.test",), "Example CA")
    assert (values.port, values.address, values.starttls) == (None, None, None)
