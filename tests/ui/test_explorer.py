"""The explorer by keyboard alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.events import Paste

from certtui.core.report import Report
from certtui.core.target import FileTarget, HostTarget, Target
from certtui.ui.services import Preferences, Remembered
from tests.ui.driver import explorer

Reports = dict[Target, Report]


async def test_an_empty_explorer_says_how_to_add_a_host() -> None:
    async with explorer({}) as user:
        await user.sees("No hosts yet. Press a to add")


async def test_the_most_urgent_host_comes_first_and_is_shown(few: Reports) -> None:
    async with explorer(few, size=(120, 40)) as user:
        assert user.selected == "expired.demo.test:443"
        await user.sees("EXPIRED", "is 10 days before now", "leaf-expired")


async def test_the_chain_shows_each_certificate_and_the_root_from_the_store(few: Reports) -> None:
    async with explorer(few, size=(120, 40)) as user:
        await user.sees(
            "Chain: 2 certificates from 127.0.0.1", "2 Demo Issuing CA", "Demo Root", "from the store"
        )


async def test_a_missing_issuer_is_a_ghost_in_the_chain(street_reports: Reports) -> None:
    target = HostTarget(host="incomplete.demo.test")
    async with explorer({target: street_reports[target]}, size=(120, 40)) as user:
        await user.sees("? Demo Issuing CA", "not sent, not in the store")


async def test_a_certificate_that_nothing_needs_is_listed_apart(street_reports: Reports) -> None:
    target = HostTarget(host="unrelated.demo.test")
    async with explorer({target: street_reports[target]}, size=(120, 40)) as user:
        await user.sees("Sent, but not used:", "3 Unknown Issuing CA")


async def test_moving_shows_the_next_host(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("j")

        assert user.selected == "hostile.demo.test:443"
        await user.sees("WRONG NAME")


async def test_moving_in_the_chain_shows_the_issuer_in_full(few: Reports) -> None:
    async with explorer(few, size=(120, 50)) as user:
        await user.press("2", "j")

        await user.sees("certificate 2 of 2 sent", "CN=Demo Issuing CA,O=certtui demo")


async def test_the_filter_narrows_while_it_is_typed_and_escape_clears_it(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("slash")
        await user.type("expired")
        await user.no_longer_sees("good.demo.test")

        await user.press("escape")
        await user.sees("good.demo.test")


async def test_an_exclamation_mark_turns_the_filter_round(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("slash")
        await user.type("!expir")
        await user.press("enter")

        await user.no_longer_sees("expired.demo.test", "expiring.demo.test")
        await user.sees("good.demo.test")


async def test_letters_typed_into_the_filter_do_nothing_else(few: Reports) -> None:
    async with explorer(few) as user:
        asked = len(user.engine.asked)
        await user.press("slash")
        await user.type("rqdx")

        assert user.app.session.filter_text == "rqdx"
        assert len(user.engine.asked) == asked
        await user.sees('No host matches "rqdx"')


async def test_only_failures_are_shown_on_demand(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("x")
        await user.no_longer_sees("good.demo.test")

        await user.press("x")
        await user.sees("good.demo.test")


async def test_a_removed_host_comes_back_with_its_report(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("d")
        await user.sees("Removed expired.demo.test", "3 hosts")

        await user.press("u")
        await user.sees("4 hosts")
        assert user.selected == "expired.demo.test:443"


async def test_the_list_is_remembered_when_it_changes(few: Reports) -> None:
    remembered: list[Remembered] = []
    async with explorer(few, remembered=remembered) as user:
        await user.press("d")
        await user.until(lambda: bool(remembered), "remembered")

    assert HostTarget(host="expired.demo.test") not in remembered[-1].targets
    assert HostTarget(host="good.demo.test") in remembered[-1].targets


async def test_a_mistyped_host_is_explained_and_what_was_typed_stays(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("a")
        await user.type("new.test:99999")
        await user.press("enter")
        await user.sees("bad port '99999'", "new.test:99999")

        await user.press(
            "backspace", "backspace", "backspace", "backspace", "backspace", "8", "4", "4", "3", "enter"
        )
        await user.sees("5 hosts")
    assert user.engine.asked[-1] == HostTarget(host="new.test", port=8443)


async def test_an_added_host_is_looked_at_and_selected(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("a")
        await user.type("https://new.test/path")
        await user.press("enter")

        await user.until(lambda: user.selected == "new.test:443", "the new host selected")
        await user.sees("checking")


async def test_a_host_is_looked_at_again(few: Reports) -> None:
    async with explorer(few) as user:
        before = len(user.engine.asked)
        await user.press("r")
        await user.until(lambda: len(user.engine.asked) == before + 1, "asked once more")

        await user.press("R")
        await user.until(lambda: len(user.engine.asked) == before + 5, "asked for all")


async def test_help_explains_the_finding_with_this_hosts_name_and_lists_the_keys(few: Reports) -> None:
    async with explorer(few, size=(110, 60)) as user:
        await user.press("question_mark")
        await user.sees(
            "Help: finding 1 of 1", "What it is", "Risk", "certbot renew --cert-name expired.demo.test"
        )

        await user.press("G")
        await user.sees("What clients make of this fault alone", "net::ERR_CERT_DATE_INVALID")
        await user.press("question_mark")
        await user.sees("Keys", "Choose the server that the commands are for")
        await user.press("escape", "escape")
        await user.sees("Hosts")


async def test_help_turns_from_finding_to_finding(street_reports: Reports) -> None:
    target = HostTarget(host="many-faults.demo.test")
    async with explorer({target: street_reports[target]}) as user:
        await user.press("question_mark")
        await user.sees("finding 1 of 6")

        await user.press("n")
        await user.sees("finding 2 of 6", "leaf-expired")
        await user.press("p", "p")
        await user.sees("finding 6 of 6")


async def test_the_order_can_be_chosen_and_reversed_and_the_selection_stays(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("j", "s")
        await user.sees("by name")
        await user.press("n")
        assert user.selected == "hostile.demo.test:443"

        first = user.app.session.row_at(0)
        await user.press("S")
        assert user.app.session.row_at(3) is first
        assert user.selected == "hostile.demo.test:443"


async def test_pem_is_saved_to_a_new_file_and_never_over_another(
    few: Reports, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with explorer(few) as user:
        await user.press("e", "c")
        await user.sees("Save PEM of the chain as sent (2)")
        await user.press("enter")
        await user.until((tmp_path / "expired.demo.test-chain.pem").exists, "the file")

        await user.press("e", "c")
        await user.sees("Save PEM of the chain as sent (2)")
        await user.press("enter")
        await user.sees("exists already")
    report = few[HostTarget(host="expired.demo.test")]
    written = (tmp_path / "expired.demo.test-chain.pem").read_text()
    assert written == "".join(certificate.to_pem() for certificate in report.chain)


async def test_a_certificate_that_was_not_sent_is_not_replaced_by_another(street_reports: Reports) -> None:
    target = HostTarget(host="incomplete.demo.test")
    async with explorer({target: street_reports[target]}, size=(120, 40)) as user:
        await user.press("2", "j", "Y")

        await user.sees("This certificate was not sent")


async def test_a_home_that_there_is_not_is_explained(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("e", "c")
        await user.sees("Save PEM of the chain")
        await user.press("ctrl+u")
        user.app.post_message(Paste("~nobody-of-this-name/x.pem"))
        await user.press("enter")

        await user.sees("cannot be written")


async def test_a_look_again_leaves_the_reader_where_they_were(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("2", "j", "3", "j", "j", "j")
        before = user.screen().splitlines()[8:-3]
        asked = len(user.engine.asked)
        # The same host again, as another report of the same certificates.
        target = user.app.session.selected.target  # type: ignore[union-attr]
        user.engine.reports[target] = replace(few[target])
        await user.press("r")
        await user.until(lambda: len(user.engine.asked) > asked, "asked again")
        await user.until(lambda: not user.app.session.waiting_count, "the result is there")
        await user.pilot.pause()

        assert user.screen().splitlines()[8:-3] == before


async def test_where_nothing_can_be_seen_nothing_is_done(few: Reports) -> None:
    async with explorer(few, size=(40, 10)) as user:
        await user.press("d")

        assert len(user.app.session) == len(few)


async def test_a_toast_takes_the_place_of_the_last(few: Reports) -> None:
    async with explorer(few, size=(120, 40)) as user:
        await user.press("d")
        await user.sees("Removed expired.demo.test")
        await user.press("u")

        await user.sees("Brought expired.demo.test back")
        await user.no_longer_sees("Removed expired.demo.test")


async def test_one_pane_can_be_shown_alone(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("3", "z")
        await user.no_longer_sees("Hosts")

        await user.press("z")
        await user.sees("Hosts")


async def test_every_action_is_in_the_palette(few: Reports) -> None:
    async with explorer(few, size=(100, 50)) as user:
        await user.press("colon")
        await user.type("fail")

        await user.sees("Show only hosts with an error or a warning")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60), (59, 20), (45, 12), (40, 10), (20, 5)])
async def test_every_size_shows_something_and_survives_every_pane(
    few: Reports, size: tuple[int, int]
) -> None:
    async with explorer(few, size=size) as user:
        await user.press("2", "3", "1", "tab", "z", "z")

        shown = user.screen()
        expected = "Too little room" if size[0] <= 40 or size[1] <= 10 else "Hosts"
        assert expected in shown or "Chain" in shown


async def test_a_terminal_that_shrinks_and_grows_again_shows_the_panes_again(few: Reports) -> None:
    async with explorer(few) as user:
        await user.pilot.resize_terminal(40, 10)
        await user.sees("Too little room")

        await user.pilot.resize_terminal(80, 24)
        await user.sees("Hosts", "Detail")


async def test_hosts_named_at_the_start_are_remembered(few: Reports) -> None:
    remembered: list[Remembered] = []
    async with explorer(few, remembered=remembered):
        assert remembered[-1].targets == tuple(few)


async def test_quitting_closes_the_engine(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("q")
        await user.until(lambda: user.engine.is_closed, "the engine closed")


async def test_signs_and_frames_are_ascii_on_demand(few: Reports) -> None:
    async with explorer(few, preferences=Preferences(ascii_only=True)) as user:
        row = user.screen().splitlines()[1]

        assert ">X EXPIRED  expired.demo.test" in row
        await user.press("y")
        await user.sees("PEM of this certificate")
        # What is left are the signs of cut text and of separation, and Textual's scroll bars.
        assert not {c for c in user.screen() if not c.isascii()} - set("…·▁▂▃▄▅▆▇█")


async def test_the_mouse_selects_a_host(few: Reports) -> None:
    async with explorer(few) as user:
        await user.pilot.click("#hosts", offset=(12, 4))

        assert user.app.session.position_of(user.app.session.selected) == 3


async def test_a_list_pasted_over_the_panes_can_be_added_whole(few: Reports) -> None:
    async with explorer(few) as user:
        user.app.post_message(Paste("https://one.test/path\r\ntwo.test:8443\n"))
        await user.sees("Add hosts", "https://one.test/path two.test:8443")

        await user.press("enter")
        await user.sees("6 hosts")


async def test_control_characters_in_a_paste_are_spelled_out(few: Reports) -> None:
    async with explorer(few) as user:
        await user.press("slash")
        user.app.post_message(Paste("x\x1b]0;PWNED\x07"))

        await user.sees("x\\u{1b}]0;PWNED\\u{7}")


async def test_a_toast_about_a_file_with_a_hostile_name_is_printable() -> None:
    hostile = FileTarget(path="./\x1b]0;PWNED\x07[red].pem")
    missing = Report(host=None, now=datetime.now(UTC), chain=())
    async with explorer({hostile: missing}) as user:
        await user.press("d")

        await user.sees("Removed", "./\\u{1b}]0;PWNED\\u{7}[red].pem")
