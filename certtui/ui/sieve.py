"""Which rows are shown: those that fit the filter, or what is most like it where none does. It keeps no order."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from certtui.core.catalogue import Category
from certtui.ui.rows import Row

if TYPE_CHECKING:
    from certtui.core.query import Query


class Sieve:
    """A query, and what else rows must have to be shown."""

    def __init__(self) -> None:
        self.query: Query | None = None
        """What is looked for; None for all."""
        self.failures_only = False
        self.only_category: Category | None = None
        self._found: set[int] = set()
        """Numbers of the rows that the query finds as it is."""
        self._loosened: Query | None = None

    def look_for(self, text: str) -> None:
        """Let through what fits a text, in the language of `core.query`."""
        self.query = None
        if text:
            from certtui.core.query import parse_query  # it is not needed to start

            self.query = parse_query(text)

    @property
    def is_loosened(self) -> bool:
        """Whether the query finds nothing, so that what is like its words is let through."""
        return self._loosened is not None

    @property
    def is_stale(self) -> bool:
        """Whether all rows must be sifted anew: the query has come to find something, or nothing any more."""
        if self.is_loosened:
            return bool(self._found)
        return self.query is not None and not self._found and self.query.loosened() is not None

    def sift(self, rows: Iterable[Row]) -> set[int]:
        """Return the numbers of the rows that are to be shown."""
        rows = tuple(rows)
        self._found, self._loosened = _found(self.query, rows), None
        shown = self._found
        if not shown and self.query is not None:
            self._loosened = self.query.loosened()
            if self._loosened is not None:
                shown = _found(self._loosened, rows)
        if self.failures_only or self.only_category is not None:
            return {row.number for row in rows if row.number in shown and self._is_wanted(row)}
        return set(shown)

    def lets_through(self, row: Row) -> bool:
        """Return whether a row is to be shown, and remember whether the query finds it."""
        is_found = self.query is None or self.query.finds(row.searchable)
        (self._found.add if is_found else self._found.discard)(row.number)
        if self._loosened is not None:
            is_found = self._loosened.finds(row.searchable)
        return is_found and self._is_wanted(row)

    def forget(self, row: Row) -> None:
        """Forget a row that is gone."""
        self._found.discard(row.number)

    def _is_wanted(self, row: Row) -> bool:
        if self.failures_only and not row.is_failure:
            return False
        return self.only_category is None or row.category is self.only_category


def _found(query: Query | None, rows: Iterable[Row]) -> set[int]:
    if query is None:
        return {row.number for row in rows}
    finds = query.matcher
    return {row.number for row in rows if finds(row.searchable)}
