"""Names that are none, and names of several scripts, are told for the whole certificate at once."""

from __future__ import annotations

import subprocess
import time
from datetime import timedelta
from pathlib import Path

import idna
import pytest
from cryptography import x509
from cryptography.x509.oid import ExtensionOID
from hypothesis import given
from hypothesis import strategies as st

import certtui
from certtui.core.anchors import AnchorStore
from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.case import Case
from certtui.core.checks.presented_names import presented_name_findings
from certtui.core.finding import Finding
from certtui.core.paths import find_paths
from certtui.lab.pki import Issued, raw_san
from tests.core.examples import HOST, ISSUER, NOW, ROOT, leaf
from tests.core.openssl import verify_errors
from tests.requirements import needs

DNS, EMAIL, URI, IP = 0x82, 0x81, 0x86, 0x87
GOOD = (DNS, HOST.encode())
Raw = tuple[int, bytes]


def issued(*names: Raw) -> Issued:
    """Return a certificate with these octets for names."""
    return leaf(names=None, extensions=((raw_san(*names), False),))


def found(*names: Raw, host: str | None = HOST) -> list[Finding]:
    """Return what is found of a certificate with these names."""
    return found_on(Certificate.of(issued(*names).der), host)


def found_on(certificate: Certificate, host: str | None = HOST) -> list[Finding]:
    """Return what is found of a certificate."""
    anchors = AnchorStore((), label="empty")
    paths = find_paths((certificate,), (), anchors)
    case = Case(chain=(certificate,), paths=paths, anchors=anchors, host=host, now=NOW, purpose="server")
    return list(presented_name_findings(case))


def a_labels(name: str) -> Raw:
    """Return a name of any script as certificates have it."""
    labels = (
        f"xn--{label.encode('punycode').decode()}" if not label.isascii() else label
        for label in name.split(".")
    )
    return DNS, ".".join(labels).encode()


MALFORMED: list[tuple[str, Raw, str, Raw]] = [
    ("a space", (DNS, b"a b.example.test"), "holds a space", (DNS, b"a-b.example.test")),
    ("a space at its end", (DNS, b"a.example.test "), "holds a space", (DNS, b"a.example.test")),
    ("a tab", (DNS, b"\ta.example.test"), "holds a tab", (DNS, b"a.example.test")),
    ("a URL", (DNS, b"https://a.example.test/"), "is a URL", (URI, b"https://a.example.test/")),
    ("a port", (DNS, b"a.example.test:443"), "has a port", (DNS, b"a.example.test")),
    ("a colon", (DNS, b"a:b.example.test"), "holds ':'", (DNS, b"a.b.example.test")),
    ("a slash", (DNS, b"a.example.test/x"), "holds '/'", (DNS, b"a.example.test")),
    ("an e-mail address", (DNS, b"me@example.test"), "holds '@'", (EMAIL, b"me@example.test")),
    ("a NUL", (DNS, b"www.example.test\0.evil.test"), "holds a NUL", (DNS, b"www.example.test")),
    ("an IPv4 address", (DNS, b"192.0.2.1"), "is an IP address", (IP, bytes((192, 0, 2, 1)))),
    ("an IPv6 address", (DNS, b"2001:db8::1"), "is an IP address", (DNS, b"1.2.3.4.example.test")),
    ("nothing", (DNS, b""), "is empty", (DNS, b"a")),
    ("a dot first", (DNS, b".example.test"), "begins with a dot", (DNS, b"example.test")),
    ("a dot last", (DNS, b"a.example.test."), "ends with a dot", (DNS, b"a.example.test")),
    ("two dots", (DNS, b"a..example.test"), "has two dots in a row", (DNS, b"a.b.example.test")),
    ("a hyphen first", (DNS, b"-a.example.test"), "begins or ends with a hyphen", (DNS, b"a-b.example.test")),
    ("a hyphen last", (DNS, b"a-.example.test"), "begins or ends with a hyphen", (DNS, b"a--b.example.test")),
    ("a star alone", (DNS, b"*"), "is a star alone", (DNS, b"*.example.test")),
    ("a long part", (DNS, b"a" * 64 + b".test"), "a part of 64 octets", (DNS, b"a" * 63 + b".test")),
    ("a long name", (DNS, b"a." * 125 + b"test"), "has 254 octets", (DNS, b"a." * 124 + b"atest")),
]
REFUSED: list[tuple[str, Raw, str, Raw]] = [
    ("UTF-8", (DNS, "bücher.test".encode()), "octets beyond ASCII", (DNS, b"xn--bcher-kva.test")),
    ("Latin-1", (DNS, b"b\xfccher.test"), "octets beyond ASCII", (DNS, b"bucher.test")),
    (
        "an e-mail address beyond ASCII",
        (EMAIL, "ü@a.test".encode()),
        "octets beyond ASCII",
        (EMAIL, b"u@a.test"),
    ),
    ("a URI beyond ASCII", (URI, "http://ü.test/".encode()), "octets beyond ASCII", (URI, b"http://u.test/")),
    ("an address of 5 octets", (IP, bytes(5)), "an address of 5 octets", (IP, bytes(4))),
    ("an address with its mask", (IP, bytes(8)), "an address of 8 octets", (IP, bytes(16))),
    ("an address of none", (IP, b""), "an address of 0 octets", (IP, bytes(16))),
    ("a kind that does not exist", (0x8B, b"abc"), "the tag 0x8b", (0x88, b"\x2a\x03")),
]


def _ids(forms: list[tuple[str, Raw, str, Raw]]) -> list[str]:
    return [form[0] for form in forms]


@pytest.mark.parametrize("form", MALFORMED, ids=_ids(MALFORMED))
def test_a_name_that_is_none_is_a_warning(form: tuple[str, Raw, str, Raw]) -> None:
    _, name, wrong, near_miss = form

    (finding,) = found(GOOD, name)

    assert (finding.code, finding.severity, finding.certificate) == (Code.SAN_MALFORMED, Severity.WARNING, 0)
    assert wrong in finding.summary
    assert not found(GOOD, near_miss)


@pytest.mark.parametrize("form", REFUSED, ids=_ids(REFUSED))
def test_a_name_for_which_clients_refuse_the_certificate_is_an_error(form: tuple[str, Raw, str, Raw]) -> None:
    _, name, wrong, near_miss = form

    (finding,) = found(GOOD, name)

    assert (finding.code, finding.severity) == (Code.SAN_MALFORMED, Severity.ERROR)
    assert finding.traits == {"refused-whole"}
    assert wrong in finding.summary
    assert not found(GOOD, near_miss)


@pytest.mark.parametrize("form", MALFORMED, ids=_ids(MALFORMED))
@needs("openssl")
def test_openssl_accepts_a_certificate_with_a_name_that_is_none_beside_a_good_one(
    form: tuple[str, Raw, str, Raw], tmp_path: Path
) -> None:
    sent = [issued(GOOD, form[1]).der, ISSUER.der]

    assert not verify_errors(sent, [ROOT.der], HOST, NOW, tmp_path)


def test_a_list_of_no_names_is_an_error() -> None:
    (finding,) = found()

    assert (finding.code, finding.severity) == (Code.SAN_MALFORMED, Severity.ERROR)
    assert "holds no name" in finding.summary


@needs("openssl")
def test_openssl_refuses_a_list_of_no_names_where_it_is_strict(tmp_path: Path) -> None:
    for name, certificate in (("root", ROOT), ("ca", ISSUER), ("leaf", issued())):
        (tmp_path / name).write_text(certificate.pem)
    command = ["openssl", "verify", "-CAfile", str(tmp_path / "root"), "-untrusted", str(tmp_path / "ca")]
    command += ["-attime", str(int(NOW.timestamp()))]

    def said(*options: str) -> str:
        whole = [*command, *options, str(tmp_path / "leaf")]
        outcome = subprocess.run(whole, capture_output=True, text=True, check=False, timeout=20)
        return outcome.stdout + outcome.stderr

    assert "error" not in said()
    assert "error 87 at 0 depth" in said("-x509_strict")


def test_a_certificate_without_the_extension_or_with_an_unreadable_one_says_nothing_here() -> None:
    garbage = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, b"\xff\xff")

    assert not found_on(Certificate.of(leaf(names=None).der))
    assert not found_on(Certificate.of(leaf(names=None, extensions=((garbage, False),)).der))


def test_an_underscore_is_a_notice_and_a_warning_where_that_very_host_is_asked_for() -> None:
    name = (DNS, b"A_b.example.test")

    (elsewhere,), (asked_for,) = found(GOOD, name), found(GOOD, name, host="a_b.example.test")
    (unnamed,) = found(GOOD, name, host=None)

    assert (elsewhere.severity, asked_for.severity) == (Severity.NOTICE, Severity.WARNING)
    assert unnamed.severity is Severity.NOTICE
    assert not found(GOOD, (DNS, b"a-b.example.test"))


def test_an_address_as_a_dns_name_is_not_told_twice_where_it_is_asked_for() -> None:
    name = (DNS, b"2001:DB8::1")

    assert not found(name, host="2001:db8::1")
    assert found(name, host="2001:db8::2")


def test_every_name_is_in_one_finding_the_gravest_first() -> None:
    names = [(DNS, b"a_b.test"), (DNS, b"a b.test"), (IP, bytes(5)), GOOD]

    (finding,) = found(*names)

    assert finding.severity is Severity.ERROR
    assert finding.summary == (
        "the alternative name IP:malformed:0000000000 is an address of 5 octets; only 4 and 16 make one, "
        "and 2 more of 4 names are malformed"
    )
    assert [fact.value.partition(": ")[0] for fact in finding.evidence] == [
        "IP:malformed:0000000000",
        "DNS:a b.test",
        "DNS:a_b.test",
    ]


def test_many_and_long_names_are_shown_up_to_a_bound() -> None:
    (finding,) = found(*[(DNS, b"x " * 500)] * 30)

    assert len(finding.evidence) == 21
    assert finding.evidence[-1].value == "10"
    assert max(len(fact.value) for fact in finding.evidence) < 200


def test_twenty_thousand_names_are_judged_in_little_time() -> None:
    one = a_labels("pаypal.test")
    certificate = Certificate.of(issued(*[one] * 10_000, *[(DNS, b"a_b.test")] * 9_999).der)
    assert len(certificate.san) == 19_999

    begun = time.perf_counter()
    findings = found_on(certificate)

    assert {finding.code for finding in findings} == {Code.SAN_MALFORMED, Code.MIXED_SCRIPT_NAME}
    assert time.perf_counter() - begun < 3


@pytest.mark.parametrize(
    ("name", "described"),
    [
        ("pаypal.test", "Latin with Cyrillic"),
        ("gοogle.test", "Latin with Greek"),
        ("*.pаypal.test", "Latin with Cyrillic"),
        ("ひらが한국.test", "Hiragana with Hangul"),
        ("дομα.test", "Cyrillic with Greek"),
        ("аррӏе.test", "every letter of 'аррӏе' looks Latin"),
        ("ανοιγ.test", "every letter of 'ανοιγ' looks Latin"),
    ],
)
def test_a_name_of_several_scripts_is_a_notice(name: str, described: str) -> None:
    (finding,) = found(GOOD, a_labels(name))

    assert (finding.code, finding.severity) == (Code.MIXED_SCRIPT_NAME, Severity.NOTICE)
    assert described in finding.summary
    assert name in finding.summary


@pytest.mark.parametrize(
    "name",
    [
        "bücher.test",
        "привет.test",
        "правда-2026.test",
        "аррӏе.рф",  # nothing else in it is Latin
        "日本語ひらがなカタカナabc.test",
        "서울abc漢字.test",
        "ㄅㄆㄇabc漢字.test",
        "ラーメン.test",
        "人々.test",
        "한국.日本.test",
        "हिन्दी.test",
        "ελληνικά.test",
        "עברית.test",
    ],
)
def test_a_name_of_scripts_that_go_together_is_not(name: str) -> None:
    assert not found(GOOD, a_labels(name))


def test_letters_are_named_with_their_code_points() -> None:
    (finding,) = found(GOOD, a_labels("pаypal.test"))

    assert [(fact.label, fact.value) for fact in finding.evidence] == [
        ("name", "xn--pypal-4ve.test is pаypal.test"),
        ("Latin letters", "p U+0070, y U+0079, a U+0061, l U+006C"),
        ("Cyrillic letters", "а U+0430"),
    ]


def test_a_label_that_is_no_a_label_is_left_alone() -> None:
    assert not found(GOOD, (DNS, b"xn--0.test"), (DNS, b"xn--a.test"))


@given(
    st.lists(
        st.tuples(st.sampled_from((0x80, DNS, EMAIL, URI, IP, 0xA4)), st.binary(max_size=40)), max_size=4
    )
)
def test_whatever_stands_for_a_name_is_judged(names: list[Raw]) -> None:
    for host in (None, HOST, "192.0.2.1"):
        assert len(found(*names, host=host)) <= 2


@given(st.text(st.characters(categories=("L", "M", "N")), min_size=1, max_size=12))
def test_whatever_the_letters_nothing_is_raised(label: str) -> None:
    try:
        encoded = idna.encode(label)
    except (idna.IDNAError, UnicodeError):
        encoded = b"xn--" + label.encode("punycode")
    found(GOOD, (DNS, encoded + b".test"))


def test_the_verdict_of_a_good_certificate_is_untouched() -> None:
    report = certtui.diagnose(
        [leaf().der, ISSUER.der], host=HOST, anchors=(ROOT.der,), now=NOW + timedelta(days=1)
    )

    assert report.findings == ()
