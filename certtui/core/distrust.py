"""Roots that clients trust no longer, or not for long, from `knowledge/distrust.toml`. It judges no certificate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import cast

from certtui.core.knowledge import table
from certtui.core.moments import midnight
from certtui.core.roots import Root


class Refuser(StrEnum):
    """Clients that take old certificates of a root but no new ones, named as findings name them in their traits."""

    CHROME = "chrome"
    MOZILLA = "mozilla"
    APPLE = "apple"
    JAVA = "java"

    @property
    def shown(self) -> str:
        """What users call it."""
        return self.value.capitalize()

    @property
    def looks_at_timestamps(self) -> bool:
        """Whether it compares the earliest certificate transparency timestamp instead of notBefore."""
        return self is Refuser.CHROME


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutoff:
    """From when on a client refuses what a root vouches for."""

    client: Refuser
    after: datetime
    """The last moment of which it takes a certificate."""
    since: str | None
    """The first version that does so, None where that is not known."""
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """That a store ends its trust in a root on a day."""

    store: str
    when: datetime
    """The beginning of that day, UTC."""
    source: str
    by_age: bool
    """Whether the store's calendar says so, by the age of the key, and not a word about this root."""


def cutoffs(root: Root) -> Sequence[Cutoff]:
    """Return the cut-offs that clients have set for a root."""
    found = _cutoffs()
    return tuple(dict.fromkeys(each for sha256 in root.certificates for each in found.get(sha256, ())))


def departure(root: Root) -> Departure | None:
    """Return when Mozilla's store ends its trust in a root, past or future."""
    single = next((_departures()[each] for each in root.certificates if each in _departures()), None)
    return single or _by_age(root.not_before)


def past_departure(root: Root, listed: date, now: datetime) -> Departure | None:
    """Return how Mozilla's store ended its trust in a root that a list of a day still has, None if it has not.

    A list that is younger than the departure shows that it did not come about.
    """
    leaves = departure(root)
    if leaves is None or leaves.when > now or midnight(listed) >= leaves.when:
        return None
    return leaves


def _rows(name: str) -> list[dict[str, object]]:
    return cast("dict[str, list[dict[str, object]]]", _tables())[name]


@cache
def _tables() -> Mapping[str, object]:
    return table("distrust.toml")


@cache
def _cutoffs() -> Mapping[bytes, Sequence[Cutoff]]:
    found: dict[bytes, list[Cutoff]] = {}
    for row in _rows("cutoff"):
        cutoff = Cutoff(
            client=Refuser(str(row["client"])),
            after=cast("datetime", row["after"]),
            since=cast("str | None", row.get("since")),
            source=str(row["source"]),
        )
        for root in cast("list[str]", row["roots"]):
            found.setdefault(bytes.fromhex(root), []).append(cutoff)
    return found


@cache
def _departures() -> Mapping[bytes, Departure]:
    return {
        bytes.fromhex(root): Departure(
            store=str(row["store"]),
            when=midnight(cast("date", row["leaves"])),
            source=str(row["source"]),
            by_age=False,
        )
        for row in _rows("leaving")
        for root in cast("list[str]", row["roots"])
    }


def _by_age(key_made: datetime) -> Departure | None:
    for row in _rows("retirement"):
        before = row.get("keys_before")
        if before is None:
            when = _years_later(key_made, cast("int", row["years"]))
        elif key_made < midnight(cast("date", before)):
            when = midnight(cast("date", row["leaves"]))
        else:
            continue
        return Departure(store="mozilla", when=when, source=str(row["source"]), by_age=True)
    return None


def _years_later(moment: datetime, years: int) -> datetime:
    # 29 February is not in every year.
    day = 28 if (moment.month, moment.day) == (2, 29) else moment.day
    return midnight(date(moment.year + years, moment.month, day))
