"""The log of changes: newest first, for better or worse, and the way to the host."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from certtui.core.catalogue import Severity
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.screens.change_log import LogScreen
from certtui.watch.log import Change, ChangeLog
from tests.core.examples import NOW
from tests.ui.hosts import HOSTILE
from tests.ui.stage import on_stage

SENTENCES = ("Rejected, was trusted.", "The certificate was replaced.")


def change(
    number: int, before: Severity | None = None, after: Severity | None = None, target: str = ""
) -> Change:
    at = NOW + timedelta(minutes=number)
    return Change(at=at, target=target or f"host{number}", sentences=SENTENCES, before=before, after=after)


def log_of(*changes: Change) -> ChangeLog:
    log = ChangeLog()
    for each in changes:
        log.add(each)
    return log


def screen(log: ChangeLog, every: timedelta | None = timedelta(minutes=10)) -> LogScreen:
    return LogScreen(log, Glyphs(), watched_every=every)


async def test_the_newest_change_stands_first_with_its_time_host_and_sentences() -> None:
    async with on_stage(screen(log_of(change(1), change(2)))) as user:
        await user.sees("2 changes, looking every 10 minutes", *SENTENCES)
        rows = user.screen().splitlines()
        assert "▸2026-11-25 12:02 UTC" in rows[1]
        assert "host2" in rows[1]
        assert SENTENCES[0] in rows[2]
        assert "host1" in rows[4]


@pytest.mark.parametrize(
    ("before", "after", "word"),
    [
        (None, Severity.ERROR, "worse"),
        (Severity.ERROR, None, "better"),
        (Severity.ERROR, Severity.ERROR, "changed"),
    ],
)
async def test_it_says_whether_it_is_for_the_worse(
    before: Severity | None, after: Severity | None, word: str
) -> None:
    async with on_stage(screen(log_of(change(1, before, after)))) as user:
        await user.sees(f"  {word}")


async def test_enter_ends_with_the_host_from_any_of_its_lines() -> None:
    async with on_stage(screen(log_of(change(1), change(2)))) as user:
        await user.sees("host1")
        await user.press("down", "down", "down", "down", "enter")
        await user.until(lambda: user.app.answers == ["host1"], "the host's label")


async def test_what_comes_in_is_shown_above_and_the_cursor_stays_on_its_change() -> None:
    log = log_of(change(1), change(2))
    shown = screen(log)
    async with on_stage(shown) as user:
        await user.sees("host1")
        await user.press("down", "down", "down")
        log.add(change(3))
        shown.show_log()
        await user.sees("3 changes")
        assert "▸" in user.line_with("host1")
        await user.press("enter")
        await user.until(lambda: user.app.answers == ["host1"], "the host's label")


@pytest.mark.parametrize(
    ("every", "said"),
    [
        (None, "Nobody is watching. Press esc, then W"),
        (timedelta(minutes=10), "Nothing has changed since watching began."),
    ],
    ids=["not watched", "watched"],
)
async def test_an_empty_log_says_what_to_do(every: timedelta | None, said: str) -> None:
    async with on_stage(screen(ChangeLog(), every)) as user:
        await user.sees("No changes", said)
        await user.press("enter", "down")
        assert user.app.answers == []
        await user.press("escape")
        await user.until(lambda: user.app.answers == [None], "nothing")


async def test_it_is_copied_as_text_newest_first() -> None:
    async with on_stage(screen(log_of(change(1), change(2)))) as user:
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        rows = user.app.copied[0].splitlines()
        assert rows[0] == "2026-11-25 12:02 UTC  changed  host2"
        assert rows[1] == f"  {SENTENCES[0]}"
        assert rows[3].endswith("host1")


async def test_nothing_that_changed_acts() -> None:
    hostile = Change(at=NOW, target=HOSTILE, sentences=(HOSTILE, "x" * 100_000))
    async with on_stage(screen(log_of(hostile)), size=(100, 40)) as user:
        await user.sees("\\u{1b}]0;PWNED\\u{7}[red]bold[/red][/foo]")
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", user.screen() + user.app.copied[0])


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (40, 10)], ids=str)
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    async with on_stage(screen(log_of(*map(change, range(50)))), size=size) as user:
        await user.sees("host49")
        assert all(len(row) == size[0] for row in user.screen().splitlines())
