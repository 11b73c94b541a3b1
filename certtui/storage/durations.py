"""Lengths of time as people write them in settings and options: `90s`, `10m`, `1h30m`, `2d`."""

from __future__ import annotations

import re
from datetime import timedelta

SHORTEST = timedelta(seconds=5)
"""Looking again more often than this would be a burden on a server."""
LONGEST = timedelta(days=30)

_UNITS = {"d": "days", "h": "hours", "m": "minutes", "s": "seconds"}
_DURATION = re.compile("".join(rf"(?:(?P<{unit}>[0-9]{{1,7}}){unit})?" for unit in _UNITS), re.ASCII)
_ADVICE = "write it as in 90s, 10m, 1h30m or 2d, from 5s to 30d"


def parse_duration(text: str) -> timedelta | str:
    """Return the length of time that `text` names, or what is wrong with it and what to write; raw text.

    Days, hours, minutes and seconds, the largest first; what is between them and around them may be spaces.
    """
    match = _DURATION.fullmatch("".join(text.lower().split()))
    parts = {_UNITS[unit]: int(value) for unit, value in match.groupdict().items() if value} if match else {}
    if not parts:
        return f"{text!r} is no length of time: {_ADVICE}"
    duration = timedelta(**parts)
    if not SHORTEST <= duration <= LONGEST:
        return f"{text!r} is too {'short' if duration < SHORTEST else 'long'}: {_ADVICE}"
    return duration
