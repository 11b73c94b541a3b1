"""Long work on the screen's own loop, in slices so short that no key waits for it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from typing import TypeVar

Step = TypeVar("Step")

SLICE_SECONDS = 0.005
"""A slice ends with the first step that is done after this time."""


async def in_slices(steps: Iterable[Step], seconds: float = SLICE_SECONDS) -> AsyncIterator[list[Step]]:
    """Yield the results of steps in batches, and let the loop do everything else that waits between any two."""
    batch: list[Step] = []
    until = time.monotonic() + seconds
    for step in steps:
        batch.append(step)
        if time.monotonic() >= until:
            yield batch
            await asyncio.sleep(0)
            batch, until = [], time.monotonic() + seconds
    if batch:
        yield batch
