"""What is done to the list of hosts: marks, adding, removing, looking again. It shows through what it is built upon."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import events

from certtui.ui.drawing.render import target_name
from certtui.ui.keys import shown_key
from certtui.ui.messages import CancelAsked, ListChanged, LookAsked
from certtui.ui.screens.hosts import HostsScreen
from certtui.ui.session import Row
from certtui.ui.widgets.text_line import as_one_line

if TYPE_CHECKING:
    from certtui.core.target import TargetList


class ListScreen(HostsScreen):
    """The panes, with a list of hosts that can be changed."""

    def action_mark(self) -> None:
        """Mark the selected host, or take its mark away, and go to the next."""
        row = self.session.selected
        if row is None:
            return
        self.session.has_chosen = True
        self.session.toggle_mark(row)
        at = self.session.position_of(row)
        below = self.session.row_at(at + 1) if at is not None else None
        if below is not None:
            self.session.selected = below
        self.show_session()

    def action_mark_all(self) -> None:
        """Mark all hosts that are shown; if they are marked already, take their marks away."""
        shown = [
            row for at in range(self.session.shown_count) if (row := self.session.row_at(at)) is not None
        ]
        unmarked = [row for row in shown if row not in self.session.marked]
        for row in unmarked or shown:
            self.session.toggle_mark(row)
        self.show_session()

    def action_unmark(self) -> None:
        """Take all marks away."""
        self.session.marked.clear()
        self.show_session()

    def meant_rows(self) -> tuple[Row, ...]:
        """Return the marked hosts, else the selected one."""
        selected = self.session.selected
        return self.session.marked_rows or ((selected,) if selected is not None else ())

    def action_add(self, typed: str = "") -> None:
        """Ask for hosts."""
        from certtui.ui.screens import dialogs  # none is needed to start

        dialogs.ask_for_hosts(self.app, typed, self._add)

    def on_paste(self, event: events.Paste) -> None:
        """What is pasted over the panes is most likely a host to add."""
        if event.text.strip():
            self.action_add(as_one_line(event.text))

    def _add(self, listed: TargetList | None) -> None:
        if listed is None:
            return
        added = self.session.add(listed.targets, listed.labels)
        self.post_message(ListChanged())
        self.look_at(added)
        self.select(self.session.row_of(listed.targets[0]))

    def action_refresh(self) -> None:
        """Look again at the marked hosts, else at the selected one."""
        self.look_at(self.meant_rows())

    def action_refresh_all(self) -> None:
        """Look at all hosts again."""
        self.look_at(self.session.rows)

    def action_cancel(self) -> None:
        """Stop looking; what has come in stays."""
        self.post_message(CancelAsked())

    def look_at(self, rows: Iterable[Row]) -> None:
        """Ask for hosts to be looked at."""
        self.post_message(LookAsked(list(rows)))
        self.show_session()

    def action_remove(self) -> None:
        """Take the marked hosts, else the selected one, off the list."""
        rows = self.meant_rows()
        if rows:
            self.session.has_chosen = True
            self.session.remove(*rows)
            self.post_message(ListChanged())
            self.show_session()
            what = target_name(rows[0]) if len(rows) == 1 else f"{len(rows)} marked hosts"
            key = shown_key("undo", self.app._keymap)
            self.notify(f"Removed {what}. Press {key} to bring {'it' if len(rows) == 1 else 'them'} back.")

    def action_undo(self) -> None:
        """Bring back what was removed last."""
        rows = self.session.undo()
        if rows:
            self._filter_by(self.session.filter_text)
            self.post_message(ListChanged())
            self.look_at([row for row in rows if row.report is None])
            what = target_name(rows[0]) if len(rows) == 1 else f"{len(rows)} hosts"
            self.notify(f"Brought {what} back.")
