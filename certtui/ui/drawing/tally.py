"""How many rows show which badge and severity, kept up to date row by row."""

from __future__ import annotations

from collections import Counter

from certtui.core.catalogue import BADGES, Category, Severity
from certtui.ui.rows import Row

_FAULTS_FIRST = (*(each for each in BADGES if each is not Category.TRUSTED), Category.TRUSTED)


class Tally:
    """Counts of rows. A row must be counted out as it was counted in."""

    def __init__(self) -> None:
        self._severities: Counter[Severity | None] = Counter()
        self._categories: Counter[Category | None] = Counter()

    def count(self, row: Row, by: int) -> None:
        """Count a row in, by 1, or out, by -1."""
        self._severities[row.severity] += by
        self._categories[row.category] += by

    def of_severity(self, severity: Severity) -> int:
        """Return how many rows have this as their gravest severity."""
        return self._severities[severity]

    def by_category(self) -> dict[Category, int]:
        """Return how many rows show each badge, faults by precedence first; badges that none shows are left out."""
        return {each: self._categories[each] for each in _FAULTS_FIRST if self._categories[each]}
