"""Two reports side by side: what is told apart, what is left alone, and what is never a difference."""

from __future__ import annotations

import subprocess
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st

import certtui
from certtui.core.alignment import MOST_CHARACTERS, pair
from certtui.core.certificate import Certificate
from certtui.core.comparison import Comparison, Row, Section, Standing, compare
from certtui.core.evidence import Reached
from certtui.lab.pki import Issued, raw_san
from certtui.lab.plan import HOSTILE
from tests.core.examples import GOOD, HOST, ISSUER, NOW, ROOT, STRANGE_ISSUER, STRANGER, chain, leaf
from tests.report.samples import _CONNECTION, every_kind, observed
from tests.requirements import needs

REPORTS = every_kind()


def report(*sent: Issued | bytes, **options: str) -> certtui.Report:
    """Return the diagnosis of a chain."""
    given_chain = chain(*sent, **options)  # type: ignore[arg-type]
    return certtui.diagnose(
        given_chain.sent, host=given_chain.host, anchors=(ROOT.der, STRANGER.der), now=NOW
    )


def reached(*sent: Issued, **changes: object) -> certtui.Report:
    """Return the report of a mail server that sent a chain over a connection like the usual one but for the changes."""
    connection = replace(_CONNECTION, alpn="h2", **changes)  # type: ignore[arg-type]
    return observed(Reached(connection=connection, chain=tuple(each.der for each in sent)))


def titled(comparison: Comparison, title: str) -> Section:
    """Return the section with this title."""
    return next(section for section in comparison.sections if section.title == title)


def row(comparison: Comparison, title: str, label: str) -> Row:
    """Return the only row with this label."""
    (found,) = (row for row in titled(comparison, title).rows if row.label == label)
    return found


def differing(comparison: Comparison) -> dict[str, list[str]]:
    """Return the labels of what differs, section by section."""
    return {section.title: [row.label for row in section.rows] for section in comparison.differing}


def standings(rows: Iterable[Row]) -> set[Standing]:
    """Return every standing that occurs."""
    return {row.standing for row in rows}


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_nothing_differs_from_itself(name: str) -> None:
    comparison = compare(REPORTS[name], REPORTS[name])

    assert comparison.count == 0
    assert comparison.differing == ()
    assert comparison.sections


def test_one_certificate_on_both_sides_is_one_row() -> None:
    comparison = compare(report(*GOOD.sent), report(*GOOD.sent))

    for title in ("Server's own certificate", "Issuer 1", "Root"):
        (only,) = titled(comparison, title).rows
        assert (only.label, only.standing) == ("Same certificate", Standing.SAME)


def test_swapping_the_sides_mirrors_every_row() -> None:
    left, right = REPORTS["many faults"], report(*GOOD.sent)
    mirrored = {Standing.LEFT: Standing.RIGHT, Standing.RIGHT: Standing.LEFT}

    def rows(comparison: Comparison) -> list[tuple[str, Row]]:
        found = [(section.title, row) for section in comparison.sections for row in section.rows]
        return sorted(
            found, key=lambda pair: (pair[0], pair[1].label, pair[1].left or "", pair[1].right or "")
        )

    there = [
        (
            title,
            replace(row, left=row.right, right=row.left, standing=mirrored.get(row.standing, row.standing)),
        )
        for title, row in rows(compare(left, right))
    ]

    assert sorted(map(repr, there)) == sorted(map(repr, rows(compare(right, left))))


def test_what_a_renewal_changes_is_told_and_what_it_keeps_is_not() -> None:
    old = leaf(begins=timedelta(days=-60), ends=timedelta(days=30))

    comparison = compare(report(old, ISSUER), report(leaf(), ISSUER))

    own = titled(comparison, "Server's own certificate")
    assert {row.label for row in own.differing} >= {"Serial", "Valid from", "Valid until", "SHA-256"}
    assert {row.label for row in own.rows if row.standing is Standing.SAME} >= {
        "Subject",
        "Issuer",
        "Signature",
        "keyUsage",
    }
    assert row(comparison, "Server's own certificate", "Serial").left == f"{old.certificate.serial_number:x}"
    assert "Names" not in differing(comparison)


def test_issuers_are_aligned_by_their_place_below_the_root() -> None:
    second = ISSUER.intermediate("Second CA")
    short, long = report(leaf(), ISSUER), report(leaf(second), second, ISSUER)

    comparison = compare(short, long)

    titles = [section.title for section in comparison.sections if section.title.startswith(("Iss", "Root"))]
    assert titles == ["Issuer 1", "Issuer 2", "Root"]
    assert row(comparison, "Root", "Same certificate").standing is Standing.SAME
    assert row(comparison, "Issuer 2", "Certificate").standing is Standing.RIGHT


def test_what_is_sent_in_vain_is_a_set_difference() -> None:
    comparison = compare(report(leaf(), ISSUER, STRANGER), report(leaf(), ISSUER, STRANGE_ISSUER))

    rows = titled(comparison, "Sent, not used").rows
    assert [each.standing for each in rows] == [Standing.LEFT, Standing.RIGHT]
    assert row(comparison, "Chain", "As sent").left == "3: server's own certificate, issuer 1, not used"


def test_names_are_a_set_difference_whatever_their_case_and_order() -> None:
    left = leaf(names=(HOST, "OLD.example.test", "192.0.2.1"))
    right = leaf(names=("192.0.2.1", "WWW.Example.Test", "new.example.test"))

    comparison = compare(report(left, ISSUER), report(right, ISSUER))

    assert [(each.left, each.right) for each in titled(comparison, "Names").differing] == [
        ("DNS:OLD.example.test", None),
        (None, "DNS:new.example.test"),
    ]
    both = row(comparison, "Names", "In both (2)")
    assert (both.left, both.standing) == (f"DNS:{HOST}, IP:192.0.2.1", Standing.SAME)
    assert "subjectAltName" not in differing(comparison)["Server's own certificate"]


def test_names_in_another_order_are_told_apart_by_their_octets() -> None:
    names = (HOST, "mail.example.test")

    comparison = compare(report(leaf(names=names), ISSUER), report(leaf(names=names[::-1]), ISSUER))

    assert "Names" not in differing(comparison)
    assert "SHA-256" in (row(comparison, "Server's own certificate", "subjectAltName").left or "")


def test_an_internationalised_name_is_shown_in_both_forms() -> None:
    right = leaf(names=(HOST, "xn--mnchen-3ya.test"))

    comparison = compare(report(leaf(), ISSUER), report(right, ISSUER))

    assert row(comparison, "Names", "Name").right == "DNS:xn--mnchen-3ya.test (münchen.test)"


def test_an_extension_that_one_side_lacks_or_that_is_critical_on_one_side_differs() -> None:
    unknown = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.55555.1"), b"\x05\x00")
    with_it = report(leaf(extensions=((unknown, False),)), ISSUER)
    critical = report(leaf(extensions=((unknown, True),)), ISSUER)

    lacks = row(compare(report(leaf(), ISSUER), with_it), "Server's own certificate", "1.3.6.1.4.1.55555.1")
    changed = row(compare(critical, with_it), "Server's own certificate", "1.3.6.1.4.1.55555.1")

    assert (lacks.left, lacks.right, lacks.standing) == (None, "05 00", Standing.RIGHT)
    assert (changed.left, changed.right) == ("critical; 05 00", "05 00")


def test_ten_thousand_names_on_each_side_are_shown_in_part_and_counted_whole() -> None:
    left = report(leaf(names=tuple(f"a{number}.example.test" for number in range(10_000))), ISSUER)
    right = report(leaf(names=tuple(f"b{number}.example.test" for number in range(10_000))), ISSUER)

    rows = titled(compare(left, right), "Names").rows

    assert (rows[0].left, rows[0].right) == ("10000", "10000")
    assert len(rows) < 1_100
    assert [each.left for each in rows if each.label == "Names"] == ["9500 more", None]


def test_what_a_certificate_says_stays_raw_and_is_cut() -> None:
    subject = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, HOSTILE)])
    huge = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "a" * 100_000)])

    comparison = compare(report(leaf(subject=subject), ISSUER), report(leaf(subject=huge), ISSUER))

    found = row(comparison, "Server's own certificate", "Subject")
    assert "evil\x1b]0" in (found.left or "")
    assert len(found.right or "") == MOST_CHARACTERS


def test_octets_that_are_no_certificate_are_compared_all_the_same() -> None:
    comparison = compare(report(b"no certificate"), report(*GOOD.sent))

    assert row(comparison, "Server's own certificate", "Serial").left == "unreadable"
    assert row(comparison, "Server's own certificate", "Undecodable").standing is Standing.LEFT


@given(st.text(max_size=30), st.text("ab", max_size=3_000), st.text("ab", max_size=3_000))
def test_values_that_differ_are_shown_to_differ_however_long_they_are(
    head: str, left: str, right: str
) -> None:
    made = pair("a value", head * 100 + left, head * 100 + right)

    assert made.differs == (left != right)
    assert (made.left != made.right) == (left != right)
    assert max(len(made.left or ""), len(made.right or "")) <= MOST_CHARACTERS


@needs("openssl")
def test_openssl_reads_the_same_serial_dates_and_fingerprint(tmp_path: Path) -> None:
    old, new = leaf(begins=timedelta(days=-60), ends=timedelta(days=30)), leaf()
    comparison = compare(report(old, ISSUER), report(new, ISSUER))

    for issued, side in ((old, "left"), (new, "right")):
        path = tmp_path / f"{side}.pem"
        path.write_text(Certificate.of(issued.der).to_pem())
        said = subprocess.run(
            ["openssl", "x509", "-in", path, "-noout", "-serial", "-fingerprint", "-sha256"],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        serial = getattr(row(comparison, "Server's own certificate", "Serial"), side)
        sha256 = getattr(row(comparison, "Server's own certificate", "SHA-256"), side)

        assert int(said.split("serial=")[1].split()[0], 16) == int(serial, 16)
        assert said.split("Fingerprint=")[1].strip().replace(":", "").lower() == sha256


def test_names_of_different_kinds_with_equal_octets_are_different_names() -> None:
    registered, x400 = (
        leaf(names=None, extensions=((raw_san((tag, b"\x2a\x03")), False),)) for tag in (0x88, 0xA3)
    )

    found = titled(compare(report(registered, ISSUER), report(x400, ISSUER)), "Names").differing

    assert [(each.left, each.right) for each in found] == [
        ("other:registeredID:2a03", None),
        (None, "other:x400Address:2a03"),
    ]
