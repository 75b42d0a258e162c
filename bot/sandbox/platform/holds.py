"""Holds a request still before or after its effect, so that whoever sent it can be killed at that very moment.

A request held before its effect whose sender is gone when it is let go was never taken: it was still on its way.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import web

from .state import RefusedError, UnknownError

MOMENTS = ("before", "after")

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(slots=True, kw_only=True)
class Hold:
    path_prefix: str
    moment: str
    nth: int
    seen: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    released: asyncio.Event = field(default_factory=asyncio.Event)

    def catches(self, path: str) -> bool:
        """Count a request of this kind; tell whether it is the one."""
        if not path.startswith(self.path_prefix):
            return False
        self.seen += 1
        return self.seen == self.nth

    async def stand(self) -> None:
        self.arrived.set()
        await self.released.wait()


class Holds:
    def __init__(self) -> None:
        self._set: dict[int, Hold] = {}

    def hold_request(self, path_prefix: str, moment: str = "before", nth: int = 1) -> int:
        """Hold the `nth` request from now on whose path, with its query, begins so; returns the hold's number."""
        if moment not in MOMENTS:
            raise RefusedError(f"no such moment: {moment!r}; one of {', '.join(MOMENTS)}")
        number = len(self._set) + 1
        self._set[number] = Hold(path_prefix=path_prefix, moment=moment, nth=nth)
        return number

    async def held(self, hold: int, timeout_s: float = 10) -> bool:
        """Wait until the request stands still; False: it did not come in time."""
        found = self._find(hold)
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s):
                await found.arrived.wait()
        return found.arrived.is_set()

    def release(self, hold: int) -> None:
        """Let the request go on; if it has not come yet, it will not be held."""
        self._find(hold).released.set()

    def release_all(self) -> None:
        for each in self._set.values():
            each.released.set()

    async def around(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Carry a request through, still where it is to be still."""
        caught = [each for each in self._set.values() if each.catches(request.path_qs)]
        if caught:
            await request.read()
        for each in caught:
            if each.moment == "before":
                await each.stand()
                if request.transport is None or request.transport.is_closing():
                    return web.Response(status=499)
        answer = await handler(request)
        for each in caught:
            if each.moment == "after":
                await each.stand()
        return answer

    def _find(self, hold: int) -> Hold:
        if hold not in self._set:
            raise UnknownError(f"there is no hold {hold}")
        return self._set[hold]
