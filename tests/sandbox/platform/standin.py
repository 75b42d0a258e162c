"""Who stands around the platform: a bot that takes webhooks and answers as it is told, and a first shop."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import web


@dataclass(frozen=True, slots=True)
class Received:
    headers: dict[str, str]
    body: bytes

    @property
    def envelope(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.body)
        return found

    @property
    def told(self) -> tuple[str, Any]:
        """The type and the version of its snapshot."""
        return self.envelope["type"], self.envelope["data"]["version"]


@dataclass(slots=True)
class StandIn:
    url: str = ""
    answers: list[int] = field(default_factory=list)  # statuses for the next requests; then 202
    received: list[Received] = field(default_factory=list)
    launched: list[str] = field(default_factory=list)  # tokens
    released: asyncio.Event | None = None  # if set, answers wait for it

    @property
    def types(self) -> list[str]:
        return [each.envelope["type"] for each in self.received]

    async def take(self, request: web.Request) -> web.Response:
        headers = {name.lower(): value for name, value in request.headers.items()}
        self.received.append(Received(headers, await request.read()))
        if self.released:
            await self.released.wait()
        status = self.answers.pop(0) if self.answers else 202
        return web.json_response({"answered": status}, status=status)

    async def launch(self, request: web.Request) -> web.Response:
        self.launched.append(request.query["token"])
        return web.Response(text="<title>Arrived</title><p>Welcome", content_type="text/html")

    @classmethod
    @asynccontextmanager
    async def serve(cls) -> AsyncIterator[Self]:
        bot = cls()
        app = web.Application()
        app.add_routes([web.post("/webhooks/memberships", bot.take), web.get("/launch", bot.launch)])
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        bot.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        try:
            yield bot
        finally:
            await runner.cleanup()


@dataclass(frozen=True, slots=True)
class Shop:
    """A creator with one tier, and a fan who has not bought yet."""

    creator: str
    gold: str
    fan: str
