"""One allowance per guild, as Discord counts.

The defect: nextcord 3.2 keeps its limiters by the ``X-RateLimit-Bucket`` hash alone, and Discord's hash leaves out
the top-level resource; so all guilds queue behind one (20 guilds with 30 role adds each: 60 s instead of 12). Discord's
documentation, "Rate Limits": the bucket together with the top-level resource (guild, channel, webhook) is what is
limited. The cure: each limiter is told a hash with its resource in it.
"""

from typing import Any

import aiohttp
from multidict import CIMultiDict
from nextcord.http import HTTPClient, RateLimit, Route

from bot.discord.invalid_requests import InvalidRequests

BUCKET = "X-RateLimit-Bucket"


class ResourceRateLimit(RateLimit):
    """A limiter of one bucket of one top-level resource."""

    def __init__(self, resource: str, **options: Any) -> None:
        super().__init__(**options)
        self._resource = resource

    async def update(self, response: aiohttp.ClientResponse) -> None:
        headers = CIMultiDict(response.headers)
        if BUCKET in headers:
            headers[BUCKET] = f"{headers[BUCKET]}:{self._resource}"
        await super().update(_Headers(headers))  # type: ignore[arg-type]  # it reads nothing but the headers


class ResourcefulHTTP(HTTPClient):
    """nextcord's HTTP client with a limiter per bucket and top-level resource; it counts the requests Discord refuses."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.invalid = InvalidRequests()

    async def _handle_http_response_errors(
        self, response: aiohttp.ClientResponse, *args: Any, **named: Any
    ) -> bool:
        """Count; nextcord comes by here with every answer."""
        self.invalid.count(response.status, response.headers)
        return await super()._handle_http_response_errors(response, *args, **named)

    def _make_url_rate_limit(self, method: str, route: Route, auth: str | None) -> RateLimit:
        resource = f"{route.channel_id}:{route.guild_id}:{route.webhook_id}:{route.webhook_token}"
        limit = ResourceRateLimit(
            resource, time_offset=self._time_offset, use_reset_timestamp=self._ratelimit_use_timestamp
        )
        self._set_url_rate_limit(method, route, auth, limit)
        return limit


class _Headers:
    def __init__(self, headers: CIMultiDict[str]) -> None:
        self.headers = headers
