"""Keys that come in together, as over a slow line or from a key held down: none is lost, and none ends the explorer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from certtui.ui.bindings import Where
from certtui.ui.keys import actions_of
from tests.ui.driver import explorer
from tests.ui.scenes import ANCHORS, scenes


@pytest.mark.parametrize(
    "keys", ["snn", "ynn", "fff", "edd", "e\r\r", "anew.example\r\r", "?ss", "?snn", "s\r\r"]
)
async def test_a_key_too_many_in_a_menu_ends_nothing(
    keys: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # it may save files
    async with explorer(scenes()) as user:
        user.burst(keys)
        await user.pilot.pause(0.2)
        await user.press("escape", "escape", "escape", "escape")

        await user.until(lambda: user.app.screen is user.app.main_screen, "the explorer again")


@pytest.mark.parametrize("keys", ["ed", "hd", "td", "ld", "Td", "id", "wd", "pd"])
async def test_a_key_behind_one_that_opens_a_page_is_for_the_page(keys: str) -> None:
    async with explorer(scenes(), anchors=ANCHORS) as user:
        user.burst(keys)
        await user.until(lambda: user.app.screen is not user.app.main_screen, "another page")
        await user.pilot.pause(0.2)

        assert len(user.app.session) == len(scenes())


@pytest.mark.parametrize("keys", ["hh", "tt", "ll", "TT", "ww"])
async def test_a_page_is_opened_once(keys: str) -> None:
    async with explorer(scenes(), anchors=ANCHORS) as user:
        user.burst(keys)
        await user.until(lambda: user.app.screen is not user.app.main_screen, "another page")
        await user.pilot.pause(0.2)

        assert len(user.app.screen_stack) <= 3  # the explorer, the page, and perhaps what the page asks


async def test_the_palette_takes_keys_that_come_in_with_the_one_that_opens_it() -> None:
    async with explorer(scenes()) as user:
        for keys in (("ctrl+p", "pagedown"), ("ctrl+p", "enter", "enter"), ("ctrl+p", "escape", "escape")):
            for key in keys:
                user.burst_key(key)
            await user.pilot.pause(0.3)
            await user.press("escape", "escape")
        await user.until(lambda: user.app.screen is user.app.main_screen, "the explorer again")


_KEYS = [key for where in Where for action in actions_of(where) for key in action.keys]
_ENDING = {"q", "ctrl+q", "ctrl+z", "v"}
"""Keys that end or suspend the program, or start another."""


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_is_pressed_the_explorer_goes_on(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # it may save files
    chosen = random.Random(seed)
    keys = sorted({key for key in _KEYS if key not in _ENDING})
    async with explorer(scenes(), anchors=ANCHORS) as user:
        for _ in range(60):
            user.burst_key(chosen.choice(keys))
            if chosen.random() < 0.3:
                await user.pilot.pause(0.01)
            if chosen.random() < 0.05:
                await user.pilot.resize_terminal(chosen.randint(20, 160), chosen.randint(5, 50))
        for _ in range(8):
            await user.press("escape")
        assert user.app.return_code is None


@pytest.mark.parametrize(
    ("keys", "gone"), [("jd", "self-signed.demo.test:443"), ("jjd", "many-faults.demo.test:443")]
)
async def test_a_key_behind_a_move_is_about_the_host_that_was_gone_to(keys: str, gone: str) -> None:
    async with explorer(scenes()) as user:
        user.burst(keys)
        await user.until(lambda: len(user.app.session) == len(scenes()) - 1, "a host removed")

        assert gone not in {row.target.label for row in user.app.session.rows}


@pytest.mark.parametrize("last", ["enter", "escape", "down"])
async def test_what_is_typed_behind_the_filter_is_for_the_list(last: str) -> None:
    async with explorer(scenes()) as user:
        user.burst("/expired")
        user.burst_key(last)
        user.burst("x")
        await user.until(lambda: user.app.session.failures_only, "only failures")

        assert user.app.session.filter_text == ("" if last == "escape" else "expired")


async def test_the_themes_take_keys_that_come_in_with_the_one_that_opens_them() -> None:
    async with explorer(scenes()) as user:
        for keys in (("ctrl+t", "pagedown"), ("ctrl+t", "escape", "escape"), ("ctrl+t", "enter", "enter")):
            for key in keys:
                user.burst_key(key)
            await user.pilot.pause(0.3)
            await user.press("escape", "escape")
        assert user.app.return_code is None
