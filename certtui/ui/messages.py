"""What happened, told upwards: every message of the explorer that is no widget's own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

from certtui.ui.session import Row

if TYPE_CHECKING:
    from certtui.probe.scan import Engine


@dataclass
class EngineStarted(Message):
    """The engine is ready for targets."""

    engine: Engine


@dataclass
class EngineFailed(Message):
    """The engine cannot be started, e.g. because the chosen store cannot be read."""

    why: str


@dataclass
class LookAsked(Message):
    """The user wants hosts to be looked at."""

    rows: Sequence[Row]


@dataclass
class ListChanged(Message):
    """Hosts were added or removed."""


@dataclass
class CopyAsked(Message):
    """The user wants a text on the clipboard."""

    text: str
    what: str


@dataclass
class QuitAsked(Message):
    """The user wants to leave."""
