"""A page about many hosts over the explorer; it ends with the label of the host to go to, or with nothing."""

from __future__ import annotations

from typing import ClassVar

from textual.screen import Screen

from certtui.ui.bindings import Where
from certtui.ui.messages import CopyAsked, PagerAsked


class HostPage(Screen[str | None]):
    """What such pages have in common: their text can be copied and paged, and they can be left."""

    AUTO_FOCUS = ".page"
    PLACE = Where.PAGE
    """Whose keys help lists for this page, besides those of every page."""
    PANES: ClassVar[tuple[str, ...]] = ()
    """Selectors of everything that shows what is worked out."""

    @property
    def is_open(self) -> bool:
        """Whether its panes are there: while a screen is being closed they go before the work for them does."""
        return self.is_attached and all(self.query(pane) for pane in self.PANES)

    def text(self) -> str:
        """Return the page as text, to copy or to read in a pager."""
        raise NotImplementedError

    def action_copy(self) -> None:
        """Copy the page as text."""
        self.post_message(CopyAsked(self.text(), "this page as text"))

    def action_pager(self) -> None:
        """Read the page in the user's pager."""
        self.post_message(PagerAsked(self.text()))

    def action_keys(self) -> None:
        """Show the keys of this page."""
        from certtui.ui.screens.keys import KeysScreen  # few look at it

        self.app.push_screen(KeysScreen(self.PLACE))

    def action_leave(self) -> None:
        """Go back to the explorer."""
        self.dismiss(None)
