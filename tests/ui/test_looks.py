"""What the screen looks like, as pictures to compare with: `CERTTUI_NEW_LOOKS=1 pytest tests/ui/test_looks.py` makes
them anew, to be looked at before they are committed."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import textual

from certtui.ui.drawing.picture import self_contained
from certtui.ui.services import Preferences
from tests.ui.driver import explorer
from tests.ui.scenes import ANCHORS, scenes

LOOKS = Path(__file__).with_name("looks")
MADE_WITH = (LOOKS / "textual-version").read_text().strip() if LOOKS.exists() else textual.__version__
IS_NEW = "CERTTUI_NEW_LOOKS" in os.environ

SMALL, MIDDLE, WIDE = (80, 24), (120, 40), (200, 60)

pytestmark = pytest.mark.skipif(
    textual.__version__ != MADE_WITH and not IS_NEW, reason=f"the pictures are of Textual {MADE_WITH}"
)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The clock on the status line is local, so everyone stands in Greenwich here."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


CASES: list[tuple[str, tuple[int, int], tuple[str, ...], Preferences]] = [
    ("main-80x24", SMALL, (), Preferences()),
    ("main-120x40", MIDDLE, (), Preferences()),
    ("main-200x60", WIDE, (), Preferences()),
    ("main-light", MIDDLE, (), Preferences(theme="certtui-light")),
    ("main-no-color", SMALL, (), Preferences(no_color=True)),
    ("main-ascii", SMALL, (), Preferences(ascii_only=True)),
    ("main-40x10", (40, 10), (), Preferences()),
    ("one-pane", (56, 20), ("2",), Preferences()),
    ("filter", SMALL, ("slash", *"days", "less_than_sign", "3", "0", "enter"), Preferences()),
    ("help", SMALL, ("question_mark", "tab"), Preferences(server="nginx")),
    ("findings", SMALL, ("question_mark", "l"), Preferences()),
    ("clients", SMALL, ("w",), Preferences()),
    ("stores", SMALL, ("p",), Preferences()),
    ("compare-80x24", SMALL, ("c", "j", "c"), Preferences()),
    ("compare-120x40", MIDDLE, ("c", "j", "c"), Preferences()),
    ("compare-no-color", MIDDLE, ("c", "j", "c"), Preferences(no_color=True)),
    ("timeline", SMALL, ("T",), Preferences()),
    ("time-machine", MIDDLE, ("t", "right_curly_bracket"), Preferences()),
    ("inside-raw", MIDDLE, ("i", "r"), Preferences()),
    ("inside-words", SMALL, ("i",), Preferences()),
    ("copy-menu", SMALL, ("y",), Preferences()),
    ("empty", SMALL, (), Preferences()),
]


@pytest.mark.parametrize(("name", "size", "keys", "preferences"), CASES, ids=[case[0] for case in CASES])
async def test_the_screen_looks_as_it_did(
    name: str, size: tuple[int, int], keys: tuple[str, ...], preferences: Preferences
) -> None:
    reports = {} if name == "empty" else scenes()
    async with explorer(reports, size=size, preferences=preferences, anchors=ANCHORS) as user:
        for key in keys:
            await user.press(key)
        user.app.clear_notifications()
        await user.pilot.pause(0.3)
        svg = self_contained(user.app.export_screenshot(title=name))
    # The identifiers of styles are random.
    svg = re.sub(r"[ \t]+$", "", re.sub(r"terminal-\d+", "terminal", svg), flags=re.MULTILINE)
    picture = LOOKS / f"{name}.svg"
    if IS_NEW:
        LOOKS.mkdir(exist_ok=True)
        picture.write_text(svg)
        (LOOKS / "textual-version").write_text(textual.__version__ + "\n")
    assert svg == picture.read_text(), f"{picture} shows something else: look at what is there now"


def test_there_are_not_so_many_pictures_that_nobody_looks_at_them() -> None:
    assert len(CASES) <= 25
    assert {path.stem for path in LOOKS.glob("*.svg")} == {name for name, *_ in CASES}
