"""The explorer's questions: what to add, how to sort, what to copy, where to save. Each hands its answer over."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from textual.app import App

from certtui.core.certificate import Certificate
from certtui.core.report import Report
from certtui.core.target import Target, parse_target_list
from certtui.ui.screens.choice import Choice, ChoiceScreen
from certtui.ui.screens.prompt import Mistake, PromptScreen
from certtui.ui.session import Order
from certtui.ui.texts import Copyable, copyables, save_new_file

_LETTERS = {Order.URGENCY: "u", Order.NAME: "n", Order.EXPIRY: "e", Order.LISTED: "l"}


def ask_for_hosts(app: App[None], typed: str, then: Callable[[Sequence[Target] | None], None]) -> None:
    """Ask for hosts to add, beginning with what was typed already."""
    hint = "hosts, host:port, URLs, addresses or files, with spaces between; enter adds, esc leaves"
    app.push_screen(PromptScreen("Add hosts", hint, _parse, typed=typed), then)


def _parse(text: str) -> Sequence[Target] | Mistake:
    parsed = parse_target_list(text.replace("#", " "))
    if parsed.problems:
        return Mistake(parsed.problems[0].message)
    return parsed.targets or Mistake("Nothing to add: write a host such as example.com, or press esc")


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


def ask_where_to_save(
    app: App[None], report: Report, certificate: Certificate | None, then: Callable[[Path | None], None]
) -> None:
    """Ask for a file for one certificate, or for the chain as sent where none is given, and write it."""
    certificates = report.chain if certificate is None else (certificate,)
    text = "".join(each.to_pem() for each in certificates)
    title = (
        f"Save the chain as sent ({len(certificates)}) as PEM"
        if certificate is None
        else "Save this certificate as PEM"
    )
    typed = f"{_file_name(report)}{'-chain' if certificate is None else ''}.pem"

    def write(path: str) -> Path | Mistake:
        return save_new_file(path, text)

    hint = "a new file; one that exists is never overwritten; enter saves, esc leaves"
    app.push_screen(PromptScreen(title, hint, write, typed=typed), then)


def _file_name(report: Report) -> str:
    """A name for a file from the host's own characters only, so that no path can hide in it."""
    host = report.host or "certificate"
    return (
        "".join(c if c.isascii() and (c.isalnum() or c in ".-") else "-" for c in host).strip(".-")
        or "certificate"
    )
