"""Pages over the explorer: help, who rejects, who trusts, all findings, keys."""

from __future__ import annotations

import pytest

from certtui.core.catalogue import Code
from certtui.core.clients import client_verdicts
from certtui.core.remedy import values_of
from certtui.core.report import Report
from certtui.core.target import HostTarget, Target
from certtui.ui import clipboard
from certtui.ui.drawing.help_page import help_page
from certtui.ui.drawing.lines import plain
from certtui.ui.services import Preferences, Remembered
from tests.ui.driver import explorer
from tests.ui.scenes import scenes

SIZES = [(80, 24), (200, 60), (41, 11)]


def only(name: str) -> dict[Target, Report]:
    """Return the report of one house."""
    target = HostTarget(host=f"{name}.demo.test")
    return {target: scenes()[target]}


@pytest.fixture
def copied(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What has been copied."""
    texts: list[str] = []

    async def keep(text: str, **_: object) -> clipboard.Copied:
        texts.append(text)
        return clipboard.Copied("copied")

    monkeypatch.setattr(clipboard, "copy", keep)
    return texts


async def test_who_rejects_lists_every_client_with_what_it_shows_and_what_comes_next() -> None:
    async with explorer(only("many-faults"), size=(120, 60)) as user:
        await user.press("w")

        await user.sees("Who rejects many-faults.demo.test", "11 reject it")
        await user.sees(
            "measured with gnutls-cli", "derived from", "1 The certificate issuer is unknown", "2 The"
        )


async def test_a_host_that_nobody_rejects_is_accepted_by_all() -> None:
    async with explorer(only("good")) as user:
        await user.press("w")

        await user.sees("11 accept it")


async def test_a_host_that_cannot_be_reached_has_no_clients() -> None:
    async with explorer(only("closed")) as user:
        await user.press("w")

        await user.sees("no client was asked")


async def test_who_trusts_shows_the_path_and_that_no_public_store_holds_its_root() -> None:
    async with explorer(only("good")) as user:
        await user.press("p")

        await user.sees("good.demo.test ← Demo Issuing CA ← Demo Root", "No public store")


async def test_the_chosen_server_s_commands_come_first_and_the_choice_is_remembered() -> None:
    remembered: list[Remembered] = []
    async with explorer(only("incomplete"), size=(100, 50), remembered=remembered) as user:
        await user.press("question_mark", "s")
        await user.sees("Commands for which server?")
        await user.press("h")
        await user.sees("commands for HAProxy", "/etc/haproxy/certs/incomplete.demo.test.pem")
        await user.no_longer_sees("ssl_certificate ")

        assert remembered[-1].server == "HAProxy"
        await user.press("escape", "question_mark")
        await user.sees("commands for HAProxy")


async def test_the_marked_command_is_copied_with_one_key_as_it_must_be_typed(copied: list[str]) -> None:
    # Narrower than the commands are long: what is copied is whole lines all the same.
    async with explorer(only("expired"), size=(50, 20), preferences=Preferences(server="certbot")) as user:
        await user.press("question_mark", "c")
        await user.until(lambda: bool(copied), "a command copied")
        assert copied == ["certbot renew --cert-name expired.demo.test --force-renewal\n"]

        await user.press("tab", "c")
        await user.until(lambda: len(copied) == 2, "the next command copied")
        assert copied[1].startswith("certbot renew --cert-name expired.demo.test --dry-run\n")


async def test_a_click_on_a_command_copies_it(copied: list[str]) -> None:
    async with explorer(only("expired"), size=(100, 60)) as user:
        await user.press("question_mark")
        await user.sees("certbot renew")
        row = next(n for n, text in enumerate(user.screen().splitlines()) if "certbot renew" in text)
        await user.pilot.click(offset=(10, row))
        await user.until(lambda: bool(copied), "the command copied")

        assert copied == ["certbot renew --cert-name expired.demo.test --force-renewal\n"]


async def test_all_findings_can_be_read_at_leisure() -> None:
    async with explorer(only("good"), size=(100, 60)) as user:
        await user.press("question_mark", "l")
        await user.sees("All findings", "leaf-expired")
        await user.press("j", "enter")

        await user.sees("Help: ", "What it is")
        await user.press("escape", "escape", "escape")
        await user.sees("Hosts")


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("ERR_CERT_DATE_INVALID", Code.LEAF_EXPIRED),
        ("unable to get local issuer certificate", Code.CHAIN_INCOMPLETE),
        ("wildcard", Code.WILDCARD_DEPTH),
    ],
)
async def test_an_error_text_leads_to_the_findings_that_it_may_mean(typed: str, code: Code) -> None:
    async with explorer(only("good"), size=(100, 40)) as user:
        await user.press("question_mark", "slash")
        await user.sees("Search the findings")
        await user.type(typed)
        await user.press("enter")

        await user.sees("What may be meant by", code.value)


async def test_a_text_that_nothing_is_known_of_says_so() -> None:
    async with explorer(only("good")) as user:
        await user.press("question_mark", "slash", *"qqqq", "enter")

        await user.sees("Nothing is known of this text")


async def test_each_page_says_its_own_keys() -> None:
    async with explorer(only("expired")) as user:
        await user.press("question_mark", "question_mark")
        await user.sees("Keys", "Choose the server that the commands are for")
        await user.press("escape", "escape")
        await user.sees("Hosts")


async def test_help_without_a_fault_lists_keys_and_terms() -> None:
    async with explorer(only("good"), size=(100, 120)) as user:
        await user.press("question_mark")

        await user.sees("No fault was found", "In the explorer", "What the filter / understands", "days<30")


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("key", ["question_mark", "w", "p", "T", "t", "i", "h", "l", "y", "e", "f", "s", "v"])
async def test_every_page_opens_and_closes_at_every_size(key: str, size: tuple[int, int]) -> None:
    async with explorer(scenes(), size=size) as user:
        await user.press(key)
        await user.pilot.pause(0.1)
        await user.press("escape", "escape", "escape")
        await user.until(lambda: user.app.screen is user.app.main_screen, "the explorer again")


@pytest.mark.parametrize("key", ["question_mark", "w", "p", "c", "i", "T"])
async def test_what_a_certificate_says_is_shown_as_text_on_every_page(key: str) -> None:
    async with explorer(only("hostile"), size=(100, 60)) as user:
        await user.press(key)
        await user.pilot.pause(0.1)

        assert not {c for c in user.screen() if not c.isprintable() and c != "\n"}


@pytest.mark.parametrize("target", list(scenes()), ids=lambda target: target.label)
def test_help_and_the_page_of_clients_never_contradict_each_other(target: Target) -> None:
    report = scenes()[target]
    for finding in report.findings:
        alone = {verdict.client: verdict.stance for verdict in client_verdicts([finding])}
        page = help_page(finding.code, values_of(report), None, report=report, finding=finding)
        said = {plain(row).split()[0]: plain(row).split()[1] for row, indent, _ in page.lines if indent == 21}

        # Of a notice that nobody has looked at, the one says so and the other that no client refuses for a notice.
        assert all(alone[client] == stance for client, stance in said.items() if stance != "unknown")
