"""Marks, kinds, faults, stopping, watching, layout: what is done to the list of hosts as a whole."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from certtui.core.catalogue import Category
from certtui.core.labels import Labels
from certtui.core.report import Report
from certtui.core.target import HostTarget, Target, parse_target
from certtui.ui.screens.compare import CompareScreen
from certtui.ui.services import Preferences, Remembered
from certtui.ui.session import Order
from tests.ui.driver import Driver, explorer
from tests.ui.scenes import scenes


def some(*names: str) -> dict[Target, Report]:
    """Return the reports of some houses."""
    return {target: report for target, report in scenes().items() if target.label.partition(".")[0] in names}


async def test_a_marked_host_is_removed_with_the_others_that_are_marked() -> None:
    async with explorer(some("good", "expired", "revoked")) as user:
        await user.press("space", "space", "d")
        await user.sees("Removed 2 marked hosts.", "1 host ")

        await user.press("u")
        await user.sees("3 hosts", "Brought 2 hosts")


async def test_two_marked_hosts_are_compared() -> None:
    async with explorer(some("good", "expired", "revoked")) as user:
        await user.press("space", "space", "c")

        await user.until(lambda: isinstance(user.app.screen, CompareScreen), "the comparison")
        await user.sees("revoked.demo.test", "expired.demo.test", "differences")


async def test_all_marks_go_at_once() -> None:
    async with explorer(some("good", "expired")) as user:
        await user.press("c", "space")
        await user.sees("1 marked", "A is")
        await user.press("C")
        await user.no_longer_sees("1 marked", "A is")


async def test_a_host_cannot_be_compared_before_it_has_been_looked_at() -> None:
    async with explorer(some("good")) as user:
        user.app.session.add([HostTarget(host="new.example")])
        user.app.main_screen.show_session()
        await user.press("space", "space", "k", "c")

        await user.sees("new.example has not been")


async def test_a_kind_of_fault_is_chosen_and_taken_back() -> None:
    async with explorer(scenes()) as user:
        await user.press("f")
        await user.sees("Show which kind of fault?", "all hosts (14)")
        await user.press("1")
        await user.sees("only ⊘ REVOKED: 1")
        await user.no_longer_sees("expired.demo.test")

        await user.press("escape")
        await user.sees("expired.demo.test")


async def test_a_click_on_a_count_shows_those_hosts_alone_and_a_second_one_all() -> None:
    async with explorer(scenes(), size=(100, 30)) as user:
        row = len(user.screen().splitlines()) - 2
        column = user.screen().splitlines()[row].index("✗1")
        await user.pilot.click(offset=(column, row))
        await user.until(lambda: user.app.session.only_category is Category.EXPIRED, "expired alone")

        await user.pilot.click(offset=(column, row))
        await user.until(lambda: user.app.session.only_category is None, "all again")


async def test_a_click_on_a_key_presses_it_and_one_on_the_sign_for_more_opens_the_palette() -> None:
    async with explorer(scenes()) as user:
        line = user.screen().splitlines()[-1]
        await user.pilot.click(offset=(line.index("/ Filter"), 23))
        await user.until(lambda: bool(user.app.screen.query_one("#filter").has_focus), "the filter")
        await user.press("escape")

        await user.pilot.click(offset=(user.screen().splitlines()[-1].rindex("…"), 23))
        await user.sees("Search for commands")


async def test_the_next_fault_is_found_from_a_host_without_one() -> None:
    async with explorer(some("good", "expired", "revoked", "mail")) as user:
        await user.press("G", "n")
        assert user.selected == "revoked.demo.test:443"
        await user.press("n")
        assert user.selected == "expired.demo.test:443"
        await user.press("N")
        assert user.selected == "revoked.demo.test:443"


async def test_escape_takes_filters_away_one_by_one_and_the_selection_comes_back() -> None:
    async with explorer(scenes()) as user:
        await user.press("j", "j")
        selected = user.selected
        await user.press("slash", *"good", "enter")
        await user.until(lambda: user.selected == "good.demo.test:443", "another host selected")

        await user.press("escape")
        assert user.selected == selected


async def test_stopping_keeps_what_has_come_in() -> None:
    reports = some("good", "expired")
    async with explorer(reports) as user:
        await user.press("a")
        await user.sees("Add hosts")
        await user.type("never.example")
        await user.press("enter")
        await user.sees("checking")
        await user.press("ctrl+x")

        await user.sees("Stopped. 1 host was not", "3 hosts")
        assert not user.app.session.waiting_count
        assert sum(row.report is not None for row in user.app.session.rows) == 2


async def test_the_order_is_remembered_and_comes_back() -> None:
    remembered: list[Remembered] = []
    async with explorer(some("good", "expired"), remembered=remembered) as user:
        await user.press("s", "n", "S")
        await user.until(
            lambda: remembered[-1].order == Order.NAME and remembered[-1].is_reversed, "remembered"
        )

    preferences = Preferences(order=remembered[-1].order, is_reversed=True)
    async with explorer(some("good", "expired"), preferences=preferences) as user:
        await user.sees("by name, reversed")
        assert user.selected == "good.demo.test:443"


async def test_a_group_of_the_host_file_sorts_filters_and_is_shown() -> None:
    reports = some("good", "expired")
    labels = {
        target: Labels(group="payments", tags=("prod",)) for target in reports if "good" in target.label
    }
    async with explorer(reports, labels=labels) as user:
        await user.press("s", "g")
        await user.sees("by group")
        assert (
            user.selected == "good.demo.test:443"
            or user.app.session.row_at(0) is not user.app.session.selected
        )
        await user.press("slash", *"tag:prod", "enter")
        await user.sees("payments", "+prod")
        await user.no_longer_sees("expired.demo.test")


async def test_panes_stand_above_one_another_on_demand() -> None:
    async with explorer(scenes(), size=(100, 40)) as user:
        before = user.app.screen.query_one("#hosts").region
        await user.press("vertical_line")
        await user.until(lambda: user.app.screen.query_one("#hosts").region.width > before.width, "above")
        await user.press("vertical_line")
        await user.until(lambda: user.app.screen.query_one("#hosts").region == before, "beside")


def _renewed(report: Report) -> Report:
    """Return the report of a look that found another certificate."""
    good = next(report for target, report in scenes().items() if target.label.startswith("good."))
    return replace(report, chain=good.chain, findings=(), paths=good.paths)


async def _watched(user: Driver) -> None:
    """Let the period of watching be over at once."""
    target = parse_target("expired.demo.test")
    assert not isinstance(target, str)
    user.engine.reports[target] = _renewed(user.engine.reports[target])  # type: ignore[index]
    user.app.watching._clock = lambda: 10_000_000.0


async def test_a_change_seen_while_watching_is_marked_counted_and_logged() -> None:
    preferences = Preferences(watch_every=timedelta(minutes=10))
    async with explorer(dict(some("good", "expired")), preferences=preferences) as user:
        await user.press("W")
        await user.sees("watching every 10 minutes")
        await _watched(user)
        await user.sees("1 change")
        await user.press("l")
        await user.sees("expired.demo.test", "Trusted, was rejected.")
        await user.press("enter")
        await user.until(lambda: user.selected == "expired.demo.test:443", "the host that changed")

        await user.press("W")
        await user.sees("No longer watching.")


async def test_a_look_by_hand_logs_what_changed_too() -> None:
    async with explorer(dict(some("good", "expired"))) as user:
        await _watched(user)
        await user.press("r")

        await user.sees("1 change")


async def test_notes_are_told_once_the_explorer_is_open() -> None:
    async with explorer(some("good"), notes=["hosts.txt: line 3: a host name has no spaces"]) as user:
        await user.sees("line 3")


async def test_a_key_moves_from_the_host_that_is_selected_wherever_results_have_put_it() -> None:
    async with explorer(some("good", "expired", "revoked", "mail")) as user:
        await user.press("j")
        assert user.selected == "expired.demo.test:443"
        # The first host goes, so that everything moves up, while the key for the next one is under way.
        user.burst("j")
        first = user.app.session.row_at(0)
        assert first is not None
        user.app.session.remove(first)
        await user.pilot.pause(0.1)

        assert user.selected == "good.demo.test:443"
