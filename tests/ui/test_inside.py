"""The inside of a certificate by keyboard: its words, its ASN.1, its octets, and nothing slow or unsafe about them."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from cryptography import x509
from hypothesis import given
from hypothesis import strategies as st
from textual.screen import Screen

from certtui.core import der
from certtui.core.certificate import Certificate
from certtui.core.outline import MAX_NODES, outline
from certtui.report.x509_text import certificate_text
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Line, plain, width_of
from certtui.ui.drawing.octets import octet_row, octets_in_row, row_width
from certtui.ui.screens.inside import InsideScreen
from certtui.ui.widgets.certificate_views import EntryView, OctetView, OutlineList
from tests.core.examples import ISSUER, leaf
from tests.core.forge import tlv
from tests.core.varied_certificates import every_extension, street_certificates, with_extensions
from tests.ui.stage import Audience, on_stage

_LEAF = Certificate.of(leaf().der)
_ISSUER = Certificate.of(ISSUER.der)
_RICH = Certificate.of(with_extensions(every_extension()))


def _inside(*certificates: Certificate, index: int = 0, is_ascii: bool = False) -> InsideScreen:
    return InsideScreen(certificates or (_LEAF, _ISSUER), index, Glyphs(is_ascii=is_ascii))


async def _go_to(user: Audience, text: str) -> None:
    """Move the cursor to the first element whose line holds a text."""
    view = user.app.screen.query_one(OutlineList)
    lines = [plain(view.line_at(at, 200)) for at in range(view.line_count)]
    view.move(next(at for at, shown in enumerate(lines) if text in shown) - view.cursor)
    await user.until(lambda: text in user.line_with("▸"), f"the cursor on {text!r}")


@asynccontextmanager
async def _on_stage(
    screen: InsideScreen, *, size: tuple[int, int] = (80, 24), ascii_only: bool = False
) -> AsyncIterator[Audience]:
    """Open a screen that ends with nothing."""
    # A screen is invariant in what it ends with, though one that ends with None ends with a text or None.
    async with on_stage(cast("Screen[str | None]", screen), size=size, ascii_only=ascii_only) as user:
        yield user


def _marked(screen: str) -> tuple[bytes, bytes]:
    """Return the octets on the screen that are marked as header and as content."""
    headers = re.findall(r"\[((?:[0-9a-f]{2} ?)+)[|\]]", screen)
    contents = re.findall(r"[|(]((?:[0-9a-f]{2} ?)+)\)", screen)
    return bytes.fromhex("".join(headers)), bytes.fromhex("".join(contents))


async def test_a_certificate_opens_in_words() -> None:
    async with _on_stage(_inside(), size=(100, 60)) as user:
        await user.sees("certificate 1 of 2: www.example.test", "Version: 3 (0x2)", "CN=www.example.test")
        await user.sees("basicConstraints (2.5.29.19, RFC 5280 §4.2.1.9): critical", "DNS:www.example.test")


async def test_the_one_that_was_asked_for_is_shown_and_the_others_are_a_key_away() -> None:
    async with _on_stage(_inside(index=1)) as user:
        await user.sees("certificate 2 of 2: Example CA")
        await user.press("n")
        await user.sees("certificate 2 of 2")
        await user.press("p")
        await user.sees("certificate 1 of 2: www.example.test")


async def test_the_words_scroll_to_the_pem() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("G")
        await user.sees("-----END CERTIFICATE-----")


async def test_the_raw_view_shows_the_outline_and_the_octets() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("r")

        await user.sees("tbsCertificate SEQUENCE", "serialNumber INTEGER", "000000 [30 82")
        await user.press("r")
        await user.sees("In words")


@pytest.mark.parametrize("size", [(80, 24), (120, 30), (160, 40)], ids=["80", "120", "160"])
async def test_the_octets_follow_the_cursor(size: tuple[int, int]) -> None:
    async with _on_stage(_inside(_RICH), size=size) as user:
        await user.press("r")
        await _go_to(user, "dNSName")

        await user.sees(
            "extensions / subjectAltName / extnValue / GeneralNames / dNSName ",
            "header 2, content 13 octets at",
        )
        header, content = _marked(user.screen())
        assert (header, content) == (b"\x82\x0d", b"*.example.com")


async def test_the_path_names_an_extension() -> None:
    async with _on_stage(_inside(_RICH)) as user:
        await user.press("r")
        await _go_to(user, "subjectAltName SEQUENCE")

        await user.sees(" tbsCertificate / extensions / subjectAltName ")


async def test_outline_and_octets_stand_side_by_side_where_there_is_room() -> None:
    async with _on_stage(_inside(), size=(100, 30)) as user:
        await user.press("r")
        await user.sees("000008")

        assert "Certificate SEQUENCE" in user.line_with("000000")


async def test_sixteen_octets_stand_in_a_row_on_a_wide_screen() -> None:
    async with _on_stage(_inside(), size=(160, 30)) as user:
        await user.press("r")
        await user.sees("000010")

        assert "000008" not in user.screen()
        assert "Certificate SEQUENCE" in user.line_with("000000")


async def test_copying_takes_the_text_or_the_octets_of_the_element() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("y")
        await user.until(lambda: len(user.app.copied) == 1, "a copy")
        await user.press("r")
        await _go_to(user, "serialNumber INTEGER")
        await user.press("y")
        await user.until(lambda: len(user.app.copied) == 2, "another copy")

    words, octets = user.app.copied
    serial = x509.load_der_x509_certificate(_LEAF.der).serial_number
    assert words == certificate_text(_LEAF)
    assert der.integer(bytes.fromhex(octets)[2:]) == serial


async def test_an_element_is_folded_and_unfolded() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("r")
        await _go_to(user, "issuer SEQUENCE")
        await user.press("space")
        await user.sees("issuer SEQUENCE folded, 44 octets", "validity SEQUENCE")
        assert "organizationName" not in user.screen()

        await user.press("j")
        await user.sees("tbsCertificate / validity")
        await user.press("k", "space")
        await user.sees("type OBJECT IDENTIFIER organizationName")


async def test_folding_what_holds_nothing_folds_what_holds_it() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("r")
        await _go_to(user, "notAfter")
        await user.press("space")

        await user.sees("validity SEQUENCE folded", "tbsCertificate / validity ")


async def test_going_back_to_a_view_finds_it_as_it_was_left() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("r")
        await _go_to(user, "notAfter")
        await user.press("r")
        await user.sees("In words")
        await user.press("r")

        await user.sees("tbsCertificate / validity / notAfter")


async def test_escape_leaves() -> None:
    async with _on_stage(_inside()) as user:
        await user.press("escape")
        await user.until(lambda: not isinstance(user.app.screen, InsideScreen), "left")


async def test_everything_painted_of_a_hostile_certificate_is_printable() -> None:
    hostile = next(octets for name, octets in street_certificates().items() if name.startswith("hostile"))
    async with _on_stage(_inside(Certificate.of(hostile)), size=(120, 60)) as user:
        seen = [user.screen()]
        for keys in ("pagedown", "r", "pagedown", "pagedown", "pagedown"):
            await user.press(keys)
            await user.pilot.pause()
            seen.append(user.screen())

    painted = "\n".join(seen)
    assert "\\u{1b}]0;PWNED\\u{7}" in painted
    assert "[red]" in painted
    assert painted.replace("\n", "").isprintable()


async def test_ascii_is_enough_for_terminals_that_know_nothing_else() -> None:
    async with _on_stage(_inside(is_ascii=True), ascii_only=True) as user:
        await user.press("r", "j")
        await user.sees(">  tbsCertificate SEQUENCE")


async def test_a_megabyte_is_looked_through_without_making_more_than_is_seen(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    huge = Certificate.of(tlv(der.SEQUENCE, tlv(der.SEQUENCE, b"\x05\x00" * 500_000)))
    made: list[int] = []
    line_at = OctetView.line_at

    def counted(view: OctetView, position: int, width: int) -> Line:
        made.append(position)
        return line_at(view, position, width)

    monkeypatch.setattr(OctetView, "line_at", counted)
    async with _on_stage(_inside(huge)) as user:
        await user.sees("Serial Number: unreadable")
        await user.press("r")
        await user.sees("Certificate SEQUENCE")
        await user.press("G")
        await user.sees(f"more than {MAX_NODES} elements")

    assert len(made) < 500


async def test_a_long_statement_is_wrapped_and_nothing_of_it_is_lost() -> None:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "x" * 64)] * 4)
    names = x509.SubjectAlternativeName([x509.DirectoryName(name)])
    async with _on_stage(_inside(Certificate.of(with_extensions([(names, False)]))), size=(80, 80)) as user:
        await user.sees("subjectAltName")

        assert user.screen().count("x") >= 256


async def test_what_is_no_certificate_can_be_looked_into_too() -> None:
    async with _on_stage(_inside(Certificate.of(b"no certificate"))) as user:
        await user.sees("Serial Number: unreadable")
        await user.press("r")
        await user.sees("unreadable from here", "6e 6f 20 63")


async def test_no_octets_at_all_are_shown_as_nothing() -> None:
    async with _on_stage(_inside(Certificate.of(b""))) as user:
        await user.press("r")
        await user.sees("no octets")
        await user.press("j", "space", "y", "r")
        await user.sees("Serial Number: unreadable")


async def test_the_words_fit_a_new_width() -> None:
    async with _on_stage(_inside(), size=(120, 30)) as user:
        await user.sees("Serial Number")
        await user.pilot.resize_terminal(60, 30)
        await user.until(
            lambda: all(
                width_of(user.app.screen.query_one(EntryView).line_at(at, 56)) <= 56
                for at in range(user.app.screen.query_one(EntryView).line_count)
            ),
            "every line within the width",
        )


def test_header_and_content_are_told_apart_by_signs_in_every_row() -> None:
    data = tlv(der.SEQUENCE, tlv(der.OCTET_STRING, bytes(range(20))), b"\x05\x00")
    node = outline(data)[1]

    rows = [plain(octet_row(data, start, 8, node)) for start in range(0, len(data), 8)]

    assert rows[0].startswith("000000  30 18[04 14|00 01 02 03) ")
    assert rows[1].startswith("000008 (04 05 06 07 08 09 0a 0b) ")
    assert rows[2].startswith("000010 (0c 0d 0e 0f 10 11 12 13) ")
    assert rows[3].startswith("000018  05 00 ")


def test_octets_that_are_no_text_are_dots() -> None:
    assert plain(octet_row(b"a\x1b[\x9b\xff~\x7f ", 0, 8, None)).endswith("a.[..~. ")


@given(st.binary(min_size=1, max_size=40), st.integers(0, 200))
def test_every_row_has_its_width_whatever_the_octets(data: bytes, width: int) -> None:
    count = octets_in_row(width)
    nodes = outline(data)

    for node in (None, *nodes[:5]):
        for start in range(0, len(data), count):
            row = octet_row(data, start, count, node)
            missing = count - min(count, len(data) - start)
            assert width_of(row) == row_width(count) - missing
