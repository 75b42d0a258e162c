"""Waiting for what is observed, instead of sleeping for as long as it might take."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

PATIENCE_S = 20.0


async def until(
    look: Callable[[], Any],
    what: str = "what was looked for",
    *,
    otherwise: Callable[[], Awaitable[object]] | None = None,
    within_s: float = PATIENCE_S,
    every_s: float = 0.02,
) -> Any:
    """What ``look`` answers, awaited where it can be, once it is true.

    Fails the test with ``what`` and what was seen instead (``otherwise``: a closer look).
    """
    ends = asyncio.get_running_loop().time() + within_s
    while True:
        seen = look()
        if isinstance(seen, Awaitable):
            seen = await seen
        if seen:
            return seen
        if asyncio.get_running_loop().time() > ends:
            pytest.fail(f"not seen in time: {what}; instead: {await otherwise() if otherwise else seen!r}")
        await asyncio.sleep(every_s)
