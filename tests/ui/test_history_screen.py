"""A host's history: what is listed, what had changed, which two looks are compared."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from datetime import timedelta
from typing import cast

import pytest
from textual import on
from textual.screen import Screen

from certtui.core.catalogue import Code
from certtui.core.certificate import Certificate
from certtui.core.evidence import Failure, Loaded, Stage
from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.storage.history import History
from certtui.storage.visit import Visit
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import line, plain, width_of, wrapped_all
from certtui.ui.drawing.visit_lines import visit_lines, visit_row
from certtui.ui.screens.history import HistoryScreen, VisitsChosen
from tests.storage.looks import CHAIN, DAY, HOST, MINUTE, NOW, RENEWED, SECOND, evidence, failed, judged, look
from tests.ui.stage import Audience, on_stage

SIZES = [(80, 24), (200, 60)]
"""The least that is promised, and plenty."""


@pytest.fixture
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """A history of this test alone."""
    return History.open(tmp_path_factory.mktemp("data") / "history.sqlite3")


def kept(history: History, reports: Sequence[Report], target: Target = HOST) -> tuple[Visit, ...]:
    """Return what the history makes of reports."""
    history.record(reports)
    return history.visits(target)


@pytest.fixture
def visits(history: History) -> tuple[Visit, ...]:
    """A certificate, seen twice; no answer; the certificate again; its successor."""
    return kept(
        history,
        [
            look(CHAIN, NOW),
            look(CHAIN, NOW + DAY),
            failed(NOW + 30 * DAY),
            look(CHAIN, NOW + 31 * DAY),
            look(RENEWED, NOW + 40 * DAY),
            look(RENEWED, NOW + 40 * DAY + 5 * MINUTE),
        ],
    )


class Listening(HistoryScreen):
    """The screen, with what it asked for."""

    def __init__(self, *arguments: object, **options: object) -> None:
        super().__init__(*arguments, **options)  # type: ignore[arg-type]
        self.chosen: list[tuple[Visit, Visit]] = []

    @on(VisitsChosen)
    def remember(self, event: VisitsChosen) -> None:
        """Remember what is to be compared."""
        self.chosen.append((event.before, event.after))


def screen(visits: Sequence[Visit], **options: bool) -> Listening:
    """Return the screen of the host of these tests."""
    return Listening("www.example.test", visits, Glyphs(), **options)


def opened(shown: HistoryScreen, size: tuple[int, int] = (80, 24)) -> AbstractAsyncContextManager[Audience]:
    """Open the screen alone."""
    return on_stage(cast("Screen[str | None]", shown), size=size)


@pytest.mark.parametrize("size", SIZES, ids=["small", "big"])
async def test_what_had_changed_is_told_row_by_row(size: tuple[int, int], visits: tuple[Visit, ...]) -> None:
    async with opened(screen(visits), size=size) as user:
        await user.sees("History of www.example.test: 4 different looks, newest first", "first seen, UTC")
        rows = [row for row in user.screen().splitlines() if ":00 " in row and "│" in row]
        found = [
            next(row for row in rows if day in row) for day in ("2027-01-04 ", "12-26 ", "12-25 ", "11-25 ")
        ]
        for row, word in zip(found, ("certificate", "back", "lost", "first seen"), strict=True):
            assert word in row
        for row, badge in zip(found, ("✓", "✓", "∅", "✓"), strict=True):
            assert badge in row


@pytest.mark.parametrize("size", SIZES, ids=["small", "big"])
async def test_the_visit_under_the_cursor_is_told_whole(
    size: tuple[int, int], visits: tuple[Visit, ...]
) -> None:
    serial = f"{Certificate.of(SECOND.der).serial:x}"
    async with opened(screen(visits), size=size) as user:
        await user.sees(
            "2027-01-04 12:00 UTC to 2027-01-04 12:05 UTC, 2 looks", "Certificate replaced: serial"
        )
        if size[1] > 40:
            await user.sees(
                f"Serial        {serial}", "CN=History CA", "Sent          2 certificates by 192.0.2.1"
            )
        await user.press("down", "down")
        await user.sees("Unreachable", "NO CONNECTION", "connection refused (192.0.2.1)")
        await user.press("G")
        await user.sees("2026-11-25 12:00 UTC to 2026-11-26 12:00 UTC, 2 looks")


async def test_a_certificate_that_was_replaced_during_an_outage_is_told(history: History) -> None:
    visits = kept(history, [look(CHAIN, NOW), failed(NOW + DAY), look(RENEWED, NOW + 2 * DAY)])
    async with opened(screen(visits)) as user:
        await user.sees("Reachable again: trusted.", "Certificate replaced")
        assert "certificate" in user.line_with("11-27 12:00")


async def test_a_wide_screen_has_serial_and_issuer_in_the_row(visits: tuple[Visit, ...]) -> None:
    serial = f"{Certificate.of(SECOND.der).serial:x}"
    async with opened(screen(visits), size=(200, 60)) as user:
        await user.sees("last seen, UTC", "issuer")
        assert "History CA" in user.line_with(f"{serial[:11]}…")


async def test_c_on_two_visits_compares_them_older_first(visits: tuple[Visit, ...]) -> None:
    shown = screen(visits)
    async with opened(shown) as user:
        await user.sees("first seen")
        await user.press("down", "c")
        await user.sees("one look is marked", "A")
        await user.press("G", "c")
        await user.until(lambda: shown.chosen == [(visits[3], visits[1])], "compared")
        await user.no_longer_sees("one look is marked")


async def test_c_on_the_marked_visit_takes_the_mark_away(visits: tuple[Visit, ...]) -> None:
    shown = screen(visits)
    async with opened(shown) as user:
        await user.sees("first seen")
        await user.press("c")
        await user.sees("one look is marked")
        await user.press("c")
        await user.no_longer_sees("one look is marked")
        assert shown.chosen == []


@pytest.mark.parametrize(("position", "pair"), [(0, (1, 0)), (2, (2, 0)), (3, (3, 0))])
async def test_without_a_mark_a_visit_is_compared_with_the_newest(
    position: int, pair: tuple[int, int], visits: tuple[Visit, ...]
) -> None:
    shown = screen(visits)
    async with opened(shown) as user:
        await user.sees("first seen")
        await user.press(*["down"] * position)
        shown.action_choose()
        await user.until(lambda: shown.chosen == [(visits[pair[0]], visits[pair[1]])], "compared")


async def test_one_visit_alone_is_compared_with_nothing(history: History) -> None:
    shown = screen(kept(history, [look()]))
    async with opened(shown) as user:
        await user.sees("always the same so far")
        await user.press("c")
        await user.sees("nothing to compare it with")
        assert shown.chosen == []


async def test_y_copies_the_whole_table_as_text(visits: tuple[Visit, ...]) -> None:
    async with opened(screen(visits)) as user:
        await user.sees("first seen")
        await user.press("y")
        await user.until(lambda: bool(user.app.copied), "copied")

    heading, columns, *rows = user.app.copied[0].splitlines()
    assert heading == "History of www.example.test: 4 different looks, newest first"
    assert columns.split()[-6:] == ["looks", "badge", "expires", "changed", "serial", "issuer"]
    assert [row.split()[0] for row in rows] == ["✓", "✓", "∅", "✓"]
    assert all("History CA" in row for row in rows if row.startswith("  ✓"))


async def test_without_a_past_it_is_told_how_to_get_one() -> None:
    async with opened(screen(())) as user:
        await user.sees("Nothing is kept of this host yet.", "press r in the explorer")
        await user.press("c")
        await user.press("j")
        await user.press("escape")
        await user.until(lambda: user.app.answers == [None], "left")


async def test_a_history_that_is_off_is_told() -> None:
    async with opened(screen((), is_on=False)) as user:
        await user.sees("No history is kept", "[history]", "certtui --paths")


async def test_a_file_has_a_past_too(history: History) -> None:
    target = FileTarget(path="/srv/chain.pem")
    files = [
        judged(evidence(Loaded(path="/srv/chain.pem", chain=chain), NOW + turn * DAY, target))
        for turn, chain in enumerate((CHAIN, RENEWED))
    ]
    async with opened(screen(kept(history, files, target)), size=(100, 40)) as user:
        await user.sees("certificate", "Read          2 certificates from /srv/chain.pem")


async def test_what_a_peer_says_cannot_act_on_the_terminal(history: History) -> None:
    said = Failure(code=Code.NOT_TLS, stage=Stage.HANDSHAKE, detail="\x1b]0;owned\x07[red]\u202egnp")
    async with opened(screen(kept(history, [failed(failure=said)])), size=(100, 40)) as user:
        await user.sees("\\u{1b}]0;owned\\u{7}[red]\\u{202e}gnp")


async def test_a_thousand_visits_are_drawn_as_they_come_into_view(history: History) -> None:
    visits = kept(
        history, [look((CHAIN, RENEWED)[n % 2], NOW + n * timedelta(hours=1)) for n in range(1_000)]
    )
    async with opened(screen(visits)) as user:
        await user.sees("1000 different looks")
        await user.press("G")
        await user.sees("2026-11-25 12:00 UTC, 1 look")


@pytest.mark.parametrize("width", [40, 75, 120, 200])
def test_every_house_of_the_street_fits_its_row(
    width: int, street_reports: dict[Target, Report], history: History
) -> None:
    history.record([*street_reports.values()])

    for target in street_reports:
        visits = history.visits(target)
        row = visit_row(visits, 0, width, line("    "))
        lines = wrapped_all(visit_lines(visits, 0, Glyphs()), width)
        assert width_of(row) == max(width, 55)
        assert "first seen" in plain(row)
        assert all(width_of(each) <= width for each in lines)


def test_the_street_s_badges_are_those_of_its_reports(
    street_reports: dict[Target, Report], history: History
) -> None:
    history.record([*street_reports.values()])

    for target, report in street_reports.items():
        (visit,) = history.visits(target)
        assert visit.badge == report.shown_badge(report.badge)
        assert visit.verdict is report.verdict
        assert isinstance(target, HostTarget | FileTarget)
