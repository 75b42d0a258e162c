"""The bot was removed from a server and is back: does its creator still manage that server?

Anybody who manages a server can add the bot to it, also a stranger to whom it was sold. So what the bot did there
before goes on by itself only if an account that the creator has proven manages the server still; otherwise nothing
new is given until it does. What ends is taken away in any case, and nothing is forgotten.
"""

from datetime import datetime, timedelta

from bot.clock import Clock
from bot.database import transaction
from bot.ids import CreatorId, GuildId
from bot.integrations.actors import Actor, Refused
from bot.integrations.deputies import Deputies
from bot.integrations.guilds import Reviews
from bot.integrations.ports import Work
from models import Guild, Integration

AGAIN = timedelta(hours=1)
"""Somebody may be given Manage Server at any time; the impatient press Refresh Roles."""


class Returns:
    def __init__(self, *, clock: Clock, work: Work, health: Reviews, deputies: Deputies) -> None:
        self._clock = clock
        self._work = work
        self._health = health
        self._deputies = deputies

    async def look_due(self) -> None:
        """Look at every integration whose server the bot is back in; safe to run twice at once."""
        for row in await Integration.filter(vouch_at__lte=self._clock()):
            if row.guild_id is not None and await Guild.exists(id=row.guild_id, bot_present=True):
                await self._look(row, GuildId(row.guild_id))

    async def _look(self, row: Integration, guild_id: GuildId) -> None:
        found = await self._deputies.of(CreatorId(row.creator_id), guild_id)
        if isinstance(found, Actor):
            await self._settle(row, guild_id, None)
        else:
            wait = AGAIN if isinstance(found, Refused) else getattr(found, "after", AGAIN)
            await self._settle(row, guild_id, self._clock() + wait)

    async def _settle(self, row: Integration, guild_id: GuildId, vouch_at: datetime | None) -> None:
        async with transaction():
            # Compare-and-set: gone again meanwhile, it has to be looked at again.
            settled = await Integration.filter(id=row.id, vouch_at=row.vouch_at).update(vouch_at=vouch_at)
            if settled:
                await self._health.review(guild_id)
            if settled and vouch_at is None:
                await self._work.fan_out("guild", str(guild_id))
