"""What happened, told upwards: every message of the explorer that is no widget's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from certtui.ui.session import Row

if TYPE_CHECKING:
    from certtui.ui.services import Backend


@dataclass
class BackendStarted(Message):
    """The engine is ready for targets, and all that comes with it."""

    backend: Backend


@dataclass
class BackendFailed(Message):
    """The engine cannot be started, e.g. because the chosen store cannot be read."""

    why: str


@dataclass
class Trouble(Message):
    """Something in the background went wrong that the user should know of."""

    text: str


@dataclass
class LookAsked(Message):
    """The user wants hosts to be looked at."""

    rows: Sequence[Row]


class CancelAsked(Message):
    """The user wants no further results of what is under way."""


class OrderChanged(Message):
    """The hosts are sorted in another way, which is to be remembered."""


class ListChanged(Message):
    """Hosts were added or removed."""


@dataclass
class CopyAsked(Message):
    """The user wants a text on the clipboard."""

    text: str
    what: str


class WatchAsked(Message):
    """The user wants hosts to be watched, or no longer."""


@dataclass
class Exported(Message):
    """What was to be saved has been, or why not."""

    text: str
    is_problem: bool


@dataclass
class ServerChosen(Message):
    """The user has said what server they run."""

    server: str | None


@dataclass
class PagerAsked(Message):
    """The user wants to read a text in the pager."""

    text: str


class QuitAsked(Message):
    """The user wants to leave."""
