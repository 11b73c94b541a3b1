"""The panes of the inside of a certificate: its text, its ASN.1 outline, its octets. Only what is seen is made."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events

from certtui.core.outline import UNREADABLE, Node
from certtui.core.text import shortened
from certtui.report.text_entries import Entry
from certtui.ui.drawing.glyphs import Glyphs
from certtui.ui.drawing.lines import Ink, Line, Piece, line, wrapped
from certtui.ui.drawing.octets import octet_row, octets_in_row
from certtui.ui.widgets.line_view import LineList, LineView

_MOST_CHARACTERS = 10_000
"""Of one statement; more are not worth the time that breaking them into lines takes."""
_CONTINUATION = 4


class EntryView(LineView):
    """A certificate's text, wrapped to the width."""

    def __init__(self) -> None:
        super().__init__(id="words", classes="page")
        self._entries: Sequence[Entry] = ()
        self._rows: list[Line | int] = []
        """For each row the entry that is on it, or the line itself where an entry takes several."""
        self._width = 0

    @property
    def line_count(self) -> int:
        """How many rows there are."""
        return len(self._rows)

    def line_at(self, position: int, width: int) -> Line:
        """Return a row."""
        row = self._rows[position]
        return _entry_line(self._entries[row]) if isinstance(row, int) else row

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show a text from its beginning; the one that is shown already stays where it is."""
        if entries is self._entries:
            return
        self._entries = entries
        self._fit()
        self.scroll_to(y=0, animate=False)

    def on_resize(self, _: events.Resize) -> None:
        """Wrap to the new width."""
        if self.scrollable_content_region.width != self._width:
            self._fit()

    def _fit(self) -> None:
        """Make the rows anew; a pane that is hidden has no width, and gets one when it is shown."""
        self._width = self.scrollable_content_region.width
        self._rows = []
        if self._width <= 0:
            return
        for number, entry in enumerate(self._entries):
            text = entry.text
            if len(text) <= self._width and text.isascii() and text.isprintable():
                self._rows.append(number)
            else:
                self._rows += wrapped(_entry_line(entry), self._width, len(entry.indent) + _CONTINUATION)
        self.lines_changed()


def _entry_line(entry: Entry) -> Line:
    if entry.depth == 0 and not entry.label:
        return line(Piece(entry.value, Ink.MUTED))
    label_ink = Ink.MUTED if entry.value else Ink.TITLE if entry.depth == 2 else Ink.STRONG
    return line(
        entry.indent,
        Piece(f"{entry.label}{entry.mark}", label_ink),
        Piece(shortened(entry.value, _MOST_CHARACTERS)),
        Piece(entry.note, Ink.WARNING),
    )


class OutlineList(LineList):
    """The elements of a certificate, those inside of folded ones left out."""

    def __init__(self, glyphs: Glyphs) -> None:
        super().__init__(id="outline", classes="page")
        self._glyphs = glyphs
        self._elements: Sequence[Node] = ()
        self._folded: set[int] = set()
        self._shown: list[int] = []
        """For each line the place of its element in the outline."""

    @property
    def line_count(self) -> int:
        """How many elements are shown."""
        return len(self._shown)

    @property
    def chosen(self) -> int:
        """The place in the outline of the element under the cursor."""
        return self._shown[self.cursor] if self._shown else 0

    def line_at(self, position: int, width: int) -> Line:
        """Return an element: its name, its type, its value."""
        place = self._shown[position]
        node = self._elements[place]
        cursor = self._glyphs.cursor if position == self.cursor else " "
        kind = Ink.ERROR if node.type_name == UNREADABLE else Ink.MUTED
        name = f"{node.field} " if node.field else ""
        return line(
            Piece(f"{cursor}{'  ' * node.depth}", Ink.STRONG),
            Piece(name, Ink.STRONG if node.is_constructed else Ink.PLAIN),
            Piece(f"{node.type_name} ", kind),
            Piece(shortened(node.value, max(1, width)), Ink.CODE),
            Piece(f"folded, {node.length} octets" if place in self._folded else "", Ink.NOTICE),
        )

    def show_nodes(self, nodes: Sequence[Node]) -> None:
        """Show an outline from its beginning; the one that is shown already keeps its cursor."""
        if nodes is self._elements:
            return
        self._elements = nodes
        self._folded.clear()
        self._shown = list(range(len(nodes)))
        self.cursor = 0
        self.lines_changed()
        self.scroll_to(y=0, animate=False)

    def fold(self) -> None:
        """Hide what the element under the cursor holds, or show it again; one that holds nothing folds its parent."""
        place = self.chosen
        if place not in self._folded and not self._holds(place):
            place = max(0, self._elements[place].parent) if self._elements else 0
        if not self._holds(place):
            return
        self._folded ^= {place}
        self._shown = self._unfolded()
        self.lines_changed()
        self.set_cursor(self._shown.index(place))

    def _holds(self, place: int) -> bool:
        """Return whether an element holds others: the next one in the outline is then its child."""
        return place + 1 < len(self._elements) and self._elements[place + 1].parent == place

    def _unfolded(self) -> list[int]:
        hidden: set[int] = set()
        shown: list[int] = []
        for place, node in enumerate(self._elements):
            if node.parent in self._folded or node.parent in hidden:
                hidden.add(place)
            else:
                shown.append(place)
        return shown


class OctetView(LineView):
    """A certificate's octets, those of one element marked."""

    def __init__(self) -> None:
        super().__init__(id="octets", classes="page")
        self._data = b""
        self._marked: Node | None = None

    @property
    def _count(self) -> int:
        return octets_in_row(self.scrollable_content_region.width)

    @property
    def line_count(self) -> int:
        """How many rows there are."""
        return -(-len(self._data) // self._count)

    def line_at(self, position: int, width: int) -> Line:
        """Return a row of octets."""
        return octet_row(self._data, position * self._count, self._count, self._marked)

    def show_octets(self, data: bytes, node: Node | None) -> None:
        """Show octets, those of an element marked and its beginning in view."""
        self._data, self._marked = data, node
        self.lines_changed()
        self._reveal()

    def on_resize(self, event: events.Resize) -> None:
        """Fit the rows to the new width, the marked element in view as before."""
        super().on_resize(event)
        self._reveal()

    def _reveal(self) -> None:
        """Scroll so that the element is seen from its beginning, whole where it fits."""
        if self._marked is None:
            return
        first = self._marked.offset // self._count
        last = max(self._marked.offset, self._marked.end - 1) // self._count
        top, height = self.scroll_offset.y, self.scrollable_content_region.height
        if not (top <= first and min(last, first + height - 1) < top + height):
            self.scroll_to(y=max(0, first - height // 4), animate=False, force=True)
