"""The user's own keys, and the table that all keys come from."""

from __future__ import annotations

from collections import Counter

import pytest

from certtui.ui.bindings import Action, Where
from certtui.ui.keymap import keymap_of
from certtui.ui.keys import ACTIONS, actions_of, bindings
from certtui.ui.services import Preferences
from tests.ui.driver import explorer
from tests.ui.scenes import scenes


def test_an_action_can_have_other_keys() -> None:
    keymap, problems = keymap_of({"filter": ("F", "ctrl+g"), "help": ("f2",)})

    assert problems == ()
    assert keymap == {"filter": "F,ctrl+g", "help": "f2"}


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"filtr": ("F",)}, "did you mean filter?"),
        ({"filter": ("hyperspace",)}, "'hyperspace' is no key"),
        ({"filter": ("",)}, "'' is no key"),
        ({"filter": ("ctrl+i",)}, "ctrl+i is not to be had: terminals send tab for it"),
        ({"filter": ("a",)}, "filter: a is add's key too"),
        ({"filter": ("j",)}, "filter: j is list.down's key too"),
        ({"compare.swap": ("q",)}, "compare.swap: q is page.leave's key too"),
    ],
)
def test_a_mistake_says_what_is_wrong(keys: dict[str, tuple[str, ...]], said: str) -> None:
    _, problems = keymap_of(keys)

    assert len(problems) == 1
    assert said in problems[0]


def test_two_actions_may_exchange_their_keys() -> None:
    assert keymap_of({"filter": ("a",), "add": ("/",)}) == ({"filter": "a", "add": "slash"}, ())


def test_no_two_actions_of_one_place_share_a_key_or_an_id() -> None:
    for where in Where:
        assert not [key for key, n in Counter(k for a in actions_of(where) for k in a.keys).items() if n > 1]
    assert not [name for name, n in Counter(action.id for action in ACTIONS).items() if n > 1]
    assert keymap_of({action.id: action.keys for action in ACTIONS})[1] == ()


def test_the_earlier_of_two_places_has_a_key_that_both_want() -> None:
    made = {binding.id: binding.key for binding in bindings(Where.HISTORY, Where.PAGE)}

    assert made["history.choose"] == "enter"
    assert made["page.copy"] == "y"


async def test_the_users_key_works_is_shown_and_the_old_one_does_nothing() -> None:
    preferences = Preferences(keymap={"filter": "F"})
    async with explorer(scenes(), preferences=preferences) as user:
        await user.sees(" F Filter")
        await user.press("slash")
        assert not user.app.screen.query_one("#filter").has_focus
        await user.press("F")
        assert user.app.screen.query_one("#filter").has_focus


@pytest.mark.parametrize("action", actions_of(Where.MAIN), ids=lambda action: action.id)
async def test_every_action_of_the_explorer_is_in_the_palette(action: Action) -> None:
    async with explorer(scenes()) as user:
        user.app.session.toggle_mark(user.app.session.rows[0])
        user.app.session.remove(user.app.session.rows[0])
        user.app.main_screen.refresh_bindings()
        offered = {command.title: command.help for command in user.app.get_system_commands(user.app.screen)}
    label, name = action.label, action.name
    assert label in offered or name in ("app.command_palette", "cancel", "unmark", "outward", "inward")
