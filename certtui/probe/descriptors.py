"""How many connections the system lets this process have open. It opens none."""

from __future__ import annotations

import sys
from typing import Final

_KEPT_FREE: Final = 48
"""For the terminal, the loop, files, the resolver and whatever else the process needs."""
_LEAST: Final = 4


def most_connections(wanted: int) -> int:
    """Return `wanted`, or as many as the system allows: its soft limit is raised as far as it may be (getrlimit(2))."""
    if sys.platform == "win32":
        return wanted
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _KEPT_FREE
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return wanted
    raised = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (raised, hard))
    except (OSError, ValueError):
        raised = soft
    return max(_LEAST, min(wanted, raised - _KEPT_FREE))
