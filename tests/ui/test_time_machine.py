"""The time machine: the clock moves, roots go, and what breaks is listed while keys are answered."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import timedelta

import pytest
from textual.events import Key

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.core.report import Report
from certtui.lab.pki import CA_WISH, Authority
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.screens.time_machine import TimeMachineScreen
from certtui.ui.slices import in_slices
from tests.core.examples import ISSUER, NOW, ROOT, STRANGE_ISSUER
from tests.ui.hosts import HOSTILE, STORE, host, judge
from tests.ui.stage import on_stage

ROWS = [
    host("gone", -5),
    host("soon", 5),
    host("late", 60, STRANGE_ISSUER),
    host("last", 85),
    ("unseen", Report(host="unseen", now=NOW, chain=())),
]


def screen(
    rows: list[tuple[str, Report]] = ROWS, *, anchors: AnchorStore = STORE, is_ascii: bool = False
) -> TimeMachineScreen:
    return TimeMachineScreen(rows, judge=judge, anchors=anchors, glyphs=Glyphs(is_ascii=is_ascii), now=NOW)


async def test_it_begins_with_what_ends_next_of_what_is_trusted() -> None:
    async with on_stage(screen()) as user:
        await user.sees("2026-11-25 12:00 UTC, now", "Nothing is moved yet", "What ends next")
        await user.sees("▸2026-11-30 in 5 days")
        assert "the certificate ends" in user.line_with("soon")
        assert "gone" not in user.screen()


async def test_the_clock_moves_by_days_weeks_and_months() -> None:
    async with on_stage(screen()) as user:
        await user.press("plus")
        await user.sees("2026-11-26 12:00 UTC, in 1 day")
        await user.press("right_square_bracket", "right_curly_bracket")
        await user.sees("2027-01-02 12:00 UTC, in 38 days")
        await user.press("minus", "left_square_bracket", "left_curly_bracket", "minus")
        await user.sees("2026-11-24 12:00 UTC, 1 day ago")
        await user.press("plus")
        await user.sees("2026-11-25 12:00 UTC, now", "Nothing is moved yet")


async def test_what_would_break_is_listed_with_its_reason() -> None:
    async with on_stage(screen()) as user:
        await user.press("right_square_bracket")
        await user.sees("1 would break · 0 repaired · 0 warned · 3 as before · 1 not judged")
        await user.sees("✗ breaks", "The certificate has expired", "notAfter 2026-11-30 12:00 UTC is 2 days")
        assert "soon" in user.line_with("✗ breaks")


async def test_going_back_repairs_what_has_expired_since() -> None:
    async with on_stage(screen()) as user:
        await user.press("left_curly_bracket")
        await user.sees("1 repaired", "✓ repaired")
        assert "gone" in user.line_with("✓ repaired")


async def test_a_removed_root_breaks_what_rests_on_it_until_it_is_put_back() -> None:
    async with on_stage(screen()) as user:
        await user.sees("[x] Example Root", "3 hosts", "[x] Strange Root", "1 host ")
        await user.press("down", "space")
        await user.sees("[ ] Strange Root", "without 1 root", "Roots in use, 1 removed", "1 would break")
        assert "late" in user.line_with("✗ breaks")
        await user.press("space")
        await user.sees("[x] Strange Root", "Nothing is moved yet")
        await user.no_longer_sees("removed", "✗ breaks")


async def test_a_date_can_be_typed_and_a_mistake_is_explained() -> None:
    async with on_stage(screen()) as user:
        await user.press("t")
        await user.sees("Judge at", "2026-11-25")
        await user.press(*["backspace"] * 10, *"soon", "enter")
        await user.sees("'soon' is no date: write 2027-01-31 or +30d")
        await user.press(*["backspace"] * 4, "plus", *"90d", "enter")
        await user.sees("2027-02-23 12:00 UTC, in 90 days", "3 would break")
        await user.press("t", "escape")
        await user.sees("in 90 days")


async def test_0_goes_back_to_now_with_every_root() -> None:
    async with on_stage(screen()) as user:
        await user.press("space", "plus")
        await user.sees("in 1 day · without 1 root")
        await user.press("0")
        await user.sees("2026-11-25 12:00 UTC, now", "[x] Example Root")
        await user.no_longer_sees("[ ]")


async def test_enter_ends_with_the_host_under_the_cursor_and_removes_a_root() -> None:
    async with on_stage(screen()) as user:
        await user.sees("soon")
        await user.press("enter")
        await user.sees("[ ] Example Root")
        await user.press("0", "tab", "down")
        await user.sees("2027-01-24 12:00 UTC: the certificate ends")
        await user.press("enter")
        await user.until(lambda: user.app.answers == ["late"], "the host's label")


async def test_space_in_the_hosts_goes_to_the_roots_and_removes_none() -> None:
    async with on_stage(screen()) as user:
        await user.press("tab", "space")
        await user.pilot.pause()
        assert "[ ]" not in user.screen()
        await user.press("space")
        await user.sees("[ ]")


@pytest.mark.parametrize("size", [(80, 24), (200, 60), (60, 15)], ids=str)
async def test_it_fits_every_size(size: tuple[int, int]) -> None:
    async with on_stage(screen(), size=size) as user:
        await user.press("right_square_bracket")
        await user.sees("[x] Example Root", "✗ breaks")
        assert all(len(row) == size[0] for row in user.screen().splitlines())


async def test_ascii_is_enough() -> None:
    async with on_stage(screen(is_ascii=True), ascii_only=True) as user:
        await user.press("right_square_bracket")
        await user.sees(">X breaks", ">[x] Example Root")


async def test_nothing_that_hosts_and_roots_are_called_acts() -> None:
    root = Authority.root(HOSTILE, now=NOW)
    issuer = root.intermediate("CA")
    store = AnchorStore([Anchor(Certificate.of(root.der))], label="a hostile root")
    _, seen = host(HOSTILE, 20, issuer)
    assert seen.evidence is not None
    rows = [(HOSTILE, judge(seen.evidence, NOW, store))]
    async with on_stage(screen(rows, anchors=store), size=(140, 30)) as user:
        await user.sees("\\u{1b}]0;PWNED\\u{7}[red]")
        await user.press("space", "y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        painted = user.screen() + user.app.copied[0]
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", painted)


async def test_where_there_is_nothing_it_says_so() -> None:
    async with on_stage(screen([])) as user:
        await user.sees("No path ends in a root.", "No host that is trusted now has a date to come.")
        await user.press("space", "plus", "tab", "enter")
        await user.sees("0 would break", "Nothing.")
        assert user.app.answers == []


async def test_its_text_can_be_copied_whole() -> None:
    async with on_stage(screen()) as user:
        await user.press("space", "right_square_bracket")
        await user.sees("2 would break")
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "a copy")
        rows = user.app.copied[0].splitlines()
        assert rows[0] == "2026-12-02 12:00 UTC, in 7 days · without 1 root"
        assert rows[2] == "without Example Root"
        assert [row.split()[2] for row in rows[3:]] == ["soon", "last"]


async def test_keys_are_answered_while_thousands_are_judged_and_older_work_is_dropped() -> None:
    judged = 0

    def counting(*arguments: object) -> Report:
        nonlocal judged
        judged += 1
        return judge(*arguments)  # type: ignore[arg-type]

    many = [(f"host{number}", ROWS[number % 4][1]) for number in range(10_000)]
    machine = TimeMachineScreen(many, judge=counting, anchors=STORE, glyphs=Glyphs(), now=NOW)
    async with on_stage(machine) as user:
        # A user's keys do not wait, as those that a pilot presses do, until there is nothing left to do.
        user.app.post_message(Key("plus", "+"))
        await user.until(lambda: "judging" in user.screen() and "in 1 day" in user.screen(), "work")
        user.app.post_message(Key("plus", "+"))
        await user.until(lambda: "judging" in user.screen() and "in 2 days" in user.screen(), "other work")
        user.app.post_message(Key("escape", None))
        await user.until(lambda: user.app.answers == [None], "the end of it")
        await user.pilot.pause()
        after = judged
        await user.pilot.pause(0.1)
        assert judged == after < 20_000


async def test_quitting_does_not_wait_for_what_is_being_judged() -> None:
    many = [(f"host{number}", ROWS[number % 4][1]) for number in range(100_000)]
    async with on_stage(screen(many)) as user:
        user.app.post_message(Key("plus", "+"))
        await user.until(lambda: "judging" in user.screen(), "work")
        user.app.exit()
    assert user.app.return_code == 0


async def test_an_intermediate_that_ends_first_is_what_is_named() -> None:
    short = ROOT.intermediate("Short CA", wish=replace(CA_WISH, ends=timedelta(days=10)))
    async with on_stage(screen([host("below", 60, short)]), size=(120, 30)) as user:
        await user.sees("2026-12-05 in 10 days", "the intermediate Short CA ends")
        await user.press("right_curly_bracket")
        await user.sees("1 would break", "An intermediate certificate")


async def test_slices_end_when_their_time_is_over_and_nothing_is_lost() -> None:
    batches = [batch async for batch in in_slices(iter(range(10)), seconds=0.0)]
    assert batches == [[number] for number in range(10)]
    assert [batch async for batch in in_slices(range(10), seconds=60.0)] == [list(range(10))]
    nothing: list[int] = []
    assert [batch async for batch in in_slices(nothing)] == []


async def test_others_have_their_turn_between_slices() -> None:
    turns: list[str] = []

    async def other() -> None:
        turns.append("other")

    task = asyncio.create_task(other())
    async for batch in in_slices(range(2), seconds=0.0):
        turns.append(str(batch[0]))
    await task
    assert turns == ["0", "other", "1"]


def test_the_examples_are_what_these_tests_begin_with() -> None:
    assert [report.verdict for _, report in ROWS] == [
        "rejected",
        "trusted",
        "trusted",
        "trusted",
        "unreachable",
    ]
    assert ISSUER is not STRANGE_ISSUER
