"""The HTML report before a browser: it asks for nothing, fits a phone and a desk, and shows strange names as text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from certtui.core.anchors import AnchorStore
from certtui.core.report import Report
from certtui.core.target import HostTarget
from certtui.core.text import visible
from certtui.lab import Street
from certtui.lab.plan import HOSTILE
from certtui.report.html import as_html
from certtui.report.portrait import label_of
from tests.e2e.browsers.chromium import PROGRAM as CHROMIUM
from tests.e2e.browsers.viewer import CountingProxy, Viewer, viewer
from tests.observed import observed_street
from tests.report.strange_names import STRANGE, strange_report
from tests.requirements import where_installed

MADE_AT = datetime(2026, 11, 25, 13, tzinfo=UTC)
PHONE, DESK = (360, 800), (1280, 900)
SIZES = pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
COUNTED = "[document.scripts.length, document.images.length, document.querySelectorAll('h1').length]"
pytestmark = where_installed(CHROMIUM)


@pytest.fixture(scope="module")
def street_reports(street: Street, street_anchors: AnchorStore) -> list[Report]:
    """A report of every house of the street."""
    return list(observed_street(street, street_anchors).values())


@pytest.fixture(scope="module")
def opened() -> Iterator[tuple[Viewer, CountingProxy]]:
    """Chromium, and the only way out of it."""
    with viewer() as running:
        yield running


def written(folder: Path, *reports: Report) -> Path:
    """Return the file of an HTML report."""
    page = folder / "report.html"
    page.write_text(as_html(reports, made_at=MADE_AT, program="nginx"), encoding="utf-8")
    return page


def assert_nobody_was_called(proxy: CountingProxy, page: Path) -> None:
    """Fail if a host was called that the file names: a page can ask for nobody else."""
    text = page.read_text(encoding="utf-8")
    assert not [called for called in proxy.called if called.partition(":")[0] in text]


def test_a_page_that_asks_for_something_is_found_out(
    opened: tuple[Viewer, CountingProxy], tmp_path: Path
) -> None:
    browser, proxy = opened
    page = tmp_path / "asking.html"
    page.write_text(
        '<!DOCTYPE html><p>asks</p><img src="http://control.test/x"><div style="width:3000px">wide</div>'
    )

    seen = browser.look(page, *PHONE)

    assert seen.requests == ("http://control.test/x",)
    assert "control.test" in proxy.called
    assert seen.scroll_width > seen.inner_width or seen.inner_width > PHONE[0]


@SIZES
def test_the_report_of_the_street_asks_for_nothing_and_fits(
    size: tuple[int, int],
    opened: tuple[Viewer, CountingProxy],
    street_reports: list[Report],
    tmp_path: Path,
) -> None:
    browser, proxy = opened
    page = written(tmp_path, *street_reports)

    seen = browser.look(page, *size)

    assert seen.requests == ()
    assert seen.complaints == ()
    assert_nobody_was_called(proxy, page)
    assert seen.inner_width == size[0]
    assert seen.scroll_width <= seen.inner_width
    assert all(label_of(report) in seen.text for report in street_reports)


@SIZES
@pytest.mark.parametrize("name", ["hostile", "many-faults", "many-names", "incomplete"])
def test_the_report_of_one_house_asks_for_nothing_and_fits(
    name: str,
    size: tuple[int, int],
    opened: tuple[Viewer, CountingProxy],
    street_reports: list[Report],
    tmp_path: Path,
) -> None:
    browser, proxy = opened
    page = written(tmp_path, *(each for each in street_reports if each.host == f"{name}.demo.test"))

    seen = browser.look(page, *size)

    assert (seen.requests, seen.complaints) == ((), ())
    assert_nobody_was_called(proxy, page)
    assert seen.inner_width == size[0]
    assert seen.scroll_width <= seen.inner_width


@SIZES
def test_strange_names_are_shown_as_text_and_do_nothing(
    size: tuple[int, int], opened: tuple[Viewer, CountingProxy], tmp_path: Path
) -> None:
    browser, proxy = opened
    page = written(tmp_path, strange_report())

    seen = browser.look(page, *size, ask=COUNTED)

    assert all(f"DNS:{name}" in seen.text for name in STRANGE)
    assert seen.answer == [0, 0, 1]
    assert (seen.requests, seen.complaints) == ((), ())
    assert "strange.test" not in " ".join(proxy.called)
    assert seen.inner_width == size[0]
    assert seen.scroll_width <= seen.inner_width


def test_what_could_act_on_a_terminal_is_spelt_out(
    opened: tuple[Viewer, CountingProxy], street_reports: list[Report], tmp_path: Path
) -> None:
    browser, _ = opened
    page = written(tmp_path, *(each for each in street_reports if each.host == "hostile.demo.test"))

    seen = browser.look(page, *DESK)

    assert visible(HOSTILE)[:60] in seen.text
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e]", seen.text)


def test_two_thousand_hosts_open(
    opened: tuple[Viewer, CountingProxy], street_reports: list[Report], tmp_path: Path
) -> None:
    browser, _ = opened
    reports = []
    for number in range(2_000):
        report = street_reports[number % len(street_reports)]
        assert report.evidence is not None
        target = HostTarget(host=f"h{number}.example.test")
        reports.append(replace(report, evidence=replace(report.evidence, target=target)))

    seen = browser.look(written(tmp_path, *reports), *DESK, ask="document.querySelectorAll('article').length")

    assert isinstance(seen.answer, int)
    assert seen.answer >= 2_000
    assert seen.scroll_width <= seen.inner_width
