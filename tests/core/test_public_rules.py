"""The rules for public CAs: each with what breaks it and what nearly does."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_address

import pytest
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from certtui.core.catalogue import Code, Severity
from certtui.core.certificate import Certificate
from certtui.core.checks.public_rules import path_public_rules, public_suffix_wildcard
from certtui.core.finding import Finding
from certtui.core.public_suffixes import has_public_suffix, is_public_suffix
from tests.core.examples import NOW, ROOT
from tests.core.public_roots import (
    DAY,
    ISRG_X1,
    at,
    case_of,
    leaf_of,
    path_to,
    path_to_nowhere,
    stand_in,
)

SECOND = timedelta(seconds=1)
PUBLIC = ("www.example.com",)
V3_ONION = f"{'a' * 56}.onion"


def under_a_public_root(server: Certificate, purpose: str | None = "server") -> list[Finding]:
    """Return the rules that a certificate under a public root breaks."""
    path = path_to(stand_in(ISRG_X1), server)
    return list(path_public_rules(path, case_of(path, purpose=purpose)))


def under_a_private_root(server: Certificate) -> list[Finding]:
    """Return the rules that a certificate under a private root breaks."""
    path = path_to(Certificate.of(ROOT.der), server, private=True)
    return list(path_public_rules(path, case_of(path)))


def wildcards(*names: str, host: str | None = None, public: bool = True) -> list[Finding]:
    """Return what is found of wildcards on public suffixes."""
    root = stand_in(ISRG_X1) if public else Certificate.of(ROOT.der)
    path = path_to(root, leaf_of(NOW - DAY, names=names), private=not public)
    return list(public_suffix_wildcard(case_of(path, host=host)))


def test_a_good_public_certificate_breaks_no_rule() -> None:
    assert under_a_public_root(leaf_of(NOW - DAY, names=PUBLIC)) == []


# Lifetimes


@pytest.mark.parametrize(
    ("begins", "days"),
    [
        ("2018-03-01", 825),
        ("2020-08-31", 825),
        ("2020-09-01", 398),
        ("2026-03-14", 398),
        ("2026-03-15", 200),
        ("2027-03-15", 100),
        ("2029-03-15", 47),
    ],
)
def test_the_limit_of_the_day_of_issuance_counts_to_the_second(begins: str, days: int) -> None:
    longest = days * DAY - SECOND

    assert under_a_public_root(leaf_of(at(begins), longest, names=PUBLIC)) == []
    too_long = under_a_public_root(leaf_of(at(begins), longest + SECOND, names=PUBLIC))
    assert [each.code for each in too_long] == [Code.LIFETIME_TOO_LONG]
    assert f"{days} days" in too_long[0].summary


@pytest.mark.parametrize(
    ("days", "severity", "trait"),
    [(399, Severity.ERROR, "browsers"), (300, Severity.WARNING, "rule-only")],
)
def test_what_no_browser_is_known_to_refuse_is_a_warning(days: int, severity: Severity, trait: str) -> None:
    [too_long] = under_a_public_root(leaf_of(at("2026-04-01"), days * DAY, names=PUBLIC))

    assert too_long.severity is severity
    assert too_long.traits == {trait}
    assert too_long.summary.startswith(f"valid for {days} days, {days - 200} days more than the 200 days")


def test_a_certificate_from_before_the_first_limit_breaks_none() -> None:
    assert under_a_public_root(leaf_of(at("2018-02-28"), 1_000 * DAY, names=PUBLIC)) == []


def test_apple_limits_private_certificates_too() -> None:
    [too_long] = under_a_private_root(leaf_of(NOW - DAY, 825 * DAY + SECOND))

    assert (too_long.code, too_long.severity) == (Code.LIFETIME_TOO_LONG, Severity.WARNING)
    assert too_long.traits == {"apple"}


@pytest.mark.parametrize(("begins", "days"), [("2026-11-24", 825), ("2019-06-30", 3_650)])
def test_a_private_certificate_of_825_days_or_from_before_is_not_too_long(begins: str, days: int) -> None:
    assert under_a_private_root(leaf_of(at(begins), days * DAY)) == []


def test_rules_for_servers_are_not_asked_of_other_purposes_or_paths() -> None:
    server = leaf_of(NOW - DAY, 1_000 * DAY, names=("server.local",))
    untrusted = path_to_nowhere(server)
    broken = replace(path_to(stand_in(ISRG_X1), server), broken=frozenset({0}))

    assert under_a_public_root(server, purpose=None) == []
    assert list(path_public_rules(untrusted, case_of(untrusted))) == []
    assert list(path_public_rules(broken, case_of(broken))) == []


# Internal names


@pytest.mark.parametrize(
    "name",
    ["server", "mail.local", "*.corp", "a.internal", "b.lan", "c.example.test", "short.onion", "x.home.arpa"],
)
def test_a_name_without_a_public_suffix_is_internal(name: str) -> None:
    [internal] = under_a_public_root(leaf_of(NOW - DAY, names=(*PUBLIC, name)))

    assert (internal.code, internal.severity) == (Code.INTERNAL_NAME, Severity.WARNING)
    assert internal.summary.startswith(name)


@pytest.mark.parametrize(
    "name", ["example.co.uk", "a.example.dev", "xn--e1afmkfd.xn--p1ai", V3_ONION, f"www.{V3_ONION}"]
)
def test_a_name_with_a_public_suffix_is_not_internal(name: str) -> None:
    assert under_a_public_root(leaf_of(NOW - DAY, names=(name,))) == []


@pytest.mark.parametrize(
    ("address", "reserved"),
    [
        ("10.0.0.1", True),
        ("192.168.1.1", True),
        ("127.0.0.1", True),
        ("fd00::1", True),
        ("1.1.1.1", False),
        ("2606:4700::1111", False),
    ],
)
def test_a_reserved_address_is_internal(address: str, reserved: bool) -> None:
    findings = under_a_public_root(leaf_of(NOW - DAY, names=(*PUBLIC, str(ip_address(address)))))

    assert [each.code for each in findings] == ([Code.INTERNAL_NAME] if reserved else [])


def test_several_internal_names_are_one_finding() -> None:
    [internal] = under_a_public_root(leaf_of(NOW - DAY, names=("a.local", "b.local", "10.0.0.1")))

    assert internal.summary.endswith("2 more are like it")
    assert [each.value for each in internal.evidence] == ["a.local, b.local", "10.0.0.1"]


def test_a_private_ca_may_certify_internal_names() -> None:
    assert under_a_private_root(leaf_of(NOW - DAY, names=("server.local", "10.0.0.1"))) == []


@pytest.mark.parametrize(
    "value", ["", "two words", "https://example.com/", "example.com:443", ".", "10.0.0.1"]
)
def test_a_malformed_name_is_another_fault(value: str) -> None:
    names = x509.DNSName._init_without_validation(value)
    server = leaf_of(NOW - DAY, names=PUBLIC, more_names=(names,))

    assert under_a_public_root(server) == []


# Client authentication


def test_a_public_certificate_for_clients_too_is_noticed() -> None:
    both = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)
    [noticed] = under_a_public_root(leaf_of(NOW - DAY, names=PUBLIC, purposes=both))

    assert (noticed.code, noticed.severity) == (Code.CLIENT_AUTH_EKU, Severity.NOTICE)
    assert "2027-03-15" in noticed.summary
    assert under_a_private_root(leaf_of(NOW - DAY, names=PUBLIC, purposes=both)) == []


# Wildcards on public suffixes


@pytest.mark.parametrize("name", ["*.co.uk", "*.com", "*.kawasaki.jp", "*.xn--p1ai"])
def test_a_wildcard_on_a_public_suffix_is_disputed(name: str) -> None:
    [disputed] = wildcards(name)

    assert (disputed.code, disputed.severity) == (Code.WILDCARD_FORM, Severity.WARNING)
    assert disputed.traits == {"public-suffix"}
    assert name in disputed.summary


@pytest.mark.parametrize(
    "name", ["*.example.co.uk", "*.appspot.com", "*.city.kawasaki.jp", "*.example.test", "*.test", "co.uk"]
)
def test_a_wildcard_below_a_public_suffix_is_not_disputed(name: str) -> None:
    assert wildcards(name) == []


def test_under_a_private_root_it_matters_where_nothing_else_covers_the_host() -> None:
    [unused] = wildcards("*.co.uk", host="example.org", public=False)
    [needed] = wildcards("*.co.uk", host="example.co.uk", public=False)
    [spare] = wildcards("*.co.uk", "example.co.uk", host="example.co.uk", public=False)

    assert [each.severity for each in (unused, needed, spare)] == [
        Severity.NOTICE,
        Severity.WARNING,
        Severity.NOTICE,
    ]


def test_a_wildcard_that_the_comparison_of_names_reports_is_not_reported_twice() -> None:
    assert wildcards("*.com", host="example.com") == []
    assert wildcards("*.com", host="www.example.com") != []


# The list of suffixes


def test_suffixes_are_those_of_registries() -> None:
    assert is_public_suffix("co.uk")
    assert not is_public_suffix("appspot.com")
    assert has_public_suffix("co.uk")
    assert not has_public_suffix("")


def test_the_list_is_not_read_for_everyday_names() -> None:
    script = (
        "import sys\n"
        "from certtui.core.public_suffixes import has_public_suffix, is_public_suffix\n"
        "assert has_public_suffix('www.example.com') and not is_public_suffix('example.test')\n"
        "print('publicsuffixlist' in sys.modules)"
    )
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.strip() == "False"
