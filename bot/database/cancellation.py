"""Carry something to its end although the task that asked for it is cancelled meanwhile.

A BEGIN, COMMIT or ROLLBACK that is sent cannot be taken back: a task that stops waiting for it leaves a connection
in a state that nobody knows (PITFALLS: "blocks SQLite, or loses a pool connection, for good").
"""

import asyncio
from collections.abc import Coroutine
from typing import Any


async def uninterrupted[T](work: Coroutine[Any, Any, T]) -> T:
    """Await ``work`` to its end; a cancellation that came meanwhile is raised only then, in place of its result."""
    task = asyncio.ensure_future(work)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # looked at, so that asyncio does not report it as never retrieved
        raise cancelled
    return task.result()
