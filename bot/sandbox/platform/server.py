"""The platform on loopback: its parts put together, served, and stopped in order."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from typing import Any, Self

from aiohttp import ClientSession, web

from .control import Control
from .pages import Pages
from .parts import Parts
from .settings import API_TOKEN, LAUNCH_SECRET, WEBHOOK_SECRET, Settings
from .state import RefusedError, UnknownError
from .wire_pages import WirePages

LARGEST_REQUEST = 16 * 2**20  # control carries whole webhook bodies, too large ones as well


def _real_time() -> datetime:
    return datetime.now(UTC)


class Platform:
    """The parts, and the address they are served at; `driver.PlatformDriver(platform.url)` plays it."""

    def __init__(self, settings: Settings, session: ClientSession, now: Callable[[], datetime]) -> None:
        self.settings = settings
        self.url = ""
        self.parts = Parts.build(settings, session, now)
        self.pages = Pages(self.parts)
        self.wire = WirePages(self.parts, self.pages)
        self.control = Control(self.parts)

    @property
    def login_url(self) -> str:
        return f"{self.url}/login"

    @property
    def api_url(self) -> str:
        return f"{self.url}/api"

    @property
    def events_url(self) -> str:
        return f"{self.url}/events"

    @classmethod
    @asynccontextmanager
    async def serve(  # noqa: PLR0913 - one argument for each thing both sides must agree on
        cls,
        port: int = 0,
        *,
        bot_url: str | None = None,
        webhook_url: str | None = None,
        webhook_secrets: Iterable[str] = (WEBHOOK_SECRET,),
        launch_secret: str = LAUNCH_SECRET,
        launch_private_key: str | None = None,
        api_token: str = API_TOKEN,
        now: Callable[[], datetime] = _real_time,
    ) -> AsyncIterator[Self]:
        """Serve until the block ends; the address is `.url`, the rest can be changed later through control."""
        settings = Settings(
            bot_url=bot_url,
            webhook_url=webhook_url,
            webhook_secrets=tuple(webhook_secrets),
            launch_secret=launch_secret,
            launch_private_key=launch_private_key,
            api_token=api_token,
        )
        async with ClientSession() as session:
            platform = cls(settings, session, now)
            runner = web.AppRunner(platform.app(), access_log=None, shutdown_timeout=1)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", port)
            await site.start()
            platform.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
            sending = asyncio.create_task(platform.parts.webhooks.run())
            try:
                yield platform
            finally:
                sending.cancel()
                with suppress(asyncio.CancelledError):  # what it died of, if it did, is raised here
                    await sending
                platform.parts.truth.set_mood("normal")
                platform.parts.holds.release_all()
                await runner.cleanup()

    def app(self) -> web.Application:
        app = web.Application(middlewares=[_explain, self._held], client_max_size=LARGEST_REQUEST)
        for part in (self.pages, self.wire, self.parts.truth, self.parts.events, self.control):
            app.add_routes(part.routes())
        return app

    @web.middleware
    async def _held(
        self, request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> web.StreamResponse:
        return await self.parts.holds.around(request, handler)


@web.middleware
async def _explain(
    request: web.Request, handler: Callable[[web.Request], Awaitable[Any]]
) -> web.StreamResponse:
    """What cannot be done is answered with its reason, so that a failing test says why."""
    try:
        answer: web.StreamResponse = await handler(request)
    except UnknownError as error:
        return web.json_response({"error": str(error)}, status=404)
    except (RefusedError, json.JSONDecodeError) as error:
        return web.json_response({"error": str(error)}, status=409)
    return answer
