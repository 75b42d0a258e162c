"""One sandbox Discord, served on loopback.

`async with Discord.serve() as discord:` gives a Discord of its own to whoever asks, so that tests run beside each other; `python -m bot
sandbox` holds one for people. The parts are attributes: `state`, `limits`, `faults`, `journal`.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any

from aiohttp import web

from bot.sandbox.discord import callbacks, control, description, errors, gateway, oauth, pages
from bot.sandbox.discord.faults import Faults
from bot.sandbox.discord.journal import Journal
from bot.sandbox.discord.limits import Limits
from bot.sandbox.discord.rest import TABLES
from bot.sandbox.discord.state import Registration, State
from bot.sandbox.discord.transport import API, bind, json_response

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

    from bot.sandbox.discord.state import User


class Discord:
    """The sandbox: its state and everything that stands between it and the wire."""

    def __init__(
        self,
        registration: Registration | None = None,
        *,
        limits: Limits | None = None,
        guests: bool = False,
    ) -> None:
        self.journal = Journal()
        self.limits = limits or Limits()
        self.faults = Faults()
        self.state = State(self.journal, registration or Registration())
        self.url = ""
        self.watch = description.watch()
        self.guests = guests
        """Whether those who ask are libraries that are not ours, which send more than is described."""
        self.app = web.Application(
            middlewares=[self.watch.middleware(guests=guests), _lost] if self.watch else [_lost]
        )
        for routes in self._routes():
            self.app.add_routes(routes)

    @property
    def api_url(self) -> str:
        """What the bot's DISCORD_API_URL holds."""
        return self.url + API

    @property
    def gateway_url(self) -> str:
        """Where `GET /gateway` sends a client."""
        return self.url.replace("http://", "ws://", 1) + "/gateway"

    @classmethod
    @contextlib.asynccontextmanager
    async def serve(
        cls,
        *,
        port: int = 0,
        host: str = "127.0.0.1",
        limits: Limits | None = None,
        guests: bool = False,
        **registration: Any,
    ) -> AsyncIterator[Discord]:
        """Run a sandbox; port 0 lets the system choose one; `registration` is the fields of `Registration`."""
        discord = cls(Registration(**registration), limits=limits, guests=guests)
        runner = web.AppRunner(discord.app, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port).start()
            discord.url = f"http://{host}:{runner.addresses[0][1]}"
            yield discord
        finally:
            discord.faults.clear()
            await runner.cleanup()
            if discord.watch:
                discord.watch.leave_ledger()

    def identify(self, bearer_token: str) -> tuple[User, Iterable[str]]:
        """Return whose access token it is and what it allows; raises 401."""
        return oauth.identify(self, bearer_token)

    def _routes(self) -> list[list[web.RouteDef]]:
        rest = [bind(self, table) for table in TABLES]
        return [*rest, *(part.routes(self) for part in (gateway, callbacks, oauth, control, pages))]


@web.middleware
async def _lost(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Answer an unknown route or method below /api as Discord does."""
    try:
        return await handler(request)
    except (web.HTTPNotFound, web.HTTPMethodNotAllowed) as lost:
        if not request.path.startswith("/api"):
            raise
        refusal = errors.not_found() if lost.status == 404 else errors.method_not_allowed()
        return json_response(refusal.body(), status=refusal.status)
