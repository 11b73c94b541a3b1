"""A comparison as text: signs that are ASCII, only what differs, and nothing that acts on a terminal."""

from __future__ import annotations

import re

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from certtui.core.comparison import compare
from certtui.core.report import Report
from certtui.lab.plan import HOSTILE
from certtui.report.difference import difference_text
from tests.core.examples import GOOD, HOST, ISSUER, chain, leaf
from tests.report.samples import diagnosed, every_kind

REPORTS = every_kind()


def text(left: Report, right: Report, *, only_differences: bool = True) -> str:
    """Return the difference of two reports."""
    return difference_text(compare(left, right), "left", "right", only_differences=only_differences)


def test_both_sides_are_named_and_counted_first() -> None:
    renamed = diagnosed(chain(leaf(names=(HOST, "new.example.test")), ISSUER))

    lines = text(diagnosed(GOOD), renamed).splitlines()

    assert lines[:2] == ["--- left", "+++ right"]
    assert re.fullmatch(r"\d+ differences", lines[2])
    assert "Names:" in lines
    assert "+ Name: DNS:new.example.test" in lines


def test_what_is_the_same_is_left_out_unless_it_is_asked_for() -> None:
    renewed = diagnosed(chain(leaf(), ISSUER))

    short = text(diagnosed(GOOD), renewed)
    whole = text(diagnosed(GOOD), renewed, only_differences=False)

    assert re.search(r"^- Serial: [0-9a-f]+\n\+ Serial: [0-9a-f]+$", short, re.MULTILINE)
    assert "Subject" not in short
    assert f"  Subject: CN={HOST},O=certtui demo" in whole
    assert "  Same certificate: Example CA, issued by Example Root" in whole


def test_two_that_are_equal_have_no_difference() -> None:
    assert text(diagnosed(GOOD), diagnosed(GOOD)) == "--- left\n+++ right\nNo difference\n"


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_line_bears_one_sign_and_nothing_that_acts(name: str) -> None:
    for whole in (True, False):
        said = text(REPORTS["many faults"], REPORTS[name], only_differences=not whole)

        assert said.endswith("\n")
        assert all(each.isprintable() for each in said.split("\n"))
        lines = said.splitlines()[3:]
        assert all(re.match(r"[-+ ] \S|[-+ ]   \S|[A-Z].*:$|$", each) for each in lines), said


def test_hostile_names_and_labels_are_spelled_out() -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, HOSTILE)])
    evil = diagnosed(chain(leaf(subject=subject), ISSUER))

    said = difference_text(compare(evil, diagnosed(GOOD)), HOSTILE, HOSTILE)

    assert said.startswith("--- evil\\u{1b}]0;PWNED\\u{7}")
    assert "- Subject: O=evil\\u{1b}]0\\;PWNED" in said
    assert all(each.isprintable() for each in said.split("\n"))
