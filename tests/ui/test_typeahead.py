"""Keys that come faster than the screen follows go where the one before them leads."""

from __future__ import annotations

from certtui.core.report import Report
from certtui.core.target import Target
from certtui.ui.session import Order
from tests.ui.driver import explorer

Reports = dict[Target, Report]


async def test_a_filter_typed_at_one_go_is_a_filter_and_nothing_else(few: Reports) -> None:
    async with explorer(few) as user:
        before = len(user.app.session)
        user.burst("/dqsx")

        await user.sees('No host matches "dqsx"')
        assert len(user.app.session) == before


async def test_a_host_typed_at_one_go_reaches_the_prompt_that_is_still_opening(few: Reports) -> None:
    async with explorer(few) as user:
        user.burst("anew.example\r")

        await user.until(lambda: user.selected == "new.example:443", "the host is added")
        assert len(user.app.session) == len(few) + 1


async def test_a_menu_s_letter_typed_at_one_go_chooses(few: Reports) -> None:
    async with explorer(few, size=(120, 30)) as user:
        user.burst("sn")

        await user.until(lambda: user.app.session.order is Order.NAME, "sorted by name")
        await user.no_longer_sees("esc leaves")


async def test_editing_keys_keep_their_place_among_what_is_typed(few: dict[Target, Report]) -> None:
    async with explorer(few) as user:
        await user.press("a")
        await user.sees("Add hosts")
        user.burst("wrong\x15exampel\x7f\x7fle.test")
        await user.sees("example.test")
        await user.no_longer_sees("wrong")
