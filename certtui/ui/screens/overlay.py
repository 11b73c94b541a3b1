"""What lies over the explorer: it is closed once, however many keys come in together; a page's text can leave it."""

from __future__ import annotations

from abc import abstractmethod
from typing import TypeVar

from textual.await_complete import AwaitComplete
from textual.screen import ModalScreen, Screen

from certtui.ui.bindings import Where
from certtui.ui.messages import CopyAsked, PagerAsked

Result = TypeVar("Result")


class ClosesOnce(Screen[Result]):
    """A screen that closes once."""

    def dismiss(self, result: Result | None = None) -> AwaitComplete:
        """Close with a result; a second key that came in with the first finds nothing to close."""
        return super().dismiss(result) if self.is_current else AwaitComplete()


class Dialog(ModalScreen[Result], ClosesOnce[Result]):
    """A question over what is there; it is answered once."""


class Page(ClosesOnce[Result]):
    """A page whose text can be copied and read in a pager, and whose keys can be listed."""

    AUTO_FOCUS = ".page"
    PLACE = Where.PAGE
    """Whose keys help lists for this page, besides those of every page."""

    @abstractmethod
    def text(self) -> str:
        """Return the page as text, to copy or to read in a pager."""

    def action_copy(self) -> None:
        """Copy the page as text."""
        self.post_message(CopyAsked(self.text(), "this page as text"))

    def action_pager(self) -> None:
        """Read the page in the user's pager."""
        self.post_message(PagerAsked(self.text()))

    def action_keys(self) -> None:
        """Show the keys of this page."""
        from certtui.ui.screens.keys import KeysScreen  # it is a page itself

        self.app.push_screen(KeysScreen(self.PLACE))

    def action_leave(self) -> None:
        """Go back to what is below."""
        self.dismiss(None)
