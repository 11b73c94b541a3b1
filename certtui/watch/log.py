"""What changed while watching, kept in memory. It decides nothing."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from datetime import datetime

from certtui.core.catalogue import SEVERITIES, Severity

MOST_KEPT = 1_000
"""Changes kept; the oldest go first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """That a look at a target found something else than the look before."""

    at: datetime
    """When the newer look began; aware, UTC."""
    target: str
    """The target's label."""
    sentences: tuple[str, ...]
    """What changed; raw text."""
    before: Severity | None = None
    """The gravest severity of the older look."""
    after: Severity | None = None
    """The gravest severity of the newer look."""

    @property
    def is_worse(self) -> bool:
        """Whether the newer look found something graver."""
        return _rank(self.after) < _rank(self.before)

    @property
    def is_better(self) -> bool:
        """Whether the newer look found nothing as grave."""
        return _rank(self.after) > _rank(self.before)


def _rank(severity: Severity | None) -> int:
    return len(SEVERITIES) if severity is None else SEVERITIES.index(severity)


class ChangeLog:
    """The latest changes, newest last."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._changes: deque[Change] = deque(maxlen=most)
        self.total = 0
        """How many changes there have been, those that are no longer kept too."""

    def __len__(self) -> int:
        return len(self._changes)

    @property
    def changes(self) -> tuple[Change, ...]:
        """Every change that is kept, newest last."""
        return tuple(self._changes)

    def add(self, change: Change) -> None:
        """Take in a change; the oldest one goes where there is no more room."""
        self._changes.append(change)
        self.total += 1
