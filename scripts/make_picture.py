"""Make docs/screenshot.svg: the explorer on the demo street, as a user sees it."""

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

PICTURE = Path(__file__).parent.parent / "docs" / "screenshot.svg"
SIZE = (130, 38)


async def photograph(street: Street) -> str:
    """Return the SVG of the explorer once every house has been looked at, on the one with the most faults."""
    anchors = AnchorStore([Anchor(Certificate.of(street.root_der))], label="the demo's own root")
    settings = ProbeSettings(routes=street.routes, timeout_seconds=2.0)
    app = CerttuiApp(
        targets=street.targets,
        start_engine=lambda: Engine(settings, Judge(anchors, None)),
        remember=lambda _: None,
    )
    async with app.run_test(size=SIZE) as pilot:
        while app.session.last_checked is None or app.session.waiting_count:
            await pilot.pause(0.1)
        await pilot.press("down")
        await pilot.pause(0.2)
        return app.export_screenshot(title="certtui demo")


def main() -> None:
    """Write the picture."""
    os.environ["TEXTUAL_ANIMATIONS"] = "none"
    with Street() as street:
        svg = asyncio.run(photograph(street))
    # The identifiers are random; without that the picture changes only when the screen does.
    svg = re.sub(r"terminal-\d+", "terminal-certtui", svg)
    PICTURE.write_text(re.sub(r"[ \t]+$", "", svg, flags=re.MULTILINE))


if __name__ == "__main__":
    main()
