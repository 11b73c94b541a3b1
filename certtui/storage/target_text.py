"""Targets as text on disk: what `parse_target` reads as the same target wherever certtui is started."""

from __future__ import annotations

import os
from urllib.parse import quote

from certtui.core.target import FileTarget, HostTarget, Target, parse_target


def target_text(target: Target) -> str | None:
    """Return what `parse_target` reads as this target in any folder; None if there is no such text."""
    if isinstance(target, HostTarget):
        return target.label
    absolute = FileTarget(path=_absolute(target.path))
    text = "file://" + quote(absolute.path, errors="replace")
    return text if parse_target(text) == absolute else None


def target_key(target: Target) -> str:
    """Return what tells a target from all others, in ASCII where its host is; files by their whole path."""
    if isinstance(target, HostTarget):
        return target.label
    return "file://" + quote(os.fsencode(_absolute(target.path)))


def _absolute(path: str) -> str:
    return os.path.abspath(os.path.expanduser(path))
