"""The style of an HTML report fetches nothing and can be read in every scheme."""

from __future__ import annotations

import base64
import hashlib
import re

import pytest

from certtui.report.html import as_html
from tests.report.html_reader import MADE_AT
from tests.report.test_json import REPORTS


def test_the_policy_allows_nothing_but_the_style_that_stands_in_it() -> None:
    written = as_html([REPORTS["trusted"]], made_at=MADE_AT)

    found = re.search(r"<style>(.*?)</style>", written, re.DOTALL)
    assert found is not None
    digest = base64.b64encode(hashlib.sha256(found.group(1).encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert f'<meta http-equiv="Content-Security-Policy" content="{policy}">' in written
    assert written.index("Content-Security-Policy") < written.index("<style>")


def test_the_style_fetches_nothing() -> None:
    written = as_html([], made_at=MADE_AT)

    assert not re.search(r"url\(|@import|image-set|https?:", written)


@pytest.mark.parametrize("scheme", ["light", "dark", "print"])
def test_everything_can_be_read_in_every_scheme(scheme: str) -> None:
    written = as_html([], made_at=MADE_AT)
    found = re.findall(r":root \{(.*?)\}", written, re.DOTALL)[["light", "dark", "print"].index(scheme)]
    colours = {name: _luminance(value) for name, value in re.findall(r"--([\w-]+): (#\w+);", found)}

    pairs = [(ink, ground) for ink in ("ink", "muted", "link") for ground in ("paper", "panel")]
    pairs += [(name, f"{name}-paper") for name in ("error", "warning", "notice", "good")]
    for ink, ground in pairs:
        low, high = sorted((colours[ink], colours[ground]))
        # WCAG 2.2, 1.4.3.
        assert (high + 0.05) / (low + 0.05) >= 4.5, (ink, ground)


def _luminance(colour: str) -> float:
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    parts = (int(digits[start : start + 2], 16) / 255 for start in (0, 2, 4))
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
