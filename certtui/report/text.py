"""A report in plain lines: for pipes, logs, tickets and screen readers. Every string in it is made safe to show."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from enum import StrEnum

from certtui.core.catalogue import Severity
from certtui.core.clients import Stance
from certtui.core.moments import moment
from certtui.core.report import Report, Verdict
from certtui.core.text import shortened, visible

_MOST_CHARACTERS = 1_000


class Colour(StrEnum):
    """The colours that a terminal's own palette has."""

    RED = "31"
    YELLOW = "33"
    GREEN = "32"
    DIM = "2"


_OF_SEVERITY = {Severity.ERROR: Colour.RED, Severity.WARNING: Colour.YELLOW, Severity.NOTICE: Colour.DIM}


class TextWriter:
    """Writes reports as text, `width` columns wide, in colour or not."""

    def __init__(self, *, width: int = 80, in_colour: bool = False) -> None:
        self._width = max(40, width)
        self._in_colour = in_colour

    def report(self, report: Report) -> str:
        """Return a report as lines, ending in a line feed."""
        return "\n".join(self._lines(report)) + "\n"

    def _lines(self, report: Report) -> Iterator[str]:
        label = report.evidence.target.label if report.evidence is not None else report.host or "chain"
        words = ", ".join(report.shown_badge(badge).word for badge in report.badges)
        colour = Colour.GREEN if report.severity in (None, Severity.NOTICE) else _OF_SEVERITY[report.severity]
        yield f"{visible(label)}: {self._coloured(words, colour)}"
        yield from self._certificate(report)
        for finding in report.findings:
            place = f", certificate {finding.certificate + 1}" if finding.certificate is not None else ""
            head = f"{finding.severity} {finding.code}{place}: "
            first, *rest = self._wrapped(head + visible(shortened(finding.summary, _MOST_CHARACTERS)), 2, 4)
            yield self._coloured(first, _OF_SEVERITY[finding.severity])
            yield from rest
            for fact in finding.evidence:
                value = visible(shortened(fact.value, _MOST_CHARACTERS))
                yield from self._wrapped(f"{visible(fact.label)}: {value}", 6, 8)
        yield from self._clients(report)
        if report.unchecked:
            yield from self._wrapped(
                "not checked: " + ", ".join(each.what for each in report.unchecked), 2, 4
            )

    def _certificate(self, report: Report) -> Iterator[str]:
        leaf = report.leaf
        if leaf is None:
            return
        name = leaf.issuer.common_name or leaf.issuer.rfc4514 or "nobody"
        issuer = visible(shortened(name, _MOST_CHARACTERS))
        life = f"{moment(leaf.not_before)} to {moment(leaf.not_after)}"
        subject = visible(shortened(leaf.display_name, _MOST_CHARACTERS))
        yield from self._wrapped(f"{subject}, issued by {issuer}, {life}", 2, 4)

    def _clients(self, report: Report) -> Iterator[str]:
        """Only what refuses is named: who accepts is everybody else, as far as is known."""
        if report.verdict is not Verdict.REJECTED:
            return
        for verdict in report.clients:
            if verdict.stance is Stance.REJECTS:
                shown = f": {verdict.shows}" if verdict.shows else ""
                yield from self._wrapped(f"{verdict.client} refuses{shown}", 2, 4)

    def _wrapped(self, text: str, indent: int, hanging: int) -> list[str]:
        return textwrap.wrap(
            text,
            self._width,
            initial_indent=" " * indent,
            subsequent_indent=" " * hanging,
            break_on_hyphens=False,
        ) or [""]

    def _coloured(self, text: str, colour: Colour) -> str:
        return f"\x1b[{colour}m{text}\x1b[0m" if self._in_colour else text
