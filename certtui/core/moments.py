"""Moments and lengths of time: how sentences tell them, raw text, and when a day begins."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta


def moment(when: datetime | None) -> str:
    """Return a moment as it is shown everywhere: `2026-11-13 12:00 UTC`, to the second where it has any."""
    if when is None:
        return "unreadable"
    when = when.astimezone(UTC)
    return when.strftime("%Y-%m-%d %H:%M:%S UTC" if when.second else "%Y-%m-%d %H:%M UTC")


def duration(span: timedelta) -> str:
    """Return a length of time in its largest sensible unit: `10 days`, `3 hours`, `1 minute`."""
    seconds = abs(int(span.total_seconds()))
    for unit, size in (("day", 86_400), ("hour", 3_600), ("minute", 60)):
        if seconds >= size:
            count = seconds // size
            return f"{count} {unit}{'s' if count != 1 else ''}"
    return f"{seconds} second{'s' if seconds != 1 else ''}"


def midnight(day: date) -> datetime:
    """Return the moment at which a day begins; aware, UTC."""
    return datetime.combine(day, time(), tzinfo=UTC)


def share_left(begins: datetime | None, ends: datetime | None, now: datetime) -> float | None:
    """Return how much of a lifetime is left: 1 when it begins, below 0 once it has ended; None where there is none."""
    if begins is None or ends is None or ends <= begins:
        return None
    return (ends - now) / (ends - begins)
