"""The nextcord client, set up for a bot that keeps nothing it does not need, and what nextcord 3.2 needs mended.

``AutoShardedClient`` with one shard, because the plain client crashes if its first connection fails and never leaves a
dead resume address. No member, no message is cached; commands are registered by ``commands.py`` alone; REST goes where
``DISCORD_API_URL`` says. Keeping it running is ``supervision.py``'s.
"""

import asyncio
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import aiohttp
import nextcord
import structlog
from nextcord.http import Route

from bot.config import Config
from bot.discord.gateway import GatewayState
from bot.discord.pacing import Pacing
from bot.discord.rest import PacedHTTP

log = structlog.get_logger()

_LOGIN_WITHIN_S = 3.0
_IDENTIFY_EVERY_S = 5.0
"""Discord's documentation, "Gateway": one identify per five seconds for a small bot."""
_GUILD_STREAM_S = 0.5
"""How long the stream of guilds after a login may pause before it counts as ended."""


def build_client(
    config: Config, *, pacing: Pacing | None = None, timeout: aiohttp.ClientTimeout | None = None
) -> "Client":
    """Make the client; call it inside the running event loop, before any route is made.

    ``pacing`` and ``timeout`` of its requests are Discord's and ours, unless somebody wants others.
    """
    Route.BASE = config.discord_api_url
    nextcord.VoiceClient.warn_nacl = (
        False  # it would tell operators to install PyNaCl, for voices that we have not
    )
    return Client(config, partial(PacedHTTP, pacing=pacing, timeout=timeout))


class Client(nextcord.AutoShardedClient):
    def __init__(self, config: Config, paced_http: Callable[..., PacedHTTP]) -> None:
        self.connection: GatewayState
        self.http: PacedHTTP
        self._paced_http = paced_http
        self._connected = False
        self._identified_at: float | None = None
        super().__init__(
            shard_count=1,
            application_id=config.discord_client_id,
            intents=nextcord.Intents(guilds=True, members=config.discord_members_intent),
            member_cache_flags=nextcord.MemberCacheFlags.none(),
            max_messages=None,
            chunk_guilds_at_startup=False,
            allowed_mentions=nextcord.AllowedMentions.none(),
            guild_ready_timeout=_GUILD_STREAM_S,
            rollout_delete_unknown=False,
            rollout_register_new=False,
            rollout_update_known=False,
        )

    @property
    def logged_in(self) -> bool:
        """A call made before would go out without a token."""
        return self.user is not None and not self.is_closed()

    @property
    def invalid_requests(self) -> int:
        """How many requests Discord refused within the last ten minutes."""
        return self.http.pacing.invalid.recent

    async def logs_in_soon(self) -> bool:
        """Whether calls can be made; at a start they wait a moment for the login, rather than come back much later."""
        ends = self.loop.time() + _LOGIN_WITHIN_S
        while not self.logged_in and not self.is_closed() and self.loop.time() < ends:  # noqa: ASYNC110 - nextcord tells nobody of a login
            await asyncio.sleep(0.02)
        return self.logged_in

    @property
    def listening(self) -> bool:
        """Whether the gateway is connected and its picture of the guilds complete, now."""
        return self._connected and self.is_ready() and not self.is_closed()

    # --- what nextcord calls -------------------------------------------------------------------------

    def _get_state(self, **options: Any) -> GatewayState:  # type: ignore[override]  # all are passed by name
        self.http = self._paced_http(dispatch=self.dispatch)
        self.connection = GatewayState(
            dispatch=self.dispatch,
            handlers=self._handlers,
            hooks=self._hooks,
            http=self.http,
            loop=self.loop,
            **options,
        )
        return self.connection

    def dispatch(self, event: str, *args: Any, **kwargs: Any) -> None:
        """Keep in mind whether there is a connection: nextcord's own ``is_ready`` never turns false again."""
        if event in {"connect", "resumed"}:
            self._connected = True
        elif event == "disconnect":
            self._connected = False
        super().dispatch(event, *args, **kwargs)

    async def before_identify_hook(self, shard_id: int | None, *, initial: bool = False) -> None:  # noqa: ARG002  (nextcord's signature)
        """Wait only as long as Discord asks; nextcord always waits the whole five seconds."""
        now = self.loop.time()
        if self._identified_at is not None:
            await asyncio.sleep(max(0.0, self._identified_at + _IDENTIFY_EVERY_S - now))
        self._identified_at = self.loop.time()

    async def on_connect(self) -> None:
        """Do nothing: nextcord would look through the commands at every login."""

    async def on_application_command_error(self, *_: Any) -> None:
        """Do nothing: ``cogs/passes.py`` answers the person; nextcord would print."""

    async def on_error(self, event_method: str, *_: Any, **__: Any) -> None:
        log.error("event_failed", event_handler=event_method, exc_info=sys.exception())

    async def clear(self) -> None:
        """Make a closed client fit to start again, keeping its commands and forgetting that it was told to close."""
        commands = self.get_all_application_commands()
        await super().clear()
        for command in commands:
            self.add_application_command(command, use_rollout=True)
        # The order to end, left over from closing, would end the next connection too.
        self._AutoShardedClient__queue: asyncio.PriorityQueue[Any] = asyncio.PriorityQueue()
