"""Make the pictures in docs/: the explorer's pages on the demo street, as a user sees them."""

from __future__ import annotations

import asyncio
import os
import re
from pathlib import Path

from certtui.core.anchors import Anchor, AnchorStore
from certtui.core.certificate import Certificate
from certtui.lab import Street
from certtui.options import Judge
from certtui.probe.scan import Engine
from certtui.probe.settings import ProbeSettings
from certtui.ui.app import CerttuiApp
from certtui.ui.drawing.picture import self_contained
from certtui.ui.services import Backend, Preferences, Services

DOCS = Path(__file__).parent.parent / "docs"
SIZE = (130, 38)
PICTURES: dict[str, tuple[str, ...]] = {
    "screenshot": ("down",),
    "clients": ("slash", *"expired.demo", "enter", "w"),
    "help": ("slash", *"expired.demo", "enter", "question_mark", "tab"),
    "compare": ("slash", *"expir", "enter", "down", "c", "down", "down", "c", "d"),
    "time-machine": ("t", "right_curly_bracket", "right_curly_bracket"),
    "timeline": ("T",),
}
"""What is pressed for each."""


async def photograph(street: Street, keys: tuple[str, ...]) -> str:
    """Return the SVG of the explorer once every house has been looked at and some keys have been pressed."""
    anchors = AnchorStore([Anchor(Certificate.of(street.root_der))], label="the demo's own root")
    settings = ProbeSettings(routes=street.routes, timeout_seconds=2.0)

    def start(_: object) -> Backend:
        return Backend(
            engine=Engine(settings, Judge(anchors, None)),
            anchors=anchors,
            judge=lambda evidence, at, store: Judge(store, at)(evidence),
        )

    app = CerttuiApp(
        targets=street.targets,
        labels=street.labels,
        services=Services(start=start, remember=lambda _: None),
        preferences=Preferences(server="nginx"),
    )
    async with app.run_test(size=SIZE) as pilot:
        while app.session.last_checked is None or app.session.waiting_count:
            await pilot.pause(0.1)
        for key in keys:
            await pilot.press(key)
        app.clear_notifications()
        await pilot.pause(0.5)
        return self_contained(app.export_screenshot(title="certtui demo"))


def main() -> None:
    """Write the pictures."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with Street() as street:
        for name, keys in PICTURES.items():
            svg = asyncio.run(photograph(street, keys))
            # The identifiers are random; without that a picture changes only when the screen does.
            svg = re.sub(r"terminal-\d+", "terminal-certtui", svg)
            (DOCS / f"{name}.svg").write_text(re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE))


if __name__ == "__main__":
    main()
