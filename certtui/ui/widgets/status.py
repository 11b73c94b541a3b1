"""The status line: counts that filter when clicked, filter, progress, watch. It asks nobody."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import TYPE_CHECKING

from textual import events
from textual.message import Message

from certtui.core.moments import duration
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.status import StatusSegment, category_at, status_segments
from certtui.ui.session import Session
from certtui.ui.widgets.line_view import LineView

if TYPE_CHECKING:
    from certtui.core.catalogue import Category


class StatusLine(LineView, can_focus=False):
    """Counts, filter and progress on one line."""

    class CategoryChosen(Message):
        """The user clicked the count of a category."""

        def __init__(self, category: Category) -> None:
            super().__init__()
            self.category = category

    def __init__(self, session: Session, glyphs: Glyphs) -> None:
        super().__init__(id="status")
        self._session = session
        self._glyphs = glyphs
        self._scan_size = 0
        """How many hosts were asked for since the engine was last idle."""
        self._began = 0.0
        self.watch_every: timedelta | None = None
        self.changes = 0
        """How many changes the log holds."""
        self._segments: tuple[StatusSegment, ...] = ()

    def expect(self, hosts: int) -> None:
        """Count hosts that are being asked for."""
        if not self._session.waiting_count:
            self._scan_size, self._began = 0, time.monotonic()
        self._scan_size += hosts

    def show(self) -> None:
        """Show counts and progress as they are."""
        if not self._session.waiting_count:
            self._scan_size = 0
        elapsed = time.monotonic() - self._began if self._session.waiting_count else None
        self._segments = status_segments(
            self._session,
            self._scan_size,
            max(10, self.size.width),
            self._glyphs,
            elapsed,
            watching=self._watching(),
        )
        self.set_lines([tuple(segment.piece for segment in self._segments)])

    def _watching(self) -> str:
        said = [f"watching every {duration(self.watch_every)}"] if self.watch_every is not None else []
        if self.changes:
            said.append(f"{self.changes} change{'s' if self.changes != 1 else ''}")
        return ", ".join(said)

    def on_click(self, event: events.Click) -> None:
        """Tell which category's count was clicked."""
        category = category_at(self._segments, event.x)
        if category is not None:
            self.post_message(self.CategoryChosen(category))
