"""Looks at Discord the way an operator does, once and without a client: for ``python -m bot doctor``.

A few plain reads with the bot's token, in a session of their own, so that it works beside a running bot and without
one. Nothing here changes anything.
"""

import asyncio
import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Any, Self

import aiohttp

from bot.clock import Clock
from bot.config import Config
from bot.discord.guild_reader import GuildSnapshot, snapshot_of_json
from bot.discord.user_agent import user_agent
from bot.ids import AccountId, GuildId

_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_LONGEST_WAIT_S = 15.0
_ATTEMPTS = 3
_MEMBERS_INTENT = 1 << 14 | 1 << 15
"""GATEWAY_GUILD_MEMBERS and its limited form: Discord's documentation, "Application Flags"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoAnswer:
    """``status`` 0: Discord was not reached at all."""

    status: int
    code: int | None = None
    """Discord's own error code."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    id: int
    name: str
    bot_id: AccountId
    is_public: bool
    """Whether others than its owner may add the bot to servers."""
    requires_code_grant: bool
    members_intent: bool
    redirect_uris: frozenset[str]
    interactions_url: str | None
    """Where Discord sends commands and presses instead of the gateway."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    shards: int
    logins_left: int
    clock_ahead: timedelta | None
    """How far our clock is ahead of Discord's, to about a second; None: Discord did not say the time."""


class Inspection:
    """Use with ``async with``: it holds an HTTP session."""

    def __init__(self, config: Config, clock: Clock) -> None:
        self._config = config
        self._clock = clock

    async def __aenter__(self) -> Self:
        headers = {
            "Authorization": f"Bot {self._config.discord_token}",
            "User-Agent": user_agent(self._config.public_url),
        }
        self._session = aiohttp.ClientSession(timeout=_TIMEOUT, headers=headers)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._session.close()

    async def application(self) -> Application | NoAnswer:
        found = await self._get("/applications/@me")
        if isinstance(found, NoAnswer):
            return found
        about = found.body
        return Application(
            id=int(about["id"]),
            name=about["name"],
            bot_id=AccountId(int(about.get("bot", about)["id"])),
            is_public=about.get("bot_public", True),
            requires_code_grant=about.get("bot_require_code_grant", False),
            members_intent=bool(about["flags"] & _MEMBERS_INTENT),
            redirect_uris=frozenset(about.get("redirect_uris", ())),
            interactions_url=about.get("interactions_endpoint_url") or None,
        )

    async def gateway(self) -> Gateway | NoAnswer:
        found = await self._get("/gateway/bot")
        if isinstance(found, NoAnswer):
            return found
        return Gateway(
            shards=found.body["shards"],
            logins_left=found.body["session_start_limit"]["remaining"],
            clock_ahead=found.clock_ahead,
        )

    async def guild(self, guild_id: GuildId, bot_id: AccountId) -> GuildSnapshot | NoAnswer:
        guild = await self._get(f"/guilds/{guild_id}")
        if isinstance(guild, NoAnswer):
            return guild
        member = await self._get(f"/guilds/{guild_id}/members/{bot_id}")
        if isinstance(member, NoAnswer):
            return member
        return snapshot_of_json(guild.body, member.body, bot_id)

    async def _get(self, path: str) -> "_Found | NoAnswer":
        for _ in range(_ATTEMPTS):
            answer = await self._once(path)
            if not isinstance(answer, float):
                return answer
            await asyncio.sleep(min(answer, _LONGEST_WAIT_S))
        return NoAnswer(status=429)

    async def _once(self, path: str) -> "_Found | NoAnswer | float":
        """The answer; a number of seconds: Discord wants to be asked again after these."""
        asked_at = self._clock()
        try:
            async with self._session.get(self._config.discord_api_url + path) as response:
                if response.status == 429:
                    return _seconds(response.headers.get("Retry-After", ""))
                body = await response.json(content_type=None)
                if response.status != 200:
                    return NoAnswer(status=response.status, code=_code(body))
                middle = asked_at + (self._clock() - asked_at) / 2
                return _Found(body=body, clock_ahead=_ahead(middle, response.headers.get("Date")))
        except (aiohttp.ClientError, OSError, ValueError):
            return NoAnswer(status=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    body: Any
    clock_ahead: timedelta | None


def _ahead(now: datetime, date: str | None) -> timedelta | None:
    try:
        theirs = parsedate_to_datetime(date or "")
    except ValueError:
        return None
    # The header is cut to whole seconds: half of one is missing, on average.
    return now - theirs - timedelta(seconds=0.5)


def _code(body: Any) -> int | None:
    return body.get("code") if isinstance(body, dict) else None


def _seconds(header: str) -> float:
    try:
        seconds = float(header)
    except ValueError:
        return 1.0
    return seconds if math.isfinite(seconds) else _LONGEST_WAIT_S
