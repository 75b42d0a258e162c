"""One REST call to Discord as the bot: a time-out of its own, and every expected failure a value.

nextcord waits for rate limits and repeats 500, 502, 504 and 429 a few times by itself; everything else ends here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from nextcord.http import Route

from bot.discord.client import Client
from bot.discord.codes import CONNECTION_ERRORS, Failure, failure_of
from bot.discord.outcomes import RetryAfter

_TIMEOUT = aiohttp.ClientTimeout(total=20, connect=5)
_NOT_CONNECTED = RetryAfter(after=timedelta(seconds=2), why="not_connected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Discord said yes."""

    body: Any
    """The JSON that came with it; None for a 204."""


class Calls:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def call(
        self, method: str, path: str, *, reason: str | None = None, json: Any = None, **ids: int
    ) -> Answered | Failure:
        """Call ``path``, a template whose parameters are ``ids``: named, or the limit of that guild is not kept.

        ``reason`` is what the server's audit log shows.
        """
        if not self._client.logged_in:
            return _NOT_CONNECTED
        options: dict[str, Any] = {} if json is None else {"json": json}
        route = Route(method, path, **ids)
        try:
            body = await self._client.http.request(route, reason=reason, timeout=_TIMEOUT, **options)
        except CONNECTION_ERRORS as error:
            return failure_of(error)
        return Answered(body=body or None)
