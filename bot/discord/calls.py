"""One REST call to Discord as the bot, with every expected failure a value.

Turns, time-outs and repeats are ``rest.py``'s; what still failed after these ends here.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from nextcord.http import Route

from bot.discord.client import Client
from bot.discord.codes import CONNECTION_ERRORS, Failure, failure_of
from bot.discord.outcomes import RetryAfter
from models.access import Urgency

_NOT_CONNECTED = RetryAfter(after=timedelta(seconds=2), why="not_connected")


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """Discord said yes."""

    body: Any
    """The JSON that came with it; None for a 204."""


class Calls:
    def __init__(self, client: Client) -> None:
        self._client = client

    async def call(  # noqa: PLR0913 - what a request is made of
        self,
        method: str,
        path: str,
        *,
        reason: str | None = None,
        json: Any = None,
        urgency: Urgency = Urgency.EVENT,
        repeatable: bool | None = None,
        **ids: int,
    ) -> Answered | Failure:
        """Call ``path``, a template whose parameters are ``ids``: named, or the limit of that guild is not kept.

        ``reason`` is what the server's audit log shows; the more urgent calls go first; ``repeatable`` (by default: not a POST
        or PATCH) ones are made again after a failure that leaves open what happened.
        """
        if not await self._client.logs_in_soon():
            return _NOT_CONNECTED
        options: dict[str, Any] = {} if json is None else {"json": json}
        route = Route(method, path, **ids)
        try:
            body = await self._client.http.request(
                route, reason=reason, urgency=urgency, repeatable=repeatable, **options
            )
        except CONNECTION_ERRORS as error:
            return failure_of(error)
        return Answered(body=body or None)
