"""What the time machine lists: what would become of hosts, or what of their paths ends next. It touches no widget."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from certtui.core.moments import duration, moment
from certtui.core.report import Report, Verdict
from certtui.core.text import shortened
from certtui.core.what_if import BreakingDate, Effect, Outcome, breaking_dates
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, fitted, line

_LISTED = (Effect.BREAKS, Effect.REPAIRED, Effect.WARNED)
"""In this order; the others are only counted."""
_SIGNS = {Effect.BREAKS: "✗X", Effect.REPAIRED: "✓+", Effect.WARNED: "!!"}
_INKS = {Effect.BREAKS: Ink.ERROR, Effect.REPAIRED: Ink.GOOD, Effect.WARNED: Ink.WARNING}
MOST_CHARACTERS = 300
"""Of a text that a certificate may have made long, where it stands on one line."""
_EFFECT_CELLS = 11
_DATE_CELLS = 24


@dataclass(frozen=True, slots=True, kw_only=True)
class Prospect:
    """One line of the list."""

    position: int
    """The host's place among those that were given."""
    outcome: Outcome | None = None
    """What becomes of it."""
    ends: BreakingDate | None = None
    """What of its path ends next, where nothing is moved or removed."""

    @property
    def detail(self) -> str:
        """One sentence on why, or nothing; raw text."""
        if self.ends is not None:
            return shortened(f"{moment(self.ends.when)}: {self.ends.what} ends", MOST_CHARACTERS)
        reason = self.outcome.reason if self.outcome is not None else None
        return shortened(reason.summary, MOST_CHARACTERS) if reason is not None else ""


class Prospects:
    """What has been worked out so far."""

    def __init__(self) -> None:
        self.counts: Counter[Effect] = Counter()
        self.done = 0
        """How many hosts have been looked at."""
        self._by_effect: dict[Effect, list[Prospect]] = {effect: [] for effect in _LISTED}
        self._coming: list[Prospect] = []

    def take_outcomes(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what becomes of some more hosts."""
        for outcome in outcomes:
            self.done += 1
            self.counts[outcome.effect] += 1
            if outcome.effect in self._by_effect:
                found = Prospect(position=outcome.position, outcome=outcome)
                self._by_effect[outcome.effect].append(found)

    def take_coming(self, coming: Iterable[Prospect | None]) -> None:
        """Take in what ends next of some more hosts."""
        for prospect in coming:
            self.done += 1
            if prospect is not None:
                self._coming.append(prospect)

    def listed(self) -> list[Prospect]:
        """Return the lines: what breaks first, or what ends next, soonest first."""
        found = [prospect for effect in _LISTED for prospect in self._by_effect[effect]]
        return found + sorted(self._coming, key=_when)


def coming_ends(reports: Sequence[Report], now: datetime) -> Iterator[Prospect | None]:
    """Yield, one host at a time, what ends next of a path that is taken now; None where there is nothing."""
    for position, report in enumerate(reports):
        if report.verdict is not Verdict.TRUSTED:
            yield None
            continue
        ends = next((each for each in breaking_dates(report) if each.when >= now), None)
        yield Prospect(position=position, ends=ends) if ends is not None else None


def prospect_line(
    prospect: Prospect, label: str, now: datetime, width: int, is_cursor: bool, glyphs: Glyphs
) -> Line:
    """Return a line of the list in at most `width` cells."""
    cursor = Piece(glyphs.cursor if is_cursor else " ", Ink.STRONG)
    first, what = _first_column(prospect, now, glyphs)
    name_cells = max(12, int((width - 1 - len(first.text)) * (0.5 if prospect.ends is not None else 0.4)))
    what_cells = max(0, width - 2 - len(first.text) - name_cells)
    return line(cursor, first, Piece(fitted(label, name_cells)), Piece(f" {fitted(what, what_cells)}"))


def prospect_text(prospect: Prospect, label: str, now: datetime) -> str:
    """Return a line of the list as text, whole."""
    first, what = _first_column(prospect, now, Glyphs(is_ascii=True))
    return line(Piece(f"{first.text}{label}  {what}"))[0].text


def counts_line(prospects: Prospects, total: int) -> Line:
    """Return how many hosts would break and so on, and how many are still to be looked at."""
    counts = prospects.counts
    said = [
        Piece(f"{counts[Effect.BREAKS]} would break", Ink.ERROR if counts[Effect.BREAKS] else Ink.PLAIN),
        Piece(f" · {counts[Effect.REPAIRED]} repaired", Ink.GOOD if counts[Effect.REPAIRED] else Ink.PLAIN),
        Piece(f" · {counts[Effect.WARNED]} warned", Ink.WARNING if counts[Effect.WARNED] else Ink.PLAIN),
        Piece(f" · {counts[Effect.SAME]} as before", Ink.MUTED),
    ]
    if counts[Effect.NOT_JUDGED]:
        said.append(Piece(f" · {counts[Effect.NOT_JUDGED]} not judged", Ink.MUTED))
    if prospects.done < total:
        said.append(Piece(f" · judging {prospects.done} of {total}", Ink.NOTICE))
    return tuple(said)


def offset_words(moment_chosen: datetime, now: datetime) -> str:
    """Return how far a moment is from now: `in 30 days`, `10 days ago`."""
    span = moment_chosen - now
    return f"in {duration(span)}" if span >= timedelta() else f"{duration(span)} ago"


def _first_column(prospect: Prospect, now: datetime, glyphs: Glyphs) -> tuple[Piece, str]:
    if prospect.ends is not None:
        when = prospect.ends.when
        date = Piece(fitted(f"{when:%Y-%m-%d} {offset_words(when, now)}", _DATE_CELLS))
        return date, shortened(f"{prospect.ends.what} ends", MOST_CHARACTERS)
    outcome = prospect.outcome
    assert outcome is not None, "a prospect has an outcome or an end"
    sign = _SIGNS[outcome.effect][glyphs.is_ascii]
    word = Piece(fitted(f"{sign} {outcome.effect}", _EFFECT_CELLS), _INKS[outcome.effect])
    return word, outcome.reason.title if outcome.reason is not None else ""


def _when(prospect: Prospect) -> tuple[datetime, int]:
    assert prospect.ends is not None, "only what ends is sorted by when"
    return prospect.ends.when, prospect.position
