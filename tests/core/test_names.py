"""RFC 9525 matching, rule by rule."""

from __future__ import annotations

import pytest

from certtui.core.extensions import GeneralName, NameKind
from certtui.core.names import (
    dns_name_matches,
    is_covered,
    nearest,
    reference_identity,
)


@pytest.mark.parametrize(
    ("presented", "reference", "matches"),
    [
        ("example.com", "example.com", True),
        ("EXAMPLE.com", "example.com", True),
        ("example.com", "www.example.com", False),
        ("*.example.com", "www.example.com", True),
        ("*.example.com", "example.com", False),
        ("*.example.com", "a.b.example.com", False),
        ("w*.example.com", "www.example.com", False),
        ("www.*.com", "www.example.com", False),
        ("*.*.example.com", "a.b.example.com", False),
        ("*.test", "a.test", False),
        ("*", "localhost", False),
        ("example.com.", "example.com", False),
        ("exa\x00mple.com", "example.com", False),
    ],
)
def test_a_presented_name_covers_what_rfc_9525_says(presented: str, reference: str, matches: bool) -> None:
    assert dns_name_matches(presented, reference) is matches


def test_an_address_is_covered_by_an_address_alone() -> None:
    as_dns = (GeneralName(NameKind.DNS, "192.0.2.1"),)
    as_ip = (GeneralName(NameKind.IP, "192.0.2.1"),)

    assert not is_covered("192.0.2.1", as_dns)
    assert is_covered("192.0.2.1", as_ip)


@pytest.mark.parametrize(
    ("host", "reference"),
    [
        ("Example.COM.", "example.com"),
        ("bücher.example", "xn--bcher-kva.example"),
        ("2001:0db8:0::1", "2001:db8::1"),
        ("[::1]", "::1"),
    ],
)
def test_a_host_is_brought_into_comparable_form(host: str, reference: str) -> None:
    assert reference_identity(host) == reference


def test_the_nearest_name_shares_most_labels_from_the_right() -> None:
    names = [GeneralName(NameKind.DNS, name) for name in ("other.test", "mail.example.com", "example.org")]

    assert nearest("www.example.com", names) == "mail.example.com"
