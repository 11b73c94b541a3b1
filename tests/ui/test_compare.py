"""Comparing on the screen: two columns that scroll as one, differences told by sign, and all of it as text."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from rich.cells import cell_len

from certtui.core.comparison import Comparison, Row, Section, Standing, compare
from certtui.core.evidence import Loaded, Reached
from certtui.core.report import Report
from certtui.lab.plan import HOSTILE
from certtui.ui.drawing.difference_lines import labels, laid_out
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import plain, width_of
from certtui.ui.messages import CopyAsked
from certtui.ui.screens.compare import CompareScreen, Side
from tests.core.examples import HOST, ISSUER, leaf
from tests.report.samples import _CONNECTION, every_kind, observed
from tests.ui.driver import Driver, explorer

UNICODE, ASCII = Glyphs(), Glyphs(is_ascii=True)
OLD = leaf(names=(HOST, "old.example.test"), begins=timedelta(days=-85), ends=timedelta(days=-5))
NEW = leaf(names=(HOST, "new.example.test"))


def mail_server(*sent: bytes, protocol: str = "TLSv1.3") -> Report:
    """Return the report of a mail server that sent a chain."""
    connection = replace(_CONNECTION, alpn=None, protocol=protocol)
    return observed(Reached(connection=connection, chain=sent))


BEFORE = Side("before.example.test", mail_server(OLD.der, ISSUER.der, protocol="TLSv1.2"))
AFTER = Side("after.example.test", mail_server(NEW.der, ISSUER.der))
FILE = Side("./fullchain.pem", observed(Loaded(path="./fullchain.pem", chain=(NEW.der, ISSUER.der))))


@asynccontextmanager
async def comparing(
    left: Side, right: Side, *, size: tuple[int, int] = (120, 40), glyphs: Glyphs = UNICODE
) -> AsyncIterator[Driver]:
    """Open the explorer with two sides compared."""
    async with explorer({}, size=size) as user:
        await user.app.push_screen(CompareScreen(left, right, glyphs))
        await user.sees("difference" if left is not right else "No difference")
        yield user


def rows(user: Driver) -> list[str]:
    """Return the lines of the screen."""
    return user.screen().splitlines()


async def test_both_columns_stand_under_their_names_with_a_sign_between() -> None:
    async with comparing(BEFORE, AFTER, size=(120, 40)) as user:
        names = rows(user)[0]
        verdict = next(each for each in rows(user) if re.search(r"  Verdict +rejected", each))

        assert verdict.index("rejected") == names.index("before.example.test")
        assert verdict.index("trusted") == names.index("after.example.test")
        assert verdict[: verdict.index("trusted")].rstrip().endswith("≠")


@pytest.mark.parametrize("size", [(80, 24), (99, 30), (100, 30), (200, 60), (41, 11)])
async def test_it_is_stacked_where_it_is_narrow_and_fits_every_screen(size: tuple[int, int]) -> None:
    async with comparing(BEFORE, AFTER, size=size) as user:
        screen = rows(user)

        assert len(screen) == size[1]
        assert all(cell_len(each) <= size[0] for each in screen)
        assert (re.search(r"rejected +≠ +trusted", user.screen()) is not None) == (size[0] >= 100)
        assert ("←   before.example.test" in user.screen()) == (size[0] < 100)


async def test_turning_the_terminal_keeps_the_current_difference() -> None:
    async with comparing(BEFORE, AFTER, size=(120, 24)) as user:
        await user.press("n", "n", "n")
        await user.sees("difference 3 of")
        await user.pilot.resize_terminal(60, 24)

        await user.sees("←   before.example.test", "difference 3 of", "▸")


async def test_the_differences_alone_are_shown_and_everything_again() -> None:
    async with comparing(BEFORE, AFTER, size=(120, 60)) as user:
        await user.sees("Judged at")
        await user.press("d")
        await user.no_longer_sees("Judged at", "keyUsage")
        await user.sees("only differences", "Serial")
        await user.press("d")
        await user.sees("Judged at")


async def test_next_and_previous_go_round_through_all_differences() -> None:
    async with comparing(BEFORE, AFTER, size=(80, 24)) as user:
        count = compare(BEFORE.report, AFTER.report).count
        await user.press("n")
        await user.sees(f"difference 1 of {count}", "▸ ≠   Verdict")
        await user.press("N")
        await user.sees(f"difference {count} of {count}", "▸")
        await user.press("n")
        await user.sees(f"difference 1 of {count}", "▸ ≠   Verdict")


async def test_next_goes_on_from_what_was_scrolled_to() -> None:
    async with comparing(BEFORE, AFTER, size=(80, 24)) as user:
        count = compare(BEFORE.report, AFTER.report).count
        await user.press("n", "G", "N")

        await user.sees("▸")
        assert f"difference 1 of {count}" not in user.screen()


async def test_swapping_turns_the_sides_round() -> None:
    async with comparing(BEFORE, AFTER) as user:
        await user.press("x")

        await user.until(lambda: rows(user)[0].split() == [AFTER.label, BEFORE.label], "the sides swapped")
        await user.until(
            lambda: re.search(r"trusted +≠ +rejected", user.screen()) is not None, "the values swapped"
        )


async def test_two_that_are_equal_say_so() -> None:
    async with comparing(AFTER, AFTER, size=(80, 24)) as user:
        await user.sees("No difference", "Nothing differs.", "Both have the same certificate.")
        await user.press("n", "d")
        await user.sees("Nothing differs.")


async def test_a_file_and_the_host_that_serves_it_have_the_same_certificate() -> None:
    async with comparing(FILE, AFTER, size=(100, 30)) as user:
        await user.sees("Both have the same certificate.", "./fullchain.pem")


async def test_the_difference_is_copied_as_text(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[CopyAsked] = []
    async with comparing(BEFORE, AFTER) as user:
        monkeypatch.setattr(user.app, "_copy", lambda text, what: asked.append(CopyAsked(text, what)))
        await user.press("y")
        await user.until(lambda: bool(asked), "something to copy")

    assert asked[0].text.startswith("--- before.example.test\n+++ after.example.test\n")
    assert "+ Name: DNS:new.example.test\n" in asked[0].text
    assert asked[0].what == "the difference as text"


@pytest.mark.parametrize("key", ["escape", "q"])
async def test_it_leads_back(key: str) -> None:
    async with comparing(BEFORE, AFTER) as user:
        await user.press(key)

        await user.until(lambda: not isinstance(user.app.screen, CompareScreen), "the explorer")


@pytest.mark.parametrize("size", [(80, 40), (160, 40)])
async def test_nothing_hostile_acts_or_is_taken_for_markup(size: tuple[int, int]) -> None:
    evil = Side(HOSTILE, every_kind()["a server that was reached"])
    async with comparing(evil, AFTER, size=size) as user:
        seen = [user.screen()]
        for _ in range(4):
            await user.press("pagedown")
            seen.append(user.screen())

    painted = "\n".join(seen)
    assert "\\u{1b}]0;PWNED" in painted
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u202e\u2028]", painted)


@pytest.mark.parametrize(
    ("width", "side_by_side"), [(37, False), (76, False), (96, False), (96, True), (135, True), (196, True)]
)
def test_lines_keep_to_their_width_and_differences_to_their_lines(width: int, side_by_side: bool) -> None:
    comparison = compare(BEFORE.report, AFTER.report)

    laid = laid_out(comparison, width, UNICODE, side_by_side=side_by_side, only_differences=False)

    assert max(map(width_of, laid.lines)) <= width
    assert len(laid.differences) == comparison.count
    for lines in laid.differences:
        assert re.match(r"  \S", plain(laid.lines[lines.start]))


@pytest.mark.parametrize("side_by_side", [True, False], ids=["beside", "below"])
def test_each_standing_has_a_sign_of_its_own_with_and_without_unicode(side_by_side: bool) -> None:
    values = {
        Standing.SAME: ("a", "a"),
        Standing.CHANGED: ("a", "b"),
        Standing.LEFT: ("a", None),
        Standing.RIGHT: (None, "b"),
        Standing.NOTED: ("a", "b"),
    }
    told = tuple(
        Row(label=standing, left=left, right=right, standing=standing)
        for standing, (left, right) in values.items()
    )
    comparison = Comparison(sections=(Section(title="All", rows=told),))

    for glyphs, signs in ((UNICODE, "= ≠ ← → ·"), (ASCII, "= != <- -> .")):
        laid = laid_out(comparison, 100, glyphs, side_by_side=side_by_side, only_differences=False)
        text = "\n".join(map(plain, laid.lines))
        names = labels("left", "right", 100, glyphs, side_by_side=side_by_side)

        for standing, sign in zip(values, signs.split(), strict=True):
            row = next(each for each in text.splitlines() if standing in each.split(": ")[0].split())
            assert sign in row.split()
        assert glyphs is UNICODE or (text + "".join(map(plain, names))).isascii()
