"""A page about many hosts over the explorer; it ends with the label of the host to go to, or with nothing."""

from __future__ import annotations

from typing import ClassVar

from certtui.ui.screens.overlay import Page


class HostPage(Page[str | None]):
    """What such pages have in common: what is worked out for them may come when they are being closed."""

    PANES: ClassVar[tuple[str, ...]] = ()
    """Selectors of everything that shows what is worked out."""

    @property
    def is_open(self) -> bool:
        """Whether its panes are there: while a screen is being closed they go before the work for them does."""
        return self.is_attached and all(self.query(pane) for pane in self.PANES)
