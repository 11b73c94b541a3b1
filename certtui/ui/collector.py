"""Keeps Python's garbage collector from pausing the screen while results pour in.

A full collection looks at every object there is: with 10,000 hosts listed that takes some 70 ms, several times a
second. Reports hold no cycles, so such a collection finds next to nothing in them.
"""

from __future__ import annotations

import gc

_NEVER = 1_000_000_000


def postpone_full_collections() -> None:
    """Collect young objects only until `resume_collections` is called."""
    # Middle-aged objects often, since they are many: ten times as many at once would hold a key up by 10 ms.
    gc.set_threshold(2_000, 5, _NEVER)


def resume_collections() -> None:
    """Collect as before, but never look again at what is alive now."""
    gc.freeze()
    gc.set_threshold(5_000, 10, 10)
