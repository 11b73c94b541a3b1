"""certtui: every fault of a TLS certificate chain at once, with its evidence.

The names below come from `certtui.api` when they are first used: a program that only asks for the version, or
that paints a screen first, does not wait for what they need.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from certtui.api import (
        Category,
        Code,
        Fact,
        Finding,
        Path,
        Report,
        Severity,
        Unchecked,
        Verdict,
        diagnose,
        inspect,
    )

__version__ = "0.1.0"

__all__ = [
    "Category",
    "Code",
    "Fact",
    "Finding",
    "Path",
    "Report",
    "Severity",
    "Unchecked",
    "Verdict",
    "__version__",
    "diagnose",
    "inspect",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from certtui import api

    return getattr(api, name)
