"""Looking at targets without a screen: reports are printed as they come, and an exit code says what they come to."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from certtui.core.catalogue import SEVERITIES, Code, Severity
from certtui.core.target import Target
from certtui.options import complain

if TYPE_CHECKING:
    from certtui.core.report import Report
    from certtui.probe.scan import Engine

NOTHING, FOUND, BAD_INPUT, UNREACHABLE, OWN_FAULT = range(5)
"""What `certtui check` can end with."""

WHOLE_FORMS = ("json", "markdown", "html")
"""Forms that are one document, printed once everything is known."""


def exit_code(reports: Sequence[Report], fail_on: str, *, has_bad_input: bool) -> int:
    """Return what `check` ends with: 4 before 2 before 1 before 3 before 0."""
    from certtui.core.report import Verdict

    findings = [finding for report in reports for finding in report.findings]
    if any(finding.code is Code.INTERNAL_ERROR for finding in findings):
        return OWN_FAULT
    if has_bad_input or any(finding.code is Code.FILE_UNREADABLE for finding in findings):
        return BAD_INPUT
    unreachable = [report for report in reports if report.verdict is Verdict.UNREACHABLE]
    reached = [report for report in reports if report.verdict is not Verdict.UNREACHABLE]
    if fail_on != "never":
        failing = SEVERITIES[: SEVERITIES.index(Severity(fail_on)) + 1]
        if any(report.severity in failing for report in reached):
            return FOUND
    return UNREACHABLE if unreachable else NOTHING


def can_lint() -> bool:
    """Return whether the linter is installed, and say how to install it if not."""
    from certtui.lint.pkilint import NOT_INSTALLED, is_installed

    if not is_installed():
        complain(NOT_INSTALLED.why)
    return is_installed()


@contextmanager
def linter(is_wanted: bool) -> Iterator[Callable[[Report], Report]]:
    """Hand over what adds a linter's findings to a report, or leaves it as it is."""
    if not is_wanted:
        yield lambda report: report
        return
    from certtui.lint.worker import Linter

    with Linter() as working:
        yield working.judge


def look(
    targets: Sequence[Target],
    engine: Engine,
    form: str,
    judged: Callable[[Report], Report],
    *,
    no_color: bool,
    program: str | None = None,
) -> list[Report]:
    """Look at all targets and print each report: in order as soon as it can be, or for jsonl as it comes.

    `program` is the one that the repairs in Markdown and HTML are for.
    """
    in_order: list[Report] = []
    waiting: dict[Target, Report] = {}
    write = _text_writer(no_color) if form == "text" else None
    try:
        for target, unlinted in _results(targets, engine):
            report = judged(unlinted)
            if form == "jsonl":
                _print_json_line(report)
            waiting[target] = report
            while len(in_order) < len(targets) and targets[len(in_order)] in waiting:
                in_order.append(waiting.pop(targets[len(in_order)]))
                if write is not None:
                    print_text(write(in_order[-1]))
    finally:
        engine.close()
        if form in WHOLE_FORMS:
            print_text(_document([*in_order, *waiting.values()], form, program))
    return in_order


def _document(reports: Sequence[Report], form: str, program: str | None) -> str:
    if form == "markdown":
        from certtui.report.markdown import as_markdown

        return as_markdown(reports, program=program)
    if form == "html":
        from certtui.report.html import as_html

        return as_html(reports, made_at=datetime.now(UTC), program=program)
    from certtui.report.json import as_json

    return as_json(reports)


def _print_json_line(report: Report) -> None:
    from certtui.report.json import as_json_line

    print_text(as_json_line(report))


def _results(targets: Sequence[Target], engine: Engine) -> Iterator[tuple[Target, Report]]:
    engine.submit(targets)
    left = len(targets)
    while left:
        engine.wait(0.2)
        for inspected in engine.take():
            left -= 1
            yield inspected.target, inspected.report


def _text_writer(no_color: bool) -> Callable[[Report], str]:
    from certtui.report.text import TextWriter

    in_colour = sys.stdout.isatty() and not no_color and not os.environ.get("NO_COLOR")
    return TextWriter(width=output_width(), in_colour=in_colour).report


class NobodyReads(Exception):
    """Whoever read the output has seen enough; click would call a broken pipe a failure."""


def print_text(text: str) -> None:
    """Write to standard output; raise `NobodyReads` if that has been closed at the other end."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        raise NobodyReads from None


def output_width() -> int:
    """Return how many columns a text has: as many as the terminal up to 120, or 100 where there is none."""
    if not sys.stdout.isatty():
        return 100
    return min(os.get_terminal_size(sys.stdout.fileno()).columns or 80, 120)
