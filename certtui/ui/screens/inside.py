"""A certificate inside out: all that it says in words, or its ASN.1 outline beside its octets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import ClassVar

from rich.cells import cell_len
from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.content import Content

from certtui.core.certificate import Certificate
from certtui.core.outline import Node, outline, path_of
from certtui.core.text import shortened
from certtui.report.text_entries import Entry
from certtui.report.x509_text import certificate_entries, certificate_text
from certtui.ui.bindings import Where
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Piece, line, plain
from certtui.ui.keys import bindings
from certtui.ui.messages import CopyAsked
from certtui.ui.screens.overlay import Page
from certtui.ui.widgets.certificate_views import EntryView, OctetView, OutlineList
from certtui.ui.widgets.footer import KeyLine
from certtui.ui.widgets.line_view import LineList, LineView

_MOST_CHARACTERS = 200
"""Of a name in a title."""


class _Inside:
    """A certificate taken apart, each way when it is first asked for."""

    def __init__(self, certificate: Certificate) -> None:
        self.certificate = certificate

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """What it says."""
        return tuple(certificate_entries(self.certificate))

    @cached_property
    def nodes(self) -> tuple[Node, ...]:
        """What it is made of."""
        return outline(self.certificate.der)


class InsideScreen(Page[None]):
    """The certificates of a chain, one at a time."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings(Where.INSIDE, Where.PAGE)]
    PLACE = Where.INSIDE
    AUTO_FOCUS = "#words"
    HORIZONTAL_BREAKPOINTS = [(0, "-above"), (100, "-beside"), (140, "-roomy")]

    def __init__(self, certificates: Sequence[Certificate], index: int, glyphs: Glyphs) -> None:
        """Prepare to show the certificate at `index`, in words at first."""
        super().__init__()
        self._certificates = tuple(certificates)
        self._glyphs = glyphs
        self._index = index
        self._inside = _Inside(self._certificates[index])
        self._is_raw = False

    def compose(self) -> ComposeResult:
        """Show a line that says where one is, both views, and the keys."""
        place = LineView(id="place")
        place.can_focus = False
        yield place
        yield EntryView()
        with Container(id="raw"):
            yield OutlineList(self._glyphs)
            yield OctetView()
        yield KeyLine()

    def on_mount(self) -> None:
        """Show the certificate that was asked for."""
        self.call_after_refresh(self._show_certificate)

    def on_resize(self, _: events.Resize) -> None:
        """Say where one is, at the new width."""
        self.call_after_refresh(self.show)

    def show(self) -> None:
        """Say where one is; the panes fit themselves to a new size."""
        if not self.query("#place"):
            return  # the page is being closed
        certificate = self._inside.certificate
        number = f"certificate {self._index + 1} of {len(self._certificates)}"
        title = f"{number}: {shortened(certificate.display_name, _MOST_CHARACTERS)}"
        where = self._path() if self._is_raw else title
        ink = Ink.STRONG if self._is_raw else Ink.TITLE
        self.query_one("#place", LineView).set_lines([line(Piece(f" {where}", ink))])
        self.query_one(EntryView).border_title = Content("In words")
        self.query_one(OutlineList).border_title = Content(Piece(title).text)
        if self._is_raw:
            self.query_one(OctetView).border_title = Content(self._octets_title())

    def _path(self) -> str:
        """Return the names on the way to the element under the cursor, the last ones where there is no room for all."""
        nodes = self._inside.nodes
        steps = list(path_of(nodes, self.query_one(OutlineList).chosen)) if nodes else []
        shown = " / ".join(steps)
        while cell_len(shown) > self.size.width - 2 and len(steps) > 1:
            del steps[0]
            shown = " / ".join(["…", *steps])
        return shown

    def _octets_title(self) -> str:
        node = self._chosen
        if node is None:
            return "no octets"
        header = f"header {node.header_length}, " if node.header_length else ""
        return f"{header}content {node.length} octets at {node.content}"

    @property
    def _chosen(self) -> Node | None:
        nodes = self._inside.nodes
        return nodes[self.query_one(OutlineList).chosen] if nodes else None

    def _show_certificate(self) -> None:
        """Show the certificate in the view that is open; the other one is made when it is asked for."""
        self.query_one(EntryView).display = not self._is_raw
        self.query_one("#raw").display = self._is_raw
        if self._is_raw:
            self.query_one(OutlineList).show_nodes(self._inside.nodes)
            self.query_one(OctetView).show_octets(self._inside.certificate.der, self._chosen)
        else:
            self.query_one(EntryView).show_entries(self._inside.entries)
        self.show()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Show folding as impossible in the words."""
        return None if action == "fold" and not self._is_raw else super().check_action(action, parameters)

    @on(LineList.CursorMoved)
    def follow(self) -> None:
        """Mark the octets of the element under the cursor."""
        self.query_one(OctetView).show_octets(self._inside.certificate.der, self._chosen)
        self.show()

    def action_view(self) -> None:
        """Go from the words to the octets, or back."""
        self._is_raw = not self._is_raw
        self._show_certificate()
        self.query_one(OutlineList if self._is_raw else EntryView).focus()
        self.refresh_bindings()

    @on(LineList.Chosen)
    def action_fold(self) -> None:
        """Hide what the element under the cursor holds, or show it again."""
        if self._is_raw:
            self.query_one(OutlineList).fold()
            self.follow()

    def action_next_certificate(self) -> None:
        """Show the next certificate of the chain."""
        self._go_to(self._index + 1)

    def action_previous_certificate(self) -> None:
        """Show the certificate before."""
        self._go_to(self._index - 1)

    def _go_to(self, index: int) -> None:
        if 0 <= index < len(self._certificates):
            self._index = index
            self._inside = _Inside(self._certificates[index])
            self._show_certificate()

    def text(self) -> str:
        """Return what the view that is open shows, as text."""
        if not self._is_raw:
            return certificate_text(self._inside.certificate)
        view = self.query_one(OutlineList)
        rows = (plain(view.line_at(at, self.size.width))[1:].rstrip() for at in range(view.line_count))
        return "\n".join(rows) + "\n"

    def action_copy(self) -> None:
        """Copy the text, or the octets of the element under the cursor."""
        node = self._chosen if self._is_raw else None
        if node is None:
            self.post_message(CopyAsked(self.text(), "the certificate as text"))
            return
        octets = self._inside.certificate.der[node.offset : node.end]
        self.post_message(CopyAsked(octets.hex(), f"{len(octets)} octets in hexadecimal"))
