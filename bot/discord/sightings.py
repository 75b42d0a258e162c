"""Reads of members, gathered: up to 100 in one gateway request (op 8), which costs no REST call and needs no intent.

Who asks first within a guild waits a moment for others, asks for all, and shares the answer; there is no task behind
it that could be lost. Rate: Discord takes 120 gateway messages in 60 s; nextcord stops us at 110, and before that
stop is reached callers are sent to REST instead of waiting in its queue.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from bot.discord.client import Client
from bot.discord.codes import CONNECTION_ERRORS
from bot.discord.gateway import Json, observed
from bot.discord.observed import ABSENT, Observed
from bot.discord.outcomes import RetryAfter
from bot.ids import AccountId, GuildId, Member

MOST = 100
"""Members in one request: Discord's documentation, "Request Guild Members"."""

_WINDOW_S = 0.02
_ANSWER_WITHIN_S = 10.0
_UNANSWERED = RetryAfter(after=timedelta(seconds=5), why="gateway_unanswered")

type Batch = dict[AccountId, asyncio.Future[Observed | RetryAfter]]


class Sightings:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._gathering: dict[GuildId, Batch] = {}

    def ready_for(self, guild_id: GuildId) -> bool:
        """Whether the gateway can be asked about this guild now."""
        client = self._client
        guild = client.get_guild(guild_id) if client.listening else None
        return guild is not None and not guild.unavailable and not client.is_ws_ratelimited()

    async def observe(self, member: Member) -> Observed | RetryAfter:
        """See one member; who is left out of the answer is absent."""
        batch = self._gathering.get(member.guild_id)
        if batch is None or len(batch) >= MOST:
            return await self._gather(member)
        return await self._join(batch, member.account_id)

    async def _join(self, batch: Batch, account_id: AccountId) -> Observed | RetryAfter:
        if account_id not in batch:
            batch[account_id] = asyncio.get_running_loop().create_future()
        return await asyncio.shield(batch[account_id])

    async def _gather(self, member: Member) -> Observed | RetryAfter:
        batch: Batch = {member.account_id: asyncio.get_running_loop().create_future()}
        self._gathering[member.guild_id] = batch
        try:
            await asyncio.sleep(_WINDOW_S)
            self._stop_gathering(member.guild_id, batch)
            await self._ask(member.guild_id, batch)
        finally:
            self._stop_gathering(member.guild_id, batch)
            _settle(batch)
        return batch[member.account_id].result()

    def _stop_gathering(self, guild_id: GuildId, batch: Batch) -> None:
        if self._gathering.get(guild_id) is batch:
            del self._gathering[guild_id]

    async def _ask(self, guild_id: GuildId, batch: Batch) -> None:
        try:
            async with asyncio.timeout(_ANSWER_WITHIN_S):
                found = await self._client.connection.request_members(guild_id, list(batch))
        except CONNECTION_ERRORS:
            return
        seen = _by_account(found)
        for account_id, future in batch.items():
            future.set_result(seen.get(account_id, ABSENT))


def _settle(batch: Batch) -> None:
    """Leave nobody waiting, whatever happened to the one who asked."""
    for future in batch.values():
        if not future.done():
            future.set_result(_UNANSWERED)


def _by_account(found: Sequence[Json]) -> dict[AccountId, Observed]:
    return {AccountId(int(each["user"]["id"])): observed(each) for each in found}
