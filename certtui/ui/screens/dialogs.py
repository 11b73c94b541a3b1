"""The explorer's questions: what to add, how to sort, what to copy, where to save. Each hands its answer over."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from certtui.core.catalogue import BADGES, Category
from certtui.core.certificate import Certificate
from certtui.core.report import Report
from certtui.core.servers import SERVERS
from certtui.core.target import TargetList, parse_target_list
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.screens.choice import Choice, ChoiceScreen
from certtui.ui.screens.prompt import Mistake, PromptScreen
from certtui.ui.session import Order
from certtui.ui.texts import Copyable, copyables

if TYPE_CHECKING:
    from certtui.ui.exports import Export

_LETTERS = {
    Order.URGENCY: "u",
    Order.NAME: "n",
    Order.EXPIRY: "e",
    Order.ISSUER: "i",
    Order.GROUP: "g",
    Order.CHANGED: "c",
    Order.LISTED: "l",
}


def ask_for_hosts(app: App[None], typed: str, then: Callable[[TargetList | None], None]) -> None:
    """Ask for hosts to add, beginning with what was typed already."""
    hint = "hosts, host:port, URLs, addresses or files, with spaces between; enter adds, esc leaves"
    app.push_screen(PromptScreen("Add hosts", hint, _parse, typed=typed), then)


def _parse(text: str) -> TargetList | Mistake:
    parsed = parse_target_list(text.replace("#", " "))
    if parsed.problems:
        return Mistake(parsed.problems[0].message)
    if not parsed.targets:
        return Mistake("Nothing to add: write a host such as example.com, or press esc")
    return parsed


def ask_for_order(app: App[None], then: Callable[[Order | None], None]) -> None:
    """Ask how to sort the hosts."""
    choices = [Choice(letter, f"by {order}", order) for order, letter in _LETTERS.items()]
    app.push_screen(ChoiceScreen("Sort", choices), then)


def ask_what_to_copy(
    app: App[None], report: Report, certificate: Certificate, then: Callable[[Copyable | None], None]
) -> None:
    """Ask what to copy of a report and one of its certificates."""
    choices = [Choice(item.letter, item.what, item) for item in copyables(report, certificate)]
    app.push_screen(ChoiceScreen("Copy", choices), then)


def ask_what_to_export(
    app: App[None], offered: Sequence[Export], then: Callable[[Export | None], None]
) -> None:
    """Ask what to save."""
    choices = [Choice(item.letter, item.label, item) for item in offered]
    app.push_screen(ChoiceScreen("Save", choices), then)


def ask_where_to_save(app: App[None], what: str, name: str, then: Callable[[Path | None], None]) -> None:
    """Ask for a file that is not there yet, beginning with `name`."""
    from certtui.ui.exports import free_path  # it is not needed for any other question

    hint = "a new file; one that exists is never overwritten; enter saves, esc leaves"
    app.push_screen(PromptScreen(f"Save {what}", hint, free_path, typed=name), then)


def ask_for_category(
    app: App[None],
    counts: Mapping[Category, int],
    glyphs: Glyphs,
    then: Callable[[tuple[Category | None] | None], None],
) -> None:
    """Ask which kind of fault to show; the answer is in a tuple, since "all" is one too."""
    choices: list[Choice[tuple[Category | None]]] = [
        Choice("a", f"all hosts ({sum(counts.values())})", (None,))
    ]
    choices += [
        Choice(str(number) if number < 10 else "", _counted(category, count, glyphs), (category,))
        for number, (category, count) in enumerate(counts.items(), 1)
    ]
    app.push_screen(ChoiceScreen("Show which kind of fault?", choices), then)


def _counted(category: Category, count: int, glyphs: Glyphs) -> str:
    badge = BADGES[category]
    return f"{glyphs.badge(badge)} {badge.word:<14}{count:>6}"


def ask_for_server(
    app: App[None], server: str | None, then: Callable[[tuple[str | None] | None], None]
) -> None:
    """Ask what server the user runs; the answer is in a tuple, since "every server" is one too."""
    letters = "nachikpdbo"
    named = zip(letters, SERVERS, strict=True)
    choices: list[Choice[tuple[str | None]]] = [Choice(letter, name, (name,)) for letter, name in named]
    choices.append(Choice("e", "every server", (None,)))
    app.push_screen(ChoiceScreen("Commands for which server?", choices), then)


def ask_for_error(app: App[None], then: Callable[[str | None], None]) -> None:
    """Ask for a word or for the text of an error."""
    hint = "a word, or an error as a browser or a program showed it; enter searches, esc leaves"
    app.push_screen(PromptScreen("Search the findings", hint, _some_text), then)


def _some_text(text: str) -> str | Mistake:
    return text.strip() or Mistake("Write or paste the error text, such as ERR_CERT_DATE_INVALID.")
