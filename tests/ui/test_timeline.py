"""The timeline of expiries: what is plotted, what is listed, and where enter leads."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from textual.events import Key

from certtui.core.report import Report
from certtui.core.timeline import Expiry, timeline
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.life import life_bar, life_ink, life_word
from certtui.ui.drawing.lines import Ink, plain, width_of
from certtui.ui.drawing.plot import column_at, columns, most_buckets, plot_lines
from certtui.ui.screens.timeline import TimelineScreen
from certtui.ui.widgets.drawn_list import DrawnList
from tests.core.examples import NOW
from tests.ui.hosts import DAY, HOSTILE, host
from tests.ui.stage import on_stage

ENTRIES = [host("late", 80), host("gone", -5), host("soon", 5), host("also-late", 81), host("middle", 60)]


def screen(entries: list[tuple[str, Report]] = ENTRIES, *, is_ascii: bool = False) -> TimelineScreen:
    return TimelineScreen(entries, Glyphs(is_ascii=is_ascii), NOW)


def due(*days: float) -> list[Expiry | None]:
    return [
        Expiry(position=number, when=NOW + each * DAY, severity=None, share_left=0.5)
        for number, each in enumerate(days)
    ]


async def test_what_has_expired_is_shown_first() -> None:
    async with on_stage(screen()) as user:
        await user.sees("expired before 2026-11-25 12:00 UTC: 1 host, 1 with errors", "gone", "past", "today")
        row = user.line_with("gone")
        assert "▸✗ EXPIRED" in row
        assert "2026-11-20" in row
        assert "-5d" in row
        assert "ended" in row


async def test_right_and_left_go_through_the_spans_that_hold_a_host() -> None:
    async with on_stage(screen()) as user:
        await user.sees("gone")
        await user.press("right")
        await user.sees("soon")
        await user.press("right")
        await user.sees("middle")
        await user.press("right", "right", "right")
        await user.sees("also-late")
        await user.press("left", "left")
        await user.sees("soon")
        await user.press("left", "left", "left")
        await user.sees("gone")


async def test_enter_ends_with_the_host_under_the_cursor() -> None:
    async with on_stage(screen()) as user:
        await user.sees("gone")
        await user.press("right", "right", "right")
        await user.sees("also-late")
        await user.press("down", "enter")
        await user.until(lambda: user.app.answers == ["also-late"], "the host's label")


async def test_escape_ends_with_nothing() -> None:
    async with on_stage(screen()) as user:
        await user.press("escape")
        await user.until(lambda: user.app.answers == [None], "nothing")


async def test_the_share_of_life_is_a_bar_beside_each_host() -> None:
    async with on_stage(screen()) as user:
        await user.sees("gone")
        await user.press("right", "right")
        await user.sees("middle")
        assert "███████░░░   67%" in user.line_with("middle")


async def test_what_ends_first_on_the_path_is_said_of_the_selected_host() -> None:
    async with on_stage(screen()) as user:
        await user.sees("2026-11-20 12:00 UTC, 5 days ago: the certificate ended")
        await user.press("right")
        await user.sees("2026-11-30 12:00 UTC, in 5 days: the certificate ends")


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (60, 15), (30, 10)], ids=str)
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    async with on_stage(screen(), size=size) as user:
        await user.sees("past")
        assert all(len(row) == size[0] for row in user.screen().splitlines())


async def test_a_resize_keeps_the_host_under_the_cursor() -> None:
    async with on_stage(screen(), size=(200, 60)) as user:
        await user.sees("gone", "by day")
        await user.press("right", "right")
        await user.sees("middle")
        await user.pilot.resize_terminal(50, 20)
        await user.sees("by week", "middle")
        assert "▸" in user.line_with("middle")


async def test_a_click_on_a_bar_goes_to_its_span() -> None:
    async with on_stage(screen()) as user:
        await user.sees("gone")
        # The frame and its padding, then seven cells for the past.
        await user.pilot.click("#plot", offset=(2 + 8, 4))
        await user.sees("soon")


async def test_ascii_is_enough() -> None:
    async with on_stage(screen(is_ascii=True), ascii_only=True) as user:
        await user.sees("gone", "past")
        assert "####" in user.screen()
        assert ">X EXPIRED" in user.line_with("gone")
        plot = user.screen().split("expired before")[0]
        assert plot.isascii()


async def test_nothing_that_a_host_is_called_acts() -> None:
    async with on_stage(screen([host(HOSTILE, 20)]), size=(120, 30)) as user:
        await user.sees("\\u{1b}]0;PWNED\\u{7}[red]bold[/red][/foo]\\u{202e}.test")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", user.screen())
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        assert "\x1b" not in user.app.copied[0]


async def test_hosts_without_a_date_are_counted_and_none_at_all_is_said() -> None:
    unseen = ("unseen", Report(host="unseen", now=NOW, chain=()))
    async with on_stage(screen([unseen])) as user:
        await user.sees("1 without a date", "No certificate with a date has been seen yet.")
        await user.press("right", "left", "down", "enter")
        assert user.app.answers == []


async def test_its_text_can_be_copied_whole() -> None:
    async with on_stage(screen()) as user:
        await user.sees("gone")
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        text = user.app.copied[0]
        assert text.startswith("expired before 2026-11-25 12:00 UTC: 1 host, 1 with errors\n")
        assert "  2027-02-13 12:00 UTC    89%  late\n" in text


async def test_thousands_of_hosts_are_read_while_keys_are_answered() -> None:
    many = [(f"host{number}", ENTRIES[number % 5][1]) for number in range(10_000)]
    async with on_stage(screen(many)) as user:
        await user.sees("2000 hosts, 2000 with errors")
        await user.press("G")
        await user.sees("host9996")
        assert user.app.screen.query_one("#due", DrawnList).cursor == 1_999


async def test_it_can_be_left_while_it_reads() -> None:
    many = [(f"host{number}", ENTRIES[number % 5][1]) for number in range(50_000)]
    async with on_stage(screen(many)) as user:
        user.app.post_message(Key("escape", None))
        await user.until(lambda: user.app.answers == [None], "the end of it")


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-500, 5_000), max_size=30),
    st.integers(20, 200),
    st.integers(4, 40),
    st.booleans(),
    st.data(),
)
def test_a_plot_has_exactly_its_size_whatever_it_shows(
    days: list[int], width: int, height: int, is_ascii: bool, data: st.DataObject
) -> None:
    made = timeline(due(*days), now=NOW, most_buckets=most_buckets(width))
    cursor = data.draw(st.integers(0, len(made.buckets) - 1))
    lines = plot_lines(made, cursor, width, height, Glyphs(is_ascii=is_ascii))
    assert len(lines) == height
    assert all(width_of(each) == width for each in lines)
    assert not is_ascii or all(plain(each).isascii() for each in lines)
    foot = plain(lines[height - 4])
    for bucket, place in zip(made.buckets, columns(made, width), strict=True):
        drawn = foot[place.start : place.start + place.width].strip()
        assert bool(drawn) == bool(bucket), "nothing that there is vanishes"
    for number, place in enumerate(columns(made, width)):
        assert column_at(made, width, place.start) == number


@pytest.mark.parametrize(
    ("share", "bar", "word", "ink"),
    [
        (1.2, "##########", "early", Ink.ERROR),
        (1.0, "##########", "100%", Ink.GOOD),
        (0.5, "#####-----", "50%", Ink.GOOD),
        (0.2, "##--------", "20%", Ink.WARNING),
        (0.0, "----------", "0%", Ink.WARNING),
        (-0.1, "----------", "ended", Ink.ERROR),
    ],
)
def test_a_bar_of_life(share: float, bar: str, word: str, ink: Ink) -> None:
    assert life_bar(share, 10, Glyphs(is_ascii=True)).text == bar
    assert life_word(share) == word
    assert life_ink(share) is ink


def test_an_unknown_share_of_life_is_empty() -> None:
    assert life_bar(None, 4, Glyphs()).text == "    "
    assert life_word(None) == ""
